import Appliance
import Basics
import Simulation
import Testing

@Suite("A commit on trial")
struct CommitTrialTests {
  private func branch(_ more: ByteString = "") throws -> Branch {
    let branch = try Branch(more: more)
    branch.world.keepConfigurations(Branch.text(more).bytes)
    return branch
  }

  private func commit(_ branch: Branch, _ text: ByteString, minutes: Int = 10) -> String {
    var commit = ConfigurationCommit(text: text.bytes)
    commit.confirmWithin = .minutes(minutes)
    return branch.world.order(.commit(commit))
  }

  private func replacing(_ old: String, _ new: String, in text: ByteString = Branch.text()) -> ByteString {
    ByteString(text.description.replacing(old, with: new))
  }

  @Test("with the same phones and trunks as before nothing is undone, and it can be confirmed")
  func asBefore() throws {
    let branch = try branch()
    #expect(commit(branch, Branch.text(queue: "ring 5s")).contains("\"revision\":2"))
    branch.wait(300)
    #expect(branch.says(.status, "\"revision\":2"))
    #expect(branch.world.order(.confirm).contains("\"done\":true"))
  }

  @Test("a trunk that does not answer any more takes the commit back within a minute")
  func trunk() throws {
    let asked = replacing("qualify 0s", "qualify 60s")
    let branch = try Branch()
    branch.world.keepConfigurations(asked.bytes)
    branch.wait(20)
    #expect(branch.says(.trunks, "\"up\":true"))
    #expect(commit(branch, replacing("10.9.0.1:5060", "10.9.0.1:5999", in: asked)).contains("\"revision\":2"))
    branch.wait(5)
    #expect(branch.says(.status, "\"revision\":2"))
    branch.wait(55)
    #expect(branch.says(.status, "\"revision\":1") && branch.says(.trunks, "\"up\":true"))
    #expect(branch.world.order(.revisions).contains("trunk carrier does not answer any more"))
  }

  @Test("a phone that is not registered any more takes it back; one that is configured no more does not")
  func phone() throws {
    let branch = try branch()
    // The phone's next refresh, within ten minutes, is with the old one.
    let wrong = replacing("one for each103", "another for 103")
    #expect(commit(branch, wrong, minutes: 30).contains("\"revision\":2"))
    branch.wait(240)
    #expect(branch.says(.status, "\"revision\":2"))
    // Its registration holds still when it is refused.
    var seconds = 0
    while branch.says(.phones, "\"user\":\"103\"") && !branch.says(.phones, "\"refused\":true"), seconds < 720 {
      branch.wait(1)
      seconds += 1
    }
    #expect(branch.says(.phones, "\"user\":\"103\""))
    branch.wait(2)
    let refused = branch.world.order(.confirm)
    #expect(refused.contains("\"refusal\":\"worse\"") && refused.contains("phone 103 is refused"))
    branch.wait(40)
    #expect(branch.says(.status, "\"revision\":1"))
    #expect(branch.world.order(.revisions).contains("phone 103 is refused, its password is another"))

    let other = try self.branch()
    let without = other.world.order(.show(nil, isSetForm: true))
    #expect(without.contains("extension 103"))
    let text = Branch.text().description.split(separator: "\n").filter { !$0.hasPrefix("extension 103") }
    #expect(commit(other, ByteString(text.joined(separator: "\n"))).contains("\"revision\":2"))
    other.wait(120)
    #expect(other.says(.status, "\"revision\":2"))
  }

  @Test("a phone that is gone takes it back")
  func gonePhone() throws {
    let branch = try branch()
    branch.wait(60)
    #expect(commit(branch, Branch.text(queue: "ring 5s"), minutes: 60).contains("\"revision\":2"))
    branch.world.unplug(branch.phones[2])
    var seconds = 0
    while branch.says(.phones, "\"user\":\"103\""), seconds < 720 {
      branch.wait(5)
      seconds += 5
    }
    #expect(seconds < 720)
    let refused = branch.world.order(.confirm)
    #expect(refused.contains("phone 103 is not registered any more"))
    branch.wait(40)
    #expect(branch.says(.status, "\"revision\":1"))
  }

  @Test("a box that cannot call itself any more takes it back; with its sound back it is confirmed")
  func loop() throws {
    let branch = try branch()
    #expect(commit(branch, Branch.text(queue: "ring 5s")).contains("\"revision\":2"))
    branch.world.losesSound = true
    branch.wait(12)
    #expect(branch.world.order(.confirm).contains("a call of the box to itself fails: no sound comes through"))
    branch.wait(40)
    #expect(branch.says(.status, "\"revision\":1"))
    #expect(branch.world.order(.revisions).contains("a call of the box to itself fails"))

    #expect(commit(branch, Branch.text(queue: "ring 5s")).contains("\"revision\":3"))
    branch.wait(12)
    branch.world.losesSound = false
    branch.wait(12)
    #expect(branch.world.order(.confirm).contains("\"done\":true"))
  }

  @Test("what the configuration asserts is judged: where numbers lead before, who is there after")
  func assertions() throws {
    let branch = try branch()
    let refused = commit(branch, Branch.text("assert route 02188880000 via carrier\nassert route 600 via carrier\n"))
    #expect(refused.contains("600: it leads to no trunk") && !refused.contains("02188880000"))
    let wrong = commit(
      branch, Branch.text("extension 104 { secret \"a secret for 104\" }\nassert registered 104\nassert up carrier\n"))
    #expect(wrong.contains("\"revision\":2"))
    branch.wait(60)
    #expect(branch.says(.status, "\"revision\":1"))
    #expect(branch.world.order(.revisions).contains("assert registered 104 does not hold"))
    #expect(commit(branch, Branch.text("assert registered 101\nassert up carrier\n")).contains("\"revision\":3"))
    branch.wait(60)
    #expect(branch.says(.status, "\"revision\":3"))
  }
}
