// What the box says in words of its own, with names and numbers in them. They go over the control socket, into the log and
// onto the disk in English, which is what programs look for; here they become what a person reads, in both languages.
// Whatever is not known stays as it is: a comment that somebody typed, the words of a library.

import Basics
import Configuration

public enum Sentence {
  /// Sentences within a sentence: `cannot start: bind …: EADDRINUSE` has three.
  private static var deepest: Int { 4 }
  private static var usage: ByteString { "usage: " }

  /// - Parameter comment: of a revision: the box's own, or somebody's, in which no other words are meant.
  public static func phrase(comment: ByteString) -> Phrase { formed(comment, commits, deepest) ?? Phrase(comment) }

  public static func phrase(_ said: ByteString) -> Phrase {
    guard said.hasPrefix(usage) else { return formed(said, deepest) ?? Phrase(said) }
    let words = said.dropFirst(usage.count)
    return Phrase("usage: ", "用法：") + (formed(words, deepest) ?? Phrase(words, withChinesePlaceholders(words)))
  }

  /// nil: it is none that is known.
  private static func formed(_ said: ByteString, _ depth: Int) -> Phrase? {
    for entry in errors where ByteString(entry.name) == said {
      return Phrase(entry.help.text(.english) + " (" + said + ")", entry.help.text(.chinese) + "（" + said + "）")
    }
    for entry in FieldName.testFailures where ByteString(entry.key) == said {
      return Phrase(entry.help.text(.english), entry.help.text(.chinese))
    }
    if let phrase = formed(said, forms, depth) { return phrase }
    // `what: ENOSPC`, whatever was done.
    guard let end = said.bytes.lastIndex(of: UInt8(ascii: ":")), end + 2 < said.count,
      let cause = formed(said.dropFirst(end + 2), 1)
    else { return nil }
    return Phrase(ByteString(said.bytes[..<end])) + Phrase(": ", "：") + cause
  }

  private static func formed(_ said: ByteString, _ forms: [Form], _ depth: Int) -> Phrase? {
    guard depth > 0 else { return nil }
    for form in forms {
      guard let parts = parts(of: said, ByteString(form.said)) else { continue }
      return fill(ByteString(form.said), ByteString(form.chinese), parts, depth)
    }
    return nil
  }

  /// What stands where the form has `*`; nil: it is of another form.
  private static func parts(of said: ByteString, _ form: ByteString) -> [ByteString]? {
    let pieces = form.bytes.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
    guard let first = pieces.first, said.bytes.starts(with: first) else { return nil }
    var rest = said.bytes[first.count...]
    var parts: [ByteString] = []
    for (index, piece) in pieces.enumerated().dropFirst() {
      let isLast = index == pieces.count - 1
      let place = isLast ? lastPlace(of: piece, in: rest) : firstPlace(of: piece, in: rest)
      guard let place else { return nil }
      parts.append(ByteString(rest[..<place]))
      rest = rest[(place + piece.count)...]
    }
    return rest.isEmpty ? parts : nil
  }

  private static func firstPlace(of piece: ArraySlice<UInt8>, in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.first { bytes[$0...].starts(with: piece) }
  }
  private static func lastPlace(of piece: ArraySlice<UInt8>, in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.suffix(piece.count).elementsEqual(piece) ? bytes.endIndex - piece.count : nil
  }

  /// Behind a colon at the end of a form stands a sentence again.
  private static func fill(_ form: ByteString, _ chinese: ByteString, _ parts: [ByteString], _ depth: Int) -> Phrase {
    let endsInSentence = form.bytes.suffix(3).elementsEqual(ByteString(": *").bytes)
    let phrases = parts.enumerated().map { index, part in
      (endsInSentence && index == parts.count - 1 ? formed(part, depth - 1) : nil) ?? Phrase(part)
    }
    return Phrase(filled(form, phrases.map { $0.english }), filled(chinese, phrases.map { $0.chinese }))
  }

  private static func filled(_ form: ByteString, _ parts: [ByteString]) -> ByteString {
    var rest = parts[...]
    var text = ByteWriter()
    for byte in form.bytes {
      if byte == UInt8(ascii: "*"), let part = rest.popFirst() { text.append(part) } else { text.append(byte) }
    }
    return ByteString(text.bytes)
  }

  /// `agent login EXTENSION` as `agent login 分机`.
  private static func withChinesePlaceholders(_ words: ByteString) -> ByteString {
    var text = ByteWriter()
    var rest = words.bytes[...]
    while let byte = rest.first {
      let capitals = rest.prefix { $0.isASCIILetter && $0.asciiLowercased != $0 }
      guard !capitals.isEmpty else {
        text.append(byte)
        rest = rest.dropFirst()
        continue
      }
      let word = ByteString(capitals)
      let chinese = placeholders.first { ByteString($0.word) == word }.map { ByteString($0.chinese) }
      text.append(chinese ?? word)
      rest = rest.dropFirst(capitals.count)
    }
    return ByteString(text.bytes)
  }
}
