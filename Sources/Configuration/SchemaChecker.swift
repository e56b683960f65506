// Walks a tree with its schema and reports all that does not fit: unknown and missing statements, too many of one,
// values of the wrong kind, names that lead nowhere. It changes nothing.

import Basics

public struct SchemaChecker {
  private let schema: [SchemaNode]
  /// The keys of keyed blocks by the name of the block, in the order of the file.
  private var keys: [ByteString: [ByteString]] = [:]
  private var knownKeys: Set<Key> = []
  private var problems: Problems
  /// False: a single statement is looked at, whose references may come to lead somewhere.
  private let knowsAllKeys: Bool

  private struct Key: Hashable {
    let block: ByteString
    let key: ByteString
  }

  public static func check(_ tree: Block, against schema: [SchemaNode], problems: inout Problems) {
    var checker = SchemaChecker(schema: schema, problems: problems, knowsAllKeys: true)
    checker.collectKeys(tree, schema)
    checker.check(tree, schema, path: "", at: nil)
    problems = checker.problems
  }

  /// The words of one statement alone, for whoever writes statement by statement.
  static func checkWords(of node: Node, as description: SchemaNode, path: ByteString) -> ConfigurationError? {
    var checker = SchemaChecker(schema: [description], problems: Problems(), knowsAllKeys: false)
    checker.checkArguments(node, description, path)
    return checker.problems.sorted.first
  }

  private init(schema: [SchemaNode], problems: Problems, knowsAllKeys: Bool) {
    self.schema = schema
    self.problems = problems
    self.knowsAllKeys = knowsAllKeys
  }

  private mutating func collectKeys(_ block: Block, _ schema: [SchemaNode]) {
    for node in block.nodes {
      guard let description = schema.node(named: node.name.text) else { continue }
      if description.isKeyed, let key = node.values.first?.text,
        knownKeys.insert(Key(block: description.name, key: key)).inserted
      {
        keys[description.name, default: []].append(key)
      }
      if let inner = node.block, let children = description.children { collectKeys(inner, children) }
    }
  }

  /// `owner` is where the block's own name stands, nil for the file.
  private mutating func check(_ block: Block, _ schema: [SchemaNode], path: ByteString, at owner: Position?) {
    var counts: [ByteString: Int] = [:]
    var seen: Set<Key> = []
    for node in block.nodes {
      guard let description = schema.node(named: node.name.text) else {
        problems.add(Self.unknown(node, schema, path, suggests: !problems.isFull))
        continue
      }
      counts[description.name, default: 0] += 1
      if counts[description.name] == description.maximumCount + 1 {
        problems.add(Self.tooMany(node, description, path))
      }
      if description.isKeyed, let key = node.values.first,
        !seen.insert(Key(block: description.name, key: key.text)).inserted
      {
        problems.add(
          ConfigurationError(
            .duplicate, at: key.position, path: path,
            found: Phrase("a second ", "重复的 ") + description.name + " " + key.text.quoted,
            expected: Phrase("another name for it", "另一个名称")))
      }
      check(node, description, path)
    }
    for description in schema where description.isRequired && counts[description.name] == nil {
      problems.add(
        ConfigurationError(
          .missing, at: owner ?? block.end, path: path, found: Phrase("no ", "缺少 ") + description.name,
          expected: Phrase("a statement: ", "语句：") + Self.usage(description)))
    }
  }

  private mutating func check(_ node: Node, _ description: SchemaNode, _ path: ByteString) {
    let here = Self.path(path, node, description)
    checkArguments(node, description, here)
    switch (node.block, description.children) {
    case (let block?, let children?):
      check(block, children, path: here, at: node.name.position)
    case (nil, let children?):
      check(Block([], end: node.name.position), children, path: here, at: node.name.position)
    case (.some, nil):
      problems.add(
        ConfigurationError(
          .invalidValue, at: node.name.position, path: path,
          found: Phrase("a block behind ", "此语句后的块：") + description.name,
          expected: Phrase("no block: ", "没有块：") + Self.usage(description)))
    case (nil, nil): break
    }
  }

  // MARK: Values

  private mutating func checkArguments(_ node: Node, _ description: SchemaNode, _ path: ByteString) {
    var rest = node.values[...]
    checkArguments(description.arguments, &rest, node, description, path)
    guard let extra = rest.first else { return }
    let expected = Phrase("the end of the statement; it is written ", "语句结束；写法是 ") + Self.usage(description)
    problems.add(
      ConfigurationError(
        .invalidValue, at: extra.position, path: path, found: Self.shown(extra, description), expected: expected))
  }

  private mutating func checkArguments(
    _ arguments: [Argument], _ rest: inout ArraySlice<Word>, _ node: Node, _ description: SchemaNode,
    _ path: ByteString
  ) {
    for argument in arguments {
      var taken = 0
      while taken < argument.count.upperBound, let word = rest.popFirst() {
        taken += 1
        guard check(word, argument, &rest, node, description, path) else {
          rest = []
          return
        }
      }
      guard taken < argument.count.lowerBound else { continue }
      problems.add(
        ConfigurationError(
          .missing, at: node.values.last?.position ?? node.name.position, path: path,
          found: Phrase("nothing more", "语句已结束"),
          expected: argument.type.expectation))
      return
    }
  }

  /// False when what stands behind the word cannot be judged: it depends on a choice that is not known.
  private mutating func check(
    _ word: Word, _ argument: Argument, _ rest: inout ArraySlice<Word>, _ node: Node, _ description: SchemaNode,
    _ path: ByteString
  ) -> Bool {
    if description.isSecret, word.text.hasPrefix(ConfigurationDisplay.sealedPrefix) { return true }
    guard let value = Value(word.text, as: argument.type) else {
      var suggestion: ByteString = ""
      var canGoOn = true
      if case .choice(let choices) = argument.type {
        suggestion = nearest(word.text, among: choices.map { $0.word })
        canGoOn = choices.allSatisfy { $0.arguments.isEmpty }
      }
      problems.add(
        ConfigurationError(
          .invalidValue, at: word.position, path: path, found: Self.shown(word, description),
          expected: argument.type.expectation, suggestion: suggestion))
      return canGoOn
    }
    switch (argument.type, value) {
    case (.choice(let choices), .choice(let index)):
      checkArguments(choices[index].arguments, &rest, node, description, path)
    case (.reference(let block), _):
      guard knowsAllKeys, !knownKeys.contains(Key(block: block, key: word.text)) else { break }
      problems.add(
        ConfigurationError(
          .danglingReference, at: word.position, path: path, found: Self.shown(word, description),
          expected: argument.type.expectation,
          suggestion: nearest(word.text, among: keys[block] ?? [])))
    default: break
    }
    return true
  }

  // MARK: Names

  static func unknown(
    _ node: Node, _ schema: [SchemaNode], _ path: ByteString, suggests: Bool = true
  ) -> ConfigurationError {
    let names = schema.map { $0.name }
    return ConfigurationError(
      .unknownName, at: node.name.position, path: path, found: Phrase(quoting: node.name.text),
      expected: ValueType.list(names),
      suggestion: suggests ? NearestName.of(node.name.text, among: names) ?? "" : "")
  }

  static func tooMany(_ node: Node, _ description: SchemaNode, _ path: ByteString) -> ConfigurationError {
    let limit = description.maximumCount
    return ConfigurationError(
      limit == 1 ? .duplicate : .limit, at: node.name.position, path: path,
      found: (limit == 1 ? Phrase("a second ", "重复的 ") : Phrase("one more ", "多余的 ")) + description.name,
      expected: Phrase("at most ", "最多 ") + ByteString(limit))
  }

  /// Empty where no name is near, or nobody would read it.
  private func nearest(_ word: ByteString, among names: [ByteString]) -> ByteString {
    problems.isFull ? "" : NearestName.of(word, among: names) ?? ""
  }

  static func path(_ path: ByteString, _ node: Node, _ description: SchemaNode) -> ByteString {
    var own = description.name
    if description.isKeyed, let key = node.values.first { own += " " + key.text }
    return path.isEmpty ? own : path + " / " + own
  }

  /// What stood there, unless nobody may see it.
  private static func shown(_ word: Word, _ description: SchemaNode) -> Phrase {
    description.isSecret ? Phrase("a hidden value", "（已隐藏的值）") : Phrase(quoting: word.text)
  }

  /// `ring <seconds>`, `queue <name> { … }`.
  public static func usage(_ description: SchemaNode) -> ByteString {
    var text = description.name
    for argument in description.arguments {
      text += " <" + argument.placeholder + (argument.count.upperBound > 1 ? ">…" : ">")
    }
    return description.children == nil ? text : text + " { … }"
  }
}
