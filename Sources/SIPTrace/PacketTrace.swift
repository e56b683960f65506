// All that a capture holds for us: frames in, SIP messages, calls and RTP streams out. Bounded; what there was no room
// for is counted.

import Basics
import Packets
import SIPMessage

///     var trace = PacketTrace()
///     while let frame = … { trace.add(frame.bytes, link: frame.link, at: frame.time) }
///     trace.finish()
public struct PacketTrace {
  public struct Counters: Hashable, Sendable {
    public var sipMessages = 0
    /// SIP messages that do not follow its grammar, and stretches of TCP that are none.
    public var malformed = 0
    /// Messages, streams and connections for which there was no room.
    public var refused = 0
    public var tcpGaps = 0
  }

  /// The messages with one Call-ID, where an INVITE is among them.
  public struct Call: Sendable {
    public let id: ByteString
    public internal(set) var messages: [TracedMessage] = []
    /// The user parts of From and To of the first request.
    public internal(set) var from: ByteString?
    public internal(set) var to: ByteString?
  }

  private struct Direction: Hashable {
    var source: Endpoint
    var destination: Endpoint
  }

  public private(set) var messages: [TracedMessage] = []
  public private(set) var counters = Counters()
  private var messageBytes = 0
  private var decoder = PacketDecoder()
  private var media = MediaStreams()
  private var connections: [Direction: SIPStream] = [:]
  /// In the order in which they began, so that the end is the same on every machine.
  private var directions: [Direction] = []

  public init() {}

  public var packets: PacketDecoder.Counters { decoder.counters }
  public var streams: [MediaStream] { media.streams }

  /// - Parameter time: since 1970.
  public mutating func add(_ frame: [UInt8], link: LinkType, at time: Instant) {
    guard case .datagram(let datagram) = decoder.decode(frame, link: link) else { return }
    if let header = datagram.tcp {
      addSegment(datagram, header, time)
    } else if TracedMessage.isLikely(datagram.bytes) {
      note(Array(datagram.bytes), datagram.source, datagram.destination, time)
    } else {
      media.add(datagram.bytes, from: datagram.source, to: datagram.destination, at: time)
    }
  }

  /// What still waits for bytes that will not come.
  public mutating func finish() {
    for direction in directions {
      guard var stream = connections[direction] else { continue }
      let last = messages.last?.time ?? WallTime(seconds: 0)
      for bytes in stream.finish() {
        note(bytes, direction.source, direction.destination, Instant(nanoseconds: last.microseconds &* 1_000))
      }
      close(stream)
    }
    connections = [:]
    directions = []
    counters.refused += media.refused
  }

  /// Calls in the order in which they began.
  public var calls: [Call] {
    var calls: [Call] = []
    var places: [ByteString: Int] = [:]
    for traced in messages {
      guard let message = traced.message, let id = traced.callID else { continue }
      if let place = places[id] {
        calls[place].messages.append(traced)
      } else if message.method == .invite {
        places[id] = calls.count
        calls.append(Call(id: id, messages: [traced], from: message.fromUser, to: message.toUser))
      }
    }
    return calls
  }

  /// What belongs to no call: registrations, lamps, keep-alives, what is malformed.
  public var otherMessages: [TracedMessage] {
    var ids: Set<ByteString> = []
    for traced in messages where traced.message?.method == .invite { if let id = traced.callID { ids.insert(id) } }
    return messages.filter { traced in traced.callID.map { !ids.contains($0) } ?? true }
  }

  private mutating func addSegment(_ datagram: Datagram, _ header: Datagram.TCPHeader, _ time: Instant) {
    let direction = Direction(source: datagram.source, destination: datagram.destination)
    if connections[direction] == nil {
      guard !datagram.payload.isEmpty || header.isSyn else { return }
      guard connections.count < TraceLimits.maxDirections else {
        counters.refused += 1
        return
      }
      connections[direction] = SIPStream()
      directions.append(direction)
    }
    guard let found = connections[direction]?.add(datagram, header) else { return }
    for bytes in found { note(bytes, datagram.source, datagram.destination, time) }
    if header.ends, let stream = connections.removeValue(forKey: direction) {
      directions.removeAll { $0 == direction }
      close(stream)
    }
  }

  private mutating func close(_ stream: SIPStream) {
    counters.tcpGaps += stream.gaps
    counters.malformed += stream.losses
  }

  private mutating func note(_ bytes: [UInt8], _ source: Endpoint, _ destination: Endpoint, _ time: Instant) {
    counters.sipMessages += 1
    guard messages.count < TraceLimits.maxMessages, messageBytes + bytes.count <= TraceLimits.maxMessageBytes else {
      counters.refused += 1
      return
    }
    messageBytes += bytes.count
    let traced = TracedMessage(
      time: WallTime(microseconds: time.nanoseconds / 1_000), source: source, destination: destination, bytes: bytes)
    if traced.message == nil { counters.malformed += 1 }
    media.learn(traced)
    messages.append(traced)
  }
}
