// Other words for secrets in a text as a person has laid it out: everything else stays where it stands, so that an error
// is told with the line that the person sees.

import Basics

extension Block {
  /// - Parameters:
  ///   - text: that this tree was read from.
  ///   - replacement: of the path to the statement and its text; nil leaves it.
  public func splicingSecrets(
    into text: [UInt8], _ schema: [SchemaNode], _ replacement: (ByteString, ByteString) -> ByteString?
  ) -> [UInt8] {
    var words: [Word] = []
    collectSecrets(schema, path: "", into: &words, replacement)
    guard !words.isEmpty else { return text }
    words.sort { $0.position < $1.position }
    var place = TextPlace(text)
    var result = Array(text[..<place.offset])
    for word in words {
      let from = place.offset
      guard place.advance(to: word.position) else { continue }
      result += text[from..<place.offset]
      place.skipWord()
      result += ConfigurationFormatter.text(word).bytes
    }
    return result + text[place.offset...]
  }

  /// The new words, where the old ones stand.
  private func collectSecrets(
    _ schema: [SchemaNode], path: ByteString, into words: inout [Word],
    _ replacement: (ByteString, ByteString) -> ByteString?
  ) {
    for node in nodes {
      guard let description = schema.node(named: node.name.text) else { continue }
      let here = SchemaChecker.path(path, node, description)
      if let children = description.children {
        node.block?.collectSecrets(children, path: here, into: &words, replacement)
      } else if description.isSecret {
        for word in node.values {
          guard let text = replacement(here, word.text) else { continue }
          words.append(Word(text, at: word.position))
        }
      }
    }
  }
}

/// A place in a text, which only goes forward.
private struct TextPlace {
  let text: [UInt8]
  private(set) var offset: Int
  private var position = Position.start

  /// Behind a byte-order mark, as the lexer begins.
  init(_ text: [UInt8]) {
    self.text = text
    offset = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// False, and no step, where the position is behind already or not in the text.
  mutating func advance(to wanted: Position) -> Bool {
    var ahead = self
    while ahead.position < wanted, ahead.offset < text.count { ahead.step() }
    guard ahead.position == wanted, ahead.offset < text.count else { return false }
    self = ahead
    return true
  }

  /// A bare word, or one in quotation marks.
  mutating func skipWord() {
    guard text[offset] == UInt8(ascii: "\"") else {
      while offset < text.count, !ConfigurationFormatter.endsWord(text[offset]) { step() }
      return
    }
    step()
    while offset < text.count, text[offset] != UInt8(ascii: "\""), text[offset] != 0x0A {
      if text[offset] == UInt8(ascii: "\\"), offset + 1 < text.count { step() }
      step()
    }
    if offset < text.count, text[offset] == UInt8(ascii: "\"") { step() }
  }

  /// By one character, as the lexer counts them.
  private mutating func step() {
    if text[offset] == 0x0A {
      position = Position(line: position.line + 1, column: 1)
      offset += 1
      return
    }
    offset += text[offset] < 0x80 ? 1 : UTF8.sequenceLength(in: text, at: offset) ?? 1
    position.column += 1
  }
}
