// A tree back to text: two blanks a level, one statement a line, comments kept. Formatting what was parsed from
// formatted text changes nothing.

import Basics

public enum ConfigurationFormatter {
  public static func format(_ block: Block) -> [UInt8] {
    var writer = ByteWriter(capacity: 4_096)
    write(block, level: 0, to: &writer)
    return writer.bytes
  }

  private static func write(_ block: Block, level: Int, to writer: inout ByteWriter) {
    for (index, node) in block.nodes.enumerated() {
      if node.hasGap && index > 0 { writer.append(0x0A) }
      for comment in node.comments { writeComment(comment, level: level, to: &writer) }
      write(node, level: level, to: &writer)
    }
    for comment in block.closingComments { writeComment(comment, level: level, to: &writer) }
  }

  private static func write(_ node: Node, level: Int, to writer: inout ByteWriter) {
    indent(level, &writer)
    write(node.name, to: &writer)
    for value in node.values {
      writer.append(0x20)
      write(value, to: &writer)
    }
    if node.block != nil { writer.append(" {") }
    if let comment = node.trailingComment {
      writer.append(comment.isEmpty ? "  #" : "  # ")
      writer.append(comment)
    }
    writer.append(0x0A)
    guard let block = node.block else { return }
    write(block, level: level + 1, to: &writer)
    indent(level, &writer)
    writer.append("}\n")
  }

  private static func writeComment(_ comment: ByteString, level: Int, to writer: inout ByteWriter) {
    indent(level, &writer)
    writer.append(comment.isEmpty ? "#" : "# ")
    writer.append(comment)
    writer.append(0x0A)
  }

  private static func indent(_ level: Int, _ writer: inout ByteWriter) {
    for _ in 0..<level { writer.append("  ") }
  }

  /// A word as a file has it.
  static func text(_ word: Word) -> ByteString {
    var writer = ByteWriter(capacity: word.text.count + 2)
    write(word, to: &writer)
    return ByteString(writer.bytes)
  }

  /// Quoted if it was, or if it could not be read back otherwise.
  private static func write(_ word: Word, to writer: inout ByteWriter) {
    if word.isQuoted || needsQuotes(word.text) {
      writeQuoted(word.text, to: &writer)
    } else {
      writer.append(word.text)
    }
  }

  /// Whether a bare word could not carry this text.
  public static func needsQuotes(_ text: ByteString) -> Bool {
    guard let first = text.bytes.first, first != UInt8(ascii: "#") else { return true }
    return text.bytes.contains(where: endsWord)
  }

  /// Whether a bare word ends before this byte.
  static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: "\""): true
    default: false
    }
  }

  static func writeQuoted(_ text: ByteString, to writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "\""))
    for byte in text.bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        writer.append(UInt8(ascii: "\\"))
        writer.append(byte)
      case 0x0A: writer.append("\\n")
      case 0x09: writer.append("\\t")
      case 0..<0x20, 0x7F:
        writer.append("\\u{")
        writer.append(hex: UInt64(byte), digits: 2)
        writer.append("}")
      default: writer.append(byte)
      }
    }
    writer.append(UInt8(ascii: "\""))
  }
}
