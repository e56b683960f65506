import Appliance
import Basics
import Simulation
import Testing

@Suite("Configurations of a running box")
struct ConfigurationTests {
  private func branch(_ more: ByteString = "") throws -> Branch {
    let branch = try Branch(more: more)
    branch.world.keepConfigurations(Branch.text(more).bytes)
    return branch
  }

  private func commit(
    _ branch: Branch, _ text: ByteString, minutes: Int? = nil, base: Int? = nil, by who: ByteString = "lee"
  ) -> String {
    var commit = ConfigurationCommit(text: text.bytes)
    commit.confirmWithin = minutes.map { .minutes($0) }
    commit.base = base
    return branch.world.order(.commit(commit), by: who)
  }

  @Test("a commit is answered with its number, runs, and stands in the list with who made it")
  func commit() throws {
    let branch = try branch()
    let text = Branch.text("queue night { number 601; agents 103 }\n")
    let answer = commit(branch, text)
    #expect(answer.hasPrefix("{\"done\":true,\"act\":\"commit\",\"subject\":\"revision 2\",\"revision\":2"))
    #expect(branch.says(.queues, "\"queue\":\"night\"") && branch.says(.status, "\"revision\":2"))
    let list = branch.world.order(.revisions)
    #expect(list.hasPrefix("[{\"revision\":2,\"state\":\"running\"") && list.contains("\"by\":\"lee\""))
    #expect(commit(branch, text).contains("\"refusal\":\"nothing changed\""))
  }

  @Test("all problems of a commit are told at once with their places, and nothing changes")
  func problems() throws {
    let branch = try branch()
    let answer = commit(branch, "name \"x\"\nrign 5\nqueue night { agents 999 }\nlisten udp 10.0.0.1\n")
    #expect(answer.contains("\"refusal\":\"has errors\""))
    #expect(answer.contains("\"line\":2,\"column\":1") && answer.contains("\"line\":3,\"column\":22"))
    #expect(answer.contains("\"chinese\":\"在 queue night / agents 中"))
    #expect(branch.says(.status, "\"revision\":1"))
    var trial = ConfigurationCommit(text: Branch.text("queue night { number 601; agents 103 }\n").bytes, isTrial: true)
    #expect(branch.world.order(.commit(trial)).contains("\"act\":\"check\",\"subject\":\"configuration\""))
    #expect(branch.says(.status, "\"revision\":1"))
    trial.text = []
    #expect(branch.world.order(.commit(trial)).contains("has errors"))
  }

  @Test("what is not confirmed in time is undone while calls go on; also when the power was cut in between")
  func undone() throws {
    for cuts in [false, true] {
      let branch = try branch()
      branch.logIn()
      _ = commit(branch, Branch.text(queue: "ring 5s"), minutes: 5)
      branch.connect()
      if cuts { branch.world.cutPower() }
      branch.wait(290)
      #expect(branch.says(.status, "\"revision\":2"), "\(branch.world.order(.revisions))")
      #expect(cuts || branch.world.isTalking(0) && branch.world.isTalking(1))
      branch.wait(20)
      #expect(branch.says(.status, "\"revision\":1"))
      #expect(cuts || branch.world.isTalking(0) && branch.world.isTalking(1))
      #expect(branch.world.order(.revisions).contains("\"state\":\"undone\""))
      #expect(branch.world.configurationFiles[.configuration] == Branch.text().bytes)
    }
  }

  @Test("a confirmed commit stays, and a commit without a change confirms the one that waits")
  func confirmed() throws {
    let branch = try branch()
    let text = Branch.text(queue: "ring 5s")
    _ = commit(branch, text, minutes: 5)
    #expect(commit(branch, Branch.text(queue: "ring 6s")).contains("\"refusal\":\"waits for confirmation\""))
    #expect(commit(branch, text) == "{\"done\":true,\"act\":\"confirm\",\"subject\":\"revision 2\"}")
    branch.wait(400)
    #expect(branch.says(.status, "\"revision\":2"))
    #expect(branch.world.order(.confirm).contains("nothing to confirm"))
  }

  @Test("two people at once: the second is told whose commit came between")
  func stale() throws {
    let branch = try branch()
    _ = commit(branch, Branch.text(queue: "ring 5s"), base: 1, by: "lee")
    let answer = commit(branch, Branch.text(queue: "ring 6s"), base: 1, by: "kim")
    #expect(answer.contains("\"refusal\":\"stale\"") && answer.contains("\"by\":\"lee\""))
    #expect(answer.contains("\"subject\":\"revision 2\""))
  }

  @Test("an older revision comes back as a new one, and two are compared by their statements")
  func rollBack() throws {
    let branch = try branch()
    _ = commit(branch, Branch.text(queue: "ring 5s"))
    let difference = branch.world.order(.compare(1, nil))
    #expect(
      difference.hasPrefix("{\"lines\":[\"[queue service]\",\"+ ring 5s\"],\"effects\":[{\"effect\":\"waiting\","))
    #expect(difference.contains("\"english\":\"queue service / ring: counts at once"))
    #expect(branch.world.order(.rollBack(1, ConfigurationCommit(text: []))).contains("\"revision\":3"))
    #expect(branch.world.order(.compare(1, 3)) == "{\"lines\":[]}")
    #expect(branch.world.order(.rollBack(9, ConfigurationCommit(text: []))).contains("unknown revision"))
    #expect(branch.world.order(.revisions).contains("\"comment\":\"rollback to 1\""))
  }

  @Test("a commit says what counts with the next start only, in its answer and in the log")
  func nextStart() throws {
    let branch = try branch()
    let answer = commit(branch, Branch.text("storage { path /elsewhere.db }\n"))
    #expect(answer.contains("{\"effect\":\"next-start\",\"english\":\"storage: counts from the next start on\""))
    #expect(answer.contains("\"chinese\":\"storage：下次启动后生效\""))
    #expect(branch.world.log.contains { $0.contains("config.restart 0 storage: counts from the next start on") })
    #expect(!commit(branch, Branch.text("storage { path /elsewhere.db }\n", queue: "ring 5s")).contains("next-start"))
  }

  @Test("secrets are shown to nobody, and what was shown can be committed again without losing them")
  func secrets() throws {
    let branch = try branch()
    let shown = branch.world.order(.show(nil, isSetForm: false))
    #expect(!shown.contains("a secret for tests") && shown.contains("secret ***"))
    let text = Branch.text().description.replacing("secret \"a secret for tests, one for each101\"", with: "secret ***")
      .replacing("Phone 101", with: "Desk")
    _ = commit(branch, ByteString(text))
    #expect(branch.says(.status, "\"revision\":2"))
    let kept = String(decoding: branch.world.configurationFiles[.text(2)] ?? [], as: UTF8.self)
    #expect(kept.contains("one for each101") && kept.contains("Desk") && !kept.contains("***"))
    let fresh = commit(branch, Branch.text("extension 104 { secret *** }\n"))
    #expect(fresh.contains("has errors"))
  }

  @Test("lines of set statements are as good as braces")
  func setForm() throws {
    let branch = try branch()
    let shown = branch.world.order(.show(nil, isSetForm: true))
    #expect(shown.contains("set queue service callback delay 10s"))
    let lines = shown.split(separator: "\"text\":\"")[1].dropLast(2).description.replacing("\\n", with: "\n")
      .replacing("\\\"", with: "\"")
    let answer = commit(branch, ByteString(lines.replacing("delay 10s", with: "delay 11s")))
    #expect(answer.contains("\"revision\":2"))
    #expect(branch.world.order(.compare(1, 2)).contains("+ delay 11s"))
  }
}

@Suite("Configuration orders")
struct ConfigurationOrderTests {
  private func order(_ line: String) -> ConfigurationOrder? {
    try? ConfigurationOrder(line.split(separator: " ").map { ByteString(String($0)) }, text: [1])
  }

  @Test("words become orders; anything else is answered with the usage")
  func words() {
    #expect(order("show") == .show(nil, isSetForm: false) && order("show 3 set") == .show(3, isSetForm: true))
    #expect(order("compare 3 4") == .compare(3, 4) && order("confirm") == .confirm && order("undo") == .undo)
    var commit = ConfigurationCommit(text: [1], confirmWithin: .minutes(10), base: 4)
    commit.comment = "two words"
    #expect(order("commit confirmed 10 base 4 comment two words") == .commit(commit))
    #expect(order("check") == .commit(ConfigurationCommit(text: [1], isTrial: true)))
    #expect(order("rollback 3") == .rollBack(3, ConfigurationCommit(text: [])))
    for line in [
      "", "dance", "show x", "show 1 2", "compare", "compare x", "rollback", "commit confirmed", "commit confirmed 0",
      "commit confirmed 1441", "commit confirmed 99999999999999999", "commit comment", "confirm now", "commit x",
    ] {
      #expect(order(line) == nil, "\(line)")
    }
  }
}
