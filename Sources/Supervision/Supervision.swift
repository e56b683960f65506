// The supervisor's page as a machine: requests of browsers and answers of the daemon come in, answers and questions go out.
// It decides who is seen as logged in, never what somebody may do: each question and each order goes to the daemon in the
// name of the person, as the console's do, and the daemon says yes or no and writes the audit log.

import Basics
import Digests

///     supervision.handle(.request(request), at: now)
///     while let output = supervision.pollOutput() { … }
public struct Supervision {
  public struct Settings: Sendable {
    /// Who may read the metrics without a log-in.
    public var metricsFrom: [Subnet]
    /// The certificate was given by somebody, so browsers may be told to insist on it.
    public var hasGivenCertificate: Bool

    public init(metricsFrom: [Subnet], hasGivenCertificate: Bool) {
      self.metricsFrom = metricsFrom
      self.hasGivenCertificate = hasGivenCertificate
    }
  }

  public enum Input: Sendable {
    case request(WebRequest)
    /// Whoever made the request of this number is gone.
    case gone(UInt64)
    /// Of the daemon.
    case answered(UInt64, [UInt8])
    case unanswered(UInt64)
    /// Nothing but time has come.
    case wake
  }

  public enum Output: Equatable, Sendable {
    case reply(UInt64, WebResponse)
    /// An answer that goes on, of the type `text/event-stream`.
    case beginStream(UInt64, [WebResponse.Header])
    case send(UInt64, [UInt8])
    case endStream(UInt64)
    /// To be answered by `answered` or `unanswered`.
    case ask(UInt64, ByteString, text: [UInt8]?)
    /// A limit that was hit and the like.
    case log(ByteString)
  }

  /// Since the start.
  public struct Counters: Sendable, Equatable {
    public var requests = 0
    public var refused = 0
    public var foreign = 0
    public var logIns = 0
    public var failedLogIns = 0
    public var orders = 0
    public var sessionLimitHit = 0
    public var streamLimitHit = 0
    public var questionLimitHit = 0
    public var scrapeLimitHit = 0
    public var unanswered = 0
  }

  /// What a question to the daemon was for.
  enum Purpose {
    case logIn(UInt64, name: ByteString, place: ByteString)
    case order(UInt64)
    case snapshot(session: UInt64)
    case metrics(Scrape)
    /// A log-in for the metrics alone.
    case metricsLogIn(Scrape, digest: [UInt8])
    case logOut
  }

  struct Stream {
    let request: UInt64
    let session: UInt64
    var needsEverything = true
  }

  let settings: Settings
  /// For the metrics.
  public var connections = ConnectionCounters()
  public internal(set) var counters = Counters()
  var sessions = Sessions()
  var streams: [Stream] = []
  var tokens: TokenSource
  var outputs = Fifo<Output>()

  // Questions.
  private var purposes: [UInt64: Purpose] = [:]
  private var waiting = Fifo<(number: UInt64, line: ByteString, text: [UInt8]?)>()
  private var lastQuestion: UInt64 = 0
  private var openQuestions = 0

  // Watching.
  var snapshot = Snapshot()
  var pollAt: Instant?
  var isPolling = false
  var refreshAt = Instant.zero
  var toldAt = Instant.zero
  var daemonIsSilent = false
  /// Whose turn it is to ask.
  var turn = 0

  // Metrics.
  var remembered: [(digest: [UInt8], until: Instant)] = []
  var scrapes = 0

  private var loggedAt: [(text: ByteString, at: Instant)] = []

  /// - Parameter entropy: at least 16 unpredictable bytes, of which tokens are made.
  public init(_ settings: Settings, entropy: [UInt8]) {
    self.settings = settings
    tokens = TokenSource(entropy: entropy)
  }

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public var nextDeadline: Instant? {
    sessions.nextDeadline(watched: watched).earlier(isPolling ? nil : pollAt)
  }

  public mutating func handle(_ input: Input, at now: Instant) {
    for number in sessions.idle(watched: watched, at: now) { endSession(number, at: now) }
    switch input {
    case .request(let request):
      counters.requests += 1
      route(request, at: now)
    case .gone(let number): streams.removeAll { $0.request == number }
    case .answered(let number, let bytes): take(bytes, for: number, at: now)
    case .unanswered(let number):
      counters.unanswered += 1
      take(nil, for: number, at: now)
    case .wake: break
    }
    poll(at: now)
  }

  /// Where those are who are logged in.
  public var places: [IPAddress] { sessions.all.compactMap { IPAddress($0.place) } }

  /// Sessions with a browser that watches.
  var watched: [UInt64] { streams.map { $0.session } }

  // MARK: Routes

  private mutating func route(_ request: WebRequest, at now: Instant) {
    switch (request.method, request.path) {
    // For whoever comes, from wherever: a link, a bookmark, a scraper.
    case (.get, "/metrics"): scrape(request, at: now)
    case (.get, "/"), (.head, "/"):
      reply(request.number, WebResponse(200, type: "text/html; charset=utf-8", .file(.page)))
    case (.get, "/page.css"), (.head, "/page.css"):
      reply(request.number, WebResponse(200, type: "text/css; charset=utf-8", .file(.style)))
    case (.get, "/page.js"), (.head, "/page.js"):
      reply(request.number, WebResponse(200, type: "text/javascript; charset=utf-8", .file(.script)))
    default: routeOwn(request, at: now)
    }
  }

  /// What the page itself asks.
  private mutating func routeOwn(_ request: WebRequest, at now: Instant) {
    guard request.isOfOwnPage else {
      counters.foreign += 1
      return refuse(request.number, 403, "not from this page")
    }
    switch (request.method, request.path) {
    case (.post, "/login"): logIn(request, at: now)
    case (.post, "/logout"): withHand(request, at: now) { $0.logOut(request, $1, at: now) }
    case (.post, "/order"): withHand(request, at: now) { $0.order(request, $1, at: now) }
    case (.post, "/alive"): withHand(request, at: now) { machine, _ in machine.reply(request.number, 200, []) }
    case (.get, "/events"): watch(request, at: now)
    case (.get, "/session"): tellSession(request)
    default: refuse(request.number, 404, "not found")
    }
  }

  mutating func reply(_ request: UInt64, _ response: WebResponse) {
    var response = response
    if settings.hasGivenCertificate {
      response.headers.append(.init(name: "Strict-Transport-Security", value: "max-age=31536000"))
    }
    outputs.append(.reply(request, response))
  }
  mutating func reply(_ request: UInt64, _ status: Int, _ json: [UInt8]) {
    reply(request, .json(status, json.isEmpty ? Array("{}".utf8) : json))
  }
  mutating func refuse(_ request: UInt64, _ status: Int, _ text: StaticString) {
    counters.refused += 1
    reply(request, .error(status, text))
  }

  /// What a person does: with the cookie and the token of the page's script.
  private mutating func withHand(
    _ request: WebRequest, at now: Instant, _ body: (inout Supervision, Session) -> Void
  ) {
    guard let session = sessions.of(request) else { return refuse(request.number, 401, "not logged in") }
    guard let token = request[.csrfToken], Digests.equal(token.bytes, session.csrf) else {
      counters.foreign += 1
      return refuse(request.number, 403, "not from this page")
    }
    sessions.touch(session.number, at: now)
    body(&self, session)
  }

  /// With the last session of somebody at a place the daemon is told: from then on this process cannot speak for them.
  mutating func endSession(_ number: UInt64, at now: Instant) {
    guard let session = sessions[number] else { return }
    for stream in streams where stream.session == number {
      outputs.append(.send(stream.request, Self.event("ended", Array("{}".utf8))))
      outputs.append(.endStream(stream.request))
    }
    streams.removeAll { $0.session == number }
    sessions.end(number)
    if !sessions.all.contains(where: { $0.prefix == session.prefix }) {
      // If too many questions wait, the daemon forgets who says nothing.
      _ = ask(session.prefix + "logout", for: .logOut, at: now)
    }
  }

  /// The same once a minute at most.
  mutating func log(_ text: ByteString, at now: Instant) {
    loggedAt.removeAll { now - $0.at >= SupervisionLimits.logEvery }
    guard !loggedAt.contains(where: { $0.text == text }) else { return }
    loggedAt.append((text, now))
    outputs.append(.log(text))
  }

  // MARK: Questions to the daemon

  var waitingQuestions: Int { waiting.count }

  /// False: too many wait.
  mutating func ask(_ line: ByteString, text: [UInt8]? = nil, for purpose: Purpose, at now: Instant) -> Bool {
    guard openQuestions < SupervisionLimits.questions || waiting.count < SupervisionLimits.waitingQuestions else {
      counters.questionLimitHit += 1
      log("too many questions at once for the daemon", at: now)
      return false
    }
    lastQuestion += 1
    purposes[lastQuestion] = purpose
    waiting.append((lastQuestion, line, text))
    sendQuestions()
    return true
  }

  private mutating func sendQuestions() {
    while openQuestions < SupervisionLimits.questions, let next = waiting.popFirst() {
      openQuestions += 1
      outputs.append(.ask(next.number, next.line, text: next.text))
    }
  }

  private mutating func take(_ answer: [UInt8]?, for number: UInt64, at now: Instant) {
    guard let purpose = purposes.removeValue(forKey: number) else { return }
    openQuestions -= 1
    switch purpose {
    case .logIn(let request, let name, let place): loggedIn(answer, request, name, place, at: now)
    case .order(let request): ordered(answer, request)
    case .snapshot(let session): look(at: answer, of: session, at: now)
    case .metrics(let scrape): gather(answer, scrape, at: now)
    case .metricsLogIn(let scrape, let digest): admit(answer, scrape, digest, at: now)
    case .logOut: break
    }
    sendQuestions()
  }
}
