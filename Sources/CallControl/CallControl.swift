// The back-to-back user agent: calls made of legs, with the sound between them. It routes what comes in by the dialplan,
// hands queue calls to the distributor and carries out its offers, connects streams, and writes the record at the end.
// It owns calls; it decides neither who is next in a queue nor how a message looks.

import ACD
import Basics
import Dialplan
import Journal
import MediaEngine
import SIPUserAgent
import VoiceService

/// Names calls everywhere: in logs, records, the distributor. Never used twice on a box.
public typealias CallNumber = UInt64

public struct CallControl {
  public enum Limits {
    /// Free slots of the media ring below which no new call is taken: the rest belongs to calls that run.
    public static let mediaRoomForNewCall = 64
    /// How long an extension rings.
    public static let ringTime = Interval.seconds(60)
    /// How long a number outside rings, if its network does not give up before.
    public static let outsideRingTime = Interval.seconds(170)
    /// How long another branch may take to say whether it takes a caller who waits here.
    public static let elsewhereRingTime = Interval.seconds(20)
    /// Channels that callbacks leave free on a trunk: one for an emergency call, one for a live caller.
    public static let channelsKept = 2
    /// Each run of the box numbers its calls from a multiple of this: a record says which run it stems from, and no
    /// number is used twice though the power failed before a record was written.
    public static let numbersPerRun: CallNumber = 1_000_000
    /// Numbers left out where runs are not counted: more than can have been in calls and on the way to the disk.
    public static let numbersSkipped: CallNumber = 10_000
    /// How long a leg that was told to end may take before it is forgotten.
    public static let endingTime = Interval.seconds(40)
    /// How long it rings where a call was transferred to, before it goes back.
    public static let transferRingTime = Interval.seconds(30)
    /// How often one call is forwarded; then it gets 482.
    public static let forwards = 5
    /// Wishes to be called back when somebody is free, how long each is kept, and how long the phone rings then.
    public static let wishes = 64
    public static let wishTime = Interval.minutes(30)
    public static let recallRingTime = Interval.seconds(25)
    /// Test calls at once.
    public static let tests = 4
    /// How long a call to ourselves may take, and how many keys its ends tell each other.
    public static let ownTestTime = Interval.seconds(6)
    public static let ownTestKeys = 4
    static let testKeyMilliseconds: UInt16 = 60
    /// How long another side may ring for a test, listen to it, and how many keys it may press.
    public static let testRingTime = Interval.seconds(30)
    public static let testListenTime = Interval.seconds(20)
    public static let testKeys = 16
    /// How long a test waits for the count of its packets, which wakes nobody when it comes.
    static let testStatisticsTime = Interval.milliseconds(500)
  }

  public enum Input: Sendable {
    indirect case configure(Settings)
    case wall(WallTime)
    case restored(lastCallNumber: CallNumber, run: UInt64)
    /// Agents as they were before a restart.
    case restoredAgents([AgentFact])
    /// What phones had chosen before a restart.
    case restoredExtensions([ExtensionFact])
    case agent(UserAgent.Event)
    case distributor(ACD.Output)
    case media(MediaEvent)
    /// A script on a stream reports.
    case voice(StreamID, VoiceService.Result)
    case mediaRoom(Int)
    /// What a mailbox holds now.
    case mailbox(MailboxSummary, of: ByteString)
    /// `Output.tested` follows, with the same number.
    indirect case test(UInt64, TestCall)
    /// No callback is dialled any more; what runs goes on.
    case drain
    /// By order of an operator.
    case end(CallNumber)
    /// Ends every call now: the bound of a shutdown has passed.
    case endAll
    /// Forgets the legs that have not ended since, so that every call has its record.
    case forgetAll
  }

  public enum Output: Sendable {
    case agent(UserAgent.Command)
    case distributor(ACD.Input)
    case media(MediaCommand)
    case voice(StreamID, VoiceService.Request)
    case persist(Fact)
    indirect case tested(UInt64, TestReport)
    /// Of `UserAgent.Command.ask`.
    case trunkAnswered(token: UInt32, status: Int)
    case log(LogEntry)
  }

  /// Counted since start.
  public struct Counters: Sendable {
    public var calls: UInt64 = 0
    public var answered: UInt64 = 0
    public var refusedAtLimit: UInt64 = 0
    public var withoutPort: UInt64 = 0
    /// A stream's port could not be bound.
    public var portsTaken: UInt64 = 0
    /// A trunk was passed over because all its channels were in use.
    public var trunkFull: UInt64 = 0
    /// Legs that did not end in time.
    public var legsLost: UInt64 = 0
    /// Forwarded once too often.
    public var forwardsCut: UInt64 = 0
    /// Refused by an extension's list, or by the branch's.
    public var blocked: UInt64 = 0
    /// There was no place to park, or not the one that was meant.
    public var parkingFull: UInt64 = 0
    public var wishesRefused: UInt64 = 0
    /// Tests of which there were too many.
    public var testsRefused: UInt64 = 0
  }

  var settings = Settings()
  var calls = KeyedSlab<CallNumber, Call>()
  var legs = KeyedSlab<LegID, Leg>()
  var streams: Slab<LegID>
  /// Those that the slots of streams stand for.
  var ports: MediaPorts
  var offerLegs: [OfferID: LegID] = [:]
  var attempts: [AttemptID: CallNumber] = [:]
  /// Customers whom a callback dials before there is an agent, by the callback's number.
  var customerCalls: [UInt64: CallNumber] = [:]
  var trunkIsUp: [ByteString: Bool] = [:]
  var channelsInUse: [ByteString: Int] = [:]
  var ownLegs: [ByteString: Int] = [:]
  /// What phones have chosen by code; nothing where that is nothing.
  var choices: [ByteString: ExtensionFact] = [:]
  var parked: [ByteString: CallNumber] = [:]
  var wishes: [Wish] = []
  /// The extension that each found busy last.
  var lastBusy: [ByteString: ByteString] = [:]
  var lamps = Lamps()
  var tests: [CallNumber: RunningTest] = [:]
  var awaitedActs = Fifo<AwaitedAct>()
  var deadlines = DeadlineHeap<CallNumber>()
  var outputs = Fifo<Output>()
  var wall = WallTime(seconds: 0)
  var lastCallNumber: CallNumber = 0
  var lastLegNumber: UInt32 = 1
  var lastSessionID: UInt64 = 0
  var mediaRoom = Int.max
  /// The room for callbacks that the distributor was told of last; nil: it must be told anew.
  var announcedRoom: Int?
  var isDraining = false
  public internal(set) var counters = Counters()

  public init(settings: Settings = Settings()) {
    ports = settings.mediaPorts
    streams = Slab(limit: ports.streamLimit)
    self.settings = settings
  }

  public var nextDeadline: Instant? { deadlines.nextDeadline }
  public var callCount: Int { calls.count }
  public var streamCount: Int { streams.count }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .configure(let settings): configure(settings)
    case .wall(let time): wall = time
    case .restored(let last, let run):
      let ofRun = run &* Limits.numbersPerRun
      lastCallNumber = max(lastCallNumber, last < ofRun ? ofRun : last &+ Limits.numbersSkipped)
    case .restoredAgents(let agents): remember(agents)
    case .restoredExtensions(let facts):
      for fact in facts where !fact.isPlain { choices[fact.extension] = fact }
    case .agent(let event): handle(event, at: now)
    case .distributor(let output): handle(output, at: now)
    case .media(let event): handle(event, at: now)
    case .voice(let stream, let result): handle(result, on: stream, at: now)
    case .mediaRoom(let slots): mediaRoom = slots
    case .mailbox(let summary, let number): lamps.set(mailbox: summary, of: number)
    case .test(let token, let call): begin(call, token: token, at: now)
    case .drain:
      isDraining = true
      announceTrunkRoom()
    case .end(let number):
      log(.notice, "call.cleared", number)
      end(number, status: 480, at: now)
    case .endAll: for number in calls.keys.sorted() { end(number, status: 503, at: now) }
    case .forgetAll: for number in calls.keys.sorted() { forget(number, at: now) }
    }
    fulfilWishes(at: now)
    showChanges()
  }

  /// Ring times that have passed, and legs that never answered a hang-up.
  public mutating func advance(to now: Instant) {
    while let number = deadlines.popDue(at: now) {
      guard let call = calls[number] else {
        tell(number)
        continue
      }
      switch call.phase {
      case .testing: testTimePassed(number, at: now)
      case .ringing: noAnswer(number, at: now)
      case .parked: parkTimePassed(number, at: now)
      case .recalling: end(number, status: 480, at: now)
      case .ending: forget(number, at: now)
      case .queued: elsewhereSilent(number)
      default: break
      }
    }
    fulfilWishes(at: now)
    showChanges()
  }

  private mutating func configure(_ new: Settings) {
    settings = new
    let known = Set(new.extensions.map { $0.number })
    lastBusy = lastBusy.filter { known.contains($0.key) }
    announceTrunkRoom()
    reconsiderLamps()
  }

  private mutating func handle(_ event: UserAgent.Event, at now: Instant) {
    switch event {
    case .incoming(let leg, let call): receive(leg, call, at: now)
    case .progress(let leg, let status, let description): progress(leg, status, description, at: now)
    case .accepted(let leg, let description, let tag): accepted(leg, description, remoteTag: tag, at: now)
    case .confirmed(let leg): confirmed(leg)
    case .offerRefused: break
    case .offered(let leg, let description): reoffered(leg, description)
    case .offerAnswered(let leg, let description): answeredOurOffer(leg, description, at: now)
    case .digit(let leg, let digit, _): heardByInfo(digit, on: leg, at: now)
    case .referred(let leg, let referral): referred(leg, referral, at: now)
    case .ended(let leg, let ending): ended(leg, ending, at: now)
    case .reachable(let user, let isReachable):
      lamps.set(reachable: isReachable, of: user)
      outputs.append(.distributor(.reachable(extension: user, isReachable)))
    case .trunk(let name, let isUp):
      trunkIsUp[name] = isUp
      announceTrunkRoom()
    case .trunkAnswered(let token, let status): outputs.append(.trunkAnswered(token: token, status: status))
    case .prepared(let token, let identity): prepared(AttemptID(token), identity)
    case .subscribed(let id, let user, let number, let package): watch(id, by: user, number, package)
    case .unsubscribed(let id): lamps.remove(id)
    }
  }
}

// MARK: - Words for the log

extension CallControl {
  mutating func log(_ level: LogLevel, _ event: StaticString, _ call: CallNumber, _ text: ByteString = "") {
    outputs.append(.log(LogEntry(level, event, call: call, text)))
  }
}
