// Command lines to filters. A `|` in quotation marks is none; whatever is wrong is said in both languages, with its place.

import Basics
import Configuration

public struct OutputFilterError: Error, Hashable, Sendable {
  public var text: Phrase
  /// Where in the line, in bytes.
  public var offset: Int
}

extension OutputFilter {
  /// The command before the first `|`, without the blanks at its end, and the filters behind it.
  public static func split(
    _ line: ByteString
  ) throws(OutputFilterError) -> (command: ByteString, filter: OutputFilter) {
    let parts = parts(of: line.bytes)
    var command = line.bytes[parts[0]]
    while command.last == 0x20 { command.removeLast() }
    guard parts.count - 1 <= ConsoleLimits.filters else {
      throw OutputFilterError(
        text: Phrase("at most ", "最多 ") + ByteString(ConsoleLimits.filters) + Phrase(" filters", " 个过滤器"),
        offset: parts[ConsoleLimits.filters + 1].lowerBound)
    }
    var steps: [Step] = []
    var isPaged = true
    for part in parts.dropFirst() {
      if let step = try step(line.bytes, part) { steps.append(step) } else { isPaged = false }
    }
    return (ByteString(command), OutputFilter(steps: steps, isPaged: isPaged))
  }

  /// Where the last `|` stands that is not quoted.
  static func lastBar(in line: ByteString) -> Int? {
    let parts = parts(of: line.bytes)
    return parts.count > 1 ? parts[parts.count - 1].lowerBound - 1 : nil
  }

  /// What lies between the `|` that are not quoted; at least one range.
  private static func parts(of bytes: [UInt8]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    var quotes = QuotedText.State()
    for (offset, byte) in bytes.enumerated() {
      if quotes.take(byte) || byte != UInt8(ascii: "|") { continue }
      parts.append(start..<offset)
      start = offset + 1
    }
    return parts + [start..<bytes.count]
  }

  /// One filter; nil for `no-more`.
  private static func step(_ bytes: [UInt8], _ part: Range<Int>) throws(OutputFilterError) -> Step? {
    let words = try words(bytes, part)
    guard let first = words.first else {
      throw OutputFilterError(
        text: Phrase("no filter behind \"|\"; there are ", "“|”后没有过滤器；可用：") + names, offset: part.lowerBound)
    }
    guard let verb = verb(first.text) else {
      throw OutputFilterError(
        text: Phrase("unknown filter ", "未知的过滤器 ") + Phrase(quoting: TerminalText.visible(first.text))
          + Phrase("; there are ", "；可用：") + names, offset: first.offset)
    }
    switch verb {
    case .match: return .match(try pattern(verb, words, end: part.upperBound))
    case .except: return .except(try pattern(verb, words, end: part.upperBound))
    case .find: return .find(try pattern(verb, words, end: part.upperBound))
    case .last: return .last(try number(words, end: part.upperBound))
    case .count, .noMore:
      if words.count > 1 {
        throw OutputFilterError(
          text: Phrase(ByteString(verb.name)) + Phrase(" takes nothing behind it", " 后不能带参数"), offset: words[1].offset)
      }
      return verb == .count ? .count : nil
    }
  }

  static func verb(_ word: ByteString) -> Verb? {
    let fitting = Verb.allCases.filter { verb in
      let name = ByteString(verb.name)
      return name.count >= word.count && ByteString(name.bytes.prefix(word.count)).equalsIgnoringCase(word)
    }
    return !word.isEmpty && fitting.count == 1 ? fitting[0] : nil
  }

  private static var names: ByteString {
    var list: ByteString = ""
    for verb in Verb.allCases {
      if !list.isEmpty { list += ", " }
      list += ByteString(verb.name)
    }
    return list
  }

  private static func pattern(_ verb: Verb, _ words: [Word], end: Int) throws(OutputFilterError) -> LinePattern {
    let name = Phrase(ByteString(verb.name))
    guard words.count >= 2, !words[1].text.isEmpty else {
      throw OutputFilterError(
        text: name + Phrase(" needs a text to look for", " 需要要查找的文本"), offset: words.count >= 2 ? words[1].offset : end)
    }
    guard words.count == 2 else {
      throw OutputFilterError(
        text: name + Phrase(" takes one text; put quotation marks around it", " 只接受一个文本；请加双引号"),
        offset: words[2].offset)
    }
    guard words[1].text.count <= ConsoleLimits.patternBytes else {
      throw OutputFilterError(
        text: Phrase("the text is longer than ", "文本长度超过 ") + ByteString(ConsoleLimits.patternBytes)
          + Phrase(" bytes", " 字节"), offset: words[1].offset)
    }
    return LinePattern(words[1].text)
  }

  private static func number(_ words: [Word], end: Int) throws(OutputFilterError) -> Int {
    guard words.count == 2, let number = words[1].text.decimalValue, 1...ConsoleLimits.lastLines ~= number else {
      throw OutputFilterError(
        text: Phrase("last needs a number from 1 to ", "last 需要一个数，范围 1 到 ") + ByteString(ConsoleLimits.lastLines),
        offset: words.count >= 2 ? words[words.count == 2 ? 1 : 2].offset : end)
    }
    return number
  }

  // MARK: Words

  private struct Word {
    var text: ByteString
    var offset: Int
  }

  /// Words between blanks, quotation marks removed: `a" b"` is one.
  private static func words(_ bytes: [UInt8], _ part: Range<Int>) throws(OutputFilterError) -> [Word] {
    var words: [Word] = []
    var current: Word?
    var quotes = QuotedText.State()
    var opened = part.lowerBound
    for offset in part {
      let byte = bytes[offset]
      let before = quotes
      let isQuoted = quotes.take(byte)
      if !before.isOpen && byte == 0x20 {
        if let word = current { words.append(word) }
        current = nil
        continue
      }
      if !before.isOpen && quotes.isOpen { opened = offset }
      var word = current ?? Word(text: "", offset: offset)
      let isMark = byte == UInt8(ascii: "\"")
      // A backslash before anything else is one: patterns have a use for it.
      if before.isEscaping && !isMark && byte != UInt8(ascii: "\\") { word.text.bytes.append(UInt8(ascii: "\\")) }
      if isQuoted ? !quotes.isEscaping : !isMark { word.text.bytes.append(byte) }
      current = word
    }
    guard !quotes.isOpen else {
      throw OutputFilterError(text: Phrase("a quotation mark is not closed", "双引号没有闭合"), offset: opened)
    }
    if let word = current { words.append(word) }
    return words
  }
}
