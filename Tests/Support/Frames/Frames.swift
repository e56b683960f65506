// Captured frames made by hand: headers written field by field (RFC 768, 791, 8200, 9293), independent of what reads them.

public enum Frames {
  public static let alice: [UInt8] = [192, 0, 2, 1]
  public static let bob: [UInt8] = [192, 0, 2, 2]
  /// 2001:db8::1 and 2001:db8::2
  public static let alice6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
  public static let bob6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]

  public static func bytes16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
  public static func bytes32(_ value: UInt32) -> [UInt8] { bytes16(Int(value >> 16)) + bytes16(Int(value & 0xFFFF)) }

  public static func ethernet(_ packet: [UInt8], tags: Int = 0) -> [UInt8] {
    var frame = [UInt8](repeating: 0xAA, count: 12)
    for _ in 0..<tags { frame += [0x81, 0x00, 0x00, 0x05] }
    return frame + (packet.first.map { $0 >> 4 } == 6 ? [0x86, 0xDD] : [0x08, 0x00]) + packet
  }

  /// The sum over which checksums are made, of 16-bit words.
  public static func sum(_ bytes: [UInt8]) -> Int {
    var total = 0
    for (index, byte) in bytes.enumerated() { total += index % 2 == 0 ? Int(byte) << 8 : Int(byte) }
    while total > 0xFFFF { total = total & 0xFFFF + total >> 16 }
    return total
  }

  public static func ip4(
    _ payload: [UInt8], from source: [UInt8] = alice, to destination: [UInt8] = bob, kind: UInt8, id: Int = 1,
    offset: Int = 0, more: Bool = false, options: [UInt8] = []
  ) -> [UInt8] {
    var header: [UInt8] = [0x40 | UInt8(5 + options.count / 4), 0]
    header += bytes16(20 + options.count + payload.count) + bytes16(id)
    header += bytes16((more ? 0x2000 : 0) | offset / 8) + [64, kind, 0, 0] + source + destination + options
    let checksum = ~sum(header) & 0xFFFF
    header.replaceSubrange(10..<12, with: bytes16(checksum))
    return header + payload
  }

  /// - Parameter extensions: next-header number and the rest of each header, in order.
  public static func ip6(
    _ payload: [UInt8], from source: [UInt8] = alice6, to destination: [UInt8] = bob6, kind: UInt8,
    extensions: [(kind: UInt8, rest: [UInt8])] = []
  ) -> [UInt8] {
    var chain: [UInt8] = []
    for (index, header) in extensions.enumerated() {
      chain += [index + 1 < extensions.count ? extensions[index + 1].kind : kind] + header.rest
    }
    return [0x60, 0, 0, 0] + bytes16(chain.count + payload.count) + [extensions.first?.kind ?? kind, 64] + source
      + destination + chain + payload
  }

  public static func udp(
    _ payload: [UInt8], _ sourcePort: Int = 5060, _ destinationPort: Int = 5060, from source: [UInt8] = alice,
    to destination: [UInt8] = bob
  ) -> [UInt8] {
    let length = bytes16(8 + payload.count)
    let start = bytes16(sourcePort) + bytes16(destinationPort) + length
    let checksum = ~sum(source + destination + [0, 17] + length + start + [0, 0] + payload) & 0xFFFF
    return start + bytes16(checksum == 0 ? 0xFFFF : checksum) + payload
  }

  public static func tcp(
    _ payload: [UInt8], sequence: UInt32, flags: UInt8 = 0x18, _ sourcePort: Int = 40_000,
    _ destinationPort: Int = 5060, options: [UInt8] = []
  ) -> [UInt8] {
    bytes16(sourcePort) + bytes16(destinationPort) + bytes32(sequence) + bytes32(0)
      + [UInt8(5 + options.count / 4) << 4, flags, 0xFF, 0xFF, 0, 0, 0, 0] + options + payload
  }

  public static func rtp(
    _ sequence: UInt16, timestamp: UInt32, ssrc: UInt32 = 7, payloadType: UInt8 = 0, marker: Bool = false,
    payload: [UInt8] = [UInt8](repeating: 0xFF, count: 160)
  ) -> [UInt8] {
    [0x80, (marker ? 0x80 : 0) | payloadType] + bytes16(Int(sequence)) + bytes32(timestamp) + bytes32(ssrc) + payload
  }
}
