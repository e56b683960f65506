import Basics
import SDP
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Changing a session, and digits")
struct SessionChangeTests {
  let boxLeg = Office.boxLeg

  func offered(_ world: World, _ node: Int, _ leg: LegID) -> [SessionDescription?] {
    world.nodes[node].events.compactMap { event -> SessionDescription?? in
      if case .offered(leg, let description) = event { .some(description) } else { nil }
    }
  }
  func answered(_ world: World, _ node: Int, _ leg: LegID) -> [SessionDescription] {
    world.nodes[node].events.compactMap { event in
      if case .offerAnswered(leg, let description) = event { description } else { nil }
    }
  }

  @Test("A phone holds and resumes by re-INVITE")
  func holdAndResume() throws {
    let office = Office()
    let world = office.world
    let leg = try #require(office.talk())
    for (round, direction) in [SessionDescription.Direction.sendonly, .sendrecv].enumerated() {
      world.command(office.anna, .offer(leg, Fixture.offer(42_000, direction)))
      #expect(world.run { offered(world, office.box, boxLeg).count == round + 1 })
      let offer = try #require(offered(world, office.box, boxLeg)[round])
      #expect(offer.direction == direction)
      #expect(offer.address == IPAddress("10.0.0.11"))
      world.command(office.box, .answerOffer(boxLeg, Fixture.answer(to: offer, 40_000)))
      #expect(world.run { answered(world, office.anna, leg).count == round + 1 })
      #expect(answered(world, office.anna, leg)[round].direction == direction.reversed)
      world.run(.seconds(1))
    }
    world.run(.seconds(40))
    #expect(world.endings(office.box, boxLeg).isEmpty, "the 200s were acknowledged")
  }

  @Test("The version of a description counts up only when it changes")
  func versions() throws {
    let office = Office()
    let world = office.world
    let leg = try #require(office.talk())
    for _ in 0..<2 {
      world.command(office.box, .offer(boxLeg, Fixture.offer(40_000, .sendonly)))
      world.run(.milliseconds(200))
      if let offer = offered(world, office.anna, leg).last ?? nil {
        world.command(office.anna, .answerOffer(leg, Fixture.answer(to: offer)))
      }
      world.run(.seconds(1))
    }
    let offers = offered(world, office.anna, leg).compactMap { $0 }
    // The second one changes nothing, so it is answered below call control.
    #expect(offers.map(\.sessionVersion) == [2])
    #expect(answered(world, office.box, boxLeg).count == 2)
    #expect(offers.first?.sessionID == 7)
  }

  @Test("A refused re-INVITE leaves the call as it was")
  func refusedOffer() throws {
    let office = Office()
    let world = office.world
    let leg = try #require(office.talk())
    world.command(office.box, .offer(boxLeg, Fixture.offer(40_000, .inactive)))
    #expect(world.run { !offered(world, office.anna, leg).isEmpty })
    world.command(office.anna, .refuseOffer(leg, status: 488))
    let refused = world.run {
      world.nodes[office.box].events.contains { if case .offerRefused(boxLeg, 488) = $0 { true } else { false } }
    }
    #expect(refused)
    #expect(world.endings(office.box, boxLeg).isEmpty)
  }

  @Test("Glare: both offer at once, both get 491, both get through after their pauses", arguments: 1...10)
  func glare(seed: UInt64) throws {
    let office = Office(seed: seed)
    let world = office.world
    let leg = try #require(office.talk())
    world.command(office.box, .offer(boxLeg, Fixture.offer(40_002, .sendonly)))
    world.command(office.anna, .offer(leg, Fixture.offer(42_002)))
    let deadline = world.now + .seconds(10)
    while world.now < deadline {
      world.run(.milliseconds(20))
      if let offer = offered(world, office.anna, leg).last ?? nil {
        world.command(office.anna, .answerOffer(leg, Fixture.answer(to: offer, 42_002)))
      }
      if let offer = offered(world, office.box, boxLeg).last ?? nil {
        world.command(office.box, .answerOffer(boxLeg, Fixture.answer(to: offer, 40_002)))
      }
    }
    #expect(world.responses(491, to: .invite) >= 2, "seed \(seed)")
    #expect(answered(world, office.box, boxLeg).count == 1, "seed \(seed)")
    #expect(answered(world, office.anna, leg).count == 1, "seed \(seed)")
    #expect(world.endings(office.box, boxLeg).isEmpty, "seed \(seed)")
  }

  @Test("Digits by INFO arrive in order, each once")
  func digits() throws {
    let office = Office(seed: 3)
    let world = office.world
    let leg = try #require(office.talk())
    world.lossPercent = 20
    world.doublePercent = 30
    world.delay = (1, 400)
    let keys: [UInt8] = [1, 9, 10, 11, 12, 15, 0]
    for key in keys { world.command(office.box, .sendDigit(boxLeg, digit: key)) }
    world.run(.seconds(60))
    let heard = world.nodes[office.anna].events.compactMap { event -> UInt8? in
      if case .digit(leg, let digit, 160) = event { digit } else { nil }
    }
    #expect(heard == keys)
  }

  @Test("A call that the other end has forgotten ends here too: 481 to INFO")
  func forgotten() throws {
    let office = Office()
    let world = office.world
    _ = try #require(office.talk())
    world.nodes[office.anna].agent.legs = Legs()
    world.command(office.box, .sendDigit(boxLeg, digit: 1))
    #expect(world.run { !world.endings(office.box, boxLeg).isEmpty })
    #expect(world.endings(office.box, boxLeg).first?.status == 481)
  }

  @Test(
    "The bodies that phones send for a key",
    arguments: [
      ("Signal=5\r\nDuration=250\r\n", 5, 250), ("Signal= *\nDuration= 100", 10, 100), ("signal=11\r\n", 11, 160),
      ("Signal=d\r\n", 15, 160), ("Duration=99999\r\nSignal=#", 11, 10_000),
    ] as [(String, UInt8, Int)])
  func bodies(text: String, digit: UInt8, milliseconds: Int) {
    let found = DigitText.relay(Array(text.utf8)[...])
    #expect(found?.digit == digit)
    #expect(found?.milliseconds == milliseconds)
  }

  @Test("What is no key is none", arguments: ["", "Signal=", "Signal=16", "Signal=x", "5"])
  func noKey(text: String) {
    #expect(DigitText.relay(Array(text.utf8)[...]) == nil)
  }
}
