// The media core: relays and plays the sound of up to 1,024 streams. Commands, packets and time come in; packets go to
// a sink at once, events and port actions are polled. No clock, no I/O, no lock, no allocation per packet.
//
// Sound between two streams of the same law is never decoded: number, SSRC, sequence and timestamp are rewritten in the
// arrived packet. Between the two laws the samples are mapped by table in the same place. Everything that is not an
// answer to a packet leaves on one grid of 20 ms, so that a thousand streams wake the thread fifty times a second.

import Basics
import RTP

/// Where packets go: the shell's socket, or a test.
public protocol PacketSink: ~Copyable {
  /// Sends at once; `packet` is not valid afterwards. A packet that cannot be sent is lost, as on the network.
  mutating func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint)
}

/// What the shell does with its sockets, in this order.
public enum PortAction: Sendable, BitwiseCopyable, Equatable {
  /// Bind the port on all addresses of the family, for RTP only; on failure say `portFailed`.
  case bind(StreamID, port: UInt16, v6: Bool)
  case close(StreamID)
}

/// After each call: poll the port actions and the events until nil, then wait for a packet, a command or
/// `nextDeadline`.
///
/// Every `close` is answered by one `closed`, also where the port could not be bound: whoever opened a stream closes
/// it.
public struct MediaEngine {
  public let limits: Limits
  public internal(set) var counters = Counters()

  let prompts: PromptTable
  var random: SeededRandom
  /// By slot; grows to the highest slot in use.
  var streams: [MediaStream?] = []
  public internal(set) var streamCount = 0
  /// Slots of the streams that the clock sends for, in the order in which they began.
  var ticking: [Int] = []
  var nextTick = Instant.never
  var silenceCheckAt = Instant.never
  /// When the first recording is over.
  var recordingEndsAt = Instant.never
  private var events = Fifo<MediaEvent>()
  var portActions = Fifo<PortAction>()

  /// - Parameter seed: for SSRCs and first sequence numbers and timestamps; should be unpredictable (RFC 3550 §5.1).
  public init(prompts: PromptTable, limits: Limits = Limits(), seed: UInt64) {
    self.prompts = prompts
    self.limits = limits
    random = SeededRandom(seed: seed)
  }

  public mutating func pollEvent() -> MediaEvent? { events.popFirst() }
  public mutating func pollPort() -> PortAction? { portActions.popFirst() }

  /// When `advance` is to be called next; nil while no stream expects anything of the clock.
  public var nextDeadline: Instant? {
    let earliest = min(nextTick, min(silenceCheckAt, recordingEndsAt))
    return earliest == .never ? nil : earliest
  }

  /// The counters of a stream that is open.
  public func statistics(of id: StreamID) -> StreamStatistics? {
    slot(of: id).flatMap { streams[$0]?.statistics }
  }

  /// The slot of an open stream.
  func slot(of id: StreamID) -> Int? {
    let slot = Int(id.slot)
    guard slot < streams.count, let stream = streams[slot], stream.id == id else { return nil }
    return slot
  }

  mutating func emit(_ event: MediaEvent) {
    switch event {
    case .digit, .flowing, .silent, .measured:
      guard events.count < limits.events else {
        counters.eventsDropped += 1
        return
      }
    case .openFailed, .played, .recorded, .closed, .measuredAll: break
    }
    events.append(event)
  }
}
