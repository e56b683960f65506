// A morning at a branch, drawn from a seed: agents come and go, customers call, wait, give up or ask to be called back;
// the network loses packets and the power fails. First a time of faults, then a time without, in which everything that
// was promised must be kept.

import Basics
import BranchConfiguration
import SIPTransaction
import SIPUserAgent

public struct Scenario {
  public struct Outcome: Sendable {
    public let seed: UInt64
    public let hash: UInt64
    public let virtualSeconds: Int
    public let customerCalls: Int
    public let answered: Int
    /// Calls in which a customer heard that a promise is made.
    public let promises: Int
    /// Customers called back who spoke with an agent.
    public let conversations: Int
    public let crashes: Int
    public let refusedWrites: Int
    public let faults: Int
    public let violations: [String]

    /// What a run must have seen to prove anything.
    public var shortcomings: [String] {
      customerCalls > 0 && answered > 0 && faults > 0 ? [] : ["no calls, no answers or no faults: nothing was tested"]
    }
  }

  public enum Limits {
    public static let agents = 2
    public static let customers = 8
    /// How long faults go on, and how long the world has to come to rest afterwards.
    public static let faulty = Interval.minutes(12)
    public static let quiet = Interval.minutes(25)
  }

  private static let secret: ByteString = "a secret of the simulation"

  /// The branch that is simulated, in the words of its configuration.
  public static var configuration: ByteString {
    """
    name "Simulated branch"
    language en
    listen udp 10.0.0.1:5060
    listen tcp 10.0.0.1:5060
    network { local 10.0.0.0/8 }
    number-plan { country cn; area-code 21 }
    extension 101 { name "Agent One"; secret "a secret of the simulation" }
    extension 102 { name "Agent Two"; secret "a secret of the simulation" }
    extension 103 { name "Back Office"; secret "a secret of the simulation" }
    queue service {
      number 600; agents 101 102; wrap-up 5s; back-off 5s; announce 15s
      callback { may-call local national mobile; delay 10s; busy-retry 30s; no-answer-retry 60s; attempts 5 }
    }
    trunk carrier { peer { address 10.9.0.1:5060; sources 10.9.0.0/16 }; channels 30; qualify 0s }
    inbound all { trunk carrier; to queue service }
    outbound all { number 0X. 1[3-9]XXXXXXXXX; trunk carrier }
    """
  }

  private var world: World
  private var random: SeededRandom
  private let seed: UInt64
  private var agents: [Int] = []
  private var office = 0
  private var carrier = 0
  private var customers: [Int] = []
  private var calls = 0

  /// - Parameter sound: with it people speak and hear music all the time, which makes a seed take ten times as long.
  public init(seed: UInt64, settings: BranchSettings, sound: Bool = false) {
    self.seed = seed
    random = SeededRandom(seed: seed)
    let faults = VirtualNetwork.Faults(
      lossPercent: 1 + random.below(8), duplicatePercent: random.below(4), delay: 1...(2 + random.below(60)))
    world = World(seed: random.next(), settings: settings, faults: faults, sound: sound)
    world.cutsPowerAtDialsPercent = 10
    populate()
    plan()
  }

  public mutating func run() -> Outcome {
    world.run(for: Limits.faulty)
    world.calm()
    world.run(for: Limits.quiet)
    let violations = world.auditor.violations + world.auditor.unkept(on: world.storage) + world.unrest
    return Outcome(
      seed: seed, hash: world.auditor.hash, virtualSeconds: (Limits.faulty + Limits.quiet).seconds,
      customerCalls: calls, answered: world.storage.events.count { $0.kind == .answered },
      promises: world.auditor.goodbyes, conversations: world.auditor.conversations, crashes: world.crashes,
      refusedWrites: world.storage.refusedPromises, faults: world.networkFaults, violations: violations)
  }

  /// What the box logged, for whoever looks into a violation.
  public var log: [String] { world.log }

  // MARK: The people

  private mutating func populate() {
    for index in 0..<Limits.agents {
      // One by datagrams, the other over a connection.
      agents.append(addPhone(index, transport: index == 0 ? .udp : .tcp, manner: patient()))
    }
    office = addPhone(Limits.agents, transport: .udp, manner: .answers(after: .seconds(2), talks: .seconds(15)))
    carrier = world.add(
      .carrier,
      SoftPhone.Setup(
        name: "carrier", account: .peer(authUser: "", secret: ""), own: Endpoint(.v4(0x0A09_0001), 5060),
        box: World.boxEndpoint, mediaPort: 30_000, number: "", manner: reachable()))
    for index in 0..<Limits.customers {
      let number = ByteString("138000000") + ByteString(10 + index)
      customers.append(
        world.add(
          .customer,
          SoftPhone.Setup(
            name: number, account: .peer(authUser: "", secret: ""),
            own: Endpoint(.v4(0x0A09_0100 + UInt32(index)), 5060), box: World.boxEndpoint, mediaPort: 40_000,
            number: number, manner: .letsItRing)))
    }
  }

  private mutating func addPhone(_ index: Int, transport: SIPTransport, manner: SoftPhone.Manner) -> Int {
    let name = ByteString(101 + index)
    return world.add(
      .phone,
      SoftPhone.Setup(
        name: name, account: .registered(user: name, authUser: name, secret: Self.secret, expires: 120),
        transport: transport, own: Endpoint(.v4(0x0A00_0100 + UInt32(index)), 5060), box: World.boxEndpoint,
        mediaPort: 20_000, number: name, manner: manner))
  }

  private mutating func patient() -> SoftPhone.Manner {
    .answers(after: .milliseconds(500 + random.below(4_000)), talks: .seconds(20 + random.below(40)))
  }

  private mutating func reachable() -> SoftPhone.Manner {
    .answers(after: .seconds(1 + random.below(5)), talks: .seconds(60))
  }

  // MARK: What they do

  private mutating func plan() {
    for agent in agents {
      // Whoever lost the login in a power cut tries again.
      for start in [5, 200, 450, Limits.faulty.seconds + 60] {
        world.plan(.call(person: agent, "*45"), after: .seconds(start + random.below(60)))
      }
      planMoods(of: agent)
    }
    for customer in customers { planVisits(of: customer) }
    planOffice()
    planCarrier()
    for _ in 0..<random.below(4) {
      world.plan(.cutPower, after: .seconds(20 + random.below(Limits.faulty.seconds - 60)))
    }
    if random.chance(percent: 30) {
      let start = 60 + random.below(300)
      world.plan(.fillDisk(true), after: .seconds(start))
      world.plan(.fillDisk(false), after: .seconds(start + 10 + random.below(60)))
    }
    if random.chance(percent: 50) { world.plan(.reload, after: .seconds(random.below(Limits.faulty.seconds))) }
  }

  /// A customer calls a few times; some wait to be answered, some hang up, some ask to be called back.
  private mutating func planVisits(of customer: Int) {
    var at = 10 + random.below(120)
    while at < Limits.faulty.seconds - 60 {
      calls += 1
      world.plan(.call(person: customer, "02155550000"), after: .seconds(at))
      if random.chance(percent: 45) {
        let first = Interval.seconds(at) + .milliseconds(3_000 + random.below(6_000))
        world.plan(.press(person: customer, UInt8(ascii: "1")), after: first)
        world.plan(
          .press(person: customer, UInt8(ascii: "1")), after: first + .milliseconds(1_500 + random.below(4_000)))
      }
      world.plan(.hangUp(person: customer), after: .seconds(at + 20 + random.below(60)))
      at += 100 + random.below(200)
    }
  }

  /// An agent sometimes refuses, sometimes does not hear it ring, and answers again later.
  private mutating func planMoods(of agent: Int) {
    for _ in 0..<random.below(4) {
      let start = 60 + random.below(Limits.faulty.seconds - 120)
      let mood: SoftPhone.Manner =
        random.chance(percent: 50)
        ? .letsItRing : .refuses(after: .seconds(1), status: random.chance(percent: 50) ? 486 : 603)
      world.plan(.manner(person: agent, mood), after: .seconds(start))
      world.plan(.manner(person: agent, patient()), after: .seconds(start + 10 + random.below(50)))
    }
    world.plan(.manner(person: agent, patient()), after: Limits.faulty)
  }

  /// Calls between extensions and to the outside, beside the queue.
  private mutating func planOffice() {
    var at = 30 + random.below(60)
    while at < Limits.faulty.seconds - 60 {
      let numbers: [ByteString] = ["101", "102", "02188880000", "104"]
      world.plan(.call(person: office, numbers[random.below(4)]), after: .seconds(at))
      world.plan(.hangUp(person: office), after: .seconds(at + 5 + random.below(30)))
      at += 60 + random.below(120)
    }
  }

  /// Some customers are busy or do not answer when they are called back.
  private mutating func planCarrier() {
    for _ in 0..<random.below(3) {
      let start = 120 + random.below(Limits.faulty.seconds - 200)
      let mood: SoftPhone.Manner =
        random.chance(percent: 50)
        ? .letsItRing : .refuses(after: .seconds(2), status: random.chance(percent: 50) ? 486 : 503)
      world.plan(.manner(person: carrier, mood), after: .seconds(start))
      world.plan(.manner(person: carrier, reachable()), after: .seconds(start + 20 + random.below(60)))
    }
    world.plan(.manner(person: carrier, reachable()), after: Limits.faulty)
  }
}
