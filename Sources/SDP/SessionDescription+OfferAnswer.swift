// Offers and answers (RFC 3264). Whether a session may change, and the counting of versions, is the caller's business.

import Basics

extension SessionDescription {
  /// What we offer: the codecs in order of preference, then telephone-event as 101. Names unknown here
  /// are left out.
  public static func offer(
    codecs: [ByteString], address: IPAddress, port: UInt16, sessionID: UInt64, sessionVersion: UInt64,
    direction: Direction = .sendrecv
  ) -> SessionDescription {
    var formats: [Format] = []
    for codec in codecs {
      guard let format = Format.known(codec), !formats.contains(where: { $0.payloadType == format.payloadType }),
        format.payloadType != Format.telephoneEvent.payloadType
      else { continue }
      formats.append(format)
    }
    formats.append(.telephoneEvent)
    return SessionDescription(
      address: address, port: port, formats: formats, direction: direction, sessionID: sessionID,
      sessionVersion: sessionVersion, packetMilliseconds: 20)
  }

  /// The answer to this offer: the first of `codecs` that was offered, and telephone-event at its clock rate if that was
  /// offered, with the offerer's payload numbers; every other media line refused.
  /// - Parameter direction: what we want, seen from us; restricted to what the offer allows.
  /// - Returns: nil where no codec is common or the offer has no audio (port 0): 488.
  public func answer(
    choosing codecs: [ByteString], address: IPAddress, port: UInt16, sessionID: UInt64, sessionVersion: UInt64,
    direction: Direction = .sendrecv
  ) -> SessionDescription? {
    guard self.port != 0 else { return nil }
    for codec in codecs where !codec.isEmpty {
      guard var chosen = format(named: codec), chosen.name != "telephone-event" else { continue }
      chosen.fmtp = ByteString()
      var formats = [chosen]
      if var event = format(named: "telephone-event", clockRate: chosen.clockRate) {
        // Without the parameter 0 to 15 are meant (RFC 4733 §2.4.1).
        if event.fmtp.isEmpty { event.fmtp = "0-15" }
        formats.append(event)
      }
      var answer = SessionDescription(
        address: address, port: port, formats: formats,
        direction: direction.restricted(to: effectiveDirection.reversed), sessionID: sessionID,
        sessionVersion: sessionVersion, packetMilliseconds: packetMilliseconds.map(Self.usualPacket))
      answer.keepMediaLines(of: self)
      return answer
    }
    return nil
  }

  /// The packet length we agree to: what was asked for if it is a multiple of 10 ms up to 60 ms, else 20 ms.
  private static func usualPacket(_ milliseconds: Int) -> Int {
    milliseconds >= 10 && milliseconds <= 60 && milliseconds % 10 == 0 ? milliseconds : 20
  }

  /// Takes over the order and number of media lines, which may never shrink within a session (RFC 3264 §8): for a
  /// later offer of ours in a session whose peer once offered more than audio.
  public mutating func keepMediaLines(of other: SessionDescription) {
    transport = other.transport
    otherMedia = other.otherMedia
    audioIndex = other.audioIndex
  }
}
