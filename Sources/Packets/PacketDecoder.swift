// From captured frames to what UDP and TCP carried (RFC 768, RFC 9293 §3.1): link header, IP, fragments. Never traps,
// whatever the bytes are; what cannot be read is counted by its reason.

import Basics

/// What one frame carried. The payload is a range of `frame`, so that it can be changed where it stands; of a datagram
/// that came in fragments `frame` is the packet as if it had come whole.
public struct Datagram: Hashable, Sendable {
  public var source: Endpoint
  public var destination: Endpoint
  public var frame: [UInt8]
  public var payload: Range<Int>
  public var tcp: TCPHeader?
  /// The end of the payload was not captured.
  public var isCut: Bool
  /// Where the checksum of UDP or TCP stands.
  var checksumPlace: Int

  public var bytes: ArraySlice<UInt8> { frame[payload] }

  public struct TCPHeader: Hashable, Sendable {
    public var sequence: UInt32
    public var isSyn: Bool
    /// FIN or RST.
    public var ends: Bool
  }

  /// Puts as many other bytes in the payload's place, and makes the checksum follow: right stays right. A UDP checksum of
  /// 0 (none) stays 0.
  public mutating func replacePayload(with bytes: ArraySlice<UInt8>) {
    guard bytes.count == payload.count else { return }
    let old = frame.word16(checksumPlace)
    if tcp != nil || old != 0 {
      var new = Checksum.updated(old, from: frame[payload], to: bytes)
      if tcp == nil, new == 0 { new = 0xFFFF }
      frame.set16(checksumPlace, new)
    }
    frame.replaceSubrange(payload, with: bytes)
  }
}

///     switch decoder.decode(frame, link: .ethernet) {
///     case .datagram(let datagram): … datagram.bytes …
public struct PacketDecoder: Sendable {
  public enum Outcome: Sendable {
    case datagram(Datagram)
    /// A fragment; the datagram comes with the last missing one.
    case incomplete
    case refused(PacketRefusal)
  }

  public struct Counters: Hashable, Sendable {
    public var frames = 0
    public var datagrams = 0
    public var fragments = 0
    public var notInternet = 0
    public var short = 0
    public var malformed = 0
    public var otherProtocol = 0
    public var badFragment = 0
    public var tooLarge = 0

    mutating func note(_ refusal: PacketRefusal) {
      switch refusal {
      case .notInternet: notInternet += 1
      case .short: short += 1
      case .malformed: malformed += 1
      case .otherProtocol: otherProtocol += 1
      case .badFragment: badFragment += 1
      case .tooLarge: tooLarge += 1
      }
    }
  }

  public private(set) var counters = Counters()
  private var fragments = FragmentTable()

  public init() {}

  /// Datagrams whose fragments never came together.
  public var datagramsGivenUp: Int { fragments.givenUp }

  public mutating func decode(_ frame: [UInt8], link: LinkType) -> Outcome {
    counters.frames += 1
    do throws(PacketRefusal) {
      guard let datagram = try datagram(frame, link) else {
        counters.fragments += 1
        return .incomplete
      }
      counters.datagrams += 1
      return .datagram(datagram)
    } catch {
      counters.note(error)
      return .refused(error)
    }
  }

  private mutating func datagram(_ frame: [UInt8], _ link: LinkType) throws(PacketRefusal) -> Datagram? {
    guard frame.count <= PacketLimits.maxFrameBytes else { throw .tooLarge }
    let start = try link.packetStart(frame)
    let header = try InternetHeader(frame, at: start)
    guard let fragment = header.fragment else { return try Self.transport(frame, header) }
    guard let whole = try fragments.add(frame, header, fragment) else { return nil }
    return try Self.transport(whole, InternetHeader(whole, at: start))
  }

  private static func transport(_ frame: [UInt8], _ header: InternetHeader) throws(PacketRefusal) -> Datagram {
    switch header.payloadProtocol {
    case 17: try udp(frame, header)
    case 6: try tcp(frame, header)
    default: throw .otherProtocol
    }
  }

  private static func udp(_ frame: [UInt8], _ header: InternetHeader) throws(PacketRefusal) -> Datagram {
    let start = header.payload.lowerBound
    guard header.payload.count >= 8 else { throw .short }
    let length = frame.word16(start + 4)
    // A length of 0 is a jumbogram (RFC 2675) or one that the card was to cut.
    let end = length == 0 ? header.payload.upperBound : start + length
    guard end >= start + 8, header.isCut || end <= header.payload.upperBound else { throw .malformed }
    var datagram = Self.datagram(frame, header, start + 8..<min(end, header.payload.upperBound), checksum: start + 6)
    datagram.isCut = end > header.payload.upperBound
    return datagram
  }

  private static func tcp(_ frame: [UInt8], _ header: InternetHeader) throws(PacketRefusal) -> Datagram {
    let start = header.payload.lowerBound
    guard header.payload.count >= 20 else { throw .short }
    let headerBytes = Int(frame[start + 12] >> 4) * 4
    guard headerBytes >= 20 else { throw .malformed }
    guard headerBytes <= header.payload.count else { throw .short }
    var segment = datagram(
      frame, header, start + headerBytes..<header.payload.upperBound, checksum: start + 16)
    let flags = frame[start + 13]
    segment.tcp = .init(sequence: frame.word32(start + 4), isSyn: flags & 0x02 != 0, ends: flags & 0x05 != 0)
    return segment
  }

  private static func datagram(
    _ frame: [UInt8], _ header: InternetHeader, _ payload: Range<Int>, checksum: Int
  ) -> Datagram {
    let start = header.payload.lowerBound
    return Datagram(
      source: Endpoint(header.source, UInt16(frame.word16(start))),
      destination: Endpoint(header.destination, UInt16(frame.word16(start + 2))), frame: frame, payload: payload,
      tcp: nil, isCut: header.isCut, checksumPlace: checksum)
  }
}
