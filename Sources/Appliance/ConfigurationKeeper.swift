// The configurations of the box as a machine: reads what people submit, verifies it whole before anything changes, lets
// `Revisions` keep it, and says which settings run from when on. Secrets go out as `***` and come back so.
//
// A commit: the texts it needs are loaded, its problems are told all at once; then the addresses it listens at are
// taken (`reserve`, answered by `reserved`), then it is written, then it is adopted.

import Basics
import BranchConfiguration
import Configuration
import Revisions
import SIPUserAgent

public struct ConfigurationKeeper {
  enum Limits {
    /// Questions that wait for a text at once.
    static let jobs = 16
  }

  public enum Input {
    case start(Revisions)
    case order(UInt64, ConfigurationOrder, by: ByteString)
    /// The configuration's file as a person has left it.
    case file([UInt8])
    case loaded(RevisionFile, [UInt8]?)
    /// nil: the addresses are taken.
    case reserved(ByteString?)
    case written(UInt64)
    case notWritten(UInt64, ByteString)
    case wall(WallTime, trusted: Bool)
    /// The commit that waits for its confirmation is worse than what ran before.
    case worse(ByteString)
  }

  public enum Output {
    /// A text; to be answered by `loaded`.
    case load(RevisionFile)
    /// Take these addresses without listening yet; to be answered by `reserved`.
    case reserve([UserAgent.ListenerSettings])
    /// Whole or not at all, in this order; to be answered by `written` or `notWritten`.
    case write(UInt64, RevisionFile, [UInt8])
    case remove(Int)
    /// To be configured with, after whatever the shell has to do for it.
    indirect case adopt(Int, BranchSettings)
    case answer(UInt64, [UInt8])
    case log(LogEntry)
  }

  /// No client of anybody: what comes from the configuration's file is answered by the log.
  static let fileClient: UInt64 = 0

  /// What somebody wants who waits for texts.
  struct Job {
    var client: UInt64
    var order: ConfigurationOrder
    var by: ByteString
    /// The running one, for what is compared with it.
    var running: Int
    var texts: [Int: [UInt8]?] = [:]

    /// Revisions whose texts it needs.
    var needed: [Int] {
      switch order {
      case .show(let number, _): [number ?? running]
      case .compare(let old, let new): [old, new ?? running]
      case .commit: [running]
      case .rollBack(let number, _): [number, running]
      case .revisions, .confirm, .undo: []
      }
    }
  }

  /// Verified, and waiting for its addresses.
  private struct Prepared {
    var job: Job
    var commit: ConfigurationCommit
    var settings: BranchSettings
    var text: [UInt8]
    var warnings: [ConfigurationError]
    var effects: [EffectOfChange]
  }

  private(set) var revisions: Revisions?
  private var jobs: [Job] = []
  /// Orders that were refused since the start because so many waited.
  private var refusedJobs = 0
  var limitUse: LimitUse {
    LimitUse("configuration-works", most: Limits.jobs, used: jobs.count, hits: refusedJobs)
  }
  private var prepared: Prepared?
  var settling = Settling()
  private var outputs = Fifo<Output>()

  var nextDeadline: Instant? { revisions?.nextDeadline }

  mutating func pollOutput() -> Output? { outputs.popFirst() }

  mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .start(let revisions):
      self.revisions = revisions
      settling.isDue = true
    case .order(let client, let order, let who): begin(order, for: client, by: who, at: now)
    case .file(let bytes):
      begin(.commit(ConfigurationCommit(text: bytes)), for: Self.fileClient, by: "file", at: now)
    case .loaded(.text(let number), let text): loaded(number, text, at: now)
    case .loaded(let file, let text): settlementLoaded(file, text, at: now)
    case .reserved(let fault): reserved(fault, at: now)
    case .written(let ticket): revisions?.handle(.written(ticket), at: now)
    case .notWritten(let ticket, let reason): revisions?.handle(.failed(ticket, reason: reason), at: now)
    case .wall(let time, let isTrusted):
      revisions?.handle(.wall(time), at: now)
      if isTrusted { settling.clock = (time, now) }
      settleOwners(at: now)
    case .worse(let reason): revisions?.handle(.undo(client: nil, reason: reason), at: now)
    }
    collect(at: now)
  }

  mutating func advance(to now: Instant) {
    guard let deadline = nextDeadline, deadline <= now else { return }
    revisions?.advance(to: now)
    collect(at: now)
  }

  // MARK: Orders

  private mutating func begin(_ order: ConfigurationOrder, for client: UInt64, by who: ByteString, at now: Instant) {
    guard let revisions else { return refuse(client, order, "unavailable") }
    switch order {
    case .confirm: self.revisions?.handle(.confirm(client: client, by: who), at: now)
    case .undo: self.revisions?.handle(.undo(client: client, reason: "taken back by " + who), at: now)
    case .revisions: outputs.append(.answer(client, Self.list(revisions)))
    case .show, .compare, .commit, .rollBack:
      guard jobs.count < Limits.jobs else {
        refusedJobs += 1
        log(LogEntry(.warning, "config.too-many", "orders that wait: " + ByteString(jobs.count)))
        return refuse(client, order, "busy")
      }
      let job = Job(client: client, order: order, by: who, running: revisions.state.running)
      for number in job.needed where number != job.running && revisions.state[number] == nil {
        return refuse(client, order, "unknown revision")
      }
      jobs.append(job)
      for number in job.needed { outputs.append(.load(.text(number))) }
    }
  }

  private mutating func loaded(_ number: Int, _ text: [UInt8]?, at now: Instant) {
    revisions?.handle(.loaded(number, text), at: now)
    settlementLoaded(.text(number), text, at: now)
    for index in jobs.indices where jobs[index].needed.contains(number) { jobs[index].texts[number] = .some(text) }
    while let index = jobs.firstIndex(where: { job in job.needed.allSatisfy { job.texts[$0] != nil } }) {
      perform(jobs.remove(at: index), at: now)
    }
  }

  private mutating func perform(_ job: Job, at now: Instant) {
    let texts = job.texts.compactMapValues { $0 }
    guard job.needed.allSatisfy({ texts[$0] != nil }) else { return refuse(job.client, job.order, "unreadable") }
    switch job.order {
    case .show(let number, let isSetForm):
      let shown = number ?? job.running
      outputs.append(.answer(job.client, Self.show(shown, texts[shown] ?? [], isSetForm: isSetForm)))
    case .compare(let old, let new):
      outputs.append(.answer(job.client, Self.compare(texts[old] ?? [], texts[new ?? job.running] ?? [])))
    case .commit(let commit): verify(commit, job, running: texts[job.running] ?? [], at: now)
    case .rollBack(let number, var commit):
      commit.text = texts[number] ?? []
      if commit.comment.isEmpty { commit.comment = "rollback to " + ByteString(number) }
      verify(commit, job, running: texts[job.running] ?? [], at: now)
    case .revisions, .confirm, .undo: break
    }
  }

  // MARK: Verifying

  private mutating func verify(_ commit: ConfigurationCommit, _ job: Job, running: [UInt8], at now: Instant) {
    var problems = Problems()
    let former = Block.configuration(parsing: running, problems: &problems)
    problems = Problems()
    var tree = Block.configuration(parsing: commit.text, problems: &problems)
    let hadMask = tree.restoreSecrets(from: former, problems: &problems)
    let reading = BranchSettings.read(tree, problems)
    guard let settings = reading.settings else { return refuse(job, reading) }
    // As it was written, unless only the box knows what it means.
    let text = hadMask || job.client != Self.fileClient ? ConfigurationFormatter.format(tree) : commit.text
    let differences = Difference.between(former, tree, schema: BranchSchema.root)
    let effects = Difference.effects(of: differences, schema: BranchSchema.root)
    let violations = violations(differences, commit.owner, former, settings, at: now)
    guard violations.isEmpty else { return refuse(job, "owned by another", violations) }
    guard !commit.isTrial else { return accept(job, commit, nil, reading.warnings, effects) }
    if differences.isEmpty, job.client != Self.fileClient {
      return unchanged(job, commit, at: now)
    }
    if job.client == Self.fileClient, text == running {
      return outputs.append(.log(LogEntry(.notice, "config.unchanged", "the file says what runs")))
    }
    if let base = commit.base, let running = revisions?.state.running, base != running {
      return refuse(job.client, job.order, "stale", revision: revisions?.running)
    }
    guard prepared == nil else { return refuse(job.client, job.order, "busy") }
    prepared = Prepared(
      job: job, commit: commit, settings: settings, text: text, warnings: reading.warnings, effects: effects)
    outputs.append(.reserve(settings.userAgent.listeners))
  }

  /// What changes nothing is no commit; but it confirms one that waits, for that is what is meant.
  private mutating func unchanged(_ job: Job, _ commit: ConfigurationCommit, at now: Instant) {
    guard revisions?.state.confirmation != nil, commit.confirmWithin == nil else {
      return refuse(job.client, job.order, "nothing changed")
    }
    outputs.append(.log(LogEntry(.info, "config.unchanged", "a commit without a change confirms")))
    revisions?.handle(.confirm(client: job.client, by: job.by), at: now)
  }

  private mutating func reserved(_ fault: ByteString?, at now: Instant) {
    guard let prepared else { return }
    if let fault {
      self.prepared = nil
      return refuse(prepared.job.client, prepared.job.order, "cannot listen", detail: fault)
    }
    revisions?.handle(
      .propose(
        Revisions.Proposal(
          client: prepared.job.client, text: prepared.text, by: prepared.job.by, comment: prepared.commit.comment,
          confirmWithin: prepared.commit.confirmWithin, base: prepared.commit.base, owner: prepared.commit.owner)),
      at: now)
  }

  // MARK: What the revisions say

  private mutating func collect(at now: Instant) {
    while let output = revisions?.pollOutput() {
      switch output {
      case .write(let ticket, let file, let bytes): outputs.append(.write(ticket, file, bytes))
      case .remove(let number): outputs.append(.remove(number))
      case .load(let number): outputs.append(.load(.text(number)))
      case .adopt(let number, let text): adopt(number, text)
      case .done(let client, let revision): done(client, revision)
      case .refused(let client, let refusal): refused(client, refusal)
      case .log(let entry): outputs.append(.log(entry))
      }
    }
  }

  private mutating func adopt(_ number: Int, _ text: [UInt8]) {
    settling.isDue = true
    if let prepared, prepared.text == text { return outputs.append(.adopt(number, prepared.settings)) }
    guard let settings = BranchSettings.parse(text).settings else {
      return outputs.append(
        .log(LogEntry(.alarm, "config.unusable", "revision " + ByteString(number) + " cannot be gone back to")))
    }
    outputs.append(.adopt(number, settings))
  }

  private mutating func done(_ client: UInt64, _ revision: Revision) {
    guard let prepared, prepared.job.client == client else {
      return outputs.append(.answer(client, Self.done("confirm", revision)))
    }
    self.prepared = nil
    accept(prepared.job, prepared.commit, revision, prepared.warnings, prepared.effects)
  }

  private mutating func refused(_ client: UInt64, _ refusal: Revisions.Refusal) {
    var order = ConfigurationOrder.confirm
    if let prepared, prepared.job.client == client {
      order = prepared.job.order
      self.prepared = nil
    }
    switch refusal {
    case .busy: refuse(client, order, "busy")
    case .waitsForConfirmation(let revision): refuse(client, order, "waits for confirmation", revision: revision)
    case .stale(let revision): refuse(client, order, "stale", revision: revision)
    case .nothingToConfirm: refuse(client, order, "nothing to confirm")
    case .cannotWrite(let reason): refuse(client, order, "cannot write", detail: reason)
    }
  }

  var isIdle: Bool { prepared == nil && revisions?.state.confirmation == nil }

  mutating func load(_ file: RevisionFile) { outputs.append(.load(file)) }
  /// Nobody waits for it: no write of the revisions has this number.
  mutating func store(_ file: RevisionFile, _ bytes: [UInt8]) { outputs.append(.write(0, file, bytes)) }
  /// Of this machine itself.
  mutating func propose(_ commit: ConfigurationCommit, by who: ByteString, at now: Instant) {
    begin(.commit(commit), for: Self.fileClient, by: who, at: now)
  }
  mutating func answer(_ client: UInt64, _ bytes: [UInt8]) { outputs.append(.answer(client, bytes)) }
  mutating func log(_ entry: LogEntry) { outputs.append(.log(entry)) }
}

extension Block {
  /// In place of each `***` the secret that stands there in the other tree.
  ///
  /// - Returns: whether there was one.
  fileprivate mutating func restoreSecrets(from other: Block, problems: inout Problems) -> Bool {
    let schema = BranchSchema.root
    var known: [ByteString: ByteString] = [:]
    _ = other.mappingSecrets(schema) { path, text in
      known[path] = text
      return nil
    }
    var hadMask = false
    self = mappingSecrets(schema) { path, text in
      guard text == ConfigurationDisplay.mask else { return nil }
      hadMask = true
      // Without one it stays, and is too short for any secret.
      return known[path]
    }
    return hadMask
  }
}
