// A whole branch in virtual time: the box (both cores), its storage, a faulty network, phones and a carrier. Power may
// fail between any two events. One seed decides everything, so every failure can be lived through again.

import Appliance
import Basics
import BranchConfiguration
import Journal
import MediaEngine
import SIPTransaction
import SIPUserAgent

public struct World {
  public enum Limits {
    /// Events after which a simulation is given up: it does not come to an end by itself.
    public static let events = 50_000_000
    /// How long the box is without power.
    public static let outage = Interval.seconds(7)
  }

  /// What happens at a planned instant.
  public enum Act: Equatable, Sendable {
    case call(person: Int, ByteString)
    case press(person: Int, UInt8)
    case hangUp(person: Int)
    case cutPower
    case powerUp
    case fillDisk(Bool)
    case network(VirtualNetwork.Faults)
  }

  /// The carrier rings customers for callbacks; customers call in by themselves.
  public enum Part: Sendable { case phone, carrier, customer }

  struct Person {
    let part: Part
    var phone: SoftPhone
    var media: MediaHost
  }

  public static let boxEndpoint = Endpoint(.v4(0x0A00_0001), 5060)

  public private(set) var now = Instant.zero
  public private(set) var auditor = Auditor()
  public private(set) var storage: SimulatedStorage
  public private(set) var crashes = 0
  public private(set) var events = 0
  public private(set) var alarms = 0
  var people: [Person] = []
  private var network: VirtualNetwork
  private var appliance = Appliance()
  private var media: MediaHost
  private var isPowered = false
  private let settings: BranchSettings
  private let prompts: PromptTable
  private var random: SeededRandom
  private var plans = DeadlineHeap<Int>()
  private var acts: [Act] = []
  /// Wall time when the world began: 2026-01-01 00:00 UTC.
  private let epoch = WallTime(seconds: 1_767_225_600)

  public init(seed: UInt64, settings: BranchSettings, prompts: PromptTable, faults: VirtualNetwork.Faults) {
    random = SeededRandom(seed: seed)
    network = VirtualNetwork(faults: faults, seed: random.next())
    storage = SimulatedStorage(seed: random.next())
    media = MediaHost(address: Self.boxEndpoint.address, engine: MediaEngine(prompts: prompts, seed: random.next()))
    self.settings = settings
    self.prompts = prompts
    powerUp()
  }

  /// The person's number for `Act`.
  @discardableResult
  public mutating func add(_ part: Part, _ setup: SoftPhone.Setup) -> Int {
    let engine = MediaEngine(prompts: prompts, seed: random.next())
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

  /// No more faults of the network or of the disk, and the power is back.
  public mutating func calm() {
    network.faults = .none
    storage.isFull = false
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

  private var nextInstant: Instant? {
    var earliest = Instant.never
    func consider(_ instant: Instant?) { if let instant, instant < earliest { earliest = instant } }
    consider(network.nextDeadline)
    consider(plans.nextDeadline)
    if isPowered {
      consider(appliance.nextDeadline)
      consider(media.nextDeadline)
      consider(storage.nextDeadline)
    }
    for person in people {
      consider(person.phone.nextDeadline)
      consider(person.media.nextDeadline)
    }
    return earliest == .never ? nil : earliest
  }

  private mutating func step() {
    if let plan = plans.popDue(at: now) { return perform(acts[plan]) }
    if let datagram = network.arrival(at: now) { return deliver(datagram) }
    if isPowered, let report = storage.report(at: now) {
      switch report {
      case .durable(let ticket): return tellBox(.durable(upTo: ticket))
      case .failed(let ticket): return tellBox(.persistFailed(from: ticket, .diskFull))
      }
    }
    if isPowered, let due = appliance.nextDeadline, due <= now { return tellBox(.wake) }
    if isPowered, let due = media.nextDeadline, due <= now {
      return tellBox(media.advance(to: now, on: &network))
    }
    for index in people.indices {
      if let due = people[index].phone.nextDeadline, due <= now { return tell(index, .wake) }
      if let due = people[index].media.nextDeadline, due <= now {
        _ = people[index].media.advance(to: now, on: &network)
        return
      }
    }
  }

  private mutating func perform(_ act: Act) {
    switch act {
    case .call(let person, let number): tell(person, .call(number, as: people[person].phone.setup.number))
    case .press(let person, let key): tell(person, .press(key))
    case .hangUp(let person): tell(person, .hangUp)
    case .cutPower: cutPower()
    case .powerUp: if !isPowered { powerUp() }
    case .fillDisk(let isFull): storage.isFull = isFull
    case .network(let faults): network.faults = faults
    }
  }

  private mutating func deliver(_ datagram: VirtualNetwork.Datagram) {
    if datagram.to.address == Self.boxEndpoint.address {
      guard isPowered else { return }
      if datagram.to.port == Self.boxEndpoint.port {
        tellBox(.transport(.datagram(listener: 0, from: datagram.from, bytes: datagram.bytes)))
      } else {
        tellBox(
          media.receive(datagram.bytes, port: datagram.to.port, from: datagram.from, at: now, on: &network))
      }
      return
    }
    guard let index = people.firstIndex(where: { $0.phone.setup.own.address == datagram.to.address }) else { return }
    if datagram.to.port == people[index].phone.setup.own.port {
      tell(index, .transport(.datagram(listener: 0, from: datagram.from, bytes: datagram.bytes)))
    } else {
      _ = people[index].media.receive(
        datagram.bytes, port: datagram.to.port, from: datagram.from, at: now, on: &network)
    }
  }

  private mutating func entropy() -> [UInt8] { (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
}

// MARK: - The box

extension World {
  private mutating func powerUp() {
    isPowered = true
    appliance = Appliance()
    media = MediaHost(address: Self.boxEndpoint.address, engine: MediaEngine(prompts: prompts, seed: random.next()))
    tellBox(.entropy(entropy()))
    tellBox(.wall(epoch + (now - .zero), trusted: true))
    tellBox(.configure(revision: 1, settings))
    tellBox(.restored(storage.restored()))
  }

  private mutating func cutPower() {
    guard isPowered else { return }
    crashes += 1
    isPowered = false
    storage.cutPower()
    auditor.note("power cut \(now.nanoseconds)")
    plan(.powerUp, after: Limits.outage)
  }

  private mutating func tellBox(_ events: [MediaEvent]) {
    for event in events { tellBox(.media(event)) }
  }

  private mutating func tellBox(_ input: Appliance.Input) {
    appliance.handle(.wall(epoch + (now - .zero), trusted: true), at: now)
    appliance.handle(input, at: now)
    var heard: [MediaEvent] = []
    while let output = appliance.pollOutput() {
      switch output {
      case .transport(.datagram(_, let to, let bytes)):
        network.send(bytes, from: Self.boxEndpoint, to: to, at: now)
      case .media(let command):
        auditor.boxCommands(command, disk: storage, at: now)
        heard += media.handle(command, at: now, on: &network)
      case .persist(let batch): storage.submit(batch, at: now)
      case .log(let entry): if entry.level == .alarm { alarms += 1 }
      case .transport, .answer, .stopped: break
      }
    }
    tellBox(heard)
  }
}

// MARK: - The people

extension World {
  private mutating func tell(_ index: Int, _ input: SoftPhone.Input) {
    people[index].phone.handle(input, at: now)
    settle(index)
  }

  private mutating func settle(_ index: Int) {
    let own = people[index].phone.setup.own
    while let output = people[index].phone.pollOutput() {
      switch output {
      case .transport(.datagram(_, let to, let bytes)): network.send(bytes, from: own, to: to, at: now)
      case .transport: break
      case .media(let command): _ = people[index].media.handle(command, at: now, on: &network)
      case .story(let story):
        if people[index].part == .carrier {
          auditor.carrierHears(story, disk: storage, at: now)
        } else {
          auditor.personSees(story, person: index, at: now)
        }
      }
    }
  }
}
