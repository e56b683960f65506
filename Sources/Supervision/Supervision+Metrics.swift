// Metrics for Prometheus: three questions to the daemon, one after the other, and one text. Without a log-in for the
// networks that the configuration names; others show a name and a password (RFC 7617), which the daemon checks.

import Basics
import Digests

/// A request for the metrics that is being answered.
struct Scrape {
  let request: UInt64
  /// In whose name the daemon is asked; empty: in that of the box.
  var prefix: ByteString = ""
  var answers: [JSONValue] = []

  static var questions: [ByteString] { ["overview", "counters", "process"] }
}

extension Supervision {
  mutating func scrape(_ request: WebRequest, at now: Instant) {
    guard scrapes < SupervisionLimits.scrapes else {
      counters.scrapeLimitHit += 1
      return refuse(request.number, 503, "too many scrapes at once")
    }
    if settings.metricsFrom.contains(where: { $0.contains(request.from) }) {
      return begin(Scrape(request: request.number), at: now)
    }
    guard let credentials = request[.authorization].flatMap({ BasicCredentials($0) }), Self.isName(credentials.name),
      credentials.password.count <= SupervisionLimits.passwordBytes
    else { return demandPassword(request.number) }
    let place = request.from.text
    let scrape = Scrape(request: request.number, prefix: ByteString("as ") + credentials.name + "@" + place + " ")
    let digest = Digests.sha256(scrape.prefix.bytes, credentials.password)
    remembered.removeAll { $0.until <= now }
    if remembered.contains(where: { Digests.equal($0.digest, digest) }) { return begin(scrape, at: now) }
    scrapes += 1
    let line = Self.logIn(credentials.name, place)
    if !ask(line, text: credentials.password, for: .metricsLogIn(scrape, digest: digest), at: now) {
      fail(scrape, "busy")
    }
  }

  private mutating func demandPassword(_ request: UInt64) {
    counters.refused += 1
    var response = WebResponse.error(401, "not logged in")
    response.headers.append(.init(name: "WWW-Authenticate", value: #"Basic realm="branchline", charset="UTF-8""#))
    reply(request, response)
  }

  private mutating func fail(_ scrape: Scrape, _ text: StaticString) {
    scrapes -= 1
    refuse(scrape.request, 503, text)
  }

  mutating func admit(_ answer: [UInt8]?, _ scrape: Scrape, _ digest: [UInt8], at now: Instant) {
    guard let answer, let verdict = JSONValue(parsing: answer) else {
      return fail(scrape, "the daemon does not answer")
    }
    scrapes -= 1
    guard verdict.text("role") != nil else {
      counters.failedLogIns += 1
      return demandPassword(scrape.request)
    }
    if remembered.count >= SupervisionLimits.remembered { remembered.removeFirst() }
    remembered.append((digest, now + SupervisionLimits.rememberedFor))
    begin(scrape, at: now)
  }

  private mutating func begin(_ scrape: Scrape, at now: Instant) {
    scrapes += 1
    askNext(scrape, at: now)
  }

  private mutating func askNext(_ scrape: Scrape, at now: Instant) {
    let question = Scrape.questions[scrape.answers.count]
    if !ask(scrape.prefix + question, for: .metrics(scrape), at: now) { fail(scrape, "busy") }
  }

  mutating func gather(_ answer: [UInt8]?, _ scrape: Scrape, at now: Instant) {
    guard let answer, let value = JSONValue(parsing: answer), value.member("error") == nil else {
      return fail(scrape, "the daemon does not answer")
    }
    // Somebody who was believed and is no longer known.
    if value.member("done") == .flag(false) {
      scrapes -= 1
      remembered = []
      return demandPassword(scrape.request)
    }
    var scrape = scrape
    scrape.answers.append(value)
    guard scrape.answers.count == Scrape.questions.count else { return askNext(scrape, at: now) }
    scrapes -= 1
    var text = MetricsText()
    text.write(overview: scrape.answers[0])
    text.write(counters: scrape.answers[1], prefix: "branchline_")
    text.write(counters: scrape.answers[2], prefix: "branchline_process_")
    text.write(counters, connections, sessions: sessions.all.count, streams: streams.count)
    reply(scrape.request, WebResponse(200, type: MetricsText.type, .bytes(text.bytes)))
  }
}

/// `Basic bGVlOnNlY3JldA==`
struct BasicCredentials {
  let name: ByteString
  let password: [UInt8]

  init?(_ header: ByteString) {
    let parts = header.bytes.split(separator: 0x20)
    guard parts.count == 2, ByteString(parts[0]).equalsIgnoringCase("Basic"), let text = Self.decoded(parts[1]),
      let colon = text.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    name = ByteString(text[..<colon])
    password = Array(text[(colon + 1)...])
  }

  /// Base64 (RFC 4648 §4).
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let digits = text.prefix { $0 != UInt8(ascii: "=") }
    guard text.count % 4 == 0, text.count - digits.count <= 2, text[digits.endIndex...].allSatisfy({ $0 == 0x3D })
    else {
      return nil
    }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in digits {
      guard let value = value(of: digit) else { return nil }
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
