// The packets that leave a stream as one RTP stream: one SSRC for its whole life, sequence numbers without a break and
// a timestamp that follows the time, however often the sound changes between prompts, digits and a bridged party
// (RFC 3550 §5.1, RFC 3551 §4.1 for the marker).

import Basics
import RTP

struct OutgoingStream {
  /// Where the packets of the moment come from.
  enum Source: UInt8, BitwiseCopyable { case nothing, prompts, digit, relay }

  let ssrc: UInt32
  private(set) var source = Source.nothing
  private var nextSequence: UInt16
  /// Of the newest packet sent, and how many samples it stands for.
  private var timestamp: UInt32
  private var duration: UInt32 = 0
  private var sentAt: Instant?
  private var relay = RelayMapping()

  init(random: inout SeededRandom) {
    let numbers = random.next()
    ssrc = UInt32(truncatingIfNeeded: numbers)
    nextSequence = UInt16(truncatingIfNeeded: numbers >> 32)
    timestamp = UInt32(truncatingIfNeeded: random.next())
  }

  /// Nothing is sent now; whatever comes next starts with a marker.
  mutating func pause() { source = .nothing }

  /// The header of the next packet made here.
  mutating func next(_ from: Source, samples: UInt32, payloadType: UInt8, at now: Instant) -> RTPHeader {
    let isChange = source != from
    timestamp = isChange ? resumedTimestamp(at: now) : timestamp &+ duration
    source = from
    return sent(marker: isChange, payloadType: payloadType, samples: samples, at: now)
  }

  /// The header of another packet of the digit that `next(.digit, …)` began: its timestamp stays.
  mutating func nextOfDigit(samples: UInt32, payloadType: UInt8) -> RTPHeader {
    duration = samples
    return sent(marker: false, payloadType: payloadType, samples: samples, at: sentAt ?? .zero)
  }

  /// Lets time pass without a packet: ticks that were skipped.
  mutating func skip(samples: UInt32) {
    if source == .prompts { duration &+= samples }
  }

  /// The header that a bridged party's packet leaves with, or nil where it is older than the change to this party.
  mutating func relayed(_ header: RTPHeader, samples: UInt32, payloadType: UInt8, at now: Instant) -> RTPHeader? {
    let place = source == .relay ? relay.place(of: header) : .unmapped
    switch place {
    case .tooOld: return nil
    case .late:
      return RTPHeader(
        marker: header.marker, payloadType: payloadType, sequence: header.sequence &+ relay.sequenceOffset,
        timestamp: header.timestamp &+ relay.timestampOffset, ssrc: ssrc)
    case .newest:
      nextSequence = header.sequence &+ relay.sequenceOffset
      timestamp = header.timestamp &+ relay.timestampOffset
      return sent(marker: header.marker, payloadType: payloadType, samples: samples, at: now)
    case .unmapped:
      timestamp = resumedTimestamp(at: now)
      source = .relay
      relay.begin(header, sequence: nextSequence, timestamp: timestamp)
      return sent(marker: true, payloadType: payloadType, samples: samples, at: now)
    }
  }

  /// A bridged party's packet that is not passed on must leave no gap in the numbers, which would look like loss.
  mutating func withheld(_ header: RTPHeader) {
    if source == .relay { relay.leaveOut(header) }
  }

  private mutating func sent(marker: Bool, payloadType: UInt8, samples: UInt32, at now: Instant) -> RTPHeader {
    defer {
      nextSequence &+= 1
      duration = samples
      sentAt = now
    }
    return RTPHeader(
      marker: marker, payloadType: payloadType, sequence: nextSequence, timestamp: timestamp, ssrc: ssrc)
  }

  /// At least the end of what was sent last, and as much later as time has passed.
  private func resumedTimestamp(at now: Instant) -> UInt32 {
    guard let sentAt else { return timestamp }
    return timestamp &+ max(duration, MediaTime.samples(in: now - sentAt))
  }
}

/// How one source's numbers become ours: constant offsets, so that its losses and reordering stay visible to the
/// receiver.
struct RelayMapping: BitwiseCopyable {
  enum Place { case newest, late, tooOld, unmapped }

  private var ssrc: UInt32 = 0
  private(set) var sequenceOffset: UInt16 = 0
  private(set) var timestampOffset: UInt32 = 0
  private var newest: UInt16 = 0
  /// How far `newest` has come since the offsets were fixed, no further than matters.
  private var progress = 0

  mutating func begin(_ header: RTPHeader, sequence: UInt16, timestamp: UInt32) {
    ssrc = header.ssrc
    sequenceOffset = sequence &- header.sequence
    timestampOffset = timestamp &- header.timestamp
    newest = header.sequence
    progress = 0
  }

  /// Notes the packet, if it is the newest.
  mutating func place(of header: RTPHeader) -> Place {
    guard header.ssrc == ssrc else { return .unmapped }
    let distance = Int(Int16(truncatingIfNeeded: header.sequence &- newest))
    switch distance {
    case 1...SequenceTracker.maximumGap:
      newest = header.sequence
      progress = min(progress + distance, SequenceTracker.maximumLateness)
      return .newest
    case (-SequenceTracker.maximumLateness)...0:
      return distance < 0 && -distance <= progress ? .late : .tooOld
    default:
      return .unmapped
    }
  }

  /// Closes the gap of a packet that is not sent. Older ones that are still on their way are then given up.
  mutating func leaveOut(_ header: RTPHeader) {
    guard case .newest = place(of: header) else { return }
    sequenceOffset &-= 1
    progress = 0
  }
}
