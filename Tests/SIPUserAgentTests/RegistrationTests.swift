import Basics
import Journal
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Registration over the network")
struct RegistrationTests {
  @Test("A phone registers by digest and is reachable; its binding is persisted")
  func registers() {
    let office = Office()
    let world = office.world
    #expect(world.trunkStates(office.anna, "box") == [false, true])
    #expect(world.reachable(office.box, "101") == [true])
    let views = world.nodes[office.box].agent.registrations(at: world.now)
    #expect(views.map(\.user) == ["101", "102"])
    #expect(views.first?.contact == "sip:101@10.0.0.11:5060")
    #expect(views.first?.source == Endpoint(IPAddress("10.0.0.11") ?? .anyV4, 5060))
    let bindings = world.nodes[office.box].facts.count { if case .binding = $0 { true } else { false } }
    #expect(bindings == 2)
    #expect(world.responses(401, to: .register) == 2)
    #expect(world.responses(200, to: .register) == 2)
  }

  @Test("A wrong password never registers, and the phone backs off")
  func wrongPassword() {
    let world = World()
    let box = world.add(Fixture.box, Fixture.boxSettings())
    let phone = world.add("10.0.0.11", Fixture.phone("101", secret: "wrong"))
    world.run(.seconds(60))
    #expect(world.trunkStates(phone, "box") == [false])
    #expect(world.reachable(box, "101").isEmpty)
    // At 0, 5, 15 and 35 s, each with one challenge and one answer.
    #expect(world.requests(.register) == 8)
    #expect(world.nodes[box].agent.counters.failedAuthentications == 4)
    #expect(world.nodes[box].logs.contains { $0.event.description == "sip.authentication-failed" })
    #expect(!world.nodes[box].logs.contains { $0.text.description.contains("wrong") })
  }

  @Test("Refreshes go on in time and are not written again while storage knows enough")
  func refreshes() {
    let office = Office()
    let world = office.world
    let before = world.nodes[office.box].facts.count
    world.run(.seconds(241))
    #expect(world.responses(200, to: .register) == 4)
    // 240 of 300 s have passed, more than half, so this one is written.
    #expect(world.nodes[office.box].facts.count == before + 2)
    world.run(.seconds(1200))
    #expect(world.reachable(office.box, "101") == [true])
    #expect(world.nodes[office.anna].agent.trunkViews.first?.isRegistered == true)
  }

  @Test("A phone that falls silent is unreachable when its time is up")
  func expires() {
    let office = Office()
    office.world.lossPercent = 100
    office.world.run(.seconds(310))
    #expect(office.world.reachable(office.box, "101") == [true, false])
    #expect(office.world.nodes[office.box].agent.registrations(at: office.world.now).isEmpty)
    let removed = office.world.nodes[office.box].facts.contains { fact in
      if case .bindingRemoved("101", _) = fact { true } else { false }
    }
    #expect(removed)
    #expect(office.world.trunkStates(office.anna, "box") == [false, true, false])
  }

  @Test("Registration survives loss and doubling", arguments: 1...12)
  func faulty(seed: UInt64) {
    let world = World(seed: seed)
    world.lossPercent = 25
    world.doublePercent = 15
    world.delay = (1, 300)
    let box = world.add(Fixture.box, Fixture.boxSettings())
    let phone = world.add("10.0.0.11", Fixture.phone("101"))
    let isDone = world.run(atMost: .seconds(120)) { world.trunkStates(phone, "box").last == true }
    #expect(isDone, "seed \(seed)")
    #expect(world.reachable(box, "101") == [true], "seed \(seed)")
  }

  @Test("A phone on TCP is reached over its connection, and again after that broke")
  func stream() {
    let world = World()
    let box = world.add(Fixture.box, Fixture.boxSettings())
    let phone = world.add("10.0.0.11", Fixture.phone("101", transport: .tcp))
    world.run(.seconds(1))
    #expect(world.reachable(box, "101") == [true])
    let ring = { (leg: LegID) in
      world.command(
        box, .invite(leg, .init(target: .user("101"), callerNumber: "102", offer: Fixture.offer())))
    }
    ring(LegID(1))
    world.run(.seconds(1))
    #expect(world.nodes[phone].events.count { if case .incoming = $0 { true } else { false } } == 1)
    world.cutStreams(of: phone)
    world.run(.seconds(1))
    ring(LegID(5))
    world.run(.seconds(1))
    #expect(world.nodes[phone].events.count { if case .incoming = $0 { true } else { false } } == 2)
    #expect(world.sent.isEmpty, "nothing went over UDP")
  }

  @Test("After a restart the remembered phones are reachable for the time that was left")
  func restored() {
    let fact = BindingFact(
      user: "101", contact: "sip:101@10.0.0.11:5060", callID: "a", cseq: 4,
      source: Endpoint(IPAddress("10.0.0.11") ?? .anyV4, 5060), listener: 0, overStream: false, userAgent: "x",
      expires: WallTime(seconds: 1_000_100))
    var old = fact
    old.contact = "sip:101@10.0.0.99"
    old.expires = WallTime(seconds: 999_999)
    var stranger = fact
    stranger.user = "999"
    let world = World()
    let box = world.add(Fixture.box, Fixture.boxSettings())
    world.handle(box, .wall(WallTime(seconds: 1_000_000), trusted: true))
    world.handle(box, .restored([fact, old, stranger]))
    #expect(world.nodes[box].agent.registrations(at: world.now).map(\.expiresInSeconds) == [100])
    #expect(world.reachable(box, "101") == [true])
    #expect(world.nodes[box].facts.count == 2, "the expired one and the stranger's are removed")
    world.run(.seconds(101))
    #expect(world.reachable(box, "101") == [true, false])
  }
}
