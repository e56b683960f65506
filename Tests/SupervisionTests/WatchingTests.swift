import Basics
import Supervision
import Testing

@Suite("Watching")
struct WatchingTests {
  private func overview(waiting: Int = 0, waited: Int = 5, calls: String = "[]") -> String {
    #"{"status":{"calls":0,"uptimeSeconds":\#(waited)},"queues":[{"queue":"service","waiting":\#(waiting),"#
      + #""longestWaitSeconds":\#(waited)}],"calls":\#(calls)}"#
  }

  private func watching() throws -> (desk: Desk, lee: Desk.Person, stream: UInt64) {
    let desk = Desk()
    let lee = try desk.logIn()
    let stream = desk.send(.get, "/events", cookie: lee.cookie)
    return (desk, lee, stream)
  }

  @Test("the daemon is asked while somebody watches, once a second, and not before or after")
  func asksWhileWatched() throws {
    let (desk, _, stream) = try watching()
    #expect(desk.questions.map { $0.line } == ["as lee@192.168.1.5 overview"])
    for _ in 0..<10 {
      desk.answer(overview())
      desk.pass(.milliseconds(999))
      #expect(desk.questions.isEmpty)
      desk.pass(.milliseconds(1))
      #expect(desk.questions.count == 1)
    }
    desk.answer(overview())
    desk.tell(.gone(stream))
    desk.pass(.minutes(5))
    #expect(desk.questions.isEmpty)
  }

  @Test("whoever begins gets everything, then only what has changed; passing seconds are no change")
  func changes() throws {
    let (desk, _, stream) = try watching()
    desk.answer(overview())
    #expect(desk.events(stream) == ["status", "queues", "calls"])
    desk.pass(.seconds(1))
    desk.answer(overview(waited: 6))
    #expect(desk.events(stream) == [])
    desk.pass(.seconds(1))
    desk.answer(overview(waiting: 1, waited: 7))
    #expect(desk.events(stream) == ["queues"])
    desk.pass(.seconds(1))
    desk.answer(overview(waiting: 1, waited: 8, calls: #"[{"call":1}]"#))
    #expect(desk.events(stream) == ["calls"])
  }

  @Test("a second browser gets everything at its first answer, the first one no more than its changes")
  func second() throws {
    let (desk, lee, first) = try watching()
    desk.answer(overview())
    _ = desk.events(first)
    desk.pass(.milliseconds(300))
    let second = desk.send(.get, "/events", cookie: lee.cookie)
    desk.answer(overview())
    #expect(desk.events(first) == [] && desk.events(second) == ["status", "queues", "calls"])
  }

  @Test("without changes there is a sign of life, and everything again after a quarter of a minute")
  func quiet() throws {
    let (desk, _, stream) = try watching()
    var seen: [String] = []
    for _ in 0..<16 {
      desk.answer(overview())
      seen += desk.events(stream)
      desk.pass(.seconds(1))
    }
    #expect(seen.count { $0 == "alive" } == 3 && seen.count { $0 == "queues" } == 2)
  }

  @Test("a daemon that says nothing is told once; then everything comes again")
  func silence() throws {
    let (desk, _, stream) = try watching()
    desk.answer(overview())
    _ = desk.events(stream)
    for _ in 0..<3 {
      desk.pass(.seconds(1))
      desk.saysNothing()
    }
    #expect(desk.events(stream) == ["silent"] && desk.lines.count == 1)
    desk.pass(.seconds(1))
    desk.answer("what is this")
    #expect(desk.events(stream) == [])
    desk.pass(.seconds(1))
    desk.answer(overview())
    #expect(desk.events(stream) == ["status", "queues", "calls"])
  }

  @Test("each who watches asks in turn; who may no longer see is out, the others stay")
  func turns() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let ann = try desk.logIn("ann")
    let leesStream = desk.send(.get, "/events", cookie: lee.cookie)
    desk.answer(overview())
    let annsStream = desk.send(.get, "/events", cookie: ann.cookie)
    desk.answer(overview())
    var asked: Set<ByteString> = []
    for _ in 0..<4 {
      desk.pass(.seconds(1))
      if let line = desk.questions.first?.line { asked.insert(line) }
      desk.answer(overview())
    }
    #expect(asked == ["as lee@192.168.1.5 overview", "as ann@192.168.1.5 overview"])
    desk.pass(.seconds(1))
    while desk.questions.first?.line != "as ann@192.168.1.5 overview" {
      desk.answer(overview())
      desk.pass(.seconds(1))
    }
    desk.answer(#"{"done":false,"act":"command","subject":"overview","refusal":"not allowed"}"#)
    #expect(desk.open == [leesStream] && desk.events(annsStream).last == "ended")
    #expect(desk.body(desk.send(.get, "/session", cookie: ann.cookie)) == #"{"user":null}"#)
    #expect(desk.questions.map { $0.line } == ["as ann@192.168.1.5 logout", "as lee@192.168.1.5 overview"])
  }

  @Test("the ninth browser does not watch; that is counted and said once a minute")
  func streamLimit() throws {
    let (desk, lee, stream) = try watching()
    func room() -> Bool { desk.body(desk.send(.get, "/session", cookie: lee.cookie)).contains(#""room":true"#) }
    #expect(room())
    for _ in 1..<SupervisionLimits.streams { _ = desk.send(.get, "/events", cookie: lee.cookie) }
    #expect(
      desk.open.count == SupervisionLimits.streams && !room(), "the page is told beforehand, in words it can show")
    for _ in 0..<2 { #expect(desk.status(desk.send(.get, "/events", cookie: lee.cookie)) == 503) }
    #expect(desk.machine.counters.streamLimitHit == 2 && desk.lines.count == 1)
    desk.tell(.gone(stream))
    #expect(room())
  }

  @Test("nobody watches without a session")
  func stranger() {
    let desk = Desk()
    #expect(desk.status(desk.send(.get, "/events")) == 401 && desk.questions.isEmpty)
  }
}
