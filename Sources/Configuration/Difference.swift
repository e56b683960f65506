// What one tree has and another has not, statement by statement, in the order of the newer one.

import Basics

public struct Difference: Hashable, Sendable {
  public enum Change: Hashable, Sendable {
    case added(Node)
    case removed(Node)
    case changed(from: Node, to: Node)
    /// The statements of this name stand in another order: their keys or values now.
    case reordered(ByteString, [ByteString])
    /// Comments alone: of the statement of this name and key.
    case commented(ByteString)
  }
  /// The blocks around it, as in errors: `queue service / callback`; empty at the top.
  public var path: ByteString
  public var change: Change
}

extension Difference {
  /// - Returns: nothing where both mean the same and say it in the same order with the same comments.
  public static func between(_ old: Block, _ new: Block, schema: [SchemaNode]) -> [Difference] {
    var differences: [Difference] = []
    collect(old, new, schema, path: "", into: &differences)
    return differences
  }

  private static func collect(
    _ old: Block, _ new: Block, _ schema: [SchemaNode], path: ByteString, into differences: inout [Difference]
  ) {
    let (old, new) = (old.splittingLists(schema), new.splittingLists(schema))
    var before: [StatementIdentity: Node] = [:]
    for node in old.nodes { before[schema.identity(of: node)] = node }
    var after: Set<StatementIdentity> = []
    for node in new.nodes { after.insert(schema.identity(of: node)) }
    for node in old.nodes where !after.contains(schema.identity(of: node)) {
      differences.append(Difference(path: path, change: .removed(node)))
    }
    for node in new.nodes {
      guard let former = before[schema.identity(of: node)] else {
        differences.append(Difference(path: path, change: .added(node)))
        continue
      }
      compare(former, node, schema, path, into: &differences)
    }
    collectOrder(old, new, schema, path, into: &differences)
    if old.closingComments != new.closingComments {
      differences.append(Difference(path: path, change: .commented("")))
    }
  }

  private static func compare(
    _ old: Node, _ new: Node, _ schema: [SchemaNode], _ path: ByteString, into differences: inout [Difference]
  ) {
    let description = schema.node(named: new.name.text)
    if let description, let children = description.children {
      collect(
        old.block ?? Block(), new.block ?? Block(), children, path: SchemaChecker.path(path, new, description),
        into: &differences)
    } else if !old.means(new) {
      differences.append(Difference(path: path, change: .changed(from: old, to: new)))
      return
    }
    if old.comments != new.comments || old.trailingComment != new.trailingComment {
      let key = description?.isKeyed == true ? new.values.first.map { " " + $0.text } ?? "" : ""
      differences.append(Difference(path: path, change: .commented(new.name.text + key)))
    }
  }

  /// Of statements that both have, by name.
  private static func collectOrder(
    _ old: Block, _ new: Block, _ schema: [SchemaNode], _ path: ByteString, into differences: inout [Difference]
  ) {
    for description in schema where description.maximumCount > 1 {
      let before = old.all(description.name).map { description.identity(of: $0) }
      let after = new.all(description.name).map { description.identity(of: $0) }
      guard before != after, after.count > 1 else { continue }
      let (known, kept) = (Set(before), Set(after))
      guard before.filter(kept.contains) != after.filter(known.contains) else { continue }
      let words = new.all(description.name).map { $0.values.first?.text ?? "" }
      differences.append(Difference(path: path, change: .reordered(description.name, words)))
    }
  }
}

extension Block {
  /// One statement a value where a list of values may stand in several: so that one more agent is one line.
  func splittingLists(_ schema: [SchemaNode]) -> Block {
    var split = self
    split.nodes = nodes.flatMap { node -> [Node] in
      guard node.values.count > 1, schema.node(named: node.name.text)?.isListOfValues == true else { return [node] }
      return node.values.enumerated().map { index, value in
        var single = node
        single.values = [value]
        if index > 0 {
          single.comments = []
          single.trailingComment = nil
        }
        return single
      }
    }
    return split
  }
}

// MARK: - As text

extension Difference {
  /// `[queue service]` or `[top]`, then lines that begin with `-` for what was and `+` for what is. Secrets are hidden.
  public static func lines(_ differences: [Difference], schema: [SchemaNode], _ language: Language) -> [ByteString] {
    var lines: [ByteString] = []
    var path: ByteString?
    for difference in differences {
      if difference.path != path {
        path = difference.path
        lines.append("[" + (difference.path.isEmpty ? "top" : difference.path) + "]")
      }
      let level = schema.children(at: difference.path)
      switch difference.change {
      case .added(let node): append("+ ", node, level, to: &lines)
      case .removed(let node): append("- ", node, level, to: &lines)
      case .changed(let old, let new):
        append("- ", old, level, to: &lines)
        append("+ ", new, level, to: &lines)
      case .reordered(let name, let keys):
        let order = Phrase("the order of ", "顺序变更：").text(language) + name + ":"
        lines.append(keys.reduce("! " + order) { $0 + " " + $1 })
      case .commented(let name):
        lines.append("# " + (name.isEmpty ? "" : name + ": ") + Phrase("comments", "注释").text(language))
      }
    }
    return lines
  }

  private static func append(_ mark: ByteString, _ node: Node, _ schema: [SchemaNode], to lines: inout [ByteString]) {
    let text = ConfigurationFormatter.format(Block([node.bare]).masked(schema))
    for line in text.split(separator: 0x0A) { lines.append(mark + ByteString(line)) }
  }
}

extension Array where Element == SchemaNode {
  /// What may stand in the blocks of that path, as differences and errors give it.
  func children(at path: ByteString) -> [SchemaNode] {
    var level = self
    for part in path.bytes.split(separator: UInt8(ascii: "/")) {
      let words = part.split(separator: UInt8(ascii: " "))
      guard let name = words.first, let children = level.node(named: ByteString(name))?.children else { return [] }
      level = children
    }
    return level
  }
}
