import Basics
import Frames
import Testing

@testable import Packets

@Suite("Frames to datagrams") struct PacketDecoderTests {
  let payload = Array("OPTIONS sip:a SIP/2.0\r\n\r\n".utf8)
  var decoder = PacketDecoder()

  mutating func decode(_ frame: [UInt8], _ link: LinkType = .ethernet) -> Datagram? {
    if case .datagram(let datagram) = decoder.decode(frame, link: link) { datagram } else { nil }
  }

  @Test("every link header leads to the same datagram")
  mutating func links() {
    let packet = Frames.ip4(Frames.udp(payload, 5062, 5060), kind: 17)
    let sll: [UInt8] = [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x08, 0x00]
    let sll2: [UInt8] = [0x08, 0x00, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0]
    let frames: [(LinkType, [UInt8])] = [
      (.ethernet, Frames.ethernet(packet)), (.ethernet, Frames.ethernet(packet, tags: 2)),
      (.linuxCooked, sll + packet), (.linuxCooked2, sll2 + packet), (.raw, packet), (.loopback, [2, 0, 0, 0] + packet),
    ]
    for (link, frame) in frames {
      let datagram = decode(frame, link)
      #expect(datagram?.source == Endpoint("192.0.2.1:5062"), "\(link)")
      #expect(datagram?.destination == Endpoint("192.0.2.2:5060"), "\(link)")
      #expect(datagram.map { Array($0.bytes) } == payload, "\(link)")
      #expect(datagram?.tcp == nil)
    }
    #expect(decoder.counters.datagrams == frames.count && decoder.counters.frames == frames.count)
  }

  @Test("the numbers of link types")
  func numbers() {
    let expected: [(Int, LinkType?)] = [
      (0, .loopback), (1, .ethernet), (12, .raw), (101, .raw), (113, .linuxCooked), (276, .linuxCooked2), (105, nil),
    ]
    for (number, link) in expected { #expect(LinkType(number: number) == link) }
  }

  @Test("IPv6 with extension headers, IPv4 with options, TCP with options")
  mutating func headers() {
    let hopByHop: (kind: UInt8, rest: [UInt8]) = (0, [0, 1, 4, 0, 0, 0, 0])
    let destination: (kind: UInt8, rest: [UInt8]) = (60, [1] + [UInt8](repeating: 0, count: 14))
    let six = decode(Frames.ethernet(Frames.ip6(Frames.udp(payload), kind: 17, extensions: [hopByHop, destination])))
    #expect(six?.source == Endpoint("[2001:db8::1]:5060"))
    #expect(six.map { Array($0.bytes) } == payload)
    let four = decode(Frames.ethernet(Frames.ip4(Frames.udp(payload), kind: 17, options: [1, 1, 1, 1])))
    #expect(four.map { Array($0.bytes) } == payload)
    let segment = decode(
      Frames.ethernet(Frames.ip4(Frames.tcp(payload, sequence: 77, flags: 0x11, options: [1, 1, 1, 1]), kind: 6)))
    #expect(segment.map { Array($0.bytes) } == payload)
    #expect(segment?.tcp == .init(sequence: 77, isSyn: false, ends: true))
  }

  @Test("what pads a short frame is no payload; what a capture cut is said")
  mutating func lengths() {
    let frame = Frames.ethernet(Frames.ip4(Frames.udp([1, 2, 3]), kind: 17))
    let padded = decode(frame + [9, 9, 9, 9])
    #expect(padded.map { Array($0.bytes) } == [1, 2, 3] && padded?.isCut == false)
    let cut = decode(Array(frame.dropLast()))
    #expect(cut.map { Array($0.bytes) } == [1, 2] && cut?.isCut == true)
  }

  @Test("each refusal has its reason and its counter")
  mutating func refusals() {
    let udp = Frames.udp(payload)
    var wrongLength = udp
    wrongLength[5] = 200
    let cases: [(PacketRefusal, [UInt8])] = [
      (.notInternet, [UInt8](repeating: 0, count: 12) + [0x08, 0x06] + [UInt8](repeating: 0, count: 40)),
      (.short, [1, 2, 3]), (.short, Frames.ethernet(Array(Frames.ip4(udp, kind: 17).prefix(19)))),
      (.short, Frames.ethernet(Frames.ip4([1, 2, 3, 4], kind: 17))),
      (.malformed, Frames.ethernet([0x5F] + Frames.ip4(udp, kind: 17).dropFirst())),
      (.malformed, Frames.ethernet(Frames.ip4(wrongLength, kind: 17))),
      (.otherProtocol, Frames.ethernet(Frames.ip4([8, 0, 0, 0], kind: 1))),
      (.tooLarge, [UInt8](repeating: 0, count: PacketLimits.maxFrameBytes + 1)),
    ]
    for (refusal, frame) in cases {
      guard case .refused(let found) = decoder.decode(frame, link: .ethernet) else {
        Issue.record("accepted: \(refusal)")
        continue
      }
      #expect(found == refusal)
    }
    #expect(decoder.counters.short == 3 && decoder.counters.malformed == 2 && decoder.counters.tooLarge == 1)
    #expect(decoder.counters.otherProtocol == 1 && decoder.counters.notInternet == 1)
  }

  @Test("other bytes in the payload's place: the checksum stays right, and a wrong one stays wrong")
  mutating func replacing() {
    let packet = Frames.ip4(Frames.udp(payload), kind: 17)
    guard var datagram = decode(Frames.ethernet(packet)) else {
      Issue.record("refused")
      return
    }
    let other = payload.map { $0 ^ 0x15 }
    datagram.replacePayload(with: other[...])
    #expect(datagram.frame == Frames.ethernet(Frames.ip4(Frames.udp(other), kind: 17)))
    datagram.replacePayload(with: payload[...])
    #expect(datagram.frame == Frames.ethernet(packet))
    datagram.replacePayload(with: [1])
    #expect(datagram.frame == Frames.ethernet(packet))
  }
}
