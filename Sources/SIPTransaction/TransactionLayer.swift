// All client and server transactions of RFC 3261 §17, with RFC 6026 (accepted), RFC 4320 and 4321 (non-INVITE).
// This file: what goes in and out, and time. It resends and absorbs; it never decides an answer, but for the 503 of a
// full table, and never resends a 2xx to INVITE, which is the user's (§13.3.1.4).

import Basics
import SIPMessage

/// Handle an input or advance the time, then drain `pollOutput` until nil.
///
///     transactions.handle(.received(message, flow), at: now)
///     while let output = transactions.pollOutput() { … }
public struct TransactionLayer {
  public typealias ServerID = SlotID
  public typealias ClientID = SlotID

  public enum Input {
    case received(SIPMessage, Flow)
    /// Starts a client transaction. `branch` is that of the top Via in `request`. The ACK to a 2xx belongs to none and
    /// does not come here. `user` is a number of the user's, and comes back with what happens.
    ///
    /// The alternatives are for a transport that fails before anything was heard.
    case send(
      request: [UInt8], method: SIPMethod, branch: ByteString, flow: Flow, user: UInt64, orElse: [Alternative] = [])
    /// The user's answer, or his retransmission of a 2xx to INVITE.
    case respond(ServerID, status: Int, bytes: [UInt8])
    /// What was sent there did not leave, or the connection is gone.
    case failed(Flow)
    /// The user no longer cares for his client transactions with this number: they run to their ends in silence (a
    /// refusal still gets its ACK), and a 2xx to INVITE comes as `strayResponse`.
    case abandon(user: UInt64)
  }

  /// Another way for a request, which is then sent anew (RFC 3261 §18.1.1).
  public struct Alternative: Sendable {
    public var flow: Flow
    public var request: [UInt8]

    public init(flow: Flow, request: [UInt8]) {
      self.flow = flow
      self.request = request
    }
  }

  public enum Output {
    case send(Flow, [UInt8])
    /// A new request that is neither ACK nor CANCEL, with the flow it came by.
    case request(ServerID, SIPMessage, Flow)
    /// A CANCEL, which is a transaction of its own, and the INVITE it is meant for, if that is known.
    case cancel(ServerID, SIPMessage, Flow, matching: ServerID?)
    /// The ACK to a 2xx, for the dialog.
    case ack(SIPMessage, Flow)
    /// Every provisional response, the final one once; to INVITE every further 2xx, each of which wants an ACK.
    case response(user: UInt64, SIPMessage, Flow)
    /// Timer B or F: no final response; to be treated as 408. The last word for this transaction.
    case timedOut(user: UInt64)
    /// To be treated as 503. The last word for this transaction.
    case transportFailed(user: UInt64)
    /// Timer H: the refusal of an INVITE was never acknowledged.
    case unacknowledged(ServerID)
    /// A response that belongs to no transaction, or to an abandoned one.
    case strayResponse(SIPMessage, Flow)
    case log(LogEntry)
  }

  /// How often things happened since the start.
  public struct Counters: Sendable {
    public var clientsStarted: UInt64 = 0
    public var serversStarted: UInt64 = 0
    /// Messages sent once more, by timer or because the request came again.
    public var retransmissions: UInt64 = 0
    /// Messages that came again, or out of place, and changed nothing.
    public var absorbed: UInt64 = 0
    public var timeouts: UInt64 = 0
    public var transportFailures: UInt64 = 0
    public var unacknowledged: UInt64 = 0
    public var strayResponses: UInt64 = 0
    /// Answers of the user that came too late or that RFC 4320 forbids.
    public var responsesRefused: UInt64 = 0
    /// Requests answered 503 because the table was full.
    public var requestsRefused: UInt64 = 0
    /// Finished transactions given up early to make room.
    public var evicted: UInt64 = 0
    /// Requests of the user not sent because the table was full or the branch was taken.
    public var sendsRefused: UInt64 = 0
    /// Requests sent another way because the first one failed.
    public var sentOtherwise: UInt64 = 0
  }

  let values: TimerValues
  public let limits: TransactionLimits
  private(set) var secret: (UInt64, UInt64)
  var clients: Slab<ClientTransaction>
  var servers: Slab<ServerTransaction>
  var clientIndex: [TransactionKey: ClientID] = [:]
  var serverIndex: [TransactionKey: ServerID] = [:]
  var timers: TransactionTimers
  var outputs = Fifo<Output>()
  /// Whether requests were refused since the table was last half empty: said in the log once.
  var isRefusing = false
  public internal(set) var counters = Counters()

  /// - Parameter secret: unpredictable; keeps peers from constructing keys that collide.
  public init(
    timers values: TimerValues = TimerValues(), limits: TransactionLimits = TransactionLimits(),
    secret: (UInt64, UInt64) = (0, 0)
  ) {
    self.values = values
    self.limits = limits
    self.secret = secret
    clients = Slab(limit: limits.maxClientTransactions)
    servers = Slab(limit: limits.maxServerTransactions)
    timers = TransactionTimers(values)
  }

  /// Takes another secret while no transaction runs; false, and nothing happens, while one does.
  public mutating func adopt(secret: (UInt64, UInt64)) -> Bool {
    guard clients.count == 0 && servers.count == 0 else { return false }
    self.secret = secret
    return true
  }

  public var clientCount: Int { clients.count }
  public var serverCount: Int { servers.count }

  public var nextDeadline: Instant? { timers.nextDeadline }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ input: Input, at now: Instant) {
    advance(to: now)
    switch input {
    case .received(let message, let flow):
      if message.isRequest {
        receive(request: message, flow, at: now)
      } else {
        receive(response: message, flow, at: now)
      }
    case .send(let request, let method, let branch, let flow, let user, let alternatives):
      send(request, method, branch, flow, user, alternatives, at: now)
    case .respond(let id, let status, let bytes):
      respond(id, status, bytes, at: now)
    case .failed(let flow):
      fail(flow, at: now)
    case .abandon(let user):
      abandon(user, at: now)
    }
  }

  /// Lets every timer fire that is due.
  public mutating func advance(to now: Instant) {
    guard let deadline = timers.nextDeadline, deadline <= now else { return }
    while let timer = timers.popDue(at: now) {
      guard isAwaited(timer) else { continue }
      if timer.name.isOfClient {
        apply(.timer(timer.name), toClient: timer.id, at: now)
      } else {
        apply(.timer(timer.name), toServer: timer.id, at: now)
      }
    }
    let (clients, servers) = (clients, servers)
    timers.dropIdle { timer in
      timer.name.isOfClient
        ? clients[timer.id]?.machine.awaits(timer.name) ?? false
        : servers[timer.id]?.machine.awaits(timer.name) ?? false
    }
  }

  private func isAwaited(_ timer: TimerKey) -> Bool {
    timer.name.isOfClient
      ? clients[timer.id]?.machine.awaits(timer.name) ?? false
      : servers[timer.id]?.machine.awaits(timer.name) ?? false
  }

  private mutating func fail(_ flow: Flow, at now: Instant) {
    for id in clients.ids where clients[id]?.flow.isHit(by: flow) ?? false {
      if !sendOtherwise(id, at: now) { apply(.transportFailed, toClient: id, at: now) }
    }
    for id in servers.ids where servers[id]?.flow.isHit(by: flow) ?? false {
      apply(.transportFailed, toServer: id, at: now)
    }
  }
}

extension TimerName {
  var isOfClient: Bool {
    switch self {
    case .a, .b, .d, .e, .f, .k, .m, .abandonment: true
    case .g, .h, .i, .j, .l, .lateness: false
    }
  }
}
