// What stands in front of an IP packet in a captured frame, and where the packet begins: the link-layer header types of
// https://www.tcpdump.org/linktypes.html that a Linux box meets.

public enum LinkType: Hashable, Sendable {
  case ethernet
  /// LINKTYPE_LINUX_SLL: what capturing on "any" made before libpcap 1.10.
  case linuxCooked
  /// LINKTYPE_LINUX_SLL2
  case linuxCooked2
  /// An IP packet of either version and nothing else.
  case raw
  /// A word for the address family in front; in the byte order of the machine, or of the network.
  case loopback

  /// The number in a file, or as libpcap gives it (DLT_ and LINKTYPE_ differ for raw alone).
  public init?(number: Int) {
    switch number {
    case 1: self = .ethernet
    case 113: self = .linuxCooked
    case 276: self = .linuxCooked2
    case 12, 14, 101, 228, 229: self = .raw
    case 0, 108: self = .loopback
    default: return nil
    }
  }

  /// Where the IP packet begins.
  func packetStart(_ frame: [UInt8]) throws(PacketRefusal) -> Int {
    let start =
      switch self {
      case .ethernet: try Self.behindEtherType(frame, at: 12)
      case .linuxCooked: try Self.behindEtherType(frame, at: 14)
      case .linuxCooked2: try cooked2(frame)
      case .raw: 0
      case .loopback: 4
      }
    guard start < frame.count else { throw .short }
    return start
  }

  /// The type stands first, and the packet behind all of the header.
  private func cooked2(_ frame: [UInt8]) throws(PacketRefusal) -> Int {
    guard frame.count >= 20 else { throw .short }
    let type = frame.word16(0)
    if Self.isTag(type) { return try Self.behindTags(frame, type, at: 20) }
    guard Self.isInternet(type) else { throw .notInternet }
    return 20
  }

  private static func behindEtherType(_ frame: [UInt8], at place: Int) throws(PacketRefusal) -> Int {
    guard frame.count >= place + 2 else { throw .short }
    return try behindTags(frame, frame.word16(place), at: place + 2)
  }

  /// Steps over IEEE 802.1Q tags (and 802.1ad, and the old 0x9100).
  private static func behindTags(_ frame: [UInt8], _ first: Int, at place: Int) throws(PacketRefusal) -> Int {
    var (type, start) = (first, place)
    var tags = 0
    while isTag(type) {
      guard tags < PacketLimits.maxTags, frame.count >= start + 4 else { throw .short }
      type = frame.word16(start + 2)
      start += 4
      tags += 1
    }
    guard isInternet(type) else { throw .notInternet }
    return start
  }

  private static func isTag(_ type: Int) -> Bool { type == 0x8100 || type == 0x88A8 || type == 0x9100 }
  private static func isInternet(_ type: Int) -> Bool { type == 0x0800 || type == 0x86DD }
}

extension [UInt8] {
  /// Big-endian; the caller has looked that it stands there.
  func word16(_ place: Int) -> Int { Int(self[place]) << 8 | Int(self[place + 1]) }
  func word32(_ place: Int) -> UInt32 {
    UInt32(self[place]) << 24 | UInt32(self[place + 1]) << 16 | UInt32(self[place + 2]) << 8 | UInt32(self[place + 3])
  }
  mutating func set16(_ place: Int, _ value: Int) {
    self[place] = UInt8(truncatingIfNeeded: value >> 8)
    self[place + 1] = UInt8(truncatingIfNeeded: value)
  }
}
