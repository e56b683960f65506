// What a status page sees of the queues: values taken at one instant, in a fixed order.

import Basics
import Journal

extension ACD {
  public struct QueueView: Hashable, Sendable {
    public var id: QueueID
    public var name: ByteString
    public var displayName: ByteString
    /// Removed from the configuration, still serving what waits.
    public var isDraining: Bool
    public var callsWaiting: Int
    /// Due now and waiting for an agent, offered ones included.
    public var callbacksDue: Int
    /// Every promise not yet kept.
    public var callbacksOpen: Int
    public var longestWait: Interval
    public var agentsLoggedIn: Int
    public var agentsReady: Int
    public var counts: QueueCounts
  }

  /// Since the start of this run. `entered + movedIn = answered + abandoned + overflowed +
  /// callbacksTaken + movedOut + waiting`.
  public struct QueueCounts: Hashable, Sendable {
    public var entered = 0
    public var answered = 0
    public var abandoned = 0
    public var overflowed = 0
    /// Callers that left the queue with a promise, merged ones included.
    public var callbacksTaken = 0
    public var callbacksDone = 0
    public var callbacksFailed = 0
    public var refused = 0
    public var movedIn = 0
    public var movedOut = 0
    public init() {}
  }

  public enum AgentState: UInt8, Hashable, Sendable, CaseIterable {
    case loggedOut
    case ready
    /// After unanswered offers: no offer for a while.
    case backoff
    /// The phone rings.
    case offered
    /// The offer is withdrawn, its leg not yet gone.
    case withdrawing
    /// Has accepted a callback; the customer is being called.
    case reserved
    case talking
    case wrapUp
    /// On a call that is none of this queue's.
    case busyElsewhere
    /// No phone is registered.
    case unreachable
    /// On a break, with a reason.
    case notReady
    /// The customer is on hold.
    case held
    /// On a call of the agent's own making.
    case outbound

    public var name: StaticString {
      switch self {
      case .loggedOut: "logged-out"
      case .ready: "ready"
      case .backoff: "backoff"
      case .offered: "offered"
      case .withdrawing: "withdrawing"
      case .reserved: "reserved"
      case .talking: "talking"
      case .wrapUp: "wrap-up"
      case .busyElsewhere: "busy-elsewhere"
      case .unreachable: "unreachable"
      case .notReady: "not-ready"
      case .held: "held"
      case .outbound: "outbound"
      }
    }
  }

  public struct AgentView: Hashable, Sendable {
    public var id: AgentID
    public var `extension`: ByteString
    public var displayName: ByteString
    public var state: AgentState
    /// Of the break, empty without one.
    public var pauseReason: ByteString
    /// How long the agent has been in this state.
    public var inState: Interval
    public var isLoggedIn: Bool
    public var isReachable: Bool
    /// Names of its queues.
    public var queues: [ByteString]
    public var unansweredInARow: Int
    public var offer: OfferID?
    public var answered: Int
  }

  public struct CallView: Hashable, Sendable {
    public var call: CallReference
    public var queue: ByteString
    public var position: Int
    public var waited: Interval
    public var sequence: UInt64
    public var offeredTo: ByteString?
  }

  public struct CallbackView: Hashable, Sendable {
    public enum Stage: UInt8, Hashable, Sendable, CaseIterable {
      /// Not yet on the disk.
      case creating
      /// Not due yet (`notBefore`, or the lease after a restart).
      case resting
      case due
      case offered
      case dialling
      case talking

      public var name: StaticString {
        switch self {
        case .creating: "creating"
        case .resting: "resting"
        case .due: "due"
        case .offered: "offered"
        case .dialling: "dialling"
        case .talking: "talking"
        }
      }
    }
    public var fact: CallbackFact
    public var stage: Stage
    /// Until it may be offered; zero when it may be now.
    public var dueIn: Interval
  }
}
