import Basics
import SDP
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Calls between box and phone")
struct CallTests {
  let boxLeg = Office.boxLeg
  let phoneLeg = Office.phoneLeg

  @Test("A phone rings, answers and hangs up: every step is told once, and the table is empty after it")
  func ringAnswerHangUp() throws {
    let office = Office()
    let world = office.world
    office.ring()
    #expect(world.run { world.incoming(office.anna) != nil })
    let (leg, call) = try #require(world.incoming(office.anna))
    #expect(call.callerNumber == "13812345678")
    #expect(call.callerName == "Caller")
    #expect(call.offer?.address == IPAddress("10.0.0.1"))
    world.command(office.anna, .progress(leg, status: 180, nil))
    #expect(world.run { world.progress(office.box, boxLeg) == [180] })
    world.command(office.anna, .accept(leg, Fixture.answer(to: call.offer)))
    #expect(world.run { world.accepted(office.box, boxLeg) })
    let remote = world.nodes[office.box].events.compactMap { event -> SessionDescription? in
      if case .accepted(_, let description, _) = event { description } else { nil }
    }.first
    #expect(remote?.address == IPAddress("10.0.0.11"))
    #expect(remote?.port == 42_000)
    #expect(world.run { world.confirmed(office.anna, leg) })
    world.command(office.anna, .hangUp(leg, status: 200, q850: 16))
    #expect(world.run { !world.endings(office.box, boxLeg).isEmpty })
    world.run(.seconds(40))
    let ending = try #require(world.endings(office.box, boxLeg).first)
    #expect(ending.status == 200 && ending.byRemote && ending.q850 == 16)
    #expect(world.endings(office.box, boxLeg).count == 1)
    #expect(world.endings(office.anna, leg).map(\.byRemote) == [false])
    #expect(world.nodes[office.box].agent.legCount == 0)
    #expect(world.nodes[office.anna].agent.legCount == 0)
    #expect(world.requests(.bye) == 1)
  }

  @Test("An extension's INVITE is challenged, then the call comes in with its number and name")
  func extensionCalls() throws {
    let office = Office()
    let world = office.world
    office.dial("102")
    #expect(world.run { world.incoming(office.box) != nil })
    let (leg, call) = try #require(world.incoming(office.box))
    #expect(leg.isIncoming)
    #expect(call.source == .user("101"))
    #expect(call.number == "102")
    #expect(call.callerNumber == "101")
    #expect(call.callerName == "Anna")
    #expect(call.flowIsLocal)
    #expect(world.responses(401, to: .invite) == 1)
    world.command(office.box, .accept(leg, Fixture.answer(to: call.offer)))
    #expect(world.run { world.confirmed(office.box, leg) })
    world.command(office.box, .hangUp(leg, status: 200, q850: nil))
    #expect(world.run { !world.endings(office.anna, phoneLeg).isEmpty })
    #expect(world.endings(office.anna, phoneLeg).first?.byRemote == true)
  }

  @Test("A busy phone's status and cause arrive")
  func busy() throws {
    let office = Office()
    let world = office.world
    office.ring()
    #expect(world.run { world.incoming(office.anna) != nil })
    let (leg, _) = try #require(world.incoming(office.anna))
    world.command(office.anna, .hangUp(leg, status: 486, q850: 17))
    #expect(world.run { !world.endings(office.box, boxLeg).isEmpty })
    let ending = try #require(world.endings(office.box, boxLeg).first)
    #expect(ending.status == 486 && ending.q850 == 17 && ending.byRemote)
    world.run(.seconds(1))
    #expect(world.nodes[office.box].agent.legCount == 0)
  }

  @Test("A call given up while it rings is cancelled: 487 here, the cause there")
  func cancel() throws {
    let office = Office()
    let world = office.world
    office.ring()
    #expect(world.run { world.incoming(office.anna) != nil })
    let (leg, _) = try #require(world.incoming(office.anna))
    world.command(office.box, .hangUp(boxLeg, status: 487, q850: 19))
    #expect(world.run { !world.endings(office.box, boxLeg).isEmpty && !world.endings(office.anna, leg).isEmpty })
    #expect(world.endings(office.box, boxLeg).first?.status == 487)
    #expect(world.endings(office.box, boxLeg).first?.byRemote == false)
    #expect(world.endings(office.anna, leg).first?.status == 487)
    #expect(world.endings(office.anna, leg).first?.q850 == 19)
    #expect(world.requests(.cancel) == 1)
  }

  @Test("Before anything was heard no CANCEL leaves: it waits for the first answer")
  func cancelWaits() {
    let office = Office()
    let world = office.world
    world.delay = (200, 200)
    office.ring()
    world.command(office.box, .hangUp(boxLeg, status: 487, q850: nil))
    world.run(.milliseconds(399))
    #expect(world.requests(.cancel) == 0)
    #expect(world.run { !world.endings(office.box, boxLeg).isEmpty })
    #expect(world.requests(.cancel) == 1)
  }

  @Test("CANCEL and 200 cross: the answer is acknowledged and ended, the leg ends once as cancelled")
  func cancelAnswerRace() throws {
    let office = Office()
    let world = office.world
    world.delay = (100, 100)
    office.ring()
    #expect(world.run { world.incoming(office.anna) != nil })
    let (leg, call) = try #require(world.incoming(office.anna))
    world.run(.milliseconds(150))
    world.command(office.anna, .accept(leg, Fixture.answer(to: call.offer)))
    world.command(office.box, .hangUp(boxLeg, status: 487, q850: nil))
    #expect(world.run { !world.endings(office.anna, leg).isEmpty })
    #expect(world.endings(office.box, boxLeg).map(\.status) == [487])
    #expect(!world.accepted(office.box, boxLeg))
    #expect(world.confirmed(office.anna, leg), "the 200 got its ACK")
    #expect(world.endings(office.anna, leg).first?.status == 200)
    #expect(world.requests(.bye) == 1)
    world.run(.seconds(40))
    #expect(world.nodes[office.box].agent.legCount == 0)
  }

  @Test("A phone that never acknowledges gets the 200 again and again, then BYE")
  func noAck() throws {
    let office = Office()
    let world = office.world
    office.dial()
    #expect(world.run { world.incoming(office.box) != nil })
    let (leg, call) = try #require(world.incoming(office.box))
    world.lossPercent = 100
    world.command(office.box, .accept(leg, Fixture.answer(to: call.offer)))
    let start = world.now
    #expect(world.run(atMost: .seconds(60)) { !world.endings(office.box, leg).isEmpty })
    #expect(world.now - start == .seconds(32))
    #expect(world.endings(office.box, leg).first?.status == 408)
    // At 0, 0.5, 1.5, 3.5, 7.5 and every 4 s up to 31.5.
    #expect(world.responses(200, to: .invite) == 11)
    #expect(world.requests(.bye) == 1)
    #expect(world.nodes[office.box].agent.counters.unacknowledged == 1)
  }

  @Test("Hanging up before the ACK: the BYE waits for it, the leg's end does not")
  func byeWaitsForAck() throws {
    let office = Office()
    let world = office.world
    office.dial()
    #expect(world.run { world.incoming(office.box) != nil })
    let (leg, call) = try #require(world.incoming(office.box))
    world.delay = (200, 200)
    world.command(office.box, .accept(leg, Fixture.answer(to: call.offer)))
    world.command(office.box, .hangUp(leg, status: 200, q850: nil))
    #expect(world.endings(office.box, leg).map(\.status) == [200])
    #expect(world.requests(.bye) == 0)
    #expect(world.run { !world.endings(office.anna, phoneLeg).isEmpty })
    #expect(world.requests(.bye) == 1)
    #expect(world.run(atMost: .seconds(40)) { world.nodes[office.box].agent.legCount == 0 })
  }

  @Test("BYE crosses BYE: both ends end once")
  func byesCross() throws {
    let office = Office()
    let world = office.world
    let leg = try #require(office.talk())
    world.command(office.anna, .hangUp(leg, status: 200, q850: nil))
    world.command(office.box, .hangUp(boxLeg, status: 200, q850: nil))
    world.run(.seconds(40))
    #expect(world.endings(office.anna, leg).count == 1)
    #expect(world.endings(office.box, boxLeg).count == 1)
    #expect(world.nodes[office.anna].agent.legCount + world.nodes[office.box].agent.legCount == 0)
    #expect(world.responses(200, to: .bye) == 2)
  }

  @Test("Nobody answers at all: 408 after 32 s; a user without a phone: 480 at once; an unknown trunk: 503")
  func unreachable() {
    let office = Office()
    let world = office.world
    world.lossPercent = 100
    office.ring()
    world.run(.seconds(33))
    #expect(world.endings(office.box, boxLeg).map(\.status) == [408])
    world.command(office.box, .invite(LegID(5), .init(target: .user("999"), callerNumber: "1", offer: Fixture.offer())))
    #expect(world.endings(office.box, LegID(5)).map(\.status) == [480])
    world.command(
      office.box,
      .invite(LegID(7), .init(target: .trunk("none", number: "1"), callerNumber: "1", offer: Fixture.offer())))
    #expect(world.endings(office.box, LegID(7)).map(\.status) == [503])
  }

  @Test("Ringing for ever is given up after 180 s with CANCEL")
  func ringsTooLong() throws {
    let office = Office()
    let world = office.world
    office.ring()
    world.run(.seconds(179))
    #expect(world.endings(office.box, boxLeg).isEmpty)
    world.run(.seconds(2))
    #expect(world.endings(office.box, boxLeg).map(\.status) == [408])
    #expect(world.requests(.cancel) == 1)
  }

  @Test("Early media: the description of a 183 counts when the 200 repeats it")
  func earlyMedia() throws {
    let office = Office()
    let world = office.world
    office.ring()
    #expect(world.run { world.incoming(office.anna) != nil })
    let (leg, call) = try #require(world.incoming(office.anna))
    let answer = Fixture.answer(to: call.offer)
    world.command(office.anna, .progress(leg, status: 183, answer))
    world.command(office.anna, .accept(leg, answer))
    #expect(world.run { world.accepted(office.box, boxLeg) })
    let described = world.nodes[office.box].events.compactMap { event -> SessionDescription? in
      switch event {
      case .progress(_, 183, let description): description
      case .accepted(_, let description, _): description
      default: nil
      }
    }
    #expect(described.count == 2)
    #expect(described.first == described.last)
  }

  @Test("Calls get through loss, doubling and disorder, and leave nothing behind", arguments: 1...20)
  func faulty(seed: UInt64) {
    let office = Office(seed: seed)
    let world = office.world
    world.lossPercent = 20
    world.doublePercent = 20
    world.delay = (1, 250)
    office.ring()
    let rings = world.run(atMost: .seconds(30)) { world.incoming(office.anna) != nil }
    guard rings, let (leg, call) = world.incoming(office.anna) else {
      Issue.record("no call came in, seed \(seed)")
      return
    }
    world.command(office.anna, .progress(leg, status: 180, nil))
    world.run(.seconds(1))
    world.command(office.anna, .accept(leg, Fixture.answer(to: call.offer)))
    let isUp = world.run(atMost: .seconds(30)) {
      world.accepted(office.box, boxLeg) && world.confirmed(office.anna, leg)
    }
    #expect(isUp, "seed \(seed)")
    world.command(office.box, .hangUp(boxLeg, status: 200, q850: nil))
    world.run(.seconds(80))
    #expect(world.endings(office.anna, leg).count == 1, "seed \(seed)")
    #expect(world.endings(office.box, boxLeg).count == 1, "seed \(seed)")
    #expect(world.nodes[office.anna].agent.legCount == 0, "seed \(seed)")
    #expect(world.nodes[office.box].agent.legCount == 0, "seed \(seed)")
  }
}
