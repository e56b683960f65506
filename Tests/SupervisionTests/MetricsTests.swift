import Basics
import Supervision
import Testing

@Suite("Metrics")
struct MetricsTests {
  private static let overview = #"""
    {"status":{"branch":"A \"branch\"\\","revision":3,"uptimeSeconds":61,"clockTrusted":true},
    "trunks":[{"trunk":"carrier","up":true,"registered":null},{"trunk":"other","up":false}],
    "queues":[{"queue":"service","name":"Service","waiting":2,"longestWaitSeconds":33,"offered":10}],
    "agents":[{"agent":"101","state":"ready","answered":4,"unansweredInARow":0}],
    "waiting":[],"callbacks":[],"calls":[],
    "streams":[{"call":1,"received":100,"lost":3,"jitterMilliseconds":7},{"call":1,"received":50,"lost":0,"jitterMilliseconds":9}]}
    """#
  private static let counters = #"{"calls":7,"streams":2,"signalling":{"legsIn":9,"legs":1}}"#
  private static let process = #"{"version":"1","residentKilobytes":5000,"sip":{"datagramsReceived":12}}"#

  private func scrape(_ desk: Desk, from: IPAddress = Desk.place, authorization: ByteString? = nil) -> UInt64 {
    desk.send(.get, "/metrics", from: from) { $0[.authorization] = authorization }
  }
  private func answerAll(_ desk: Desk) {
    for text in [Self.overview, Self.counters, Self.process] { desk.answer(text.replacing("\n", with: "")) }
  }
  private func local() throws -> Desk { Desk(metricsFrom: [try #require(Subnet("192.168.0.0/16"))]) }

  @Test("each family once, with help and type, labels escaped, counters as totals")
  func text() throws {
    let desk = try local()
    desk.machine.connections = ConnectionCounters(
      open: 3, taken: 9, expired: 4, full: 1, crowded: 2, displaced: 5, slowStreams: 6)
    let number = scrape(desk)
    #expect(desk.questions.map { $0.line } == ["overview"])
    answerAll(desk)
    #expect(desk.status(number) == 200)
    #expect(desk.header("Content-Type", of: number) == "text/plain; version=0.0.4; charset=utf-8")
    let lines = desk.body(number).split(separator: "\n").map { String($0) }
    for line in [
      #"branchline_info{branch="A \"branch\"\\"} 1"#, "branchline_status_clock_trusted 1",
      "branchline_status_uptime_seconds 61", #"branchline_trunk_up{trunk="carrier"} 1"#,
      #"branchline_trunk_up{trunk="other"} 0"#, #"branchline_queue_waiting{queue="service"} 2"#,
      #"branchline_queue_offered_total{queue="service"} 10"#,
      #"branchline_agent_state{agent="101",state="ready"} 1"#, "branchline_calls_packets_lost 3",
      "branchline_calls_packets_received 150", "branchline_calls_jitter_milliseconds_max 9", "branchline_calls_total 7",
      "branchline_streams 2", "branchline_signalling_legs_in_total 9", "branchline_signalling_legs 1",
      "branchline_process_resident_kilobytes 5000", "branchline_process_sip_datagrams_received_total 12",
      "branchline_web_requests_total 1", "branchline_web_open_connections 3", "branchline_web_connections_total 9",
      "branchline_web_connections_expired_total 4", "branchline_web_connections_full_total 1",
      "branchline_web_connections_crowded_total 2", "branchline_web_connections_displaced_total 5",
      "branchline_web_slow_streams_total 6", "# TYPE branchline_queue_offered_total counter",
      "# TYPE branchline_queue_waiting gauge", "# HELP branchline_queue_waiting Callers who wait.",
    ] { #expect(lines.contains(line), "\(line)") }
    try checkForm(lines)
  }

  /// As a scraper reads it: HELP, TYPE, then the samples of that name alone; no name and no sample twice.
  private func checkForm(_ lines: [String]) throws {
    var family = ""
    var families: Set<String> = []
    var samples: Set<String> = []
    for (index, line) in lines.enumerated() {
      let words = line.split(separator: " ")
      if line.hasPrefix("# HELP ") {
        family = String(words[2])
        #expect(families.insert(family).inserted, "\(family) twice")
        let type = lines[index + 1]
        #expect(type == "# TYPE \(family) gauge" || type == "# TYPE \(family) counter", "\(type)")
        #expect(type.hasSuffix("counter") == family.hasSuffix("_total"), "\(type)")
      } else if !line.hasPrefix("# TYPE ") {
        let sample = try #require(line.wholeMatch(of: /([a-z_]+)(\{.*\})? (-?\d+)/), "\(line)")
        #expect(sample.1 == family, "\(line)")
        #expect(samples.insert("\(sample.1)\(sample.2 ?? "")").inserted, "\(line) twice")
      }
    }
  }

  @Test("from elsewhere a name and a password are needed, which the daemon checks once in five minutes")
  func password() throws {
    let desk = try local()
    let outside = IPAddress.v4(0x0A00_0001)
    let none = scrape(desk, from: outside)
    #expect(desk.status(none) == 401 && desk.questions.isEmpty)
    #expect(desk.header("WWW-Authenticate", of: none)?.hasPrefix("Basic ") == true)
    // lee:a secret
    let credentials: ByteString = "Basic bGVlOmEgc2VjcmV0"
    let first = scrape(desk, from: outside, authorization: credentials)
    #expect(
      desk.questions.first?.line == "as lee@10.0.0.1 login" && desk.questions.first?.text == Array("a secret".utf8))
    desk.answer(#"{"user":"lee","role":"read-only","language":"zh"}"#)
    #expect(desk.questions.first?.line == "as lee@10.0.0.1 overview")
    answerAll(desk)
    #expect(desk.status(first) == 200)
    desk.now = desk.now + .minutes(4)
    _ = scrape(desk, from: outside, authorization: credentials)
    #expect(desk.questions.first?.line == "as lee@10.0.0.1 overview")
    answerAll(desk)
    desk.now = desk.now + .minutes(1)
    _ = scrape(desk, from: outside, authorization: credentials)
    #expect(desk.questions.first?.line == "as lee@10.0.0.1 login")
  }

  @Test("what is remembered is good for that password and that place alone; a wrong one is refused")
  func remembered() throws {
    let desk = try local()
    let outside = IPAddress.v4(0x0A00_0001)
    _ = scrape(desk, from: outside, authorization: "Basic bGVlOmEgc2VjcmV0")
    desk.answer(#"{"user":"lee","role":"read-only","language":"zh"}"#)
    answerAll(desk)
    let other = scrape(desk, from: outside, authorization: "Basic bGVlOm90aGVy")
    desk.answer(#"{"done":false,"act":"login","subject":"lee","refusal":"wrong"}"#)
    #expect(desk.status(other) == 401 && desk.questions.isEmpty)
    _ = scrape(desk, from: .v4(0x0A00_0002), authorization: "Basic bGVlOmEgc2VjcmV0")
    #expect(desk.questions.first?.line == "as lee@10.0.0.2 login")
  }

  @Test("somebody who is no longer known is asked for a password again")
  func forgotten() throws {
    let desk = try local()
    let outside = IPAddress.v4(0x0A00_0001)
    _ = scrape(desk, from: outside, authorization: "Basic bGVlOmEgc2VjcmV0")
    desk.answer(#"{"user":"lee","role":"read-only","language":"zh"}"#)
    answerAll(desk)
    let number = scrape(desk, from: outside, authorization: "Basic bGVlOmEgc2VjcmV0")
    desk.answer(#"{"done":false,"act":"command","subject":"overview","refusal":"not allowed"}"#)
    #expect(desk.status(number) == 401)
    _ = scrape(desk, from: outside, authorization: "Basic bGVlOmEgc2VjcmV0")
    #expect(desk.questions.first?.line == "as lee@10.0.0.1 login")
  }

  @Test(
    "credentials that are none are asked for again, and nobody is asked",
    arguments: [
      "", "Basic", "Basic bGVl", "Basic !!!!", "Basic bGVlOg", "Bearer bGVlOmEgc2VjcmV0", "Basic bGVlOmEgc2VjcmV0 x",
      "Basic bGUgZTpzZWNyZXQ=", "Basic OnNlY3JldA==", "Basic ====",
    ])
  func rubbish(_ header: String) {
    let desk = Desk()
    #expect(desk.status(scrape(desk, authorization: ByteString(header))) == 401 && desk.questions.isEmpty)
  }

  @Test("two scrapes at once and no more; a daemon that is silent ends one with 503, and then there is room again")
  func limits() throws {
    let desk = try local()
    let first = scrape(desk)
    let second = scrape(desk)
    #expect(desk.status(scrape(desk)) == 503 && desk.machine.counters.scrapeLimitHit == 1)
    desk.saysNothing()
    desk.answer(#"{"error":"unknown question"}"#)
    #expect(desk.status(first) == 503 && desk.status(second) == 503)
    let third = scrape(desk)
    answerAll(desk)
    #expect(desk.status(third) == 200)
  }
}
