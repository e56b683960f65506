// Requests from the peers: who may ask, and which machine answers (RFC 3261 §8.2, §9.2, §11.2).

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

extension UserAgent {
  mutating func receive(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, at now: Instant
  ) {
    if message.toTag != nil, message.method != .register {
      if message.method == .subscribe { return receiveResubscribe(server, message, flow, at: now) }
      legs.follow(message, flow)
      return receiveInDialog(server, message, at: now)
    }
    guard isAcceptable(server, message, at: now) else { return }
    switch message.method {
    case .invite: receiveInvite(server, message, flow, at: now)
    case .register: receiveRegister(server, message, flow, at: now)
    case .options: if mayAnswer(server, at: now) { answerOptions(server, message, at: now) }
    case .subscribe: receiveSubscribe(server, message, flow, at: now)
    case .refer: refuseStrangeRefer(server, message, flow, at: now)
    case .bye, .info, .update, .prack: refuseUnknown(server, message, at: now)
    default: if mayAnswer(server, at: now) { refuseMethod(server, message, at: now) }
    }
  }

  /// Hops left, no extension required that we do not have (§8.2.2.3), a URI that we can read.
  mutating func isAcceptable(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant
  ) -> Bool {
    let unknown = message.unknownExtensions
    let status: Int
    if message.maxForwards == 0, message.method != .register, message.method != .options {
      status = 483
    } else if !unknown.isEmpty {
      status = 420
    } else if !message.isRequestURIReadable {
      status = 416
    } else {
      return true
    }
    guard mayAnswer(server, at: now) else { return false }
    var writer = wire.statelessResponse(server, status, to: message)
    for option in unknown where status == 420 { writer.header(.unsupported, raw: option) }
    wire.respondOnce(server, writer.finish(), at: now)
    return false
  }

  /// Of a dialog that is not there.
  private mutating func refuseUnknown(_ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant) {
    wire.outbox.counters.unknownDialogs += 1
    guard mayAnswer(server, at: now) else { return }
    wire.respondOnce(server, 481, to: message, at: now)
  }

  private mutating func refuseMethod(_ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant) {
    let status = if case .other = message.method { 501 } else { 405 }
    var writer = wire.response(status, to: message)
    writer.header(.allow, ByteString(Allowed.methods))
    wire.respond(server, status, writer.finish(), at: now)
  }

  private mutating func answerOptions(_ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant) {
    var writer = wire.response(200, to: message)
    writer.header(.allow, ByteString(Allowed.methods))
    writer.header(.acceptHeader, ByteString(Allowed.descriptions))
    writer.header(.supported, ByteString(Allowed.extensions))
    wire.respond(server, 200, writer.finish(), at: now)
  }
}

extension SIPMessage {
  /// The option tags in Require that we do not have; of a method that they do not concern as well.
  var unknownExtensions: [ArraySlice<UInt8>] {
    guard has(.require) else { return [] }
    return values(.require).filter { !Allowed.isExtension(ByteString($0)) }
  }
}

// MARK: - Inside dialogs

extension UserAgent {
  private mutating func receiveInDialog(_ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant) {
    guard let slot = legs.slot(ofDialog: message) else {
      guard message.method == .options else { return refuseUnknown(server, message, at: now) }
      if mayAnswer(server, at: now) { answerOptions(server, message, at: now) }
      return
    }
    guard legs.accepts(message, slot) else {
      wire.outbox.counters.outOfOrder += 1
      return wire.respond(server, 500, to: message, at: now)
    }
    guard message.method == .bye || message.unknownExtensions.isEmpty else {
      _ = isAcceptable(server, message, at: now)
      return
    }
    switch message.method {
    case .invite: legs.change(slot, &wire) { leg, wire in leg.receiveOffer(server, message, &wire, at: now) }
    case .update: legs.change(slot, &wire) { leg, wire in leg.receiveUpdate(server, message, &wire, at: now) }
    case .prack: legs.change(slot, &wire) { leg, wire in leg.receivePrack(server, message, &wire, at: now) }
    case .bye: legs.change(slot, &wire) { leg, wire in leg.receiveBye(server, message, &wire, at: now) }
    case .info: legs.change(slot, &wire) { leg, wire in leg.receiveInfo(server, message, &wire, at: now) }
    case .refer: receiveRefer(server, message, slot, at: now)
    case .options: answerOptions(server, message, at: now)
    default: refuseMethod(server, message, at: now)
    }
  }

  mutating func receiveAck(_ message: SIPMessage, at now: Instant) {
    guard let slot = legs.slot(ofDialog: message) else { return }
    legs.change(slot, &wire) { leg, wire in leg.receiveAck(message, &wire, at: now) }
  }

  mutating func receiveCancel(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, of invite: TransactionLayer.ServerID?, at now: Instant
  ) {
    guard let invite else { return wire.respond(server, 481, to: message, at: now) }
    let slot = legs.slot(of: invite)
    wire.respond(server, 200, to: message, at: now)
    guard let slot else { return }
    legs.change(slot, &wire) { leg, wire in leg.cancelled(message, &wire, at: now) }
  }

  /// An answer that nobody waits for. A final one to an INVITE gets its ACK all the same, and a 2xx a BYE if no leg is
  /// behind it: that is how a call ends whose INVITE was sent before a restart.
  /// - Parameter isOfOurs: a leg asked, and has ended since.
  mutating func receiveStray(_ message: SIPMessage, _ flow: Flow, isOfOurs: Bool, at now: Instant) {
    guard message.cseq.method == .invite, message.status >= 200, let from = message.value(.from),
      let to = message.value(.to), let tag = message.fromTag
    else { return }
    let template = Dialog(
      calling: message.to?.uri.text ?? "", callID: ByteString(message.callID), localTag: "",
      sequence: message.cseq.number &+ 1, localValue: ByteString(from), remote: ByteString(to))
    guard message.status < 300 else {
      guard !isOfOurs else { return }
      // To names whom we called; the branch is that of the INVITE (§17.1.1.3).
      let via = wire.via(ByteString(message.topVia.branch), on: flow)
      let ack = template.acknowledgement(sequence: message.cseq.number, via: via)
      return wire.sendAlone(ack.finish(), on: flow, at: now)
    }
    guard var dialog = template.established(by: message) else { return }
    let ack = dialog.acknowledgement(sequence: message.cseq.number, via: wire.via(wire.branch(), on: flow))
    wire.sendAlone(ack.finish(), on: flow, at: now)
    guard !isOfOurs, legs.slot(ofTag: tag) == nil else { return }
    wire.outbox.counters.lateAnswers += 1
    let branch = wire.branch()
    let bye = dialog.request(.bye, via: wire.via(branch, on: flow))
    wire.send(bye.finish(), .bye, branch: branch, on: flow, for: ClientUse.nobody, at: now)
  }
}

// MARK: - INVITE

extension UserAgent {
  private mutating func receiveInvite(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, at now: Instant
  ) {
    guard !isDraining else { return refuseForNow(server, message, at: now) }
    let source: IncomingCall.Source
    if let own = legs.caller(ofItself: message) {
      source = .itself(own)
    } else if let position = trunks.source(of: message, flow, isUser: { registrar.isKnown($0) }) {
      source = .trunk(trunks.trunks[position].settings.name)
    } else {
      guard let user = authenticate(server, message, flow, as: message.fromUser, at: now) else { return }
      source = .user(user)
    }
    guard !legs.isFull else {
      wire.outbox.counters.legsRefused += 1
      return refuseForNow(server, message, at: now)
    }
    guard !message.hasMalformedContact else { return wire.respond(server, 400, to: message, at: now) }
    guard message.accepts(Allowed.descriptions) else { return refuseDescriptions(server, message, at: now) }
    let offer: SessionDescription?
    do { offer = try message.description() } catch {
      return refuseBody(server, message, error, at: now)
    }
    let replaced: Replaced?
    switch replacement(in: message, from: source) {
    case .refused(let status)?: return wire.respond(server, status, to: message, at: now)
    case .replaces(let found)?: replaced = found
    case nil: replaced = nil
    }
    admit(server, message, flow, source, offer, replaced, at: now)
  }

  /// What an INVITE with Replaces takes the place of; nil without.
  private func replacement(in message: SIPMessage, from source: IncomingCall.Source) -> Replacement? {
    guard let value = message.value(named: "Replaces") else { return nil }
    guard let replaces = Replaces(value) else { return .refused(400) }
    guard case .user(let user) = source else { return .refused(481) }
    return replacement(replaces, by: user)
  }

  private mutating func receiveRefer(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ slot: SlotID, at now: Instant
  ) {
    let user = legs.user(of: slot) ?? ""
    var replaced: Replaced?
    if let text = message.addresses(.referTo).first?.uri.header("Replaces"), let replaces = Replaces(text.bytes[...]),
      case .replaces(let found) = replacement(forReferTo: replaces, by: user)
    {
      replaced = found
    }
    legs.change(slot, &wire) { leg, wire in
      leg.receiveRefer(server, message, replaced: replaced, &wire, at: now)
    }
  }

  /// Outside of a call there is nobody to be transferred. Who asks is not told who exists.
  private mutating func refuseStrangeRefer(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, at now: Instant
  ) {
    guard authenticate(server, message, flow, as: message.fromUser, at: now) != nil else { return }
    wire.respond(server, 403, to: message, at: now)
  }

  private mutating func admit(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, _ source: IncomingCall.Source,
    _ offer: SessionDescription?, _ replaced: Replaced?, at now: Instant
  ) {
    let party: Leg.Party
    var call = IncomingCall(
      source: source, number: "", callerNumber: "", callerName: "", offer: offer,
      flowIsLocal: wire.addressing.isLocal(flow.remote.address), replaced: replaced)
    var credentials: Credentials?
    var mayBeReliable = true
    switch source {
    case .user(let name):
      party = .user(name)
      call.number = message.calledNumber(account: nil)
      call.callerNumber = name
      let configured = settings.users.first { $0.name == name }?.displayName ?? ""
      call.callerName = configured.isEmpty ? message.from?.displayName ?? "" : configured
    case .trunk(let name):
      let trunk = trunks.named(name)
      party = .trunk(name)
      call.number = message.calledNumber(account: trunk?.account)
      (call.callerNumber, call.callerName) = message.assertedCaller
      credentials = trunk?.credentials
      mayBeReliable = trunk?.settings.reliableProvisionals ?? true
    case .itself: party = .itself
    }
    if case .tooSmall(let minimum) = wire.sessionTimers.answer(to: message) {
      return refuseInterval(server, message, minimum, at: now)
    }
    let id = legs.nextIncomingID()
    let tag = wire.tag()
    var leg = Leg(
      id: id, phase: .incoming, party: party, flow: flow, contactUser: call.number, localTag: tag)
    let dialog = Dialog(answering: message, localTag: tag)
    leg.flow = leg.nextFlow(dialog, over: flow)
    leg.dialog = dialog
    leg.credentials = credentials
    leg.mayBeReliable = mayBeReliable
    leg.clock.note(message)
    leg.question = Leg.Question(server: server, request: message)
    if let offer { _ = leg.session.receiveOffer(offer) }
    guard let slot = legs.insert(leg) else { return refuseForNow(server, message, at: now) }
    wire.outbox.counters.legsIn += 1
    wire.timers.set(TimerKey(.trying, of: slot), to: now + Limits.tryingAfter)
    wire.outbox.event(.incoming(id, call))
  }

  mutating func refuseForNow(_ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant) {
    var writer = wire.response(503, to: message)
    writer.header(.retryAfter, number: Limits.retryAfterSeconds)
    wire.respond(server, 503, writer.finish(), at: now)
  }

  /// The session timer is too short for us (RFC 4028 §9).
  private mutating func refuseInterval(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ minimum: Int, at now: Instant
  ) {
    var writer = wire.response(422, to: message)
    writer.header(.minSE, number: minimum)
    wire.respond(server, 422, writer.finish(), at: now)
  }

  /// The caller cannot read what an answer would be (RFC 4475 §3.3.15).
  private mutating func refuseDescriptions(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant
  ) {
    var writer = wire.response(406, to: message)
    writer.header(.acceptHeader, ByteString(Allowed.descriptions))
    wire.respond(server, 406, writer.finish(), at: now)
  }

  private mutating func refuseBody(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ error: BodyError, at now: Instant
  ) {
    var writer = wire.response(error.status, to: message)
    if error == .unsupportedType { writer.header(.acceptHeader, ByteString(Allowed.descriptions)) }
    wire.respond(server, error.status, writer.finish(), at: now)
  }
}
