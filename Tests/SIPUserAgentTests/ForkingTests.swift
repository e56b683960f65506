import Basics
import SDP
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Several phones of one user")
struct ForkingTests {
  let boxLeg = Office.boxLeg

  /// A box and three phones of user 101.
  struct Desk {
    let world: World
    let box: Int
    var phones: [Int] = []

    init(seed: UInt64 = 1) {
      world = World(seed: seed)
      box = world.add(Fixture.box, Fixture.boxSettings())
      for address in ["10.0.0.21", "10.0.0.22", "10.0.0.23"] as [StaticString] {
        phones.append(world.add(address, Fixture.phone("101")))
      }
      world.run(.seconds(1))
    }
    func ring() {
      world.command(
        box, .invite(Office.boxLeg, .init(target: .user("101"), callerNumber: "102", offer: Fixture.offer())))
      world.run(.milliseconds(200))
    }
    func leg(_ phone: Int) throws -> (LegID, UserAgent.IncomingCall) { try #require(world.incoming(phones[phone])) }
  }

  @Test("All ring; the first answer wins, the others are cancelled as answered elsewhere")
  func firstWins() throws {
    let desk = Desk()
    let world = desk.world
    desk.ring()
    let (leg, call) = try desk.leg(1)
    world.command(desk.phones[1], .accept(leg, Fixture.answer(to: call.offer)))
    world.run(.seconds(1))
    #expect(world.accepted(desk.box, boxLeg))
    for other in [0, 2] {
      let (lost, _) = try desk.leg(other)
      #expect(world.endings(desk.phones[other], lost).map(\.status) == [487])
    }
    let elsewhere = world.count {
      $0.method == .cancel && $0.isRequest
        && $0.value(.reason).map { ByteString($0).hasPrefix("SIP;cause=200") } == true
    }
    #expect(elsewhere == 2)
    world.command(desk.box, .hangUp(boxLeg, status: 200, q850: nil))
    world.run(.seconds(40))
    #expect(world.nodes[desk.box].agent.legCount == 0)
    #expect(world.endings(desk.box, boxLeg).count == 1)
  }

  @Test("Two answer at once: one is kept, the other acknowledged and hung up")
  func bothAnswer() throws {
    let desk = Desk()
    let world = desk.world
    desk.ring()
    for phone in [0, 2] {
      let (leg, call) = try desk.leg(phone)
      world.command(desk.phones[phone], .accept(leg, Fixture.answer(to: call.offer)))
    }
    world.run(.seconds(1))
    let acceptances = world.nodes[desk.box].events.count { if case .accepted = $0 { true } else { false } }
    #expect(acceptances == 1)
    let (loser, _) = try desk.leg(2)
    #expect(world.confirmed(desk.phones[2], loser))
    #expect(world.endings(desk.phones[2], loser).map(\.status) == [200])
    let (winner, _) = try desk.leg(0)
    #expect(world.endings(desk.phones[0], winner).isEmpty)
    world.run(.seconds(40))
    #expect(world.endings(desk.phones[0], winner).isEmpty)
  }

  @Test("When all refuse, the person's decision counts before a phone's fault")
  func allRefuse() throws {
    let desk = Desk()
    let world = desk.world
    desk.ring()
    for (phone, status) in [(0, 480), (1, 486), (2, 500)] {
      let (leg, _) = try desk.leg(phone)
      world.command(desk.phones[phone], .refuse(leg, status: status, reason: nil, retryAfter: nil))
    }
    #expect(world.run { !world.endings(desk.box, boxLeg).isEmpty })
    #expect(world.endings(desk.box, boxLeg).map(\.status) == [486])
  }

  @Test("603 from one phone speaks for all")
  func decline() throws {
    let desk = Desk()
    let world = desk.world
    desk.ring()
    let (leg, _) = try desk.leg(0)
    world.command(desk.phones[0], .refuse(leg, status: 603, reason: nil, retryAfter: nil))
    #expect(world.run { !world.endings(desk.box, boxLeg).isEmpty })
    #expect(world.endings(desk.box, boxLeg).map(\.status) == [603])
    #expect(world.requests(.cancel) == 2)
  }

  @Test("A dead phone among them does not hold up the others")
  func deadPhone() throws {
    let desk = Desk()
    let world = desk.world
    world.nodes[desk.phones[0]].address = IPAddress("10.0.0.99") ?? .anyV4
    desk.ring()
    let (leg, call) = try desk.leg(1)
    world.command(desk.phones[1], .accept(leg, Fixture.answer(to: call.offer)))
    world.run(.seconds(1))
    #expect(world.accepted(desk.box, boxLeg))
    world.command(desk.box, .hangUp(boxLeg, status: 200, q850: nil))
    world.run(.seconds(70))
    #expect(world.nodes[desk.box].agent.legCount == 0)
  }

  @Test("The limit of contacts holds: the one refreshed longest ago makes room")
  func limit() {
    let desk = Desk()
    let world = desk.world
    _ = world.add("10.0.0.24", Fixture.phone("101"))
    world.run(.seconds(1))
    let contacts = world.nodes[desk.box].agent.registrations(at: world.now).map(\.contact)
    #expect(contacts == ["sip:101@10.0.0.22:5060", "sip:101@10.0.0.23:5060", "sip:101@10.0.0.24:5060"])
    #expect(world.nodes[desk.box].agent.counters.contactsReplaced == 1)
  }

  @Test("Whoever wins, each leg ends once and nothing stays", arguments: 1...15)
  func faulty(seed: UInt64) {
    let desk = Desk(seed: seed)
    let world = desk.world
    world.lossPercent = 15
    world.doublePercent = 20
    world.delay = (1, 300)
    desk.ring()
    world.run(.seconds(2))
    for phone in desk.phones {
      guard let (leg, call) = world.incoming(phone) else { continue }
      world.command(phone, .accept(leg, Fixture.answer(to: call.offer)))
    }
    world.run(.seconds(20))
    world.command(desk.box, .hangUp(boxLeg, status: 200, q850: nil))
    world.run(.seconds(120))
    #expect(world.endings(desk.box, boxLeg).count == 1, "seed \(seed)")
    #expect(world.nodes[desk.box].agent.legCount == 0, "seed \(seed)")
    for phone in desk.phones {
      guard let (leg, _) = world.incoming(phone) else { continue }
      #expect(world.endings(phone, leg).count == 1, "seed \(seed), phone \(phone)")
      #expect(world.nodes[phone].agent.legCount == 0, "seed \(seed), phone \(phone)")
    }
  }
}
