import Basics
import Supervision
import Testing

@Suite("Log-in at the page")
struct LogInTests {
  private let leesLine: ByteString = "as lee@192.168.1.5 login"

  @Test("the daemon is asked in the person's name, with the browser's address; its yes makes a session")
  func logsIn() throws {
    let desk = Desk()
    let number = desk.send(.post, "/login", body: #"{"name":"lee","password":"a secret"}"#)
    #expect(desk.question() == Desk.Question(number: 1, line: leesLine, text: Array("a secret".utf8)))
    #expect(desk.status(number) == nil, "nobody is let in before the daemon has said so")
    desk.tell(.answered(1, Array(#"{"user":"lee","role":"supervisor","language":"zh"}"#.utf8)))
    #expect(desk.status(number) == 200)
    let cookie = try #require(desk.header("Set-Cookie", of: number)?.description)
    #expect(cookie.hasPrefix("__Host-session=") && cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Strict"))
    // 192 bits, as hexadecimal digits.
    #expect(cookie.prefix { $0 != ";" }.count == "__Host-session=".count + 48)
    #expect(desk.body(number).contains(#""user":"lee","role":"supervisor","language":"zh","csrf":""#))
  }

  @Test("a wrong password is refused as the daemon says it, and a lock-out passed through with its seconds")
  func refused() {
    let desk = Desk()
    let wrong = desk.send(.post, "/login", body: #"{"name":"lee","password":"x"}"#)
    desk.answer(#"{"done":false,"act":"login","subject":"lee","refusal":"wrong"}"#)
    #expect(desk.status(wrong) == 401 && desk.header("Set-Cookie", of: wrong) == nil)
    let locked = desk.send(.post, "/login", body: #"{"name":"lee","password":"x"}"#)
    desk.answer(#"{"done":false,"act":"login","subject":"lee","refusal":"locked out","seconds":30}"#)
    #expect(desk.status(locked) == 429 && desk.body(locked).contains(#""seconds":30"#))
    #expect(desk.machine.counters.failedLogIns == 2)
  }

  @Test(
    "a name that is more than a word never gets to the daemon",
    arguments: ["", "lee status", "lee\n", "root@here", "as", "a/b", String(repeating: "a", count: 33)])
  func names(_ name: String) {
    let desk = Desk()
    let json = name.replacing("\n", with: "\\n")
    let number = desk.send(.post, "/login", body: ByteString(#"{"name":"\#(json)","password":"x"}"#))
    // "as" is a name like any other.
    #expect(name == "as" ? desk.questions.count == 1 : desk.status(number) == 401 && desk.questions.isEmpty)
  }

  @Test(
    "a body that is no log-in is refused",
    arguments: ["", "{}", "[]", "name=lee&password=x", #"{"name":"lee"}"#, #"{"name":1,"password":2}"#, "{\"name\":\""])
  func bodies(_ body: String) {
    let desk = Desk()
    #expect(desk.status(desk.send(.post, "/login", body: ByteString(body))) == 400 && desk.questions.isEmpty)
  }

  @Test("no daemon: the browser is told so, and nobody is in")
  func silence() {
    let desk = Desk()
    let number = desk.send(.post, "/login", body: #"{"name":"lee","password":"x"}"#)
    desk.saysNothing()
    #expect(desk.status(number) == 503 && desk.header("Set-Cookie", of: number) == nil)
  }

  @Test("a session is known by its cookie and by nothing like it")
  func known() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    #expect(desk.body(desk.send(.get, "/session", cookie: lee.cookie)).contains(#""user":"lee""#))
    for other in ["", lee.csrf, ByteString(lee.cookie.bytes.dropLast()), lee.cookie + "0"] as [ByteString] {
      #expect(desk.body(desk.send(.get, "/session", cookie: other)) == #"{"user":null}"#)
    }
    #expect(desk.body(desk.send(.get, "/session")) == #"{"user":null}"#)
  }

  @Test("fifteen minutes without a hand end a session; a hand, but no stream that runs on, begins them anew")
  func idle() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let stream = desk.send(.get, "/events", cookie: lee.cookie)
    desk.answer("{}")
    desk.pass(.minutes(10))
    #expect(desk.status(desk.send(.post, "/alive", body: "{}", cookie: lee.cookie, csrf: lee.csrf)) == 200)
    desk.pass(.minutes(14))
    #expect(desk.open == [stream])
    #expect(desk.body(desk.send(.get, "/session", cookie: lee.cookie)).contains("lee"), "asking is no hand either")
    desk.pass(.minutes(1))
    #expect(desk.open == [] && desk.events(stream).last == "ended")
    #expect(desk.status(desk.send(.get, "/events", cookie: lee.cookie)) == 401)
  }

  @Test("a display that only sees stays as long as it is open")
  func display() throws {
    let desk = Desk()
    let wall = try desk.logIn(role: "read-only")
    let stream = desk.send(.get, "/events", cookie: wall.cookie)
    desk.answer("{}")
    desk.pass(.hours(20))
    #expect(desk.open == [stream])
    desk.tell(.gone(stream))
    desk.pass(.zero)
    #expect(desk.body(desk.send(.get, "/session", cookie: wall.cookie)) == #"{"user":null}"#)
  }

  @Test("who logs out is out: the cookie opens nothing, the stream ends")
  func logOut() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let stream = desk.send(.get, "/events", cookie: lee.cookie)
    let number = desk.send(.post, "/logout", body: "{}", cookie: lee.cookie, csrf: lee.csrf)
    #expect(
      desk.status(number) == 200 && desk.header("Set-Cookie", of: number)?.description.contains("Max-Age=0") == true)
    #expect(desk.open.isEmpty && desk.events(stream) == ["ended"])
    #expect(desk.status(desk.send(.get, "/events", cookie: lee.cookie)) == 401)
  }

  @Test("with the last session of somebody at a place the daemon is told, so that nobody can speak for them")
  func toldOfLogOut() throws {
    let desk = Desk()
    let (one, two) = (try desk.logIn(), try desk.logIn())
    _ = desk.send(.post, "/logout", body: "{}", cookie: one.cookie, csrf: one.csrf)
    #expect(desk.questions.isEmpty)
    _ = desk.send(.post, "/logout", body: "{}", cookie: two.cookie, csrf: two.csrf)
    #expect(desk.questions.map { $0.line } == ["as lee@192.168.1.5 logout"])
    desk.answer(#"{"done":true}"#)
    _ = try desk.logIn()
    desk.pass(.minutes(15))
    #expect(desk.questions.map { $0.line } == ["as lee@192.168.1.5 logout"], "who was idle for too long, too")
  }

  @Test("a new log-in with an old cookie makes a session of its own and ends the old one")
  func renewed() throws {
    let desk = Desk()
    let old = try desk.logIn()
    let number = desk.send(.post, "/login", body: #"{"name":"lee","password":"x"}"#, cookie: old.cookie)
    #expect(desk.question()?.line == "as lee@192.168.1.5 logout")
    desk.answer(#"{"user":"lee","role":"supervisor","language":"zh"}"#)
    #expect(desk.status(number) == 200)
    #expect(desk.body(desk.send(.get, "/session", cookie: old.cookie)) == #"{"user":null}"#)
  }

  @Test("the seventeenth makes the one who was idle longest leave; who watches stays")
  func sessionLimit() throws {
    let desk = Desk()
    var people: [Desk.Person] = []
    for _ in 0..<SupervisionLimits.sessions {
      people.append(try desk.logIn())
      desk.now = desk.now + .seconds(1)
    }
    _ = desk.send(.get, "/events", cookie: people[0].cookie)
    desk.answer("{}")
    _ = try desk.logIn()
    #expect(desk.machine.counters.sessionLimitHit == 1 && desk.lines.count == 1)
    #expect(desk.body(desk.send(.get, "/session", cookie: people[0].cookie)).contains("lee"))
    #expect(desk.body(desk.send(.get, "/session", cookie: people[1].cookie)) == #"{"user":null}"#)
  }
}
