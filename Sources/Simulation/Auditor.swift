// Watches from outside and predicts: it sees what storage has, what customers hear and what rings at their end, and
// believes nothing that the box says of itself.

import Basics
import Journal
import MediaEngine

public struct Auditor {
  /// What must never happen, with the instant when it did.
  public private(set) var violations: [String] = []
  /// Everything seen, folded into one number (FNV-1a).
  public private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  public private(set) var goodbyes = 0
  public private(set) var customersRung = 0
  public private(set) var conversations = 0
  /// Callback dials at the carrier that have not ended, by customer.
  private var ringing: [ByteString: Int] = [:]
  private var goodbyePrompts: [PromptID]

  public init() {
    goodbyePrompts = PromptLanguage.allCases.map { PromptID(.callbackAccepted, $0) }
  }

  mutating func note(_ text: String) {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  private mutating func blame(_ text: String, at now: Instant) {
    violations.append("\(now.nanoseconds / 1_000_000) ms: \(text)")
  }

  /// Rule: a promise is on the disk before "goodbye".
  mutating func boxCommands(_ command: MediaCommand, disk: SimulatedStorage, at now: Instant) {
    guard case .play(_, let list, _, _) = command, list.count > 0, goodbyePrompts.contains(list[0]) else { return }
    goodbyes += 1
    note("goodbye \(now.nanoseconds)")
    let promised = disk.callbacks.values.count + disk.mergedRequests
    if promised < goodbyes { blame("goodbye \(goodbyes) with \(promised) promises on the disk", at: now) }
  }

  /// Rule: one dial in flight for a number; a dial only for a promise that is on the disk as dialling.
  mutating func carrierHears(_ story: SoftPhone.Story, disk: SimulatedStorage, at now: Instant) {
    note("\(now.nanoseconds) \(story)")
    switch story {
    case .rings(let number, _, _):
      customersRung += 1
      ringing[number, default: 0] += 1
      if ringing[number, default: 0] > 1 { blame("two dials to \(number) at once", at: now) }
      // The trunk is sent the national form of a number that the disk has in international form.
      if !disk.callbacks.values.contains(where: { $0.state == .dialling && $0.number.bytes.suffix(11) == number.bytes.suffix(11) }) {
        blame("a dial to \(number) that the disk does not know", at: now)
      }
    case .ended(let number, _, let wasAnswered):
      ringing[number, default: 1] = max(0, ringing[number, default: 1] - 1)
      if wasAnswered { conversations += 1 }
    case .talks, .hearsRinging, .registered: break
    }
  }

  mutating func personSees(_ story: SoftPhone.Story, person: Int, at now: Instant) {
    note("\(now.nanoseconds) \(person) \(story)")
  }

  /// What is still promised when everything has had time to be kept: nothing may be in flight, nothing forgotten.
  public func unkept(on disk: SimulatedStorage) -> [String] {
    disk.callbacks.keys.sorted().compactMap { id in
      guard let callback = disk.callbacks[id], !callback.state.isFinal else { return nil }
      return "callback \(id) to \(callback.number) is still \(callback.state) at the end"
    }
  }
}
