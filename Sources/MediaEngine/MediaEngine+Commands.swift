// What signalling asks for. A command for a stream that is not there is counted and ignored: it may have crossed with a
// close.

import Basics
import RTP

extension MediaEngine {
  public mutating func handle(_ command: MediaCommand, at now: Instant) {
    switch command {
    case .open(let id, let port, let v6): open(id, port: port, v6: v6)
    case .close(let id): close(id)
    case .target(let id, let target): withSlot(id) { $0.setTarget(target, of: $1, at: now) }
    case .bridge(let a, let b): bridge(a, b)
    case .unbridge(let id): withSlot(id) { $0.unbridge($1) }
    case .play(let id, let list, let repeats, let token):
      withSlot(id) { $0.play(list, repeats: repeats, token: token, on: $1, at: now) }
    case .stopPlaying(let id): withSlot(id) { $0.stopPlaying($1) }
    case .sendDigit(let id, let digit, let milliseconds):
      withSlot(id) { $0.sendDigit(digit, milliseconds: milliseconds, on: $1, at: now) }
    case .record(let id, let place, let milliseconds):
      record(id, into: place, for: .milliseconds(Int(milliseconds)), at: now)
    case .stopRecording(let id): withSlot(id) { $0.stopRecording($1) }
    case .measure: measure()
    }
  }

  /// The shell could not bind the port of an earlier `bind`. The stream stays, without sound, until it is closed.
  public mutating func portFailed(_ id: StreamID) {
    guard slot(of: id) != nil else { return }
    emit(.openFailed(id))
  }

  mutating func withSlot(_ id: StreamID, _ body: (inout MediaEngine, Int) -> Void) {
    guard let slot = slot(of: id) else {
      counters.commandsIgnored += 1
      return
    }
    body(&self, slot)
  }

  private mutating func open(_ id: StreamID, port: UInt16, v6: Bool) {
    let slot = Int(id.slot)
    guard slot < limits.streams else {
      counters.streamsRefused += 1
      emit(.openFailed(id))
      return
    }
    while streams.count <= slot { streams.append(nil) }
    if let stale = streams[slot] {
      // The slot was given away again without a close: its last owner is gone.
      counters.commandsIgnored += 1
      guard stale.id != id else { return }
      close(stale.id)
    }
    streams[slot] = MediaStream(id: id, random: &random)
    streamCount += 1
    portActions.append(.bind(id, port: port, v6: v6))
  }

  private mutating func close(_ id: StreamID) {
    guard let slot = slot(of: id), let stream = streams[slot] else {
      counters.commandsIgnored += 1
      emit(.closed(id, StreamStatistics()))
      return
    }
    unbridge(slot)
    stopTicking(slot)
    stopRecording(slot)
    streams[slot] = nil
    streamCount -= 1
    if streamCount == 0 {
      silenceCheckAt = .never
      recordingEndsAt = .never
    }
    portActions.append(.close(id))
    emit(.closed(id, stream.statistics))
  }

  private mutating func measure() {
    for stream in streams {
      guard let stream, stream.target?.receives == true else { continue }
      emit(.measured(stream.id, stream.statistics))
    }
    emit(.measuredAll)
  }

  private mutating func setTarget(_ new: StreamTarget, of slot: Int, at now: Instant) {
    var target = new
    target.payloadType &= 0x7F
    target.eventPayloadType = new.eventPayloadType.map { $0 & 0x7F }
    target.packetMilliseconds = new.packetMilliseconds == 0 ? 20 : min(max(new.packetMilliseconds, 10), 60)
    let old = streams[slot]?.target
    if let old, old.remote != target.remote || old.followsSource != target.followsSource {
      streams[slot]?.latch.reset()
    }
    streams[slot]?.target = target
    if !target.sends {
      streams[slot]?.outgoing.pause()
      streams[slot]?.digitsOut.removeAll()
    }
    if target.receives, !(old?.receives ?? false) {
      streams[slot]?.heardAt = now
      streams[slot]?.isSilent = false
      silenceCheckAt = min(silenceCheckAt, now + limits.silence)
    }
    startTicking(slot, at: now)
  }

  private mutating func bridge(_ a: StreamID, _ b: StreamID) {
    guard let first = slot(of: a), let second = slot(of: b), first != second else {
      counters.commandsIgnored += 1
      return
    }
    for slot in [first, second] {
      unbridge(slot)
      stopPlaying(slot)
    }
    streams[first]?.peer = second
    streams[second]?.peer = first
  }

  private mutating func unbridge(_ slot: Int) {
    guard let peer = streams[slot]?.peer else { return }
    for side in [slot, peer] {
      streams[side]?.peer = nil
      if streams[side]?.outgoing.source == .relay { streams[side]?.outgoing.pause() }
    }
  }

  private mutating func play(_ list: Playlist, repeats: Bool, token: UInt32, on slot: Int, at now: Instant) {
    guard let id = streams[slot]?.id else { return }
    if streams[slot]?.player.start(list, repeats: repeats, token: token, from: prompts) == true {
      startTicking(slot, at: now)
    } else {
      stopPlaying(slot)
      if !repeats { emit(.played(id, token: token)) }
    }
  }

  private mutating func stopPlaying(_ slot: Int) {
    streams[slot]?.player.stop()
    if streams[slot]?.outgoing.source == .prompts { streams[slot]?.outgoing.pause() }
    if streams[slot]?.needsTicks == false { stopTicking(slot) }
  }

  private mutating func sendDigit(_ digit: UInt8, milliseconds: UInt16, on slot: Int, at now: Instant) {
    guard let stream = streams[slot], stream.destination != nil, stream.target?.eventPayloadType != nil,
      let code = TelephoneEvent.code(ofDigit: digit),
      streams[slot]?.digitsOut.append(code: code, milliseconds: milliseconds) == true
    else {
      counters.digitsRefused += 1
      return
    }
    startTicking(slot, at: now)
  }
}
