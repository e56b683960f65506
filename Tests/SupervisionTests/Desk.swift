// The page between browsers and a daemon that a test plays: requests go in, what comes out is sorted.

import Basics
import Supervision

final class Desk {
  /// A question that the daemon was asked.
  struct Question: Equatable {
    var number: UInt64
    var line: ByteString
    var text: [UInt8]?
  }

  var machine: Supervision
  var now = Instant.zero + .hours(1)
  private var lastRequest: UInt64 = 0
  private(set) var replies: [UInt64: WebResponse] = [:]
  private(set) var questions: [Question] = []
  /// What was sent to each stream since it was looked at last.
  private var sent: [UInt64: [UInt8]] = [:]
  private(set) var open: Set<UInt64> = []
  private(set) var lines: [ByteString] = []

  static let place = IPAddress.v4(0xC0A8_0105)
  static let placeText: ByteString = "192.168.1.5"

  init(metricsFrom: [Subnet] = [], hasGivenCertificate: Bool = false) {
    machine = Supervision(
      .init(metricsFrom: metricsFrom, hasGivenCertificate: hasGivenCertificate), entropy: Array(0..<32))
  }

  func tell(_ input: Supervision.Input) {
    machine.handle(input, at: now)
    while let output = machine.pollOutput() {
      switch output {
      case .reply(let number, let response): replies[number] = response
      case .beginStream(let number, _): open.insert(number)
      case .send(let number, let bytes): sent[number, default: []] += bytes
      case .endStream(let number): open.remove(number)
      case .ask(let number, let line, let text): questions.append(Question(number: number, line: line, text: text))
      case .log(let line): lines.append(line)
      }
    }
  }

  // MARK: Time

  /// Goes from deadline to deadline.
  func pass(_ interval: Interval) {
    let end = now + interval
    while let deadline = machine.nextDeadline, deadline <= end {
      now = max(now, deadline)
      tell(.wake)
      guard machine.nextDeadline.map({ $0 > now }) ?? true else { break }
    }
    now = end
    tell(.wake)
  }

  // MARK: Browsers

  func send(
    _ method: WebRequest.Method, _ target: ByteString, body: ByteString = "", cookie: ByteString? = nil,
    csrf: ByteString? = nil, from: IPAddress = Desk.place, change: (inout WebRequest) -> Void = { _ in }
  ) -> UInt64 {
    lastRequest += 1
    var request = WebRequest(number: lastRequest, method: method, target: target, from: from, body: body.bytes)
    if method == .post { request[.contentType] = "application/json" }
    request[.host] = "box:8443"
    request[.cookie] = cookie.map { ByteString("theme=dark; __Host-session=") + $0 }
    request[.csrfToken] = csrf
    change(&request)
    tell(.request(request))
    return lastRequest
  }

  /// The status of the answer; nil while there is none.
  func status(_ number: UInt64) -> Int? { replies[number]?.status }

  func body(_ number: UInt64) -> String {
    guard case .bytes(let bytes)? = replies[number]?.body else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  func header(_ name: StaticString, of number: UInt64) -> ByteString? {
    replies[number]?.headers.last { ByteString($0.name) == ByteString(name) }?.value
  }

  /// What was sent to a stream since the last look, by the names of the events.
  func events(_ stream: UInt64) -> [String] {
    let text = String(decoding: sent.removeValue(forKey: stream) ?? [], as: UTF8.self)
    return text.split(separator: "\n\n").compactMap { event in
      event.split(separator: "\n").first.map { String($0.dropFirst("event: ".count)) }
    }
  }

  // MARK: The daemon

  /// The oldest question, which is taken.
  func question() -> Question? { questions.isEmpty ? nil : questions.removeFirst() }

  func answer(_ text: String) {
    guard let question = question() else { return }
    tell(.answered(question.number, Array(text.utf8)))
  }

  func saysNothing() {
    guard let question = question() else { return }
    tell(.unanswered(question.number))
  }

  // MARK: People

  struct NotLoggedIn: Error {}
  struct Person {
    var cookie: ByteString
    var csrf: ByteString
  }

  func logIn(_ name: ByteString = "lee", role: String = "supervisor", from: IPAddress = Desk.place) throws -> Person {
    let number = send(.post, "/login", body: ByteString(#"{"name":""#) + name + #"","password":"secret"}"#, from: from)
    answer(#"{"user":"lee","role":"\#(role)","language":"zh"}"#)
    guard let cookie = header("Set-Cookie", of: number),
      let session = JSONValue(parsing: Array(body(number).utf8)), case .object(let members) = session,
      case .text(let csrf)? = members.first(where: { $0.key == "csrf" })?.value
    else { throw NotLoggedIn() }
    let value = cookie.bytes.drop { $0 != UInt8(ascii: "=") }.dropFirst().prefix { $0 != UInt8(ascii: ";") }
    return Person(cookie: ByteString(value), csrf: csrf)
  }
}
