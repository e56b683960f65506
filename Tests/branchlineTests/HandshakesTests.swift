// Handshakes of TLS on real sockets of the loopback, turn by turn.

import Basics
import BranchConfiguration
import LinuxIO
import SIPTransaction
import SIPUserAgent
import Testing

@testable import branchline

@Suite struct HandshakesTests {
  /// What connects to the listener, with its own end of the session.
  private final class Client {
    let stream: StreamConnection
    let session: TLSSession

    init(_ port: UInt16) throws {
      stream = try StreamConnection(connectingTo: Endpoint(.loopbackV4, port))
      let context = try TLSContext.calling(nil, authorities: [])
      session = try #require(TLSSession(calling: context, expecting: nil))
    }
    /// Says what it has to say, and hears what has come.
    func go() {
      if stream.isConnecting, !stream.finishConnecting() { return }
      var buffer = [UInt8](repeating: 0, count: 8_192)
      buffer.withUnsafeMutableBytes { buffer in
        if case .bytes(let count) = stream.receive(into: buffer) {
          session.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      }
      if session.isShakingHands { _ = session.step() }
      _ = stream.write(session.take())
    }
  }

  @Test("of a crowd that connects at once only so many get a step in each turn, and all get in")
  func crowd() throws {
    let directory = ByteString("/tmp/branchline-handshakes-\(UInt32.random(in: 0...UInt32.max))")
    var settings = BranchSettings()
    let port: UInt16 = 25_061
    settings.userAgent.listeners = [.init(index: 3, transport: .tls, endpoint: Endpoint(.loopbackV4, port))]
    let poller = try Poller<PollSubject>()
    let sockets = SignallingSockets(poller)
    #expect(sockets.secure.configure(settings, own: directory + "/sip.pem").isEmpty)
    defer { _ = try? FileTree.remove(directory) }
    try sockets.listen(settings.userAgent.listeners)
    let clients = try (0..<10).map { _ in try Client(port) }
    var accepted = 0
    var turns = 0
    while sockets.counters.handshakes < clients.count, turns < 500 {
      turns += 1
      for client in clients { client.go() }
      let now = MonotonicClock.now
      let count = poller.wait(until: now + .milliseconds(20), at: now)
      for index in 0..<count {
        let event = poller.event(index)
        switch event.token {
        case .listener(let number): sockets.receive(onListener: number)
        case .connection(let number): sockets.attend(number, event)
        default: break
        }
      }
      let before = (sockets.waitingHandshakes.count, sockets.counters.handshakes)
      sockets.shakeHands(at: now)
      // Nothing else puts any there meanwhile.
      #expect(
        sockets.waitingHandshakes.count == max(0, before.0 - SignallingSockets.Limits.handshakesPerTurn))
      #expect(sockets.counters.handshakes - before.1 <= SignallingSockets.Limits.handshakesPerTurn)
      while let input = sockets.nextInput() {
        if case .accepted(_, 3, .tls, _) = input { accepted += 1 }
      }
    }
    #expect(sockets.counters.handshakes == 10 && accepted == 10)
    #expect(sockets.counters.handshakesDelayed > 0 && sockets.counters.handshakesRefused == 0)
  }

  @Test("refused strangers are told only so often, refused carriers always")
  func told() {
    var log = RefusalLog()
    let stranger = Endpoint(.loopbackV4, 1)
    for second in 0..<30 { log.tell(stranger, "bad", isOurs: false, at: .zero + .seconds(second)) }
    log.tell(stranger, "bad", isOurs: true, at: .zero + .seconds(30))
    log.tell(stranger, "bad", isOurs: false, at: .zero + .seconds(60))
    var levels: [LogLevel] = []
    while let entry = log.next() { levels.append(entry.level) }
    #expect(levels == Array(repeating: .info, count: 10) + [.warning, .info])
  }
}
