import Basics
import Journal
import Simulation
import Testing

@Suite("Callbacks of a whole box")
struct CallbackTests {
  /// The agent lets it ring, so the customer asks to be called back: promised at about 12 s.
  static func planned(_ branch: Branch) {
    branch.world.plan(.manner(person: 0, .letsItRing), after: .zero)
    branch.world.plan(.call(person: branch.customer, "02155550000"), after: .seconds(1))
    branch.world.plan(.press(person: branch.customer, UInt8(ascii: "1")), after: .seconds(5))
    branch.world.plan(.press(person: branch.customer, UInt8(ascii: "1")), after: .seconds(8))
    branch.world.plan(.manner(person: 0, .answers(after: .seconds(2), talks: .seconds(20))), after: .seconds(15))
    branch.world.plan(.hangUp(person: branch.customer), after: .seconds(40))
  }

  private static func callback(_ branch: Branch) -> CallbackFact? { branch.world.storage.callbacks.values.first }

  @Test("asked for by key, promised, dialled when the agent is there, kept")
  func kept() throws {
    let branch = try Branch()
    branch.logIn()
    Self.planned(branch)
    branch.wait(15)
    #expect(branch.world.auditor.goodbyes == 1 && branch.world.isIdle(branch.customer))
    #expect(Self.callback(branch)?.state == .pending)
    branch.wait(100)
    #expect(Self.callback(branch)?.state == .done)
    #expect(branch.world.auditor.conversations == 1 && branch.world.auditor.customersRung == 1)
    #expect(branch.isAtRest() == [])
  }

  @Test("the customer's phone shows the number that the customer had dialled")
  func presented() throws {
    let branch = try Branch()
    branch.logIn()
    Self.planned(branch)
    branch.wait(60)
    #expect(
      branch.world.stories(of: branch.carrier).contains(
        .rings(number: Branch.customerNumber, from: "02155550000", name: "")))
  }

  @Test("the agent hangs up while the customer's phone rings: the customer's phone stops, the promise stays")
  func agentLeaves() throws {
    let branch = try Branch()
    branch.logIn()
    Self.planned(branch)
    branch.world.tell(branch.carrier, .manner(.letsItRing))
    #expect(branch.rings(branch.carrier))
    branch.wait(1)
    branch.hangUp(0)
    branch.wait(1)
    #expect(branch.status(branch.carrier) == 487)
    branch.wait(30)
    #expect(Self.callback(branch)?.state.isFinal == false)
  }

  @Test("the customer answers in the very moment when the agent hangs up: no leg is left, the promise stays")
  func crossing() throws {
    for delay in 0..<12 {
      let branch = try Branch()
      branch.logIn()
      Self.planned(branch)
      branch.world.tell(branch.carrier, .manner(.answers(after: .milliseconds(1_000), talks: .seconds(60))))
      #expect(branch.rings(branch.carrier))
      branch.world.run(for: .milliseconds(995 + delay))
      branch.hangUp(0)
      branch.world.tell(0, .manner(.letsItRing))
      branch.wait(20)
      #expect(branch.world.isIdle(branch.carrier), "\(delay) ms")
      #expect(Self.callback(branch)?.state.isFinal == false, "\(delay) ms")
    }
  }

  @Test("busy and not answered are tried again, each after its time")
  func triedAgain() throws {
    let branch = try Branch()
    branch.logIn()
    Self.planned(branch)
    branch.world.tell(branch.carrier, .manner(.refuses(after: .seconds(1), status: 486)))
    branch.wait(50)
    #expect(Self.callback(branch)?.busyCount == 1)
    branch.world.tell(branch.carrier, .manner(.answers(after: .seconds(1), talks: .seconds(30))))
    branch.wait(90)
    #expect(Self.callback(branch)?.state == .done)
    #expect(branch.isAtRest() == [])
  }

  @Test("a full disk: nothing is promised, the caller hears why and stays in the queue")
  func diskFull() throws {
    let branch = try Branch(sound: true)
    branch.logIn()
    branch.world.plan(.fillDisk(true), after: .zero)
    Self.planned(branch)
    var heard: [Sounds.Heard] = []
    for _ in 0..<120 {
      branch.world.run(for: .milliseconds(100))
      if let sound = branch.world.sound(heardBy: branch.customer), heard.last != sound { heard.append(sound) }
    }
    #expect(heard.contains(.prompt(.callbackStorageFailed)) && !heard.contains(.prompt(.callbackAccepted)))
    #expect(!branch.world.isIdle(branch.customer))
    #expect(branch.world.alarms > 0)
    branch.world.plan(.fillDisk(false), after: .zero)
    branch.wait(100)
    #expect(branch.isAtRest() == [])
  }

  @Test("the power fails after each single step: no promise is lost, none is kept twice")
  func powerCutAnywhere() throws {
    var last = 0
    var step = 0
    var goodbyes = 0
    repeat {
      step += 1
      let branch = try Branch(seed: 3)
      let before = branch.world.boxInputs
      branch.world.cutsPowerAfterInput = before + step
      branch.logIn()
      Self.planned(branch)
      branch.world.plan(
        .manner(person: branch.carrier, .answers(after: .seconds(2), talks: .seconds(50))), after: .zero)
      // Nobody goes on listening to a dead line; and who lost the login does it again.
      branch.world.plan(.hangUp(person: 0), after: .seconds(58))
      branch.world.plan(.call(person: 0, "*45"), after: .seconds(60))
      branch.world.plan(.hangUp(person: 0), after: .seconds(250))
      branch.wait(330)
      last = branch.world.boxInputs - before
      goodbyes += branch.world.auditor.goodbyes
      let faults = branch.isAtRest()
      #expect(faults.isEmpty, "power cut after input \(step): \(faults)")
    } while step < last
    #expect(step > 50 && goodbyes > 40)
  }

  @Test("a caller says the name after the tone: it becomes a file that goes with the next run where nothing needs it")
  func recordedName() throws {
    let branch = try Branch(
      answers: false, sound: true, more: "queue names { number 601; agents 102; callback { record-name yes } }\n")
    branch.logIn(1)
    branch.call(branch.phones[2], "601")
    for seconds in [4, 7] {
      branch.world.plan(.press(person: branch.phones[2], UInt8(ascii: "1")), after: .seconds(seconds))
    }
    branch.wait(30)
    #expect(branch.world.nameFiles.count == 1)
    let samples = try #require(branch.world.nameFiles.values.first)
    #expect(samples > 35_000 && samples <= 40_000, "five seconds: \(samples)")
    branch.hangUp(branch.phones[2])
    branch.wait(5)
    branch.world.cutPower()
    branch.wait(60)
    #expect(branch.world.nameFiles.isEmpty)
  }

  @Test("customer first: who presses 1 is joined with the agent, and the promise is kept")
  func customerFirst() throws {
    let branch = try Branch(callback: "mode customer-first; confirm 12s")
    branch.logIn()
    Self.planned(branch)
    branch.wait(15)
    branch.world.tell(branch.carrier, .manner(.answers(after: .seconds(1), talks: .seconds(60))))
    #expect(branch.rings(branch.carrier))
    let before = branch.count(0) { $0.isTalk }
    branch.wait(4)
    #expect(branch.count(0) { $0.isTalk } == before, "no agent hears what nobody confirmed")
    branch.world.tell(branch.carrier, .press(UInt8(ascii: "1")))
    branch.wait(5)
    #expect(branch.count(0) { $0.isTalk } == before + 1)
    branch.wait(60)
    #expect(Self.callback(branch)?.state == .done)
    #expect(branch.isAtRest() == [])
  }

  @Test("customer first: whoever does not press 1 is taken for a machine, hung up, and called again later")
  func machine() throws {
    let branch = try Branch(callback: "mode customer-first; confirm 5s")
    branch.logIn()
    Self.planned(branch)
    branch.wait(15)
    branch.world.tell(branch.carrier, .manner(.answers(after: .seconds(1), talks: .seconds(60))))
    #expect(branch.rings(branch.carrier))
    let before = branch.count(0) { $0.isTalk }
    branch.wait(10)
    #expect(branch.world.isIdle(branch.carrier) && branch.count(0) { $0.isTalk } == before)
    #expect(Self.callback(branch)?.noAnswerCount == 1 && Self.callback(branch)?.state == .pending)
  }

  @Test("the agent hangs up, the customer is asked how it was, presses a key and hears goodbye")
  func survey() throws {
    let branch = try Branch(queue: "survey yes")
    branch.logIn()
    branch.world.tell(0, .manner(.answers(after: .seconds(1), talks: .seconds(10))))
    branch.call(branch.customer, "02155550000")
    branch.wait(12)
    #expect(branch.world.isIdle(0) && !branch.world.isIdle(branch.customer), "asked")
    branch.world.tell(branch.customer, .press(UInt8(ascii: "5")))
    branch.wait(6)
    #expect(branch.world.isIdle(branch.customer))
    #expect(branch.isAtRest() == [])
  }
}
