// Who may change which section: some belong to the hub; the branch may override one of those until a day. It compares
// two trees and says what is not allowed, or puts sections of one tree into another.

import Basics

public enum Owner: UInt8, Hashable, Sendable {
  case branch
  case hub
}

/// The names and keys that lead to a section or a statement: `queue service / callback`. The slashes are for people.
public struct SectionPath: Hashable, Sendable {
  public var words: [ByteString]

  public init(_ words: [ByteString]) { self.words = words }
  public init(_ text: ByteString) {
    words = text.bytes.split(separator: 0x20).map { ByteString($0) }.filter { $0 != "/" }
  }

  /// Whether the other is this one or lies in it.
  func holds(_ other: SectionPath) -> Bool { other.words.starts(with: words) }

  func appending(_ node: Node, _ schema: [SchemaNode]) -> SectionPath {
    let isKeyed = schema.node(named: node.name.text)?.isKeyed == true
    return SectionPath(words + [node.name.text] + (isKeyed ? node.values.prefix(1).map { $0.text } : []))
  }
}

public struct Ownership: Hashable, Sendable {
  public struct Override: Hashable, Sendable {
    public var section: SectionPath
    /// Its last day, as in `CivilDate.daysSince1970`.
    public var until: Int

    public init(_ section: SectionPath, until: Int) {
      self.section = section
      self.until = until
    }
  }

  /// Sections of the hub; all else is the branch's.
  public var hub: [SectionPath]
  public var overrides: [Override]

  public init(hub: [SectionPath] = [], overrides: [Override] = []) {
    self.hub = hub
    self.overrides = overrides
  }

  /// - Parameter day: today; nil: not known, and then no override is over.
  public func overridden(on day: Int?) -> [SectionPath] {
    overrides.filter { override in day.map { $0 <= override.until } ?? true }.map { $0.section }
  }

  /// The last day of the override that is over next.
  public func nextEnd(after day: Int) -> Int? { overrides.map { $0.until }.filter { $0 >= day }.min() }

  public func owner(of section: SectionPath, on day: Int?) -> Owner {
    guard hub.contains(where: { $0.holds(section) }) else { return .branch }
    return overridden(on: day).contains { $0.holds(section) } ? .branch : .hub
  }
}

// MARK: - Changes

/// Somebody commits a tree in place of another.
public struct OwnedChange {
  public let by: Owner
  /// What the trees say of their owners.
  public let before: Ownership
  public let after: Ownership
  public let day: Int?
  /// The block that says who owns what.
  public let owners: ByteString
  /// In it, what the branch may change as well.
  public let overrides: ByteString

  public init(
    by: Owner, before: Ownership, after: Ownership, day: Int?, owners: ByteString, overrides: ByteString
  ) {
    self.by = by
    self.before = before
    self.after = after
    self.day = day
    self.owners = owners
    self.overrides = overrides
  }

  /// Changes that whoever commits may not make, one error each.
  public func violations(_ differences: [Difference], schema: [SchemaNode]) -> [ConfigurationError] {
    differences.compactMap { difference in
      let path = SectionPath(difference.path)
      let level = schema.children(at: difference.path)
      switch difference.change {
      case .added(let node), .changed(_, let node): return violation(node, level, path, node.name.position)
      case .removed(let node): return violation(node, level, path, .start)
      case .reordered(let name, _): return violation(Node(Word(name)), level, path, .start)
      case .commented: return nil
      }
    }
  }

  /// Of a statement or of anything in its block.
  private func violation(
    _ node: Node, _ schema: [SchemaNode], _ outer: SectionPath, _ position: Position
  ) -> ConfigurationError? {
    let path = outer.appending(node, schema)
    if !isAllowed(path) { return refusal(of: path, at: position) }
    let children = schema.node(named: node.name.text)?.children ?? []
    for inner in node.block?.nodes ?? [] {
      if let found = violation(inner, children, path, position) { return found }
    }
    return nil
  }

  private func isAllowed(_ path: SectionPath) -> Bool {
    if path.words.first == owners {
      return by == .hub || path.words.count == 1 || path.words[1] == overrides
    }
    switch by {
    // The override may come with what it allows.
    case .branch: return Ownership(hub: before.hub, overrides: after.overrides).owner(of: path, on: day) == .branch
    // What is overridden stays so, whatever becomes of the override.
    case .hub:
      return Ownership(hub: before.hub + after.hub, overrides: before.overrides).owner(of: path, on: day) == .hub
    }
  }

  private func refusal(of path: SectionPath, at position: Position) -> ConfigurationError {
    let text = path.words.dropFirst().reduce(path.words.first ?? "") { $0 + " " + $1 }
    switch by {
    case .branch where path.words.first == owners:
      return ConfigurationError(
        .conflict, at: position, path: text, found: Phrase("another owner", "所有者变更"),
        expected: Phrase("the owners as they are: the hub says who owns what", "所有者不变：归属由总部决定"))
    case .branch:
      let cure = owners + " { " + overrides + " \"" + text + "\" { until YYYY-MM-DD } }"
      return ConfigurationError(
        .conflict, at: position, path: text, found: Phrase("a change of what the hub owns", "更改了总部所有的配置"),
        expected: Phrase("it as it is, or with it an override: ", "保持不变，或同时加入覆盖语句：") + cure)
    case .hub:
      return ConfigurationError(
        .conflict, at: position, path: text,
        found: Phrase("a change of what the branch owns or overrides", "更改了分支所有或已覆盖的配置"),
        expected: Phrase("only what the hub owns", "仅更改总部所有的配置"))
    }
  }
}
