import Basics
import Testing

@testable import Console

@Suite("Console: commands")
struct ConsoleCommandTests {
  @Test("words may be shortened; what fits several, or nothing, is said with what there is")
  func shortening() throws {
    let person = try Person()
    person.line("sh que")
    #expect(person.sees("service  Customer service"))
    person.line("sh c")
    #expect(
      person.sees("several commands begin with \"c\": calls, callbacks, counters, commits,"))
    person.line("shw queues")
    #expect(person.sees("unknown: \"shw\"; did you mean \"show\""))
    person.line("show")
    #expect(person.sees("more has to follow: status, phones"))
    person.line("show queues now")
    #expect(person.sees("nothing can follow here"))
  }

  @Test("? shows what can be typed here, with help; Tab completes what is certain")
  func completion() throws {
    let person = try Person()
    person.type("sh\t")
    #expect(person.screen.line == "Branch office> show")
    person.type("qu\t")
    #expect(person.screen.line == "Branch office> show queues")
    person.type("\u{15}agent p\t?")
    #expect(person.sees("AGENT") == false && person.sees("101") && person.screen.line == "Branch office> agent pause")
    person.type("101 ?")
    #expect(person.sees("REASON") && person.sees("<Enter>"))
    person.type("\u{15}callback ?")
    #expect(person.sees("dial-now    At once"))
    person.type("\u{15}show queues | m\t")
    #expect(person.screen.line == "Branch office> show queues | match")
  }

  @Test("behind the statement of rename, copy and move stands what becomes of it")
  func targets() throws {
    let person = try Person()
    person.line("configure")
    person.type("rename queue service ?")
    #expect(person.sees("to ") && !person.sees("<Enter>"))
    person.type("t\t")
    #expect(person.sees("title") && person.sees("to "))
    person.type("o ?")
    #expect(person.sees("NAME"))
    person.type("care ?")
    #expect(person.sees("<Enter>"))
    person.type("\u{15}move extension 101 ?")
    #expect(person.sees("first") && person.sees("before"))
    person.type("aft\t102\r")
    person.line("compare")
    #expect(person.sees("the order of extension: 102 101"))
  }

  @Test("behind a filter ? shows what it takes; a bar in quotation marks begins none")
  func filterCompletion() throws {
    let person = try Person()
    person.type("show queues | match ?")
    #expect(person.sees("TEXT  lines that contain a text") && !person.sees("<Enter>"))
    person.type("\u{15}show queues | count ?")
    #expect(person.sees("<Enter>") && !person.sees("nothing can follow"))
    person.type("\u{15}configure\rset queue service title \"a|b\" ?")
    #expect(!person.sees("no-more"))
  }

  @Test("in the configuration names, keys, choices and references are completed")
  func pathCompletion() throws {
    let person = try Person()
    person.line("configure")
    person.type("set qu\tse\t")
    #expect(person.screen.line == "Branch office# set queue service")
    person.type("\u{15}set queue \"se\t")
    #expect(person.screen.line == "Branch office# set queue service")
    person.type("strategy l?")
    #expect(person.sees("longest-idle") && person.sees("linear") && !person.sees("round-robin"))
    person.type("\u{15}set queue service agents ?")
    #expect(person.sees("  101") && person.sees("  102"))
    person.type("\u{15}set queue service ring ?")
    #expect(person.sees("a duration from 5s to 2min"))
    // No hours are defined.
    person.type("\u{15}set queue service hours ?")
    #expect(person.sees("<name>"))
    person.type("\u{15}edit queue service\r")
    person.type("set wr\t")
    #expect(person.screen.line == "Branch office[queue service]# set wrap-up")
  }

  @Test("a session for one command, as SSH gives it, writes its answer and nothing else, and is over")
  func single() throws {
    let shown = try Person(isDumb: true, command: "show queues | match service")
    #expect(shown.hasLeft)
    #expect(shown.transcript.hasPrefix("service ") && !shown.transcript.contains("Branch office>"))
    let wrong = try Person(isDumb: true, command: "shw")
    #expect(wrong.hasLeft && wrong.transcript.contains("unknown: \"shw\""))
    let asked = try Person(isDumb: true, command: "brown-out on")
    #expect(!asked.hasLeft && asked.transcript.contains("[yes/no]"))
    asked.line("no")
    #expect(asked.hasLeft && asked.transcript.contains("Not done."))
    let stranger = try Person(
      user: "eve", more: "user kim { role supervisor }\n", isDumb: true, command: "show queues")
    #expect(stranger.hasLeft && !stranger.transcript.contains("service"), "\(stranger.transcript)")
  }

  @Test("a test tells what it found by name, in either language; phones and trunks are completed")
  func tests() throws {
    let person = try Person()
    person.line("test loop")
    #expect(person.sees("Passed             yes") && person.sees("Sound heard        yes"))
    person.line("test call 101")
    #expect(person.sees("test 101: refused, no phone is registered there"))
    person.line("te ca 13800138000 via nobody")
    #expect(person.sees("refused, there is no such trunk"))
    #expect(!person.world.ask(.audit).contains("13800138000") && person.world.ask(.audit).contains(" via nobody"))
    person.line("test call 12a via nobody")
    #expect(person.sees("usage: test loop | test call EXTENSION"))
    person.type("test ?")
    #expect(person.sees("loop    The box calls itself") && person.sees("prompt"))
    person.type("\u{15}language zh\rtest loop\r")
    #expect(person.sees("通过") && person.sees("收到声音"))
    let clerk = try Person(user: "kim", peer: .user("kim"), more: "user kim { role supervisor }\n")
    clerk.line("test loop")
    #expect(clerk.sees("refused, not allowed"))
  }

  @Test("orders that cannot be taken back are asked for; others are done and said to be")
  func orders() throws {
    let person = try Person()
    person.line("agent login 101")
    #expect(person.sees("login 101: done"))
    person.line("why 101")
    #expect(person.sees("101"))
    person.line("callback cancel 7")
    #expect(person.screen.line == "Really callback cancel 7? [yes/no]")
    person.line("no")
    #expect(person.sees("Not done."))
    person.line("callback cancel 7")
    person.line("yes")
    #expect(person.sees("cancel-callback 7: refused, no such callback is open"))
  }

  @Test("long output waits at each page; filters take what they should")
  func paging() throws {
    let person = try Person(rows: 10)
    person.line("show configuration")
    #expect(person.screen.line.hasPrefix("-- more"))
    person.type("q")
    #expect(person.screen.line == "Branch office>")
    person.line("show configuration | match secret | count")
    #expect(person.sees("2 lines"))
    person.line("show configuration | no-more | last 3")
    #expect(person.screen.line == "Branch office>" && person.sees("agents 101 102"))
    person.line("show queues --json")
    #expect(person.sees("[{\"queue\":\"service\""))
  }

  @Test("Chinese where it is wanted, in as many columns as it takes")
  func chinese() throws {
    let person = try Person()
    person.line("language zh")
    person.line("show agents")
    #expect(person.sees("坐席  名称") && person.sees("101   Reception  未登录"))
    person.type("show ?")
    #expect(person.sees("队列、排队情况与统计"))
    #expect(person.screen.problems == [])
  }

  @Test("a live view is drawn again and again until a key is pressed")
  func monitor() throws {
    let person = try Person()
    person.line("monitor agents")
    #expect(person.sees("logged out"))
    _ = person.world.request("agent login 101")
    person.pass(3)
    #expect(
      !person.sees("xxx") && person.screen.text(1).contains("ready") || person.screen.text(1).contains("unreachable"))
    person.type("x")
    #expect(person.screen.line.hasSuffix("Branch office>"))
    person.line("show status")
    #expect(person.sees("Branch office"))
  }

  @Test("without a daemon every command says so, and the console stays")
  func deaf() throws {
    let person = try Person()
    person.isDeaf = true
    person.line("show calls")
    #expect(person.sees("no daemon answers") && person.screen.line == "Branch office>")
    person.type("agent pause ?")
    #expect(person.sees("AGENT"))
  }

  @Test("a dumb terminal gets plain lines and no escape sequence")
  func dumb() throws {
    let person = try Person(isDumb: true, rows: 0)
    person.line("show configuration")
    person.line("show quex")
    #expect(!person.transcript.contains("\u{1B}") && person.transcript.contains("Branch office> "))
  }

  @Test("whatever comes from a terminal, nothing traps and every line is answered")
  func fuzz() throws {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    let words = [
      "show", "queues", "configure", "set", "queue", "service", "ring", "5s", "edit", "up", "top", "commit",
      "confirmed",
      "1", "|", "match", "\"", "\\", "?", "\t", "compare", "exit", "yes", "no", "discard", "annotate", "above", "x",
      "中",
      "\u{3}", "\u{1B}[A", "\r", "\r", "\r", "rollback", "rename", "to", "move", "first", "delete", "monitor", "q",
      "run",
      "update", "check", "copy", "extension", "101", "--json", "undo", "language", "zh", "trace", "sip", "capture",
      "start", "tap", "filter",
    ]
    for _ in 0..<15 {
      let person = try Person()
      for _ in 0..<60 {
        var text = ""
        for _ in 0..<random.below(5) {
          text += words[random.below(words.count)] + (random.chance(percent: 80) ? " " : "")
        }
        person.type(text)
        if person.hasLeft { break }
        person.pass(random.below(3))
      }
      person.type("\u{3}q\u{3}\r")
      #expect(person.screen.problems == [] && person.transcript.utf8.count < 4_000_000, "seed \(seed)")
    }
  }
}
