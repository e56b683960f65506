// What tells a statement from its neighbours: by it trees are edited, compared and merged.

import Basics

/// The name of a statement and those of its words that no other of its block shares.
struct StatementIdentity: Hashable {
  let name: ByteString
  let words: [ByteString]
}

extension SchemaNode {
  /// A statement that occurs once is told by its name, a keyed one by its first word, others by all of them.
  func identity(of node: Node) -> StatementIdentity {
    let words: ArraySlice<Word> = maximumCount == 1 ? [] : isKeyed ? node.values.prefix(1) : node.values[...]
    return StatementIdentity(name: name, words: words.map { $0.text })
  }

  /// Whether both are the same statement, perhaps with other values.
  func identifies(_ a: Node, with b: Node) -> Bool {
    if maximumCount == 1 { return true }
    if isKeyed { return a.values.first?.text == b.values.first?.text }
    return a.values.count == b.values.count && zip(a.values, b.values).allSatisfy { $0.text == $1.text }
  }

  /// `agents 103 104` is the same as `agents 103; agents 104`.
  var isListOfValues: Bool {
    maximumCount > 1 && !isKeyed && children == nil && arguments.count == 1 && arguments[0].count.upperBound > 1
  }

  /// Words behind the name that belong to a block's path.
  var ownWordCount: Int { arguments.count }
}

extension Array where Element == SchemaNode {
  func identity(of node: Node) -> StatementIdentity {
    self.node(named: node.name.text)?.identity(of: node)
      ?? StatementIdentity(name: node.name.text, words: node.values.map { $0.text })
  }

  /// Where statements of this name stand among the others.
  func place(of name: ByteString) -> Int { firstIndex { $0.name == name } ?? count }
}

extension Block {
  /// Behind the last statement of the same name; otherwise where the schema has it.
  func place(for name: ByteString, in schema: [SchemaNode]) -> Int {
    if let last = nodes.lastIndex(where: { $0.name.text == name }) { return last + 1 }
    let own = schema.place(of: name)
    return nodes.lastIndex { schema.place(of: $0.name.text) < own }.map { $0 + 1 } ?? 0
  }

  /// Where the statement stands that `node` is a version of.
  func index(of node: Node, as description: SchemaNode) -> Int? {
    nodes.firstIndex { $0.name.text == description.name && description.identifies($0, with: node) }
  }
}

extension Node {
  /// Without positions, comments and blank lines.
  var bare: Node {
    Node(
      Word(name.text, isQuoted: name.isQuoted), values.map { Word($0.text, isQuoted: $0.isQuoted) },
      block: block?.bare)
  }

  /// Whether both say the same, however it is quoted, commented or laid out.
  func means(_ other: Node) -> Bool {
    guard name.text == other.name.text, values.count == other.values.count,
      zip(values, other.values).allSatisfy({ $0.text == $1.text })
    else { return false }
    switch (block, other.block) {
    case (let mine?, let theirs?):
      return mine.nodes.count == theirs.nodes.count && zip(mine.nodes, theirs.nodes).allSatisfy { $0.means($1) }
    // An empty block behind a name is the name alone.
    case (let only?, nil), (nil, let only?): return only.nodes.isEmpty
    case (nil, nil): return true
    }
  }
}
