// What is said about configurations, as JSON, and in the log where nobody else listens.

import Basics
import BranchConfiguration
import Configuration
import Revisions

extension ConfigurationKeeper {
  static func list(_ revisions: Revisions) -> [UInt8] {
    var json = JSONWriter(capacity: 2_048)
    json.array { json in
      for revision in revisions.state.revisions.reversed() {
        json.object { json in
          json.field("revision", revision.number)
          json.field("state", state(of: revision, revisions.state))
          json.field("at", ByteString(revision.at.rfc3339))
          json.field("by", revision.by)
          json.field("comment", revision.undone ?? revision.comment)
        }
      }
    }
    return json.bytes
  }

  private static func state(of revision: Revision, _ state: RevisionState) -> ByteString {
    if revision.number == state.running { return state.confirmation == nil ? "running" : "to-be-confirmed" }
    return revision.undone == nil ? "kept" : "undone"
  }

  /// The text of a configuration with `***` for each secret.
  public static func masked(_ text: [UInt8]) -> [UInt8] {
    ConfigurationFormatter.format(tree(of: text).masked(BranchSchema.root))
  }

  static func show(_ number: Int, _ text: [UInt8], isSetForm: Bool) -> [UInt8] {
    let tree = tree(of: text).masked(BranchSchema.root)
    let shown =
      isSetForm
      ? SetForm.lines(tree, schema: BranchSchema.root).reduce(into: [UInt8]()) { $0 += $1.bytes + [0x0A] }
      : ConfigurationFormatter.format(tree)
    var json = JSONWriter(capacity: shown.count + 64)
    json.object { json in
      json.field("revision", number)
      json.field("text", ByteString(shown))
    }
    return json.bytes
  }

  static func compare(_ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
    let schema = BranchSchema.root
    let differences = Difference.between(tree(of: old), tree(of: new), schema: schema)
    var json = JSONWriter(capacity: 1_024)
    json.object { json in
      json.array("lines") { json in
        for line in Difference.lines(differences, schema: schema, .english) { json.value(line) }
      }
      write(Difference.effects(of: differences, schema: schema), to: &json)
    }
    return json.bytes
  }

  static func tree(of text: [UInt8]) -> Block {
    var problems = Problems()
    return Block.configuration(parsing: text, problems: &problems)
  }

  static func done(_ act: ByteString, _ revision: Revision) -> [UInt8] {
    JSONWriter.outcome(of: act, "revision " + ByteString(revision.number))
  }

  /// - Parameter revision: nil: it was verified only.
  mutating func accept(
    _ job: Job, _ commit: ConfigurationCommit, _ revision: Revision?, _ warnings: [ConfigurationError],
    _ effects: [EffectOfChange]
  ) {
    for effect in effects where effect.effect == .nextStart && revision != nil {
      log(LogEntry(.notice, "config.restart", effect.text(.english)))
    }
    guard job.client != Self.fileClient else { return logProblems(warnings) }
    var json = JSONWriter(capacity: 512)
    json.object { json in
      json.outcome(
        of: revision == nil ? "check" : "commit",
        revision.map { "revision " + ByteString($0.number) } ?? "configuration")
      if let revision { json.field("revision", revision.number) }
      if let within = commit.confirmWithin, revision != nil { json.field("confirmWithinSeconds", within.seconds) }
      Self.write(warnings, to: &json)
      Self.write(effects, to: &json)
    }
    answer(job.client, json.bytes)
  }

  mutating func refuse(_ job: Job, _ reading: BranchSettings.Reading) {
    refuse(job, "has errors", reading.problems, further: reading.furtherProblems)
  }

  mutating func refuse(_ job: Job, _ reason: ByteString, _ problems: [ConfigurationError], further: Int = 0) {
    guard job.client != Self.fileClient else {
      logProblems(problems)
      return keep("it " + reason)
    }
    var json = JSONWriter(capacity: 1_024)
    json.object { json in
      json.outcome(of: Self.name(of: job.order), "configuration", refusal: reason)
      Self.write(problems, to: &json)
      if further > 0 { json.field("furtherProblems", further) }
    }
    answer(job.client, json.bytes)
  }

  mutating func refuse(
    _ client: UInt64, _ order: ConfigurationOrder, _ reason: ByteString, detail: ByteString = "",
    revision: Revision? = nil
  ) {
    guard client != Self.fileClient else { return keep(reason + (detail.isEmpty ? "" : ": " + detail)) }
    var json = JSONWriter()
    json.object { json in
      json.outcome(
        of: Self.name(of: order), revision.map { "revision " + ByteString($0.number) } ?? "configuration",
        refusal: reason)
      if !detail.isEmpty { json.field("detail", detail) }
      if let revision {
        json.field("by", revision.by)
        json.field("at", ByteString(revision.at.rfc3339))
      }
    }
    answer(client, json.bytes)
  }

  private mutating func keep(_ reason: ByteString) {
    log(LogEntry(.warning, "config.kept", "the configuration stays as it was: " + reason))
  }

  private mutating func logProblems(_ problems: [ConfigurationError]) {
    for problem in problems { log(LogEntry(.warning, "config.problem", problem.text(.english))) }
  }

  private static func write(_ problems: [ConfigurationError], to json: inout JSONWriter) {
    guard !problems.isEmpty else { return }
    json.array("problems") { json in
      for problem in problems {
        json.object { json in
          json.field("line", problem.position.line)
          json.field("column", problem.position.column)
          json.field("severity", problem.severity == .error ? "error" : "warning")
          json.field("english", problem.message(.english))
          json.field("chinese", problem.message(.chinese))
        }
      }
    }
  }

  private static func write(_ effects: [EffectOfChange], to json: inout JSONWriter) {
    guard !effects.isEmpty else { return }
    json.array("effects") { json in
      for effect in effects {
        json.object { json in
          json.field("effect", ByteString(effect.effect.name))
          json.field("english", effect.text(.english))
          json.field("chinese", effect.text(.chinese))
        }
      }
    }
  }

  private static func name(of order: ConfigurationOrder) -> ByteString {
    switch order {
    case .show: "show"
    case .revisions: "revisions"
    case .compare: "compare"
    case .commit(let commit): commit.isTrial ? "check" : "commit"
    case .rollBack: "rollback"
    case .confirm: "confirm"
    case .undo: "undo"
    }
  }
}
