// The client half of the layer: sending requests, matching responses, carrying out what the machines ask for, and the
// ACK to a refusal (RFC 3261 §17.1.1.3).

import Basics
import SIPMessage

struct ClientTransaction {
  enum Machine {
    case invite(InviteClientTransaction)
    case nonInvite(NonInviteClientTransaction)

    init(_ isInvite: Bool, over transport: SIPTransport) {
      self =
        isInvite
        ? .invite(InviteClientTransaction(isReliable: transport.isReliable))
        : .nonInvite(NonInviteClientTransaction(isReliable: transport.isReliable))
    }

    mutating func handle(_ event: ClientEvent) -> Effects? {
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
    var opening: Effects {
      switch self {
      case .invite(let machine): machine.opening
      case .nonInvite(let machine): machine.opening
      }
    }
    var step: UInt8 {
      switch self {
      case .invite(let machine): machine.step
      case .nonInvite(let machine): machine.step
      }
    }
    var isInvite: Bool { if case .invite = self { true } else { false } }
  }

  let key: TransactionKey
  let user: UInt64
  var flow: Flow
  /// Until something is heard.
  var alternatives: [TransactionLayer.Alternative]
  /// The request, then the ACK to a refusal, then nothing.
  var message: [UInt8]
  var machine: Machine
  var isAbandoned = false
}

extension TransactionLayer {
  mutating func send(
    _ request: [UInt8], _ method: SIPMethod, _ branch: ByteString, _ flow: Flow, _ user: UInt64,
    _ alternatives: [Alternative], at now: Instant
  ) {
    let key = TransactionKey(clientBranch: branch.bytes[...], method, secret: secret)
    let machine = ClientTransaction.Machine(method == .invite, over: flow.transport)
    let transaction = ClientTransaction(
      key: key, user: user, flow: flow, alternatives: alternatives, message: request, machine: machine)
    makeRoomForClient(at: now)
    guard clientIndex[key] == nil, let id = clients.insert(transaction) else {
      counters.sendsRefused += 1
      outputs.append(.transportFailed(user: user))
      return
    }
    counters.clientsStarted += 1
    clientIndex[key] = id
    carryOut(machine.opening, client: id, nil, at: now)
  }

  /// The same transaction once more, the next way. False where there is none.
  mutating func sendOtherwise(_ id: ClientID, at now: Instant) -> Bool {
    guard let client = clients[id], let next = client.alternatives.first else { return false }
    let machine = ClientTransaction.Machine(client.machine.isInvite, over: next.flow.transport)
    clients[id]?.alternatives.removeFirst()
    clients[id]?.flow = next.flow
    clients[id]?.message = next.request
    clients[id]?.machine = machine
    counters.sentOtherwise += 1
    carryOut(machine.opening, client: id, nil, at: now)
    return true
  }

  private mutating func makeRoomForClient(at now: Instant) {
    while clients.isFull, let oldest = timers.popFinishedClient(at: now) {
      guard let client = clients[oldest.id], client.machine.awaits(oldest.name) else { continue }
      clients.remove(oldest.id)
      clientIndex[client.key] = nil
      counters.evicted += 1
    }
  }

  mutating func receive(response: SIPMessage, _ flow: Flow, at now: Instant) {
    let key = TransactionKey(clientBranch: response.topVia.branch, response.cseq.method, secret: secret)
    // What has further Via is for a proxy, and no business of ours (§8.1.3.3).
    guard !response.hasFurtherVia else {
      counters.strayResponses += 1
      return
    }
    guard let id = clientIndex[key] else {
      counters.strayResponses += 1
      outputs.append(.strayResponse(response, flow))
      return
    }
    let event: ClientEvent =
      switch response.status {
      case ..<200: .provisional
      case ..<300: .success
      default: .refusal
      }
    if clients[id]?.alternatives.isEmpty == false { clients[id]?.alternatives = [] }
    apply(event, toClient: id, (response, flow), at: now)
  }

  mutating func apply(
    _ event: ClientEvent, toClient id: ClientID, _ response: (SIPMessage, Flow)? = nil, at now: Instant
  ) {
    guard let effects = clients[id]?.machine.handle(event) else {
      counters.absorbed += 1
      return
    }
    if effects.contains(.transmit) { counters.retransmissions += 1 }
    carryOut(effects, client: id, response, at: now)
  }

  private mutating func carryOut(
    _ effects: Effects, client id: ClientID, _ response: (SIPMessage, Flow)?, at now: Instant
  ) {
    if effects.contains(.acknowledge), let response { acknowledge(response.0, client: id) }
    guard let client = clients[id] else { return }
    if effects.contains(.transmit), !client.message.isEmpty { outputs.append(.send(client.flow, client.message)) }
    if effects.contains(.report), let response { report(response.0, response.1, of: client, id, at: now) }
    if effects.contains(.reportTimeout), !client.isAbandoned {
      counters.timeouts += 1
      outputs.append(.timedOut(user: client.user))
    }
    if effects.contains(.reportTransportFailure), !client.isAbandoned {
      counters.transportFailures += 1
      outputs.append(.transportFailed(user: client.user))
    }
    if effects.startsTimers {
      for name in [TimerName.a, .b, .d, .e, .f, .k, .m] where effects.contains(.start(name)) {
        timers.start(name, for: id, step: client.machine.step, at: now)
      }
    }
    if effects.contains(.end) {
      clients.remove(id)
      clientIndex[client.key] = nil
    } else if effects.contains(.forgetMessage) {
      clients[id]?.message = []
    }
  }

  private mutating func report(
    _ response: SIPMessage, _ flow: Flow, of client: ClientTransaction, _ id: ClientID, at now: Instant
  ) {
    if !client.isAbandoned {
      outputs.append(.response(user: client.user, response, flow))
    } else if client.machine.isInvite, response.status / 100 == 2 {
      outputs.append(.strayResponse(response, flow))
    }
  }

  /// The ACK goes where the INVITE went, with its Request-URI, top Via, From, Call-ID, CSeq number and Route.
  private mutating func acknowledge(_ response: SIPMessage, client id: ClientID) {
    guard let client = clients[id], let request = try? SIPMessage(parsing: client.message) else { return }
    let ack = Self.acknowledgement(of: request, refusedBy: response)
    outputs.append(.send(client.flow, ack))
    clients[id]?.message = ack
  }

  private static func acknowledgement(of request: SIPMessage, refusedBy response: SIPMessage) -> [UInt8] {
    var writer = MessageWriter.request(.ack, ByteString(request.requestURI))
    writer.header(.via, raw: request.topVia.text)
    for route in request.values(.route) { writer.header(.route, raw: route) }
    writer.header(.maxForwards, number: 70)
    if let from = request.value(.from) { writer.header(.from, raw: from) }
    if let to = response.value(.to) { writer.header(.to, raw: to) }
    writer.header(.callID, raw: request.callID)
    writer.cseq(request.cseq.number, .ack)
    return writer.finish()
  }

  mutating func abandon(_ user: UInt64, at now: Instant) {
    for id in clients.ids {
      guard let client = clients[id], client.user == user, !client.isAbandoned else { continue }
      clients[id]?.isAbandoned = true
      if client.machine.isInvite { timers.start(.abandonment, for: id, step: 0, at: now) }
    }
  }
}
