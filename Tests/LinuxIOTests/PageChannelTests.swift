import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite("The page's channel")
struct PageChannelTests {
  /// A server, and the page's end of a channel to it.
  private func open(_ name: String) throws -> (server: ControlSocket, page: Int32) {
    let path = ByteString("/tmp/branchline-test-\(getpid())-\(name)")
    let server = try ControlSocket(path: path)
    return (server, try connect(server, path))
  }

  private func connect(_ server: ControlSocket, _ path: ByteString) throws -> Int32 {
    let page = path.withCString { linux_unix_socket($0, true, false) }
    _ = linux_send(page, "page\n", 5)
    let start = MonotonicClock.now
    // Accepts, reads, greets.
    for _ in 0..<2 { server.turn(at: start) }
    #expect(heard(page) == PageChannel.greeting.description)
    return page
  }

  private func heard(_ descriptor: Int32) -> String? {
    guard waitUntilReadable(descriptor) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  private func say(_ text: String, to server: ControlSocket, by page: Int32, at now: Instant) -> [ControlSocket.Request]
  {
    _ = text.withCString { linux_send(page, $0, strlen($0)) }
    server.turn(at: now)
    return all(server)
  }

  private func all(_ server: ControlSocket) -> [ControlSocket.Request] {
    var requests: [ControlSocket.Request] = []
    while let request = server.nextRequest() { requests.append(request) }
    return requests
  }

  @Test("questions are marked as the page's and answered by their numbers, in whatever order")
  func exchange() throws {
    let (server, page) = try open("page-exchange")
    let now = MonotonicClock.now
    let asked = say("7 as lee@1.2.3.4 login +3\nabc8 overview\n9 ", to: server, by: page, at: now)
    #expect(
      asked.map { $0.line } == ["as lee@1.2.3.4 login", "overview"] && asked.map { $0.text } == [bytes("abc"), []])
    #expect(asked.allSatisfy { $0.page != nil && $0.page == asked[0].page })
    server.answer(asked[1].client, bytes("{}"))
    server.answer(asked[0].client, bytes("[1]"))
    #expect(heard(page) == "8 2\n{}7 3\n[1]")
    #expect(say("counters\n", to: server, by: page, at: now).map { $0.line } == ["counters"])
    close(page)
    server.turn(at: now)
    #expect(server.nextDeadline == nil)
  }

  @Test("a client that is not the page is not marked, and the newest that says the word is the page")
  func newest() throws {
    let path = ByteString("/tmp/branchline-test-\(getpid())-page-newest")
    let server = try ControlSocket(path: path)
    let first = try connect(server, path)
    let second = try connect(server, path)
    #expect(heard(first) == nil)
    let number = try #require(say("1 overview\n", to: server, by: second, at: MonotonicClock.now).first?.page)
    let plain = path.withCString { linux_unix_socket($0, true, false) }
    server.turn(at: MonotonicClock.now)
    let request = try #require(say("overview\n", to: server, by: plain, at: MonotonicClock.now).first)
    #expect(request.page == nil && request.client > number)
    for descriptor in [first, second, plain] { close(descriptor) }
  }

  @Test("more questions in a second than there may be wait for the next one")
  func pace() throws {
    let (server, page) = try open("page-pace")
    let now = MonotonicClock.now
    var asked = 0
    for number in 0..<PageChannel.Limits.questionsPerSecond + 3 {
      for request in say("\(number) overview\n", to: server, by: page, at: now) {
        asked += 1
        server.answer(request.client, [])
      }
    }
    #expect(asked == PageChannel.Limits.questionsPerSecond && server.pageRests == 1)
    let deadline = try #require(server.nextDeadline)
    #expect(deadline == now + .seconds(1))
    server.turn(at: deadline)
    #expect(all(server).count == 1, "what was heard already")
    server.turn(at: deadline)
    #expect(all(server).count == 2)
    close(page)
  }

  @Test(
    "what breaks the rules ends the channel",
    arguments: ["overview\n", "-1 overview\n", "1 x +99999\n", String(repeating: "1 overview\n", count: 9)])
  func broken(_ text: String) throws {
    let (server, page) = try open("page-broken-\(abs(text.hashValue))")
    _ = say(text, to: server, by: page, at: MonotonicClock.now)
    #expect(heard(page) == nil && server.counters.refused == 1)
    close(page)
  }
}
