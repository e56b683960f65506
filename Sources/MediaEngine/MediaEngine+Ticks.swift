// What the clock does: prompts and digits on the shared grid of 20 ms, and the watch for streams that fell silent.

import Basics
import Codecs
import RTP

extension MediaEngine {
  /// Sends what is due up to `now`. Ticks that were missed are made up for, up to `Limits.catchUpTicks`.
  public mutating func advance<Sink: PacketSink & ~Copyable>(to now: Instant, sink: inout Sink) {
    if nextTick <= now {
      skipMissedTicks(at: now)
      withUnsafeTemporaryAllocation(byteCount: Self.largestPacket, alignment: 8) { buffer in
        while nextTick <= now {
          tick(buffer, to: &sink)
          nextTick = ticking.isEmpty ? .never : nextTick + Tick.length
        }
      }
    }
    if recordingEndsAt <= now { endRecordings(at: now) }
    if silenceCheckAt <= now { checkSilence(at: now) }
  }

  /// A header and 60 ms of G.711.
  static var largestPacket: Int { RTPHeader.byteCount + 60 * MediaTime.samplesPerMillisecond }

  /// Puts the stream under the clock if it has anything to send.
  mutating func startTicking(_ slot: Int, at now: Instant) {
    guard let stream = streams[slot], stream.needsTicks, !stream.isTicking else { return }
    streams[slot]?.isTicking = true
    ticking.append(slot)
    guard nextTick == .never else { return }
    let grid = Tick.length.nanoseconds
    let past = now.nanoseconds % grid
    nextTick = past == 0 ? now : Instant(nanoseconds: now.nanoseconds - past + (past > 0 ? grid : 0))
  }

  mutating func stopTicking(_ slot: Int) {
    guard let stream = streams[slot], stream.isTicking else { return }
    streams[slot]?.isTicking = false
    ticking.removeAll { $0 == slot }
    if ticking.isEmpty { nextTick = .never }
  }

  private mutating func skipMissedTicks(at now: Instant) {
    let missed = (now - nextTick).nanoseconds / Tick.length.nanoseconds
    let skipped = missed - Int64(limits.catchUpTicks)
    guard skipped > 0 else { return }
    counters.ticksSkipped += UInt64(skipped)
    nextTick = nextTick + Interval(nanoseconds: skipped * Tick.length.nanoseconds)
    let samples = UInt32(truncatingIfNeeded: skipped * Int64(Tick.samples))
    for slot in ticking { streams[slot]?.outgoing.skip(samples: samples) }
  }

  private mutating func tick<Sink: PacketSink & ~Copyable>(
    _ buffer: UnsafeMutableRawBufferPointer, to sink: inout Sink
  ) {
    var kept = 0
    for index in 0..<ticking.count {
      let slot = ticking[index]
      if streams[slot]?.digitsOut.isBusy == true {
        sendDigitPacket(of: slot, buffer, to: &sink)
      } else if streams[slot]?.player.isPlaying == true {
        sendPrompt(to: slot, buffer, to: &sink)
      }
      if streams[slot]?.needsTicks == true {
        ticking[kept] = slot
        kept += 1
      } else {
        streams[slot]?.isTicking = false
      }
    }
    ticking.removeLast(ticking.count - kept)
  }

  private mutating func sendPrompt<Sink: PacketSink & ~Copyable>(
    to slot: Int, _ buffer: UnsafeMutableRawBufferPointer, to sink: inout Sink
  ) {
    guard let stream = streams[slot], let target = stream.target else { return }
    let packetSamples = Int(target.packetMilliseconds) * MediaTime.samplesPerMillisecond
    streams[slot]?.player.owed += Tick.samples
    while let player = streams[slot]?.player, player.isPlaying, player.owed >= packetSamples {
      streams[slot]?.player.owed -= packetSamples
      let payload = UnsafeMutableRawBufferPointer(
        rebasing: buffer[RTPHeader.byteCount..<(RTPHeader.byteCount + packetSamples)])
      let filled = streams[slot]?.player.fill(payload, from: prompts) ?? 0
      for index in filled..<packetSamples { payload[index] = G711.muLawSilence }
      if target.codec == .pcma { G711.convertToALaw(payload) }
      if filled > 0, let destination = stream.destination,
        let header = streams[slot]?.outgoing.next(
          .prompts, samples: UInt32(packetSamples), payloadType: target.payloadType, at: nextTick)
      {
        header.write(to: buffer)
        let packet = buffer[..<(RTPHeader.byteCount + packetSamples)]
        sink.send(UnsafeRawBufferPointer(rebasing: packet), from: stream.id, to: destination)
        streams[slot]?.statistics.packetsSent &+= 1
      }
    }
    if streams[slot]?.player.isPlaying == false {
      streams[slot]?.outgoing.pause()
      emit(.played(stream.id, token: stream.player.token))
    }
  }

  private mutating func sendDigitPacket<Sink: PacketSink & ~Copyable>(
    of slot: Int, _ buffer: UnsafeMutableRawBufferPointer, to sink: inout Sink
  ) {
    guard let stream = streams[slot], let step = streams[slot]?.digitsOut.tick() else { return }
    // A new negotiation may have taken telephone-event away while a digit was being sent.
    guard let payloadType = stream.target?.eventPayloadType, let destination = stream.destination else {
      streams[slot]?.digitsOut.removeAll()
      return
    }
    let samples = UInt32(step.event.duration)
    let header =
      step.isFirst
      ? streams[slot]?.outgoing.next(.digit, samples: samples, payloadType: payloadType, at: nextTick)
      : streams[slot]?.outgoing.nextOfDigit(samples: samples, payloadType: payloadType)
    header?.write(to: buffer)
    step.event.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[RTPHeader.byteCount...]))
    let packet = buffer[..<(RTPHeader.byteCount + TelephoneEvent.byteCount)]
    sink.send(UnsafeRawBufferPointer(rebasing: packet), from: stream.id, to: destination)
    streams[slot]?.statistics.packetsSent &+= 1
  }

  /// Looks at all streams, and sets the next look to when the first of them can have been silent for long enough: about
  /// twice a minute while all have sound.
  private mutating func checkSilence(at now: Instant) {
    silenceCheckAt = .never
    for slot in streams.indices {
      guard let stream = streams[slot], stream.expectsPackets else { continue }
      let deadline = stream.heardAt + limits.silence
      if deadline <= now {
        streams[slot]?.isSilent = true
        emit(.silent(stream.id))
      } else {
        silenceCheckAt = min(silenceCheckAt, deadline)
      }
    }
  }
}
