// What happens to a branch from outside, drawn from the seed before anything runs. No event needs another one to have
// happened, so that any of them can be left out when a failure is made smaller.

import ACD
import Basics

public struct Event: Sendable {
  public let at: Instant
  public let kind: Kind

  var isCall: Bool { if case .call = kind { true } else { false } }

  public enum Kind: Sendable {
    case call(Visit)
    /// What the agent with this index does.
    case act(agent: Int, AgentAct)
    case mood(agent: Int, Mood, lasting: Interval)
    /// The phone is gone from the network for a while.
    case reboot(agent: Int, lasting: Interval)
    /// The agent has a call that is none of the queue's.
    case elsewhere(agent: Int, lasting: Interval)
    case configure(variant: Int)
    /// Channels that callbacks may take in all.
    case trunk(channels: Int)
    case clock(jump: Interval, isTrusted: Bool)
    case disk(DiskMood)
    /// The power fails when so many more writes are on the disk, before anybody hears of the last of them; 0: now.
    case powerCut(afterWrites: Int, outage: Interval)
    case supervisor(SupervisorAct, pick: Int)
    case opening(queue: Int, isOpen: Bool, closesIn: Interval?)

    /// Something that goes wrong, as against everyday life.
    var isFault: Bool {
      switch self {
      case .call, .act, .elsewhere, .supervisor, .opening: false
      case .mood(_, let mood, _): mood != .prompt
      case .clock(let jump, let isTrusted): jump != .zero || !isTrusted
      case .disk(let mood): mood != .fast
      case .reboot, .configure, .trunk, .powerCut: true
      }
    }
  }

  public enum AgentAct: UInt8, Sendable, CaseIterable {
    case login, logout, pause, ready, endWrapUp, disposition
  }

  /// How an agent's phone treats offers.
  public enum Mood: UInt8, Sendable, CaseIterable {
    case prompt
    /// Rings and rings: neither answer nor refusal.
    case dead
    case rejects
    /// The answer leaves when the withdrawal is already under way.
    case answersLate
    /// A 200 that is heard twice.
    case answersTwice
    case slow
    /// The leg breaks down while it rings.
    case breaks
  }

  public enum DiskMood: UInt8, Sendable, CaseIterable {
    case fast, slow
    /// Slower than anybody waits for.
    case stuck
    /// Writes are refused.
    case full
  }

  public enum SupervisorAct: UInt8, Sendable, CaseIterable {
    case cancelCallback, dialNow, reschedule, move, prioritise, takeOut, brownOut, powerIsBack, moveCallback
  }
}

/// One customer's call, with everything the customer will do in it.
public struct Visit: Sendable, CustomStringConvertible {
  public let call: UInt64
  public let medium: ACD.Medium
  public let queue: Int
  public let number: ByteString
  public let patience: Interval
  /// Presses the key so long after entering.
  public let asksAfter: Interval?
  /// Says yes when a callback is offered.
  public let accepts: Bool
  /// Keyed in instead of the own number; empty: none.
  public let otherNumber: ByteString
  /// Asks for a time so far from now.
  public let scheduledIn: Interval?
  public let talk: Interval
  /// Losing patience looks like a broken line.
  public let lineBreaks: Bool
  /// Asks for this agent.
  public let preferredAgent: Int?
  public let priority: UInt8?
  /// What is wanted where a callback of this number is open: 0 resume, 1 keep, 2 cancel.
  public let choice: UInt8

  public var description: String {
    var text = "\(medium) \(call), queue \(queue), from \"\(number)\", patient for \(patience.milliseconds) ms"
    if let asksAfter { text += ", asks after \(asksAfter.milliseconds) ms" }
    if let scheduledIn { text += " for in \(scheduledIn.seconds) s" }
    if !otherNumber.isEmpty { text += " to be called at \(otherNumber)" }
    if accepts { text += ", accepts" }
    if lineBreaks { text += ", line breaks" }
    if let preferredAgent { text += ", prefers agent \(preferredAgent)" }
    if let priority { text += ", priority \(priority)" }
    return text
  }
}
