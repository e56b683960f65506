// One stream of the media core: a local port, its remote party, and everything that is known about the sound both ways.

import Basics
import RTP

struct MediaStream {
  let id: StreamID
  var target: StreamTarget?
  /// The slot of the stream that it is bridged with: each is the other's.
  var peer: Int?
  var statistics = StreamStatistics()

  // From the remote party.
  var latch = SourceLatch()
  var arrivals = SequenceTracker()
  /// Of the latest packet of sound: when it came less its timestamp, in samples; nil before the first of a source.
  var transit: UInt32?
  var digitsIn = DigitReceiver()
  var hasFlowed = false
  var isSilent = false
  /// The last packet, or when packets began to be expected.
  var heardAt = Instant.zero
  var recording: Recording?

  // To the remote party.
  var outgoing: OutgoingStream
  var player = Player()
  var digitsOut = DigitSender()
  /// Whether it stands in the engine's list of streams that the clock sends for.
  var isTicking = false

  init(id: StreamID, random: inout SeededRandom) {
    self.id = id
    outgoing = OutgoingStream(random: &random)
  }

  var expectsPackets: Bool { !isSilent && (target?.receives ?? false) }
  /// Prompts wait for a party to hear them. On hold they run on unheard, so that `played` comes in any case.
  var needsTicks: Bool { target != nil && (player.isPlaying || digitsOut.isBusy) }
  /// Whether a bridged party is heard: a prompt or a digit goes before it.
  var hearsPeer: Bool { !player.isPlaying && !digitsOut.isBusy }

  /// Where packets go now; nil where none may.
  var destination: Endpoint? {
    guard let target, target.sends else { return nil }
    let remote = target.followsSource ? latch.source ?? target.remote : target.remote
    return remote.port == 0 || remote.address.isUnspecified ? nil : remote
  }

  /// The codec of an arrived payload type. The static numbers of RFC 3551 are understood even where the other law was
  /// chosen: an offer of both allows either at any time (RFC 3264 §5.1).
  func codec(of payloadType: UInt8) -> AudioCodec? {
    guard let target else { return nil }
    if payloadType == target.payloadType { return target.codec }
    return payloadType == target.eventPayloadType ? nil : AudioCodec(rawValue: payloadType)
  }
}
