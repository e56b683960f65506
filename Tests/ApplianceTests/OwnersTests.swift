import Appliance
import Basics
import Configuration
import Simulation
import Testing

/// The world begins on 2026-01-01 at 08:00 of the branch's clock.
@Suite("What belongs to the hub")
struct OwnersTests {
  private static let owners: ByteString = "owners { hub \"queue service\" outbound"

  private func branch() throws -> Branch {
    let branch = try Branch(more: Self.owners + " }\n")
    branch.world.keepConfigurations(Branch.text(Self.owners + " }\n").bytes)
    branch.wait(3)
    return branch
  }

  private func commit(_ branch: Branch, _ ring: Int, override: ByteString = "", by owner: Owner = .branch) -> String {
    let text = Branch.text(Self.owners + override + " }\n", queue: "ring " + ByteString(ring) + "s")
    var commit = ConfigurationCommit(text: text.bytes)
    commit.owner = owner
    let answer = branch.world.order(.commit(commit), by: owner == .hub ? "hub" : "lee")
    branch.wait(3)
    return answer
  }

  private func ring(_ branch: Branch) -> String {
    let text = branch.world.order(.show(nil, isSetForm: true))
    return text.split(separator: "set queue service ring ").dropFirst().first.map { String($0.prefix { $0 != "\\" }) }
      ?? ""
  }

  private let override: ByteString = "; override \"queue service\" { until 2026-01-02; reason test }"

  @Test("a branch's commit of it is refused with the cure in both languages; with an override it is done")
  func refused() throws {
    let branch = try branch()
    let answer = commit(branch, 30)
    #expect(answer.contains("\"refusal\":\"owned by another\"") && answer.contains("\"line\":"))
    #expect(answer.contains("in queue service ring: found a change of what the hub owns"))
    #expect(answer.contains("更改了总部所有的配置") && branch.says(.status, "\"revision\":1"))
    var trial = ConfigurationCommit(text: Branch.text(Self.owners + " }\n", queue: "ring 30s").bytes, isTrial: true)
    #expect(branch.world.order(.commit(trial)).contains("\"refusal\":\"owned by another\""))
    trial.owner = .hub
    #expect(branch.world.order(.commit(trial)).contains("\"done\":true"))
    #expect(commit(branch, 30, override: override).contains("\"revision\":2"))
    #expect(ring(branch) == "30s")
    #expect(commit(branch, 40, override: override, by: .hub).contains("\"refusal\":\"owned by another\""))
    #expect(
      branch.world.order(.rollBack(1, ConfigurationCommit(text: []))).contains("\"refusal\":\"owned by another\""))
  }

  @Test("when the override is over the hub's section comes back as a commit, whatever was cut off in between")
  func comesBack() throws {
    for cuts in [false, true] {
      let branch = try branch()
      #expect(commit(branch, 25, by: .hub).contains("\"revision\":2"))
      #expect(commit(branch, 30, override: override).contains("\"revision\":3"))
      branch.connect()
      // Until the last minute of January 2nd.
      branch.world.run(for: .seconds(39 * 3_600 + 3_500))
      #expect(ring(branch) == "30s" && branch.says(.status, "\"revision\":3"))
      if cuts { branch.world.cutPower() }
      branch.world.run(for: .seconds(700))
      #expect(ring(branch) == "25s" && branch.says(.status, "\"revision\":4"))
      let revisions = branch.world.order(.revisions)
      #expect(revisions.contains("\"by\":\"hub\",\"comment\":\"an override has ended\""))
      branch.world.run(for: .hours(30))
      #expect(branch.says(.status, "\"revision\":4"))
      #expect(commit(branch, 30, override: override).contains("\"refusal\":\"owned by another\""))
    }
  }

  @Test("what the hub pushes beside an override does not make the override its wish")
  func beside() throws {
    let branch = try branch()
    #expect(commit(branch, 25, by: .hub).contains("\"revision\":2"))
    _ = commit(branch, 30, override: override)
    let text = Branch.text(
      Self.owners + override + " }\noutbound more { number 9X.; trunk carrier }\n", queue: "ring 30s")
    var pushed = ConfigurationCommit(text: text.bytes)
    pushed.owner = .hub
    #expect(branch.world.order(.commit(pushed), by: "hub").contains("\"revision\":4"))
    branch.world.run(for: .hours(41))
    #expect(ring(branch) == "25s" && branch.world.order(.show(nil, isSetForm: true)).contains("set outbound more"))
  }

  @Test("a push that nobody confirms is not what comes back")
  func unconfirmed() throws {
    let branch = try branch()
    let text = Branch.text(Self.owners + " }\n", queue: "ring 50s")
    var pushed = ConfigurationCommit(text: text.bytes, confirmWithin: .minutes(5))
    pushed.owner = .hub
    #expect(branch.world.order(.commit(pushed), by: "hub").contains("\"revision\":2"))
    branch.wait(60)
    #expect(ring(branch) == "50s")
    branch.wait(400)
    #expect(branch.says(.status, "\"revision\":1") && ring(branch).isEmpty)
  }
}
