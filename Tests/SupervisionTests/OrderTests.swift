import Basics
import Supervision
import Testing

@Suite("Orders from the page")
struct OrderTests {
  private func order(_ desk: Desk, _ person: Desk.Person, _ act: String, _ subject: String) -> UInt64 {
    desk.send(
      .post, "/order", body: ByteString(#"{"act":"\#(act)","subject":"\#(subject)"}"#), cookie: person.cookie,
      csrf: person.csrf)
  }

  @Test(
    "an order goes to the daemon in the person's name",
    arguments: ["callback cancel", "callback dial-now", "agent login", "agent logout", "agent pause", "agent ready"])
  func given(_ act: String) throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let number = order(desk, lee, act, "17")
    #expect(desk.questions.last?.line == ByteString("as lee@192.168.1.5 \(act) 17"))
    desk.answer(#"{"done":true,"act":"x","subject":"17"}"#)
    #expect(desk.status(number) == 200 && desk.body(number).contains(#""done":true"#))
  }

  @Test("what the daemon refuses is refused, with its reason")
  func refused() throws {
    let desk = Desk()
    let lee = try desk.logIn(role: "read-only")
    let forbidden = order(desk, lee, "callback cancel", "17")
    desk.answer(#"{"done":false,"act":"command","subject":"callback cancel 17","refusal":"not allowed"}"#)
    #expect(desk.status(forbidden) == 403)
    let unknown = order(desk, lee, "callback cancel", "18")
    desk.answer(#"{"done":false,"act":"cancel-callback","subject":"18","refusal":"unknown callback"}"#)
    #expect(desk.status(unknown) == 409 && desk.body(unknown).contains("unknown callback"))
    let silent = order(desk, lee, "callback cancel", "19")
    desk.saysNothing()
    #expect(desk.status(silent) == 503)
  }

  @Test(
    "nothing else can be ordered, and no subject is more than a number",
    arguments: [
      ("callback move", "1"), ("configuration undo", "1"), ("brown-out on", "1"), ("callback", "1"), ("", "1"),
      ("callback cancel", ""), ("callback cancel", "1 2"), ("callback cancel", "1\\n"), ("callback cancel", "-1"),
      ("callback cancel", "123456789012345678901"), ("agent login", "101 as root"),
    ])
  func closed(_ act: String, _ subject: String) throws {
    let desk = Desk()
    let lee = try desk.logIn()
    #expect(desk.status(order(desk, lee, act, subject)) == 400 && desk.questions.isEmpty)
  }

  @Test("without the script's token, or from another site, nothing is ordered, whatever the cookie")
  func foreign() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let body: ByteString = #"{"act":"callback cancel","subject":"1"}"#
    let attempts: [(ByteString?, (inout WebRequest) -> Void)] = [
      (nil, { _ in }), ("0000", { _ in }), (lee.cookie, { _ in }),
      (lee.csrf, { $0[.origin] = "https://evil.example" }), (lee.csrf, { $0[.fetchSite] = "cross-site" }),
      (lee.csrf, { $0[.fetchSite] = "same-site" }), (lee.csrf, { $0[.contentType] = "text/plain" }),
      (lee.csrf, { $0[.contentType] = nil }),
    ]
    for (csrf, change) in attempts {
      #expect(
        desk.status(desk.send(.post, "/order", body: body, cookie: lee.cookie, csrf: csrf, change: change)) == 403)
    }
    #expect(desk.questions.isEmpty && desk.machine.counters.foreign == attempts.count)
    // The page's own: as browsers send it.
    _ = desk.send(.post, "/order", body: body, cookie: lee.cookie, csrf: lee.csrf) {
      $0[.origin] = "https://box:8443"
      $0[.fetchSite] = "same-origin"
    }
    #expect(desk.questions.count == 1)
  }

  @Test("somebody else's token does not do, nor does none at all")
  func otherToken() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let ann = try desk.logIn("ann")
    let body: ByteString = #"{"act":"callback cancel","subject":"1"}"#
    #expect(desk.status(desk.send(.post, "/order", body: body, cookie: lee.cookie, csrf: ann.csrf)) == 403)
    #expect(desk.status(desk.send(.post, "/order", body: body, csrf: ann.csrf)) == 401)
  }

  @Test("no more than three questions are asked at once; what waits is bounded, what is refused is counted and said")
  func questionLimit() throws {
    let desk = Desk()
    let lee = try desk.logIn()
    let all = SupervisionLimits.questions + SupervisionLimits.waitingQuestions
    let numbers = (0...all).map { order(desk, lee, "callback cancel", "\($0)") }
    #expect(desk.questions.count == SupervisionLimits.questions)
    #expect(desk.status(numbers[all]) == 503 && numbers.dropLast().allSatisfy { desk.status($0) == nil })
    #expect(desk.machine.counters.questionLimitHit == 1 && desk.lines.count == 1)
    for _ in 0..<all { desk.answer(#"{"done":true}"#) }
    #expect(numbers.dropLast().allSatisfy { desk.status($0) == 200 })
  }
}
