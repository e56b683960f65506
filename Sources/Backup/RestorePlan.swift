// How restored files come into their places, whenever the power fails: all of them stand beside their places already
// (`staged`) when the plan is written; from then on it is carried out to its end, if need be by the next start. Each step
// can be begun again, and what stood in a place is kept beside it.

import Basics
import Configuration

public struct RestorePlan: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    /// Where the file or directory belongs.
    public var path: ByteString
    /// What belongs to it and goes aside with it: the logs of a database.
    public var companions: [ByteString]

    public init(_ path: ByteString, companions: [ByteString] = []) {
      self.path = path
      self.companions = companions
    }
  }

  public enum Step: Hashable, Sendable {
    /// While `staged` is there; what stands at `kept`, of an earlier restore, is removed before. Nothing at `path` is as
    /// good as done.
    case setAside(path: ByteString, kept: ByteString, staged: ByteString)
    /// Nothing at `staged` is as good as done.
    case putInPlace(staged: ByteString, path: ByteString)
  }

  /// A backup has a configuration, its revisions, a database, names, prompts, voicemail.
  static let itemsMax = 16
  static let companionsMax = 4

  public var items: [Item]

  public init(_ items: [Item]) { self.items = items }

  public static func staged(_ path: ByteString) -> ByteString { path + ".restoring" }
  public static func kept(_ path: ByteString, companion: ByteString = "") -> ByteString {
    path + ".before-restore" + companion
  }

  /// To be carried out in this order, each time from the first. A log goes before the database that replaces its own is
  /// there: SQLite would take it for the new one's.
  public var steps: [Step] {
    items.flatMap { item in
      let staged = Self.staged(item.path)
      return ([""] + item.companions).map {
        Step.setAside(path: item.path + $0, kept: Self.kept(item.path, companion: $0), staged: staged)
      } + [.putInPlace(staged: staged, path: item.path)]
    }
  }

  // MARK: As text

  /// nil where it is damaged.
  public init?(parsing bytes: [UInt8]) {
    var problems = Problems()
    let tree = Block(parsing: bytes, problems: &problems)
    SchemaChecker.check(tree, against: Self.schema, problems: &problems)
    guard !problems.hasErrors else { return nil }
    items = Section(tree, schema: Self.schema).sections("restore").map { section in
      Item(section.key, companions: section.texts("with"))
    }
    guard !items.isEmpty else { return nil }
  }

  public var text: [UInt8] {
    ConfigurationFormatter.format(
      Block(
        items.map { item in
          let with = item.companions.map { Word($0, isQuoted: true) }
          return Node(
            Word("restore"), [Word(item.path, isQuoted: true)],
            block: Block(with.isEmpty ? [] : [Node(Word("with"), with)]))
        }))
  }

  private static var schema: [SchemaNode] {
    let help = Help("kept by the program", "由程序维护")
    return [
      SchemaNode(
        block: "restore", [.init("path", .text(1...ConfigurationLimits.maximumWordBytes))], isKeyed: true,
        occurrence: .repeated(itemsMax), help: help,
        [SchemaNode("with", .init("companions", .text(1...32), count: 1...companionsMax), help: help)])
    ]
  }
}
