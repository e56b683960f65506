// Which frames belong to chosen calls: SIP by Call-ID, RTP by own ports. A call becomes known a moment after its first
// message was seen, so that messages of nobody wait for a while.

import Basics
import Packets
import SIPMessage
import SIPTrace

///     var choice = FrameChoice(parties: .init(user: "101"))
///     for frame in choice.take(frame, link: link) { … }
///     for frame in choice.want(callIDs, ports: ports) { … }      // what has waited
public struct FrameChoice: Sendable {
  /// What is wanted whatever call it belongs to.
  public struct Parties: Hashable, Sendable {
    /// In From or To.
    public var user: ByteString?
    /// At either end.
    public var addresses: [Subnet]

    public init(user: ByteString? = nil, addresses: [Subnet] = []) {
      self.user = user
      self.addresses = addresses
    }
  }

  private struct Held {
    var frames: [CapturedFrame]
    var callIDs: [ByteString]
    var bytes: Int
  }
  private struct Direction: Hashable {
    var source: Endpoint
    var destination: Endpoint
  }

  private let parties: Parties
  private var callIDs: Set<ByteString> = []
  /// In the order in which they became known.
  private var callIDsInOrder = Fifo<ByteString>()
  private var ports: Set<UInt16> = []
  private var decoder = PacketDecoder()
  private var segments: [Direction: SegmentSorter] = [:]
  private var held = Fifo<Held>()
  private var heldBytes = 0

  public init(parties: Parties = Parties()) { self.parties = parties }

  /// Call-IDs stay wanted, for the last messages come when the call is over; ports are those of now.
  /// - Parameter ports: of RTP; the next one is RTCP's.
  public mutating func want(_ callIDs: [ByteString], ports: [UInt16]) -> [CapturedFrame] {
    self.ports = Set(ports + ports.map { $0 &+ 1 })
    var isNew = false
    for id in callIDs where self.callIDs.insert(id).inserted {
      isNew = true
      callIDsInOrder.append(id)
    }
    while self.callIDs.count > CaptureLimits.maxCallIDs, let oldest = callIDsInOrder.popFirst() {
      self.callIDs.remove(oldest)
    }
    return isNew ? release() : []
  }

  private mutating func release() -> [CapturedFrame] {
    var released: [CapturedFrame] = []
    var rest = Fifo<Held>()
    while let one = held.popFirst() {
      if one.callIDs.contains(where: { callIDs.contains($0) }) {
        released += one.frames
        heldBytes -= one.bytes
      } else {
        rest.append(one)
      }
    }
    held = rest
    return released
  }

  /// The frames that belong in the file now.
  public mutating func take(_ frame: CapturedFrame, link: LinkType) -> [CapturedFrame] {
    guard case .datagram(let datagram) = decoder.decode(frame.bytes, link: link) else { return [] }
    if let header = datagram.tcp { return takeSegment(frame, datagram, header) }
    guard TracedMessage.isLikely(datagram.bytes) else {
      return ports.contains(datagram.source.port) || ports.contains(datagram.destination.port) ? [frame] : []
    }
    return judge([frame], [TracedMessage(datagram, Array(datagram.bytes))])
  }

  private mutating func takeSegment(
    _ frame: CapturedFrame, _ datagram: Datagram, _ header: Datagram.TCPHeader
  ) -> [CapturedFrame] {
    let direction = Direction(source: datagram.source, destination: datagram.destination)
    guard segments[direction] != nil || segments.count < CaptureLimits.maxDirections else { return [] }
    let found = segments[direction, default: SegmentSorter()].add(frame, datagram, header)
    if header.ends { segments[direction] = nil }
    guard let found else { return [] }
    return judge(found.frames, found.messages.map { TracedMessage(datagram, $0) })
  }

  private mutating func judge(_ frames: [CapturedFrame], _ messages: [TracedMessage]) -> [CapturedFrame] {
    if messages.contains(where: isWanted) { return frames }
    let bytes = frames.reduce(0) { $0 + $1.bytes.count }
    held.append(Held(frames: frames, callIDs: messages.compactMap { $0.callID }, bytes: bytes))
    heldBytes += bytes
    while held.count > CaptureLimits.maxHeldMessages || heldBytes > CaptureLimits.maxHeldBytes,
      let oldest = held.popFirst()
    {
      heldBytes -= oldest.bytes
    }
    return []
  }

  private func isWanted(_ traced: TracedMessage) -> Bool {
    if let id = traced.callID, callIDs.contains(id) { return true }
    if let user = parties.user, let message = traced.message, message.fromUser == user || message.toUser == user {
      return true
    }
    return parties.addresses.contains {
      $0.contains(traced.source.address) || $0.contains(traced.destination.address)
    }
  }
}

extension TracedMessage {
  fileprivate init(_ datagram: Datagram, _ bytes: [UInt8]) {
    self.init(time: WallTime(seconds: 0), source: datagram.source, destination: datagram.destination, bytes: bytes)
  }
}

/// The segments of one TCP direction, by the messages that they carry. One that carries the end of a message and the
/// beginning of another belongs to both.
struct SegmentSorter: Sendable {
  private struct Segment {
    var frame: CapturedFrame
    var bytes: Int
    /// It was handed out already, for a message that ended in it.
    var isTold = false
  }

  private var stream = SIPStream()
  private var open: [Segment] = []

  /// nil where no message ends with this segment.
  mutating func add(
    _ frame: CapturedFrame, _ datagram: Datagram, _ header: Datagram.TCPHeader
  ) -> (frames: [CapturedFrame], messages: [[UInt8]])? {
    let messages = stream.add(datagram, header)
    guard !datagram.payload.isEmpty else { return nil }
    open.append(Segment(frame: frame, bytes: datagram.payload.count))
    if open.count > CaptureLimits.maxOpenSegments { open.removeFirst() }
    if messages.isEmpty, let searched = stream.searchedBytes { keepLast(searched) }
    guard !messages.isEmpty else { return nil }
    let frames = open.filter { !$0.isTold }.map { $0.frame }
    // What is left of the last segment begins another message.
    open = stream.isBetweenMessages ? [] : open.suffix(1)
    for index in open.indices { open[index].isTold = true }
    return (frames, messages)
  }

  /// Nobody can tell whose those before are.
  private mutating func keepLast(_ bytes: Int) {
    var rest = bytes
    var first = open.count
    while first > 0, rest > 0 {
      first -= 1
      rest -= open[first].bytes
    }
    open.removeFirst(first)
  }
}
