// The supervisor's page between strangers and the daemon: requests of all kinds, answers of all kinds, time.

import Basics

@testable import Supervision

enum FuzzPage {
  private static let targets: [ByteString] = [
    "/", "/page.js", "/login", "/logout", "/order", "/alive", "/events", "/session", "/metrics", "/metrics?x", "",
  ]
  private static let acts: [ByteString] = ["callback cancel", "callback dial-now", "agent login", "agent why", ""]
  private static let answers: [ByteString] = [
    #"{"user":"lee","role":"supervisor","language":"en"}"#, #"{"done":false,"refusal":"not allowed"}"#,
    #"{"status":{"calls":1,"uptimeSeconds":3},"queues":[{"queue":"q","waiting":1}]}"#, #"{"done":true}"#, "{}",
  ]

  static func run(_ bytes: [UInt8]) {
    var choices = Choices(bytes)
    var page = Page()
    while !choices.rest.isEmpty { page.step(&choices) }
  }

  /// What a browser and the daemon may rely on, looked at with each output.
  private struct Page {
    private var machine = Supervision(
      .init(metricsFrom: [], hasGivenCertificate: true), entropy: [UInt8](repeating: 7, count: 32))
    private var now = Instant.zero
    private var lastRequest: UInt64 = 0
    private var unanswered: Set<UInt64> = []
    private var streams: Set<UInt64> = []
    private var questions: [(number: UInt64, line: ByteString)] = []
    private var cookie: ByteString = ""
    private var token: ByteString = ""
    /// The daemon has let somebody in.
    private var hasAdmitted = false

    mutating func step(_ choices: inout Choices) {
      let kind = choices.byte()
      switch kind & 3 {
      case 0, 1: handle(.request(request(&choices, isMade: kind & 4 != 0)))
      case 2:
        guard !questions.isEmpty else { return }
        let question = questions.remove(at: Int(kind >> 2) % questions.count)
        let answer = self.answer(&choices)
        if question.line.bytes.suffix(6).elementsEqual(" login".utf8), JSONValue(parsing: answer)?.text("role") != nil {
          hasAdmitted = true
        }
        handle(kind & 0x80 == 0 ? .answered(question.number, answer) : .unanswered(question.number))
      default:
        now = now + .milliseconds([100, 1_000, 60_000, 900_000][Int(kind >> 2) & 3])
        let gone = streams.min()
        handle(kind & 0x40 != 0 && gone != nil ? .gone(gone ?? 0) : .wake)
        if kind & 0x40 != 0, let gone { streams.remove(gone) }
      }
    }

    private mutating func request(_ choices: inout Choices, isMade: Bool) -> WebRequest {
      lastRequest += 1
      unanswered.insert(lastRequest)
      let flags = choices.byte()
      var request = WebRequest(
        number: lastRequest, method: flags & 3 == 0 ? .get : flags & 3 == 1 ? .head : .post,
        target: some(FuzzPage.targets, &choices), from: .v4(0xC0A8_0100 | UInt32(flags >> 6)),
        body: body(&choices).bytes)
      if isMade {
        request[.contentType] = "application/json"
        request[.cookie] = Sessions.cookie + "=" + cookie
        request[.csrfToken] = token
      } else {
        for header in WebRequest.Header.allCases where choices.byte() & 1 == 0 {
          request[header] = some([""], &choices)
        }
      }
      return request
    }

    private func some(_ known: [ByteString], _ choices: inout Choices) -> ByteString {
      let choice = choices.byte()
      return choice & 1 == 0 ? known[Int(choice >> 1) % known.count] : ByteString(choices.bytes(Int(choice >> 1)))
    }

    /// With the words that are looked at in their places, or as the bytes have it.
    private func body(_ choices: inout Choices) -> ByteString {
      let choice = choices.byte()
      let act = FuzzPage.acts[Int(choice >> 2) % FuzzPage.acts.count]
      let word = ByteString(choices.bytes(Int(choices.byte() & 31)))
      switch choice & 3 {
      case 0: return #"{"name":"lee","password":"x"}"#
      case 1: return #"{"name":""# + word + #"","password":"x"}"#
      case 2: return #"{"act":""# + act + #"","subject":""# + word + #""}"#
      default: return word
      }
    }

    private func answer(_ choices: inout Choices) -> [UInt8] {
      let choice = choices.byte()
      return choice & 1 == 0
        ? FuzzPage.answers[Int(choice >> 1) % FuzzPage.answers.count].bytes : choices.bytes(Int(choice >> 1))
    }

    private mutating func handle(_ input: Supervision.Input) {
      machine.handle(input, at: now)
      while let output = machine.pollOutput() { look(output) }
      must(streams.count <= SupervisionLimits.streams, "no more browsers watch than may")
      must(machine.sessions.all.count <= SupervisionLimits.sessions, "no more people than may")
      must(machine.sessions.all.isEmpty || hasAdmitted, "nobody is in whom the daemon has not let in")
    }

    private mutating func look(_ output: Supervision.Output) {
      switch output {
      case .reply(let number, let response):
        must(unanswered.remove(number) != nil, "one answer to each request")
        for header in response.headers {
          must(!header.value.bytes.contains { $0 < 0x20 }, "a header is one line: \(header.value)")
          if ByteString(header.name) == "Set-Cookie" {
            cookie = ByteString(header.value.bytes.drop { $0 != 0x3D }.dropFirst().prefix { $0 != 0x3B })
          }
        }
        if case .bytes(let body) = response.body, let csrf = JSONValue(parsing: body)?.text("csrf") { token = csrf }
      case .beginStream(let number, _):
        must(unanswered.remove(number) != nil && streams.insert(number).inserted, "a stream is an answer")
      case .send(let number, let bytes):
        must(streams.contains(number), "who is told watches")
        must(bytes.suffix(2) == [10, 10], "whole events")
      case .endStream(let number): must(streams.remove(number) != nil, "what ends had begun")
      case .ask(let number, let line, _):
        questions.append((number, line))
        must(questions.count <= SupervisionLimits.questions, "the daemon is not asked too much")
        look(line)
      case .log(let line): must(!line.bytes.contains(10), "a line of the log")
      }
    }

    /// `as NAME@PLACE` and what the daemon's list has.
    private func look(_ line: ByteString) {
      let words = line.bytes.split(separator: 0x20, omittingEmptySubsequences: false).map { ByteString($0) }
      must(!line.bytes.contains { $0 < 0x20 }, "a question is one line: \(line)")
      must(words.count == 3 || words.count == 5, "no more words than there should be: \(line)")
      must(words[0] == "as" && words[1].bytes.filter { $0 == UInt8(ascii: "@") }.count == 1, "in a name: \(line)")
      guard words.count == 5 else {
        must(["login", "logout", "overview", "counters", "process"].contains(words[2]), "a known question: \(line)")
        return
      }
      must(hasAdmitted, "an order of nobody: \(line)")
      must(words[4].bytes.allSatisfy { $0.isASCIIDigit }, "of a number: \(line)")
    }
  }
}
