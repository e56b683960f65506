// What belongs to the hub: commits of others leave it alone, and when an override of the branch is over, what the hub has
// pushed last comes back as a commit of its own. What the hub has pushed is a text of its own (`RevisionFile.hub`): the
// tree of its latest commit, in which the sections that were overridden then are as it pushed them before.
//
// It goes by what is, not by what has happened, so that nothing is lost with the power: after each change, and when an
// override ends, the running tree is compared with that text.

import Basics
import BranchConfiguration
import Configuration
import Revisions

extension ConfigurationKeeper {
  struct Settling {
    /// Something has changed since it was compared.
    var isDue = false
    /// The end of the override that is over next.
    var until: WallTime?
    /// By a trusted clock.
    var clock: (wall: WallTime, at: Instant)?
    /// The revision that is being compared.
    var number: Int?
    var texts: [RevisionFile: [UInt8]?] = [:]

    func wall(at now: Instant) -> WallTime? { clock.map { $0.wall + (now - $0.at) } }
  }

  func violations(
    _ differences: [Difference], _ owner: Owner, _ former: Block, _ settings: BranchSettings, at now: Instant
  ) -> [ConfigurationError] {
    let before = BranchSettings.ownership(of: former)
    guard !before.hub.isEmpty || !settings.ownership.hub.isEmpty else { return [] }
    let day = settling.wall(at: now).map { settings.zone.day(of: $0) }
    let change = OwnedChange(
      by: owner, before: before, after: settings.ownership, day: day, owners: BranchSchema.ownersName,
      overrides: BranchSchema.overrideName)
    return change.violations(differences, schema: BranchSchema.root)
  }

  // MARK: When an override ends

  mutating func settleOwners(at now: Instant) {
    guard let wall = settling.wall(at: now), isIdle, settling.number == nil, let revisions else { return }
    guard settling.isDue || settling.until.map({ $0 <= wall }) ?? false else { return }
    settling.isDue = false
    settling.until = nil
    settling.number = revisions.state.running
    settling.texts = [:]
    load(.text(revisions.state.running))
    load(.hub)
  }

  mutating func settlementLoaded(_ file: RevisionFile, _ text: [UInt8]?, at now: Instant) {
    guard let number = settling.number, file == .hub || file == .text(number) else { return }
    settling.texts[file] = .some(text)
    guard settling.texts.count == 2 else { return }
    settling.number = nil
    let texts = settling.texts.compactMapValues { $0 }
    settling.texts = [:]
    guard let running = texts[.text(number)], number == revisions?.state.running else { return }
    settle(running, texts[.hub], at: now)
  }

  private mutating func settle(_ text: [UInt8], _ hubText: [UInt8]?, at now: Instant) {
    guard let revision = revisions?.running, let wall = settling.wall(at: now) else { return }
    let running = Self.tree(of: text)
    let ownership = BranchSettings.ownership(of: running)
    guard !ownership.hub.isEmpty else { return }
    let zone = BranchSettings.zone(of: running)
    let today = zone.day(of: wall)
    settling.until = ownership.nextEnd(after: today).map { zone.start(ofDay: $0 + 1) }
    var pushed = hubText.map { Self.tree(of: $0) } ?? running
    if hubText == nil || revision.owner == .hub {
      let overridden = Ownership(hub: ownership.overridden(on: zone.day(of: revision.at)))
      let latest = overridden.restored(running, from: pushed, schema: BranchSchema.root, on: nil)
      if hubText == nil || !Self.means(latest, pushed) { store(.hub, ConfigurationFormatter.format(latest)) }
      pushed = latest
    }
    let wanted = ownership.restored(running, from: pushed, schema: BranchSchema.root, on: today)
    guard !Self.means(wanted, running) else { return }
    log(LogEntry(.notice, "config.override-ended", "what the hub has pushed comes back"))
    var commit = ConfigurationCommit(text: ConfigurationFormatter.format(wanted), base: revision.number)
    commit.comment = "an override has ended"
    commit.owner = .hub
    propose(commit, by: "hub", at: now)
  }

  private static func means(_ a: Block, _ b: Block) -> Bool {
    Difference.between(a, b, schema: BranchSchema.root).allSatisfy {
      if case .commented = $0.change { true } else { false }
    }
  }
}
