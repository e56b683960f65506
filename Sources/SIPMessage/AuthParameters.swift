// The parameters of a challenge or of credentials (RFC 3261 §25.1, RFC 7616 §3.3, §3.4): `Digest name="value", …`.
// Verifies nothing.

import Basics

public struct AuthParameters: Sendable {
  /// As written: `Digest`.
  public let scheme: ByteString
  private let text: [UInt8]
  private let found: [ParameterExtent]

  /// nil where it is malformed, or a name stands there twice.
  public init?(_ value: ArraySlice<UInt8>) {
    guard value.count <= SIPLimits.maxMessageBytes else { return nil }
    let copy = Array(value)
    let span = copy.span
    var i = 0
    span.skip(.token, &i, span.count)
    guard i > 0, i < span.count, span[i] == 0x20 || span[i] == 0x09,
      let parameters = Self.parameters(span, i)
    else { return nil }
    scheme = ByteString(copy[..<i])
    found = parameters
    text = copy
  }

  private static func parameters(_ span: Span<UInt8>, _ start: Int) -> [ParameterExtent]? {
    var result: [ParameterExtent] = []
    result.reserveCapacity(12)
    var i = start
    let end = span.count
    while i < end {
      // Reads as `;name=value` does, with the comma (or the space behind the scheme) in the place of the semicolon.
      guard let parameter = span.scanParameter(&i, end), parameter.hasValue,
        result.count < SIPLimits.maxAuthParameters, i == end || span[i] == UInt8(ascii: ",")
      else { return nil }
      for other in result where isSameName(span, other.name, parameter.name) { return nil }
      result.append(parameter)
    }
    return result
  }

  private static func isSameName(_ span: Span<UInt8>, _ a: Extent, _ b: Extent) -> Bool {
    guard a.count == b.count else { return false }
    for offset in 0..<a.count
    where span[Int(a.start) + offset].asciiLowercased != span[Int(b.start) + offset].asciiLowercased {
      return false
    }
    return true
  }

  /// Unquoted; nil where there is no such parameter. Names are compared without case.
  public subscript(_ name: StaticString) -> ByteString? {
    let span = text.span
    let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    for parameter in found where span.isSameToken(Int(parameter.name.start), Int(parameter.name.end), wanted) {
      return ByteString(unquoting: span, parameter.value)
    }
    return nil
  }

  /// Whether the scheme is `Digest`, in any case.
  public var isDigest: Bool { scheme.equalsIgnoringCase("Digest") }
}
