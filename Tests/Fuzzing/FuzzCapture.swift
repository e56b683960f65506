// A capture: frames as they are, or UDP and TCP around what the bytes say, through all that reads captures.

import Basics
import Configuration
import Frames
import Packets

@testable import SIPTrace

enum FuzzCapture {
  private static let links: [LinkType] = [.ethernet, .linuxCooked, .linuxCooked2, .raw, .loopback]
  static let secret = Array("5ec4e75ec4e7".utf8)
  private static let credentials = Array(
    "\r\nAuthorization: Digest username=\"101\", response=\"5ec4e75ec4e7\"\r\n".utf8)

  static func run(_ bytes: [UInt8]) {
    var choices = Choices(bytes)
    var trace = PacketTrace()
    var ladder = Ladder(language: .chinese)
    var scrub = FrameScrub(dropsDigits: true)
    var decoder = PacketDecoder()
    var clock = Instant.zero
    while !choices.rest.isEmpty {
      let (frame, link) = next(&choices)
      clock = clock + .milliseconds([20, 0, -5, 1_000_000_000][Int(frame.count & 3)])
      within(decoder.decode(frame, link: link))
      let before = trace.messages.count
      trace.add(frame, link: link, at: clock)
      for traced in trace.messages[before...] { fits(ladder.add(traced)) }
      if case .keep(let kept) = scrub.clean(frame, link: link) { must(!kept.isEmpty, "something is kept") }
    }
    trace.finish()
    for call in trace.calls {
      var own = Ladder(language: .english, filter: .call(call.id))
      fits(own.lines(of: call.messages))
    }
    for stream in trace.streams { quality(stream) }
    hidesInDatagrams(bytes)
    hidesInSegments(bytes)
  }

  private static func next(_ choices: inout Choices) -> ([UInt8], LinkType) {
    let kind = choices.byte()
    let flags = choices.byte()
    let payload = choices.bytes(choices.number() % 1_500)
    switch kind % 8 {
    case 0: return (payload, links[Int(flags) % links.count])
    case 1: return (Frames.ethernet(payload), .ethernet)
    case 2: return (Frames.ip6(Frames.udp(payload, 4_000, 5_060), kind: 17), .raw)
    case 3:
      let tcp = Frames.tcp(payload, sequence: UInt32(kind >> 3) * 100, flags: flags)
      return (Frames.ethernet(Frames.ip4(tcp, kind: 6)), .ethernet)
    case 4:
      let rtp = Frames.rtp(UInt16(flags), timestamp: UInt32(kind) * 160, payloadType: UInt8(payload.count & 0x7F))
      return (Frames.ethernet(Frames.ip4(Frames.udp(rtp, 30_000, 4_000), kind: 17)), .ethernet)
    case 5:
      let part = Frames.ip4(payload, kind: 17, id: Int(flags & 3), offset: Int(kind >> 3) * 8, more: flags & 0x80 != 0)
      return (Frames.ethernet(part), .ethernet)
    default:
      return (Frames.ethernet(Frames.ip4(Frames.udp(payload, 1_024 + Int(flags & 7), 5_060), kind: 17)), .ethernet)
    }
  }

  private static func within(_ outcome: PacketDecoder.Outcome) {
    guard case .datagram(var datagram) = outcome else { return }
    must(datagram.payload.upperBound <= datagram.frame.count, "a payload lies in its frame")
    let other = datagram.bytes.map { ~$0 }
    datagram.replacePayload(with: other[...])
    must(Array(datagram.bytes) == other, "a payload can be replaced")
  }

  private static func fits(_ lines: [ByteString]) {
    for line in lines {
      must(Canvas.width(line) <= 80, "a line of \(Canvas.width(line)) columns: \(line)")
      must(!line.bytes.contains { $0 < 0x20 || $0 == 0x7F }, "no control character: \(line)")
    }
  }

  private static func quality(_ stream: MediaStream) {
    let quality = stream.quality
    must((0...10_000).contains(quality.lostTenThousandths), "a share of \(quality.lostTenThousandths)")
    must(quality.jitter >= .zero && quality.meanJitter >= .zero && quality.maxJitter >= .zero, "jitter is positive")
    must(quality.expected >= 1 && quality.packets >= 1, "packets were expected")
    if let score = stream.opinionScore { must((100...450).contains(score), "a score of \(score)") }
  }

  // MARK: Credentials

  private static func holds(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= secret.count else { return false }
    return (0...(bytes.count - secret.count)).contains { bytes[$0..<($0 + secret.count)].elementsEqual(secret) }
  }

  /// Whatever stands before a header with credentials: they go.
  private static func hidesInDatagrams(_ bytes: [UInt8]) {
    let head = Array(bytes.prefix(600))
    guard head.first.map({ $0 < 0x80 }) ?? true, !holds(head) else { return }
    var scrub = FrameScrub()
    let frame = Frames.ethernet(
      Frames.ip4(Frames.udp(head + credentials + Array(bytes.suffix(40)), 5_060, 5_060), kind: 17))
    guard case .keep(let kept) = scrub.clean(frame, link: .ethernet) else { fatalError("SIP over UDP is kept") }
    must(!holds(kept) || holds(Array(bytes.suffix(40))), "credentials are masked in a datagram")
  }

  /// Whatever the segments and their order: what is kept of them, put together, does not have the secret.
  private static func hidesInSegments(_ bytes: [UInt8]) {
    var choices = Choices(bytes)
    let plan = choices.bytes(20)
    let head = Array(choices.bytes(60))
    guard plan.count == 20, !holds(head) else { return }
    let message = head + credentials + Array("Content-Length: 0\r\n\r\n".utf8)
    var scrub = FrameScrub()
    var shown = [UInt8](repeating: 0, count: message.count)
    _ = scrub.clean(Frames.ethernet(Frames.ip4(Frames.tcp([], sequence: 99, flags: 2), kind: 6)), link: .ethernet)
    for index in stride(from: 0, to: plan.count, by: 2) {
      let start = Int(plan[index]) % message.count
      let end = min(message.count, start + 1 + Int(plan[index + 1]))
      let segment = Frames.tcp(Array(message[start..<end]), sequence: 100 + UInt32(start))
      guard case .keep(let kept) = scrub.clean(Frames.ethernet(Frames.ip4(segment, kind: 6)), link: .ethernet) else {
        continue
      }
      for (offset, byte) in kept.dropFirst(54).enumerated() where byte != UInt8(ascii: "x") {
        shown[start + offset] = byte
      }
    }
    must(!holds(shown), "credentials are masked in a stream")
  }
}
