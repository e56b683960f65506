// Log-in, log-out and orders: passed to the daemon, whose word is the answer.

import Basics

extension Supervision {
  // MARK: Log-in

  mutating func logIn(_ request: WebRequest, at now: Instant) {
    guard let name = request.text("name"), let password = request.text("password") else {
      return refuse(request.number, 400, "name and password are missing")
    }
    if let old = sessions.of(request) { endSession(old.number, at: now) }
    let place = request.from.text
    guard Self.isName(name), password.count <= SupervisionLimits.passwordBytes else {
      return refuse(request.number, 401, "wrong")
    }
    let purpose = Purpose.logIn(request.number, name: name, place: place)
    if !ask(Self.logIn(name, place), text: password.bytes, for: purpose, at: now) {
      refuse(request.number, 503, "busy")
    }
  }

  static func logIn(_ name: ByteString, _ place: ByteString) -> ByteString {
    ByteString("as ") + name + "@" + place + " login"
  }

  /// As names of users are in the configuration: nothing that could be more than one word of a question.
  static func isName(_ name: ByteString) -> Bool {
    !name.isEmpty && name.count <= SupervisionLimits.nameBytes
      && name.bytes.allSatisfy {
        $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: ".")
      }
  }

  mutating func loggedIn(
    _ answer: [UInt8]?, _ request: UInt64, _ name: ByteString, _ place: ByteString, at now: Instant
  ) {
    guard let answer, let verdict = JSONValue(parsing: answer) else {
      return refuse(request, 503, "the daemon does not answer")
    }
    guard let role = verdict.text("role") else {
      counters.failedLogIns += 1
      // Wrong, or locked out and for how long: as the daemon says it.
      return reply(request, verdict.text("refusal") == "locked out" ? 429 : 401, answer)
    }
    let language = verdict.text("language") ?? "en"
    if let leaving = sessions.leaving(watched: watched) {
      counters.sessionLimitHit += 1
      log("as many people at the page as there may be: the one idle longest is logged out", at: now)
      endSession(leaving, at: now)
    }
    let session = sessions.begin(name, at: place, role: role, language: language, tokens: &tokens, at: now)
    counters.logIns += 1
    var response = WebResponse.json(200, description(of: session))
    let attributes: ByteString = "; Path=/; Secure; HttpOnly; SameSite=Strict"
    response.headers.append(
      .init(name: "Set-Cookie", value: Sessions.cookie + "=" + ByteString(session.token) + attributes))
    reply(request, response)
  }

  mutating func logOut(_ request: WebRequest, _ session: Session, at now: Instant) {
    endSession(session.number, at: now)
    var response = WebResponse.json(200, Array("{}".utf8))
    response.headers.append(
      .init(name: "Set-Cookie", value: Sessions.cookie + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"))
    reply(request.number, response)
  }

  /// Nobody is no error: the page asks when it is opened. It also asks by itself, so this is no hand.
  mutating func tellSession(_ request: WebRequest) {
    guard let session = sessions.of(request) else { return reply(request.number, 200, Array(#"{"user":null}"#.utf8)) }
    reply(request.number, 200, description(of: session))
  }

  /// `room`: whether its browser can be told of changes; the page cannot see why a stream is refused.
  private func description(of session: Session) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("user", session.name)
      json.field("role", session.role)
      json.field("language", session.language)
      json.field("csrf", ByteString(session.csrf))
      json.field("room", streams.count < SupervisionLimits.streams)
    }
    return json.bytes
  }

  // MARK: Orders

  /// What the page may order, as the console's commands are called.
  private static var acts: [StaticString] {
    ["callback cancel", "callback dial-now", "agent login", "agent logout", "agent pause", "agent ready"]
  }

  mutating func order(_ request: WebRequest, _ session: Session, at now: Instant) {
    guard let act = request.text("act"), Self.acts.contains(where: { ByteString($0) == act }),
      let subject = request.text("subject"), !subject.isEmpty, subject.count <= SupervisionLimits.subjectBytes,
      subject.bytes.allSatisfy({ $0.isASCIIDigit })
    else { return refuse(request.number, 400, "no such order") }
    counters.orders += 1
    if !ask(session.prefix + act + " " + subject, for: .order(request.number), at: now) {
      refuse(request.number, 503, "busy")
    }
  }

  mutating func ordered(_ answer: [UInt8]?, _ request: UInt64) {
    guard let answer, let verdict = JSONValue(parsing: answer) else {
      return refuse(request, 503, "the daemon does not answer")
    }
    guard verdict.member("done") != .flag(true) else { return reply(request, 200, answer) }
    reply(request, verdict.text("refusal") == "not allowed" ? 403 : 409, answer)
  }
}
