// The IP header of a packet (RFC 791, RFC 8200 §4): addresses, the protocol of the payload and where it lies, and whether
// it is a fragment. Options and extension headers are stepped over.

import Basics

struct InternetHeader {
  var source: IPAddress
  var destination: IPAddress
  /// 6 is TCP, 17 UDP.
  var payloadProtocol: UInt8
  /// In the frame; ends where the packet does, or the capture.
  var payload: Range<Int>
  /// Fewer bytes were captured than the packet has.
  var isCut = false
  var fragment: Fragment?

  struct Fragment {
    var identification: UInt32
    /// In bytes.
    var offset: Int
    var isLast: Bool
    /// Where the header of the whole packet begins, what of it is kept and where its next-header byte stands.
    var packetStart: Int
    var headerEnd: Int
    var protocolByte: Int
  }

  init(_ frame: [UInt8], at start: Int) throws(PacketRefusal) {
    guard start < frame.count else { throw .short }
    switch frame[start] >> 4 {
    case 4: self = try Self.version4(frame, start)
    case 6: self = try Self.version6(frame, start)
    default: throw .malformed
    }
  }

  private init(_ source: IPAddress, _ destination: IPAddress, _ payloadProtocol: UInt8, _ payload: Range<Int>) {
    self.source = source
    self.destination = destination
    self.payloadProtocol = payloadProtocol
    self.payload = payload
  }

  private static func version4(_ frame: [UInt8], _ start: Int) throws(PacketRefusal) -> InternetHeader {
    guard frame.count >= start + 20 else { throw .short }
    let headerEnd = start + Int(frame[start] & 0x0F) * 4
    // A length of 0 is a packet that the network card was to cut into several.
    let length = frame.word16(start + 2)
    let end = length == 0 ? frame.count : start + length
    guard headerEnd >= start + 20, headerEnd <= end else { throw .malformed }
    guard headerEnd <= frame.count else { throw .short }
    var header = InternetHeader(
      .v4(frame.word32(start + 12)), .v4(frame.word32(start + 16)), frame[start + 9],
      headerEnd..<min(end, frame.count))
    header.isCut = end > frame.count
    let flags = frame.word16(start + 6)
    if flags & 0x3FFF != 0 {
      header.fragment = Fragment(
        identification: UInt32(frame.word16(start + 4)), offset: (flags & 0x1FFF) * 8, isLast: flags & 0x2000 == 0,
        packetStart: start, headerEnd: headerEnd, protocolByte: start + 9)
    }
    return header
  }

  private static func version6(_ frame: [UInt8], _ start: Int) throws(PacketRefusal) -> InternetHeader {
    guard frame.count >= start + 40 else { throw .short }
    let length = frame.word16(start + 4)
    let end = length == 0 ? frame.count : start + 40 + length
    var header = InternetHeader(
      address6(frame, start + 8), address6(frame, start + 24), frame[start + 6],
      start + 40..<min(end, frame.count))
    header.isCut = end > frame.count
    try header.stepOverExtensions(frame, packetStart: start)
    return header
  }

  private mutating func stepOverExtensions(_ frame: [UInt8], packetStart: Int) throws(PacketRefusal) {
    var protocolByte = packetStart + 6
    for _ in 0..<PacketLimits.maxExtensionHeaders {
      let place = payload.lowerBound
      switch payloadProtocol {
      case 0, 43, 60, 135:  // Hop-by-hop, routing, destination options, mobility.
        guard payload.count >= 8 else { throw .short }
        try stepOver(8 + Int(frame[place + 1]) * 8, frame)
      case 51:  // Authentication header (RFC 4302): its length counts words of 4 bytes.
        guard payload.count >= 8 else { throw .short }
        try stepOver(8 + Int(frame[place + 1]) * 4, frame)
      case 44:
        guard payload.count >= 8 else { throw .short }
        let flags = frame.word16(place + 2)
        let identification = frame.word32(place + 4)
        try stepOver(8, frame)
        // A fragment that is all of its packet is none (RFC 6946).
        if flags & 0xFFF9 == 0 { break }
        fragment = Fragment(
          identification: identification, offset: flags & 0xFFF8, isLast: flags & 1 == 0, packetStart: packetStart,
          headerEnd: place, protocolByte: protocolByte)
        // What follows belongs to the whole; in the first fragment it stands here, in the others it does not.
        return
      default: return
      }
      protocolByte = place
    }
    throw .malformed
  }

  private mutating func stepOver(_ count: Int, _ frame: [UInt8]) throws(PacketRefusal) {
    guard payload.count >= count else { throw .short }
    payloadProtocol = frame[payload.lowerBound]
    payload = payload.lowerBound + count..<payload.upperBound
  }

  private static func address6(_ frame: [UInt8], _ place: Int) -> IPAddress {
    func half(_ place: Int) -> UInt64 { UInt64(frame.word32(place)) << 32 | UInt64(frame.word32(place + 4)) }
    return .v6(high: half(place), low: half(place + 8))
  }
}
