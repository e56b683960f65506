// The `;name=value` list of URIs, addresses and Via, kept as written and searched when asked: such lists are short, and
// most of them are never looked at.

import Basics

public struct Parameters: Hashable, Sendable {
  /// As written, each with its leading semicolon: `;transport=tcp;lr`.
  public private(set) var raw: ByteString

  public init() { raw = ByteString() }
  init(raw: ByteString) { self.raw = raw }

  public var isEmpty: Bool { raw.isEmpty }

  /// The value, unquoted; empty for a parameter without one; nil where there is no such parameter. Names are compared
  /// without case.
  public subscript(_ name: StaticString) -> ByteString? {
    guard let found = find(name) else { return nil }
    return ByteString(unquoting: raw.bytes.span, found.value)
  }

  /// Adds a parameter. What is not a token is quoted.
  public mutating func append(_ name: StaticString, _ value: ByteString? = nil) {
    var writer = ByteWriter(capacity: raw.count + 32)
    writer.append(raw)
    writer.append(UInt8(ascii: ";"))
    writer.append(name)
    if let value {
      writer.append(UInt8(ascii: "="))
      if !value.isEmpty, value.bytes.allSatisfy(CharacterClass.parameterValue.contains) {
        writer.append(value)
      } else {
        writer.append(quoting: value)
      }
    }
    raw = ByteString(writer.bytes)
  }

  public mutating func remove(_ name: StaticString) {
    while let found = find(name) {
      let start = raw.bytes[..<Int(found.name.start)].lastIndex(of: UInt8(ascii: ";")) ?? 0
      raw.bytes.removeSubrange(start..<Int(max(found.name.end, found.value.end)))
    }
  }

  func find(_ name: StaticString) -> ParameterExtent? {
    guard raw.count <= SIPLimits.maxMessageBytes else { return nil }
    let span = raw.bytes.span
    var i = 0
    while i < span.count, span[i] == UInt8(ascii: ";"),
      let parameter = span.scanParameter(&i, span.count, name: .writtenName)
    {
      if span.matches(parameter.name, name) { return parameter }
    }
    return nil
  }

  /// Every parameter in order, name and value unescaped; the value is empty without one.
  func forEach(_ body: (ByteString, ByteString) -> Void) {
    guard raw.count <= SIPLimits.maxMessageBytes else { return }
    let span = raw.bytes.span
    var i = 0
    while i < span.count, span[i] == UInt8(ascii: ";"),
      let parameter = span.scanParameter(&i, span.count, name: .writtenName)
    {
      body(ByteString(unescaping: span, parameter.name), ByteString(unescaping: span, parameter.value))
    }
  }
}
