// The versions of a branch's configuration, oldest first. A step is never changed once a release has it: files and kept
// revisions of every age are read by all steps that are younger than they.
//
// Paths to secrets stay as they are (`extension 101 / secret`): what is sealed is sealed under its path.

import Basics
import Configuration

public enum BranchMigrations {
  public static let all: [Migration] = [unitsAndDevices]

  /// The version that this program writes.
  public static let currentVersion = all.currentVersion

  /// Version 2: every quantity says its unit, and phones are devices, not contacts.
  private static let unitsAndDevices = Migration(
    to: 2,
    help: Help(
      "storage flight-recorder 32 became 32MiB; extension contacts became devices",
      "storage flight-recorder 32 改为 32MiB；extension contacts 改为 devices"),
    change: { tree in
      tree.changeAll(["storage", "flight-recorder"]) { statement in
        if statement.values.count == 1, statement.values[0].text.decimalValue != nil {
          statement.values[0].text += "MiB"
        }
      }
      tree.changeAll(["extension", "contacts"]) { statement in statement.name.text = "devices" }
    },
    former: { schema in
      let help = Help("As in version 1", "同版本 1")
      return
        schema
        .adding(
          SchemaNode("flight-recorder", .init("MiB", .word(maximum: 16)), effect: .nextStart, help: help),
          in: ["storage"]
        )
        .adding(
          SchemaNode("contacts", .init("number", .word(maximum: 16)), effect: .newCalls, help: help),
          in: ["extension"])
    })
}

extension Block {
  /// The tree of a branch's configuration in either form: braces, or lines that begin with `set`; in words of today,
  /// however old it is.
  public static func configuration(parsing bytes: [UInt8], problems: inout Problems) -> Block {
    var (tree, version) = written(bytes, problems: &problems)
    BranchMigrations.all.migrate(&tree, from: version, problems: &problems)
    return tree
  }

  /// The same in words of its own version, for whoever keeps a text as it is.
  public static func configuration(asWritten bytes: [UInt8], problems: inout Problems) -> Block {
    written(bytes, problems: &problems).tree
  }

  /// - Returns: also what it says of its version.
  private static func written(_ bytes: [UInt8], problems: inout Problems) -> (tree: Block, version: Word?) {
    let file = Block(parsing: bytes, problems: &problems)
    guard SetForm.isUsed(in: file) else { return (file, file.first(Migration.statement)?.values.first) }
    let statement = file.all("set").last { $0.values.first?.text == Migration.statement }
    let word = statement?.values.dropFirst().first
    let schema = BranchMigrations.all.schema(
      of: word?.text.decimalValue ?? Migration.firstVersion, current: BranchSchema.root)
    return (SetForm.tree(ofLines: file, schema: schema, problems: &problems), word)
  }
}
