// What outlives a restart besides the texts: which revision runs, what the configuration's file holds, whether a commit
// waits for its confirmation. Written as one small file in the configuration's own language.

import Basics
import Configuration

public struct RevisionState: Hashable, Sendable {
  public var running: Int
  /// The revision in the configuration's file: another than the running one between two writes.
  public var file: Int
  public var confirmation: Confirmation?
  /// Oldest first.
  public var revisions: [Revision]

  public init(running: Int, file: Int, confirmation: Confirmation? = nil, revisions: [Revision]) {
    self.running = running
    self.file = file
    self.confirmation = confirmation
    self.revisions = revisions
  }

  public subscript(number: Int) -> Revision? { revisions.first { $0.number == number } }

  var nextNumber: Int { (revisions.last?.number ?? 0) + 1 }

  /// Numbers of revisions that are kept no more. What runs and what may be gone back to stays.
  mutating func prune() -> [Int] {
    var gone: [Int] = []
    while revisions.count > RevisionLimits.kept,
      let index = revisions.firstIndex(where: { $0.number != running && $0.number != confirmation?.backTo })
    {
      gone.append(revisions.remove(at: index).number)
    }
    return gone
  }
}

// MARK: - As text

extension RevisionState {
  /// nil where it is damaged.
  public init?(parsing bytes: [UInt8]) {
    var problems = Problems()
    let tree = Block(parsing: bytes, problems: &problems)
    SchemaChecker.check(tree, against: Self.schema, problems: &problems)
    guard !problems.hasErrors else { return nil }
    let root = Section(tree, schema: Self.schema)
    running = root.integer("running")
    file = root.integer("file")
    revisions = root.sections("revision").compactMap { section in
      guard let number = section.key.decimalValue, let at = WallTime(rfc3339: section.text("at") ?? "") else {
        return nil
      }
      return Revision(
        number: number, at: at, by: section.text("by") ?? "", comment: section.text("comment") ?? "",
        undone: section.text("undone"), owner: section.choice("owner") == 1 ? .hub : .branch)
    }
    confirmation = root.section("confirmation").flatMap { section in
      guard let until = WallTime(rfc3339: section.text("until") ?? "") else { return nil }
      return Confirmation(
        within: .milliseconds(section.milliseconds("within")), until: until, backTo: section.integer("back-to"),
        starts: section.integer("starts"))
    }
    let numbers = revisions.map { $0.number }
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }), self[running] != nil,
      confirmation.map({ self[$0.backTo] != nil }) ?? !root.has("confirmation"),
      numbers.count == root.sections("revision").count
    else { return nil }
  }

  public var text: [UInt8] {
    func statement(_ name: ByteString, _ value: ByteString) -> Node { Node(Word(name), [Word(value)]) }
    func quoted(_ name: ByteString, _ value: ByteString) -> Node { Node(Word(name), [Word(value, isQuoted: true)]) }
    var nodes = [statement("running", ByteString(running)), statement("file", ByteString(file))]
    if let confirmation {
      nodes.append(
        Node(
          Word("confirmation"),
          block: Block([
            statement("within", Value.durationText(confirmation.within.milliseconds)),
            quoted("until", ByteString(confirmation.until.rfc3339)),
            statement("back-to", ByteString(confirmation.backTo)),
            statement("starts", ByteString(confirmation.starts)),
          ])))
    }
    for revision in revisions {
      var inner = [quoted("at", ByteString(revision.at.rfc3339)), quoted("by", revision.by)]
      if !revision.comment.isEmpty { inner.append(quoted("comment", revision.comment)) }
      if let undone = revision.undone { inner.append(quoted("undone", undone)) }
      if revision.owner == .hub { inner.append(statement("owner", "hub")) }
      nodes.append(Node(Word("revision"), [Word(ByteString(revision.number))], block: Block(inner)))
    }
    return ConfigurationFormatter.format(Block(nodes))
  }

  private static var schema: [SchemaNode] {
    let help = Help("kept by the program", "由程序维护")
    let number = ValueType.integer(0...Int.max, unit: "")
    return [
      SchemaNode("running", .init("number", number), occurrence: .required, help: help),
      SchemaNode("file", .init("number", number), occurrence: .required, help: help),
      SchemaNode(
        block: "confirmation", help: help,
        [
          SchemaNode(
            "within", .init("time", .duration(0...RevisionLimits.confirmation.upperBound.milliseconds)),
            occurrence: .required, help: help),
          SchemaNode("until", .init("time", .text(1...32)), occurrence: .required, help: help),
          SchemaNode("back-to", .init("number", number), occurrence: .required, help: help),
          SchemaNode("starts", .init("number", number), occurrence: .required, help: help),
        ]),
      SchemaNode(
        block: "revision", [.init("number", .digits(1...18))], isKeyed: true,
        occurrence: .repeated(RevisionLimits.kept + 2), help: help,
        [
          SchemaNode("at", .init("time", .text(1...32)), occurrence: .required, help: help),
          SchemaNode("by", .init("who", .text(0...RevisionLimits.byBytes)), occurrence: .required, help: help),
          SchemaNode("comment", .init("text", .text(1...RevisionLimits.commentBytes)), help: help),
          SchemaNode("undone", .init("why", .text(0...RevisionLimits.commentBytes)), help: help),
          // In the order of `Owner`.
          SchemaNode(
            "owner", .init("owner", .choice([Choice("branch", help: help), Choice("hub", help: help)])),
            default: "branch", help: help),
        ]),
    ]
  }
}
