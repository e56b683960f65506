// A small branch in virtual time for one test: three phones, a carrier and a customer, on a network without faults.

import Appliance
import Basics
import BranchConfiguration
import Journal
import Simulation
import SIPTransaction
import SIPUserAgent
import Testing

final class Branch {
  var world: World
  /// Extensions 101, 102 and 103; 101 is the agent of the queue.
  let phones: [Int]
  let carrier: Int
  let customer: Int

  static let customerNumber: ByteString = "13800000001"
  static let secret: ByteString = "a secret for tests, one for each"

  /// - Parameter answers: whether phones pick up after a second, or leave it ringing.
  init(
    _ transport: SIPTransport = .udp, answers: Bool = true, sound: Bool = false, more: ByteString = "",
    queue: ByteString = "", callback: ByteString = "", seed: UInt64 = 1
  ) throws {
    world = World(seed: seed, settings: try Self.settings(more, queue: queue, callback: callback), sound: sound)
    let manner = SoftPhone.Manner.answers(after: .seconds(1), talks: .minutes(10))
    var phones: [Int] = []
    for index in 0..<3 {
      let name = ByteString(101 + index)
      phones.append(
        world.add(
          .phone,
          SoftPhone.Setup(
            name: name,
            account: .registered(user: name, authUser: name, secret: Self.secret + name, expires: 600),
            transport: transport, own: Endpoint(.v4(0x0A00_0100 + UInt32(index)), 5060), box: World.boxEndpoint,
            mediaPort: 20_000, number: name, manner: answers ? manner : .letsItRing)))
    }
    self.phones = phones
    carrier = world.add(.carrier, Self.outside("carrier", 1, answers ? manner : .letsItRing))
    customer = world.add(.customer, Self.outside(Self.customerNumber, 2, .letsItRing))
    world.run(for: .seconds(2))
    for phone in phones {
      try #require(world.stories(of: phone).contains(.registered(true)), "\(world.log)")
    }
  }

  private static func outside(_ number: ByteString, _ host: UInt32, _ manner: SoftPhone.Manner) -> SoftPhone.Setup {
    SoftPhone.Setup(
      name: number, account: .peer(authUser: "", secret: ""), own: Endpoint(.v4(0x0A09_0000 + host), 5060),
      box: World.boxEndpoint, mediaPort: 30_000, number: number, manner: manner)
  }

  static func settings(
    _ more: ByteString = "", queue: ByteString = "", callback: ByteString = ""
  ) throws -> BranchSettings {
    let reading = BranchSettings.parse(text(more, queue: queue, callback: callback).bytes)
    let problems = reading.problems.map { $0.text(.english) }
    return try #require(reading.settings, "\(problems)")
  }

  static func text(_ more: ByteString = "", queue: ByteString = "", callback: ByteString = "") -> ByteString {
    var text: ByteString = """
      name "Test branch"
      language en
      listen udp 10.0.0.1:5060
      listen tcp 10.0.0.1:5060
      network { local 10.0.0.0/8 }
      number-plan { country cn; area-code 21 }
      trunk carrier { peer { address 10.9.0.1:5060; sources 10.9.0.0/16 }; channels 6; qualify 0s }
      inbound all { trunk carrier; to queue service }
      outbound all { number 0X. 1[3-9]XXXXXXXXX; trunk carrier }

      """
    for number in 101...103 {
      let name = ByteString(number)
      text += "extension " + name + " { name \"Phone " + name + "\"; secret \"" + secret + name + "\" }\n"
    }
    text += "queue service {\n  number 600; agents 101; wrap-up 0s; back-off 5s\n  " + queue + "\n"
    text += "  callback { may-call local national mobile; delay 10s; busy-retry 30s; no-answer-retry 60s; " + callback
    return text + " }\n}\n" + more
  }

  // MARK: What people do

  func call(_ person: Int, _ number: ByteString) { world.call(person, number) }
  func hangUp(_ person: Int) { world.tell(person, .hangUp) }
  func wait(_ seconds: Int) { world.run(for: .seconds(seconds)) }

  /// Lets time pass until something holds; false if it did not within 30 s.
  func until(_ isDone: (World) -> Bool) -> Bool { world.run(atMost: .seconds(30), until: isDone) }

  /// Lets time pass until a phone rings.
  func rings(_ person: Int) -> Bool { until { $0.stories(of: person).contains { $0.isRing } } }

  func logIn(_ phone: Int = 0) {
    call(phone, "*45")
    wait(3)
  }

  /// 101 calls 102, and they talk.
  func connect() {
    call(phones[0], "102")
    wait(3)
  }

  // MARK: What is seen

  func last(_ person: Int) -> SoftPhone.Story? { world.stories(of: person).last }
  func count(_ person: Int, where isOne: (SoftPhone.Story) -> Bool) -> Int {
    world.stories(of: person).filter(isOne).count
  }
  /// Whether the box's answer has this text in it.
  func says(_ query: Query, _ text: String) -> Bool { world.ask(query).contains(text) }
  /// How the latest call of a person ended.
  func status(_ person: Int) -> Int? {
    guard case .ended(_, let status, _)? = last(person) else { return nil }
    return status
  }

  /// Nothing is left of any call, and nothing happened that must not.
  func isAtRest() -> [String] {
    world.unrest + world.auditor.violations + world.auditor.unkept(on: world.storage)
  }
}

extension SoftPhone.Story {
  var isTalk: Bool { if case .talks = self { true } else { false } }
  var isRing: Bool { if case .rings = self { true } else { false } }
}
