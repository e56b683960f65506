// From one version of a configuration's language to the next: what an older file says, said in words of today. A step
// changes the tree alone; comments stay with their statements. A file says its version by `schema 2`; one that says
// nothing was written before there was such a statement, and is of the first.

import Basics

public struct Migration: Sendable {
  /// That it leads to, from the one before.
  public let version: Int
  public let help: Help
  /// Leaves alone what it knows already in the words of its version.
  public let change: @Sendable (inout Block) -> Void
  /// What the version before could say, out of what this one can: for lines of `set`, which only a schema tells apart.
  public let former: @Sendable ([SchemaNode]) -> [SchemaNode]

  public init(
    to version: Int, help: Help, change: @escaping @Sendable (inout Block) -> Void,
    former: @escaping @Sendable ([SchemaNode]) -> [SchemaNode]
  ) {
    self.version = version
    self.help = help
    self.change = change
    self.former = former
  }

  /// The statement that says the version.
  public static let statement: ByteString = "schema"
  public static let firstVersion = 1
}

extension Array where Element == Migration {
  /// The version that all of them lead to.
  public var currentVersion: Int { last?.version ?? Migration.firstVersion }

  /// What a file of that version may say.
  public func schema(of version: Int, current: [SchemaNode]) -> [SchemaNode] {
    reversed().reduce(current) { schema, step in step.version > version ? step.former(schema) : schema }
  }

  /// Makes a tree of an older version one of the current version, which it then says itself. A newer one is reported and
  /// stays as it is.
  ///
  /// - Parameter word: what the file says of its version; nil: nothing.
  public func migrate(_ tree: inout Block, from word: Word?, problems: inout Problems) {
    // What is no version is reported by whoever checks values.
    guard let version = word.map({ $0.text.decimalValue }) ?? Migration.firstVersion, version >= Migration.firstVersion
    else { return }
    guard version <= currentVersion else {
      return problems.add(
        ConfigurationError(
          .limit, at: word?.position ?? .start,
          found: Phrase("a configuration of schema ", "配置的 schema 版本 ") + ByteString(version),
          expected: Phrase("at most ", "最高 ") + ByteString(currentVersion)
            + Phrase(": a newer program has written it", "：此配置由更新的程序写成")))
    }
    for step in self where step.version > version { step.change(&tree) }
    tree.sayVersion(currentVersion)
  }
}

extension Block {
  fileprivate mutating func sayVersion(_ version: Int) {
    guard !nodes.isEmpty else { return }
    let text = ByteString(version)
    if let index = nodes.firstIndex(where: { $0.name.text == Migration.statement }) {
      if nodes[index].values.count == 1 { nodes[index].values[0].text = text }
      return
    }
    nodes[0].hasGap = true
    nodes.insert(Node(Word(Migration.statement), [Word(text)]), at: 0)
  }

  /// Changes every statement that a path of names leads to, whatever the keys of the blocks on the way.
  public mutating func changeAll(_ path: ArraySlice<ByteString>, _ change: (inout Node) -> Void) {
    guard let name = path.first else { return }
    for index in nodes.indices where nodes[index].name.text == name {
      if path.count == 1 {
        change(&nodes[index])
      } else {
        nodes[index].block?.changeAll(path.dropFirst(), change)
      }
    }
  }
}

extension Array where Element == SchemaNode {
  /// With further statements in the block that a path of names leads to. One of a known name takes its place.
  public func adding(_ node: SchemaNode, in path: ArraySlice<ByteString>) -> [SchemaNode] {
    guard let name = path.first else { return filter { $0.name != node.name } + [node] }
    return map { block in
      guard block.name == name else { return block }
      var changed = block
      changed.children = block.children?.adding(node, in: path.dropFirst())
      return changed
    }
  }
}
