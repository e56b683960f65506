// Early dialogs of our INVITEs (RFC 3261 §13.2.2.1): a proxy may fork, so each has a remote tag, a route, a session and
// a count of reliable answers of its own. Early media follows the one that described itself last, as only that one is
// known to be playing now; the one that answers is heard with its own description, the others are forgotten. They are
// kept only where there is something to keep: a description, or a provisional answer to acknowledge (RFC 3262 §4).

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

struct EarlyDialog {
  var dialog: Dialog
  var session: Session
  var flow: Flow
  /// The RSeq and the CSeq of the latest reliable answer; nil before one.
  var acknowledged: ProvisionalAcknowledgement?
  /// Said without reliability: the answer only if the 2xx does not say otherwise.
  var unconfirmed: SessionDescription?
  /// Answers to challenges of PRACK.
  var credentialsUsed = 0
}

extension Leg {
  /// 101–199 to the INVITE of a fork.
  mutating func hear(_ index: Int, _ status: Int, _ response: SIPMessage, _ wire: inout Wire, at now: Instant) {
    var description = (try? response.description()) ?? nil
    let sequence = response.reliableSequence
    if sequence != nil || description != nil, let place = placeOfEarly(index, response, wire) {
      if let sequence, !takes(sequence, response, index, place) {
        wire.outbox.counters.provisionalsIgnored += 1
        return
      }
      var early = forks[index].early[place]
      early.dialog.refreshTarget(from: response)
      if let heard = description {
        if early.session.state != .offerSent {
          // Agreed already: said once more, it changes nothing.
          description = nil
        } else if sequence != nil {
          _ = early.session.receiveAnswer(heard)
        } else {
          early.unconfirmed = heard
        }
      }
      forks[index].early[place] = early
      if sequence != nil { sendPrack(index, place, nil, &wire, at: now) }
    }
    wire.outbox.event(.progress(id, status: status, description))
  }

  private mutating func placeOfEarly(_ index: Int, _ response: SIPMessage, _ wire: Wire) -> Int? {
    guard let tag = response.toTag else { return nil }
    if let known = forks[index].early.firstIndex(where: { $0.dialog.remoteTag.bytes[...] == tag }) { return known }
    guard forks[index].early.count < UserAgent.Limits.dialogsPerInvite,
      let dialog = forks[index].dialog.established(by: response)
    else { return nil }
    forks[index].early.append(
      EarlyDialog(dialog: dialog, session: session, flow: nextFlow(dialog, over: forks[index].flow)))
    return forks[index].early.count - 1
  }

  /// In order without a gap. A repetition is passed over: its PRACK repeats itself until it is answered (§4).
  private mutating func takes(_ sequence: UInt32, _ response: SIPMessage, _ index: Int, _ place: Int) -> Bool {
    if let latest = forks[index].early[place].acknowledged, sequence != latest.response &+ 1 { return false }
    forks[index].early[place].acknowledged = ProvisionalAcknowledgement(
      response: sequence, request: response.cseq.number)
    forks[index].early[place].credentialsUsed = 0
    return true
  }

  private mutating func sendPrack(
    _ index: Int, _ place: Int, _ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant
  ) {
    guard let acknowledged = forks[index].early[place].acknowledged else { return }
    let flow = forks[index].early[place].flow
    let branch = wire.branch()
    var writer = forks[index].early[place].dialog.request(.prack, via: wire.via(branch, on: flow))
    writer.header(.rack, acknowledged.text)
    writer.header(.userAgent, wire.agentName)
    if let authorization { writer.header(authorization.header, authorization.value) }
    let use = ClientUse(.prack, of: slot, index: index).packed
    wire.send(writer.finish(), .prack, branch: branch, on: flow, for: use, at: now)
  }

  mutating func prackAnswered(
    _ index: Int, _ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant
  ) {
    // Whatever else comes of it: the INVITE has its own end.
    guard let response, status == 401 || status == 407, phase == .calling, forks.indices.contains(index),
      let tag = response.toTag,
      let place = forks[index].early.firstIndex(where: { $0.dialog.remoteTag.bytes[...] == tag })
    else { return }
    var used = forks[index].early[place].credentialsUsed
    let target = forks[index].early[place].dialog.remoteTarget
    guard let answer = answer(response, .prack, uri: target, used: &used, &wire) else { return }
    forks[index].early[place].credentialsUsed = used
    sendPrack(index, place, answer, &wire, at: now)
  }

  /// What the fork knows of the dialog that a 2xx confirms.
  func early(_ index: Int, of response: SIPMessage) -> EarlyDialog? {
    guard !forks[index].early.isEmpty, let tag = response.toTag else { return nil }
    return forks[index].early.first { $0.dialog.remoteTag.bytes[...] == tag }
  }
}

// MARK: - Requests of theirs inside dialogs

extension Leg {
  /// One dialog is confirmed: what the others asked is moot.
  mutating func dropInquiries(but tag: ByteString, _ wire: inout Wire, at now: Instant) {
    guard let asked = inquiry.value, asked.request.fromTag != tag.bytes[...] else { return }
    inquiry.value = nil
    wire.respond(asked.server, 481, to: asked.request, at: now)
  }

  /// The fork and the place of the early dialog that a request belongs to.
  func placeOfEarly(_ request: SIPMessage) -> (fork: Int, place: Int)? {
    guard phase == .calling, let tag = request.fromTag else { return nil }
    for index in forks.indices where forks[index].dialog.callID.bytes[...] == request.callID {
      if let place = forks[index].early.firstIndex(where: { $0.dialog.remoteTag.bytes[...] == tag }) {
        return (index, place)
      }
    }
    return nil
  }

  /// Call-ID and both tags fit (RFC 3261 §12.2.2); ours was looked up before.
  mutating func owns(_ request: SIPMessage) -> Bool {
    if let dialog {
      return dialog.callID.bytes[...] == request.callID && dialog.remoteTag.bytes[...] == request.fromTag ?? []
    }
    return placeOfEarly(request) != nil
  }

  /// Whether the peer's number is in order.
  mutating func accepts(_ request: SIPMessage) -> Bool {
    let sequence = request.cseq.number
    if dialog != nil { return dialog?.accepts(sequence: sequence) ?? false }
    guard let (fork, place) = placeOfEarly(request) else { return false }
    return forks[fork].early[place].dialog.accepts(sequence: sequence)
  }

  /// Does something to the session that a request belongs to: of the dialog, or of one of several early ones.
  mutating func changeSession<Result>(of request: SIPMessage, _ body: (inout Session) -> Result) -> Result {
    guard dialog == nil, let (fork, place) = placeOfEarly(request) else { return body(&session) }
    return body(&forks[fork].early[place].session)
  }

  mutating func refreshTarget(from request: SIPMessage) {
    if let found = dialog == nil ? placeOfEarly(request) : nil {
      forks[found.fork].early[found.place].dialog.refreshTarget(from: request)
      return
    }
    dialog?.refreshTarget(from: request)
    if let dialog { flow = nextFlow(dialog, over: flow) }
  }
}
