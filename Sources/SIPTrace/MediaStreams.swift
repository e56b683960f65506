// The RTP streams of a capture: which there are, to which call they belong (by the ports that session descriptions name),
// and what each was like. Without a session description a stream is told by its looks.

import Basics
import RTP
import SDP

public struct MediaStream: Sendable {
  public let source: Endpoint
  public let destination: Endpoint
  public let ssrc: UInt32
  /// nil where no session description names either end.
  public internal(set) var callID: ByteString?
  public internal(set) var quality = StreamQuality()
  /// Names of the payload types that occurred, in their order; `PT 97` where there is none.
  public internal(set) var codecs: [ByteString] = []

  /// In hundredths; nil where the codec is not known.
  public var opinionScore: Int? {
    for codec in codecs {
      if let score = OpinionScore.estimate(codec: codec, lostTenThousandths: quality.lostTenThousandths) {
        return score
      }
    }
    return nil
  }

  /// What nobody announced must at least be a row of packets.
  var isLikely: Bool {
    callID != nil || (quality.packets >= 5 && quality.packets * 2 > quality.expected && quality.restarts == 0)
  }
}

struct MediaStreams {
  private struct Key: Hashable {
    var source: Endpoint
    var destination: Endpoint
    var ssrc: UInt32
  }
  private struct Media {
    var callID: ByteString
    var formats: [SessionDescription.Format]
  }

  private var all: [MediaStream] = []
  private var places: [Key: Int] = [:]
  private var media: [Endpoint: Media] = [:]
  /// Streams and endpoints for which there was no room.
  private(set) var refused = 0

  /// In the order in which they began.
  var streams: [MediaStream] { all.filter { $0.isLikely } }

  mutating func learn(_ traced: TracedMessage) {
    guard let callID = traced.callID, let session = traced.session, session.port != 0 else { return }
    let endpoint = Endpoint(session.address, session.port)
    guard media[endpoint] != nil || media.count < TraceLimits.maxMediaEndpoints else {
      refused += 1
      return
    }
    media[endpoint] = Media(callID: callID, formats: session.formats)
  }

  /// Does nothing where the bytes are no RTP.
  mutating func add(_ bytes: ArraySlice<UInt8>, from source: Endpoint, to destination: Endpoint, at time: Instant) {
    guard let first = bytes.first, first >> 6 == 2 else { return }
    guard let packet = bytes.withUnsafeBytes({ try? RTPPacket(parsing: $0) }) else { return }
    let header = packet.header
    let known = media[destination] ?? media[source]
    if known == nil, !Self.isPlausible(header, source, destination) { return }
    let key = Key(source: source, destination: destination, ssrc: header.ssrc)
    guard let place = places[key] ?? begin(key) else { return }
    if all[place].callID == nil { all[place].callID = known?.callID }
    // A payload type means what the receiver said it does.
    let format =
      media[destination]?.formats.first { $0.payloadType == header.payloadType }
      ?? media[source]?.formats.first { $0.payloadType == header.payloadType }
    let (name, clockRate) = Self.codec(header.payloadType, format)
    if !all[place].codecs.contains(name), all[place].codecs.count < TraceLimits.maxPayloadTypes {
      all[place].codecs.append(name)
    }
    all[place].quality.add(header, at: time, clockRate: clockRate)
  }

  private mutating func begin(_ key: Key) -> Int? {
    guard all.count < TraceLimits.maxStreams else {
      refused += 1
      return nil
    }
    places[key] = all.count
    all.append(MediaStream(source: key.source, destination: key.destination, ssrc: key.ssrc))
    return all.count - 1
  }

  private static func isPlausible(_ header: RTPHeader, _ source: Endpoint, _ destination: Endpoint) -> Bool {
    source.port >= 1_024 && destination.port >= 1_024 && (header.payloadType <= 34 || header.payloadType >= 96)
  }

  /// The name and the clock rate, which telephone-event has none of: its timestamps stand still while a key is pressed.
  private static func codec(
    _ payloadType: UInt8, _ format: SessionDescription.Format?
  ) -> (ByteString, clockRate: Int?) {
    if let format, !format.name.isEmpty {
      return (format.name, format.name == "telephone-event" || format.clockRate == 0 ? nil : format.clockRate)
    }
    switch payloadType {
    case 0: return ("PCMU", 8_000)
    case 3: return ("GSM", 8_000)
    case 8: return ("PCMA", 8_000)
    case 9: return ("G722", 8_000)
    case 13: return ("CN", 8_000)
    case 18: return ("G729", 8_000)
    default: return ("PT " + ByteString(Int(payloadType)), nil)
    }
  }
}
