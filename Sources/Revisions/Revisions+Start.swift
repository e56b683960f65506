// What runs after a start, whatever the last run was cut off in: the revision that the state names, or what a person has
// written into the configuration's file meanwhile, if that is good.

import Basics

extension Revisions {
  /// What a start finds on the disk. Nothing is read that is not asked for.
  public struct Found {
    public var state: [UInt8]?
    public var configuration: [UInt8]?
    /// Of a revision; nil: it cannot be read.
    public var text: (Int) -> [UInt8]?
    /// The greatest number of which there is a text; 0: none.
    public var highest: Int
    public var isGood: ([UInt8]) -> Bool

    public init(
      state: [UInt8]?, configuration: [UInt8]?, highest: Int, text: @escaping (Int) -> [UInt8]?,
      isGood: @escaping ([UInt8]) -> Bool
    ) {
      self.state = state
      self.configuration = configuration
      self.highest = highest
      self.text = text
      self.isGood = isGood
    }
  }

  /// - Returns: the machine, its outputs due, and the text that runs; nil where nothing usable was found: no revision has
  ///   ever run here, and there is no file or its text is not good.
  public static func start(
    _ found: Found, at now: Instant, wall: WallTime, trusted: Bool
  ) -> (revisions: Revisions, text: [UInt8])? {
    guard let bytes = found.state, let state = RevisionState(parsing: bytes) else {
      return first(found, at: wall)
    }
    var revisions = Revisions(state, at: wall)
    guard var text = revisions.runningText(found) else { return first(found, at: wall) }
    if let again = revisions.countStart(found, at: now, wall: wall, trusted: trusted) { text = again }
    revisions.settleFile(found, &text, at: wall)
    return (revisions, text)
  }

  /// Nothing is known: what the file says is the first revision.
  private static func first(_ found: Found, at wall: WallTime) -> (revisions: Revisions, text: [UInt8])? {
    guard let text = found.configuration, found.isGood(text) else { return nil }
    let revision = Revision(number: found.highest + 1, at: wall, by: "file")
    var revisions = Revisions(
      RevisionState(running: revision.number, file: revision.number, revisions: [revision]), at: wall)
    if found.state != nil {
      revisions.outputs.append(
        .log(LogEntry(.alarm, "config.state-damaged", "the kept revisions are not known any more")))
    }
    revisions.put(.text(revision.number), text)
    revisions.writeState()
    // As the box writes it: secrets are not left as a person wrote them.
    revisions.writeFile(revision.number, text)
    return (revisions, text)
  }

  /// Of the running revision; where it cannot be used, of the latest older one that can.
  private mutating func runningText(_ found: Found) -> [UInt8]? {
    if let text = found.text(state.running), found.isGood(text) { return text }
    for revision in state.revisions.reversed() where revision.number < state.running && revision.undone == nil {
      guard let text = found.text(revision.number), found.isGood(text) else { continue }
      let unusable = state.running
      state.takeBack(to: revision.number, "cannot be used after a start")
      outputs.append(
        .log(
          LogEntry(
            .alarm, "config.unusable",
            "revision " + ByteString(unusable) + " cannot be used; revision " + ByteString(revision.number) + " runs")))
      writeState()
      return text
    }
    return nil
  }

  /// - Returns: the text of the former revision if the one that waits for its confirmation is to be taken back.
  private mutating func countStart(
    _ found: Found, at now: Instant, wall: WallTime, trusted: Bool
  ) -> [UInt8]? {
    guard var confirmation = state.confirmation else { return nil }
    confirmation.starts += 1
    state.confirmation = confirmation
    let left = confirmation.left(at: wall, trusted: trusted)
    let isTooOften = confirmation.starts > RevisionLimits.startsWithoutConfirmation
    guard left == .zero || isTooOften, let text = found.text(confirmation.backTo), found.isGood(text) else {
      nextDeadline = now + left
      writeState()
      return nil
    }
    let undone = state.running
    let reason: ByteString = isTooOften ? "the program started too often" : "not confirmed in time"
    state.takeBack(to: confirmation.backTo, reason)
    outputs.append(
      .log(
        LogEntry(
          .alarm, "config.undone",
          "revision " + ByteString(undone) + ": " + reason + "; revision " + ByteString(state.running) + " runs again"))
    )
    writeState()
    return text
  }

  /// The configuration's file: what the last run wrote, or did not come to write, or what a person wrote since.
  private mutating func settleFile(_ found: Found, _ text: inout [UInt8], at wall: WallTime) {
    guard let file = found.configuration, file != text else {
      if found.configuration == nil { writeFile(state.running, text) } else { state.file = state.running }
      return
    }
    if cutOffWrites.contains(where: { found.text($0) == file }) { return writeFile(state.running, text) }
    guard found.isGood(file) else {
      put(.rejected, file)
      outputs.append(
        .log(
          LogEntry(
            .alarm, "config.file-ignored",
            "the file has errors; revision " + ByteString(state.running) + " runs, see `branchline check`")))
      return
    }
    text = file
    take(file, at: wall)
  }

  /// The revisions that the file may still hold, or hold already, though the state does not say so: no person wrote that.
  private var cutOffWrites: [Int] {
    let takenBack = state.revisions.last.flatMap { $0.undone != nil && $0.number > state.running ? $0.number : nil }
    return [state.file] + (takenBack.map { [$0] } ?? [])
  }

  /// A person has changed the file while nothing ran, and wants that.
  private mutating func take(_ file: [UInt8], at wall: WallTime) {
    let revision = Revision(number: max(state.nextNumber, 1), at: wall, by: "file")
    nextDeadline = nil
    state.confirmation = nil
    state.revisions.append(revision)
    state.running = revision.number
    state.file = revision.number
    put(.text(revision.number), file)
    for number in state.prune() { outputs.append(.remove(number)) }
    writeState()
    writeFile(revision.number, file)
    outputs.append(
      .log(LogEntry(.notice, "config.committed", "revision " + ByteString(revision.number) + ", from the file")))
  }
}
