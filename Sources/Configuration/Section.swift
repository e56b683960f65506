// Reading typed values out of a checked tree: what the file does not say, the schema's defaults do. Values that do not
// fit their type (and were reported) count as absent, so that the other checks can go on.

import Basics

/// One block of the file, or its absence, together with what may stand in it.
public struct Section {
  /// What stands behind the block's name.
  public let values: [Word]
  /// Where its name stands.
  public let position: Position
  private let block: Block
  private let schema: [SchemaNode]

  /// The whole file.
  public init(_ tree: Block, schema: [SchemaNode]) {
    self.init(values: [], position: .start, block: tree, schema: schema)
  }
  private init(values: [Word], position: Position, block: Block, schema: [SchemaNode]) {
    self.values = values
    self.position = position
    self.block = block
    self.schema = schema
  }

  /// The first word behind the block's name.
  public var key: ByteString { values.first?.text ?? "" }

  public func has(_ name: ByteString) -> Bool { block.first(name) != nil }

  /// Where the statement stands; where the block does if it is absent.
  public func position(of name: ByteString) -> Position { block.first(name)?.name.position ?? position }
  /// Where the first value of the statement stands.
  public func valuePosition(of name: ByteString) -> Position {
    block.first(name)?.values.first?.position ?? position(of: name)
  }

  /// The block of that name if it was written.
  public func section(_ name: ByteString) -> Section? { sections(name).first }
  /// The block of that name, with nothing but defaults in it if it was not written.
  public func sectionOrDefaults(_ name: ByteString) -> Section {
    section(name)
      ?? Section(values: [], position: position, block: Block(), schema: schema.node(named: name)?.children ?? [])
  }
  /// All blocks of that name, as many as the schema allows.
  public func sections(_ name: ByteString) -> [Section] {
    guard let description = schema.node(named: name), let children = description.children else { return [] }
    return block.all(name).prefix(description.maximumCount).map {
      Section(values: $0.values, position: $0.name.position, block: $0.block ?? Block(), schema: children)
    }
  }

  // MARK: Values

  /// The words of the first such statement as values; those of the default if it is absent or wrong.
  public func values(_ name: ByteString) -> [Value] {
    guard let description = schema.node(named: name) else { return [] }
    if let node = block.first(name), let values = Self.values(node.values, description) { return values }
    return Self.defaults(of: description)
  }

  /// For each such statement, as many as the schema allows, its words as values; those that do not fit are left out.
  public func allValues(_ name: ByteString) -> [(values: [Value], position: Position)] {
    guard let description = schema.node(named: name) else { return [] }
    return block.all(name).prefix(description.maximumCount).compactMap { node in
      Self.values(node.values, description).map { ($0, node.name.position) }
    }
  }

  public func text(_ name: ByteString) -> ByteString? {
    guard case .text(let text)? = values(name).first else { return nil }
    return text
  }
  public func texts(_ name: ByteString) -> [ByteString] {
    values(name).compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
  public func integer(_ name: ByteString) -> Int {
    guard case .integer(let number)? = values(name).first else { return 0 }
    return number
  }
  public func milliseconds(_ name: ByteString) -> Int {
    guard case .milliseconds(let number)? = values(name).first else { return 0 }
    return number
  }
  /// A duration in whole seconds, rounded down.
  public func seconds(_ name: ByteString) -> Int { milliseconds(name) / 1_000 }
  public func bytes(_ name: ByteString) -> Int {
    guard case .bytes(let number)? = values(name).first else { return 0 }
    return number
  }
  public func boolean(_ name: ByteString) -> Bool {
    guard case .boolean(let flag)? = values(name).first else { return false }
    return flag
  }
  /// The position in the list of choices.
  public func choice(_ name: ByteString) -> Int? {
    guard case .choice(let index)? = values(name).first else { return nil }
    return index
  }
  public func choices(_ name: ByteString) -> [Int] {
    values(name).compactMap { if case .choice(let index) = $0 { index } else { nil } }
  }
  public func address(_ name: ByteString) -> IPAddress? {
    guard case .address(let address)? = values(name).first else { return nil }
    return address
  }
  public func endpoint(_ name: ByteString) -> Endpoint? {
    guard case .endpoint(let endpoint)? = values(name).first else { return nil }
    return endpoint
  }
  public func subnets(_ name: ByteString) -> [Subnet] {
    values(name).compactMap { if case .subnet(let subnet) = $0 { subnet } else { nil } }
  }
  public func ports(_ name: ByteString) -> ClosedRange<UInt16>? {
    guard case .ports(let ports)? = values(name).first else { return nil }
    return ports
  }

  /// nil where a word does not fit or one is missing.
  public static func values(_ words: [Word], _ description: SchemaNode) -> [Value]? {
    if description.isSecret, let word = words.first, word.text.hasPrefix(ConfigurationDisplay.sealedPrefix) {
      return [.text(word.text)]
    }
    var rest = words[...]
    guard let values = values(&rest, description.arguments), rest.isEmpty else { return nil }
    return values
  }

  private static func values(_ rest: inout ArraySlice<Word>, _ arguments: [Argument]) -> [Value]? {
    var found: [Value] = []
    for argument in arguments {
      var taken = 0
      while taken < argument.count.upperBound, let word = rest.popFirst() {
        taken += 1
        guard let value = Value(word.text, as: argument.type) else { return nil }
        found.append(value)
        if case .choice(let choices) = argument.type, case .choice(let index) = value {
          guard let further = values(&rest, choices[index].arguments) else { return nil }
          found += further
        }
      }
      guard taken >= argument.count.lowerBound else { return nil }
    }
    return found
  }

  /// The default's words, read as a file would be; a schema's defaults are proved right by test.
  public static func defaults(of description: SchemaNode) -> [Value] {
    guard let text = description.defaultText else { return [] }
    var problems = Problems()
    let tree = Block(parsing: description.name.bytes + [0x20] + text.bytes, problems: &problems)
    guard let node = tree.nodes.first, let values = values(node.values, description) else { return [] }
    return values
  }
}
