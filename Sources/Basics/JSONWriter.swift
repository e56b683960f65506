// Writing JSON (RFC 8259): commas and escapes in one place. The caller keeps objects and arrays balanced.

///     var json = JSONWriter()
///     json.object { $0.field("phones", 3) }
public struct JSONWriter {
  private var writer: ByteWriter
  private var needsComma = false

  public init(capacity: Int = 256) { writer = ByteWriter(capacity: capacity) }

  public var bytes: [UInt8] { writer.bytes }

  public mutating func object(_ body: (inout JSONWriter) -> Void) { enclose("{", "}", body) }
  public mutating func array(_ body: (inout JSONWriter) -> Void) { enclose("[", "]", body) }

  public mutating func value(_ text: ByteString) {
    separate()
    writeQuoted(text.bytes[...])
    needsComma = true
  }
  public mutating func value(_ number: Int) {
    separate()
    writer.append(decimal: number)
    needsComma = true
  }
  public mutating func value(_ flag: Bool) {
    separate()
    writer.append(flag ? "true" : "false")
    needsComma = true
  }
  public mutating func null() {
    separate()
    writer.append("null")
    needsComma = true
  }

  public mutating func key(_ name: StaticString) {
    separate()
    writeQuoted(ByteString(name).bytes[...])
    writer.append(UInt8(ascii: ":"))
    needsComma = false
  }
  public mutating func field(_ name: StaticString, _ text: ByteString) { key(name); value(text) }
  public mutating func field(_ name: StaticString, _ number: Int) { key(name); value(number) }
  public mutating func field(_ name: StaticString, _ flag: Bool) { key(name); value(flag) }
  public mutating func field(_ name: StaticString, _ text: ByteString?) {
    key(name)
    if let text { value(text) } else { null() }
  }
  public mutating func field(_ name: StaticString, _ number: Int?) {
    key(name)
    if let number { value(number) } else { null() }
  }
  public mutating func array(_ name: StaticString, _ body: (inout JSONWriter) -> Void) { key(name); array(body) }
  public mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) { key(name); object(body) }

  private mutating func separate() {
    if needsComma { writer.append(UInt8(ascii: ",")) }
  }
  private mutating func enclose(_ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void) {
    separate()
    writer.append(open)
    needsComma = false
    body(&self)
    writer.append(close)
    needsComma = true
  }
  private mutating func writeQuoted(_ text: ArraySlice<UInt8>) {
    writer.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""): writer.append("\\\"")
      case UInt8(ascii: "\\"): writer.append("\\\\")
      case 0x0A: writer.append("\\n")
      case 0..<0x20, 0x7F:
        writer.append("\\u")
        writer.append(hex: UInt64(byte), digits: 4)
      default: writer.append(byte)
      }
    }
    writer.append(UInt8(ascii: "\""))
  }
}
