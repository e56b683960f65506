import Basics
import Testing

@testable import SIPMessage

@Suite struct StreamFramerTests {
  private let first = InviteText().with("Content-Length", nil).adding("l", "\n  6").bytes(body: "\r\n\r\n\r\n")
  private let second = InviteText().startLine("OPTIONS sip:a@b SIP/2.0").with("CSeq", "2 OPTIONS").bytes

  private func drain(_ framer: inout StreamFramer) -> (messages: [[UInt8]], error: SIPParseError.Reason?) {
    var messages: [[UInt8]] = []
    do throws(SIPParseError) {
      while let bytes = try framer.next() { messages.append(bytes) }
      return (messages, nil)
    } catch {
      return (messages, error.reason)
    }
  }

  @Test("the same messages come out wherever the stream is cut")
  func everyCut() throws {
    let stream = first + second + first
    for cut in 0...stream.count {
      var framer = StreamFramer()
      framer.push(stream[..<cut])
      var messages = drain(&framer).messages
      framer.push(stream[cut...])
      messages += drain(&framer).messages
      #expect(messages == [first, second, first], "cut at \(cut)")
      #expect(framer.count == 0)
      #expect(framer.pendingPings == 0)
    }
    for bytes in [first, second] { _ = try parse(bytes) }
  }

  @Test("byte by byte, and all in one piece")
  func everyByte() {
    let stream = first + second
    var framer = StreamFramer()
    var messages: [[UInt8]] = []
    for byte in stream {
      framer.push([byte])
      messages += drain(&framer).messages
    }
    #expect(messages == [first, second])
    framer.push((first + second + first + second)[...])
    #expect(drain(&framer).messages.count == 4)
  }

  @Test("keep-alive line ends between messages are skipped and pings counted, wherever they are cut")
  func pings() {
    let ping: [UInt8] = [13, 10, 13, 10]
    let stream = ping + first + ping + ping + second + [13, 10] + second
    for cut in 0...stream.count {
      var framer = StreamFramer()
      framer.push(stream[..<cut])
      var messages = drain(&framer).messages
      framer.push(stream[cut...])
      messages += drain(&framer).messages
      #expect(messages == [first, second, second], "cut at \(cut)")
      #expect(framer.pendingPings == 3, "cut at \(cut)")
    }
  }

  @Test("pings alone do not pile up")
  func pingFlood() {
    var framer = StreamFramer()
    for _ in 0..<1000 {
      framer.push([13, 10, 13, 10])
      #expect(drain(&framer).messages.isEmpty)
    }
    #expect(framer.pendingPings == SIPLimits.maxPendingPings)
    #expect(framer.count == 0)
  }

  @Test("without Content-Length, or with two, or a malformed one, the stream ends")
  func lengths() {
    let cases: [(InviteText, SIPParseError.Reason)] = [
      (InviteText().with("Content-Length", nil), .missing(.contentLength)),
      (InviteText().adding("l", "0"), .duplicate(.contentLength)),
      (InviteText().with("Content-Length", "-1"), .malformed(.contentLength)),
      (InviteText().with("Content-Length", "1 2"), .malformed(.contentLength)),
      (InviteText().with("Content-Length", ""), .malformed(.contentLength)),
      (InviteText().with("Content-Length", "65535"), .tooLarge),
      (InviteText().with("Content-Length", "99999999999999999999999999"), .tooLarge),
    ]
    for (text, reason) in cases {
      var framer = StreamFramer()
      framer.push((text.bytes + second)[...])
      #expect(drain(&framer).error == reason)
      framer.push(second[...])
      #expect(drain(&framer).messages.isEmpty)
      #expect(framer.count == 0)
    }
  }

  @Test("a refusal can be sent before the connection closes")
  func partial() throws {
    var framer = StreamFramer()
    framer.push(InviteText().with("Content-Length", nil).bytes[...])
    let error = #expect(throws: SIPParseError.self) { _ = try framer.next() }
    let partial = try #require(error?.partial)
    #expect(error?.suggestedStatus == 400)
    #expect(try parse(MessageWriter.response(400, to: partial, toTag: "x").finish()).status == 400)
  }

  @Test("a head without an end is given up at the limit, however it trickles in")
  func endlessHead() {
    var framer = StreamFramer()
    var error: SIPParseError.Reason?
    var pushed = 0
    while error == nil, pushed < 100_000 {
      framer.push(Array("X-Long: aaaaaaaaaaaaaaaaaaaaa\r\n".utf8)[...])
      pushed += 31
      error = drain(&framer).error
    }
    #expect(error == .tooLarge)
    #expect(pushed <= SIPLimits.maxStreamHeadBytes + 64)
  }

  @Test("a large body arrives whole")
  func largeBody() throws {
    let body = String(repeating: "b", count: 40_000)
    let head = InviteText().with("Content-Length", "40000").bytes
    let stream = head + Array(body.utf8) + second
    var framer = StreamFramer()
    var messages: [[UInt8]] = []
    for start in stride(from: 0, to: stream.count, by: 1460) {
      framer.push(stream[start..<min(stream.count, start + 1460)])
      messages += drain(&framer).messages
    }
    #expect(messages.map(\.count) == [head.count + 40_000, second.count])
    #expect(try parse(messages[0]).body.count == 40_000)
  }
}
