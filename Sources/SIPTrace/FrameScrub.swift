// What of a captured frame may be kept in a file: SIP over UDP and TCP without its credentials, lengths and order as they
// were, checksums as right as they were. A datagram in fragments comes out as one packet, so that no secret hides across
// their border. What is neither UDP nor TCP does not come out: an ICMP error quotes the message that it is about.

import Basics
import Packets
import RTP

public struct FrameScrub: Sendable {
  public enum Outcome: Hashable, Sendable {
    case keep([UInt8])
    /// A fragment: it comes out with the last one.
    case wait
    case leaveOut(PacketRefusal)
  }

  private struct Direction: Hashable {
    var source: Endpoint
    var destination: Endpoint
  }
  /// How far a stream was understood up to a certain byte.
  private struct Mark {
    var sequence: UInt32
    var scrub: Scrub
  }

  private let dropsDigits: Bool
  private var decoder = PacketDecoder()
  private var marks: [Direction: [Mark]] = [:]
  /// TCP directions that were not followed, since there are too many: all their lines are masked.
  public private(set) var unfollowed = 0

  public var counters: PacketDecoder.Counters { decoder.counters }

  /// - Parameter dropsDigits: digits of RFC 4733 and of INFO go too.
  public init(dropsDigits: Bool = false) { self.dropsDigits = dropsDigits }

  public mutating func clean(_ frame: [UInt8], link: LinkType) -> Outcome {
    switch decoder.decode(frame, link: link) {
    case .incomplete: return .wait
    case .refused(let refusal): return .leaveOut(refusal)
    case .datagram(var datagram):
      if let header = datagram.tcp {
        cleanSegment(&datagram, header)
      } else if isText(datagram.bytes) {
        var bytes = Array(datagram.bytes)
        Scrub.clean(&bytes, dropsDigits: dropsDigits)
        datagram.replacePayload(with: bytes[...])
      } else if dropsDigits {
        dropDigit(&datagram)
      }
      return .keep(datagram.frame)
    }
  }

  /// RTP and RTCP begin with the version 2 (RFC 7983); to be safe all else is taken for text, even if it is malformed.
  private func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first else { return false }
    return first < 0x80
  }

  private mutating func cleanSegment(_ datagram: inout Datagram, _ header: Datagram.TCPHeader) {
    let direction = Direction(source: datagram.source, destination: datagram.destination)
    if header.isSyn {
      let start = Mark(sequence: header.sequence &+ 1, scrub: Scrub(dropsDigits: dropsDigits))
      if marks[direction] != nil || marks.count < TraceLimits.maxDirections { marks[direction] = [start] }
    }
    guard !datagram.payload.isEmpty else { return }
    let known = marks[direction]
    var scrub =
      known?.first { $0.sequence == header.sequence }?.scrub
      ?? Scrub(isUnknown: known != nil || !TracedMessage.isLikely(datagram.bytes), dropsDigits: dropsDigits)
    var bytes = Array(datagram.bytes)
    scrub.clean(&bytes)
    let end = Mark(sequence: header.sequence &+ UInt32(truncatingIfNeeded: bytes.count), scrub: scrub)
    datagram.replacePayload(with: bytes[...])
    guard known != nil || marks.count < TraceLimits.maxDirections else {
      unfollowed += 1
      return
    }
    var all = known ?? []
    // The state at which a byte was first reached is the one that was built on more.
    if !all.contains(where: { $0.sequence == end.sequence }) { all.append(end) }
    if all.count > TraceLimits.maxMarks { all.removeFirst() }
    marks[direction] = header.ends ? nil : all
  }

  /// Four bytes of a dynamic payload type are a telephone-event: its code becomes one that is no key.
  private func dropDigit(_ datagram: inout Datagram) {
    var bytes = Array(datagram.bytes)
    let packet = bytes.withUnsafeBytes { try? RTPPacket(parsing: $0) }
    guard let packet, packet.header.payloadType >= 96, packet.payloadCount % TelephoneEvent.byteCount == 0,
      (1...4).contains(packet.payloadCount / TelephoneEvent.byteCount)
    else { return }
    for place in stride(from: packet.payloadStart, to: packet.payloadEnd, by: TelephoneEvent.byteCount) {
      bytes[place] = 0xFF
    }
    datagram.replacePayload(with: bytes[...])
  }
}
