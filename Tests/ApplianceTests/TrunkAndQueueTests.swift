import Basics
import Simulation
import Testing

@Suite("Trunk and queue")
struct TrunkAndQueueTests {
  @Test("a phone calls a number outside, and the carrier hangs up")
  func outward() throws {
    let branch = try Branch(sound: true)
    branch.call(1, "02188880000")
    branch.wait(3)
    #expect(branch.world.isTalking(branch.carrier))
    #expect(branch.world.sound(heardBy: 1) == .voice && branch.world.sound(heardBy: branch.carrier) == .voice)
    branch.hangUp(branch.carrier)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
  }

  @Test("a customer finds nobody logged in: hears so and is hung up")
  func nobodyThere() throws {
    let branch = try Branch()
    branch.call(branch.customer, "02155550000")
    branch.wait(40)
    #expect(branch.count(branch.customer) { $0.isTalk } == 1)
    #expect(branch.isAtRest() == [])
  }

  @Test("a customer waits, an agent logs in by code, answers and is heard; after the hang-up the agent is free again")
  func served() throws {
    let branch = try Branch(sound: true)
    branch.logIn()
    branch.call(branch.customer, "02155550000")
    branch.wait(3)
    #expect(branch.world.sound(heardBy: 0) == .voice && branch.world.sound(heardBy: branch.customer) == .voice)
    #expect(branch.says(.agents, "\"state\":\"talking\""))
    branch.hangUp(0)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
    #expect(branch.says(.agents, "\"state\":\"ready\""))
    #expect(branch.says(.queues, "\"answered\":1"))
  }

  @Test("the caller hangs up while the agent's phone rings: it stops at once")
  func abandoned() throws {
    let branch = try Branch(answers: false)
    branch.logIn()
    branch.call(branch.customer, "02155550000")
    branch.wait(2)
    #expect(branch.count(0) { $0.isRing } == 1)
    branch.hangUp(branch.customer)
    branch.wait(1)
    #expect(branch.status(0) == 487)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
    #expect(branch.says(.queues, "\"abandoned\":1"))
  }

  @Test("an agent's refusal brings the caller to another try, not to an end")
  func refusedOffer() throws {
    let branch = try Branch()
    branch.logIn()
    branch.world.tell(0, .manner(.refuses(after: .seconds(1), status: 486)))
    branch.call(branch.customer, "02155550000")
    branch.wait(3)
    branch.world.tell(0, .manner(.answers(after: .seconds(1), talks: .seconds(5))))
    let isAnswered = branch.until { $0.isTalking(0) }
    #expect(isAnswered)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
  }

  @Test("an agent in another call is offered nothing until it is over")
  func busyElsewhere() throws {
    let branch = try Branch()
    branch.logIn()
    branch.call(0, "102")
    branch.wait(3)
    branch.call(branch.customer, "02155550000")
    branch.wait(5)
    #expect(branch.count(0) { $0.isRing } == 0)
    branch.hangUp(0)
    branch.wait(3)
    #expect(branch.count(0) { $0.isRing } == 1)
  }

  @Test("with its `else` a queue sends callers on who find nobody")
  func elsewhere() throws {
    let branch = try Branch(
      more:
        "queue night { number 601; agents 103; else extension 102 }\ninbound first { number 02155550001; to queue night }\n"
    )
    branch.call(0, "601")
    branch.wait(3)
    #expect(branch.world.isTalking(1) && branch.world.isTalking(0))
  }
}
