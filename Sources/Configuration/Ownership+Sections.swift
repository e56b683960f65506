// Sections of the hub's tree put into another, all else left as it is.

import Basics

extension Ownership {
  private enum Share {
    case own
    case theirs
    /// Both have something in it.
    case mixed
  }

  private func share(_ path: SectionPath, on day: Int?) -> Share {
    let overridden = overridden(on: day)
    if overridden.contains(where: { $0.holds(path) }) { return .own }
    if hub.contains(where: { $0.holds(path) }) {
      return overridden.contains { path.holds($0) } ? .mixed : .theirs
    }
    return hub.contains { path.holds($0) } ? .mixed : .own
  }

  /// `tree` with each section that is the hub's on that day as `pushed` has it, or without it where it has none.
  public func restored(_ tree: Block, from pushed: Block, schema: [SchemaNode], on day: Int?) -> Block {
    restored(tree, from: pushed, schema, SectionPath([]), day)
  }

  private func restored(
    _ tree: Block, from pushed: Block, _ schema: [SchemaNode], _ path: SectionPath, _ day: Int?
  ) -> Block {
    var theirs: [StatementIdentity: Node] = [:]
    for node in pushed.nodes { theirs[schema.identity(of: node)] = node }
    var result = tree
    result.nodes = tree.nodes.compactMap { node in
      let here = path.appending(node, schema)
      let other = theirs[schema.identity(of: node)]
      switch share(here, on: day) {
      case .own: return node
      case .theirs: return other
      case .mixed:
        guard let children = schema.node(named: node.name.text)?.children else { return node }
        var both = node
        both.block = restored(node.block ?? Block(), from: other?.block ?? Block(), children, here, day)
        return both
      }
    }
    let present = Set(tree.nodes.map { schema.identity(of: $0) })
    for node in pushed.nodes where !present.contains(schema.identity(of: node)) {
      let here = path.appending(node, schema)
      guard hub.contains(where: { $0.holds(here) }), share(here, on: day) != .own else { continue }
      result.nodes.insert(node, at: result.place(for: node.name.text, in: schema))
    }
    for description in schema where share(SectionPath(path.words + [description.name]), on: day) == .theirs {
      let places = result.nodes.indices.filter { result.nodes[$0].name.text == description.name }
      // All of this name are the hub's, so their order is too.
      for (place, node) in zip(places, pushed.all(description.name)) { result.nodes[place] = node }
    }
    return result
  }
}
