// The way to the peers, shared by registrar, trunks and legs: transactions over transports, unpredictable names, the
// addresses we are known by, timers, and what leaves the user agent.

import Basics
import Digests
import SIPDialog
import SIPMessage
import SIPTransaction

struct Wire {
  var transport = TransportLayer()
  var transactions: TransactionLayer
  let timing: TimerValues
  var tokens = TokenSource(entropy: [])
  var addressing = Addressing()
  var timers = DeadlineHeap<TimerKey>()
  var outbox = Outbox()
  var notifyPace = NotifyPace()
  var agentName: ByteString = "Branchline"
  var sessionTimers = SessionTimerPolicy()

  init(timing: TimerValues) {
    self.timing = timing
    transactions = TransactionLayer(timers: timing)
  }
}

// MARK: - Names

extension Wire {
  mutating func tag() -> ByteString { tokens.token(bytes: 8) }
  mutating func callID() -> ByteString { tokens.token(bytes: 16) }
  mutating func branch() -> ByteString {
    var writer = ByteWriter(capacity: 24)
    writer.append("z9hG4bK")
    tokens.appendToken(bytes: 8, to: &writer)
    return ByteString(writer.bytes)
  }

  func via(_ branch: ByteString, on flow: Flow) -> ViaOrigin {
    ViaOrigin(transport: flow.transport.viaName, sentBy: addressing.advertised(for: flow), branch: branch)
  }

  /// `<sip:101@192.0.2.1:5060>`, as the far end of `flow` can reach us.
  func contact(_ user: ByteString, on flow: Flow) -> ByteString {
    let own = addressing.advertised(for: flow)
    var writer = ByteWriter(capacity: 64)
    writer.append("<")
    SIPURI(user: user, host: own.address.text, port: own.port).write(to: &writer)
    if flow.transport != .udp {
      writer.append(";transport=")
      writer.append(flow.transport.uriName)
    }
    writer.append(">")
    return ByteString(writer.bytes)
  }
}

// MARK: - Sending

extension Wire {
  mutating func send(
    _ request: [UInt8], _ method: SIPMethod, branch: ByteString, on flow: Flow, for use: UInt64, at now: Instant
  ) {
    guard flow.transport == .udp, request.count > TransportLimits.largeRequestBytes,
      let stream = overStream(request, flow, at: now)
    else {
      return transactions.handle(
        .send(request: request, method: method, branch: branch, flow: flow, user: use), at: now)
    }
    transactions.handle(
      .send(
        request: stream.request, method: method, branch: branch, flow: stream.flow, user: use,
        orElse: [.init(flow: flow, request: request)]), at: now)
  }

  /// Outside of any transaction: ACK to a 2xx, and the 2xx itself once more.
  mutating func sendAlone(_ bytes: [UInt8], on flow: Flow, at now: Instant) {
    transport.handle(.send(flow, bytes), at: now)
  }

  mutating func respond(_ server: TransactionLayer.ServerID, _ status: Int, _ bytes: [UInt8], at now: Instant) {
    transactions.handle(.respond(server, status: status, bytes: bytes), at: now)
  }

  /// A response with nothing but what every response has.
  mutating func respond(
    _ server: TransactionLayer.ServerID, _ status: Int, to request: SIPMessage, tag: ByteString? = nil, at now: Instant
  ) {
    let writer = response(status, to: request, tag: tag)
    respond(server, status, writer.finish(), at: now)
  }

  /// The head of a response; 100 carries no tag, others get one where the request has none.
  mutating func response(
    _ status: Int, to request: SIPMessage, tag: ByteString? = nil, reason: ByteString? = nil
  ) -> MessageWriter {
    let toTag = status == 100 || request.toTag != nil ? nil : tag ?? self.tag()
    var writer = MessageWriter.response(status, to: request, toTag: toTag, reason: reason)
    if status != 100 { writer.header(.server, agentName) }
    return writer
  }
}
