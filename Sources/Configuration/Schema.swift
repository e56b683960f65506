// What may stand in a configuration, as data: one description serves the checker, the settings' defaults, a console's
// help and completion, and a hub's forms. It holds no code and knows no feature.

import Basics

/// One statement that may stand in a block.
///
///     SchemaNode("ring", .init("seconds", .duration(5_000...120_000)), default: "20s", help: Help("…", "…"))
public struct SchemaNode: Sendable {
  public enum Occurrence: Hashable, Sendable {
    case required
    case optional
    /// Any number up to this.
    case repeated(Int)
    /// At least one, up to this.
    case requiredRepeated(Int)
  }

  public var name: ByteString
  /// What stands behind the name, in order.
  public var arguments: [Argument]
  /// What may stand in its block; nil: it has none.
  public var children: [SchemaNode]?
  public var occurrence: Occurrence
  /// The first argument names the statement: no two have the same, and of blocks others may refer to it.
  public var isKeyed: Bool
  /// The arguments that count when the statement is absent, as they would be written.
  public var defaultText: ByteString?
  public var help: Help
  /// Never shown, logged or repeated in messages.
  public var isSecret: Bool
  /// What a change of it reaches: where it says nothing, what a change of the block around it does.
  public private(set) var effect: Effect?

  /// A statement with arguments and no block.
  public init(
    _ name: ByteString, _ arguments: Argument..., isKeyed: Bool = false, occurrence: Occurrence = .optional,
    default defaultText: ByteString? = nil,
    isSecret: Bool = false, effect: Effect? = nil, help: Help
  ) {
    self.name = name
    self.arguments = arguments
    self.children = nil
    self.occurrence = occurrence
    self.isKeyed = isKeyed
    self.defaultText = defaultText
    self.help = help
    self.isSecret = isSecret
    self.effect = effect
  }

  /// A statement with a block.
  public init(
    block name: ByteString, _ arguments: [Argument] = [], isKeyed: Bool = false, occurrence: Occurrence = .optional,
    effect: Effect? = nil, help: Help, _ children: [SchemaNode]
  ) {
    self.name = name
    self.arguments = arguments
    self.children = children
    self.occurrence = occurrence
    self.isKeyed = isKeyed
    self.defaultText = nil
    self.help = help
    self.isSecret = false
    self.effect = effect
    if let effect { self = inheriting(effect) }
  }

  private func inheriting(_ outer: Effect) -> SchemaNode {
    var node = self
    let own = effect ?? outer
    node.effect = own
    node.children = children?.map { $0.inheriting(own) }
    return node
  }

  public var maximumCount: Int {
    switch occurrence {
    case .required, .optional: 1
    case .repeated(let limit), .requiredRepeated(let limit): limit
    }
  }
  public var isRequired: Bool {
    switch occurrence {
    case .required, .requiredRepeated: true
    case .optional, .repeated: false
    }
  }
}

/// A value, or a list of values at the end of a statement.
public struct Argument: Sendable {
  /// What stands in its place in help: `seconds`, `address:port`.
  public var placeholder: ByteString
  public var type: ValueType
  /// How many words may stand for it; more than one only for the last.
  public var count: ClosedRange<Int>

  public init(_ placeholder: ByteString, _ type: ValueType, count: ClosedRange<Int> = 1...1) {
    self.placeholder = placeholder
    self.type = type
    self.count = count
  }
}

public enum ValueType: Sendable {
  /// Letters, digits, `-`, `_` and `.`; at most so many bytes.
  case word(maximum: Int)
  /// Any text; at least and at most so many bytes.
  case text(ClosedRange<Int>)
  /// A whole number; the unit is for help only and may be empty.
  case integer(ClosedRange<Int>, unit: StaticString)
  /// `500ms`, `30s`, `5min`, `4h`, `1d` and sums such as `1h30min`; bounds in milliseconds.
  case duration(ClosedRange<Int>)
  /// `32MiB`, `1GiB`; bounds in bytes.
  case size(ClosedRange<Int>)
  case address
  /// `192.0.2.1:5060`; without a port the one given, if any.
  case endpoint(defaultPort: UInt16?)
  case subnet
  /// `10000-10999`.
  case portRange
  case boolean
  case choice([Choice])
  /// Digits, `*` and `#`, with `+` at most in front.
  case number
  /// Digits only, so many of them.
  case digits(ClosedRange<Int>)
  /// See `NumberPattern`.
  case numberPattern
  /// `09:00-12:00`; an end that is not later than the start lies on the next day. `closed`: none at all.
  case timeSpan
  /// `2026-10-01`, or `2026-10-01..2026-10-07`.
  case dates
  /// East of UTC: `+08:00`.
  case utcOffset
  /// `french:3`; without a number it has the lowest.
  case level(maximum: Int, ClosedRange<Int>)
  /// A path that begins with `/`.
  case path
  /// The key of a block of that name, anywhere in the file.
  case reference(to: ByteString)
}

/// One of several words, perhaps with arguments of its own behind it: `extension 101`, `hang-up`.
public struct Choice: Sendable {
  public var word: ByteString
  public var arguments: [Argument]
  public var help: Help

  public init(_ word: ByteString, _ arguments: Argument..., help: Help) {
    self.word = word
    self.arguments = arguments
    self.help = help
  }
}

extension Array where Element == SchemaNode {
  public func node(named name: ByteString) -> SchemaNode? { first { $0.name == name } }
}
