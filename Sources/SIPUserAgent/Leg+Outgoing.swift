// The calling side of a leg (RFC 3261 §13.2): INVITEs in parallel, the first 2xx wins, the others are cancelled, or
// acknowledged and ended if they answer nevertheless. A challenge is answered once.

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

extension Leg {
  mutating func call(_ wire: inout Wire, at now: Instant) {
    wire.timers.set(timer(.ring), to: now + UserAgent.Limits.ringTime)
    for index in forks.indices { sendInvite(index, nil, &wire, at: now) }
  }

  private mutating func sendInvite(
    _ index: Int, _ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant
  ) {
    let (branch, flow, headers) = (forks[index].branch, forks[index].flow, forks[index].headers)
    var writer = forks[index].dialog.request(.invite, via: wire.via(branch, on: flow))
    writer.header(.contact, headers.contact)
    writer.header(.allow, ByteString(Allowed.methods))
    writer.header(.userAgent, wire.agentName)
    writer.header(.supported, ByteString(headers.extensions))
    if headers.sessionExpires > 0 { writer.header(.sessionExpires, number: headers.sessionExpires) }
    if headers.minimumExpires > 0 { writer.header(.minSE, number: headers.minimumExpires) }
    if !headers.assertedIdentity.isEmpty { writer.header(.assertedIdentity, headers.assertedIdentity) }
    if headers.isWithheld { writer.header(.privacy, "id") }
    if headers.autoAnswer {
      writer.header(.alertInfo, "<http://127.0.0.1>;info=alert-autoanswer;delay=0")
      writer.header(.callInfo, "<sip:127.0.0.1>;answer-after=0")
    }
    if !headers.diversion.isEmpty {
      writer.header(.diversion, headers.diversion)
      writer.header(named: "X-Queue", headers.queue)
    }
    if !headers.referredBy.isEmpty { writer.header(named: "Referred-By", headers.referredBy) }
    if let authorization { writer.header(authorization.header, authorization.value) }
    let bytes = writer.finish(contentType: ByteString(Allowed.descriptions), body: forks[index].body)
    let use = ClientUse(.invite, of: slot, index: index).packed
    wire.send(bytes, .invite, branch: branch, on: flow, for: use, at: now)
  }

  // MARK: Answers

  /// An answer to the INVITE of a fork; without a message a time-out (408) or a transport failure (503).
  mutating func answered(
    _ index: Int, _ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant
  ) {
    guard forks.indices.contains(index) else { return }
    switch (status, response) {
    case (..<200, let response?): provisional(index, status, response, &wire, at: now)
    case (200..<300, let response?): accepted(index, response, &wire, at: now)
    case (401, let response?), (407, let response?):
      if !retryWithCredentials(index, response, &wire, at: now) { refused(index, status, response, &wire, at: now) }
    case (422, let response?):
      if !retryWithLongerSession(index, response, &wire, at: now) { refused(index, status, response, &wire, at: now) }
    default: refused(index, status, response, &wire, at: now)
    }
  }

  private mutating func provisional(
    _ index: Int, _ status: Int, _ response: SIPMessage, _ wire: inout Wire, at now: Instant
  ) {
    guard forks[index].state != .over else { return }
    forks[index].state = .proceeding
    guard phase == .calling else { return cancel(index, &wire, at: now) }
    if status > 100 { hear(index, status, response, &wire, at: now) }
  }

  private mutating func accepted(_ index: Int, _ response: SIPMessage, _ wire: inout Wire, at now: Instant) {
    let sequence = response.cseq.number
    if let dialog, dialog.callID.bytes[...] == response.callID, response.toTag == dialog.remoteTag.bytes[...] {
      // Our ACK was lost.
      if let acknowledged, acknowledged.sequence == sequence { wire.sendAlone(acknowledged.bytes, on: flow, at: now) }
      return
    }
    let early = early(index, of: response)
    guard let dialog = (early?.dialog ?? forks[index].dialog).established(by: response) else {
      return refused(index, 502, nil, &wire, at: now)
    }
    forks[index].state = .over
    guard phase == .calling else { return decline(index, dialog, sequence, &wire, at: now) }
    self.dialog = dialog
    flow = nextFlow(dialog, over: forks[index].flow)
    phase = .established
    wire.timers.cancel(timer(.ring))
    acknowledge(sequence, &wire, at: now)
    restartClock(by: response, &wire, at: now)
    for other in forks.indices where other != index { cancel(other, &wire, at: now) }
    if let early { session = early.session }
    var description = session.remote
    if session.state == .offerSent {
      description = ((try? response.description()) ?? nil) ?? early?.unconfirmed
      if let description { _ = session.receiveAnswer(description) } else { session.dropOffer() }
    }
    dropInquiries(but: dialog.remoteTag, &wire, at: now)
    wire.outbox.event(.accepted(id, description, remoteTag: dialog.remoteTag))
  }

  /// An answer too late, or from one branch too many: acknowledged each time, ended once (§13.2.2.4).
  private mutating func decline(
    _ index: Int, _ dialog: Dialog, _ sequence: UInt32, _ wire: inout Wire, at now: Instant
  ) {
    var dialog = dialog
    let flow = nextFlow(dialog, over: forks[index].flow)
    let ack = dialog.acknowledgement(sequence: sequence, via: wire.via(wire.branch(), on: flow))
    wire.sendAlone(ack.finish(), on: flow, at: now)
    if !forks[index].declined.contains(dialog.remoteTag),
      forks[index].declined.count < UserAgent.Limits.dialogsPerInvite
    {
      forks[index].declined.append(dialog.remoteTag)
      wire.outbox.counters.lateAnswers += 1
      let branch = wire.branch()
      var bye = dialog.request(.bye, via: wire.via(branch, on: flow))
      if let header = reason?.header { bye.header(.reason, header) }
      wire.send(bye.finish(), .bye, branch: branch, on: flow, for: ClientUse.nobody, at: now)
    }
    finishIfAllOver(&wire)
  }

  private mutating func refused(
    _ index: Int, _ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant
  ) {
    guard forks[index].state != .over else { return }
    forks[index].state = .over
    let redirect = status >= 300 && status < 400 ? response?.contacts.first?.uri : nil
    let ending = UserAgent.Ending(
      status: status, q850: response.flatMap { Cause.q850(of: $0) }, byRemote: response != nil, redirect: redirect)
    if refusal.map({ Self.rank(status) > Self.rank($0.status) }) ?? true { refusal = ending }
    // 6xx speaks for all phones of the person (§21.6).
    if status >= 600, phase == .calling { return stopCalling(Cause(status: status), &wire, at: now) }
    finishIfAllOver(&wire)
  }

  /// Which refusal says most about several phones of one person: a decision of the person before a fault of a phone.
  private static func rank(_ status: Int) -> Int {
    switch status {
    case 600...: 6
    case 486: 5
    case 480: 4
    case 300..<400: 3
    case 408, 503: 0
    case 500...: 1
    default: 2
    }
  }

  private mutating func finishIfAllOver(_ wire: inout Wire) {
    guard phase == .calling || phase == .cancelling, !forks.contains(where: { $0.state != .over }) else { return }
    wire.timers.cancel(timer(.ring))
    wire.timers.cancel(timer(.cancelled))
    var ending = UserAgent.Ending(status: givenUpStatus, byRemote: false)
    if let refusal, phase == .calling || refusal.status >= 600 { ending = refusal }
    phase = .ending
    reportEnd(ending, &wire)
  }

  private mutating func retryWithCredentials(
    _ index: Int, _ response: SIPMessage, _ wire: inout Wire, at now: Instant
  ) -> Bool {
    guard phase == .calling, mayRepeat(index) else { return false }
    var used = forks[index].credentialsUsed
    let target = forks[index].dialog.remoteTarget
    guard let answer = answer(response, .invite, uri: target, used: &used, &wire) else { return false }
    forks[index].credentialsUsed = used
    sendAgain(index, answer, &wire, at: now)
    return true
  }

  /// Somebody on the way wants sessions to last longer without a refresh (RFC 4028 §7.4): once more, as they want it.
  private mutating func retryWithLongerSession(
    _ index: Int, _ response: SIPMessage, _ wire: inout Wire, at now: Instant
  ) -> Bool {
    guard phase == .calling, mayRepeat(index), let minimum = response.minimumSessionExpires,
      minimum <= UserAgent.Limits.longestSession, forks[index].headers.minimumExpires == 0
    else { return false }
    forks[index].headers.minimumExpires = minimum
    forks[index].headers.sessionExpires = max(forks[index].headers.sessionExpires, minimum)
    // A nonce may serve once more.
    forks[index].credentialsUsed = 0
    sendAgain(index, nil, &wire, at: now)
    return true
  }

  private func mayRepeat(_ index: Int) -> Bool {
    forks[index].state != .over && forks[index].repetitions < UserAgent.Limits.repetitionsPerInvite
  }

  private mutating func sendAgain(
    _ index: Int, _ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant
  ) {
    forks[index].repetitions += 1
    forks[index].state = .calling
    forks[index].early = []
    // Derived from the branch before it, so that one durable identity names every try (see `endOrphan`).
    forks[index].branch += "r"
    sendInvite(index, authorization, &wire, at: now)
  }

  // MARK: Giving up

  mutating func stopCalling(_ cause: Cause, _ wire: inout Wire, at now: Instant) {
    phase = .cancelling
    reason = cause
    wire.timers.cancel(timer(.ring))
    wire.timers.set(timer(.cancelled), to: now + wire.timing.timeout)
    for index in forks.indices { cancel(index, &wire, at: now) }
    finishIfAllOver(&wire)
  }

  /// Only an INVITE that was heard of can be cancelled: others are when their first answer comes (§9.1).
  private mutating func cancel(_ index: Int, _ wire: inout Wire, at now: Instant) {
    guard forks[index].state == .proceeding, !forks[index].isCancelled else { return }
    forks[index].isCancelled = true
    let fork = forks[index]
    var writer = fork.dialog.cancellation(
      sequence: fork.dialog.localSequence, via: wire.via(fork.branch, on: fork.flow))
    let cause = phase == .established ? Cause(status: 200) : reason
    if let header = cause?.header { writer.header(.reason, header) }
    wire.send(
      writer.finish(), .cancel, branch: fork.branch, on: fork.flow, for: ClientUse.nobody, at: now)
    if phase == .established { wire.timers.set(timer(.cancelled), to: now + wire.timing.timeout) }
  }

  /// 64 T1 after CANCEL without a final answer (§9.1).
  mutating func giveUpCancelled(_ wire: inout Wire, at now: Instant) {
    for index in forks.indices where forks[index].state != .over {
      wire.transactions.handle(.abandon(user: ClientUse(.invite, of: slot, index: index).packed), at: now)
      forks[index].state = .over
    }
    finishIfAllOver(&wire)
  }

  /// Timer C: rung long enough.
  mutating func ringTimePassed(_ wire: inout Wire, at now: Instant) {
    guard phase == .calling else { return }
    givenUpStatus = 408
    stopCalling(Cause(status: 408), &wire, at: now)
  }
}
