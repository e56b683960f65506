// What a box promises to remember: plain facts, in the order of one journal. The core is their only author; storage
// writes them and hands them back at boot, and decides nothing.

import Basics

/// One thing to remember. Facts with the same key replace each other.
public enum Fact: Sendable {
  case binding(BindingFact)
  case bindingRemoved(user: ByteString, contact: ByteString)
  case agent(AgentFact)
  case `extension`(ExtensionFact)
  /// Twice as large as the others, and rare.
  indirect case callback(CallbackFact)
  case queueEvent(QueueEventFact)
  case call(CallFact)
  case act(ActFact)
  case epoch(EpochFact)
}

/// A registered contact of a phone (RFC 3261 §10.3), kept so that the phone is reachable right after a restart.
public struct BindingFact: Hashable, Sendable {
  public var user: ByteString
  public var contact: ByteString
  public var callID: ByteString
  public var cseq: UInt32
  /// Where the REGISTER came from, and the listener that heard it.
  public var source: Endpoint
  public var listener: UInt16
  public var overStream: Bool
  public var userAgent: ByteString
  public var expires: WallTime

  public init(
    user: ByteString, contact: ByteString, callID: ByteString, cseq: UInt32, source: Endpoint, listener: UInt16,
    overStream: Bool, userAgent: ByteString, expires: WallTime
  ) {
    self.user = user
    self.contact = contact
    self.callID = callID
    self.cseq = cseq
    self.source = source
    self.listener = listener
    self.overStream = overStream
    self.userAgent = userAgent
    self.expires = expires
  }
}

/// Whether an extension is logged in as an agent, and whether it is on a break.
public struct AgentFact: Hashable, Sendable {
  public var `extension`: ByteString
  public var loggedIn: Bool
  /// Empty: not on a break.
  public var pauseReason: ByteString

  public init(extension number: ByteString, loggedIn: Bool, pauseReason: ByteString = "") {
    self.extension = number
    self.loggedIn = loggedIn
    self.pauseReason = pauseReason
  }
}

/// What somebody chose by the phone for calls to the extension.
public struct ExtensionFact: Hashable, Sendable {
  public var `extension`: ByteString
  public var doNotDisturb: Bool
  /// Empty: as the configuration has it.
  public var forwardAlways: ByteString
  public var forwardBusy: ByteString
  public var forwardNoAnswer: ByteString

  public init(
    extension number: ByteString, doNotDisturb: Bool = false, forwardAlways: ByteString = "",
    forwardBusy: ByteString = "", forwardNoAnswer: ByteString = ""
  ) {
    self.extension = number
    self.doNotDisturb = doNotDisturb
    self.forwardAlways = forwardAlways
    self.forwardBusy = forwardBusy
    self.forwardNoAnswer = forwardNoAnswer
  }

  /// Nothing was chosen.
  public var isPlain: Bool {
    !doNotDisturb && forwardAlways.isEmpty && forwardBusy.isEmpty && forwardNoAnswer.isEmpty
  }
}

/// An act of an operator, for the audit log.
public struct ActFact: Hashable, Sendable {
  public var at: WallTime
  /// An extension, or `console:` and a name.
  public var by: ByteString
  /// What was done, as a command would say it: `pause`, `move`.
  public var act: ByteString
  /// To what: an extension, an item's number.
  public var subject: ByteString
  public var detail: ByteString
  /// False: it was refused, and nothing changed.
  public var isDone: Bool

  public init(
    at: WallTime, by: ByteString, act: ByteString, subject: ByteString, detail: ByteString = "", isDone: Bool = true
  ) {
    self.at = at
    self.by = by
    self.act = act
    self.subject = subject
    self.detail = detail
    self.isDone = isDone
  }
}

/// A promise to call somebody back, whole: each change writes the record anew.
public struct CallbackFact: Hashable, Sendable {
  public enum State: UInt8, Sendable, CaseIterable {
    /// Waits for its turn, or for `notBefore`.
    case pending
    /// An attempt is durable; its INVITE may have left. After a restart its fate is unknown.
    case dialling
    /// Connected with an agent.
    case talking
    case done
    case failed
    case expired
    case cancelled

    public var isFinal: Bool { self >= .done }
    static func >= (a: State, b: State) -> Bool { a.rawValue >= b.rawValue }
  }
  /// The identity of the INVITE of an attempt: enough to CANCEL or BYE it after a restart.
  public struct Leg: Hashable, Sendable {
    public var callID: ByteString
    public var localTag: ByteString
    public var remoteTag: ByteString
    public var branch: ByteString
    public var cseq: UInt32
    public var trunk: ByteString

    public init(
      callID: ByteString, localTag: ByteString, remoteTag: ByteString, branch: ByteString, cseq: UInt32,
      trunk: ByteString
    ) {
      self.callID = callID
      self.localTag = localTag
      self.remoteTag = remoteTag
      self.branch = branch
      self.cseq = cseq
      self.trunk = trunk
    }
  }

  public var id: UInt64
  public var queue: ByteString
  /// Normalised, as it will be dialled.
  public var number: ByteString
  /// The digits as the carrier delivered them.
  public var rawNumber: ByteString
  public var callerName: ByteString
  /// The number that the customer had dialled, presented to them when they are called back.
  public var dialledNumber: ByteString
  /// The durable place in the queue: less is older.
  public var sequence: UInt64
  public var enqueuedAt: WallTime
  public var requestedAt: WallTime
  public var notBefore: WallTime
  public var expiresAt: WallTime
  public var state: State
  public var attempts: UInt8
  public var noAnswerCount: UInt8
  public var busyCount: UInt8
  public var failureCount: UInt8
  /// The SIP status that ended the latest attempt, 0 before one.
  public var lastStatus: UInt16
  public var leg: Leg?
  /// The file with the caller's name; empty without.
  public var recordedName: ByteString
  /// Asked for a time of the customer's choice (`notBefore`); has no place in the queue until then.
  public var isScheduled: Bool
  /// Before ageing, less is served first; nil in records of releases that did not keep it: that of the queue.
  public var priority: UInt8?
  /// A supervisor had it dialled next, and no attempt has begun since.
  public var isUrgent: Bool

  public init(
    id: UInt64, queue: ByteString, number: ByteString, rawNumber: ByteString, callerName: ByteString,
    dialledNumber: ByteString, sequence: UInt64, enqueuedAt: WallTime, requestedAt: WallTime, notBefore: WallTime,
    expiresAt: WallTime, state: State = .pending, attempts: UInt8 = 0, noAnswerCount: UInt8 = 0, busyCount: UInt8 = 0,
    failureCount: UInt8 = 0, lastStatus: UInt16 = 0, leg: Leg? = nil, recordedName: ByteString = "",
    isScheduled: Bool = false, priority: UInt8? = nil, isUrgent: Bool = false
  ) {
    self.id = id
    self.queue = queue
    self.number = number
    self.rawNumber = rawNumber
    self.callerName = callerName
    self.dialledNumber = dialledNumber
    self.sequence = sequence
    self.enqueuedAt = enqueuedAt
    self.requestedAt = requestedAt
    self.notBefore = notBefore
    self.expiresAt = expiresAt
    self.state = state
    self.attempts = attempts
    self.noAnswerCount = noAnswerCount
    self.busyCount = busyCount
    self.failureCount = failureCount
    self.lastStatus = lastStatus
    self.leg = leg
    self.recordedName = recordedName
    self.isScheduled = isScheduled
    self.priority = priority
    self.isUrgent = isUrgent
  }
}

/// Something that happened in a queue, for reports.
public struct QueueEventFact: Hashable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    case entered, offered, offerRefused, offerUnanswered, offerWithdrawn, answered, abandoned, overflowed
    case callbackRequested, callbackMerged, callbackDialled, callbackConnected, callbackAttemptFailed, callbackDone
    case callbackFailed, callbackExpired, completed, wrapUpEnded
    case agentLoggedIn, agentLoggedOut
    case entryRefused, callbackCancelled, callbackOffered, callbackRescheduled, rejoined, announced, moved
    case agentStateLeft, held, transferred, disposition, surveyed, apologised
    /// The box began: what waited before is gone. And: this older item was passed over, which must never be.
    case started, overtaken

    public var name: StaticString {
      switch self {
      case .entered: "entered"
      case .offered: "offered"
      case .offerRefused: "offer-refused"
      case .offerUnanswered: "offer-unanswered"
      case .offerWithdrawn: "offer-withdrawn"
      case .answered: "answered"
      case .abandoned: "abandoned"
      case .overflowed: "overflowed"
      case .callbackRequested: "callback-requested"
      case .callbackMerged: "callback-merged"
      case .callbackDialled: "callback-dialled"
      case .callbackConnected: "callback-connected"
      case .callbackAttemptFailed: "callback-attempt-failed"
      case .callbackDone: "callback-done"
      case .callbackFailed: "callback-failed"
      case .callbackExpired: "callback-expired"
      case .completed: "completed"
      case .wrapUpEnded: "wrap-up-ended"
      case .agentLoggedIn: "agent-logged-in"
      case .agentLoggedOut: "agent-logged-out"
      case .entryRefused: "entry-refused"
      case .callbackCancelled: "callback-cancelled"
      case .callbackOffered: "callback-offered"
      case .callbackRescheduled: "callback-rescheduled"
      case .rejoined: "rejoined"
      case .announced: "announced"
      case .moved: "moved"
      case .agentStateLeft: "agent-state-left"
      case .held: "held"
      case .transferred: "transferred"
      case .disposition: "disposition"
      case .surveyed: "surveyed"
      case .apologised: "apologised"
      case .started: "started"
      case .overtaken: "overtaken"
      }
    }
  }
  public var kind: Kind
  public var at: WallTime
  /// Empty for an agent's own events.
  public var queue: ByteString
  /// The item's durable sequence number, 0 where no item is concerned.
  public var item: UInt64
  public var agent: ByteString
  /// Milliseconds, meaning by kind: the wait on `answered`, `abandoned`, `overflowed`, `callbackConnected`; the talk on
  /// `completed`; the time in the state on `agentStateLeft`; the time on hold on `held`; the wait told on `announced`.
  public var milliseconds: Int64
  /// By kind: the state on `agentStateLeft`, with its reason after a space; the code on `disposition`; the score on
  /// `surveyed`; the reason on `entryRefused` and `overflowed`; the new queue on `moved`; T and S of the queue in seconds
  /// on `answered` and `abandoned` (`20 5`); `busy`, `no-answer`, `final` or `technical` on `callbackAttemptFailed`; why
  /// the told wait rose on `announced`; the number that the caller came under on `rejoined` in the place of a callback;
  /// why, or the new item, on `callbackRescheduled`.
  public var detail: ByteString

  public init(
    _ kind: Kind, at: WallTime, queue: ByteString = "", item: UInt64 = 0, agent: ByteString = "",
    milliseconds: Int64 = 0, detail: ByteString = ""
  ) {
    self.kind = kind
    self.at = at
    self.queue = queue
    self.item = item
    self.agent = agent
    self.milliseconds = milliseconds
    self.detail = detail
  }
}

/// The record of a finished call.
public struct CallFact: Hashable, Sendable {
  public var id: UInt64
  public var from: ByteString
  public var to: ByteString
  /// What the number led to: `extension 101`, `queue sales`, `trunk carrier`.
  public var destination: ByteString
  public var startedAt: WallTime
  public var answeredAt: WallTime?
  public var endedAt: WallTime
  /// The SIP status the caller got, 200 for an answered call.
  public var status: UInt16
  public var hungUpByCaller: Bool

  public init(
    id: UInt64, from: ByteString, to: ByteString, destination: ByteString, startedAt: WallTime,
    answeredAt: WallTime?, endedAt: WallTime, status: UInt16, hungUpByCaller: Bool
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.destination = destination
    self.startedAt = startedAt
    self.answeredAt = answeredAt
    self.endedAt = endedAt
    self.status = status
    self.hungUpByCaller = hungUpByCaller
  }
}
