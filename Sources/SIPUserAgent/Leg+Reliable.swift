// Provisional answers of ours that arrive for certain (RFC 3262 §3): numbered, one at a time, sent again until their
// PRACK. Used where the caller requires it, and for early media where the caller supports it: a ringing tone that is
// lost does no harm, the answer to an offer does.

import Basics
import Digests
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

struct ReliableAnswers {
  struct Answer {
    var status: Int
    var description: SessionDescription?
  }
  struct Sent {
    var sequence: UInt32
    var bytes: [UInt8]
    var interval: Interval
    var hasDescription: Bool
    var givenUpAt: Instant
  }
  var server: TransactionLayer.ServerID
  /// The CSeq number of the INVITE.
  var inviteSequence: UInt32
  /// The RSeq of the latest.
  var sequence: UInt32
  var lastStatus = 0
  var unacknowledged: Sent?
  /// In order, until those before them are acknowledged.
  var waiting: [Answer] = []
  /// Our description went out for certain: the 2xx has none.
  var hasDescribed = false
  /// The 200 that waits until the caller has our description.
  var acceptance: SessionDescription?

  /// A 2xx must not overtake a description (§3).
  var holdsAcceptance: Bool {
    unacknowledged?.hasDescription == true || waiting.contains { $0.description != nil }
  }
}

/// A request of theirs with an offer that is no INVITE (UPDATE, PRACK), until call control has answered it.
struct Inquiry {
  var server: TransactionLayer.ServerID
  var request: SIPMessage
}

// MARK: - Sending

extension Leg {
  /// Whether this answer to their INVITE is sent reliably.
  func isReliable(_ description: SessionDescription?, to request: SIPMessage) -> Bool {
    if !reliable.isEmpty || request.list(.require, contains: "100rel") { return true }
    return description != nil && mayBeReliable && request.list(.supported, contains: "100rel")
  }

  mutating func sayReliably(
    _ status: Int, _ description: SessionDescription?, _ question: Question, _ wire: inout Wire, at now: Instant
  ) {
    var answers =
      reliable.value
      ?? ReliableAnswers(
        server: question.server, inviteSequence: question.request.cseq.number,
        sequence: wire.tokens.number31() >> 1)
    let own = answers.hasDescribed ? nil : description.flatMap { describe($0, wire) }
    // The first of an INVITE without an offer must carry one (§5): while we have none, 100 has to do.
    if own == nil, session.state == .idle { return sayTrying(&wire, at: now) }
    if own == nil, answers.lastStatus == status { return }
    answers.lastStatus = status
    if own != nil { answers.hasDescribed = true }
    guard answers.waiting.count < UserAgent.Limits.reliableAnswersWaiting else {
      wire.outbox.counters.provisionalsDropped += 1
      return
    }
    answers.waiting.append(.init(status: status, description: own))
    reliable.value = answers
    sayNext(&wire, at: now)
  }

  /// The next one, if none is on its way.
  private mutating func sayNext(_ wire: inout Wire, at now: Instant) {
    guard phase == .incoming, let question, var answers = reliable.value, answers.unacknowledged == nil,
      let next = answers.waiting.first
    else { return }
    answers.waiting.removeFirst()
    answers.sequence &+= 1
    var writer = wire.response(next.status, to: question.request, tag: localTag)
    writer.header(.contact, contact(wire))
    writer.header(.allow, ByteString(Allowed.methods))
    writer.header(.require, "100rel")
    writer.header(.rseq, number: Int(answers.sequence))
    let bytes =
      if let description = next.description {
        writer.finish(contentType: ByteString(Allowed.descriptions), body: description.serialised())
      } else {
        writer.finish()
      }
    answers.unacknowledged = .init(
      sequence: answers.sequence, bytes: bytes, interval: wire.timing.t1, hasDescription: next.description != nil,
      givenUpAt: now + wire.timing.timeout)
    reliable.value = answers
    wire.respond(question.server, next.status, bytes, at: now)
    wire.timers.set(timer(.reliable), to: now + wire.timing.t1)
  }

  /// Sent again at T1, 2 T1, 4 T1 …; 64 T1 without a PRACK end the call with a 5xx.
  mutating func repeatReliable(_ wire: inout Wire, at now: Instant) {
    guard phase == .incoming, let question, var sent = reliable.value?.unacknowledged else { return }
    guard now < sent.givenUpAt else {
      wire.outbox.counters.unacknowledgedProvisionals += 1
      wire.outbox.log(.warning, "sip.no-prack") { "a reliable provisional answer was never acknowledged" }
      return refuse(504, &wire, at: now)
    }
    wire.respond(question.server, 180, sent.bytes, at: now)
    sent.interval = sent.interval * 2
    reliable.value?.unacknowledged = sent
    wire.timers.set(timer(.reliable), to: min(now + sent.interval, sent.givenUpAt))
  }

  /// Whether the 200 has to wait for a PRACK; then it is sent by itself.
  mutating func postponesAcceptance(_ description: SessionDescription, _ wire: inout Wire) -> Bool {
    guard !reliable.isEmpty else { return false }
    if reliable.value?.holdsAcceptance == true {
      reliable.value?.acceptance = description
      return true
    }
    // What carries no description is overtaken.
    reliable.value?.waiting = []
    wire.timers.cancel(timer(.reliable))
    return false
  }
}

// MARK: - PRACK

extension Leg {
  mutating func receivePrack(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ wire: inout Wire, at now: Instant
  ) {
    guard let answers = reliable.value, let sent = answers.unacknowledged,
      message.provisionalAcknowledgement
        == ProvisionalAcknowledgement(response: sent.sequence, request: answers.inviteSequence)
    else { return wire.respond(server, 481, to: message, at: now) }
    reliable.value?.unacknowledged = nil
    wire.timers.cancel(timer(.reliable))
    takeBody(of: message, server, &wire, at: now)
    guard phase == .incoming else { return }
    if let acceptance = reliable.value?.acceptance, reliable.value?.holdsAcceptance == false {
      reliable.value?.acceptance = nil
      return accept(acceptance, &wire, at: now)
    }
    sayNext(&wire, at: now)
  }

  /// The answer to the offer in our provisional response, or an offer of theirs (§5).
  private mutating func takeBody(
    of message: SIPMessage, _ server: TransactionLayer.ServerID, _ wire: inout Wire, at now: Instant
  ) {
    let description: SessionDescription?
    do { description = try message.description() } catch {
      return wire.respond(server, error.status, to: message, at: now)
    }
    guard session.state == .offerSent else {
      guard let description else { return wire.respond(server, 200, to: message, at: now) }
      return inquire(description, Inquiry(server: server, request: message), &wire, at: now)
    }
    wire.respond(server, 200, to: message, at: now)
    guard let description, session.receiveAnswer(description) else {
      session.dropOffer()
      return refuse(488, &wire, at: now)
    }
    wire.outbox.event(.offerAnswered(id, description))
  }
}
