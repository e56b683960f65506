import Appliance
import Basics
import Journal
import Simulation
import Testing

@Suite("Whose the callbacks are")
struct CustodyTests {
  /// A callback is promised at about 12 s, and the agent is there.
  private static func promised(_ seed: UInt64 = 1) throws -> Branch {
    let branch = try Branch(seed: seed)
    branch.logIn()
    CallbackTests.planned(branch)
    branch.wait(13)
    #expect(branch.world.storage.callbacks.count == 1)
    return branch
  }

  private static func answer(_ branch: Branch, _ order: CustodyOrder) -> String {
    let answer = branch.world.order(.custody(order))
    guard answer.isEmpty else { return answer }
    branch.wait(1)
    return branch.world.laterAnswer
  }

  private static func isOpen(_ branch: Branch) -> Bool {
    branch.world.storage.callbacks.values.contains { $0.state == .pending }
  }

  @Test("a box that has handed its callbacks over calls nobody back, after a restart neither, until it takes them back")
  func handedOver() throws {
    let branch = try Self.promised()
    #expect(Self.answer(branch, .handOver).contains(#""done":true,"act":"hand-over","subject":"callbacks""#))
    #expect(branch.says(.status, #""epoch":1,"custody":"handed-over""#))
    branch.wait(300)
    branch.world.cutPower()
    branch.wait(300)
    #expect(Self.isOpen(branch) && branch.world.auditor.customersRung == 0)
    #expect(branch.says(.callbacks, #""state":"handed-over""#))
    #expect(branch.world.order(.why("1")).contains("callbacks rest: they went into a backup"))
    #expect(!branch.world.order(.why("1")).contains("clock is not trusted"))
    branch.logIn()
    #expect(Self.answer(branch, .takeOver).contains(#""done":true"#))
    #expect(branch.says(.status, #""custody":"own""#))
    branch.wait(100)
    #expect(branch.world.auditor.customersRung == 1 && !Self.isOpen(branch))
    #expect(branch.isAtRest() == [])
  }

  @Test("what came out of a backup rests until somebody says that the old box is off, then each is called once")
  func unconfirmed() throws {
    let branch = try Self.promised()
    branch.world.cutPower()
    branch.world.replaceStorage { $0.epoch = EpochFact(number: 2, identity: 5, custody: .unconfirmed) }
    branch.wait(300)
    #expect(Self.isOpen(branch) && branch.world.auditor.customersRung == 0)
    #expect(branch.says(.status, #""epoch":2,"custody":"unconfirmed""#) && branch.says(.alarms, "callbacks-rest"))
    #expect(Self.answer(branch, .handOver).contains(#""done":false"#))
    branch.logIn()
    _ = Self.answer(branch, .takeOver)
    branch.wait(100)
    #expect(branch.world.auditor.customersRung == 1 && !Self.isOpen(branch))
    #expect(branch.isAtRest() == [])
  }

  @Test("a database older than what ran here last is not called from; taken over, it is of the next epoch")
  func superseded() throws {
    let branch = try Self.promised()
    branch.world.cutPower()
    branch.world.replaceStorage { $0.supersededBy = 6 }
    branch.wait(100)
    #expect(branch.says(.status, #""epoch":1,"custody":"superseded""#) && branch.world.alarms > 0)
    #expect(Self.isOpen(branch) && branch.world.auditor.customersRung == 0)
    _ = Self.answer(branch, .takeOver)
    #expect(branch.says(.status, #""epoch":7,"custody":"own""#) && branch.world.storage.epoch.number == 7)
  }

  @Test("while the callbacks are not its own, a box promises none: they would be lost with it")
  func promisesNone() throws {
    let branch = try Branch()
    branch.logIn()
    _ = Self.answer(branch, .handOver)
    CallbackTests.planned(branch)
    branch.wait(60)
    #expect(branch.world.storage.callbacks.isEmpty && branch.world.auditor.goodbyes == 0)
  }

  @Test("a customer who is being called is not cut off, and is counted until it is over")
  func underWay() throws {
    let branch = try Self.promised()
    #expect(branch.rings(branch.carrier))
    #expect(Self.answer(branch, .handOver).contains(#""underWay":1"#))
    for _ in 0..<30 where branch.says(.status, #""callbacksUnderWay":1"#) { branch.wait(1) }
    #expect(branch.says(.status, #""callbacksUnderWay":0"#))
    #expect(branch.until { $0.storage.callbacks.values.allSatisfy { $0.state == .done } })
    branch.wait(60)
    #expect(branch.world.auditor.conversations == 1 && branch.isAtRest() == [])
  }

  @Test("a hand-over that the disk refuses is told so, and the callbacks stay its own")
  func diskFull() throws {
    let branch = try Self.promised()
    branch.world.plan(.fillDisk(true), after: .zero)
    branch.wait(1)
    #expect(Self.answer(branch, .handOver).contains(#""refusal":"cannot write""#))
    branch.world.plan(.fillDisk(false), after: .zero)
    #expect(branch.says(.status, #""custody":"own""#))
    branch.wait(100)
    #expect(branch.world.auditor.customersRung == 1 && !Self.isOpen(branch))
  }
}
