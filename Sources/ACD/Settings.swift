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
    /// Live items of all queues together that may wait at once.
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

  /// Which of several ready agents gets the item. Ties go to the one who has been idle longest.
  public enum Strategy: UInt8, Hashable, Sendable, CaseIterable {
    case longestIdle
    /// The next after the one who got the last item, in the order of the queue's list.
    case roundRobin
    /// Of this run, over all queues.
    case fewestCalls
    case leastTalkTime
    /// The highest sum of levels in the skills that the item's ring asks for.
    case mostSkilled
    /// The first of the queue's list.
    case linear
    /// All at once; the first to accept has it.
    case ringAll
    /// By the weights of the members; the draws come from the seed that was told.
    case weightedRandom

    public var name: StaticString {
      switch self {
      case .longestIdle: "longest-idle"
      case .roundRobin: "round-robin"
      case .fewestCalls: "fewest-calls"
      case .leastTalkTime: "least-talk-time"
      case .mostSkilled: "most-skilled"
      case .linear: "linear"
      case .ringAll: "ring-all"
      case .weightedRandom: "weighted-random"
      }
    }
  }

  /// An agent of a queue, in the order of the list.
  public struct Member: Hashable, Sendable {
    public var `extension`: ByteString
    /// Is offered an item only once that has waited for `QueueSettings.reserveAfterSeconds`.
    public var isReserve: Bool
    /// For `weightedRandom`.
    public var weight: UInt8

    public init(_ number: ByteString, isReserve: Bool = false, weight: UInt8 = 1) {
      self.extension = number
      self.isReserve = isReserve
      self.weight = weight
    }
  }

  /// When callers may join or stay although nobody could serve them now.
  public enum EmptyPolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// Somebody is logged in, if only on a break.
    case loggedIn
    /// Somebody is neither on a break nor unreachable.
    case working
    case always
  }

  public struct QueueSettings: Hashable, Sendable {
    /// The stable name by which a dialplan reaches the queue.
    public var name: ByteString
    public var displayName: ByteString
    public var members: [Member]
    public var strategy: Strategy
    /// Less is served first; compared between the queues of an agent.
    public var priority: UInt8
    /// Shares of an agent's offers between its queues of one priority: 3 gets three where 1 gets one. 0: by age alone.
    public var weight: UInt8
    /// What items ask for that do not say it themselves.
    public var rings: [SkillRing]
    /// The priority of a waiting item gets one better each time so long has passed. 0: never.
    public var ageEverySeconds: Int
    /// 0: reserve members are members like the others.
    public var reserveAfterSeconds: Int
    /// How long an item waits for its preferred agent alone.
    public var preferredAgentSeconds: Int
    public var ringSeconds: Int
    /// After one unanswered or refused offer; doubles with each further one up to `Limits.backoffSecondsMax`.
    public var noAnswerBackoffSeconds: Int
    /// Unanswered offers in a row after which the phone counts as unreachable until its agent shows up. 0: never.
    public var unreachableAfter: Int
    public var wrapUpSeconds: Int
    /// Waiting longer than this leads to the queue's `else` destination. 0: no bound.
    public var maximumWaitSeconds: Int
    /// Live items that may wait at once.
    public var maximumLength: Int
    public var joinPolicy: EmptyPolicy
    /// Callers are sent on when this no longer holds. `always`: they stay.
    public var stayPolicy: EmptyPolicy
    /// 0: only on entry.
    public var announceEverySeconds: Int
    /// T of the service level.
    public var serviceLevelSeconds: Int
    /// S: abandoned earlier, it counts as never offered.
    public var shortAbandonSeconds: Int
    /// A caller whose line broke and who comes back within this has the old place. 0: never.
    public var rejoinSeconds: Int
    /// nil: this queue offers no callbacks; those already promised wait until they are offered again or expire.
    public var callback: CallbackSettings?
    /// Callers are asked how it was when the agent has hung up.
    public var survey: Bool
    /// The `else` destination may refuse callers: those who waited too long keep their places until it has taken them.
    public var triesElsewhere: Bool

    public init(
      name: ByteString, displayName: ByteString = "", agents: [ByteString] = [], members: [Member] = [],
      strategy: Strategy = .longestIdle, priority: UInt8 = 0, weight: UInt8 = 0, rings: [SkillRing] = [],
      ageEverySeconds: Int = 0, reserveAfterSeconds: Int = 0, preferredAgentSeconds: Int = 0, ringSeconds: Int = 20,
      noAnswerBackoffSeconds: Int = 30, unreachableAfter: Int = 0, wrapUpSeconds: Int = 10,
      maximumWaitSeconds: Int = 1800, maximumLength: Int = 50, joinPolicy: EmptyPolicy = .loggedIn,
      stayPolicy: EmptyPolicy = .always, announceEverySeconds: Int = 30, serviceLevelSeconds: Int = 20,
      shortAbandonSeconds: Int = 5, rejoinSeconds: Int = 0, callback: CallbackSettings? = nil, survey: Bool = false,
      triesElsewhere: Bool = false
    ) {
      self.name = name
      self.displayName = displayName.isEmpty ? name : displayName
      self.members = members + agents.map { Member($0) }
      self.strategy = strategy
      self.priority = priority
      self.weight = weight
      self.rings = rings
      self.ageEverySeconds = ageEverySeconds
      self.reserveAfterSeconds = reserveAfterSeconds
      self.preferredAgentSeconds = preferredAgentSeconds
      self.ringSeconds = ringSeconds
      self.noAnswerBackoffSeconds = noAnswerBackoffSeconds
      self.unreachableAfter = unreachableAfter
      self.wrapUpSeconds = wrapUpSeconds
      self.maximumWaitSeconds = maximumWaitSeconds
      self.maximumLength = maximumLength
      self.joinPolicy = joinPolicy
      self.stayPolicy = stayPolicy
      self.announceEverySeconds = announceEverySeconds
      self.serviceLevelSeconds = serviceLevelSeconds
      self.shortAbandonSeconds = shortAbandonSeconds
      self.rejoinSeconds = rejoinSeconds
      self.callback = callback
      self.survey = survey
      self.triesElsewhere = triesElsewhere
    }

    /// The extensions of its members.
    public var agents: [ByteString] { members.map { $0.extension } }
  }

  public struct AgentSettings: Hashable, Sendable {
    public var `extension`: ByteString
    public var displayName: ByteString
    public var skills: [Skill]
    /// Conversations at once by medium; voice is always one. Media that are missing: one.
    public var capacity: [Medium: UInt8]
    /// Calls are offered although text conversations go on.
    public var takesCallsBesideText: Bool

    public init(
      extension number: ByteString, displayName: ByteString = "", skills: [Skill] = [],
      capacity: [Medium: UInt8] = [:], takesCallsBesideText: Bool = false
    ) {
      self.extension = number
      self.displayName = displayName.isEmpty ? number : displayName
      self.skills = skills
      self.capacity = capacity
      self.takesCallsBesideText = takesCallsBesideText
    }

    func capacity(for medium: Medium) -> Int { medium.isVoice ? 1 : Int(capacity[medium] ?? 1) }
    func level(of skill: ByteString) -> UInt8 { skills.first { $0.name == skill }?.level ?? 0 }
  }
}
