// A session description with one audio stream (RFC 8866). Other media lines are remembered, in order, so that the
// answer refuses them with port 0 (RFC 3264 §6). Reading is tolerant, writing strict; see the other files of this type.

import Basics

///     let offer = try SessionDescription(parsing: message.body)
///     let answer = offer.answer(choosing: ["PCMA"], address: ours, port: 40_000, sessionID: 7, sessionVersion: 1)
public struct SessionDescription: Sendable, Equatable {
  /// Seen from whoever wrote the description.
  public enum Direction: UInt8, Sendable, BitwiseCopyable {
    case sendrecv, sendonly, recvonly, inactive

    public init(sends: Bool, receives: Bool) {
      self = sends ? (receives ? .sendrecv : .sendonly) : (receives ? .recvonly : .inactive)
    }

    public var sends: Bool { self == .sendrecv || self == .sendonly }
    public var receives: Bool { self == .sendrecv || self == .recvonly }
    /// The same stream seen from the other side.
    public var reversed: Direction { Direction(sends: receives, receives: sends) }
    /// What both allow, both seen from the same side.
    public func restricted(to other: Direction) -> Direction {
      Direction(sends: sends && other.sends, receives: receives && other.receives)
    }

    var text: StaticString {
      switch self {
      case .sendrecv: "sendrecv"
      case .sendonly: "sendonly"
      case .recvonly: "recvonly"
      case .inactive: "inactive"
      }
    }
  }

  /// One payload type of the audio line.
  public struct Format: Sendable, Hashable {
    public var payloadType: UInt8
    /// In upper case (`PCMU`), but `telephone-event` in lower case; empty for a dynamic type without rtpmap.
    public var name: ByteString
    /// Of the RTP timestamps, in Hz: 8000 for G722 too (RFC 3551 §4.5.2).
    public var clockRate: Int
    public var channels: Int
    /// Format parameters as written: `0-16`.
    public var fmtp: ByteString

    public init(
      payloadType: UInt8, name: ByteString, clockRate: Int, channels: Int = 1, fmtp: ByteString = ByteString()
    ) {
      self.payloadType = payloadType
      self.name = name
      self.clockRate = clockRate
      self.channels = channels
      self.fmtp = fmtp
    }
  }

  /// A media line that is not the audio stream.
  public struct OtherMedia: Sendable, Hashable {
    /// `video`
    public var media: ByteString
    /// `RTP/AVP`
    public var transport: ByteString
    /// What follows: `31 32`.
    public var formats: ByteString
  }

  public var sessionID: UInt64
  public var sessionVersion: UInt64
  /// Where the writer wants its media: c= of the audio line, else that of the session. 0.0.0.0 is old-style hold.
  public var address: IPAddress
  /// 0: the stream is refused or switched off.
  public var port: UInt16
  public var formats: [Format]
  /// As written; `effectiveDirection` has the address in mind too.
  public var direction: Direction
  public var packetMilliseconds: Int?
  /// Where it is not the port after `port` (RFC 3605).
  public var rtcpPort: UInt16?
  /// `RTP/AVP`
  public var transport: ByteString = "RTP/AVP"
  public var otherMedia: [OtherMedia] = []
  /// How many of `otherMedia` stand in front of the audio line.
  public var audioIndex = 0

  public init(
    address: IPAddress, port: UInt16, formats: [Format], direction: Direction = .sendrecv, sessionID: UInt64,
    sessionVersion: UInt64, packetMilliseconds: Int? = nil
  ) {
    self.address = address
    self.port = port
    self.formats = formats
    self.direction = direction
    self.sessionID = sessionID
    self.sessionVersion = sessionVersion
    self.packetMilliseconds = packetMilliseconds
  }

  /// With the address 0.0.0.0 the writer cannot receive, whatever the attribute says (RFC 3264 §8.4).
  public var effectiveDirection: Direction {
    address.isUnspecified ? direction.restricted(to: .sendonly) : direction
  }
  /// Whether the writer has put us on hold: it takes no media from us.
  public var isHold: Bool { !effectiveDirection.receives }

  /// The first format with that name, without case; with `clockRate`, the first of that rate.
  public func format(named name: ByteString, clockRate: Int? = nil) -> Format? {
    formats.first { $0.name.equalsIgnoringCase(name) && (clockRate == nil || $0.clockRate == clockRate) }
  }
  public func format(payloadType: UInt8) -> Format? { formats.first { $0.payloadType == payloadType } }
  /// The first format that is audio and has a name.
  public var firstCodec: Format? {
    formats.first { !$0.name.isEmpty && $0.name != "telephone-event" && $0.name != "CN" }
  }
}

extension SessionDescription.Format {
  /// The formats whose payload types are fixed (RFC 3551 §6) and those that we number ourselves.
  static func known(_ name: ByteString) -> SessionDescription.Format? {
    for payloadType in [0, 8, 9, 18, 3, 13] as [UInt8] {
      if let format = fixed(payloadType), format.name.equalsIgnoringCase(name) { return format }
    }
    if name.equalsIgnoringCase("OPUS") {
      return .init(payloadType: 96, name: "OPUS", clockRate: 48_000, channels: 2)
    }
    if name.equalsIgnoringCase("telephone-event") { return telephoneEvent }
    return nil
  }

  /// RFC 4733: the digits, `*`, `#`, A to D and flash.
  static var telephoneEvent: SessionDescription.Format {
    .init(payloadType: 101, name: "telephone-event", clockRate: 8000, fmtp: "0-16")
  }

  /// What a payload type means without rtpmap.
  static func fixed(_ payloadType: UInt8) -> SessionDescription.Format? {
    let name: ByteString
    switch payloadType {
    case 0: name = "PCMU"
    case 3: name = "GSM"
    case 8: name = "PCMA"
    case 9: name = "G722"
    case 13: name = "CN"
    case 18: name = "G729"
    default: return nil
    }
    return .init(payloadType: payloadType, name: name, clockRate: 8000)
  }
}
