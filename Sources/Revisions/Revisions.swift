// Commits one after the other, each whole or not at all: text first, then the state that says it runs, then the settings
// are adopted, then the configuration's file follows. A commit that waits for its confirmation is taken back when the time
// is over, when it is found to be worse, or when the program had to start too often; whatever is cut off between two
// writes, a start finds the former revision or the new one, never a mixture (`Revisions+Start`).
//
// It knows texts, not what they mean: whoever proposes has verified. Files are written in the order of the outputs.

import Basics
import Configuration

public struct Revisions: Sendable {
  public struct Proposal: Hashable, Sendable {
    /// For the answer.
    public var client: UInt64
    public var text: [UInt8]
    public var by: ByteString
    public var comment: ByteString
    /// nil: nobody has to confirm it.
    public var confirmWithin: Interval?
    /// The revision that it was made from; nil: whatever runs.
    public var base: Int?
    public var owner: Owner

    public init(
      client: UInt64, text: [UInt8], by: ByteString, comment: ByteString = "", confirmWithin: Interval? = nil,
      base: Int? = nil, owner: Owner = .branch
    ) {
      self.client = client
      self.text = text
      self.by = by
      self.comment = comment
      self.confirmWithin = confirmWithin
      self.base = base
      self.owner = owner
    }
  }

  public enum Refusal: Hashable, Sendable {
    /// Another commit is being written.
    case busy
    /// That one has to be confirmed or taken back before.
    case waitsForConfirmation(Revision)
    /// Somebody has committed meanwhile.
    case stale(Revision)
    case nothingToConfirm
    case cannotWrite(ByteString)
  }

  public enum Input: Sendable {
    case propose(Proposal)
    case confirm(client: UInt64, by: ByteString)
    /// Take back what waits for its confirmation.
    case undo(client: UInt64?, reason: ByteString)
    case written(UInt64)
    case failed(UInt64, reason: ByteString)
    /// What `load` asked for; nil: it cannot be read.
    case loaded(Int, [UInt8]?)
    case wall(WallTime)
  }

  public enum Output: Sendable {
    /// Whole or not at all, on the disk before it is said to be `written`.
    case write(UInt64, RevisionFile, [UInt8])
    case remove(Int)
    case load(Int)
    /// These settings run from now on.
    case adopt(Int, [UInt8])
    case done(client: UInt64, Revision)
    case refused(client: UInt64, Refusal)
    case log(LogEntry)
  }

  private enum Work: Sendable {
    case none
    case text(Proposal, Revision, ticket: UInt64)
    case state(Proposal, Revision, ticket: UInt64)
    case confirming(client: UInt64, Confirmation, ticket: UInt64)
    /// Waits for the text of that revision.
    case undoing(client: UInt64?, to: Int, reason: ByteString)
  }

  public internal(set) var state: RevisionState
  /// When the commit that waits is taken back.
  public internal(set) var nextDeadline: Instant?
  private var work = Work.none
  private var lastTicket: UInt64 = 0
  /// Which revision each write brings into the configuration's file.
  private var fileWrites: [(ticket: UInt64, number: Int)] = []
  private var wall: WallTime
  var outputs = Fifo<Output>()

  /// See `start`.
  init(_ state: RevisionState, at wall: WallTime) {
    self.state = state
    self.wall = wall
  }

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public var running: Revision { state[state.running] ?? Revision(number: state.running, at: wall, by: "") }

  public mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .propose(let proposal): propose(proposal)
    case .confirm(let client, _): confirm(client)
    case .undo(let client, let reason): undo(client, reason)
    case .written(let ticket): written(ticket, at: now)
    case .failed(let ticket, let reason): failed(ticket, reason, at: now)
    case .loaded(let number, let text): loaded(number, text)
    case .wall(let time): wall = time
    }
    advance(to: now)
  }

  public mutating func advance(to now: Instant) {
    guard let deadline = nextDeadline, deadline <= now else { return }
    nextDeadline = nil
    undo(nil, "not confirmed in time")
  }

  // MARK: Committing

  private mutating func propose(_ proposal: Proposal) {
    if let refusal = refusal(of: proposal) {
      return outputs.append(.refused(client: proposal.client, refusal))
    }
    let revision = Revision(
      number: state.nextNumber, at: wall, by: proposal.by, comment: proposal.comment, owner: proposal.owner)
    work = .text(proposal, revision, ticket: write(.text(revision.number), proposal.text))
  }

  private func refusal(of proposal: Proposal) -> Refusal? {
    guard case .none = work else { return .busy }
    if state.confirmation != nil { return .waitsForConfirmation(running) }
    if let base = proposal.base, base != state.running { return .stale(running) }
    return nil
  }

  private mutating func written(_ ticket: UInt64, at now: Instant) {
    if let index = fileWrites.firstIndex(where: { $0.ticket == ticket }) {
      state.file = fileWrites.remove(at: index).number
      writeState()
    }
    switch work {
    case .text(let proposal, let revision, ticket):
      work = .state(proposal, revision, ticket: write(.state, state.with(proposal, revision).text))
    case .state(let proposal, let revision, ticket):
      work = .none
      let former = state.running
      state = state.with(proposal, revision)
      outputs.append(.adopt(revision.number, proposal.text))
      outputs.append(.done(client: proposal.client, revision))
      if let within = proposal.confirmWithin { nextDeadline = now + within }
      noteCommit(revision, insteadOf: former, proposal)
      writeFile(revision.number, proposal.text)
      for number in state.prune() { outputs.append(.remove(number)) }
    case .confirming(let client, _, ticket):
      work = .none
      outputs.append(.done(client: client, running))
      outputs.append(.log(LogEntry(.notice, "config.confirmed", "revision " + ByteString(state.running))))
    default: break
    }
  }

  private mutating func noteCommit(_ revision: Revision, insteadOf former: Int, _ proposal: Proposal) {
    var text = ByteString("revision ") + ByteString(revision.number) + " in place of " + ByteString(former) + ", by "
    text += revision.by.isEmpty ? "?" : revision.by
    if let within = proposal.confirmWithin { text += ", to be confirmed within " + ByteString(within.seconds) + " s" }
    outputs.append(.log(LogEntry(.notice, "config.committed", text)))
  }

  private mutating func failed(_ ticket: UInt64, _ reason: ByteString, at now: Instant) {
    fileWrites.removeAll { $0.ticket == ticket }
    outputs.append(.log(LogEntry(.alarm, "config.not-written", reason)))
    switch work {
    case .text(let proposal, let revision, ticket):
      work = .none
      outputs.append(.remove(revision.number))
      outputs.append(.refused(client: proposal.client, .cannotWrite(reason)))
    case .state(let proposal, let revision, ticket):
      // Nobody knows what the disk has now: the old state is written again, so that what was refused does not come back.
      work = .none
      writeState()
      outputs.append(.remove(revision.number))
      outputs.append(.refused(client: proposal.client, .cannotWrite(reason)))
    case .confirming(let client, let confirmation, ticket):
      work = .none
      state.confirmation = confirmation
      nextDeadline = now + confirmation.left(at: wall, trusted: true)
      outputs.append(.refused(client: client, .cannotWrite(reason)))
    default: break
    }
  }

  // MARK: Confirming and taking back

  private mutating func confirm(_ client: UInt64) {
    guard let confirmation = state.confirmation, case .none = work else {
      return outputs.append(.refused(client: client, state.confirmation == nil ? .nothingToConfirm : .busy))
    }
    nextDeadline = nil
    state.confirmation = nil
    work = .confirming(client: client, confirmation, ticket: write(.state, state.text))
  }

  private mutating func undo(_ client: UInt64?, _ reason: ByteString) {
    guard let confirmation = state.confirmation, case .none = work else {
      if let client { outputs.append(.refused(client: client, state.confirmation == nil ? .nothingToConfirm : .busy)) }
      return
    }
    nextDeadline = nil
    load(confirmation.backTo, client, reason)
  }

  private mutating func load(_ number: Int, _ client: UInt64?, _ reason: ByteString) {
    work = .undoing(client: client, to: number, reason: reason)
    outputs.append(.load(number))
  }

  private mutating func loaded(_ number: Int, _ text: [UInt8]?) {
    guard case .undoing(let client, number, let reason) = work else { return }
    work = .none
    guard let text else { return loadOlder(than: number, client, reason) }
    let undone = state.running
    state.takeBack(to: number, reason)
    outputs.append(.adopt(number, text))
    outputs.append(
      .log(
        LogEntry(
          .alarm, "config.undone",
          "revision " + ByteString(undone) + ": " + reason + "; revision " + ByteString(number) + " runs again")))
    if let client, let revision = state[number] { outputs.append(.done(client: client, revision)) }
    writeState()
    writeFile(number, text)
  }

  /// What cannot be read cannot be gone back to: the one before it is the next best.
  private mutating func loadOlder(than number: Int, _ client: UInt64?, _ reason: ByteString) {
    let text = ByteString("revision ") + ByteString(number) + " cannot be read"
    outputs.append(.log(LogEntry(.alarm, "config.unreadable", text)))
    if let older = state.revisions.last(where: { $0.number < number && $0.undone == nil }) {
      return load(older.number, client, reason)
    }
    state.confirmation = nil
    writeState()
    if let client { outputs.append(.refused(client: client, .cannotWrite(text))) }
  }

  // MARK: Files

  private mutating func write(_ file: RevisionFile, _ bytes: [UInt8]) -> UInt64 {
    lastTicket += 1
    outputs.append(.write(lastTicket, file, bytes))
    return lastTicket
  }

  mutating func writeState() { _ = write(.state, state.text) }

  mutating func writeFile(_ number: Int, _ text: [UInt8]) {
    fileWrites.append((write(.configuration, text), number))
  }

  /// Without waiting for it.
  mutating func put(_ file: RevisionFile, _ bytes: [UInt8]) { _ = write(file, bytes) }
}

extension RevisionState {
  /// As it will be when the proposal runs.
  func with(_ proposal: Revisions.Proposal, _ revision: Revision) -> RevisionState {
    var state = self
    state.revisions.append(revision)
    state.confirmation = proposal.confirmWithin.map {
      Confirmation(within: $0, until: revision.at + $0, backTo: running)
    }
    state.running = revision.number
    return state
  }

  mutating func takeBack(to number: Int, _ reason: ByteString) {
    if let index = revisions.firstIndex(where: { $0.number == running }) {
      revisions[index].undone = ByteString(reason.bytes.prefix(RevisionLimits.commentBytes))
    }
    confirmation = nil
    running = number
  }
}
