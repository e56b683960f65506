// The RTP fixed header (RFC 3550 §5.1): read, rewritten in place, written. Extensions and contributing sources are
// stepped over and not passed on. Nothing here keeps state.

/// The parts of an RTP header that a relay cares for.
public struct RTPHeader: Hashable, Sendable, BitwiseCopyable {
  /// Length of a header without contributing sources and extension, which is how all are written.
  public static let byteCount = 12

  public var marker: Bool
  /// 0…127.
  public var payloadType: UInt8
  public var sequence: UInt16
  /// In samples of the payload's clock (8,000 a second for G.711 and telephone-event).
  public var timestamp: UInt32
  public var ssrc: UInt32

  @inlinable
  public init(marker: Bool = false, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, ssrc: UInt32) {
    self.marker = marker
    self.payloadType = payloadType
    self.sequence = sequence
    self.timestamp = timestamp
    self.ssrc = ssrc
  }

  /// Writes the twelve bytes at the start of `buffer`; does nothing and returns false where it is shorter.
  @discardableResult
  public func write(to buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard buffer.count >= Self.byteCount else { return false }
    buffer[0] = 0x80
    buffer[1] = (marker ? 0x80 : 0) | (payloadType & 0x7F)
    buffer[2] = UInt8(truncatingIfNeeded: sequence >> 8)
    buffer[3] = UInt8(truncatingIfNeeded: sequence)
    Self.write(timestamp, to: buffer, at: 4)
    Self.write(ssrc, to: buffer, at: 8)
    return true
  }

  private static func write(_ value: UInt32, to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    buffer[offset] = UInt8(truncatingIfNeeded: value >> 24)
    buffer[offset + 1] = UInt8(truncatingIfNeeded: value >> 16)
    buffer[offset + 2] = UInt8(truncatingIfNeeded: value >> 8)
    buffer[offset + 3] = UInt8(truncatingIfNeeded: value)
  }
}

/// Why bytes are no RTP packet.
public enum RTPError: Error, Hashable, Sendable {
  /// Shorter than a header, or than the contributing sources or the extension that it announces.
  case short
  /// Not version 2: STUN, an old protocol, garbage.
  case version
  /// RTCP on the same port (RFC 5761): recognised by its packet type, not understood.
  case controlPacket
  /// The padding is longer than the payload, or of length 0.
  case padding
}

/// A parsed packet: its header and where its payload lies.
public struct RTPPacket: Hashable, Sendable, BitwiseCopyable {
  public let header: RTPHeader
  /// Offsets into the packet; may be empty. Starts at 12 or later, ends before any padding.
  public let payloadStart: Int
  public let payloadEnd: Int

  public var payloadCount: Int { payloadEnd - payloadStart }

  public init(parsing packet: UnsafeRawBufferPointer) throws(RTPError) {
    guard packet.count >= RTPHeader.byteCount else { throw .short }
    let first = packet[0]
    guard first >> 6 == 2 else { throw .version }
    guard !Self.isControl(packet[1]) else { throw .controlPacket }
    var start = RTPHeader.byteCount + Int(first & 0x0F) * 4
    if first & 0x10 != 0 {
      // Extension (§5.3.1): two bytes for a profile, two for the number of 32-bit words that follow.
      guard packet.count >= start + 4 else { throw .short }
      start += 4 + (Int(packet[start + 2]) << 8 | Int(packet[start + 3])) * 4
    }
    guard packet.count >= start else { throw .short }
    var end = packet.count
    if first & 0x20 != 0 {
      let padding = Int(packet[end - 1])
      guard padding > 0, padding <= end - start else { throw .padding }
      end -= padding
    }
    payloadStart = start
    payloadEnd = end
    header = RTPHeader(
      marker: packet[1] & 0x80 != 0, payloadType: packet[1] & 0x7F,
      sequence: UInt16(packet[2]) << 8 | UInt16(packet[3]),
      timestamp: Self.word(packet, 4), ssrc: Self.word(packet, 8))
  }

  /// Puts `header` directly before the payload, over what stood there (contributing sources and extension are lost),
  /// and returns the bytes to send. `packet` must be the buffer that was parsed.
  public func rewrite(_ packet: UnsafeMutableRawBufferPointer, with header: RTPHeader) -> UnsafeRawBufferPointer {
    guard payloadEnd <= packet.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let bytes = UnsafeMutableRawBufferPointer(rebasing: packet[(payloadStart - RTPHeader.byteCount)..<payloadEnd])
    header.write(to: bytes)
    return UnsafeRawBufferPointer(bytes)
  }

  /// Whether a second byte is an RTCP packet type: 192…223, which with the marker set would be the payload types 64…95
  /// that RTP therefore does without (RFC 5761 §4).
  static func isControl(_ secondByte: UInt8) -> Bool { secondByte >= 192 && secondByte <= 223 }

  private static func word(_ packet: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(packet[offset]) << 24 | UInt32(packet[offset + 1]) << 16 | UInt32(packet[offset + 2]) << 8
      | UInt32(packet[offset + 3])
  }
}
