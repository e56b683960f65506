// The tree of a configuration as it was written: names, values, blocks, comments and where each stood.

import Basics

/// One word of a statement.
public struct Word: Hashable, Sendable {
  /// Without quotes, escapes resolved.
  public var text: ByteString
  public var isQuoted: Bool
  public var position: Position

  public init(_ text: ByteString, isQuoted: Bool = false, at position: Position = .start) {
    self.text = text
    self.isQuoted = isQuoted
    self.position = position
  }
}

/// A statement: `name value…` with or without a block.
public struct Node: Hashable, Sendable {
  public var name: Word
  public var values: [Word]
  /// nil: no block was written.
  public var block: Block?
  /// Lines before it, without `#`.
  public var comments: [ByteString] = []
  /// On its own line, behind it or behind its opening brace.
  public var trailingComment: ByteString?
  /// A blank line stood before it (and its comments).
  public var hasGap = false

  public init(_ name: Word, _ values: [Word] = [], block: Block? = nil) {
    self.name = name
    self.values = values
    self.block = block
  }
}

/// Statements in their order.
public struct Block: Hashable, Sendable {
  public var nodes: [Node]
  /// Comment lines after the last statement.
  public var closingComments: [ByteString] = []
  /// Of the closing brace, or of the end of the file.
  public var end: Position

  public init(_ nodes: [Node] = [], end: Position = .start) {
    self.nodes = nodes
    self.end = end
  }

  /// The first statement with this name.
  public func first(_ name: ByteString) -> Node? { nodes.first { $0.name.text == name } }
  /// All statements with this name, in order.
  public func all(_ name: ByteString) -> [Node] { nodes.filter { $0.name.text == name } }

  /// The same without positions, comments and blank lines: what two files with the same meaning share.
  public var bare: Block { Block(nodes.map { $0.bare }) }
}
