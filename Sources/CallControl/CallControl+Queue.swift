// Queue calls: the distributor decides, this carries out. A caller waits with a script on the stream and is led on when
// the queue lets go of it; what the script reports goes back to the distributor.

import ACD
import Basics
import Dialplan
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  mutating func enterQueue(_ number: CallNumber, _ queue: ByteString, at now: Instant) {
    guard let call = calls[number] else { return }
    calls[number]?.phase = .queued(queue)
    calls[number]?.queue = queue
    calls[number]?.queuedAt = call.queuedAt ?? wall
    outputs.append(
      .distributor(
        .enter(
          ACD.Entry(
            CallReference(number), queue: queue, callerNumber: call.shownCaller.number,
            callerName: call.shownCaller.name,
            dialledNumber: call.to))))
  }

  mutating func handle(_ output: ACD.Output, at now: Instant) {
    switch output {
    case .entered(let call, let standing): entered(call.number, standing, at: now)
    case .refusedEntry(let call, let reason): leaveQueue(call.number, .refused(reason), at: now)
    case .overflow(let call, let reason):
      if !joinElsewhere(call.number) { leaveQueue(call.number, .overflow(reason), at: now) }
    case .tryElsewhere(let call): tryElsewhere(call.number, at: now)
    case .moved(let call, let queue): moved(call.number, to: queue)
    case .announce(let call, let standing): sayToWaiting(call.number, .place(Self.place(standing)))
    case .offerCallback(let call, let isUrgent): sayToWaiting(call.number, .offerCallback(isUrgent: isUrgent))
    case .pendingCallback(let call, _): sayToWaiting(call.number, .askPending)
    case .callbackAccepted(let call, _): sayToWaiting(call.number, .callbackAccepted)
    case .callbackRefused(let call, let reason):
      log(.info, "callback.refused", call.number, ByteString(reason.name))
      sayToWaiting(call.number, .callbackRefused(Self.obstacle(reason)))
    case .nearestTime(let call, let hours): sayToWaiting(call.number, .nearestTime(inHours: hours))
    case .offer(let offer): ring(offer, at: now)
    case .withdraw(let offer): withdraw(offer)
    case .connect(let call, let offer): connect(call.number, offer, at: now)
    case .releaseAgent(let offer, let reason): release(offer, reason, at: now)
    case .missedOffer(let agent, let queue): noticeMissedOffer(agent, queue)
    case .prepare(let attempt, let callback, let digits, let presenting, let offer):
      prepare(attempt, of: callback, digits, presenting: presenting, for: offer, at: now)
    case .dial(let attempt): dial(attempt, at: now)
    case .confirmAttempt(let attempt): sayToCustomer(of: attempt, .start(.confirmation))
    case .connectAttempt(let attempt, let offer): connect(attempt, offer, at: now)
    case .apologise(let attempt): sayToCustomer(of: attempt, .start(.music(after: [.apologyNoAgent])))
    case .hangUpAttempt(let attempt): hangUp(attempt)
    case .dropAttempt(let attempt): drop(attempt)
    case .endOrphan(let leg, let digits, let presenting): endOrphan(leg, digits, presenting: presenting)
    case .acted(let act, let who, let refusal):
      if refusal == nil { noteReason(of: act) }
      acted(act, by: who, refusal, at: now)
    case .agentState(let agent, let state): agentIs(state, agent)
    case .persist, .record, .log: break  // Routed by whoever composes the machines.
    }
  }

  // MARK: Waiting

  private mutating func entered(_ number: CallNumber, _ standing: ACD.Standing, at now: Instant) {
    guard let call = calls[number], case .queued(let queue) = call.phase, let first = call.first else { return }
    guard acceptCaller(first) else { return end(number, status: 488, at: now) }
    markAnswered(number)
    transferWorked(number)
    say(.start(.queue(Self.place(standing), callback: callbackTerms(of: call, in: queue))), to: first)
  }

  private func callbackTerms(of call: Call, in queue: ByteString) -> VoiceService.CallbackTerms? {
    guard let rules = settings.queues.first(where: { $0.name == queue })?.callback else { return nil }
    return VoiceService.CallbackTerms(
      number: call.from, allowsOtherNumber: rules.allowsOtherNumber,
      nameFile: rules.recordsName ? ByteString(Int(clamping: call.number)) + ".wav" : "",
      offersSchedule: rules.offersSchedule)
  }

  private mutating func moved(_ number: CallNumber, to queue: ByteString) {
    guard let call = calls[number], case .queued = call.phase else { return }
    dropElsewhere(number)
    calls[number]?.phase = .queued(queue)
    calls[number]?.queue = queue
    calls[number]?.destination = "queue " + queue
    log(.info, "queue.moved", number, "to " + queue)
    sayToWaiting(number, .moved(callback: callbackTerms(of: call, in: queue)))
  }

  private mutating func sayToWaiting(_ number: CallNumber, _ request: VoiceService.Request) {
    guard let call = calls[number], case .queued = call.phase, let first = call.first else { return }
    say(request, to: first)
  }

  private static func place(_ standing: ACD.Standing) -> VoiceService.Place {
    VoiceService.Place(position: standing.position, waitMinutes: standing.waitMinutes)
  }

  private static func obstacle(_ reason: ACD.CallbackRefusal) -> VoiceService.CallbackObstacle {
    switch reason {
    case .numberWithheld, .numberInvalid, .classDenied: .number
    case .slotTaken, .outsideHours, .timeOutOfReach: .time
    case .closing: .closing
    case .storage: .storage
    case .notOffered, .queueLimit, .boxLimit, .callerLimit, .inProgress, .clockUntrusted: .notNow
    }
  }

  // MARK: What scripts report

  mutating func handle(_ result: VoiceService.Result, on stream: StreamID, at now: Instant) {
    guard let id = streams[stream], let leg = legs[id], let call = calls[leg.call] else { return }
    switch (result, call.phase) {
    case (.callbackRequested(let wish), .queued):
      dropElsewhere(leg.call)
      let request = ACD.CallbackRequest(
        number: wish.number, at: wish.inHours.map { wall + .hours($0) }, recordedName: wish.nameFile)
      outputs.append(.distributor(.requestCallback(CallReference(leg.call), request)))
    case (.pending(let answer), .queued):
      outputs.append(.distributor(.pendingResolved(CallReference(leg.call), Self.choice(answer))))
    case (.rated(let score), .rating(let offer)): outputs.append(.distributor(.surveyed(offer, score: score)))
    case (.confirmed, .callingBack):
      if case .customer(let attempt) = leg.role { outputs.append(.distributor(.attemptConfirmed(attempt))) }
    // The goodbye after a promise or a survey.
    case (.finished, .queued), (.finished, .rating): end(leg.call, status: 200, at: now)
    case (.finished, .announcing): announced(leg.call, at: now)
    case (.finished, .testing): end(leg.call, status: 200, at: now)
    case (.finished, .callingBack): hangUp(id, status: 480)
    default: break
    }
  }

  private static func choice(_ answer: VoiceService.PendingAnswer) -> ACD.PendingChoice {
    switch answer {
    case .resume: .resume
    case .keep: .keep
    case .cancel: .cancel
    }
  }

  // MARK: Leaving

  /// The queue cannot take the caller, or has let go of it: on to the queue's other destination, or told why and hung
  /// up. Somebody who has been waiting hears that it goes on; somebody who was never answered hears nothing yet.
  private mutating func leaveQueue(_ number: CallNumber, _ exit: QueueExit, at now: Instant) {
    guard let call = calls[number], case .queued(let queue) = call.phase, let first = call.first else { return }
    log(.info, "queue.left", number, exit.reason)
    dropElsewhere(number)
    // A second queue may send the caller on once more, but not in a circle.
    calls[number]?.queuesTried.append(queue)
    var next = settings.queues.first { $0.name == queue }?.otherwise
    if case .queue(let other)? = next, call.queuesTried.contains(other) || other == queue { next = nil }
    guard let next else {
      if returnTransfer(number, status: 480, at: now) { return }
      if call.status == 0 { calls[number]?.status = 480 }
      return announce(number, [exit.farewell], at: now)
    }
    calls[number]?.phase = .ringing
    guard legs[first]?.isAnswered == true else { return route(number, to: next, at: now) }
    calls[number]?.leadsTo = next
    announce(number, [.connectingElsewhere], at: now)
  }

  /// The announcement is over.
  private mutating func announced(_ number: CallNumber, at now: Instant) {
    guard let next = calls[number]?.leadsTo else { return end(number, status: 200, at: now) }
    calls[number]?.leadsTo = nil
    calls[number]?.phase = .ringing
    route(number, to: next, at: now)
  }
}

extension QueueExit {
  var reason: ByteString {
    switch self {
    case .refused(let reason): ByteString(reason.name)
    case .overflow(let reason): ByteString(reason.name)
    }
  }

  /// What somebody hears who is hung up then.
  var farewell: Prompt {
    switch self {
    case .refused(.closed), .overflow(.closed): .queueClosed
    case .refused(.nobodyLoggedIn), .refused(.allPaused), .overflow(.nobodyLeft): .nobodyAvailable
    case .refused, .overflow: .allBusyGoodbye
    }
  }
}
