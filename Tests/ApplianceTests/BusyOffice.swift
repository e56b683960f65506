// A branch in the middle of its day, the same for every change: two phones talk, a customer talks with an agent by the
// queue, another waits, one agent is on a break. What a change may not touch is compared with what was before.

import Appliance
import Basics
import BranchConfiguration
import Configuration
import MediaEngine
import SIPUserAgent
import Simulation
import Testing

struct BusyOffice {
  var world: World
  let before: Sight

  /// People by their numbers in the world. Phones are 101 to 107, in this order.
  enum Person {
    static let agent = 0
    static let caller = 1
    static let callee = 2
    static let resting = 3
    static let free = 4
    static let otherFree = 5
    static let spare = 6
    static let served = 7
    static let waits = 8
    static let carrier = 9
    static let talking = [agent, caller, callee, served]
  }

  static let text: ByteString = {
    var text: ByteString = """
      name "Test branch"
      language en
      zone +08:00
      listen udp 10.0.0.1:5060
      listen tcp 10.0.0.1:5060
      network { local 10.0.0.0/8; toward vpn { subnet 10.200.0.0/16; external-address 10.8.0.2 } }
      number-plan { country cn; area-code 21 }
      user lee { role technician }
      agent 104 { name "Agent Wang" }
      trunk carrier { peer { address 10.9.0.1:5060; sources 10.9.0.0/16 }; channels 6; qualify 0s }
      trunk second { register { server 10.9.1.1:5060; user box; secret "of the carrier" }; channels 3; qualify 0s }
      hours office { daily 00:00-24:00 }
      inbound first { number 02155559999; to extension 106 }
      inbound all { trunk carrier; to queue service }
      outbound all { number 0X. 1[3-9]XXXXXXXXX; trunk carrier }
      queue service { number 600; hours office; agents 101 104; wrap-up 0s; callback { may-call local mobile } }
      queue night { number 601; agents 104; callback { may-call local mobile } }

      """
    for number in 101...107 {
      text += "extension " + ByteString(number) + " { secret \"of phone number " + ByteString(number) + "\" }\n"
    }
    return text
  }()

  static var tree: Block {
    var problems = Problems()
    return Block.configuration(parsing: text.bytes, problems: &problems)
  }

  nonisolated(unsafe) static let open: BusyOffice? = BusyOffice()

  /// nil: somebody did not get where they should be.
  private init?() {
    guard let settings = BranchSettings.parse(Self.text.bytes).settings else { return nil }
    world = World(seed: 7, settings: settings, sound: true)
    for index in 0..<7 { Self.addPhone(ByteString(101 + index), UInt32(index), to: &world) }
    let peer = UserAgent.TrunkSettings.Kind.peer(authUser: "", secret: "")
    world.add(.customer, Self.setup("13800000001", peer, .v4(0x0A09_0002)))
    world.add(.customer, Self.setup("13800000002", peer, .v4(0x0A09_0003)))
    world.add(.carrier, Self.setup("carrier", peer, .v4(0x0A09_0001)))
    world.keepConfigurations(Self.text.bytes)
    world.run(for: .seconds(2))
    world.call(Person.agent, "*45")
    world.call(Person.resting, "*45")
    world.run(for: .seconds(4))
    world.call(Person.resting, "*471")
    world.call(Person.caller, "103")
    world.call(Person.served, "02155550000")
    world.run(for: .seconds(5))
    world.call(Person.waits, "02155550000")
    world.run(for: .seconds(5))
    before = Sight(&world)
    guard before.isAsItShouldBe else { return nil }
  }

  private static func setup(
    _ name: ByteString, _ account: UserAgent.TrunkSettings.Kind, _ address: IPAddress
  ) -> SoftPhone.Setup {
    SoftPhone.Setup(
      name: name, account: account, own: Endpoint(address, 5060), box: World.boxEndpoint, mediaPort: 20_000,
      number: name, manner: .answers(after: .seconds(1), talks: .minutes(10)))
  }

  private static func addPhone(_ name: ByteString, _ index: UInt32, to world: inout World) {
    let account = UserAgent.TrunkSettings.Kind.registered(
      user: name, authUser: name, secret: "of phone number " + name, expires: 600)
    world.add(.phone, setup(name, account, .v4(0x0A00_0100 + index)))
  }

  // MARK: Changes

  /// The text with these lines of `set` and `delete` applied.
  static func text(_ lines: [String]) throws -> [UInt8] {
    var problems = Problems()
    let file = Block(parsing: Array(lines.joined(separator: "\n").utf8), problems: &problems)
    let changed = SetForm.tree(ofLines: file, on: tree, schema: BranchSchema.root, problems: &problems)
    let texts = problems.sorted.map { $0.text(.english) }
    try #require(problems.isEmpty, "\(texts)")
    return ConfigurationFormatter.format(changed)
  }

  mutating func commit(_ lines: [String], by owner: Owner = .branch) throws {
    try commit(text: try Self.text(lines), by: owner)
  }

  mutating func commit(text: [UInt8], by owner: Owner = .branch) throws {
    var commit = ConfigurationCommit(text: text)
    commit.owner = owner
    let answer = world.order(.commit(commit))
    try #require(answer.hasPrefix("{\"done\":true"), "\(answer)")
    world.run(for: .seconds(1))
  }

  // MARK: What must hold

  enum Loss: Hashable {
    /// Not in the place they had, or no longer the same item.
    case place
    case counters
    case agents
  }

  /// What a change has touched that it may not.
  mutating func losses(but excused: Set<Loss> = []) -> [String] {
    let after = Sight(&world)
    var losses: [String] = []
    if after.endings != before.endings { losses.append("calls ended: \(before.endings) became \(after.endings)") }
    if after.sounds != before.sounds { losses.append("sound: \(before.sounds) became \(after.sounds)") }
    if !excused.contains(.place), after.places != before.places {
      losses.append("places: \(before.places) became \(after.places)")
    }
    if !excused.contains(.agents), after.agents != before.agents {
      losses.append("agents: \(before.agents) became \(after.agents)")
    }
    if !excused.contains(.counters) { losses += after.countersGoneBack(since: before) }
    return losses
  }

  /// 105 calls 106, and they hear each other.
  mutating func newCallWorks() -> Bool {
    world.call(Person.free, "106")
    return world.run(atMost: .seconds(5)) {
      $0.sound(heardBy: Person.free) == .voice && $0.sound(heardBy: Person.otherFree) == .voice
    }
  }

  /// The customer who talks hangs up: the one who waits is next.
  mutating func nextIsServed() -> Bool {
    world.tell(Person.served, .hangUp)
    return world.run(atMost: .seconds(20)) {
      $0.sound(heardBy: Person.waits) == .voice && $0.sound(heardBy: Person.agent) == .voice
    }
  }
}

/// What can be seen of the office from outside.
struct Sight {
  /// Calls that were over, by person.
  var endings: [Int]
  var sounds: [Bool]
  /// Item and position of whoever waits.
  var places: [[String: String]]
  var agents: [String: String]
  var counters: [(name: String, value: Int)]

  init(_ world: inout World) {
    endings = (0..<9).map { person in
      world.stories(of: person).count { if case .ended = $0 { true } else { false } }
    }
    sounds = BusyOffice.Person.talking.map { [world] in world.sound(heardBy: $0) == .voice }
    if case .prompt? = world.sound(heardBy: BusyOffice.Person.waits) {
      sounds.append(true)
    } else {
      sounds.append(false)
    }
    places = Self.objects(world.ask(.waiting)).map { $0.filter { ["item", "position"].contains($0.key) } }
    agents = [:]
    for agent in Self.objects(world.ask(.agents)) where ["101", "104"].contains(agent["agent"] ?? "") {
      agents[agent["agent"] ?? ""] = (agent["state"] ?? "") + (agent["pauseReason"] ?? "")
    }
    counters = Self.numbers(world.ask(.counters))
    for queue in Self.objects(world.ask(.queues)) where queue["queue"] == "service" {
      for name in ["offered", "answered", "abandoned", "overflowed", "refused"] {
        counters.append((name, Int(queue[name] ?? "") ?? -1))
      }
    }
  }

  var isAsItShouldBe: Bool {
    sounds == [true, true, true, true, true] && places.count == 1 && agents == ["101": "talking", "104": "not-ready1"]
  }

  /// These count what there is now, not what there was.
  private static let levels: Set<String> = ["streams", "journalWaiting", "legs", "checkpointBytes"]

  func countersGoneBack(since before: Sight) -> [String] {
    guard counters.map(\.name) == before.counters.map(\.name) else { return ["other counters than before"] }
    return zip(before.counters, counters).filter { $1.value < $0.value && !Self.levels.contains($0.name) }.map {
      "\($0.name) went from \($0.value) to \($1.value)"
    }
  }

  /// The flat objects of an array, their values as text.
  static func objects(_ json: String) -> [[String: String]] {
    json.split(separator: "{").dropFirst().map { object in
      var members: [String: String] = [:]
      for match in object.matches(of: /"(\w+)":(?:"([^"]*)"|(-?\w+))/) {
        members[String(match.1)] = String(match.2 ?? match.3 ?? "")
      }
      return members
    }
  }

  private static func numbers(_ json: String) -> [(name: String, value: Int)] {
    json.matches(of: /"(\w+)":(\d+)/).map { (String($0.1), Int($0.2) ?? 0) }
  }
}
