import Basics
import Terminals
import Testing

@testable import Console

@Suite("Console: configuring")
struct ConfiguringTests {
  @Test("a person sets up a phone and a queue by shortened lines, looks at the change, and commits it")
  func setUp() throws {
    let person = try Person()
    person.line("conf")
    person.line("set ext 103 secret \"a secret for 103\"")
    person.line("edit queue support")
    person.line("set num 601")
    person.line("set agents 102 103")
    person.line("set strat most")
    person.line("up")
    person.screen = VirtualTerminal()
    person.line("compare")
    #expect(
      person.screen.lines == [
        "compare", "[top]", "+ extension 103 {", "+   secret ***", "+ }", "+ queue support {", "+   number 601",
        "+   agents 102 103", "+   strategy most-skilled", "+ }", "Branch office#",
      ])
    person.line("commit confirmed 5 comment second queue")
    #expect(person.sees("commit revision 2: done") && person.sees("undone in 5 min unless you type confirm"))
    person.line("confirm")
    #expect(person.sees("confirm revision 2: done"))
    person.line("exit")
    person.line("show queues | match support")
    #expect(person.sees("support  support"))
    person.line("show commits")
    #expect(person.sees("2              running") && person.sees("root@pts/1  second queue"))
    person.pass(400)
    person.line("show status | match Configuration")
    #expect(person.sees("Configuration  2"))
  }

  @Test("what is not confirmed is undone, whether or not the session is still there")
  func lostSession() throws {
    let person = try Person()
    person.line("configure")
    person.line("set queue service ring 5s")
    person.line("commit confirmed 1")
    // The line is cut: nobody says good-bye.
    person.pass(61)
    let next = try Person(world: person.world)
    next.line("show commits")
    #expect(next.sees("2              undone") && next.sees("not confirmed in time"))
    next.line("show configuration | match ring")
    #expect(!next.sees("ring 5s"))
  }

  @Test("two people are told of each other; the second brings in what the first committed, and names what both changed")
  func twoPeople() throws {
    let lee = try Person(user: "root", place: "ttyS0")
    lee.line("configure")
    lee.line("set name Leeds")
    lee.line("set queue service ring 15s")
    let kim = try Person(user: "root", world: lee.world, place: "pts/2")
    kim.line("configure")
    kim.pass(1)
    #expect(kim.sees("Also changes the configuration: root@ttyS0"))
    kim.line("set queue service ring 25s")
    kim.line("set queue service wrap-up 30s")
    kim.line("commit")
    #expect(kim.sees("commit revision 2: done"))
    lee.world = kim.world
    lee.pass(11)
    #expect(lee.sees("Meanwhile root@pts/2 has let revision 2 run: update brings it in."))
    lee.line("commit")
    #expect(lee.sees("somebody has committed meanwhile (root@pts/2") && lee.sees("Type update"))
    lee.line("update")
    #expect(lee.sees("Both of you changed these") && lee.sees("queue service / ring"))
    lee.line("commit")
    #expect(lee.sees("commit revision 3: done"))
    lee.line("show queue service")
    #expect(lee.sees("ring 15s") && lee.sees("wrap-up 30s"))
  }

  @Test("what is wrong is said with its cure, and nothing is half done")
  func mistakes() throws {
    let person = try Person()
    person.line("configure")
    person.line("set queue service rign 5s")
    #expect(person.sees("unknown statement \"rign\"; did you mean \"ring\""))
    person.line("set queue service ring 5h")
    #expect(person.sees("expected a duration from 5s to 2min"))
    person.line("set queue service agents 999")
    person.line("commit")
    #expect(
      person.sees("found \"999\"") && person.sees("refused, it has errors"))
    person.line("show status")
    #expect(person.sees("unknown statement \"status\""))
    person.line("run show status | match Configuration")
    #expect(person.sees("Configuration  1"))
    person.line("delete queue service agents 999")
    person.line("commit")
    #expect(person.sees("nothing is different") || person.sees("Nothing is different."))
    person.line("exi")
    #expect(person.screen.line == "Branch office>")
  }

  @Test("who leaves with changes is asked first")
  func leaving() throws {
    let person = try Person()
    person.line("configure")
    person.line("set name X")
    person.line("exit")
    #expect(person.screen.line == "Forget what you have changed? [yes/no]")
    person.line("no")
    #expect(person.screen.line == "Branch office#")
    person.type("\u{4}")
    person.line("yes")
    #expect(person.screen.line == "Branch office>")
    person.line("configure")
    person.line("compare")
    #expect(person.sees("Nothing is different."))
  }

  @Test("an older revision comes back at once")
  func rollBack() throws {
    let person = try Person()
    person.line("configure")
    person.line("set queue service ring 15s")
    person.line("commit")
    person.line("rollback 1 comment oops")
    #expect(person.sees("commit revision 3: done"))
    person.line("show queue service | match ring")
    person.screen = VirtualTerminal()
    person.line("show queue service")
    #expect(!person.sees("ring 15s"))
  }

  @Test("comments, copies, new names and another order")
  func more() throws {
    let person = try Person()
    person.line("configure")
    person.line("annotate above \"our best\" queue service")
    person.line("copy extension 101 to 103")
    person.line("set extension 103 secret \"a secret for 103\"")
    person.line("rename queue service to care")
    person.line("move extension 103 first")
    person.screen = VirtualTerminal()
    person.line("show set | match queue|extension 1")
    person.line("show set")
    #expect(person.sees("annotate above \"our best\" queue care") && person.sees("set queue care number 600"))
    person.line("commit")
    #expect(person.sees("commit revision 2: done"))
    let kept = String(decoding: person.world.configurationFiles[.configuration] ?? [], as: UTF8.self)
    #expect(kept.contains("# our best\nqueue care {"))
    #expect(
      kept.contains("extension 103 {\n  name Reception\n") || kept.contains("extension 103 {\n  name \"Reception\"\n"))
  }

  @Test("secrets are never shown, and neither typed ones kept in the audit log")
  func secrets() throws {
    let person = try Person()
    person.line("configure")
    person.line("set extension 101 secret \"quite another one\"")
    person.line("set extnsion 101 secret \"and a third one\"")
    person.line("show extension 101")
    person.line("commit")
    person.line("exit")
    _ = person.cleared()
    person.line("show audit | no-more")
    person.line("show configuration | no-more")
    #expect(person.transcript.contains("set extension 101 secret ***"))
    #expect(!person.transcript.contains("quite another") && !person.transcript.contains("third"))
    #expect(!person.transcript.contains("a secret for 102"))
    let kept = String(decoding: person.world.configurationFiles[.configuration] ?? [], as: UTF8.self)
    #expect(kept.contains("quite another one") && kept.contains("a secret for 102"))
  }
}
