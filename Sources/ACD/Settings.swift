// What the configuration says about queues, agents and callbacks. Values only: times in whole seconds.

import Basics
import NumberPlan

extension ACD {
  public struct Settings: Hashable, Sendable {
    public var queues: [QueueSettings]
    /// Every agent named by a queue is known even if it is missing here.
    public var agents: [AgentSettings]
    public var numberPlan: NumberPlan.Settings
    /// Callbacks of all queues together that may wait at once.
    public var maximumCallbacks: Int
    /// Live callers of all queues together that may wait at once.
    public var maximumCalls: Int

    public init(
      queues: [QueueSettings] = [], agents: [AgentSettings] = [],
      numberPlan: NumberPlan.Settings = .generic(countryCode: ""), maximumCallbacks: Int = 500,
      maximumCalls: Int = 500
    ) {
      self.queues = queues
      self.agents = agents
      self.numberPlan = numberPlan
      self.maximumCallbacks = maximumCallbacks
      self.maximumCalls = maximumCalls
    }
  }

  public struct QueueSettings: Hashable, Sendable {
    /// The stable name by which a dialplan reaches the queue.
    public var name: ByteString
    public var displayName: ByteString
    /// Extensions.
    public var agents: [ByteString]
    /// Less is served first; compared between the queues of an agent.
    public var priority: UInt8
    public var ringSeconds: Int
    /// After one unanswered or refused offer; doubles with each further one up to `Limits.backoffSecondsMax`.
    public var noAnswerBackoffSeconds: Int
    public var wrapUpSeconds: Int
    /// Waiting longer than this leads to the queue's `else` destination. 0: no bound.
    public var maximumWaitSeconds: Int
    /// Live callers that may wait at once.
    public var maximumLength: Int
    /// 0: only on entry.
    public var announceEverySeconds: Int
    /// nil: this queue offers no callbacks; those already promised wait until they are offered again or expire.
    public var callback: CallbackSettings?

    public init(
      name: ByteString, displayName: ByteString = "", agents: [ByteString] = [], priority: UInt8 = 0,
      ringSeconds: Int = 20, noAnswerBackoffSeconds: Int = 30, wrapUpSeconds: Int = 10,
      maximumWaitSeconds: Int = 1800, maximumLength: Int = 50, announceEverySeconds: Int = 30,
      callback: CallbackSettings? = nil
    ) {
      self.name = name
      self.displayName = displayName.isEmpty ? name : displayName
      self.agents = agents
      self.priority = priority
      self.ringSeconds = ringSeconds
      self.noAnswerBackoffSeconds = noAnswerBackoffSeconds
      self.wrapUpSeconds = wrapUpSeconds
      self.maximumWaitSeconds = maximumWaitSeconds
      self.maximumLength = maximumLength
      self.announceEverySeconds = announceEverySeconds
      self.callback = callback
    }
  }

  public struct CallbackSettings: Hashable, Sendable {
    /// All other classes are refused, at request and again before dialling.
    public var allowedClasses: NumberClasses
    /// From the request, or from the caller's hang-up if that is later known, to the first offer.
    public var minimumDelaySeconds: Int
    /// How long the customer's phone may ring.
    public var ringSeconds: Int
    /// How often each cause (busy; no answer) may occur before the callback has failed.
    public var attempts: Int
    public var busyRetrySeconds: Int
    public var noAnswerRetrySeconds: Int
    public var expirySeconds: Int
    /// Callbacks of this queue that may wait at once.
    public var maximumPending: Int
    /// A conversation at least this long fulfils the promise.
    public var doneAfterSeconds: Int

    public init(
      allowedClasses: NumberClasses = .callbackDefault, minimumDelaySeconds: Int = 10, ringSeconds: Int = 25,
      attempts: Int = 3, busyRetrySeconds: Int = 300, noAnswerRetrySeconds: Int = 900, expirySeconds: Int = 14_400,
      maximumPending: Int = 50, doneAfterSeconds: Int = 5
    ) {
      self.allowedClasses = allowedClasses
      self.minimumDelaySeconds = minimumDelaySeconds
      self.ringSeconds = ringSeconds
      self.attempts = attempts
      self.busyRetrySeconds = busyRetrySeconds
      self.noAnswerRetrySeconds = noAnswerRetrySeconds
      self.expirySeconds = expirySeconds
      self.maximumPending = maximumPending
      self.doneAfterSeconds = doneAfterSeconds
    }
  }

  public struct AgentSettings: Hashable, Sendable {
    public var `extension`: ByteString
    public var displayName: ByteString

    public init(extension number: ByteString, displayName: ByteString = "") {
      self.extension = number
      self.displayName = displayName.isEmpty ? number : displayName
    }
  }
}
