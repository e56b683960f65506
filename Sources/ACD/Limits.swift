// Every bound of the module in one place, and how often each was hit.

extension ACD {
  public enum Limits {
    public static let queues = 256
    public static let agents = 1024
    /// Phones whose state is remembered, agents or not.
    public static let phones = 4096
    /// Live items, whatever the settings say.
    public static let calls = 200_000
    /// Requirement classes: queues times what their items ask for.
    public static let classes = 16_384
    /// Agents that ring at once for one item.
    public static let ringAll = 64
    /// Customers whose latest agent is remembered.
    public static let lastAgents = 2000
    /// Conversations whose customers may still be asked for their verdict.
    public static let surveys = 256
    /// Callers whose line broke and whose place is kept.
    public static let broken = 500
    /// Callbacks, whatever the settings say.
    public static let callbacks = 2000
    public static let backoffSecondsMax = 300
    /// What was restored counts as waiting for so long at most, whatever the clock said then.
    public static let ageSeconds = 7 * 24 * 3600
    /// After a restart an attempt of unknown fate is not repeated before this: its leg may still ring somewhere.
    public static let leaseSeconds = 60
    /// The longest that a caller or an agent on the line waits for the disk.
    public static let durableWaitSeconds = 10
    /// For the goodbye after a promise: nobody is offered the callback while the caller is still on the line, unless the
    /// hang-up is not heard of for so long.
    public static let goodbyeSeconds = 60
    /// After 403, 5xx, no route, no disk.
    public static let technicalRetrySeconds = 60
    /// Technical failures of one callback before it has failed; they are not attempts on the customer.
    public static let technicalFailures = 30
    /// How long to wait before a fact that could not be written is written again.
    public static let rewriteSeconds = 30
    /// Facts on their way to the disk; beyond that nothing new is promised.
    public static let unwritten = 1000
    /// Open callbacks to one number, in all queues together.
    public static let callbacksPerNumber = 3
    /// Open callbacks asked for from one number.
    public static let callbacksPerCaller = 3
    /// The time between two looks at whether a waiting caller should be told of callbacks.
    public static let adviceSeconds = 30
    /// An item's estimate looks so far ahead for agents who may serve it by then.
    public static let soonSeconds = 60
    /// Requirement classes that an estimate tells apart; beyond, whatever is older counts in full.
    public static let estimateClasses = 32
    /// How far ahead a callback may be asked for.
    public static let scheduleAheadSeconds = 14 * 86_400
    /// Stretches of a queue's hours that are remembered.
    public static let openSpans = 64
    /// The longest time from a closing to the next opening over which callbacks are carried.
    public static let carryOverSeconds = 14 * 86_400
    /// Customer first: the alarm when nobody talks to a customer who has been apologised to.
    public static let apologyAlarmSeconds = 10
    /// Customer first: how long such a customer is kept on the line at most.
    public static let customerWaitSeconds = 300
    /// Of the reason of a break, and of the code of a conversation.
    public static let reasonBytes = 32
    public static let dispositionBytes = 32
    /// Of an answer to `why`, and how many of them tell of the past.
    public static let whyLines = 64
    public static let whyDecisions = 8
    /// Between two tries of an else destination that may refuse.
    public static let elsewhereEverySeconds = 60
  }

  public struct Counters: Hashable, Sendable {
    public var offers = 0
    public var offersUnanswered = 0
    public var offersRefused = 0
    public var offersWithdrawn = 0
    public var acceptedTooLate = 0
    public var attempts = 0
    public var attemptsFailed = 0
    public var callbacksRequested = 0
    public var callbacksRefused = 0
    public var persistFailures = 0
    public var durableTooLate = 0
    public var queueLimitHit = 0
    public var agentLimitHit = 0
    public var callLimitHit = 0
    public var classLimitHit = 0
    public var brokenLimitHit = 0
    public var callbackLimitHit = 0
    public var phoneLimitHit = 0
    public var unwrittenLimitHit = 0
    public var callbackNumberLimitHit = 0
    public var callbackCallerLimitHit = 0
    /// Inputs about an id that is not (or no longer) known.
    public var staleInputs = 0
    public var actsRefused = 0
    /// Older items that an offer passed over: anything but 0 is a fault.
    public var overtakes = 0
    public init() {}
  }
}
