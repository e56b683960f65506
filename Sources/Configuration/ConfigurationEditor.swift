// One statement at a time: `set`, `delete`, `rename`, `copy`, `move` and `annotate` on a tree. Each is done whole or not at
// all; what a value means is checked at once, what statements mean together when the tree is committed.

import Basics

///     var editor = ConfigurationEditor(running, schema: BranchSchema.root)
///     try editor.set(words("queue service ring 25s"))
public struct ConfigurationEditor: Sendable {
  public internal(set) var tree: Block
  public let schema: [SchemaNode]

  public init(_ tree: Block, schema: [SchemaNode]) {
    self.tree = tree
    self.schema = schema
  }

  /// Words as they were typed, quotation marks and escapes resolved; positions are those in the line.
  public static func words(_ line: ByteString) throws(ConfigurationError) -> [Word] {
    var problems = Problems()
    let block = Block(parsing: line.bytes, problems: &problems)
    if let problem = problems.sorted.first { throw problem }
    guard let node = block.nodes.first else { return [] }
    guard block.nodes.count == 1, node.block == nil else {
      throw ConfigurationError(
        .syntax, at: node.name.position, found: Phrase("a brace or a semicolon", "花括号或分号"),
        expected: Phrase("the words of one statement", "一条语句"))
    }
    return [node.name] + node.values
  }

  /// Adds the statement, or gives it new values. `words` are the names of the blocks around it, its name and its values.
  public mutating func set(_ words: [Word]) throws(ConfigurationError) {
    var changed = tree
    try Self.set(words[...], in: &changed, schema, path: "")
    tree = changed
  }

  private static func set(
    _ words: ArraySlice<Word>, in block: inout Block, _ schema: [SchemaNode], path: ByteString
  ) throws(ConfigurationError) {
    let (description, statement, rest) = try head(words, schema, path)
    let here = SchemaChecker.path(path, statement, description)
    if let problem = SchemaChecker.checkWords(of: statement, as: description, path: here) { throw problem }
    if description.isListOfValues { return addValues(statement, description, to: &block, schema) }
    let index: Int
    if let place = block.index(of: statement, as: description) {
      index = place
      block.nodes[index].values = statement.values
    } else {
      try checkRoom(for: statement, description, in: block, path: path)
      index = block.place(for: description.name, in: schema)
      block.nodes.insert(statement, at: index)
    }
    guard let children = description.children else { return }
    var inner = block.nodes[index].block ?? Block()
    if !rest.isEmpty { try set(rest, in: &inner, children, path: here) }
    block.nodes[index].block = inner
  }

  /// Those values of a list that stand nowhere yet.
  private static func addValues(
    _ statement: Node, _ description: SchemaNode, to block: inout Block, _ schema: [SchemaNode]
  ) {
    var known = Set(block.all(description.name).flatMap { node in node.values.map { $0.text } })
    var added = statement
    added.values = statement.values.filter { known.insert($0.text).inserted }
    guard !added.values.isEmpty else { return }
    block.nodes.insert(added, at: block.place(for: description.name, in: schema))
  }

  private static func checkRoom(
    for statement: Node, _ description: SchemaNode, in block: Block, path: ByteString
  ) throws(ConfigurationError) {
    guard block.all(description.name).count >= description.maximumCount else { return }
    throw SchemaChecker.tooMany(statement, description, path)
  }

  // MARK: Reading a path

  /// The statement that the words begin with, and the words inside its block.
  static func head(
    _ words: ArraySlice<Word>, _ schema: [SchemaNode], _ path: ByteString
  ) throws(ConfigurationError) -> (SchemaNode, Node, ArraySlice<Word>) {
    guard let name = words.first else {
      throw ConfigurationError(
        .missing, at: .start, path: path, found: Phrase("nothing more", "语句已结束"),
        expected: ValueType.list(schema.map { $0.name }))
    }
    guard let description = schema.node(named: name.text) else {
      throw SchemaChecker.unknown(Node(name), schema, path)
    }
    var statement = Node(Word(name.text, at: name.position))
    let values = words.dropFirst()
    let own = description.children == nil ? values : values.prefix(description.ownWordCount)
    statement.values = own.map { Word($0.text, isQuoted: $0.isQuoted, at: $0.position) }
    return (description, statement, values.dropFirst(own.count))
  }

  /// Looks for the statement that `words` name, from the top: `queue service ring`.
  ///
  /// - Parameter found: what to do with the block it stands in, what may stand there, and the words that name it.
  func change(
    _ words: [Word],
    _ found: (inout Block, [SchemaNode], ArraySlice<Word>, ByteString) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) -> Block {
    var changed = tree
    try Self.descend(words[...], in: &changed, schema, path: "", found)
    return changed
  }

  private static func descend(
    _ words: ArraySlice<Word>, in block: inout Block, _ schema: [SchemaNode], path: ByteString,
    _ found: (inout Block, [SchemaNode], ArraySlice<Word>, ByteString) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) {
    let (description, statement, rest) = try head(words, schema, path)
    guard let children = description.children, !rest.isEmpty else { return try found(&block, schema, words, path) }
    guard let index = block.index(of: statement, as: description) else {
      throw absent(statement, path)
    }
    var inner = block.nodes[index].block ?? Block()
    try descend(rest, in: &inner, children, path: SchemaChecker.path(path, statement, description), found)
    block.nodes[index].block = inner
  }

  /// The statements of a block that `words` name: one by its key, or by its name alone all that have it.
  static func matches(_ words: ArraySlice<Word>, in block: Block, _ schema: [SchemaNode]) -> [Int] {
    guard let name = words.first, let description = schema.node(named: name.text) else { return [] }
    let values = words.dropFirst().map { $0.text }
    return block.nodes.indices.filter { index in
      let node = block.nodes[index]
      guard node.name.text == name.text else { return false }
      return values.isEmpty || node.values.map { $0.text } == values || description.identity(of: node).words == values
    }
  }

  static func absent(_ statement: Node, _ path: ByteString) -> ConfigurationError {
    let text = statement.values.reduce(statement.name.text) { $0 + " " + $1.text }
    return ConfigurationError(
      .missing, at: statement.name.position, path: path, found: Phrase(text),
      expected: Phrase("a statement that is in the configuration", "配置中已有的语句"))
  }
}
