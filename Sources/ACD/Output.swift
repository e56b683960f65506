// Everything that the queue asks for.

import Basics
import Journal

extension ACD {
  public enum Output: Sendable {
    /// Waits now. `position` counts from 1; callbacks that are due and older are counted.
    case entered(CallReference, Standing)
    /// For this number a callback is open in the queue: ask what is wanted, and answer with `pendingResolved`. The call
    /// waits meanwhile as any other.
    case pendingCallback(CallReference, id: UInt64)
    case refusedEntry(CallReference, EntryRefusal)
    case announce(CallReference, Standing)
    /// The wait has reached the queue's threshold, or the power fails: say that a callback can be had.
    case offerCallback(CallReference, isUrgent: Bool)
    /// The caller goes to the queue's `else` destination and is no longer here.
    case overflow(CallReference, OverflowReason)
    /// A supervisor moved the item: its caller is told where it waits now.
    case moved(CallReference, queue: ByteString)

    case offer(Offer)
    /// Stop ringing. The agent stays taken until `ended` (or `refused`).
    case withdraw(OfferID)
    /// The agent accepted: bridge them. The call is no longer here; `ended` tells when the agent is free again.
    case connect(CallReference, OfferID)
    /// An agent that had accepted has nobody to talk to (any more): tell it why and hang up; `ended` follows.
    case releaseAgent(OfferID, ReleaseReason)
    /// The lamp of an agent's own state, by extension.
    case agentState(ByteString, AgentState)
    /// An offer that this agent did not answer: for a notice on the phone.
    case missedOffer(ByteString, queue: ByteString)

    /// With `promise` somebody waits: commit at once, in the order of the numbers, and say `durable` or `persistFailed`.
    /// Without it the fact is written some time, and nothing is heard of its number.
    case persist(Fact, number: UInt64, promise: Bool)
    case record(QueueEventFact)

    /// On the disk: say goodbye. Does not come when the caller hung up meanwhile.
    case callbackAccepted(CallReference, id: UInt64)
    /// Say why; the call stays queued.
    case callbackRefused(CallReference, CallbackRefusal)

    /// The agent has accepted the callback: make a leg identity, answer with `attemptLeg` or `attemptImpossible`.
    /// Customer first: there is no offer yet.
    case prepare(AttemptID, callback: UInt64, number: ByteString, presenting: ByteString, offer: OfferID?)
    /// The attempt is durable: the INVITE may leave now. On `attemptAnswered` it is bridged with the offer of `prepare`.
    case dial(AttemptID)
    /// Customer first: ask the customer to press 1; `attemptConfirmed` when it is done.
    case confirmAttempt(AttemptID)
    /// Customer first: an agent has accepted, bridge them.
    case connectAttempt(AttemptID, OfferID)
    /// Customer first: no agent is left; say so, keep the customer waiting in the queue's music.
    case apologise(AttemptID)
    /// CANCEL or BYE; `attemptFailed` or `attemptEnded` follows.
    case hangUpAttempt(AttemptID)
    /// The attempt was prepared but will not be dialled: forget its leg. Nothing follows.
    case dropAttempt(AttemptID)
    /// A leg that the previous run may have left behind gets CANCEL or BYE; the numbers are those of its `prepare`.
    case endOrphan(CallbackFact.Leg, number: ByteString, presenting: ByteString)

    case log(LogEntry)
    /// The answer to each `act`, after all that it caused. Without a refusal it is done.
    case acted(Act, by: ByteString, refusal: ActRefusal?)
    /// Just before a time is refused by `callbackRefused`: in so many hours it could be had.
    case nearestTime(CallReference, inHours: Int)
    /// The longest wait has passed: try the `else` destination while the caller waits on in the old place. When somebody
    /// took the caller there, `wentElsewhere`; of a failure nothing needs to be heard.
    case tryElsewhere(CallReference)
  }

  /// Where a caller stands.
  public struct Standing: Hashable, Sendable {
    public var position: Int
    /// The band to be told, in minutes; nil where nothing is to be said (no basis, or too often wrong).
    public var waitMinutes: Int?

    public init(position: Int, waitMinutes: Int? = nil) {
      self.position = position
      self.waitMinutes = waitMinutes
    }
  }

  public enum OverflowReason: UInt8, Hashable, Sendable, CaseIterable {
    case maximumWait
    /// Nobody is left who could serve (`QueueSettings.stayPolicy`).
    case nobodyLeft
    case closed
    /// A supervisor's act.
    case takenOut

    public var name: StaticString {
      switch self {
      case .maximumWait: "maximum wait"
      case .nobodyLeft: "nobody left"
      case .closed: "closed"
      case .takenOut: "taken out"
      }
    }
  }

  /// One item for one agent until `deadline`.
  public struct Offer: Hashable, Sendable {
    public enum Item: Hashable, Sendable {
      case call(CallReference)
      case callback(UInt64)
    }
    public var id: OfferID
    public var queue: QueueID
    public var queueName: ByteString
    public var queueDisplayName: ByteString
    public var item: Item
    public var medium: Medium
    public var agent: AgentID
    public var `extension`: ByteString
    /// When it will be withdrawn.
    public var deadline: Instant
    /// Raw as delivered for a live call, normalised for a callback.
    public var callerNumber: ByteString
    public var callerName: ByteString
    public var dialledNumber: ByteString
    /// Of the entry.
    public var attributes: [ByteString]
    /// Of the callback's caller, to be played to the agent; empty without.
    public var recordedName: ByteString
  }

  /// Why a caller cannot enter a queue.
  public enum EntryRefusal: UInt8, Hashable, Sendable, CaseIterable {
    case unknownQueue
    case nobodyLoggedIn
    case allPaused
    case closed
    case queueFull
    case boxFull

    public var name: StaticString {
      switch self {
      case .unknownQueue: "unknown queue"
      case .nobodyLoggedIn: "nobody logged in"
      case .allPaused: "all paused"
      case .closed: "closed"
      case .queueFull: "queue full"
      case .boxFull: "too many callers"
      }
    }
  }

  /// Why a caller is not promised a callback.
  public enum CallbackRefusal: UInt8, Hashable, Sendable, CaseIterable {
    /// The queue offers none.
    case notOffered
    case numberWithheld
    case numberInvalid
    case classDenied
    /// The queue closes before it could be called back.
    case closing
    /// No slot is left at that time.
    case slotTaken
    case queueLimit
    case boxLimit
    /// This number is being called back, or the same request is being written, at this moment.
    case inProgress
    case clockUntrusted
    case storage
    /// Too many are open for this number, or for this caller.
    case callerLimit
    /// The queue is closed at that time, or closes too soon after it.
    case outsideHours
    /// That time is over, or too far ahead.
    case timeOutOfReach

    public var name: StaticString {
      switch self {
      case .notOffered: "not offered"
      case .numberWithheld: "number withheld"
      case .numberInvalid: "number invalid"
      case .classDenied: "class denied"
      case .closing: "closing"
      case .slotTaken: "slot taken"
      case .queueLimit: "queue limit"
      case .boxLimit: "box limit"
      case .inProgress: "in progress"
      case .clockUntrusted: "clock untrusted"
      case .storage: "storage"
      case .callerLimit: "caller limit"
      case .outsideHours: "outside hours"
      case .timeOutOfReach: "time out of reach"
      }
    }
  }

  /// Why an agent that accepted is let go.
  public enum ReleaseReason: UInt8, Hashable, Sendable, CaseIterable {
    /// Accepted after the withdrawal: the caller is gone or somebody else has the item.
    case tooLate
    /// The customer of the callback was not reached, or could not be dialled.
    case attemptFailed
    /// The promise was taken back.
    case cancelled
    /// The customer of the callback hung up.
    case customerLeft

    public var name: StaticString {
      switch self {
      case .tooLate: "too late"
      case .attemptFailed: "attempt failed"
      case .cancelled: "cancelled"
      case .customerLeft: "customer left"
      }
    }
  }
}

extension ACD.CallbackRefusal {
  /// Another time may do.
  var isAboutTime: Bool {
    switch self {
    case .slotTaken, .outsideHours, .timeOutOfReach: true
    default: false
    }
  }
}
