// Packets that arrive: judged, counted, and relayed at once where the stream is bridged. Only the payload types that
// were negotiated, from the source that is followed.

import Basics
import Codecs
import RTP

extension MediaEngine {
  /// A datagram on a stream's port. `packet` is changed: what is relayed is patched in place.
  public mutating func receive<Sink: PacketSink & ~Copyable>(
    _ packet: UnsafeMutableRawBufferPointer, on id: StreamID, from source: Endpoint, at now: Instant,
    to sink: inout Sink
  ) {
    guard let slot = slot(of: id) else {
      counters.packetsAstray += 1
      return
    }
    let parsed: RTPPacket
    do throws(RTPError) {
      parsed = try RTPPacket(parsing: UnsafeRawBufferPointer(packet))
    } catch {
      if error == .controlPacket {
        counters.controlPackets += 1
      } else {
        streams[slot]?.statistics.packetsIgnored &+= 1
      }
      return
    }
    guard let content = content(of: parsed, in: packet, on: slot),
      isFollowed(source, parsed.header, on: slot, at: now), isFresh(parsed.header, on: slot)
    else {
      streams[slot]?.statistics.packetsIgnored &+= 1
      return
    }
    streams[slot]?.statistics.packetsReceived &+= 1
    noteFlow(slot, at: now)
    if case .audio = content { noteTransit(parsed.header, on: slot, at: now) }
    noteDigits(content, parsed.header, on: slot, at: now)
    if case .audio(let codec) = content, streams[slot]?.recording != nil {
      keep(UnsafeRawBufferPointer(rebasing: packet[parsed.payloadStart..<parsed.payloadEnd]), codec, of: slot)
    }
    relay(parsed, content, in: packet, from: slot, at: now, to: &sink)
  }

  /// What a payload is.
  private enum Content {
    case audio(AudioCodec)
    case event(TelephoneEvent)
  }

  private func content(of parsed: RTPPacket, in packet: UnsafeMutableRawBufferPointer, on slot: Int) -> Content? {
    guard let stream = streams[slot], let target = stream.target, target.receives, parsed.payloadCount > 0 else {
      return nil
    }
    if parsed.header.payloadType == target.eventPayloadType {
      let payload = UnsafeRawBufferPointer(rebasing: packet[parsed.payloadStart..<parsed.payloadEnd])
      return TelephoneEvent(parsing: payload).map { .event($0) }
    }
    return stream.codec(of: parsed.header.payloadType).map { .audio($0) }
  }

  /// A party that is not behind NAT sends from the signalled address, though perhaps from another port.
  private mutating func isFollowed(_ source: Endpoint, _ header: RTPHeader, on slot: Int, at now: Instant) -> Bool {
    guard let target = streams[slot]?.target else { return false }
    let verdict: SourceLatch.Verdict?
    if target.followsSource {
      verdict = streams[slot]?.latch.judge(source, header, signalled: target.remote, limits: limits, at: now)
    } else {
      verdict = source.address == target.remote.address ? .followed : .stranger
    }
    switch verdict {
    case .followed: return true
    case .moved:
      counters.sourcesMoved += 1
      return true
    case .stranger, nil:
      counters.packetsFromStrangers += 1
      return false
    }
  }

  /// Counts losses; false for a packet that came twice.
  private mutating func isFresh(_ header: RTPHeader, on slot: Int) -> Bool {
    switch streams[slot]?.arrivals.note(header) {
    case .duplicate, nil: return false
    case .newest(let lost):
      if lost > 0 { streams[slot]?.statistics.packetsLost &+= UInt32(lost) }
    case .late:
      // It was counted as lost when its successor came.
      if let lost = streams[slot]?.statistics.packetsLost, lost > 0 { streams[slot]?.statistics.packetsLost = lost - 1 }
    case .first, .restarted: streams[slot]?.transit = nil
    }
    return true
  }

  /// J += (|D| − J) / 16, as RFC 3550 A.8 does it with whole numbers.
  private mutating func noteTransit(_ header: RTPHeader, on slot: Int, at now: Instant) {
    let transit = MediaTime.samples(in: now - .zero) &- header.timestamp
    if let last = streams[slot]?.transit, let jitter = streams[slot]?.statistics.jitter16 {
      let difference = Int32(bitPattern: transit &- last).magnitude
      streams[slot]?.statistics.jitter16 = jitter &+ min(difference, MediaTime.transitMax) &- (jitter + 8) >> 4
    }
    streams[slot]?.transit = transit
  }

  private mutating func noteFlow(_ slot: Int, at now: Instant) {
    guard let stream = streams[slot] else { return }
    streams[slot]?.heardAt = now
    guard !stream.hasFlowed || stream.isSilent else { return }
    streams[slot]?.hasFlowed = true
    streams[slot]?.isSilent = false
    silenceCheckAt = min(silenceCheckAt, now + limits.silence)
    emit(.flowing(stream.id))
  }

  private mutating func noteDigits(_ content: Content, _ header: RTPHeader, on slot: Int, at now: Instant) {
    guard let id = streams[slot]?.id else { return }
    switch content {
    case .audio:
      report(streams[slot]?.digitsIn.sound(at: now), on: id)
    case .event(let event):
      let digits = streams[slot]?.digitsIn.receive(event, header, at: now)
      report(digits?.previous, on: id)
      report(digits?.current, on: id)
    }
  }

  private mutating func report(_ digit: DigitReceiver.Digit?, on id: StreamID) {
    if let digit { emit(.digit(id, digit: digit.digit, milliseconds: digit.milliseconds)) }
  }

  private mutating func relay<Sink: PacketSink & ~Copyable>(
    _ parsed: RTPPacket, _ content: Content, in packet: UnsafeMutableRawBufferPointer, from slot: Int, at now: Instant,
    to sink: inout Sink
  ) {
    guard let peer = streams[slot]?.peer, let other = streams[peer], let target = other.target, other.hearsPeer,
      let destination = other.destination
    else { return }
    let payloadType: UInt8
    let samples: UInt32
    switch content {
    case .event(let event):
      guard let number = target.eventPayloadType else {
        streams[peer]?.outgoing.withheld(parsed.header)
        return
      }
      payloadType = number
      samples = UInt32(event.duration)
    case .audio(let codec):
      payloadType = target.payloadType
      samples = UInt32(truncatingIfNeeded: parsed.payloadCount)
      convert(packet, parsed, from: codec, to: target.codec)
    }
    guard
      let header = streams[peer]?.outgoing.relayed(
        parsed.header, samples: samples, payloadType: payloadType, at: now)
    else { return }
    sink.send(parsed.rewrite(packet, with: header), from: other.id, to: destination)
    streams[peer]?.statistics.packetsSent &+= 1
  }

  private func convert(
    _ packet: UnsafeMutableRawBufferPointer, _ parsed: RTPPacket, from: AudioCodec, to: AudioCodec
  ) {
    let payload = UnsafeMutableRawBufferPointer(rebasing: packet[parsed.payloadStart..<parsed.payloadEnd])
    switch (from, to) {
    case (.pcmu, .pcmu), (.pcma, .pcma): break
    case (.pcmu, .pcma): G711.convertToALaw(payload)
    case (.pcma, .pcmu): G711.convertToMuLaw(payload)
    }
  }
}
