// Two people began with one tree and both changed it: what both want, and where they want different things.

import Basics

public struct Merge: Sendable {
  public var tree: Block
  /// The statements that both changed, with the blocks around them; `tree` has mine.
  public var conflicts: [ByteString]

  public init(base: Block, mine: Block, theirs: Block, schema: [SchemaNode]) {
    conflicts = []
    tree = theirs
    tree = merge(base, mine, theirs, schema, path: "")
  }

  private mutating func merge(
    _ base: Block, _ mine: Block, _ theirs: Block, _ schema: [SchemaNode], path: ByteString
  ) -> Block {
    let before = Self.table(base.splittingLists(schema), schema)
    let my = mine.splittingLists(schema)
    let wanted = Self.table(my, schema)
    var merged = theirs.splittingLists(schema)
    merged.nodes = merged.nodes.compactMap { node in
      let identity = schema.identity(of: node)
      return choose(base: before[identity], mine: wanted[identity], theirs: node, schema, path)
    }
    let present = Set(merged.nodes.map { schema.identity(of: $0) })
    let known = Set(theirs.splittingLists(schema).nodes.map { schema.identity(of: $0) })
    for node in my.nodes {
      let identity = schema.identity(of: node)
      guard !present.contains(identity), !known.contains(identity) else { continue }
      if let former = before[identity] {
        // They took it away: that holds unless I changed it.
        guard !former.means(node) else { continue }
        note(node, schema, path)
      }
      merged.nodes.insert(node, at: merged.place(for: node.name.text, in: schema))
    }
    if mine.closingComments != base.closingComments { merged.closingComments = mine.closingComments }
    for description in schema where description.maximumCount > 1 {
      mergeOrder(of: description, base: base, mine: my, theirs: theirs, into: &merged, path)
    }
    return merged
  }

  /// Mine is the order unless they have moved statements.
  private mutating func mergeOrder(
    of description: SchemaNode, base: Block, mine: Block, theirs: Block, into merged: inout Block, _ path: ByteString
  ) {
    func order(_ block: Block) -> [StatementIdentity] {
      block.splittingLists([description]).all(description.name).map { description.identity(of: $0) }
    }
    let (before, wanted, other) = (order(base), order(mine), order(theirs))
    let common = Set(before).intersection(wanted).intersection(other)
    let former = before.filter(common.contains)
    guard other.filter(common.contains) == former else {
      let mine = wanted.filter(common.contains)
      if mine != former && mine != other.filter(common.contains) {
        conflicts.append((path.isEmpty ? "" : path + " / ") + description.name)
      }
      return
    }
    var rank: [StatementIdentity: Int] = [:]
    for (index, identity) in wanted.enumerated() { rank[identity] = index }
    let places = merged.nodes.indices.filter {
      merged.nodes[$0].name.text == description.name && rank[description.identity(of: merged.nodes[$0])] != nil
    }
    let sorted = places.map { merged.nodes[$0] }.sorted {
      rank[description.identity(of: $0)] ?? 0 < rank[description.identity(of: $1)] ?? 0
    }
    for (place, node) in zip(places, sorted) { merged.nodes[place] = node }
  }

  /// Of a statement that they have.
  private mutating func choose(
    base: Node?, mine: Node?, theirs: Node, _ schema: [SchemaNode], _ path: ByteString
  ) -> Node? {
    guard let mine else {
      // I took it away, or never knew it.
      guard let base else { return theirs }
      if !base.means(theirs) { note(theirs, schema, path) }
      return nil
    }
    if mine.means(theirs) || base?.means(mine) == true {
      return base.map { $0.comments != mine.comments } == true ? theirs.commented(as: mine) : theirs
    }
    if let base, base.means(theirs) { return mine }
    guard let description = schema.node(named: theirs.name.text), let children = description.children else {
      note(theirs, schema, path)
      return mine
    }
    var both = theirs
    both.block = merge(
      base?.block ?? Block(), mine.block ?? Block(), theirs.block ?? Block(), children,
      path: SchemaChecker.path(path, theirs, description))
    return both
  }

  private mutating func note(_ node: Node, _ schema: [SchemaNode], _ path: ByteString) {
    let own = schema.node(named: node.name.text).map { SchemaChecker.path(path, node, $0) } ?? node.name.text
    conflicts.append(own)
  }

  private static func table(_ block: Block, _ schema: [SchemaNode]) -> [StatementIdentity: Node] {
    var table: [StatementIdentity: Node] = [:]
    for node in block.nodes { table[schema.identity(of: node)] = node }
    return table
  }
}

extension Node {
  fileprivate func commented(as other: Node) -> Node {
    var node = self
    node.comments = other.comments
    node.trailingComment = other.trailingComment
    return node
  }
}
