// IP addresses, endpoints and subnets as values, with their textual forms.

public enum IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// Host byte order: 127.0.0.1 is 0x7F000001.
  case v4(UInt32)
  case v6(high: UInt64, low: UInt64)

  public static let anyV4 = IPAddress.v4(0)
  public static let loopbackV4 = IPAddress.v4(0x7F00_0001)

  @inlinable public var isV4: Bool { if case .v4 = self { true } else { false } }
  public var isUnspecified: Bool {
    switch self {
    case .v4(let a): a == 0
    case .v6(let high, let low): high == 0 && low == 0
    }
  }

  /// Reads `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`.
  public init?(_ text: ArraySlice<UInt8>) {
    var text = text
    if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") { text = text.dropFirst().dropLast() }
    if text.contains(UInt8(ascii: ":")) {
      guard let value = Self.parseV6(text) else { return nil }
      self = value
    } else {
      guard let value = Self.parseV4(text) else { return nil }
      self = .v4(value)
    }
  }
  public init?(_ text: ByteString) { self.init(text.bytes[...]) }

  private static func parseV4(_ text: ArraySlice<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    var (octets, octet, digits) = (0, 0 as UInt32, 0)
    for byte in text {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, octets < 3 else { return nil }
        value = value << 8 | octet
        (octets, octet, digits) = (octets + 1, 0, 0)
      } else {
        guard byte.isASCIIDigit, digits < 3 else { return nil }
        octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
        digits += 1
        guard octet <= 255 else { return nil }
      }
    }
    return octets == 3 && digits > 0 ? value << 8 | octet : nil
  }

  private static func parseV6(_ text: ArraySlice<UInt8>) -> IPAddress? {
    var head: [UInt16] = []
    var tail: [UInt16] = []
    var sawGap = false
    var rest = text
    if rest.starts(with: [0x3A, 0x3A]) {
      sawGap = true
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x3A) ?? rest.endIndex
      let group = rest[rest.startIndex..<end]
      if end == rest.endIndex, group.contains(UInt8(ascii: ".")) {
        guard let v4 = parseV4(group) else { return nil }
        let pair = [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
        if sawGap { tail += pair } else { head += pair }
        rest = []
        break
      }
      guard !group.isEmpty, group.count <= 4 else { return nil }
      var value: UInt16 = 0
      for byte in group {
        guard let digit = byte.hexValue else { return nil }
        value = value << 4 | UInt16(digit)
      }
      if sawGap { tail.append(value) } else { head.append(value) }
      guard end < rest.endIndex else { break }
      rest = rest[(end + 1)...]
      if rest.first == 0x3A {
        guard !sawGap else { return nil }
        sawGap = true
        rest = rest.dropFirst()
      } else if rest.isEmpty {
        return nil
      }
    }
    let given = head.count + tail.count
    guard sawGap ? given < 8 : given == 8 else { return nil }
    let groups = head + [UInt16](repeating: 0, count: 8 - given) + tail
    func half(_ slice: ArraySlice<UInt16>) -> UInt64 { slice.reduce(0) { $0 << 16 | UInt64($1) } }
    return .v6(high: half(groups[..<4]), low: half(groups[4...]))
  }

  public var text: ByteString {
    var writer = ByteWriter(capacity: 40)
    write(to: &writer)
    return ByteString(writer.bytes)
  }

  public func write(to writer: inout ByteWriter) {
    switch self {
    case .v4(let a):
      for shift in [24, 16, 8, 0] as [UInt32] {
        if shift < 24 { writer.append(UInt8(ascii: ".")) }
        writer.append(decimal: Int(a >> shift & 0xFF))
      }
    case .v6(let high, let low):
      Self.writeV6(high, low, to: &writer)
    }
  }

  /// RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups shortened.
  private static func writeV6(_ high: UInt64, _ low: UInt64, to writer: inout ByteWriter) {
    var groups: [UInt16] = []
    for half in [high, low] {
      for shift in [48, 32, 16, 0] as [UInt64] { groups.append(UInt16(truncatingIfNeeded: half >> shift)) }
    }
    var gap = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8 && groups[end] == 0 { end += 1 }
      if end - index > max(1, gap.count) { gap = index..<end }
      index = max(end, index + 1)
    }
    for (index, group) in groups.enumerated() {
      if gap.contains(index) {
        if index == gap.lowerBound { writer.append("::") }
        continue
      }
      if index > 0 && index != gap.upperBound { writer.append(UInt8(ascii: ":")) }
      let digits = group > 0xFFF ? 4 : group > 0xFF ? 3 : group > 0xF ? 2 : 1
      writer.append(hex: UInt64(group), digits: digits)
    }
  }
}

/// An address and a port.
public struct Endpoint: Hashable, Sendable, BitwiseCopyable {
  public var address: IPAddress
  public var port: UInt16

  @inlinable public init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Reads `192.0.2.1:5060` or `[2001:db8::1]:5060`; without a port, `defaultPort` if one is given.
  public init?(_ text: ByteString, defaultPort: UInt16? = nil) {
    let bytes = text.bytes
    let hostEnd: Int
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      hostEnd = close + 1
    } else {
      hostEnd = bytes.firstIndex(of: 0x3A) ?? bytes.count
    }
    guard let address = IPAddress(bytes[..<hostEnd]) else { return nil }
    if hostEnd == bytes.count {
      guard let defaultPort else { return nil }
      self.init(address, defaultPort)
      return
    }
    guard bytes[hostEnd] == 0x3A, let port = Int(decimalDigits: bytes[(hostEnd + 1)...]), port > 0, port <= 65535
    else { return nil }
    self.init(address, UInt16(port))
  }

  /// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
  public var text: ByteString {
    var writer = ByteWriter(capacity: 48)
    write(to: &writer)
    return ByteString(writer.bytes)
  }
  public func write(to writer: inout ByteWriter) {
    if !address.isV4 { writer.append(UInt8(ascii: "[")) }
    address.write(to: &writer)
    if !address.isV4 { writer.append(UInt8(ascii: "]")) }
    writer.append(UInt8(ascii: ":"))
    writer.append(decimal: Int(port))
  }
}

/// A subnet in prefix notation.
public struct Subnet: Hashable, Sendable {
  public let address: IPAddress
  public let prefixLength: Int

  public init?(_ address: IPAddress, prefixLength: Int) {
    guard prefixLength >= 0, prefixLength <= (address.isV4 ? 32 : 128) else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Reads `192.168.0.0/16`; a bare address stands for itself alone.
  public init?(_ text: ByteString) {
    let parts = text.bytes.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    let whole = address.isV4 ? 32 : 128
    guard let length = parts.count == 2 ? Int(decimalDigits: parts[1]) : whole else { return nil }
    self.init(address, prefixLength: length)
  }

  public var text: ByteString { address.text + "/" + ByteString(prefixLength) }

  public func contains(_ other: IPAddress) -> Bool {
    func same(_ a: UInt64, _ b: UInt64, _ bits: Int) -> Bool {
      bits <= 0 || (a ^ b) >> UInt64(64 - min(bits, 64)) == 0
    }
    switch (address, other) {
    case (.v4(let a), .v4(let b)):
      return same(UInt64(a) << 32, UInt64(b) << 32, prefixLength)
    case (.v6(let ah, let al), .v6(let bh, let bl)):
      return same(ah, bh, prefixLength) && same(al, bl, prefixLength - 64)
    default:
      return false
    }
  }
}
