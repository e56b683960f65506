import Appliance
import Basics
import Simulation
import Testing

@Suite("A run of the box")
struct RunTests {
  @Test("SIGTERM without calls stops at once")
  func stopsAtOnce() throws {
    let branch = try Branch()
    branch.world.shutDown()
    #expect(branch.world.hasStopped)
  }

  @Test("SIGTERM lets a call finish, refuses new ones, and stops when the last has ended")
  func drains() throws {
    let branch = try Branch()
    branch.connect()
    branch.world.shutDown()
    branch.wait(5)
    #expect(!branch.world.hasStopped && branch.world.isTalking(0))
    branch.call(2, "102")
    branch.wait(2)
    #expect(branch.status(2) == 503)
    branch.hangUp(1)
    branch.wait(1)
    #expect(branch.world.hasStopped)
  }

  @Test("at the bound of a shutdown every call is ended with a word, and has its record")
  func bound() throws {
    let branch = try Branch(more: "limits { shutdown 10s }\n")
    branch.connect()
    branch.world.tell(2, .manner(.letsItRing))
    branch.call(branch.customer, "02155550000")
    branch.world.shutDown()
    branch.wait(9)
    #expect(!branch.world.hasStopped)
    branch.wait(4)
    #expect(branch.world.hasStopped && branch.world.isIdle(0) && branch.world.isIdle(1))
    branch.wait(2)
    #expect(branch.world.storage.calls.count >= 1)
  }

  @Test("no call is dialled back once the run is to end")
  func noCallbackWhileStopping() throws {
    let branch = try Branch(more: "limits { shutdown 10min }\n")
    branch.logIn()
    CallbackTests.planned(branch)
    branch.world.plan(.call(person: 1, "103"), after: .seconds(1))
    branch.wait(14)
    #expect(branch.world.auditor.goodbyes == 1)
    branch.world.shutDown()
    branch.wait(60)
    #expect(!branch.world.hasStopped)
    #expect(branch.world.auditor.customersRung == 0)
  }

  @Test("more calls than allowed: 503, and the counter says so")
  func callLimit() throws {
    let branch = try Branch(more: "limits { calls 1 }\n")
    branch.connect()
    branch.call(2, "102")
    branch.wait(2)
    #expect(branch.status(2) == 503)
    #expect(branch.says(.counters, "\"refusedAtLimit\":1"))
  }

  @Test("a media ring without room: 503, and the counter says so")
  func mediaRoom() throws {
    let branch = try Branch()
    branch.world.mediaRoom(10)
    branch.call(0, "102")
    branch.wait(2)
    #expect(branch.status(0) == 503)
    branch.world.mediaRoom(4_096)
    branch.connect()
    #expect(branch.world.isTalking(0))
  }

  @Test("every question has an answer in JSON; customers' numbers are masked")
  func queries() throws {
    let branch = try Branch(answers: false)
    branch.logIn()
    branch.call(branch.customer, "02155550000")
    branch.wait(3)
    for query in Query.allCases {
      let answer = branch.world.ask(query)
      #expect(answer.hasPrefix("[") || answer.hasPrefix("{"), "\(query.name)")
      #expect(!answer.contains("13800000001"), "\(query.name)")
    }
    #expect(branch.says(.status, "\"calls\":1"))
    #expect(branch.says(.status, "\"agentsLoggedIn\":1"))
    #expect(branch.says(.calls, "\"state\":\"queued\""))
    #expect(branch.says(.phones, "\"user\":\"103\""))
    #expect(branch.says(.agents, "\"state\":\"offered\""))
    #expect(branch.says(.queues, "\"waiting\":1"))
    #expect(branch.says(.trunks, "\"up\":true"))
    #expect(branch.says(.counters, "\"signalling\":{"))
  }

  @Test("after a power cut phones are reachable and agents logged in without doing anything")
  func remembered() throws {
    let branch = try Branch()
    branch.logIn()
    branch.wait(2)
    branch.world.cutPower()
    branch.wait(8)
    branch.call(branch.customer, "02155550000")
    branch.wait(3)
    #expect(branch.world.isTalking(0))
    #expect(branch.world.auditor.violations == [])
  }

  @Test("numbers of calls are not used twice, though the power failed before their records were written")
  func callNumbers() throws {
    let branch = try Branch()
    for _ in 0..<3 {
      branch.connect()
      branch.world.cutPower()
      branch.wait(30)
      branch.hangUp(0)
      branch.hangUp(1)
      branch.wait(5)
    }
    branch.connect()
    branch.hangUp(0)
    branch.wait(5)
    #expect(branch.world.storage.numbersUsedTwice == [])
  }
}
