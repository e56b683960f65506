import Basics
import Frames
import Packets
import Testing

@testable import SIPTrace

@Suite("What of a frame may be kept") struct FrameScrubTests {
  static let secret = "5ec4e75ec4e7"
  let message = Array(
    ("REGISTER sip:b SIP/2.0\r\nAuthorization: Digest username=\"101\", response=\"\(secret)\"\r\nSubject: "
      + String(repeating: "s", count: 2_000) + "\r\nContent-Length: 0\r\n\r\n").utf8)
  var scrub = FrameScrub(dropsDigits: true)

  mutating func kept(_ frame: [UInt8]) -> [UInt8]? {
    if case .keep(let bytes) = scrub.clean(frame, link: .ethernet) { bytes } else { nil }
  }
  func shows(_ frame: [UInt8]?) -> Bool {
    guard let frame else { return false }
    return String(decoding: frame, as: UTF8.self).contains(Self.secret)
  }
  func expected(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    Scrub.clean(&bytes)
    return bytes
  }

  @Test("UDP, whole and in fragments, with the right checksum")
  mutating func datagrams() {
    let clean = Frames.ethernet(Frames.ip4(Frames.udp(expected(message)), kind: 17))
    #expect(kept(Frames.ethernet(Frames.ip4(Frames.udp(message), kind: 17))) == clean)
    #expect(!shows(clean))
    let datagram = Frames.udp(message)
    // The border goes through the secret.
    let border = 72
    let parts = [0..<border, border..<datagram.count].map { range in
      Frames.ethernet(
        Frames.ip4(Array(datagram[range]), kind: 17, offset: range.lowerBound, more: range.lowerBound == 0))
    }
    #expect(scrub.clean(parts[0], link: .ethernet) == .wait)
    #expect(kept(parts[1]) == clean)
  }

  @Test("TCP: the secret lies across two segments; one comes again; one is missing; one comes first")
  mutating func segments() {
    func frame(_ range: Range<Int>) -> [UInt8] {
      Frames.ethernet(Frames.ip4(Frames.tcp(Array(message[range]), sequence: 100 + UInt32(range.lowerBound)), kind: 6))
    }
    func payload(_ frame: [UInt8]?) -> [UInt8] { frame.map { Array($0.dropFirst(54)) } ?? [] }
    _ = kept(Frames.ethernet(Frames.ip4(Frames.tcp([], sequence: 99, flags: 2), kind: 6)))
    let all = expected(message)
    let border = 75
    #expect(payload(kept(frame(0..<border))) == Array(all[..<border]))
    for _ in 0..<2 { #expect(payload(kept(frame(border..<200))) == Array(all[border..<200])) }
    #expect(payload(kept(frame(0..<border))) == Array(all[..<border]))
    // Behind a gap, and a capture that begins amid the secret.
    #expect(!payload(kept(frame(300..<400))).contains(UInt8(ascii: "s")))
    scrub = FrameScrub()
    let amid = kept(frame(border..<200))
    #expect(!payload(amid).starts(with: message[border..<border + 3]))
  }

  @Test("no digit of a telephone-event; sound as it was; no ICMP, which quotes messages")
  mutating func others() {
    let digit = Frames.rtp(1, timestamp: 0, payloadType: 101, payload: [5, 10, 0, 160])
    let gone = Frames.rtp(1, timestamp: 0, payloadType: 101, payload: [0xFF, 10, 0, 160])
    #expect(
      kept(Frames.ethernet(Frames.ip4(Frames.udp(digit, 4_000, 4_002), kind: 17)))
        == Frames.ethernet(Frames.ip4(Frames.udp(gone, 4_000, 4_002), kind: 17)))
    let sound = Frames.ethernet(Frames.ip4(Frames.udp(Frames.rtp(1, timestamp: 0), 4_000, 4_002), kind: 17))
    #expect(kept(sound) == sound)
    #expect(
      scrub.clean(Frames.ethernet(Frames.ip4([3, 3, 0, 0] + message, kind: 1)), link: .ethernet)
        == .leaveOut(.otherProtocol))
  }

  @Test("whatever the segments of a message and their order, the secret is never kept")
  mutating func fuzz() {
    let seed: UInt64 = 0x5C0B_0001
    var random = SeededRandom(seed: seed)
    for round in 0..<2_000 {
      scrub = FrameScrub()
      if round % 2 == 0 { _ = kept(Frames.ethernet(Frames.ip4(Frames.tcp([], sequence: 99, flags: 2), kind: 6))) }
      var shown = [UInt8](repeating: 0, count: message.count)
      for _ in 0..<12 {
        let start = random.below(150)
        let end = start + 1 + random.below(150)
        let frame = Frames.ip4(Frames.tcp(Array(message[start..<end]), sequence: 100 + UInt32(start)), kind: 6)
        guard let bytes = kept(Frames.ethernet(frame)) else { continue }
        for (offset, byte) in bytes.dropFirst(54).enumerated() where byte != UInt8(ascii: "x") {
          shown[start + offset] = byte
        }
      }
      #expect(!String(decoding: shown, as: UTF8.self).contains(Self.secret), "seed \(seed), round \(round)")
    }
  }
}
