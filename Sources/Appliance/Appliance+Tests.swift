// Tests of lines: asked for by a technician, who waits for what comes out, and by a commit on trial, which asks for a call
// of the box to itself.

import Basics
import BranchConfiguration
import CallControl
import Journal
import MediaEngine
import SIPUserAgent

/// Tests that have begun and have not ended.
struct RunningTests {
  enum Limits {
    /// How long a trunk may take to answer.
    static let trunkTime = Interval.seconds(8)
    /// Trunks that are asked at once.
    static let trunks = 8
  }

  enum Asker {
    case client(UInt64)
    case trial
  }
  private struct Trunk {
    let name: ByteString
    let client: UInt64
    let askedAt: Instant
  }

  private var lastToken: UInt32 = 0
  private var calls: [UInt64: (asker: Asker, target: TestCall.Target)] = [:]
  private var trunks: [UInt32: Trunk] = [:]

  mutating func begin(_ target: TestCall.Target, for asker: Asker) -> UInt64 {
    lastToken &+= 1
    calls[UInt64(lastToken)] = (asker, target)
    return UInt64(lastToken)
  }

  mutating func end(_ token: UInt64) -> (asker: Asker, target: TestCall.Target)? { calls.removeValue(forKey: token) }

  /// As many trunks are asked as may be.
  var areFull: Bool { trunks.count >= Limits.trunks }

  mutating func ask(_ trunk: ByteString, for client: UInt64, at now: Instant) -> UInt32 {
    lastToken &+= 1
    trunks[lastToken] = Trunk(name: trunk, client: client, askedAt: now)
    return lastToken
  }

  mutating func answered(
    _ token: UInt32, at now: Instant
  ) -> (name: ByteString, client: UInt64, after: Interval)? {
    guard let trunk = trunks.removeValue(forKey: token) else { return nil }
    return (trunk.name, trunk.client, now - trunk.askedAt)
  }

  /// When the next trunk has had its time.
  var nextDeadline: Instant? { trunks.values.map { $0.askedAt + Limits.trunkTime }.min() }

  /// The one of those that was asked first.
  func silent(at now: Instant) -> UInt32? {
    trunks.filter { $0.value.askedAt + Limits.trunkTime <= now }.keys.min()
  }
}

extension Appliance {
  mutating func accept(_ order: TestOrder, from client: UInt64, by who: ByteString, at now: Instant) {
    let refusal = refusal(of: order, at: now)
    note(who, "test", order.subject, isDone: refusal == nil)
    if let refusal { return refuseTest(client, order.subject, refusal) }
    switch order {
    case .loop: begin(TestCall(.itself), for: .client(client))
    case .call(let user): begin(TestCall(.user(user)), for: .client(client))
    case .number(let number, let trunk): begin(TestCall(.trunk(trunk, number: number)), for: .client(client))
    case .prompt(let prompt, let user?):
      begin(TestCall(.user(user), prompts: [prompt], staysOn: false), for: .client(client))
    case .prompt(let prompt, nil): outputs.append(.question(client, "prompt " + ByteString(prompt.name)))
    case .trunk(let name):
      letters.append(.agent(.command(.ask(trunk: name, token: tests.ask(name, for: client, at: now)))))
    }
  }

  private func refusal(of order: TestOrder, at now: Instant) -> ByteString? {
    switch order {
    case .loop, .prompt(_, nil): return nil
    case .call(let user), .prompt(_, let user?):
      guard settings.userAgent.users.contains(where: { $0.name == user }) else { return "unknown extension" }
      return agent.registrations(at: now).contains { $0.user == user } ? nil : "not registered"
    case .number(_, let trunk):
      return settings.trunks.contains { $0.name == trunk } ? nil : "unknown trunk"
    case .trunk(let name):
      guard settings.trunks.contains(where: { $0.name == name }) else { return "unknown trunk" }
      return tests.areFull ? "too many tests" : nil
    }
  }

  mutating func begin(_ test: TestCall, for asker: RunningTests.Asker) {
    letters.append(.calls(.test(tests.begin(test.target, for: asker), test)))
  }

  private mutating func refuseTest(_ client: UInt64, _ subject: ByteString, _ refusal: ByteString) {
    outputs.append(.answer(client, JSONWriter.outcome(of: "test", subject, refusal: refusal)))
  }

  // MARK: What came out

  mutating func tested(_ token: UInt64, _ report: TestReport, at now: Instant) {
    guard let (asker, target) = tests.end(token) else { return }
    let outcome = report.failure.map { ByteString($0.name) }
    outputs.append(
      .log(LogEntry(outcome == nil ? .info : .warning, "test.call", target.shownName + ": " + (outcome ?? "passed"))))
    switch asker {
    case .trial: trial?.probed(outcome, at: now)
    case .client(let client): outputs.append(.answer(client, report.json(target)))
    }
  }

  mutating func trunkAnswered(_ token: UInt32, status: Int, at now: Instant) {
    guard let (name, client, after) = tests.answered(token, at: now) else { return }
    let view = agent.trunkViews.first { $0.name == name }
    var json = JSONWriter()
    json.object { json in
      json.field("test", "trunk")
      json.field("trunk", name)
      // Whoever refuses OPTIONS is there all the same.
      json.field("passed", status != 408 && status != 503 && view?.isUp == true)
      json.field("status", status)
      json.field("answeredAfterMilliseconds", after.milliseconds)
      json.field("up", view?.isUp ?? false)
      json.key("registered")
      if let isRegistered = view?.isRegistered { json.value(isRegistered) } else { json.null() }
      if status == 408 { json.field("failure", "no answer") }
      if status == 503 { json.field("failure", "not reachable") }
    }
    outputs.append(.answer(client, json.bytes))
  }

  mutating func advanceTests(to now: Instant) {
    while let token = tests.silent(at: now) { trunkAnswered(token, status: 408, at: now) }
  }
}

extension TestReport {
  func json(_ target: TestCall.Target) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("test", target == .itself ? "loop" : "call")
      json.field("to", target.name)
      json.field("passed", failure == nil)
      if let failure { json.field("failure", ByteString(failure.name)) }
      json.field("status", status)
      if let rangAfter { json.field("rangAfterMilliseconds", rangAfter.milliseconds) }
      if let answeredAfter { json.field("answeredAfterMilliseconds", answeredAfter.milliseconds) }
      json.field("soundHeard", isSoundHeard)
      json.field("keys", keys)
      guard let statistics else { return }
      json.field("packetsSent", Int(statistics.packetsSent))
      json.field("packetsReceived", Int(statistics.packetsReceived))
      json.field("packetsLost", Int(statistics.packetsLost))
    }
    return json.bytes
  }
}

extension TestReport.Failure {
  var name: StaticString {
    switch self {
    case .tooMany: "too many tests"
    case .noPort: "no port for sound"
    case .noAnswer: "no answer"
    case .refused: "refused"
    case .noKeys: "no sound comes through"
    case .wrongKey: "a wrong key came through"
    }
  }
}
