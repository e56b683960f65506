import Basics
import Frames
import Packets
import Testing

@testable import Capture

@Suite("Frames of chosen calls") struct FrameChoiceTests {
  private func message(_ call: String, _ method: String = "INVITE", from: String = "101", body: Int = 0) -> [UInt8] {
    Array(
      """
      \(method) sip:102@b SIP/2.0\r
      Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r
      From: <sip:\(from)@b>;tag=a\r
      To: <sip:102@b>\r
      Call-ID: \(call)\r
      CSeq: 1 \(method)\r
      Max-Forwards: 70\r
      Content-Length: \(body)\r
      \r

      """.utf8) + [UInt8](repeating: 0x61, count: body)
  }
  private func frame(_ packet: [UInt8], at time: Int = 0) -> CapturedFrame {
    let bytes = Frames.ethernet(packet)
    return CapturedFrame(time: Instant(nanoseconds: Int64(time)), bytes: bytes, length: bytes.count)
  }
  private func udp(_ payload: [UInt8], _ source: Int = 5060, _ target: Int = 5060, at time: Int = 0) -> CapturedFrame {
    frame(Frames.ip4(Frames.udp(payload, source, target), kind: 17), at: time)
  }
  private func tcp(_ payload: ArraySlice<UInt8>, _ sequence: Int) -> CapturedFrame {
    frame(Frames.ip4(Frames.tcp(Array(payload), sequence: UInt32(sequence)), kind: 6))
  }

  @Test("SIP by Call-ID, RTP and RTCP by the ports of now; nobody else's")
  func call() {
    var choice = FrameChoice()
    #expect(choice.want(["a@b"], ports: [20_000]).isEmpty)
    let voice = Frames.rtp(1, timestamp: 160)
    let mine = [
      udp(message("a@b")), udp(voice, 20_000, 4_000), udp(voice, 4_000, 20_000), udp(voice, 20_001, 4_001),
    ]
    for frame in mine { #expect(choice.take(frame, link: .ethernet) == [frame]) }
    for other in [udp(message("c@d")), udp(voice, 20_002, 4_000), frame(Frames.ip4([8, 0, 0, 0], kind: 1))] {
      #expect(choice.take(other, link: .ethernet).isEmpty)
    }
    // The port belongs to somebody else now; the Call-ID still to the call.
    #expect(choice.want([], ports: [20_002]).isEmpty)
    #expect(choice.take(mine[1], link: .ethernet).isEmpty && choice.take(mine[0], link: .ethernet) == [mine[0]])
  }

  @Test("a message that comes before its call is known waits, bounded, and comes out in its order")
  func waiting() {
    var choice = FrameChoice()
    let first = [udp(message("a@b"), at: 1), udp(message("a@b", "ACK"), at: 3)]
    for frame in [first[0], udp(message("c@d"), at: 2), first[1]] {
      #expect(choice.take(frame, link: .ethernet).isEmpty)
    }
    #expect(choice.want(["a@b"], ports: []) == first)
    #expect(choice.want(["a@b"], ports: []).isEmpty)
    for index in 0..<CaptureLimits.maxHeldMessages { _ = choice.take(udp(message("\(index)")), link: .ethernet) }
    #expect(choice.want(["c@d"], ports: []).isEmpty)
    #expect(choice.want(["0", "511"], ports: []).count == 2)
  }

  @Test("of a phone whatever names it, of a trunk whatever comes from or goes to its addresses")
  func parties() throws {
    var phone = FrameChoice(parties: .init(user: "101"))
    #expect(phone.take(udp(message("x", "REGISTER")), link: .ethernet).count == 1)
    #expect(phone.take(udp(message("y", "REGISTER", from: "103")), link: .ethernet).isEmpty)
    var trunk = FrameChoice(parties: .init(addresses: [try #require(Subnet("192.0.2.2/32"))]))
    #expect(trunk.take(udp(message("x", "OPTIONS")), link: .ethernet).count == 1)
    var other = FrameChoice(parties: .init(addresses: [try #require(Subnet("192.0.3.0/24"))]))
    #expect(other.take(udp(message("x", "OPTIONS")), link: .ethernet).isEmpty)
  }

  @Test("over TCP all segments of a call's messages and none of another's, however they are cut")
  func segments() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      var choice = FrameChoice()
      _ = choice.want(["mine@b"], ports: [])
      var sequence = 1_000
      var kept: [UInt8] = []
      var sent: [UInt8] = []
      for _ in 0..<6 {
        let isMine = random.below(2) == 0
        let bytes = message(isMine ? "mine@b" : "other@b", body: random.below(900))
        if isMine { sent += bytes }
        // Messages begin with a segment, as they do where nothing is behind.
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = rest.prefix(1 + random.below(700))
          rest = rest.dropFirst(piece.count)
          for frame in choice.take(tcp(piece, sequence), link: .ethernet) { kept += frame.bytes.dropFirst(54) }
          sequence += piece.count
        }
      }
      #expect(kept == sent, "seed \(seed)")
    }
  }

  @Test(
    "a segment with the end of one message and the beginning of the next is kept once; what nobody understands is not")
  func borders() {
    var choice = FrameChoice()
    _ = choice.want(["mine@b"], ports: [])
    let bytes = message("mine@b", body: 100) + message("mine@b", "BYE")
    let border = bytes.count - 200
    let segments = [tcp(bytes[..<(border - 150)], 1), tcp(bytes[(border - 150)..<border], 1 + border - 150)]
    let last = tcp(bytes[border...], 1 + border)
    var kept: [CapturedFrame] = []
    for frame in segments + [last] { kept += choice.take(frame, link: .ethernet) }
    #expect(kept == segments + [last])
    var amid = FrameChoice()
    _ = amid.want(["mine@b"], ports: [])
    #expect(amid.take(tcp(bytes[50..<300], 1), link: .ethernet).isEmpty)
  }

  @Test("bytes that nobody meant never trap")
  func fuzz() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    var choice = FrameChoice(parties: .init(user: "101"))
    for round in 0..<3_000 {
      var bytes = message("\(round % 7)", body: random.below(50))
      for _ in 0..<random.below(6) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      let packet = random.below(2) == 0 ? Frames.udp(bytes) : Frames.tcp(bytes, sequence: UInt32(random.below(5_000)))
      var frame = frame(Frames.ip4(packet, kind: random.below(2) == 0 ? 17 : 6))
      for _ in 0..<random.below(3) { frame.bytes[random.below(frame.bytes.count)] = UInt8(random.below(256)) }
      _ = choice.take(frame, link: .ethernet)
      if random.below(20) == 0 { _ = choice.want([ByteString(random.below(7))], ports: [UInt16(random.below(65_536))]) }
    }
  }
}

@Suite("Captures as one file") struct PacketFileJoinTests {
  private let sample = frame(1)
  private func at(_ time: Int) -> CapturedFrame {
    var one = sample
    one.time = Instant(nanoseconds: 1_772_352_900_000_000_000 + Int64(time))
    return one
  }

  @Test("the frames of all files of a ring in the order of time, also those that were held back")
  func order() throws {
    let directory = try Directory()
    let times = [1, 2, 5, 6, 3, 7, 4, 8, 9, 9, 10]
    var paths: [ByteString] = []
    for (index, part) in [times[..<4], times[4..<8], times[8...]].enumerated() {
      let ring = try FrameRing(
        prefix: directory.file("p\(index)"), linkType: 1, size: .init(fileBytes: 1 << 20, files: 1))
      for time in part { try ring.write(at(time)) }
      try ring.close()
      paths += ring.paths
    }
    let whole = directory.file("whole.pcap")
    #expect(try PacketFileJoin.join(paths, into: whole) == times.count)
    #expect(try all(whole) == times.sorted().map { at($0) })
    #expect(throws: CaptureError.self) { try PacketFileJoin.join(paths, into: whole) }
    #expect(try all(whole).count == times.count)
    #expect(throws: CaptureError.self) {
      try PacketFileJoin.join([directory.file("none")], into: directory.file("b.pcap"))
    }
  }

  @Test("a capture of any length goes through a window of bounded size")
  func window() throws {
    let directory = try Directory()
    let count = CaptureLimits.framesInOrder * 3
    let ring = try FrameRing(prefix: directory.file("p"), linkType: 1, size: .init(fileBytes: 64 << 20, files: 1))
    for time in 0..<count { try ring.write(at(time % 2 == 0 ? time + 1 : time - 1)) }
    try ring.close()
    #expect(try PacketFileJoin.join(ring.paths, into: directory.file("b.pcap")) == count)
    #expect(try all(directory.file("b.pcap")).map { $0.time } == (0..<count).map { at($0).time })
  }
}
