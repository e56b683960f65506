// The server half of the layer: matching requests, repetitions, ACK and CANCEL (RFC 3261 §17.2.3, §9.2), the user's
// responses (RFC 4320 §4), and what happens when the table is full.

import Basics
import SIPMessage

struct ServerTransaction {
  enum Machine {
    case invite(InviteServerTransaction)
    case nonInvite(NonInviteServerTransaction)

    mutating func handle(_ event: ServerEvent) -> Effects? {
      switch self {
      case .invite(var machine):
        let effects = machine.handle(event)
        self = .invite(machine)
        return effects
      case .nonInvite(var machine):
        let effects = machine.handle(event)
        self = .nonInvite(machine)
        return effects
      }
    }
    func awaits(_ timer: TimerName) -> Bool {
      switch self {
      case .invite(let machine): machine.awaits(timer)
      case .nonInvite(let machine): machine.awaits(timer)
      }
    }
    var step: UInt8 { if case .invite(let machine) = self { machine.step } else { 0 } }
    var isInvite: Bool { if case .invite = self { true } else { false } }
  }

  let key: TransactionKey
  /// Where responses go, which need not be where the request came from (RFC 3261 §18.2.2).
  let flow: Flow
  let arrivedAt: Instant
  /// The last response, while it may have to be sent again. The request is not kept.
  var message: [UInt8] = []
  var machine: Machine
}

extension TransactionLayer {
  mutating func receive(request: SIPMessage, _ flow: Flow, at now: Instant) {
    let via = request.topVia
    let method = request.method
    let key = TransactionKey(serverOf: request, via: via, method: method, secret: secret)
    if let id = serverIndex[key] {
      if method == .ack {
        receive(ack: request, flow, for: id, hasCookie: via.hasMagicCookie, at: now)
      } else {
        apply(.retransmission, toServer: id, at: now)
      }
    } else if method == .ack {
      outputs.append(.ack(request, flow))
    } else {
      start(request, method, key, via, flow, at: now)
    }
  }

  private mutating func start(
    _ request: SIPMessage, _ method: SIPMethod, _ key: TransactionKey, _ via: Via, _ flow: Flow, at now: Instant
  ) {
    let isReliable = flow.transport.isReliable
    let responseFlow = flow.forResponse(via: via)
    let machine =
      method == .invite
      ? ServerTransaction.Machine.invite(InviteServerTransaction(isReliable: isReliable))
      : .nonInvite(NonInviteServerTransaction(isReliable: isReliable))
    let transaction = ServerTransaction(key: key, flow: responseFlow, arrivedAt: now, machine: machine)
    let isInDialog = method == .cancel || request.toTag != nil
    guard makeRoom(isInDialog: isInDialog, at: now), let id = servers.insert(transaction) else {
      return refuse(request, key, responseFlow)
    }
    if servers.count < servers.limit / 2 { isRefusing = false }
    counters.serversStarted += 1
    serverIndex[key] = id
    if case .nonInvite(let machine) = machine { carryOut(machine.opening, server: id, nil, given: [], at: now) }
    if method == .cancel {
      let invite = TransactionKey(serverOf: request, via: via, method: .invite, secret: secret)
      outputs.append(.cancel(id, request, flow, matching: serverIndex[invite]))
    } else {
      outputs.append(.request(id, request, flow))
    }
  }

  /// Whether there is room for another server transaction. The last eighth is for calls that exist: CANCEL, BYE and
  /// whatever else carries a tag in To. One that has been finished for a while is given up for it.
  private mutating func makeRoom(isInDialog: Bool, at now: Instant) -> Bool {
    let room = isInDialog ? servers.limit : servers.limit - servers.limit / 8
    while servers.count >= room {
      guard let oldest = timers.popFinishedServer(at: now) else { return false }
      guard let server = servers[oldest.id], server.machine.awaits(oldest.name) else { continue }
      servers.remove(oldest.id)
      serverIndex[server.key] = nil
      counters.evicted += 1
    }
    return true
  }

  private mutating func refuse(_ request: SIPMessage, _ key: TransactionKey, _ flow: Flow) {
    counters.requestsRefused += 1
    var writer = MessageWriter.response(503, to: request, toTag: key.tag)
    writer.header(.retryAfter, number: limits.retryAfterSeconds)
    outputs.append(.send(flow, writer.finish()))
    guard !isRefusing else { return }
    isRefusing = true
    outputs.append(.log(LogEntry(.warning, "transaction.full", "server transactions: " + ByteString(servers.count))))
  }

  private mutating func receive(
    ack: SIPMessage, _ flow: Flow, for id: ServerID, hasCookie: Bool, at now: Instant
  ) {
    if !hasCookie, let server = servers[id], !server.message.isEmpty {
      // RFC 2543: it must carry the tag of the response that it acknowledges.
      guard let response = try? SIPMessage(parsing: server.message),
        (response.toTag ?? []).elementsEqual(ack.toTag ?? [])
      else {
        counters.absorbed += 1
        return
      }
    }
    apply(.acknowledgement, toServer: id, (ack, flow), at: now)
  }

  mutating func respond(_ id: ServerID, _ status: Int, _ bytes: [UInt8], at now: Instant) {
    guard let server = servers[id], server.machine.isInvite || mayRespond(status, to: server, at: now) else {
      counters.responsesRefused += 1
      return
    }
    let event: ServerEvent =
      switch status {
      case ..<200: .provisional
      case ..<300: .success
      default: .refusal
      }
    guard let effects = servers[id]?.machine.handle(event) else {
      counters.responsesRefused += 1
      return
    }
    carryOut(effects, server: id, nil, given: bytes, at: now)
  }

  /// RFC 4320 §4: no 1xx but 100 to a non-INVITE request, and that over an unreliable transport only late; no 408.
  private func mayRespond(_ status: Int, to server: ServerTransaction, at now: Instant) -> Bool {
    guard status != 408 else { return false }
    guard status < 200 else { return true }
    return status == 100
      && (server.flow.transport.isReliable || now - server.arrivedAt >= values.provisionalSilence)
  }

  mutating func apply(
    _ event: ServerEvent, toServer id: ServerID, _ message: (SIPMessage, Flow)? = nil, at now: Instant
  ) {
    guard let effects = servers[id]?.machine.handle(event) else {
      counters.absorbed += 1
      return
    }
    if effects.contains(.transmit) { counters.retransmissions += 1 }
    carryOut(effects, server: id, message, given: [], at: now)
  }

  private mutating func carryOut(
    _ effects: Effects, server id: ServerID, _ message: (SIPMessage, Flow)?, given: [UInt8], at now: Instant
  ) {
    if effects.contains(.keepGiven) { servers[id]?.message = given }
    guard let server = servers[id] else { return }
    if effects.contains(.transmit), !server.message.isEmpty { outputs.append(.send(server.flow, server.message)) }
    if effects.contains(.transmitGiven) { outputs.append(.send(server.flow, given)) }
    if effects.contains(.report), let message { outputs.append(.ack(message.0, message.1)) }
    if effects.contains(.reportUnacknowledged) {
      counters.unacknowledged += 1
      outputs.append(.unacknowledged(id))
    }
    if effects.startsTimers {
      for name in [TimerName.g, .h, .i, .j, .l, .lateness] where effects.contains(.start(name)) {
        timers.start(name, for: id, step: server.machine.step, at: now)
      }
    }
    if effects.contains(.end) {
      servers.remove(id)
      serverIndex[server.key] = nil
    } else if effects.contains(.forgetMessage) {
      servers[id]?.message = []
    }
  }
}
