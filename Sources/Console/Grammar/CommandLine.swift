// A typed line as words with their places, for matching and for completion at the cursor.

import Basics
import Configuration

public struct CommandLine: Sendable {
  public struct Word: Hashable, Sendable {
    /// Without quotation marks.
    public var text: ByteString
    public var isQuoted: Bool
    /// In bytes of the line.
    public var offset: Int
    public var end: Int
  }

  public private(set) var words: [Word] = []
  /// The line ends behind a blank, so that a new word would begin.
  public private(set) var endsWithBlank = true

  /// Blanks part words but in quotation marks; in those a backslash takes the next byte as it is.
  public init(_ line: ByteString) {
    let bytes = line.bytes
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x20 || bytes[index] == 0x09 {
        index += 1
        endsWithBlank = true
        continue
      }
      let (word, end) = Self.word(bytes, at: index)
      words.append(word)
      endsWithBlank = false
      index = end
    }
  }

  private static func word(_ bytes: [UInt8], at start: Int) -> (Word, end: Int) {
    var text: [UInt8] = []
    var index = start
    guard bytes[start] == UInt8(ascii: "\"") else {
      while index < bytes.count, bytes[index] != 0x20, bytes[index] != 0x09 { index += 1 }
      return (Word(text: ByteString(bytes[start..<index]), isQuoted: false, offset: start, end: index), index)
    }
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
      text.append(bytes[index])
      index += 1
    }
    let end = min(index + 1, bytes.count)
    return (Word(text: ByteString(text), isQuoted: true, offset: start, end: end), end)
  }

  /// The words before the one that is being typed, and that one; an empty one behind a blank.
  public func split(lineEnd: Int) -> (before: [Word], typed: Word) {
    guard !endsWithBlank, let last = words.last else {
      return (words, Word(text: "", isQuoted: false, offset: lineEnd, end: lineEnd))
    }
    return (Array(words.dropLast()), last)
  }
}

/// What could stand at the cursor.
public struct Candidate: Hashable, Sendable {
  /// As it is inserted; for a placeholder what people read.
  public var text: ByteString
  public var help: ByteString
  /// Stands for a value that cannot be listed.
  public var isPlaceholder: Bool
  /// What the daemon has to be asked to know the values that a placeholder stands for.
  public var source: ValueSource.StaticQuestion?

  public init(
    _ text: ByteString, _ help: ByteString = "", isPlaceholder: Bool = false,
    source: ValueSource.StaticQuestion? = nil
  ) {
    self.text = text
    self.help = help
    self.isPlaceholder = isPlaceholder
    self.source = source
  }
}

public struct Completion: Hashable, Sendable {
  /// Where the word begins that the candidates stand for, in bytes.
  public var offset: Int
  public var candidates: [Candidate]
  /// The line may end here.
  public var mayEnd: Bool
  /// The daemon has to be asked this for more candidates.
  public var question: ValueSource.StaticQuestion? { candidates.lazy.compactMap { $0.source }.first }

  public init(offset: Int, candidates: [Candidate] = [], mayEnd: Bool = false) {
    self.offset = offset
    self.candidates = candidates
    self.mayEnd = mayEnd
  }

  /// Those that begin with what was typed.
  public mutating func keep(_ typed: ByteString) {
    candidates.removeAll { !$0.isPlaceholder && !$0.text.hasPrefix(typed) }
  }

  /// What all known candidates have in common. Empty where something else may be meant: nothing is typed yet, and a value
  /// may stand that is not known.
  public func commonStart(typed: ByteString) -> ByteString {
    let known = candidates.filter { !$0.isPlaceholder }
    guard let first = known.first, known.count == candidates.count || !typed.isEmpty else { return "" }
    var common = first.text.bytes[...]
    for candidate in known.dropFirst() {
      let shared = zip(common, candidate.text.bytes).prefix { $0 == $1 }.count
      common = common.prefix(shared)
    }
    // Never a part of a character.
    while !common.isEmpty, common.endIndex < first.text.count, first.text.bytes[common.endIndex] & 0xC0 == 0x80 {
      common = common.dropLast()
    }
    return ByteString(common)
  }
}
