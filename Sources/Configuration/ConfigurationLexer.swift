// Bytes to tokens: words, quoted strings, braces, ends of statements and comments, each with its position.
// It never stops at an error: it reports and goes on.

import Basics

struct ConfigurationLexer {
  enum Token {
    case word(Word)
    case open
    case close
    case semicolon
    case newline
    /// Without `#`, blanks at both ends removed.
    case comment(ByteString)
    case end
  }

  private let bytes: [UInt8]
  private var offset = 0
  private var here = Position.start
  /// Where the latest token began.
  private(set) var position = Position.start
  /// One complaint a line about bytes that are no text is enough.
  private var lastBadLine = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func next(_ problems: inout Problems) -> Token {
    while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0D { step(&problems) }
    position = here
    guard let byte else { return .end }
    switch byte {
    case 0x0A:
      step(&problems)
      return .newline
    case UInt8(ascii: "{"):
      step(&problems)
      return .open
    case UInt8(ascii: "}"):
      step(&problems)
      return .close
    case UInt8(ascii: ";"):
      step(&problems)
      return .semicolon
    case UInt8(ascii: "#"): return .comment(comment(&problems))
    case UInt8(ascii: "\""): return .word(quoted(&problems))
    default: return .word(bare(&problems))
    }
  }

  private mutating func comment(_ problems: inout Problems) -> ByteString {
    step(&problems)
    if byte == 0x20 { step(&problems) }
    let start = offset
    while let byte, byte != 0x0A { step(&problems) }
    var text = bytes[start..<offset]
    while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D { text.removeLast() }
    return ByteString(text)
  }

  private mutating func bare(_ problems: inout Problems) -> Word {
    let start = offset
    scan: while let byte {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): break scan
      case UInt8(ascii: "\""):
        problems.add(
          ConfigurationError(
            .syntax, at: here, found: Phrase("a quotation mark inside a word", "词中的引号"),
            expected: Phrase("a blank before it, or the whole word in quotation marks", "引号前有空格，或整个词放在引号内")))
        break scan
      default: step(&problems)
      }
    }
    return checked(Word(ByteString(bytes[start..<offset]), at: position), &problems)
  }

  private mutating func quoted(_ problems: inout Problems) -> Word {
    step(&problems)
    var text: [UInt8] = []
    while true {
      guard let byte, byte != 0x0A else {
        problems.add(
          ConfigurationError(
            .syntax, at: position, found: Phrase("a quoted text without an end on its line", "本行内未结束的引号文本"),
            expected: Phrase("a closing quotation mark", "同一行上的右引号")))
        break
      }
      if byte == UInt8(ascii: "\"") {
        step(&problems)
        break
      }
      if byte == UInt8(ascii: "\\") {
        escape(into: &text, &problems)
        continue
      }
      let start = offset
      step(&problems)
      text += bytes[start..<offset]
    }
    return checked(Word(ByteString(text), isQuoted: true, at: position), &problems)
  }

  /// `\"`, `\\`, `\n`, `\t` and `\u{1F4DE}`.
  private mutating func escape(into text: inout [UInt8], _ problems: inout Problems) {
    let start = here
    step(&problems)
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(bytes[offset])
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      if let (scalar, length) = unicodeEscape() {
        text += UTF8.encode(scalar)
        offset += length
        here.column += length
        return
      }
      fallthrough
    default:
      problems.add(
        ConfigurationError(
          .syntax, at: start, found: Phrase("a backslash before something else", "后接其他字符的反斜杠"),
          expected: Phrase("one of \\\" \\\\ \\n \\t \\u{…}", "\\\" \\\\ \\n \\t \\u{…} 之一")))
      return
    }
    step(&problems)
  }

  /// The character of `u{1F4DE}` and how many bytes that took, nil when it does not stand here.
  private func unicodeEscape() -> (Unicode.Scalar, length: Int)? {
    var index = offset + 1
    guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return nil }
    index += 1
    var value: UInt32 = 0
    let firstDigit = index
    while index < bytes.count, index - firstDigit < 6, let digit = bytes[index].hexValue {
      value = value << 4 | UInt32(digit)
      index += 1
    }
    guard index > firstDigit, index < bytes.count, bytes[index] == UInt8(ascii: "}"), value > 0,
      let scalar = Unicode.Scalar(value)
    else { return nil }
    return (scalar, index + 1 - offset)
  }

  private func checked(_ word: Word, _ problems: inout Problems) -> Word {
    guard word.text.count > ConfigurationLimits.maximumWordBytes else { return word }
    problems.add(
      ConfigurationError(
        .limit, at: word.position,
        found: Phrase("a word of ", "一个词，长度 ") + ByteString(word.text.count) + Phrase(" bytes", " 字节"),
        expected: Phrase("at most ", "最多 ") + ByteString(ConfigurationLimits.maximumWordBytes)
          + Phrase(" bytes", " 字节")))
    return Word(ByteString(word.text.bytes.prefix(16)), isQuoted: word.isQuoted, at: word.position)
  }

  /// Goes on by one character, or by one byte that is none.
  private mutating func step(_ problems: inout Problems) {
    let byte = bytes[offset]
    if byte < 0x80 {
      offset += 1
      if byte == 0x0A {
        here = Position(line: here.line + 1, column: 1)
        return
      }
      if byte < 0x20 && byte != 0x09 && byte != 0x0D || byte == 0x7F {
        complain(Phrase("a control character", "控制字符"), &problems)
      }
    } else if let length = UTF8.sequenceLength(in: bytes, at: offset) {
      offset += length
    } else {
      complain(Phrase("bytes that are not UTF-8", "非 UTF-8 字节"), &problems)
      offset += 1
    }
    here.column += 1
  }

  private mutating func complain(_ found: Phrase, _ problems: inout Problems) {
    guard lastBadLine != here.line else { return }
    lastBadLine = here.line
    problems.add(
      ConfigurationError(.syntax, at: here, found: found, expected: Phrase("text in UTF-8", "UTF-8 文本")))
  }
}

/// RFC 3629, without the machinery of `String`.
enum UTF8 {
  /// The bytes of the well-formed character of two to four bytes that begins at `index`, nil if none does.
  static func sequenceLength(in bytes: [UInt8], at index: Int) -> Int? {
    let lead = bytes[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { second = 0xA0...0xBF } else if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { second = 0x90...0xBF } else if lead == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
    for following in bytes[(index + 2)..<(index + length)] where following & 0xC0 != 0x80 { return nil }
    return length
  }

  static func encode(_ scalar: Unicode.Scalar) -> [UInt8] {
    let value = scalar.value
    func low(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
    switch value {
    case 0..<0x80: return [UInt8(truncatingIfNeeded: value)]
    case 0x80..<0x800: return [0xC0 | UInt8(truncatingIfNeeded: value >> 6), low(0)]
    case 0x800..<0x1_0000: return [0xE0 | UInt8(truncatingIfNeeded: value >> 12), low(6), low(0)]
    default: return [0xF0 | UInt8(truncatingIfNeeded: value >> 18), low(12), low(6), low(0)]
    }
  }
}
