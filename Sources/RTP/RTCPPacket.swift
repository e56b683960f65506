// A compound RTCP packet (RFC 3550 §6, validity by appendix A.2): sender and receiver reports, source descriptions,
// goodbyes. Whole or refused; what is of another type is stepped over. It keeps no state and allocates nothing.

/// Why bytes are no compound packet.
public enum RTCPError: Error, Hashable, Sendable {
  /// It, or a packet in it, is shorter than its length says, or than what its type must have.
  case short
  case version
  /// The first packet is neither a sender's nor a receiver's report.
  case noReport
  /// Only the last packet may have padding, and no more than it holds.
  case padding
  /// A source description whose items do not end.
  case endlessItems
}

/// What one source hears of another (RFC 3550 §6.4.1).
public struct RTCPReportBlock: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 24

  public var ssrc: UInt32
  /// Of 256, since the report before.
  public var fractionLost: UInt8
  /// Since the beginning; negative where packets came twice. 24 bits.
  public var packetsLost: Int32
  public var highestSequence: UInt32
  /// In samples of the stream's clock.
  public var jitter: UInt32
  /// The middle of the NTP time of the last sender's report, 0 before one; and how long ago that was, in 1/65,536 s.
  public var lastReport: UInt32
  public var delaySinceLastReport: UInt32
}

/// What a sender says of its own stream (RFC 3550 §6.4.1).
public struct RTCPSenderInfo: Hashable, Sendable, BitwiseCopyable {
  /// Seconds since 1900 and their fraction.
  public var ntpTime: UInt64
  public var rtpTimestamp: UInt32
  public var packetCount: UInt32
  public var octetCount: UInt32
}

/// One packet of a compound one. Places are offsets into the whole.
public enum RTCPPacket: Hashable, Sendable, BitwiseCopyable {
  /// A report; `sender` is nil for one who only receives.
  case report(ssrc: UInt32, sender: RTCPSenderInfo?, blocks: Int, blocksStart: Int)
  /// The items of so many sources.
  case description(sources: Int, start: Int, end: Int)
  /// Sources that leave.
  case goodbye(sources: Int, start: Int)
  /// APP, feedback, extended reports and what is not known here.
  case other(type: UInt8)
}

/// Goes through a compound packet whose bytes outlive it.
///
///     var reader = try RTCPReader(bytes)
///     while let packet = try reader.next() { … }
public struct RTCPReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  private static let senderReport: UInt8 = 200, receiverReport: UInt8 = 201, sourceDescription: UInt8 = 202
  private static let bye: UInt8 = 203

  public init(_ bytes: UnsafeRawBufferPointer) throws(RTCPError) {
    guard bytes.count >= 8 else { throw .short }
    guard bytes[0] >> 6 == 2 else { throw .version }
    guard bytes[1] == Self.senderReport || bytes[1] == Self.receiverReport else { throw .noReport }
    guard bytes[0] & 0x20 == 0 || bytes.count == (Int(bytes[2]) << 8 | Int(bytes[3])) * 4 + 4 else { throw .padding }
    self.bytes = bytes
  }

  /// nil behind the last one.
  public mutating func next() throws(RTCPError) -> RTCPPacket? {
    guard offset < bytes.count else { return nil }
    guard bytes.count - offset >= 4 else { throw .short }
    guard bytes[offset] >> 6 == 2 else { throw .version }
    let start = offset + 4
    let whole = start + (Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])) * 4
    guard whole <= bytes.count else { throw .short }
    var end = whole
    if bytes[offset] & 0x20 != 0 {
      guard whole == bytes.count, whole > start else { throw .padding }
      let padding = Int(bytes[whole - 1])
      guard padding > 0, padding % 4 == 0, padding <= whole - start else { throw .padding }
      end -= padding
    }
    let (count, type) = (Int(bytes[offset] & 0x1F), bytes[offset + 1])
    offset = whole
    return try packet(type, count, start, end)
  }

  private func packet(_ type: UInt8, _ count: Int, _ start: Int, _ end: Int) throws(RTCPError) -> RTCPPacket {
    switch type {
    case Self.senderReport, Self.receiverReport:
      let isSender = type == Self.senderReport
      let blocks = start + (isSender ? 24 : 4)
      guard blocks + count * RTCPReportBlock.byteCount <= end else { throw .short }
      let sender =
        isSender
        ? RTCPSenderInfo(
          ntpTime: UInt64(word(start + 4)) << 32 | UInt64(word(start + 8)), rtpTimestamp: word(start + 12),
          packetCount: word(start + 16), octetCount: word(start + 20)) : nil
      return .report(ssrc: word(start), sender: sender, blocks: count, blocksStart: blocks)
    case Self.sourceDescription:
      var i = start
      for _ in 0..<count { i = try chunkEnd(i, end) }
      return .description(sources: count, start: start, end: i)
    case Self.bye:
      guard start + count * 4 <= end else { throw .short }
      return .goodbye(sources: count, start: start)
    default: return .other(type: type)
    }
  }

  /// Behind the items of one source and the zeros that end them at a whole word (§6.5).
  private func chunkEnd(_ start: Int, _ end: Int) throws(RTCPError) -> Int {
    guard start + 4 <= end else { throw .short }
    var i = start + 4
    while true {
      guard i < end else { throw .endlessItems }
      guard bytes[i] != 0 else { return try wordEnd(i + 1, end) }
      guard i + 1 < end else { throw .short }
      i += 2 + Int(bytes[i + 1])
    }
  }

  private func wordEnd(_ i: Int, _ end: Int) throws(RTCPError) -> Int {
    let aligned = (i + 3) & ~3
    guard aligned <= end else { throw .short }
    return aligned
  }

  private func word(_ at: Int) -> UInt32 {
    UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
  }

  // MARK: What lies in a packet

  /// The block with that index of a report; nil where it has none.
  public func block(_ index: Int, of packet: RTCPPacket) -> RTCPReportBlock? {
    guard case .report(_, _, let count, let start) = packet, index >= 0, index < count else { return nil }
    let at = start + index * RTCPReportBlock.byteCount
    guard at + RTCPReportBlock.byteCount <= bytes.count else { return nil }
    let lost = word(at + 4)
    return RTCPReportBlock(
      ssrc: word(at), fractionLost: UInt8(lost >> 24), packetsLost: Int32(bitPattern: lost << 8) >> 8,
      highestSequence: word(at + 8), jitter: word(at + 12), lastReport: word(at + 16),
      delaySinceLastReport: word(at + 20))
  }

  /// The source with that index that leaves.
  public func leaving(_ index: Int, of packet: RTCPPacket) -> UInt32? {
    guard case .goodbye(let count, let start) = packet, index >= 0, index < count, start + index * 4 + 4 <= bytes.count
    else { return nil }
    return word(start + index * 4)
  }
}
