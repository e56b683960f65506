// Lines that come over the control socket: who asks is looked at first, then what; whoever may not is refused. What only
// the shell can answer goes back to it.

import ACD
import Basics
import BranchConfiguration
import Configuration
import Journal
import Revisions

/// One line of somebody, and the text that came with it.
public struct OperatorRequest: Sendable {
  public var client: UInt64
  public var line: ByteString
  public var text: [UInt8]
  public var peer: Peer

  public init(client: UInt64, line: ByteString, text: [UInt8] = [], peer: Peer) {
    self.client = client
    self.line = line
    self.text = text
    self.peer = peer
  }
}

extension Appliance {
  mutating func accept(_ request: OperatorRequest, at now: Instant) {
    let words = request.line.bytes.split(separator: UInt8(ascii: " ")).map { ByteString($0) }
    let (caller, rest) = Operators.identify(words[...], request.peer, settings.users)
    if case .page(let channel) = request.peer { return accept(request, of: caller, Array(rest), by: channel, at: now) }
    switch rest.first {
    case "console": answerConsole(rest.dropFirst(), request, caller, at: now)
    case "login": logIn(request, caller, at: now)
    default: perform(Array(rest), request, caller, at: now)
    }
  }

  mutating func perform(
    _ words: [ByteString], _ request: OperatorRequest, _ caller: Operators.Caller, at now: Instant
  ) {
    let line = words.dropFirst().reduce(words.first ?? "") { $0 + " " + $1 }
    do throws(Order.Fault) {
      if words.first == ConfigurationOrder.word {
        let order = try ConfigurationOrder(Array(words.dropFirst()), text: request.text)
        guard allows(caller, order.role, request, line) else { return }
        accept(.order(request.client, order, by: caller.who), at: now)
      } else if words.count == 1, let query = Query(name: line) {
        guard allows(caller, query.role, request, line) else { return }
        outputs.append(.answer(request.client, answerAnew(query, at: now)))
      } else if let order = try known(words) {
        var shown = line
        if case .test(let test) = order { shown = "test " + test.subject }
        guard allows(caller, order.role, request, shown) else { return }
        accept(order, from: request.client, by: caller.who, at: now)
      } else if let order = try knownObserving(words) {
        guard allows(caller, order.role, request, line) else { return }
        accept(order, from: request.client, by: caller.who, at: now)
      } else {
        // What is asked in the course of a technician's orders is for technicians alone.
        let isInner = Self.innerQuestions.contains { ByteString($0) == words.first }
        guard allows(caller, isInner ? .technician : .readOnly, request, line) else { return }
        outputs.append(.question(request.client, line))
      }
    } catch {
      guard case .usage(let usage) = error else { return }
      answerError("usage: " + usage, request.client)
    }
  }

  private static var innerQuestions: [StaticString] { ["prompt", "database-copy"] }

  /// nil: no order begins so.
  private func known(_ words: [ByteString]) throws(Order.Fault) -> Order? {
    guard let name = words.first, (Order.names + Order.innerNames).contains(where: { ByteString($0) == name }) else {
      return nil
    }
    return try Order(words)
  }

  private func knownObserving(_ words: [ByteString]) throws(Order.Fault) -> ObservingOrder? {
    guard let name = words.first, ObservingOrder.names.contains(where: { ByteString($0) == name }) else { return nil }
    return try ObservingOrder(words)
  }

  /// Answers whoever may not, and puts it into the audit log.
  private mutating func allows(
    _ caller: Operators.Caller, _ role: Role, _ request: OperatorRequest, _ line: ByteString
  ) -> Bool {
    if let own = caller.role, own >= role { return true }
    note(caller, "refused", line, isDone: false)
    refuse(request.client, line)
    return false
  }

  mutating func refuse(_ client: UInt64, _ line: ByteString) {
    outputs.append(.answer(client, JSONWriter.outcome(of: "command", line, refusal: "not allowed")))
  }

  private mutating func answerError(_ text: ByteString, _ client: UInt64) {
    var json = JSONWriter()
    json.object { $0.field("error", text) }
    outputs.append(.answer(client, json.bytes))
  }

  // MARK: The console

  private mutating func answerConsole(
    _ words: ArraySlice<ByteString>, _ request: OperatorRequest, _ caller: Operators.Caller, at now: Instant
  ) {
    var json = JSONWriter()
    switch words.first {
    case nil:
      json.object { json in
        json.field("branch", settings.name)
        json.field("language", ByteString(language(of: caller).code))
        json.field("users", settings.users.count)
        json.field("role", (caller.role?.name).map { ByteString($0) })
      }
    case "editing": json.object { writeEditing(caller, to: &$0, at: now) }
    case "left":
      operators.stopsEditing(caller.who)
      json.object { $0.field("done", true) }
    case "typed":
      // What was typed is in the text: the words of a line are not the line.
      note(caller, "typed", ByteString(request.text.prefix(Self.auditBytes)), isDone: true)
      json.object { $0.field("done", true) }
    default: return answerError("unknown question", request.client)
    }
    outputs.append(.answer(request.client, json.bytes))
  }

  private mutating func writeEditing(_ caller: Operators.Caller, to json: inout JSONWriter, at now: Instant) {
    let others = operators.edits(caller.who, at: now)
    json.array("others") { json in for other in others { json.value(other) } }
    guard let running = configurations.revisions?.running else { return }
    json.field("revision", running.number)
    json.field("by", running.by)
  }

  private func language(of caller: Operators.Caller) -> Language {
    settings.users.first { $0.name == caller.name }?.language ?? settings.language
  }

  // MARK: Log-in

  mutating func logIn(
    _ request: OperatorRequest, _ caller: Operators.Caller, page: UInt64? = nil, at now: Instant
  ) {
    if case .user = request.peer { return refuseLogin(request.client, caller) }
    if let wait = operators.lockedOut(caller, page: page, at: now) {
      return refuseLogin(request.client, caller, wait: wait)
    }
    guard page == nil || operators.page.mayLogIn(at: now) else { return refuseHurry(request, caller, at: now) }
    guard let ticket = operators.beginCheck(caller, for: request.client, page: page) else {
      return refuseLogin(request.client, caller, wait: .seconds(1))
    }
    let user = settings.users.first { $0.name == caller.name }
    // A name that nobody has takes as long as a wrong password.
    outputs.append(.verify(ticket, password: request.text, hash: user?.passwordHash))
  }

  mutating func verified(_ ticket: UInt64, _ isRight: Bool, at now: Instant) {
    guard let (check, lockedOut) = operators.endCheck(ticket, isRight: isRight, at: now) else { return }
    note(check.caller, "login", check.place, isDone: isRight)
    guard isRight, let role = check.caller.role else {
      outputs.append(.log(LogEntry(.warning, "login.refused", check.caller.who)))
      for what in lockedOut { outputs.append(.log(LogEntry(.warning, "login.locked-out", what))) }
      return refuseLogin(check.client, check.caller)
    }
    outputs.append(.log(LogEntry(.notice, "login", check.caller.who)))
    if let channel = check.page { operators.page.admit(check.caller.who, by: channel, at: now) }
    var json = JSONWriter()
    json.object { json in
      json.field("user", check.caller.name)
      json.field("role", ByteString(role.name))
      json.field("language", ByteString(language(of: check.caller).code))
    }
    outputs.append(.answer(check.client, json.bytes))
  }

  mutating func refuseLogin(_ client: UInt64, _ caller: Operators.Caller, wait: Interval? = nil) {
    var json = JSONWriter()
    json.object { json in
      json.outcome(of: "login", caller.name, refusal: wait == nil ? "wrong" : "locked out")
      if let wait { json.field("seconds", max(1, wait.seconds)) }
    }
    outputs.append(.answer(client, json.bytes))
  }

  // MARK: Audit

  /// Bytes of a typed line that are kept.
  static var auditBytes: Int { 400 }

  private mutating func note(_ caller: Operators.Caller, _ act: ByteString, _ subject: ByteString, isDone: Bool) {
    note(caller.who, act, subject, isDone: isDone)
  }

  mutating func note(_ who: ByteString, _ act: ByteString, _ subject: ByteString, isDone: Bool) {
    let fact = ActFact(
      at: wall, by: who, act: act, subject: ByteString(subject.bytes.prefix(Self.auditBytes)), isDone: isDone)
    audit.add(fact)
    journal.add(.act(fact))
  }
}

extension Order {
  /// Who may give it.
  var role: Role {
    switch self {
    case .act, .reschedule: .supervisor
    case .why: .readOnly
    case .test: .technician
    case .upkeep(let upkeep): upkeep.role
    case .custody: .technician
    }
  }
}

extension ConfigurationOrder {
  var role: Role {
    switch self {
    case .show, .revisions, .compare: .readOnly
    case .commit, .rollBack, .confirm, .undo: .technician
    }
  }
}
