// What signalling tells the media core: plain values of fixed size, so that they fit a ring between two threads.

import Basics

/// An RTP stream of the media core: one local port, one remote party.
public typealias StreamID = SlotID

/// An entry of the prompt table that both cores were started with.
public struct PromptID: Hashable, Sendable, BitwiseCopyable {
  public let index: UInt16
  public init(index: UInt16) { self.index = index }
}

/// The codecs that are understood so far, by the names of RFC 3551.
public enum AudioCodec: UInt8, Sendable, BitwiseCopyable {
  case pcmu = 0
  case pcma = 8
}

/// Up to `limit` prompts played one after the other.
public struct Playlist: Sendable, BitwiseCopyable {
  public static let limit = 32
  public private(set) var count = 0
  private var prompts: InlineArray<32, UInt16> = InlineArray(repeating: 0)

  public init() {}
  public init(_ first: PromptID) { append(first) }

  /// Prompts past the limit are left out.
  public mutating func append(_ prompt: PromptID) {
    guard count < Self.limit else { return }
    prompts[count] = prompt.index
    count += 1
  }
  public subscript(index: Int) -> PromptID { PromptID(index: prompts[index]) }
}

/// Where a stream's packets go and how its payloads are numbered, from the negotiated SDP.
public struct StreamTarget: Sendable, BitwiseCopyable, Equatable {
  public var remote: Endpoint
  public var codec: AudioCodec
  /// The payload types negotiated for the codec and, if any, for telephone-event (RFC 4733).
  public var payloadType: UInt8
  public var eventPayloadType: UInt8?
  public var packetMilliseconds: UInt8
  /// From our side: whether we may send and whether we expect to receive (hold and resume).
  public var sends: Bool
  public var receives: Bool
  /// Follow the address that packets really come from (symmetric RTP, RFC 4961): for peers behind NAT.
  public var followsSource: Bool

  public init(
    remote: Endpoint, codec: AudioCodec, payloadType: UInt8, eventPayloadType: UInt8?, packetMilliseconds: UInt8 = 20,
    sends: Bool = true, receives: Bool = true, followsSource: Bool
  ) {
    self.remote = remote
    self.codec = codec
    self.payloadType = payloadType
    self.eventPayloadType = eventPayloadType
    self.packetMilliseconds = packetMilliseconds
    self.sends = sends
    self.receives = receives
    self.followsSource = followsSource
  }
}

public enum MediaCommand: Sendable, BitwiseCopyable {
  /// Binds the local port (all addresses of the family) and creates the stream.
  case open(StreamID, port: UInt16, v6: Bool)
  /// Sets or changes the remote side.
  case target(StreamID, StreamTarget)
  /// Each hears the other from now on; ends what either was playing or bridged to.
  case bridge(StreamID, StreamID)
  /// Both sides hear nothing.
  case unbridge(StreamID)
  /// Plays to the stream, replacing what played; `repeats` starts again at the end. `played` follows with `token` at
  /// the end of a list that does not repeat. While it plays, the bridge (if any) is not heard by this stream.
  case play(StreamID, Playlist, repeats: Bool, token: UInt32)
  /// Stops playing; a bridge is heard again. No `played` follows.
  case stopPlaying(StreamID)
  /// Sends a telephone-event (RFC 4733) of the given length.
  case sendDigit(StreamID, digit: UInt8, milliseconds: UInt16)
  /// Writes what is heard into a place of the recording pool, which belongs to the stream until `recorded`: after so
  /// long, when the place is full, or at `stopRecording` or `close`.
  case record(StreamID, RecordingSlot, milliseconds: UInt16)
  case stopRecording(StreamID)
  /// Closes the port; `closed` follows with the statistics.
  case close(StreamID)
  /// `measured` follows for each stream that receives, then `measuredAll`.
  case measure
}

/// Counters of one stream.
public struct StreamStatistics: Sendable, BitwiseCopyable, Equatable {
  public var packetsReceived: UInt32 = 0
  public var packetsSent: UInt32 = 0
  /// Malformed, or not from the followed source.
  public var packetsIgnored: UInt32 = 0
  /// By gaps of the sequence number.
  public var packetsLost: UInt32 = 0
  /// How unevenly packets arrive (RFC 3550 §6.4.1), in sixteenths of a sample of 8 kHz.
  public var jitter16: UInt32 = 0
  public init() {}

  /// To the nearest.
  public var jitterMilliseconds: Int {
    let unit = 16 * MediaTime.samplesPerMillisecond
    return (Int(jitter16) + unit / 2) / unit
  }
}

public enum MediaEvent: Sendable, BitwiseCopyable {
  /// The port could not be bound: the call cannot have sound.
  case openFailed(StreamID)
  /// A telephone-event ended (or lasted over a second, when it counts once). ASCII of `0…9*#A…D`.
  case digit(StreamID, digit: UInt8, milliseconds: UInt16)
  case played(StreamID, token: UInt32)
  /// Once for each `record`.
  case recorded(StreamID, RecordingSlot, samples: UInt16)
  /// The first packet from the remote side arrived.
  case flowing(StreamID)
  /// No packet arrived for `Limits.silence` although some were expected.
  case silent(StreamID)
  case closed(StreamID, StreamStatistics)
  case measured(StreamID, StreamStatistics)
  case measuredAll
}
