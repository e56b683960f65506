// The sound of a call: ports, negotiation (RFC 3264) and what each stream is joined to.

import ACD
import Basics
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  static let codecNames: [ByteString] = ["PCMU", "PCMA"]

  /// The other side's first choice first, so that both sides speak the same and nothing is transcoded.
  static func codecOrder(preferring other: SessionDescription?) -> [ByteString] {
    guard let other, let first = other.formats.first(where: { codecNames.contains($0.name) }) else { return codecNames }
    return [first.name] + codecNames.filter { $0 != first.name }
  }

  static func codec(named name: ByteString) -> AudioCodec? {
    name == "PCMU" ? .pcmu : name == "PCMA" ? .pcma : nil
  }

  /// The description if there is sound in it that we know.
  static func usable(_ description: SessionDescription?) -> SessionDescription? {
    guard let description, description.port != 0, description.formats.contains(where: { codecNames.contains($0.name) })
    else { return nil }
    return description
  }

  // MARK: Streams

  mutating func openStream(for leg: LegID) -> StreamID? {
    adoptPorts()
    guard let stream = streams.insert(leg) else { return nil }
    outputs.append(.media(.open(stream, port: port(of: stream), v6: settings.servesIPv6)))
    return stream
  }

  /// Streams keep the ports they were opened with, so another range counts from the first moment without any.
  private mutating func adoptPorts() {
    guard streams.count == 0, ports != settings.mediaPorts else { return }
    ports = settings.mediaPorts
    streams = Slab(limit: ports.streamLimit)
  }

  func port(of stream: StreamID) -> UInt16 { ports.port(ofSlot: stream.slot) }

  mutating func close(_ leg: Leg) {
    guard let stream = leg.stream else { return }
    outputs.append(.voice(stream, .stop))
    outputs.append(.media(.close(stream)))
    streams.remove(stream)
  }

  /// Forms our answer to the caller's offer (or our offer, if the caller made none) and points the stream there.
  /// False when no codec is common or no port is free.
  mutating func answer(_ id: LegID) -> Bool {
    guard let leg = legs[id] else { return false }
    if leg.local != nil { return true }
    guard let stream = leg.stream ?? openStream(for: id) else {
      counters.withoutPort += 1
      log(.warning, "media.ports", leg.call, "no free port for another stream")
      return false
    }
    legs[id]?.stream = stream
    lastSessionID += 1
    let codecs = Self.codecOrder(preferring: otherLeg(of: id).flatMap { legs[$0]?.remote })
    guard let remote = leg.remote else {
      let offer = SessionDescription.offer(
        codecs: codecs, address: .anyV4, port: port(of: stream), sessionID: lastSessionID, sessionVersion: 1)
      legs[id]?.local = offer
      return true
    }
    guard
      let local = remote.answer(
        choosing: codecs, address: .anyV4, port: port(of: stream), sessionID: lastSessionID, sessionVersion: 1)
    else { return false }
    legs[id]?.local = local
    retarget(id)
    return true
  }

  /// Answers an incoming leg with 200 if that has not happened.
  mutating func acceptCaller(_ id: LegID) -> Bool {
    guard let leg = legs[id], !leg.isEnding else { return false }
    if leg.isAnswered { return true }
    guard answer(id), let local = legs[id]?.local else { return false }
    legs[id]?.isAnswered = true
    touched(leg.party)
    outputs.append(.agent(.accept(id, local)))
    return true
  }

  /// Points a stream to what both descriptions say now.
  mutating func retarget(_ id: LegID) {
    guard let leg = legs[id], let stream = leg.stream, let remote = leg.remote, let local = leg.local else { return }
    let common = remote.formats.first { format in
      Self.codecNames.contains(format.name) && local.formats.contains { $0.name == format.name }
    }
    guard let format = common, let codec = Self.codec(named: format.name) else { return }
    let direction = remote.effectiveDirection
    let target = StreamTarget(
      remote: Endpoint(remote.address, remote.port), codec: codec, payloadType: UInt8(clamping: format.payloadType),
      eventPayloadType: local.format(named: Self.eventName) == nil
        ? nil : remote.format(named: Self.eventName).map { UInt8(clamping: $0.payloadType) },
      packetMilliseconds: UInt8(clamping: max(10, min(60, remote.packetMilliseconds ?? 20))),
      sends: direction.receives && remote.port != 0, receives: direction.sends, followsSource: true)
    outputs.append(.media(.target(stream, target)))
  }

  static let eventName: ByteString = "telephone-event"

  /// Each hears the other from now on, or music while the other keeps it on hold.
  mutating func join(_ a: LegID, _ b: LegID) {
    guard let first = legs[a]?.stream, let second = legs[b]?.stream else { return }
    outputs.append(.media(.bridge(first, second)))
    for id in [a, b] {
      legs[id]?.holdsOther = false
      applyHold(id)
    }
  }

  mutating func say(_ request: VoiceService.Request, to id: LegID) {
    guard let stream = legs[id]?.stream else { return }
    outputs.append(.voice(stream, request))
  }

  func otherLeg(of id: LegID) -> LegID? {
    guard let leg = legs[id], let call = calls[leg.call] else { return nil }
    return call.first == id ? call.second : call.first
  }

  // MARK: Re-INVITE: hold, resume, a new address or codec

  /// Answered here: the other side hears music while it is held, and needs no re-INVITE of its own.
  mutating func reoffered(_ id: LegID, _ description: SessionDescription?) {
    guard let leg = legs[id], let stream = leg.stream else {
      return outputs.append(.agent(.refuseOffer(id, status: 488)))
    }
    let version = (leg.local?.sessionVersion ?? 0) + 1
    let session = leg.local?.sessionID ?? 1
    guard let description else {
      var offer = SessionDescription.offer(
        codecs: Self.codecOrder(preferring: leg.remote), address: .anyV4, port: port(of: stream), sessionID: session,
        sessionVersion: version)
      // Media lines may never become fewer (RFC 3264 §8).
      if let remote = leg.remote { offer.keepMediaLines(of: remote) }
      legs[id]?.local = offer
      return outputs.append(.agent(.answerOffer(id, offer)))
    }
    guard
      let answer = description.answer(
        choosing: Self.codecOrder(preferring: otherLeg(of: id).flatMap { legs[$0]?.remote }), address: .anyV4,
        port: port(of: stream), sessionID: session, sessionVersion: version)
    else { return outputs.append(.agent(.refuseOffer(id, status: 488))) }
    legs[id]?.remote = description
    legs[id]?.local = answer
    retarget(id)
    outputs.append(.agent(.answerOffer(id, answer)))
    applyHold(id)
  }

  /// The answer to an offer that we made because the peer had none.
  mutating func answeredOurOffer(_ id: LegID, _ description: SessionDescription?, at now: Instant) {
    guard let leg = legs[id], let description else { return }
    guard let description = Self.usable(description) else {
      log(.warning, "media.no-codec", leg.call, "an answer without a common codec")
      return end(leg.call, status: 488, at: now)
    }
    legs[id]?.remote = description
    retarget(id)
    applyHold(id)
  }

  private mutating func applyHold(_ id: LegID) {
    guard let leg = legs[id], let holds = leg.remote?.isHold, leg.holdsOther != holds,
      calls[leg.call]?.phase == .talking, let other = otherLeg(of: id)
    else { return }
    legs[id]?.holdsOther = holds
    log(.info, holds ? "call.held" : "call.resumed", leg.call)
    say(holds ? .start(.music()) : .stop, to: other)
    if case .agent(let offer) = leg.role { outputs.append(.distributor(.held(offer, holds))) }
  }

  // MARK: What the streams report

  mutating func handle(_ event: MediaEvent, at now: Instant) {
    switch event {
    case .openFailed(let stream): portTaken(stream, at: now)
    case .digit(let stream, let digit, _):
      guard let id = streams[stream] else { return }
      heard(digit, on: id, isAlreadyRelayed: true, at: now)
    case .silent(let stream):
      guard let id = streams[stream], let leg = legs[id], !leg.holdsOther else { return }
      fellSilent(id)
      log(
        .warning, "media.silent", leg.call,
        leg.isIncoming ? "nothing heard from the caller" : "nothing heard from the callee")
    case .flowing(let stream):
      guard let id = streams[stream], let leg = legs[id] else { return }
      legs[id]?.sound = .flows
      testSounds(leg)
    case .measured(let stream, let quality):
      guard let id = streams[stream] else { return }
      legs[id]?.quality = quality
    case .closed(let stream, let statistics): testStreamClosed(stream, statistics)
    case .played, .recorded, .measuredAll: break
    }
  }

  /// A caller whose sound has stopped in the queue may be gone without a word: a question to the phone shows it. One
  /// that never sent any is left alone: it may have nothing to say.
  private mutating func fellSilent(_ id: LegID) {
    guard let leg = legs[id], leg.sound == .flows else { return }
    legs[id]?.sound = .stopped
    guard leg.role == .caller, leg.isAnswered, let call = calls[leg.call], case .queued = call.phase,
      let local = leg.local
    else { return }
    outputs.append(.agent(.offer(id, local)))
  }

  /// The stream cannot have sound. A caller who waits is not to suffer for the port of an agent's leg.
  private mutating func portTaken(_ stream: StreamID, at now: Instant) {
    guard let id = streams[stream], let leg = legs[id] else { return }
    counters.portsTaken += 1
    log(.warning, "media.open-failed", leg.call, "port " + ByteString(Int(port(of: stream))) + " is taken")
    switch leg.role {
    case .caller: end(leg.call, status: 500, at: now)
    case .callee:
      hangUp(id, status: 500)
      refuse(leg.call, status: 500, at: now)
    case .candidate, .transferor, .offered, .agent, .customer, .elsewhere, .tested, .echo:
      legs[id]?.failure = 500
      hangUp(id, status: 500)
    }
  }
}
