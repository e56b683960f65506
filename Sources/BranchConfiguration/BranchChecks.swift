// What the schema cannot say: values that are right alone and wrong together. Each finding stands where a person would
// change it.

import Basics
import Configuration
import Dialplan
import NumberPlan
import SIPTransaction
import SIPUserAgent

struct BranchChecks {
  let root: Section
  let settings: BranchSettings
  /// The end of the file: where something is missing that belongs nowhere else.
  let end: Position
  var problems: Problems

  init(root: Section, settings: BranchSettings, end: Position, problems: Problems) {
    self.root = root
    self.settings = settings
    self.end = end
    self.problems = problems
  }

  mutating func run() {
    checkOwners()
    checkListeners()
    checkPorts()
    checkNumbers()
    checkSecrets()
    checkQueues()
    checkAgentBlocks()
    checkHours()
    checkCallbacks()
    checkTrunks()
    checkRoutes()
    checkFeatures()
    checkUsers()
    checkAssertions()
    checkWeb()
    checkTLS()
  }

  mutating func report(
    _ kind: ConfigurationError.Kind = .conflict, at position: Position, in path: ByteString = "", found: Phrase,
    expected: Phrase, severity: ConfigurationError.Severity = .error
  ) {
    problems.add(
      ConfigurationError(kind, at: position, path: path, found: found, expected: expected, severity: severity))
  }

  // MARK: Sockets

  private mutating func checkListeners() {
    let statements = root.allValues("listen")
    if statements.isEmpty && !root.has("listen") {
      report(
        .missing, at: end, found: Phrase("no listener", "没有监听地址"),
        expected: Phrase("a statement such as: listen udp 0.0.0.0:5060", "语句，例如：listen udp 0.0.0.0:5060"))
    }
    let listeners = settings.userAgent.listeners
    for (index, listener) in listeners.enumerated() {
      for earlier in listeners[..<index]
      where earlier.transport.isReliable == listener.transport.isReliable
        && Self.overlaps(earlier.endpoint, listener.endpoint)
      {
        report(
          .duplicate, at: statements[index].position,
          found: Phrase("a second listener on ", "重复的监听地址 ") + listener.endpoint.text,
          expected: Phrase("another address or port", "其他地址或端口"))
        break
      }
    }
  }

  static func overlaps(_ a: Endpoint, _ b: Endpoint) -> Bool {
    a.port == b.port && a.address.isV4 == b.address.isV4
      && (a.address == b.address || a.address.isUnspecified || b.address.isUnspecified)
  }

  private mutating func checkPorts() {
    let ports = settings.mediaPorts
    let media = root.sectionOrDefaults("media")
    let statements = root.allValues("listen")
    for (index, listener) in settings.userAgent.listeners.enumerated()
    where listener.transport == .udp && ports.contains(listener.endpoint.port) {
      report(
        at: media.has("ports") ? media.valuePosition(of: "ports") : statements[index].position, in: "media",
        found: Phrase("media ports that hold the SIP port ", "媒体端口范围包含 SIP 端口 ")
          + ByteString(Int(listener.endpoint.port)),
        expected: Phrase("ranges that do not overlap", "互不重叠的端口范围"))
    }
    // RTP takes even ports, RTCP the odd one behind each.
    let first = (Int(ports.lowerBound) + 1) & ~1
    let streams = max(0, (Int(ports.upperBound) - first + 1) / 2)
    let limits = root.sectionOrDefaults("limits")
    guard streams < settings.callLimit * 2 else { return }
    report(
      at: media.has("ports") ? media.valuePosition(of: "ports") : limits.position(of: "calls"), in: "media",
      found: Phrase("ports for ", "媒体端口仅够 ") + ByteString(streams) + Phrase(" streams", " 路"),
      expected: Phrase("two streams for each of ", "每个通话两路，通话数上限为 ") + ByteString(settings.callLimit)
        + Phrase(" calls", ""),
      severity: .warning)
  }

  // MARK: Numbers

  private struct Claim {
    let number: ByteString
    let owner: Phrase
    let path: ByteString
    let position: Position
  }

  /// Everything that phones can dial inside, in the order in which the dialplan asks.
  private func claims() -> [Claim] {
    var claims: [Claim] = []
    for section in root.sections("extension") {
      claims.append(
        Claim(
          number: section.key, owner: Phrase("extension ", "分机 ") + section.key, path: "extension " + section.key,
          position: section.values.first?.position ?? section.position))
    }
    for section in root.sections("queue") {
      guard section.has("number"), let number = section.text("number") else { continue }
      claims.append(
        Claim(
          number: number, owner: Phrase("queue ", "队列 ") + section.key, path: "queue " + section.key,
          position: section.valuePosition(of: "number")))
    }
    for section in root.sections("ring-group") {
      guard section.has("number"), let number = section.text("number") else { continue }
      claims.append(
        Claim(
          number: number, owner: Phrase("ring group ", "分机组 ") + section.key, path: "ring-group " + section.key,
          position: section.valuePosition(of: "number")))
    }
    let park = root.sectionOrDefaults("park")
    for slot in park.texts("slots") {
      claims.append(
        Claim(
          number: slot, owner: Phrase("a place to park", "驻留位"), path: "park",
          position: park.valuePosition(of: "slots")))
    }
    for (values, position) in root.allValues("speed-dial") {
      guard case .text(let code)? = values.first else { continue }
      claims.append(
        Claim(number: code, owner: Phrase("a speed dial", "缩位拨号"), path: "speed-dial " + code, position: position))
    }
    let codes = root.sectionOrDefaults("feature-codes")
    for (name, _) in BranchSchema.features {
      guard let code = codes.text(name) else { continue }
      claims.append(
        Claim(
          number: code, owner: Phrase("feature code ", "功能码 ") + name, path: "feature-codes",
          position: codes.has(name) ? codes.valuePosition(of: name) : end))
    }
    return claims
  }

  private mutating func checkNumbers() {
    let plan = NumberPlan(settings.numberPlan)
    var owners: [ByteString: Int] = [:]
    let claims = claims()
    for (index, claim) in claims.enumerated() {
      if plan.normalise(claim.number)?.numberClass == .emergency {
        report(
          at: claim.position, in: claim.path, found: Phrase("the emergency number ", "紧急号码 ") + claim.number,
          expected: Phrase("a number that is no emergency number", "非紧急号码"))
      }
      guard let first = owners[claim.number] else {
        owners[claim.number] = index
        continue
      }
      // Two extensions with one number were reported as blocks with one name.
      guard claim.path != claims[first].path || claim.path == "feature-codes" else { continue }
      report(
        .duplicate, at: claim.position, in: claim.path, found: Phrase("the number ", "号码 ") + claim.number,
        expected: Phrase("a number that is not taken by ", "未被占用的号码；已占用者为 ") + claims[first].owner)
    }
  }

  // MARK: Secrets

  private mutating func checkSecrets() {
    var holders: [ByteString: ByteString] = [:]
    for section in root.sections("extension") {
      guard section.has("secret"), let secret = section.text("secret"), !secret.isEmpty else { continue }
      let position = section.valuePosition(of: "secret")
      let path = "extension " + section.key
      if let weakness = Self.weakness(of: secret, number: section.key, name: section.text("name") ?? "") {
        report(
          .invalidValue, at: position, in: path, found: weakness,
          expected: Phrase("a secret nobody guesses, of at least ", "难以猜测的密码，至少 ")
            + ByteString(BranchLimits.secretBytesMin) + Phrase(" characters", " 个字符"))
      } else if secret.hasPrefix("change-me") {
        report(
          .invalidValue, at: position, in: path, found: Phrase("the secret of the sample", "示例密码"),
          expected: Phrase("a secret of your own", "自行设定的密码"), severity: .warning)
      } else if let other = holders[secret] {
        report(
          at: position, in: path, found: Phrase("the secret of extension ", "与此分机相同的密码：") + other,
          expected: Phrase("a secret of its own", "独立的密码"), severity: .warning)
      }
      if holders[secret] == nil { holders[secret] = section.key }
    }
  }

  /// What makes a secret no secret, nil where nothing does.
  private static func weakness(of secret: ByteString, number: ByteString, name: ByteString) -> Phrase? {
    if secret == number { return Phrase("the extension's own number as its secret", "以分机号作为密码") }
    if secret.count < BranchLimits.secretBytesMin {
      return Phrase("a secret of ", "密码长度 ") + ByteString(secret.count) + Phrase(" characters", " 个字符")
    }
    if !name.isEmpty, secret.equalsIgnoringCase(name) {
      return Phrase("the extension's name as its secret", "以分机名称作为密码")
    }
    let first = secret.bytes[0]
    if secret.bytes.allSatisfy({ $0 == first }) {
      return Phrase("one character repeated as the secret", "由单一字符重复而成的密码")
    }
    let commonOnes: [ByteString] = ["password", "12345678", "123456789", "1234567890", "87654321", "qwertyui"]
    if commonOnes.contains(where: { secret.equalsIgnoringCase($0) }) {
      return Phrase("a secret that everybody tries first", "最常被猜测的密码")
    }
    // The number again and again: 101101101.
    if secret.count % max(1, number.count) == 0, !number.isEmpty,
      secret.bytes.indices.allSatisfy({ secret.bytes[$0] == number.bytes[$0 % number.count] })
    {
      return Phrase("the extension's own number as its secret", "以分机号作为密码")
    }
    return nil
  }
}
