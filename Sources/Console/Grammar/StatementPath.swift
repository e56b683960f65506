// Statements of the configuration as a person types them: names may be shortened, values are completed from the schema
// and from the tree.

import Basics
import Configuration

struct StatementPath {
  let schema: [SchemaNode]
  let tree: Block
  let language: Language

  /// Where reading the words of a statement has led to.
  private enum Spot {
    /// A name of these comes next.
    case names([SchemaNode])
    /// Values of a statement: the arguments that remain.
    case values(SchemaNode, [Argument])
  }

  /// The words with names and choices in full, from the top of the configuration.
  func expanded(_ words: [CommandLine.Word]) throws(CommandFault) -> [Word] {
    var expanded: [Word] = []
    var level = schema
    var rest = words[...]
    while let name = rest.popFirst() {
      let node = try Self.find(name, in: level)
      expanded.append(Word(node.name, at: Self.position(name)))
      guard let children = node.children else {
        expanded += Self.values(&rest, node.arguments)
        return expanded
      }
      for _ in node.arguments {
        guard let value = rest.popFirst() else { break }
        expanded.append(Self.word(value))
      }
      level = children
    }
    return expanded
  }

  private static func position(_ word: CommandLine.Word) -> Position { Position(line: 1, column: word.offset + 1) }
  private static func word(_ word: CommandLine.Word) -> Word {
    Word(word.text, isQuoted: word.isQuoted, at: position(word))
  }

  static func find(_ word: CommandLine.Word, in level: [SchemaNode]) throws(CommandFault) -> SchemaNode {
    if let node = level.node(named: word.text) { return node }
    let shortened = level.filter { $0.name.hasPrefix(word.text) }
    if shortened.count == 1, !word.isQuoted { return shortened[0] }
    let names = (shortened.isEmpty ? level : shortened).map { $0.name }
    let all = names.dropFirst().reduce(names.first ?? "") { $0 + ", " + $1 }
    guard shortened.isEmpty else {
      throw CommandFault(
        Phrase("several statements begin with ", "多个语句以此开头：") + word.text.quoted + ": " + all, at: word.offset)
    }
    let near = NearestName.of(word.text, among: names).map { Phrase("; did you mean ", "；是否想输入 ") + $0.quoted }
    throw CommandFault(
      Phrase("unknown statement ", "未知语句 ") + TerminalText.visible(word.text).quoted
        + (near ?? Phrase("; there are ", "；可用：") + all), at: word.offset)
  }

  /// Choices may be shortened too.
  private static func values(_ rest: inout ArraySlice<CommandLine.Word>, _ arguments: [Argument]) -> [Word] {
    var words: [Word] = []
    for argument in arguments {
      var taken = 0
      while taken < argument.count.upperBound, let value = rest.popFirst() {
        taken += 1
        guard case .choice(let choices) = argument.type else {
          words.append(word(value))
          continue
        }
        let fitting = choices.filter { $0.word.hasPrefix(value.text) }
        let choice = choices.first { $0.word == value.text } ?? (fitting.count == 1 ? fitting[0] : nil)
        words.append(choice.map { Word($0.word, at: position(value)) } ?? word(value))
        if let choice { words += values(&rest, choice.arguments) }
      }
    }
    words += rest.map(word)
    rest = []
    return words
  }

  // MARK: Completion

  func complete(_ before: [CommandLine.Word], _ typed: CommandLine.Word) -> Completion {
    var completion = Completion(offset: typed.offset)
    var spot = Spot.names(schema)
    var block: Block? = tree
    var isLeafComplete = before.isEmpty
    var rest = before[...]
    while let name = rest.popFirst() {
      guard case .names(let level) = spot, let node = try? Self.find(name, in: level) else { return completion }
      guard let children = node.children else {
        var arguments = node.arguments
        Self.consume(&rest, &arguments)
        isLeafComplete = arguments.allSatisfy { $0.count.lowerBound == 0 }
        spot = .values(node, arguments)
        break
      }
      let keys = rest.prefix(node.arguments.count)
      rest = rest.dropFirst(keys.count)
      guard keys.count == node.arguments.count else {
        spot = .values(node, node.arguments)
        isLeafComplete = false
        break
      }
      block =
        block?.nodes.first { $0.name.text == node.name && (keys.isEmpty || $0.values.first?.text == keys.first?.text) }?
        .block
      isLeafComplete = true
      spot = .names(children)
    }
    switch spot {
    case .names(let nodes):
      completion.candidates = nodes.map { Candidate($0.name, $0.help.text(language)) }
      completion.mayEnd = isLeafComplete
    case .values(let node, let arguments):
      completion.mayEnd = isLeafComplete
      guard let argument = arguments.first else { break }
      completion.candidates = candidates(for: argument, of: node, in: block)
    }
    completion.keep(typed.text)
    return completion
  }

  /// Takes the words that stand for arguments; what remains of `arguments` comes next.
  private static func consume(_ rest: inout ArraySlice<CommandLine.Word>, _ arguments: inout [Argument]) {
    while let word = rest.popFirst(), let argument = arguments.first {
      // One of a list stands: more may follow.
      if argument.count.upperBound > 1 {
        arguments[0] = Argument(argument.placeholder, argument.type, count: 0...argument.count.upperBound)
      } else {
        arguments.removeFirst()
      }
      guard case .choice(let choices) = argument.type else { continue }
      let fitting = choices.filter { $0.word.hasPrefix(word.text) }
      guard let choice = choices.first(where: { $0.word == word.text }) ?? (fitting.count == 1 ? fitting[0] : nil)
      else {
        continue
      }
      arguments = choice.arguments + arguments
    }
  }

  private func candidates(for argument: Argument, of node: SchemaNode, in block: Block?) -> [Candidate] {
    switch argument.type {
    case .choice(let choices): return choices.map { Candidate($0.word, $0.help.text(language)) }
    case .boolean: return [Candidate("yes", node.help.text(language)), Candidate("no", node.help.text(language))]
    case .reference(let name):
      let keys = tree.keys(of: name, schema)
      if !keys.isEmpty { return keys.map { Candidate($0, "") } }
    default: break
    }
    var known: [Candidate] = []
    if node.children != nil, node.isKeyed {
      known = (block?.all(node.name) ?? []).compactMap { $0.values.first }.map { Candidate($0.text, "") }
    }
    let help = node.children == nil ? argument.type.expectation.text(language) : node.help.text(language)
    return known + [Candidate("<" + argument.placeholder + ">", help, isPlaceholder: true)]
  }
}

extension Block {
  /// The keys of all blocks of that name, wherever they stand.
  func keys(of name: ByteString, _ schema: [SchemaNode]) -> [ByteString] {
    nodes.flatMap { node -> [ByteString] in
      guard let description = schema.node(named: node.name.text) else { return [] }
      let own = node.name.text == name && description.isKeyed ? node.values.prefix(1).map { $0.text } : []
      return own + (node.block?.keys(of: name, description.children ?? []) ?? [])
    }
  }
}
