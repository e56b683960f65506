// The signalling core of a box, composed: one kind of input, one kind of output, no I/O. Only this routes between the
// machines, first in first out, until all are quiet. After every `handle` the caller drains `pollOutput` to nil.

import ACD
import Basics
import BranchConfiguration
import CallControl
import FlightRecorder
import Journal
import MediaEngine
import SIPTransaction
import SIPUserAgent
import VoiceService

public struct Appliance {
  public enum Limits {
    /// Messages between the machines that one input may cause. Reaching it is a fault of ours: it is logged as an alarm
    /// and the rest is handled with the next input.
    public static let stepsPerInput = 10_000
    /// After the bound of a shutdown: how long the peers have to answer a CANCEL or acknowledge what a BYE waits for.
    public static let farewell = Interval.seconds(2)
    /// With less entropy than this the distributor gets none of it.
    public static let sharedEntropyMin = 24
  }

  public enum Input {
    indirect case configure(revision: UInt64, BranchSettings)
    case interfaces([Interface])
    /// Unpredictable bytes, before anything else.
    case entropy([UInt8])
    case wall(WallTime, trusted: Bool)
    indirect case restored(Restored)
    case transport(TransportLayer.Input)
    case media(MediaEvent)
    case durable(upTo: Ticket)
    case persistFailed(from: Ticket, PersistFailure)
    /// Bytes of `record` could not be kept. Nothing more will be recorded in this run.
    case recordLost
    case query(UInt64, Query)
    /// Of somebody at the control socket.
    case request(OperatorRequest)
    /// Whether a password was right.
    case verified(UInt64, Bool)
    /// Of an operator, `by` whom the audit log shall name. Answered as a query is.
    case order(UInt64, Order, by: ByteString)
    /// Free slots of the media command ring, as the producer knows them.
    case mediaRoom(Int)
    /// Refuse new calls, let running ones finish within the configured bound; `stopped` follows.
    case shutdown
    /// Nothing but time has come.
    case wake
    /// What the power line says, whenever it was looked at.
    case power(PowerLevel)
    /// Whenever something of it has changed.
    case surroundings(Surroundings)
    indirect case configurations(ConfigurationKeeper.Input)
    /// What the shell has done for somebody, or could not do: for the audit log.
    case acted(by: ByteString, act: ByteString, subject: ByteString, isDone: Bool)
  }

  public enum Output {
    case transport(TransportLayer.Output)
    case media(MediaCommand)
    case persist(Batch)
    /// Recorded names of callers who wait to be called back: files beside the database.
    case name(VoiceService.NameFile)
    /// After a restart: all other files of names go.
    case keepNames([ByteString])
    /// To be appended to the flight recorder's file, or to begin the next one. Nobody waits for it.
    case record(FlightRecorder.Part)
    /// JSON.
    case answer(UInt64, [UInt8])
    case log(LogEntry)
    /// What was ordered, may be done, and is the shell's to do and to answer.
    case upkeep(UInt64, Upkeep)
    /// What only the shell knows the answer to.
    case question(UInt64, ByteString)
    /// Against the hash; nil: against one that no password has. To be answered by `verified`.
    case verify(UInt64, password: [UInt8], hash: ByteString?)
    indirect case configurations(ConfigurationKeeper.Output)
    /// For a backup: of the database as it is. The client is answered that it has begun, or why not.
    case copyDatabase(UInt64)
    /// It is in the database; an older one that is found there later is known by it.
    case keepEpoch(EpochFact)
    /// Of a technician, to be answered by the shell, which tells the outcome by `acted`.
    indirect case capture(UInt64, CaptureOrder, by: ByteString)
    /// The run is over; nothing follows.
    case stopped
  }

  /// A message from one machine to another.
  enum Letter {
    case agent(UserAgent.Input)
    case calls(CallControl.Input)
    case distributor(ACD.Input)
    case voice(VoiceService.Input)
    /// For the distributor; its answer goes to the client.
    case act(ACD.Act, by: ByteString, client: UInt64)
  }

  var agent = UserAgent()
  var calls = CallControl()
  var distributor = ACD()
  var voice = VoiceService()
  var hours = HoursKeeper()
  var journal = JournalKeeper()
  var configurations = ConfigurationKeeper()
  var operators = Operators()
  /// Of a commit that waits to be confirmed.
  var trial: CommitTrial?
  var tests = RunningTests()
  /// Of what the distributor hears.
  var recorder: FlightRecorder?
  var audit = AuditTrail()
  /// What the counters had when somebody cleared them.
  var counterBase: [Int] = []
  /// Of what is sent and received, while somebody watches.
  var trace = SignallingTrace()
  var power = PowerState()
  var alarms = Alarms()
  var surroundings = Surroundings()
  /// Something has happened that may begin or end an alarm.
  var alarmsAreStale = false
  var custody = CustodyState()
  /// Who waits for the answer to the act that is being delivered.
  var actingClient: UInt64?
  var letters = Fifo<Letter>()
  var outputs = Fifo<Output>()
  var settings = BranchSettings()
  var revision: UInt64 = 0
  var startedAt: Instant?
  var stopsBy: Instant?
  /// The bound has passed, calls were told to end.
  var isEndingCalls = false
  var hasStopped = false
  /// Storage refused the latest promise, and nothing was written since: said once.
  var storageIsFailing = false
  /// At this start it was set aside.
  var databaseWasDamaged = false
  /// That the recorder has stopped was said.
  var recorderHasEnded = false
  var wall = WallTime(seconds: 0)
  var wallAt = Instant.zero
  var clockIsTrusted = false

  /// Kept, since for a reader of something computed the compiler would copy the whole machine.
  public private(set) var nextDeadline: Instant?

  /// - Parameter recorder: nil: nothing is recorded.
  public init(recorder: FlightRecorder? = nil) { self.recorder = recorder }

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  /// Calls, and legs of calls or of what is left of them.
  public var callsAndLegs: (calls: Int, legs: Int) { (calls.callCount, agent.legCount) }

  public mutating func handle(_ input: Input, at now: Instant) {
    work(on: input, at: now)
    nextDeadline =
      letters.isEmpty
      ? agent.nextDeadline.earlier(calls.nextDeadline).earlier(distributor.nextDeadline)
        .earlier(voice.nextDeadline).earlier(hours.nextDeadline).earlier(configurations.nextDeadline).earlier(
          trial?.nextDeadline
        )
        .earlier(tests.nextDeadline).earlier(trace.nextDeadline)
        .earlier(hasStopped ? nil : stopsBy)
      : .zero
  }

  private mutating func work(on input: Input, at now: Instant) {
    if startedAt == nil { startedAt = now }
    if trace.isOn { trace.time = wall + (now - wallAt) }
    accept(input, at: now)
    advance(to: now)
    settle(at: now)
    if alarmsAreStale {
      alarmsAreStale = false
      lookForAlarms(at: now)
    }
    if !trace.unknown.isEmpty { trace.learn(traffic(within: .all)) }
    let stops = endsNow(at: now)
    while let batch = journal.pollBatch() { outputs.append(.persist(batch)) }
    passOnRecords(everything: stops, at: now)
    guard stops else { return }
    hasStopped = true
    outputs.append(.log(LogEntry(.notice, "shutdown", "stopped")))
    outputs.append(.stopped)
  }

  private mutating func accept(_ input: Input, at now: Instant) {
    switch input {
    case .configure(let revision, let settings): configure(revision, settings, at: now)
    case .interfaces(let interfaces): letters.append(.agent(.interfaces(interfaces)))
    case .entropy(let bytes): share(bytes)
    case .wall(let time, let trusted):
      wall = time
      wallAt = now
      clockIsTrusted = trusted
      alarmsAreStale = true
      letters.append(.agent(.wall(time, trusted: trusted)))
      letters.append(.calls(.wall(time)))
      letters.append(tellDistributorTime(at: now))
      hours.handle(.wall(time, trusted: trusted), at: now)
      configurations.handle(.wall(time, trusted: trusted), at: now)
    case .restored(let restored):
      restore(restored, at: now)
      alarmsAreStale = true
    case .transport(let input):
      if trace.isOn { watch(input) }
      letters.append(.agent(.transport(input)))
    case .media(let event): accept(event)
    case .durable(let ticket):
      if storageIsFailing { alarmsAreStale = true }
      storageIsFailing = false
      journal.durable(upTo: ticket)
    case .persistFailed(let ticket, let failure):
      if !storageIsFailing { outputs.append(.log(LogEntry(.alarm, "storage.failed", ByteString(failure.name)))) }
      storageIsFailing = true
      alarmsAreStale = true
      journal.failed(from: ticket)
    case .recordLost:
      recorder?.lost()
      alarmsAreStale = true
    case .query(let id, let query): outputs.append(.answer(id, answerAnew(query, at: now)))
    case .order(let id, let order, let who): accept(order, from: id, by: who, at: now)
    case .request(let request): accept(request, at: now)
    case .verified(let ticket, let isRight): verified(ticket, isRight, at: now)
    case .mediaRoom(let slots): letters.append(.calls(.mediaRoom(slots)))
    case .shutdown: shutDown(at: now)
    case .wake: break
    case .power(let level):
      accept(level)
      alarmsAreStale = true
    case .surroundings(let new):
      surroundings = new
      alarmsAreStale = true
    case .configurations(let input): accept(input, at: now)
    case .acted(let who, let act, let subject, let isDone): note(who, act, subject, isDone: isDone)
    }
    while let news = journal.pollNews() {
      switch news {
      case .durable(let number): letters.append(.distributor(.durable(upTo: number)))
      case .failed(let first, let last):
        letters.append(.distributor(.persistFailed(from: first, through: last)))
      case .epoch(let isKept): epochWritten(isKept, at: now)
      }
    }
  }

  private mutating func accept(_ event: MediaEvent) {
    switch event {
    case .played(let stream, let token): letters.append(.voice(.stream(stream, .played(token: token))))
    case .recorded(let stream, let slot, let samples):
      letters.append(.voice(.stream(stream, .recorded(slot, samples: samples))))
    default: break
    }
    letters.append(.calls(.media(event)))
  }

  /// The distributor draws by chance, and its draws may be written down to be repeated: what it is given, the names of
  /// calls and nonces are not made of.
  private mutating func share(_ bytes: [UInt8]) {
    let own = bytes.count >= Limits.sharedEntropyMin ? bytes.suffix(8) : []
    letters.append(.agent(.entropy(bytes.dropLast(own.count))))
    guard !own.isEmpty else { return }
    letters.append(.distributor(.seed(own.reduce(0) { $0 << 8 | UInt64($1) })))
  }

  private mutating func configure(_ revision: UInt64, _ new: BranchSettings, at now: Instant) {
    beginTrial(of: revision, at: now)
    self.revision = revision
    settings = new
    letters.append(.agent(.configure(new.userAgent)))
    letters.append(.distributor(.configure(new.distributor)))
    hours.handle(.configure(queues: new.queues, hours: new.hours), at: now)
    letters.append(.calls(.configure(new.callControl)))
    letters.append(.voice(.language(new.promptLanguage)))
  }

  private mutating func restore(_ restored: Restored, at now: Instant) {
    restoreEpoch(restored, at: now)
    databaseWasDamaged = restored.wasDamaged
    if restored.wasDamaged {
      outputs.append(.log(LogEntry(.alarm, "storage.damaged", "the database was damaged and set aside")))
    }
    audit.restore(restored.acts)
    letters.append(.calls(.restored(lastCallNumber: restored.lastCallID, run: restored.runs)))
    letters.append(.calls(.restoredAgents(restored.agents)))
    letters.append(.calls(.restoredExtensions(restored.extensions)))
    letters.append(.agent(.restored(restored.bindings)))
    outputs.append(.keepNames(restored.callbacks.map { $0.recordedName }.filter { !$0.isEmpty }))
    letters.append(
      .distributor(
        .restored(
          callbacks: restored.callbacks, agents: restored.agents, lastSequence: restored.lastSequence,
          lastCallbackID: restored.lastCallbackID)))
  }

  mutating func shutDown(at now: Instant) {
    guard stopsBy == nil else { return }
    stopsBy = now + .seconds(settings.shutdownSeconds)
    letters.append(.agent(.command(.drain)))
    letters.append(.calls(.drain))
    outputs.append(.log(LogEntry(.notice, "shutdown", "waiting for " + ByteString(calls.callCount) + " calls")))
  }

  private mutating func passOnRecords(everything: Bool, at now: Instant) {
    if recorder?.wantsCheckpoint == true, let state = distributor.checkpoint() {
      recorder?.beginSegment(state, at: now)
    }
    while let part = recorder?.pollPart(at: now, everything: everything) { outputs.append(.record(part)) }
    guard let recorder, recorder.hasEnded, !recorderHasEnded else { return }
    recorderHasEnded = true
    outputs.append(
      .log(LogEntry(.warning, "recorder.ended", ByteString(recorder.counters.bytes) + " bytes, until the next start")))
  }

  /// Whether the run ends: the last call is over, or the bound has passed and the peers have had their farewell.
  private mutating func endsNow(at now: Instant) -> Bool {
    guard let bound = stopsBy, !hasStopped, letters.isEmpty else { return false }
    guard calls.callCount > 0 else { return true }
    guard now >= bound else { return false }
    letters.append(.calls(isEndingCalls ? .forgetAll : .endAll))
    settle(at: now)
    if isEndingCalls || calls.callCount == 0 { return true }
    isEndingCalls = true
    stopsBy = now + Limits.farewell
    return false
  }
}
