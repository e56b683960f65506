// The value of From, To, Contact, Route, Refer-To and their like: an optional display name, a URI and parameters
// (RFC 3261 §20.10, §25.1 name-addr / addr-spec).

import Basics

///     NameAddress(ByteString("\"Li Wei\" <sip:200@example.cn>;tag=7f").bytes[...])?.tag
public struct NameAddress: Sendable, Hashable {
  /// Without quotes, escapes resolved; usually UTF-8.
  public var displayName: ByteString
  public var uri: SIPURI
  public var parameters: Parameters

  public init(displayName: ByteString = ByteString(), uri: SIPURI, tag: ByteString? = nil) {
    self.displayName = displayName
    self.uri = uri
    parameters = Parameters()
    if let tag { parameters.append("tag", tag) }
  }

  /// nil where it is malformed, or its URI is not sip, sips or tel.
  public init?(_ text: ArraySlice<UInt8>) {
    let span = text.span
    guard span.count <= SIPLimits.maxMessageBytes, let found = span.scanNameAddress(0, span.count),
      found.parts.kind != .other
    else { return nil }
    self.init(found, in: span)
  }
  public init?(_ text: ByteString) { self.init(text.bytes[...]) }

  init(_ found: AddressExtents, in span: Span<UInt8>) {
    displayName = ByteString(unquoting: span, found.displayName)
    uri = SIPURI(found.parts, in: span)
    parameters = Parameters(raw: ByteString(span, found.parameters))
  }

  /// The value, unquoted; empty for a parameter without one.
  public func parameter(_ name: StaticString) -> ByteString? { parameters[name] }

  public var tag: ByteString? { parameters["tag"] }
  /// Seconds; a number too large for 32 bits counts as the largest. nil where there is none, or no number.
  public var expires: Int? { parameters["expires"].flatMap { deltaSeconds($0.bytes[...]) } }
  /// The preference in thousandths, 1000 where none is given or it is malformed (RFC 3261 §20.10, §25.1 qvalue).
  public var q: Int { parameters["q"].flatMap { qValue($0.bytes[...]) } ?? 1000 }

  /// Always in the form with angle brackets, the display name quoted.
  public func write(to writer: inout ByteWriter) {
    if !displayName.isEmpty {
      writer.append(quoting: displayName)
      writer.append(UInt8(ascii: " "))
    }
    writer.append(UInt8(ascii: "<"))
    uri.write(to: &writer)
    writer.append(UInt8(ascii: ">"))
    writer.append(parameters.raw)
  }

  public var text: ByteString {
    var writer = ByteWriter(capacity: 64 + displayName.count + parameters.raw.count)
    write(to: &writer)
    return ByteString(writer.bytes)
  }
}

/// delta-seconds (RFC 3261 §20.19): clamped to 32 bits; nil where it is no number.
func deltaSeconds(_ digits: ArraySlice<UInt8>) -> Int? {
  guard !digits.isEmpty, digits.allSatisfy({ $0.isASCIIDigit }) else { return nil }
  return min(Int(decimalDigits: digits) ?? .max, 0xFFFF_FFFF)
}

/// `0.7`, `1`, `0.333`: in thousandths.
func qValue(_ text: ArraySlice<UInt8>) -> Int? {
  guard let first = text.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1"), text.count <= 5 else {
    return nil
  }
  var value = Int(first - 0x30) * 1000
  var weight = 100
  for (index, byte) in text.dropFirst().enumerated() {
    if index == 0 {
      guard byte == UInt8(ascii: ".") else { return nil }
      continue
    }
    guard byte.isASCIIDigit else { return nil }
    value += Int(byte - 0x30) * weight
    weight /= 10
  }
  return value <= 1000 ? value : nil
}

struct AddressExtents: Sendable, BitwiseCopyable {
  /// With its quotes, where it has some.
  var displayName = Extent.none
  var uri = Extent.none
  var parts = URIExtents()
  /// From the first semicolon on.
  var parameters = Extent.none
  var tag = Extent.none
}

extension Span where Element == UInt8 {
  /// The address that fills `start ..< end`, or nil where it is malformed. The URI may have any scheme.
  func scanNameAddress(_ start: Int, _ end: Int) -> AddressExtents? {
    var found = AddressExtents()
    var i = start
    skipSpace(&i, end)
    guard i < end else { return nil }
    guard let isBracketed = scanDisplayName(&i, end, &found) else { return nil }
    let uriStart = i
    if isBracketed {
      while i < end, self[i] != UInt8(ascii: ">") { i += 1 }
      guard i < end else { return nil }
    } else {
      // Without brackets what follows a semicolon belongs to the header, and no headers can stand in the URI (§20).
      while i < end, self[i] != UInt8(ascii: ";"), self[i] != 0x20, self[i] != 0x09 { i += 1 }
    }
    guard let parts = scanURI(uriStart, i) else { return nil }
    found.parts = parts
    found.uri = Extent(uriStart, i)
    if isBracketed {
      i += 1
    } else if !parts.headers.isEmpty || parts.kind == .other && hasComma(found.uri) {
      return nil
    }
    skipSpace(&i, end)
    let parametersStart = i
    var count = 0
    while i < end {
      count += 1
      guard self[i] == UInt8(ascii: ";"), count <= SIPLimits.maxParameters, let parameter = scanParameter(&i, end)
      else { return nil }
      if found.tag.isEmpty, matches(parameter.name, "tag") { found.tag = parameter.value }
    }
    found.parameters = Extent(parametersStart, end)
    return found
  }

  /// Moves `i` to the first byte of the URI and says whether it stands in angle brackets; nil where it is malformed.
  private func scanDisplayName(_ i: inout Int, _ end: Int, _ found: inout AddressExtents) -> Bool? {
    let start = i
    if self[i] == UInt8(ascii: "\"") {
      guard skipQuoted(&i, end) else { return nil }
      found.displayName = Extent(start, i)
      skipSpace(&i, end)
      guard i < end, self[i] == UInt8(ascii: "<") else { return nil }
      i += 1
      return true
    }
    // Tokens and space; UTF-8 is accepted without quotes too, as many phones send names so.
    var nameEnd = start
    while i < end {
      let byte = self[i]
      if CharacterClass.token.contains(byte) || byte >= 0x80 {
        nameEnd = i + 1
      } else if byte != 0x20 && byte != 0x09 {
        break
      }
      i += 1
    }
    if i < end, self[i] == UInt8(ascii: "<") {
      found.displayName = Extent(start, nameEnd)
      i += 1
      return true
    }
    i = start
    return false
  }

  private func hasComma(_ extent: Extent) -> Bool {
    for i in extent.range where self[i] == UInt8(ascii: ",") { return true }
    return false
  }
}
