// A whole branch in virtual time: the box (both cores), its storage, a faulty network, phones and a carrier. Power may
// fail between any two events. One seed decides everything, so every failure can be lived through again.
// This file: who is there, and how time passes. World+Box and World+People carry what they say to each other.

import Appliance
import Basics
import BranchConfiguration
import Journal
import MediaEngine
import Revisions
import SIPTransaction
import SIPUserAgent

public struct World {
  public enum Limits {
    /// Events after which a simulation is given up: it does not come to an end by itself.
    public static let events = 50_000_000
    /// How long the box is without power.
    public static let outage = Interval.seconds(7)
    /// How often the box is told the time.
    public static let wallEvery = Interval.seconds(1)
    /// Segments of recordings that are kept, and bytes of one.
    public static let recordings = 16
    public static let recordingBytes = 1 << 20
  }

  /// What happens at a planned instant.
  public enum Act: Equatable, Sendable {
    case call(person: Int, ByteString)
    case press(person: Int, UInt8)
    case hangUp(person: Int)
    case manner(person: Int, SoftPhone.Manner)
    case cutPower
    case powerUp
    case fillDisk(Bool)
    case network(VirtualNetwork.Faults)
    /// The configuration is applied once more, as by SIGHUP.
    case reload
  }

  /// The carrier rings customers for callbacks; customers call in by themselves.
  public enum Part: Sendable { case phone, carrier, customer }

  struct Person {
    let part: Part
    var phone: SoftPhone
    var media: MediaHost
    var stories: [SoftPhone.Story] = []
    var digits: [UInt8] = []
    /// What the latest packet of sound brought, and when.
    var heard: (what: Sounds.Heard, at: Instant)?

    var nextDeadline: Instant? {
      guard let sound = media.nextDeadline else { return phone.nextDeadline }
      return phone.nextDeadline.map { min($0, sound) } ?? sound
    }
  }

  public static let boxEndpoint = Endpoint(.v4(0x0A00_0001), 5060)

  public internal(set) var now = Instant.zero
  public internal(set) var auditor = Auditor()
  public internal(set) var storage: SimulatedStorage
  var names = SimulatedNames()
  public internal(set) var crashes = 0
  public private(set) var events = 0
  /// No packet of sound reaches the box, as behind a wrong firewall.
  public var losesSound = false
  /// Inputs that the box was given, sound apart: a power cut can be set to follow any of them.
  public internal(set) var boxInputs = 0
  public var cutsPowerAfterInput: Int?
  /// How likely the power fails within seconds of a customer's phone ringing: the moments that matter are short.
  public var cutsPowerAtDialsPercent = 0
  public internal(set) var alarms = 0
  /// What the box logged, from `info` up, and what the people saw.
  public internal(set) var log: [String] = []
  public internal(set) var hasStopped = false
  var people: [Person] = []
  var network: VirtualNetwork
  var streams: VirtualStreams
  /// Of the next start of the box: when a segment of its recording is full.
  public var recordingBytes = Limits.recordingBytes
  /// What the flight recorder kept: the latest segments, each as one file.
  public internal(set) var recordings: [[UInt8]] = []
  var appliance = Appliance()
  var media: MediaHost
  var isPowered = false
  var settings: BranchSettings
  var revision: UInt64 = 1
  let prompts: PromptTable
  let voices: PromptTable
  var random: SeededRandom
  var wallToldAt: Instant?
  var answers: [UInt64: [UInt8]] = [:]
  /// What the box keeps of its configurations.
  public internal(set) var configurationFiles: [RevisionFile: [UInt8]] = [:]
  var lastQuestion: UInt64 = 0
  private var plans = DeadlineHeap<Int>()
  private var acts: [Act] = []
  private var wakes = DeadlineHeap<Int>()
  /// Wall time when the world began: 2026-01-01 00:00 UTC.
  let epoch = WallTime(seconds: 1_767_225_600)

  /// - Parameter sound: whether people speak and the box plays music: both cost a packet every 20 ms.
  public init(seed: UInt64, settings: BranchSettings, faults: VirtualNetwork.Faults = .none, sound: Bool = false) {
    random = SeededRandom(seed: seed)
    network = VirtualNetwork(faults: faults, seed: random.next())
    streams = VirtualStreams(faults: faults, seed: random.next())
    storage = SimulatedStorage(seed: random.next())
    prompts = Sounds.prompts(endless: sound)
    voices = Sounds.voice(isHeard: sound)
    media = MediaHost(address: Self.boxEndpoint.address, engine: MediaEngine(prompts: prompts, seed: random.next()))
    self.settings = settings
    powerUp()
  }

  /// The person's number for `Act`.
  @discardableResult
  public mutating func add(_ part: Part, _ setup: SoftPhone.Setup) -> Int {
    let engine = MediaEngine(prompts: voices, seed: random.next())
    people.append(
      Person(
        part: part, phone: SoftPhone(setup, entropy: entropy(), at: now),
        media: MediaHost(address: setup.own.address, engine: engine)))
    settle(people.count - 1)
    return people.count - 1
  }

  public mutating func plan(_ act: Act, after delay: Interval) {
    acts.append(act)
    plans.set(acts.count - 1, to: now + delay)
  }

  /// No more faults of the network or of the disk, everybody answers, and the power is back.
  public mutating func calm() {
    set(.none)
    cutsPowerAtDialsPercent = 0
    storage.isFull = false
    auditor.disk(isFull: false)
    if !isPowered { powerUp() }
  }

  /// Datagrams lost or doubled so far.
  public var networkFaults: Int { network.lost + network.doubled }

  public mutating func run(for length: Interval) {
    let end = now + length
    while events < Limits.events, let next = nextInstant, next <= end {
      now = max(now, next)
      events += 1
      step()
    }
    now = max(now, end)
  }

  /// Lets time pass until something holds; false if it never did.
  public mutating func run(atMost length: Interval, until isDone: (World) -> Bool) -> Bool {
    let end = now + length
    while events < Limits.events {
      if isDone(self) { return true }
      guard let next = nextInstant, next <= end else { break }
      now = max(now, next)
      events += 1
      step()
    }
    now = max(now, end)
    return isDone(self)
  }

  private var nextInstant: Instant? {
    var earliest = Instant.never
    func consider(_ instant: Instant?) { if let instant, instant < earliest { earliest = instant } }
    consider(network.nextDeadline)
    consider(streams.nextDeadline)
    consider(plans.nextDeadline)
    consider(wakes.nextDeadline)
    if isPowered {
      consider(appliance.nextDeadline)
      consider(media.nextDeadline)
      consider(storage.nextDeadline)
    }
    return earliest == .never ? nil : earliest
  }

  private mutating func step() {
    if let plan = plans.popDue(at: now) { return perform(acts[plan]) }
    if let datagram = network.arrival(at: now) { return deliver(datagram) }
    if let arrival = streams.arrival(at: now) {
      if arrival.machine >= 0 { return tell(arrival.machine, .transport(arrival.input)) }
      return isPowered ? tellBox(.transport(arrival.input)) : ()
    }
    if isPowered, let due = storage.nextDeadline, due <= now {
      if let report = storage.report(at: now) { hear(report) }
      return
    }
    if isPowered, let due = appliance.nextDeadline, due <= now { return tellBox(.wake) }
    if isPowered, let due = media.nextDeadline, due <= now {
      return tellBox(media.advance(to: now, on: &network))
    }
    if let person = wakes.popDue(at: now) { wake(person) }
  }

  private mutating func perform(_ act: Act) {
    switch act {
    case .call(let person, let number): call(person, number)
    case .press(let person, let key): tell(person, .press(key))
    case .hangUp(let person): tell(person, .hangUp)
    case .manner(let person, let manner): tell(person, .manner(manner))
    case .cutPower: cutPower()
    case .powerUp: if !isPowered { powerUp() }
    case .fillDisk(let isFull):
      storage.isFull = isFull
      auditor.disk(isFull: isFull)
    case .network(let faults): set(faults)
    case .reload: if isPowered { reload(settings) }
    }
  }

  private mutating func set(_ faults: VirtualNetwork.Faults) {
    network.faults = faults
    streams.faults = faults
  }

  mutating func entropy() -> [UInt8] { (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

  /// To be called whenever something has happened to a person.
  mutating func reschedule(_ person: Int) { wakes.set(person, to: people[person].nextDeadline) }
}
