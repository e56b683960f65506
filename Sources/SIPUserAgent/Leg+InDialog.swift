// Inside a confirmed dialog: re-INVITE and UPDATE in both directions (RFC 3261 §14, RFC 3311), and the end (§15).

import Basics
import Digests
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

// MARK: - Their offers

extension Leg {
  /// A re-INVITE.
  mutating func receiveOffer(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ wire: inout Wire, at now: Instant
  ) {
    let question = Question(server: server, request: message)
    guard phase == .established, self.question == nil, inquiry.isEmpty else {
      // Too early, or a second one before the first is answered (§14.2).
      return turnAway(server, message, phase == .ending ? 481 : 500, &wire, at: now)
    }
    guard ownOffer == nil, session.state != .offerSent else { return turnAway(server, message, 491, &wire, at: now) }
    guard keepsTime(server, message, &wire, at: now) else { return }
    // Who sends a new INVITE has our answer to the one before, though its ACK was lost.
    if unacknowledged != nil { stopRetransmitting(&wire) }
    let offer: SessionDescription?
    do { offer = try message.description() } catch {
      return turnAway(server, message, error.status, &wire, at: now)
    }
    refreshTarget(from: message)
    guard let offer else {
      self.question = question
      return wire.outbox.event(.offered(id, nil))
    }
    if session.isRefresh(offer) { return sendAnswer(question, session.local, &wire, at: now) }
    guard session.receiveOffer(offer) else { return turnAway(server, message, 491, &wire, at: now) }
    self.question = question
    wire.outbox.event(.offered(id, offer))
  }

  /// UPDATE, early or confirmed (RFC 3311 §5.2): without an offer it moves the target and keeps the time.
  mutating func receiveUpdate(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ wire: inout Wire, at now: Instant
  ) {
    guard phase != .ending, phase != .cancelling else { return turnAway(server, message, 481, &wire, at: now) }
    guard inquiry.isEmpty else { return turnAway(server, message, 500, &wire, at: now) }
    guard keepsTime(server, message, &wire, at: now) else { return }
    let offer: SessionDescription?
    do { offer = try message.description() } catch {
      return turnAway(server, message, error.status, &wire, at: now)
    }
    guard let offer else {
      refreshTarget(from: message)
      return answerInquiry(Inquiry(server: server, request: message), nil, &wire, at: now)
    }
    // Two offers at once: against ours 491, a second one of theirs 500.
    let (state, isRefresh, local) = changeSession(of: message) { ($0.state, $0.isRefresh(offer), $0.local) }
    if state == .offerSent { return turnAway(server, message, 491, &wire, at: now) }
    if state != .stable { return turnAway(server, message, 500, &wire, at: now) }
    refreshTarget(from: message)
    let inquiry = Inquiry(server: server, request: message)
    if isRefresh { return answerInquiry(inquiry, local, &wire, at: now) }
    inquire(offer, inquiry, &wire, at: now)
  }

  /// An offer in UPDATE or PRACK goes to call control.
  mutating func inquire(_ offer: SessionDescription, _ inquiry: Inquiry, _ wire: inout Wire, at now: Instant) {
    guard changeSession(of: inquiry.request, { $0.receiveOffer(offer) }) else {
      return turnAway(inquiry.server, inquiry.request, 491, &wire, at: now)
    }
    self.inquiry.value = inquiry
    wire.outbox.event(.offered(id, offer))
  }

  private mutating func answerInquiry(
    _ inquiry: Inquiry, _ description: SessionDescription?, _ wire: inout Wire, at now: Instant
  ) {
    let bytes = response(200, to: inquiry.request, description, &wire)
    if inquiry.request.method == .update, phase == .established { startClock(&wire, at: now) }
    wire.respond(inquiry.server, 200, bytes, at: now)
  }

  private mutating func turnAway(
    _ server: TransactionLayer.ServerID, _ request: SIPMessage, _ status: Int, _ wire: inout Wire, at now: Instant
  ) {
    var writer = wire.response(status, to: request, tag: localTag)
    if status == 500 { writer.header(.retryAfter, number: 1 + Int(wire.tokens.number31() % 10)) }
    if status == 415 { writer.header(.acceptHeader, ByteString(Allowed.descriptions)) }
    if status == 491 { wire.outbox.counters.glares += 1 }
    wire.respond(server, status, writer.finish(), at: now)
  }

  mutating func answerOffer(_ description: SessionDescription, _ wire: inout Wire, at now: Instant) {
    let addressed = addressed(description, wire)
    if let asked = inquiry.value {
      inquiry.value = nil
      let own = changeSession(of: asked.request) { $0.sendAnswer(addressed) }
      answerInquiry(asked, own, &wire, at: now)
      return offerQueued(&wire, at: now)
    }
    guard phase == .established, let question else { return }
    let own = session.state == .offerReceived ? session.sendAnswer(addressed) : session.sendOffer(addressed)
    sendAnswer(question, own, &wire, at: now)
    offerQueued(&wire, at: now)
  }

  mutating func refuseOffer(_ status: Int, _ wire: inout Wire, at now: Instant) {
    let status = status >= 300 && status < 700 ? status : 488
    if let asked = inquiry.value {
      inquiry.value = nil
      changeSession(of: asked.request) { $0.dropOffer() }
      turnAway(asked.server, asked.request, status, &wire, at: now)
    } else if phase == .established, let question {
      self.question = nil
      session.dropOffer()
      turnAway(question.server, question.request, status, &wire, at: now)
    }
    offerQueued(&wire, at: now)
  }
}

// MARK: - Our offers

extension Leg {
  mutating func offer(_ description: SessionDescription, _ wire: inout Wire, at now: Instant) {
    guard phase == .established || phase == .answered else { return }
    queuedOffer = description
    glareCount = 0
    offerQueued(&wire, at: now)
  }

  /// Sends the offer that waits, if it is its turn.
  mutating func offerQueued(_ wire: inout Wire, at now: Instant) {
    guard let waiting = queuedOffer, phase == .established, ownOffer == nil, question == nil, unacknowledged == nil,
      inquiry.isEmpty, !clock.isAsking, wire.timers.deadline(of: timer(.glare)) == nil,
      let description = session.sendOffer(addressed(waiting, wire))
    else { return }
    queuedOffer = nil
    ownOffer = OwnOffer(sequence: 0, branch: "", description: description)
    sendReinvite(nil, &wire, at: now)
  }

  private mutating func sendReinvite(_ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant) {
    let branch = wire.branch()
    guard let description = ownOffer?.description, var writer = request(.invite, branch: branch, wire) else { return }
    ownOffer?.sequence = dialog?.localSequence ?? 0
    ownOffer?.branch = branch
    if let authorization { writer.header(authorization.header, authorization.value) }
    let bytes = writer.finish(contentType: ByteString(Allowed.descriptions), body: description.serialised())
    wire.send(bytes, .invite, branch: branch, on: flow, for: ClientUse(.reinvite, of: slot).packed, at: now)
    wire.timers.set(timer(.ring), to: now + wire.timing.timeout * 2)
  }

  mutating func offerAnswered(_ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant) {
    if status < 200 { return }
    if let response, status < 300 { return offerAccepted(response, &wire, at: now) }
    guard let own = ownOffer else { return }
    if let response, status == 401 || status == 407 {
      var used = own.credentialsUsed
      let target = dialog?.remoteTarget ?? ""
      if let answer = answer(response, .invite, uri: target, used: &used, &wire) {
        ownOffer?.credentialsUsed = used
        return sendReinvite(answer, &wire, at: now)
      }
    }
    closeOwnOffer(&wire)
    session.dropOffer()
    switch status {
    case 481, 408, 503: lose(status, &wire, at: now)
    case 422 where lengthenClock(response):
      queuedOffer = queuedOffer ?? own.description
      offerQueued(&wire, at: now)
    case 491 where glareCount < UserAgent.Limits.glareRetries: meetGlare(own.description, &wire, at: now)
    default:
      wire.outbox.event(.offerRefused(id, status: status))
      offerQueued(&wire, at: now)
    }
  }

  private mutating func offerAccepted(_ response: SIPMessage, _ wire: inout Wire, at now: Instant) {
    let sequence = response.cseq.number
    if let acknowledged, acknowledged.sequence == sequence {
      return wire.sendAlone(acknowledged.bytes, on: flow, at: now)
    }
    dialog?.refreshTarget(from: response)
    if let dialog { flow = nextFlow(dialog, over: flow) }
    acknowledge(sequence, &wire, at: now)
    guard ownOffer?.sequence == sequence, phase == .established else { return }
    closeOwnOffer(&wire)
    restartClock(by: response, &wire, at: now)
    let description = (try? response.description()) ?? nil
    if let description, session.receiveAnswer(description) {
      wire.outbox.event(.offerAnswered(id, description))
    } else {
      session.dropOffer()
      wire.outbox.event(.offerRefused(id, status: 488))
    }
    offerQueued(&wire, at: now)
  }

  private mutating func closeOwnOffer(_ wire: inout Wire) {
    ownOffer = nil
    wire.timers.cancel(timer(.ring))
  }

  /// Both offered at once: each waits its own time (§14.1). A newer wish replaces the offer that met the other.
  private mutating func meetGlare(_ description: SessionDescription, _ wire: inout Wire, at now: Instant) {
    glareCount += 1
    wire.outbox.counters.glares += 1
    if queuedOffer == nil { queuedOffer = description }
    let delay = Glare.delay(ownsCallID: dialog?.isCaller ?? false, random: UInt64(wire.tokens.number31()))
    wire.timers.set(timer(.glare), to: now + delay)
  }

  /// No final answer to a re-INVITE.
  mutating func giveUpOffer(_ wire: inout Wire, at now: Instant) {
    guard ownOffer != nil else { return }
    wire.transactions.handle(.abandon(user: ClientUse(.reinvite, of: slot).packed), at: now)
    closeOwnOffer(&wire)
    session.dropOffer()
    wire.outbox.event(.offerRefused(id, status: 408))
  }
}

// MARK: - The end

extension Leg {
  mutating func hangUp(status: Int, q850: Int?, _ wire: inout Wire, at now: Instant) {
    let cause = Cause(status: status, q850: q850)
    switch phase {
    case .incoming: refuse(status, q850: q850, &wire, at: now)
    case .calling: stopCalling(cause, &wire, at: now)
    case .answered:
      // The BYE waits for the ACK (§15), the call does not.
      owedBye = cause
      reportEnd(UserAgent.Ending(status: 200, byRemote: false), &wire)
    case .established:
      endReference(&wire, at: now)
      close(&wire, at: now)
      sendBye(cause, &wire, at: now)
      reportEnd(UserAgent.Ending(status: 200, byRemote: false), &wire)
    case .cancelling, .ending: break
    }
  }

  /// Ends what is open between the two sides.
  mutating func close(_ wire: inout Wire, at now: Instant) {
    phase = .ending
    if let question {
      self.question = nil
      wire.respond(question.server, 487, response(487, to: question.request, nil, &wire), at: now)
    }
    if let asked = inquiry.value {
      inquiry.value = nil
      turnAway(asked.server, asked.request, 487, &wire, at: now)
    }
    if !reliable.isEmpty { wire.timers.cancel(timer(.reliable)) }
    if clock.seconds > 0 { wire.timers.cancel(timer(.session)) }
    if ownOffer != nil {
      wire.transactions.handle(.abandon(user: ClientUse(.reinvite, of: slot).packed), at: now)
      closeOwnOffer(&wire)
    }
    stopRetransmitting(&wire)
    owedBye = nil
  }

  mutating func receiveBye(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ wire: inout Wire, at now: Instant
  ) {
    wire.respond(server, 200, to: message, at: now)
    guard phase != .ending else { return }
    let wasAnswered = phase != .incoming
    close(&wire, at: now)
    let ending = UserAgent.Ending(status: wasAnswered ? 200 : 487, q850: Cause.q850(of: message), byRemote: true)
    reportEnd(ending, &wire)
  }

  mutating func byeAnswered(_ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant) {
    guard status >= 200 else { return }
    isByePending = false
    guard let response, status == 401 || status == 407 else { return }
    var used = credentialsUsed
    let target = dialog?.remoteTarget ?? ""
    guard let answer = answer(response, .bye, uri: target, used: &used, &wire) else { return }
    credentialsUsed = used
    sendBye(reason, authorization: answer, &wire, at: now)
  }

  /// The peer does not know the dialog any more, or does not answer (§12.2.1.2).
  mutating func lose(_ status: Int, _ wire: inout Wire, at now: Instant) {
    guard phase == .established else { return }
    dropReference(&wire)
    close(&wire, at: now)
    sendBye(nil, &wire, at: now)
    reportEnd(UserAgent.Ending(status: status, byRemote: true), &wire)
  }
}
