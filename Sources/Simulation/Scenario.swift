// A morning at a branch, drawn from a seed: agents come and go, customers call, wait, give up or ask to be called back;
// the network loses packets and the power fails. First a time of faults, then a time without, in which everything that
// was promised must be kept.

import Basics
import BranchConfiguration
import MediaEngine
import SIPUserAgent

public struct Scenario {
  public struct Outcome: Sendable {
    public let seed: UInt64
    public let hash: UInt64
    public let virtualSeconds: Int
    public let customerCalls: Int
    public let answered: Int
    public let promises: Int
    public let conversations: Int
    public let crashes: Int
    public let faults: Int
    public let violations: [String]
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
    network { local 10.0.0.0/8 }
    number-plan { country cn; area-code 21 }
    extension 101 { name "Agent One"; secret "a secret of the simulation" }
    extension 102 { name "Agent Two"; secret "a secret of the simulation" }
    queue service {
      number 600; agents 101 102; wrap-up 5s; back-off 5s
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
  private var customers: [Int] = []
  private var calls = 0

  public init(seed: UInt64, settings: BranchSettings, prompts: PromptTable) {
    self.seed = seed
    random = SeededRandom(seed: seed)
    let faults = VirtualNetwork.Faults(
      lossPercent: random.below(6), duplicatePercent: random.below(4), delay: 1...(2 + random.below(60)))
    world = World(seed: random.next(), settings: settings, prompts: prompts, faults: faults)
    populate()
    plan()
  }

  public mutating func run() -> Outcome {
    world.run(for: Limits.faulty)
    world.calm()
    world.run(for: Limits.quiet)
    let violations = world.auditor.violations + world.auditor.unkept(on: world.storage)
    return Outcome(
      seed: seed, hash: world.auditor.hash, virtualSeconds: (Limits.faulty + Limits.quiet).seconds,
      customerCalls: calls, answered: world.storage.events.count { $0.kind == .answered },
      promises: world.storage.callbacks.count, conversations: world.auditor.conversations, crashes: world.crashes,
      faults: world.networkFaults, violations: violations)
  }

  private mutating func populate() {
    for index in 0..<Limits.agents {
      let name = ByteString(101 + index)
      let answers = SoftPhone.Manner.answers(
        after: .milliseconds(500 + random.below(4_000)), talks: .seconds(20 + random.below(40)))
      agents.append(
        world.add(
          .phone,
          SoftPhone.Setup(
            name: name, account: .registered(user: name, authUser: name, secret: Self.secret, expires: 120),
            own: Endpoint(.v4(0x0A00_0100 + UInt32(index)), 5060), box: World.boxEndpoint, mediaPort: 20_000,
            number: name, manner: answers)))
    }
    world.add(
      .carrier,
      SoftPhone.Setup(
        name: "carrier", account: .peer(authUser: "", secret: ""), own: Endpoint(.v4(0x0A09_0001), 5060),
        box: World.boxEndpoint, mediaPort: 30_000, number: "",
        manner: .answers(after: .seconds(1 + random.below(5)), talks: .seconds(60))))
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

  private mutating func plan() {
    for agent in agents {
      world.plan(.call(person: agent, "*45"), after: .seconds(5 + random.below(60)))
      // Whoever lost the login in a power cut tries again.
      world.plan(.call(person: agent, "*45"), after: Limits.faulty + .seconds(60 + random.below(30)))
    }
    for customer in customers { planVisits(of: customer) }
    for _ in 0..<random.below(4) {
      world.plan(.cutPower, after: .seconds(20 + random.below(Limits.faulty.seconds - 60)))
    }
    if random.chance(percent: 30) {
      let start = 60 + random.below(300)
      world.plan(.fillDisk(true), after: .seconds(start))
      world.plan(.fillDisk(false), after: .seconds(start + 10 + random.below(60)))
    }
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
        world.plan(.press(person: customer, UInt8(ascii: "1")), after: first + .milliseconds(1_500 + random.below(4_000)))
      }
      world.plan(.hangUp(person: customer), after: .seconds(at + 20 + random.below(60)))
      at += 100 + random.below(200)
    }
  }
}
