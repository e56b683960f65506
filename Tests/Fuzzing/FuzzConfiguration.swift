// A configuration, in two halves parted by a NUL: parsed in either form, checked, formatted, compared and merged.

import Basics
import BranchConfiguration

@testable import Configuration

struct FuzzConfiguration {
  private let schema = BranchSchema.root

  func run(_ bytes: [UInt8]) {
    let halves = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
    let trees = halves.map(checked)
    guard trees.count == 2 else { return }
    compare(trees[0], trees[1])
  }

  private func checked(_ bytes: [UInt8]) -> (tree: Block, isSound: Bool) {
    var problems = Problems()
    let tree = Block(parsing: bytes, problems: &problems)
    if problems.isEmpty { formats(tree) }
    let reading = BranchSettings.parse(bytes)
    for problem in problems.sorted + reading.problems { place(problem, in: bytes) }
    must(!problems.hasErrors || reading.settings == nil, "errors of syntax are errors")
    var fit = problems
    SchemaChecker.check(tree, against: schema, problems: &fit)
    guard !fit.hasErrors, tells(tree, schema) else { return (tree, false) }
    hasTwoForms(tree)
    return (tree, true)
  }

  /// Formatting loses nothing but layout, and what is formatted stays as it is.
  private func formats(_ tree: Block) {
    var problems = Problems()
    let text = ConfigurationFormatter.format(tree)
    let again = Block(parsing: text, problems: &problems)
    must(problems.isEmpty, "formatted text is sound: \(problems.sorted.map { $0.text() })")
    must(again.bare == tree.bare, "formatted text means the same")
    must(ConfigurationFormatter.format(again) == text, "formatted text stays")
  }

  private func place(_ problem: ConfigurationError, in bytes: [UInt8]) {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let position = problem.position
    must(position.line >= 1 && position.line <= lines.count, "line \(position.line) of \(lines.count)")
    must(
      position.column >= 1 && position.column <= lines[position.line - 1].count + 1,
      "column \(position.column) of \(lines[position.line - 1].count)")
    for language in [Language.english, .chinese] {
      let text = problem.text(language)
      must(!text.bytes.contains { $0 < 0x20 || $0 == 0x7F }, "an error is one line: \(text)")
      must(String(validating: text.bytes, as: Unicode.UTF8.self) != nil, "an error is text: \(text)")
    }
  }

  /// Whether each statement can be told from the others of its block: what stands there twice stands there once in set
  /// lines.
  private func tells(_ block: Block, _ schema: [SchemaNode]) -> Bool {
    var seen: Set<StatementIdentity> = []
    return block.splittingLists(schema).nodes.allSatisfy { node in
      guard seen.insert(schema.identity(of: node)).inserted else { return false }
      return tells(node.block ?? Block(), schema.node(named: node.name.text)?.children ?? [])
    }
  }

  private func hasTwoForms(_ tree: Block) {
    var problems = Problems()
    let lines = SetForm.lines(tree, schema: schema)
    let text = lines.reduce("" as ByteString) { $0 + $1 + "\n" }
    let file = Block(parsing: text.bytes, problems: &problems)
    guard !tree.nodes.isEmpty else { return }
    let again = SetForm.tree(ofLines: file, schema: schema, problems: &problems)
    must(problems.isEmpty, "set lines are sound: \(problems.sorted.map { $0.text() })")
    let differences = Difference.between(tree, again, schema: schema)
    must(differences.isEmpty, "both forms mean the same: \(shown(differences))")
  }

  private func compare(_ old: (tree: Block, isSound: Bool), _ new: (tree: Block, isSound: Bool)) {
    let differences = Difference.between(old.tree, new.tree, schema: schema)
    for language in [Language.english, .chinese] {
      for line in Difference.lines(differences, schema: schema, language) {
        must(!(old.isSound && new.isSound) || !line.bytes.contains { $0 < 0x20 }, "a difference is one line: \(line)")
      }
    }
    let mine = Merge(base: old.tree, mine: new.tree, theirs: old.tree, schema: schema)
    let theirs = Merge(base: old.tree, mine: old.tree, theirs: new.tree, schema: schema)
    _ = Merge(base: Block(), mine: new.tree, theirs: old.tree, schema: schema)
    guard old.isSound, new.isSound else { return }
    must(mine.conflicts.isEmpty && theirs.conflicts.isEmpty, "one person alone is in nobody's way")
    let left = Difference.between(new.tree, theirs.tree, schema: schema)
    must(left.isEmpty, "what they did stays: \(shown(left))")
    let lost = Difference.between(new.tree, mine.tree, schema: schema)
    must(lost.isEmpty, "what I did stays: \(shown(lost))")
  }

  private func shown(_ differences: [Difference]) -> String {
    Difference.lines(differences, schema: schema, .english).map(\.description).joined(separator: "\n")
  }
}
