import Basics

@testable import Revisions

/// A disk on which each file is there whole or not at all, and a box that writes on it until its power is cut.
struct Disk {
  var files: [RevisionFile: [UInt8]] = [:]

  var highest: Int {
    files.keys.reduce(0) { if case .text(let number) = $1 { max($0, number) } else { $0 } }
  }

  func found() -> Revisions.Found {
    let files = files
    return Revisions.Found(
      state: files[.state], configuration: files[.configuration], highest: highest, text: { files[.text($0)] },
      isGood: { !$0.starts(with: [UInt8(ascii: "!")]) })
  }
}

struct Box {
  var disk = Disk()
  var revisions: Revisions?
  var now = Instant.zero
  var wall = WallTime(seconds: 1_800_000_000)
  var isClockTrusted = true
  /// What runs.
  var running: [UInt8] = []
  var adopted: [Int] = []
  var done: [UInt64: Revision] = [:]
  var refused: [UInt64: Revisions.Refusal] = [:]
  var alarms: [String] = []
  /// Writes until the power is cut; nil: it stays.
  var writesLeft: Int?
  var writesFail = false
  var unreadable: Set<Int> = []

  var text: String { String(decoding: running, as: UTF8.self) }
  var file: String { String(decoding: disk.files[.configuration] ?? [], as: UTF8.self) }
  var isOn: Bool { revisions != nil }

  mutating func start() {
    var found = disk.found()
    let (text, unreadable) = (found.text, unreadable)
    found.text = { unreadable.contains($0) ? nil : text($0) }
    guard let (machine, running) = Revisions.start(found, at: now, wall: wall, trusted: isClockTrusted) else { return }
    revisions = machine
    self.running = running
    drain()
  }

  mutating func handle(_ input: Revisions.Input) {
    revisions?.handle(input, at: now)
    drain()
  }

  mutating func pass(_ seconds: Int) {
    let end = now + .seconds(seconds)
    while let deadline = revisions?.nextDeadline, deadline <= end {
      wall = wall + (deadline - now)
      now = deadline
      revisions?.advance(to: now)
      drain()
    }
    wall = wall + (end - now)
    now = end
    handle(.wall(wall))
  }

  mutating func cut() {
    revisions = nil
    writesLeft = nil
    // Time from before the start means nothing.
    now = .zero
  }

  mutating func commit(
    _ text: String, client: UInt64 = 1, within: Int? = nil, base: Int? = nil
  ) {
    handle(
      .propose(
        .init(
          client: client, text: Array(text.utf8), by: "lee", comment: "why", confirmWithin: within.map { .seconds($0) },
          base: base)))
  }

  private mutating func drain() {
    while let output = revisions?.pollOutput() {
      switch output {
      case .write(let ticket, let file, let bytes):
        if writesLeft == 0 { return cut() }
        writesLeft = writesLeft.map { $0 - 1 }
        if writesFail {
          revisions?.handle(.failed(ticket, reason: "full"), at: now)
        } else {
          disk.files[file] = bytes
          revisions?.handle(.written(ticket), at: now)
        }
      case .remove(let number): disk.files[.text(number)] = nil
      case .load(let number):
        let text = unreadable.contains(number) ? nil : disk.files[.text(number)]
        revisions?.handle(.loaded(number, text), at: now)
      case .adopt(let number, let text):
        adopted.append(number)
        running = text
      case .done(let client, let revision): done[client] = revision
      case .refused(let client, let refusal): refused[client] = refusal
      case .log(let entry): if entry.level == .alarm { alarms.append(entry.event.description) }
      }
    }
  }
}

/// With this text in the configuration's file and started once.
func box(_ text: String) -> Box {
  var box = Box()
  box.disk.files[.configuration] = Array(text.utf8)
  box.start()
  return box
}
