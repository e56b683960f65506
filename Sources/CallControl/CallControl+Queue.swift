// Queue calls: the distributor decides, this carries out. A caller waits with a script on the stream; an offer rings an
// agent's phone; an accepted offer joins the two.

import ACD
import Basics
import Dialplan
import MediaEngine
import SDP
import SIPUserAgent

extension CallControl {
  mutating func enterQueue(_ number: CallNumber, _ queue: ByteString, at now: Instant) {
    guard let call = calls[number] else { return }
    calls[number]?.phase = .queued(queue)
    outputs.append(
      .distributor(
        .enter(
          ACD.Entry(
            CallReference(number), queue: queue, callerNumber: call.from, callerName: call.fromName,
            dialledNumber: call.to))))
  }

  mutating func handle(_ output: ACD.Output, at now: Instant) {
    switch output {
    case .entered(let reference, let standing): entered(reference.number, standing.position, at: now)
    case .refusedEntry(let reference, let reason):
      log(.info, "queue.refused", reference.number, ByteString(reason.name))
      leaveQueue(reference.number, at: now)
    case .overflow(let reference, _): leaveQueue(reference.number, at: now)
    case .offer(let offer): ring(offer, at: now)
    case .withdraw(let offer): withdraw(offer)
    case .connect(let reference, let offer): connect(reference.number, offer, at: now)
    case .announce(let reference, let standing): sayToWaiting(reference.number, .position(standing.position))
    case .callbackAccepted(let reference, _): sayToWaiting(reference.number, .callbackAccepted)
    case .callbackRefused(let reference, let reason):
      log(.info, "callback.refused", reference.number, ByteString(reason.name))
      sayToWaiting(reference.number, .callbackRefused(reason == .storage ? .callbackStorageFailed : .callbackRefused))
    case .prepare(let attempt, _, let digits, let presenting, let offer?):
      prepare(attempt, digits, presenting: presenting, for: offer, at: now)
    case .dial(let attempt): dial(attempt, at: now)
    case .hangUpAttempt(let attempt): hangUp(attempt)
    case .dropAttempt(let attempt): drop(attempt)
    case .endOrphan(let leg, let digits, let presenting): endOrphan(leg, digits, presenting: presenting)
    case .releaseAgent(let offer, let reason): release(offer, reason, at: now)
    case .pendingCallback, .offerCallback, .moved, .prepare, .confirmAttempt, .connectAttempt, .apologise: break
    case .persist, .record, .log, .agentState, .missedOffer: break  // Routed by whoever composes the machines.
    }
  }

  private mutating func entered(_ number: CallNumber, _ position: Int, at now: Instant) {
    guard let call = calls[number], case .queued(let queue) = call.phase, let first = call.first else { return }
    guard acceptCaller(first) else { return end(number, status: 488, at: now) }
    markAnswered(number)
    let offersCallback = settings.queues.first { $0.name == queue }?.offersCallback == true && !call.from.isEmpty
    say(.queue(position: position, callbackNumber: offersCallback ? call.from : nil), to: first)
  }

  private mutating func sayToWaiting(_ number: CallNumber, _ request: VoiceRequest) {
    guard let call = calls[number], case .queued = call.phase, let first = call.first else { return }
    say(request, to: first)
  }

  /// The queue cannot take the caller, or has kept it too long: on to the queue's other destination.
  private mutating func leaveQueue(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number], case .queued(let queue) = call.phase, let first = call.first else { return }
    calls[number]?.phase = .ringing
    say(.stop, to: first)
    // A second queue may send the caller on once more, but not in a circle.
    calls[number]?.queuesTried.append(queue)
    switch settings.queues.first(where: { $0.name == queue })?.otherwise {
    case .queue(let other)? where call.queuesTried.contains(other) || other == queue: turnAway(number, at: now)
    case let otherwise?: route(number, to: otherwise, at: now)
    case nil: turnAway(number, at: now)
    }
  }

  /// Nobody is there for the caller, who is told so.
  private mutating func turnAway(_ number: CallNumber, at now: Instant) {
    if calls[number]?.status == 0 { calls[number]?.status = 480 }
    announce(number, [.allBusy], at: now)
  }

  /// A script on a waiting caller's stream reports.
  mutating func handle(_ result: VoiceResult, on stream: StreamID, at now: Instant) {
    guard let id = streams[stream], let leg = legs[id], let call = calls[leg.call] else { return }
    switch (result, call.phase) {
    case (.callbackConfirmed, .queued):
      outputs.append(.distributor(.requestCallback(CallReference(leg.call), .init())))
    // The goodbye after a promise, or an announcement.
    case (.finished, .queued), (.finished, .announcing): end(leg.call, status: 200, at: now)
    case (.finished, .callingBack): hangUp(id, status: 480)
    default: break
    }
  }

  // MARK: Offers

  private mutating func ring(_ offer: ACD.Offer, at now: Instant) {
    let call: Call
    switch offer.item {
    case .call(let reference):
      guard let waiting = calls[reference.number] else { return refused(offer.id, status: 487) }
      call = waiting
    case .callback:
      let digits = offer.callerNumber
      let name = Self.shownName(queue: offer.queueDisplayName, caller: offer.callerName)
      var new = newCall(from: digits, name: name, to: digits)
      new.phase = .callingBack
      new.isToBeRecorded = false
      new.destination = "callback " + offer.queueName
      new.callback = Call.CallbackAttempt(offer: offer.id, number: digits, presenting: "")
      calls[new.number] = new
      call = new
    }
    let preferred = call.first.flatMap { legs[$0]?.remote }
    guard
      let id = invite(
        .user(offer.extension), dialling: offer.extension, role: .offered(offer.id), for: call, preferring: preferred)
    else {
      calls[call.number]?.callback = nil
      if case .callback = offer.item { calls[call.number] = nil }
      return refused(offer.id, status: 503)
    }
    offerLegs[offer.id] = id
    if case .callback = offer.item { calls[call.number]?.second = id }
    log(.info, "queue.offer", call.number, "to " + offer.extension)
  }

  private mutating func refused(_ offer: OfferID, status: Int) {
    outputs.append(.distributor(.refused(offer, status: status)))
  }

  private mutating func withdraw(_ offer: OfferID) {
    guard let id = offerLegs[offer] else { return outputs.append(.distributor(.ended(offer))) }
    hangUp(id, status: 487)
  }

  /// The agent's phone answered. Whether the offer still stands, the distributor says next.
  mutating func agentAnswered(_ offer: OfferID, _ id: LegID) {
    legs[id]?.role = .agent(offer)
    outputs.append(.distributor(.accepted(offer)))
  }

  private mutating func connect(_ number: CallNumber, _ offer: OfferID, at now: Instant) {
    let agent = offerLegs[offer].flatMap { legs[$0]?.isEnding == false ? $0 : nil }
    guard let first = calls[number]?.first, legs[first]?.isEnding == false else {
      if let agent { hangUp(agent, status: 487) }
      return
    }
    // The agent answered and hung up in one breath: the queue has let go of the caller.
    guard let agent else { return end(number, status: 480, at: now) }
    calls[number]?.phase = .talking
    calls[number]?.second = agent
    say(.stop, to: first)
    join(first, agent)
    log(.info, "queue.connected", number)
  }

  mutating func offeredLegEnded(_ offer: OfferID, _ leg: Leg, _ ending: UserAgent.Ending) {
    offerLegs[offer] = nil
    outputs.append(.distributor(leg.isEnding ? .ended(offer) : .refused(offer, status: ending.status)))
    endCallback(leg.call, of: offer)
  }

  mutating func agentLegEnded(_ offer: OfferID, _ leg: Leg, at now: Instant) {
    offerLegs[offer] = nil
    outputs.append(.distributor(.ended(offer)))
    endCallback(leg.call, of: offer)
    guard let call = calls[leg.call], call.phase == .talking else { return }
    end(leg.call, status: 200, at: now)
  }
}
