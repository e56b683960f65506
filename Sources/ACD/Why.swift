// The answer to "why does this item wait", "why does that agent get nothing": structured lines, and their words for people.

import Basics
import Journal

extension ACD {
  /// One line of an answer: something that is so at this instant, or was decided a while ago.
  public struct WhyLine: Hashable, Sendable {
    /// Whom or what it is about: an agent's extension, a queue; empty: the one that was asked about.
    public var subject: ByteString
    public var reason: Reason

    public init(_ subject: ByteString, _ reason: Reason) {
      self.subject = subject
      self.reason = reason
    }
    public init(_ reason: Reason) { self.init("", reason) }
  }

  /// A time that has an end, or has not.
  public enum Until: Hashable, Sendable {
    case time(WallTime)
    /// The clock cannot be trusted: so long from now on.
    case seconds(Int)
  }

  public enum Reason: Hashable, Sendable {
    case unknown
    case waits(queue: ByteString, position: Int, seconds: Int)
    case priority(UInt8)
    /// So many items are served before it.
    case olderItems(Int)
    /// The agent's queue has nothing for it.
    case nothingWaits
    case next(item: UInt64)
    /// So many items ask for what the agent has not.
    case others(Int)
    case noAgents
    case offered(item: UInt64, agent: ByteString, strategy: Strategy?, ready: Int, secondsAgo: Int)
    case rings(item: UInt64, agent: ByteString, Until)
    /// So many more agents are ready than lines were left for.
    case more(Int)

    // Of agents.
    case ready
    /// Has as many conversations of this medium, or beside it, as it may.
    case noRoom(Medium)
    case loggedOut
    case paused(reason: ByteString)
    case wrapUp(Until)
    case backoff(Until)
    case unreachable
    case busyElsewhere
    case ringing
    case talking
    case reserved
    case withdrawing
    /// Of an agent: no queue names it.
    case noQueue
    case joinsAfter(seconds: Int)
    case lacks(skill: ByteString, level: UInt8, untilWaited: Int?)
    case waitsForPreferred(agent: ByteString, Until)

    // Of callbacks.
    case beingWritten
    case notBefore(Until)
    case leased(Until)
    case clockUntrusted
    /// None is this box's to make.
    case restsAs(Custody)
    case noChannel
    case notOffered
    case closed
    /// A caller with its number waits live, or talks.
    case heldByCaller
    case dialling
    case inConversation
    /// Customer first: a person is on the line.
    case customerWaits
    /// Customer first: answered, not yet known to be a person.
    case confirming
    /// Customer first: each agent who is ready is expected by a customer already.
    case enoughDialled

    // Of everything.
    case powerFails
  }
}

extension ACD.Reason {
  /// The word for programs.
  public var word: StaticString {
    switch self {
    case .unknown: "unknown"
    case .waits: "waits"
    case .priority: "priority"
    case .olderItems: "older-items"
    case .nothingWaits: "nothing-waits"
    case .next: "next"
    case .others: "others"
    case .noAgents: "no-agents"
    case .offered: "offered"
    case .rings: "rings"
    case .more: "more"
    case .ready: "ready"
    case .noRoom: "no-room"
    case .loggedOut: "logged-out"
    case .paused: "paused"
    case .wrapUp: "wrap-up"
    case .backoff: "backoff"
    case .unreachable: "unreachable"
    case .busyElsewhere: "busy-elsewhere"
    case .ringing: "ringing"
    case .talking: "talking"
    case .reserved: "reserved"
    case .withdrawing: "withdrawing"
    case .noQueue: "no-queue"
    case .joinsAfter: "joins-after"
    case .lacks: "lacks-skill"
    case .waitsForPreferred: "preferred-agent"
    case .beingWritten: "being-written"
    case .notBefore: "not-before"
    case .leased: "leased"
    case .clockUntrusted: "clock-untrusted"
    case .restsAs(let custody): custody.name
    case .noChannel: "no-channel"
    case .notOffered: "not-offered"
    case .closed: "closed"
    case .heldByCaller: "held-by-caller"
    case .dialling: "dialling"
    case .inConversation: "in-conversation"
    case .customerWaits: "customer-waits"
    case .confirming: "confirming"
    case .enoughDialled: "enough-dialled"
    case .powerFails: "power-fails"
    }
  }

  /// When that ends, where it has an end that is known.
  public var until: ACD.Until? {
    switch self {
    case .rings(_, _, let until), .wrapUp(let until), .backoff(let until), .waitsForPreferred(_, let until),
      .notBefore(let until), .leased(let until):
      until
    default: nil
    }
  }

  /// Whether an agent is passed over because of it.
  var isObstacle: Bool {
    switch self {
    case .loggedOut, .paused, .wrapUp, .backoff, .unreachable, .busyElsewhere, .ringing, .talking, .reserved,
      .withdrawing, .noRoom, .joinsAfter, .lacks, .waitsForPreferred:
      true
    default: false
    }
  }
}
