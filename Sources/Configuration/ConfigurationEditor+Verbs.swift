// What can be done with statements that are there.

import Basics

extension ConfigurationEditor {
  /// Takes away the statement that the words name, all with that name, or some values of a list.
  public mutating func delete(_ words: [Word]) throws(ConfigurationError) {
    tree = try change(words) { (block, schema, words, path) throws(ConfigurationError) in
      let (description, statement, _) = try Self.head(words, schema, path)
      let matches = Self.matches(words, in: block, schema)
      if description.isKeyed && statement.values.isEmpty && description.children != nil {
        throw ConfigurationError(
          .missing, at: statement.name.position, path: path, found: Phrase("nothing more", "语句已结束"),
          expected: Phrase("which one: ", "具体哪一个：") + SchemaChecker.usage(description))
      }
      if matches.isEmpty {
        guard Self.removeValues(of: statement, description, from: &block) else { throw Self.absent(statement, path) }
      }
      for index in matches.reversed() { block.nodes.remove(at: index) }
    }
  }

  /// False: not all of them stand there.
  private static func removeValues(
    of statement: Node, _ description: SchemaNode, from block: inout Block
  ) -> Bool {
    guard description.arguments.last?.count.upperBound ?? 1 > 1, !statement.values.isEmpty else { return false }
    let names = statement.values.map { $0.text }
    let known = Set(block.all(description.name).flatMap { node in node.values.map { $0.text } })
    guard names.allSatisfy(known.contains) else { return false }
    for index in block.nodes.indices.reversed() where block.nodes[index].name.text == description.name {
      block.nodes[index].values.removeAll { names.contains($0.text) }
      if block.nodes[index].values.count < description.arguments.count { block.nodes.remove(at: index) }
    }
    return true
  }

  /// Gives a keyed block another key, and every statement that refers to it the new one.
  public mutating func rename(_ words: [Word], to key: Word) throws(ConfigurationError) {
    let name = try copyOrRename(words, to: key, keepsOld: false)
    guard let old = words.last?.text else { return }
    tree = tree.replacingReferences(to: name, old: old, new: key.text, schema)
  }

  /// Another keyed block with all that is in this one.
  public mutating func copy(_ words: [Word], to key: Word) throws(ConfigurationError) {
    _ = try copyOrRename(words, to: key, keepsOld: true)
  }

  /// - Returns: the block's name.
  private mutating func copyOrRename(
    _ words: [Word], to key: Word, keepsOld: Bool
  ) throws(ConfigurationError) -> ByteString {
    var name: ByteString = ""
    tree = try change(words) { (block, schema, words, path) throws(ConfigurationError) in
      let (description, statement, _) = try Self.head(words, schema, path)
      guard description.isKeyed, description.children != nil,
        let index = block.index(of: statement, as: description)
      else { throw Self.absent(statement, path) }
      name = description.name
      var other = block.nodes[index]
      other.values[0] = Word(key.text, isQuoted: key.isQuoted)
      let here = SchemaChecker.path(path, other, description)
      if let problem = SchemaChecker.checkWords(of: other, as: description, path: here) { throw problem }
      guard block.index(of: other, as: description) == nil else {
        throw ConfigurationError(
          .duplicate, at: key.position, path: path, found: Phrase(quoting: key.text),
          expected: Phrase("another name: that one is taken", "另一个名称：此名称已被使用"))
      }
      if keepsOld {
        guard block.all(name).count < description.maximumCount else {
          throw SchemaChecker.tooMany(other, description, path)
        }
        other.comments = []
        block.nodes.insert(other, at: index + 1)
      } else {
        block.nodes[index] = other
      }
    }
    return name
  }

  public enum Target: Hashable, Sendable {
    case first
    case last
    /// The key of a statement with the same name.
    case before(ByteString)
    case after(ByteString)
  }

  /// Another place among the statements of the same name: of routes the first that fits counts.
  public mutating func move(_ words: [Word], to target: Target) throws(ConfigurationError) {
    tree = try change(words) { (block, schema, words, path) throws(ConfigurationError) in
      let (_, statement, _) = try Self.head(words, schema, path)
      guard let index = Self.matches(words, in: block, schema).first else { throw Self.absent(statement, path) }
      let node = block.nodes[index]
      let others = block.nodes.indices.filter { $0 != index && block.nodes[$0].name.text == node.name.text }
      func place(_ key: ByteString) throws(ConfigurationError) -> Int {
        guard let place = others.first(where: { block.nodes[$0].values.first?.text == key }) else {
          throw Self.absent(Node(node.name, [Word(key)]), path)
        }
        return place
      }
      let destination: Int
      switch target {
      case .first: destination = others.first ?? index
      case .last: destination = others.last.map { $0 + 1 } ?? index
      case .before(let key): destination = try place(key)
      case .after(let key): destination = try place(key) + 1
      }
      block.nodes.remove(at: index)
      block.nodes.insert(node, at: destination > index ? destination - 1 : destination)
    }
  }

  public enum CommentPlace: Hashable, Sendable {
    /// Lines above the statement; each call adds one.
    case above
    /// On the line of its name.
    case beside
    /// After the last statement of its block; each call adds one.
    case atEnd
  }

  /// Adds a comment; an empty text takes away those of that place, one of blanks is an empty line.
  ///
  /// - Parameter words: empty for the end of the whole file.
  public mutating func annotate(
    _ text: ByteString, _ place: CommentPlace, _ words: [Word]
  ) throws(ConfigurationError) {
    let takesAway = text.isEmpty
    let text = try Self.comment(text)
    guard !words.isEmpty else {
      tree.closingComments = takesAway ? [] : tree.closingComments + [text]
      return
    }
    tree = try change(words) { (block, schema, words, path) throws(ConfigurationError) in
      let (_, statement, _) = try Self.head(words, schema, path)
      guard let index = Self.matches(words, in: block, schema).first else { throw Self.absent(statement, path) }
      switch place {
      case .above: block.nodes[index].comments = takesAway ? [] : block.nodes[index].comments + [text]
      case .beside: block.nodes[index].trailingComment = takesAway ? nil : text
      case .atEnd:
        var inner = block.nodes[index].block ?? Block()
        inner.closingComments = takesAway ? [] : inner.closingComments + [text]
        block.nodes[index].block = inner
      }
    }
  }
}

extension ConfigurationEditor {
  /// As it can stand behind a `#`, blanks in front included.
  private static func comment(_ text: ByteString) throws(ConfigurationError) -> ByteString {
    guard !text.bytes.contains(where: { $0 < 0x20 && !isBlank($0) || $0 == 0x7F }) else {
      throw ConfigurationError(
        .invalidValue, at: .start, found: Phrase(quoting: text), expected: Phrase("a comment of one line", "单行注释"))
    }
    var bytes = text.bytes
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return ByteString(bytes)
  }

  /// What a comment in a file may hold and not end with.
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}

extension Block {
  /// With the new key wherever a value refers to a block of that name by the old one.
  func replacingReferences(to name: ByteString, old: ByteString, new: ByteString, _ schema: [SchemaNode]) -> Block {
    var changed = self
    for index in changed.nodes.indices {
      guard let description = schema.node(named: nodes[index].name.text) else { continue }
      var words = changed.nodes[index].values[...]
      var place = 0
      description.arguments.visit(&words) { type in
        if case .reference(let target) = type, target == name, nodes[index].values[place].text == old {
          changed.nodes[index].values[place].text = new
        }
        place += 1
      }
      if let children = description.children {
        changed.nodes[index].block = nodes[index].block?.replacingReferences(to: name, old: old, new: new, children)
      }
    }
    return changed
  }
}

extension Array where Element == Argument {
  /// The type of each word in turn, those behind a choice included; ends where a word does not fit.
  func visit(_ words: inout ArraySlice<Word>, _ visitor: (ValueType) -> Void) {
    for argument in self {
      var taken = 0
      while taken < argument.count.upperBound, let word = words.popFirst() {
        taken += 1
        visitor(argument.type)
        guard case .choice(let choices) = argument.type else { continue }
        guard let choice = choices.first(where: { $0.word == word.text }) else {
          words = []
          return
        }
        choice.arguments.visit(&words, visitor)
      }
    }
  }
}
