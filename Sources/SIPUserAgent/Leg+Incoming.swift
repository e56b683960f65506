// The called side of a leg (RFC 3261 §13.3): 18x, the 2xx and its retransmission until the ACK, refusals, CANCEL.

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

extension Leg {
  mutating func progress(_ status: Int, _ description: SessionDescription?, _ wire: inout Wire, at now: Instant) {
    guard phase == .incoming, let question, status > 100, status < 200 else { return }
    wire.timers.cancel(timer(.trying))
    if isReliable(description, to: question.request) {
      return sayReliably(status, description, question, &wire, at: now)
    }
    // Early media is the answer already, said without reliability; an INVITE without an offer gets none.
    let answer = session.state == .idle ? nil : description.flatMap { describe($0, wire) }
    wire.respond(question.server, status, response(status, to: question.request, answer, &wire), at: now)
  }

  mutating func accept(_ description: SessionDescription, _ wire: inout Wire, at now: Instant) {
    guard phase == .incoming, let question, !postponesAcceptance(description, &wire) else { return }
    var answer: SessionDescription?
    // A description that was acknowledged is not said again (RFC 6337 §2.2).
    if reliable.value?.hasDescribed != true {
      answer = describe(description, wire)
      guard answer != nil else { return }
    }
    phase = .answered
    wire.timers.cancel(timer(.trying))
    sendAnswer(question, answer, &wire, at: now)
  }

  /// Nothing was said so far: 100, so that the INVITE is not sent again.
  mutating func sayTrying(_ wire: inout Wire, at now: Instant) {
    guard phase == .incoming, let question else { return }
    wire.respond(question.server, 100, to: question.request, at: now)
  }

  /// The answer to their offer, the same once more if it was said in an 18x, or our offer where they made none.
  mutating func describe(_ description: SessionDescription, _ wire: Wire) -> SessionDescription? {
    switch session.state {
    case .offerReceived: session.sendAnswer(addressed(description, wire))
    case .idle: session.sendOffer(addressed(description, wire))
    case .stable: session.local
    case .offerSent: nil
    }
  }

  /// A 2xx to INVITE, sent again at T1, 2 T1 … up to every T2 until the ACK comes.
  mutating func sendAnswer(
    _ question: Question, _ description: SessionDescription?, _ wire: inout Wire, at now: Instant
  ) {
    let bytes = response(200, to: question.request, description, &wire)
    startClock(&wire, at: now)
    unacknowledged = Unacknowledged(
      server: question.server, sequence: question.request.cseq.number, bytes: bytes, interval: wire.timing.t1)
    self.question = nil
    wire.respond(question.server, 200, bytes, at: now)
    wire.timers.set(timer(.retransmit), to: now + wire.timing.t1)
    wire.timers.set(timer(.unacknowledged), to: now + wire.timing.timeout)
  }

  mutating func retransmit(_ wire: inout Wire, at now: Instant) {
    guard let waiting = unacknowledged else { return }
    wire.respond(waiting.server, 200, waiting.bytes, at: now)
    let next = min(waiting.interval * 2, wire.timing.t2)
    unacknowledged?.interval = next
    wire.timers.set(timer(.retransmit), to: now + next)
  }

  /// 64 T1 without an ACK: the dialog is there, but the peer is not (§13.3.1.4, §14.2).
  mutating func giveUpAnswer(_ wire: inout Wire, at now: Instant) {
    guard unacknowledged != nil else { return }
    stopRetransmitting(&wire)
    wire.outbox.counters.unacknowledged += 1
    dropReference(&wire)
    let cause = owedBye
    owedBye = nil
    phase = .ending
    sendBye(cause, &wire, at: now)
    reportEnd(UserAgent.Ending(status: 408, byRemote: false), &wire)
  }

  mutating func stopRetransmitting(_ wire: inout Wire) {
    unacknowledged = nil
    wire.timers.cancel(timer(.retransmit))
    wire.timers.cancel(timer(.unacknowledged))
  }

  mutating func receiveAck(_ message: SIPMessage, _ wire: inout Wire, at now: Instant) {
    guard let waiting = unacknowledged, message.cseq.number == waiting.sequence else { return }
    stopRetransmitting(&wire)
    let isFirst = phase == .answered
    if isFirst { phase = .established }
    if let cause = owedBye {
      owedBye = nil
      phase = .ending
      return sendBye(cause, &wire, at: now)
    }
    if session.state == .offerSent { receiveLateAnswer(message, &wire, at: now) }
    if isFirst, phase == .established { wire.outbox.event(.confirmed(id)) }
    offerQueued(&wire, at: now)
  }

  /// Our 2xx carried the offer, so the ACK carries the answer (§13.2.1).
  private mutating func receiveLateAnswer(_ message: SIPMessage, _ wire: inout Wire, at now: Instant) {
    let answer = (try? message.description()) ?? nil
    guard let answer, session.receiveAnswer(answer) else {
      session.dropOffer()
      if session.local == nil { hangUp(status: 488, q850: nil, &wire, at: now) }
      return
    }
    wire.outbox.event(.offerAnswered(id, answer))
  }

  /// A final answer other than 2xx to their INVITE.
  mutating func refuse(
    _ status: Int, reason: ByteString? = nil, retryAfter: Int? = nil, q850: Int? = nil, _ wire: inout Wire,
    at now: Instant
  ) {
    guard phase == .incoming, let question else { return }
    let status = status >= 300 && status < 700 ? status : 480
    var writer = wire.response(status, to: question.request, tag: localTag, reason: reason)
    if let retryAfter { writer.header(.retryAfter, number: retryAfter) }
    if let header = Cause(status: status, q850: q850).header { writer.header(.reason, header) }
    self.question = nil
    close(&wire, at: now)
    wire.respond(question.server, status, writer.finish(), at: now)
    reportEnd(UserAgent.Ending(status: status, q850: q850, byRemote: false), &wire)
  }

  /// Their CANCEL (§9.2): without effect once we answered finally.
  mutating func cancelled(_ message: SIPMessage, _ wire: inout Wire, at now: Instant) {
    guard let question else { return }
    self.question = nil
    wire.respond(question.server, 487, response(487, to: question.request, nil, &wire), at: now)
    guard phase == .incoming else {
      session.dropOffer()
      return
    }
    close(&wire, at: now)
    reportEnd(UserAgent.Ending(status: 487, q850: Cause.q850(of: message), byRemote: true), &wire)
  }
}
