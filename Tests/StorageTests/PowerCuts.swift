// What a power cut may leave of a recorded disk. Synced writes are there. Of the others any may be missing, and any may
// be torn at a sector's edge; names that no directory sync has followed may be missing too.

import Basics

/// Walks along a record; at every step it makes disks as a cut at that step could leave them.
struct PowerCuts {
  private enum Change {
    case write(offset: Int, bytes: [UInt8])
    case truncate(Int)
  }
  private enum NameChange {
    case create(String, Int)
    case delete(String)
  }
  /// How much of the unsynced reaches the disk.
  enum Loss: CaseIterable {
    case all
    case nothing
    /// Written in order up to some change, which is torn.
    case tail
    /// One change is lost, and all others arrive.
    case one
    /// One change arrives, and all others are lost.
    case allButOne
    /// Each change arrives, is lost or is torn by chance.
    case any
  }

  private static let sector = 512

  private let operations: [CrashDisk.Operation]
  private(set) var step = 0
  private var files: [Int: [UInt8]] = [:]
  private var pending: [Int: [Change]] = [:]
  private var names: [String: Int] = [:]
  private var pendingNames: [NameChange] = []

  init(of disk: CrashDisk) {
    operations = disk.operations
    for (index, (name, bytes)) in disk.initial.sorted(by: { $0.key < $1.key }).enumerated() {
      names[name] = index
      files[index] = bytes
    }
  }

  /// False at the end of the record.
  mutating func advance() -> Bool {
    guard step < operations.count else { return false }
    switch operations[step] {
    case .create(let file, let name):
      files[file] = []
      pendingNames.append(.create(name, file))
    case .write(let file, let offset, let bytes):
      pending[file, default: []].append(.write(offset: offset, bytes: bytes))
    case .truncate(let file, let size): pending[file, default: []].append(.truncate(size))
    case .sync(let file, let andNames):
      for change in pending[file] ?? [] { Self.apply(change, to: &files[file, default: []]) }
      pending[file] = nil
      if andNames { syncNames() }
    case .delete(let name, let isSynced):
      pendingNames.append(.delete(name))
      if isSynced { syncNames() }
    }
    step += 1
    return true
  }

  mutating func advance(to target: Int) { while step < target && advance() {} }

  /// Whether different losses make different disks here.
  var isUncertain: Bool { !pendingNames.isEmpty || pending.values.contains { !$0.isEmpty } }

  func disk(after loss: Loss, _ random: inout SeededRandom) -> [String: [UInt8]] {
    var names = names
    for change in pendingNames where arrives(loss, &random) { Self.apply(change, to: &names) }
    var disk: [String: [UInt8]] = [:]
    for (name, file) in names.sorted(by: { $0.key < $1.key }) {
      disk[name] = content(of: file, after: loss, &random)
    }
    return disk
  }

  private func content(of file: Int, after loss: Loss, _ random: inout SeededRandom) -> [UInt8] {
    var bytes = files[file] ?? []
    let changes = pending[file] ?? []
    let chosen = random.below(changes.count)
    for (index, change) in changes.enumerated() {
      switch loss {
      case .all: break
      case .nothing: Self.apply(change, to: &bytes)
      case .tail:
        if index < chosen { Self.apply(change, to: &bytes) }
        if index == chosen { Self.tear(change, &bytes, &random) }
      case .one: if index != chosen { Self.apply(change, to: &bytes) }
      case .allButOne: if index == chosen { Self.apply(change, to: &bytes) }
      case .any:
        switch random.below(3) {
        case 0: break
        case 1: Self.apply(change, to: &bytes)
        default: Self.tear(change, &bytes, &random)
        }
      }
    }
    return bytes
  }

  private func arrives(_ loss: Loss, _ random: inout SeededRandom) -> Bool {
    switch loss {
    case .all: false
    case .nothing: true
    case .tail, .one, .allButOne, .any: random.chance(percent: 50)
    }
  }

  private mutating func syncNames() {
    for change in pendingNames { Self.apply(change, to: &names) }
    pendingNames = []
  }

  private static func apply(_ change: NameChange, to names: inout [String: Int]) {
    switch change {
    case .create(let name, let file): names[name] = file
    case .delete(let name): names[name] = nil
    }
  }

  private static func apply(_ change: Change, to bytes: inout [UInt8]) {
    switch change {
    case .write(let offset, let data): CrashDisk.put(data[...], at: offset, into: &bytes)
    case .truncate(let size): CrashDisk.resize(&bytes, to: size)
    }
  }

  /// Some of the sectors arrive, in no order.
  private static func tear(_ change: Change, _ bytes: inout [UInt8], _ random: inout SeededRandom) {
    guard case .write(let offset, let data) = change else { return apply(change, to: &bytes) }
    var from = 0
    while from < data.count {
      let to = min(data.count, ((offset + from) / sector + 1) * sector - offset)
      if random.chance(percent: 50) { CrashDisk.put(data[from..<to], at: offset + from, into: &bytes) }
      from = to
    }
  }
}
