// Reading a session description (RFC 8866 §5, §6): lines may end with LF or CR alone, unknown ones are skipped, and s=
// and t= may be missing; what the audio stream needs must be there.

import Basics

extension SessionDescription {
  public init(parsing text: ArraySlice<UInt8>) throws(SDPError) {
    guard text.count <= SDPLimits.maxBytes else { throw .tooLarge }
    let span = text.span
    var reading = Reading()
    var i = 0
    while i < span.count {
      let start = i
      while i < span.count, span[i] != 0x0A, span[i] != 0x0D { i += 1 }
      var end = i
      while end > start, span[end - 1] == 0x20 { end -= 1 }
      if end > start { try reading.read(span, Part(start, end)) }
      i += 1
    }
    self = try reading.finish(span)
  }
}

private struct Reading {
  private var isFirstLine = true
  private var sessionID: UInt64 = 0
  private var sessionVersion: UInt64 = 0
  private var session = Section()
  private var sections: [Section] = []

  mutating func read(_ span: Span<UInt8>, _ line: Part) throws(SDPError) {
    if isFirstLine {
      guard span.equals(line, "v=0") else { throw .notASessionDescription }
      isFirstLine = false
      return
    }
    guard line.end - line.start > 2, span[line.start + 1] == UInt8(ascii: "=") else { return }
    let value = Part(line.start + 2, line.end)
    switch span[line.start] {
    case UInt8(ascii: "o"): readOrigin(span, value)
    case UInt8(ascii: "c"):
      if sections.isEmpty {
        session.readConnection(span, value)
      } else {
        sections[sections.count - 1].readConnection(span, value)
      }
    case UInt8(ascii: "a"):
      if sections.isEmpty {
        session.readAttribute(span, value)
      } else {
        sections[sections.count - 1].readAttribute(span, value)
      }
    case UInt8(ascii: "m"):
      guard sections.count < SDPLimits.maxMediaLines else { throw .tooManyMediaLines }
      sections.append(try Section(span, value))
    default: break
    }
  }

  consuming func finish(_ span: Span<UInt8>) throws(SDPError) -> SessionDescription {
    guard !isFirstLine else { throw .notASessionDescription }
    guard
      let index = sections.firstIndex(where: { $0.isAudio && $0.port != 0 })
        ?? sections.firstIndex(where: { $0.isAudio })
    else { throw .noAudio }
    let audio = sections[index]
    if audio.hasMalformedAddress || (audio.address == nil && session.hasMalformedAddress) { throw .malformedAddress }
    guard let address = audio.address ?? session.address ?? (audio.port == 0 ? .anyV4 : nil) else {
      throw .noAddress
    }
    var result = SessionDescription(
      address: address, port: audio.port, formats: audio.formats,
      direction: audio.direction ?? session.direction ?? .sendrecv, sessionID: sessionID,
      sessionVersion: sessionVersion, packetMilliseconds: audio.packetMilliseconds ?? session.packetMilliseconds)
    result.rtcpPort = audio.rtcpPort
    result.transport = span.text(audio.transport)
    result.audioIndex = index
    for (other, section) in sections.enumerated() where other != index {
      result.otherMedia.append(
        .init(
          media: span.text(section.media), transport: span.text(section.transport),
          formats: span.text(section.formatList)))
    }
    return result
  }

  private mutating func readOrigin(_ span: Span<UInt8>, _ value: Part) {
    var rest = value
    guard span.nextWord(&rest) != nil, let id = span.nextWord(&rest), let version = span.nextWord(&rest) else { return }
    sessionID = Self.identity(span, id)
    sessionVersion = Self.identity(span, version)
  }

  /// Only told apart, never calculated with: so a number too large for 64 bits may wrap.
  private static func identity(_ span: Span<UInt8>, _ digits: Part) -> UInt64 {
    var value: UInt64 = 0
    for i in digits.start..<digits.end where span[i].isASCIIDigit { value = value &* 10 &+ UInt64(span[i] - 0x30) }
    return value
  }
}

/// What one media line and its attributes say, or what stands in front of the first.
private struct Section {
  var media = Part(0, 0)
  var transport = Part(0, 0)
  var formatList = Part(0, 0)
  var isAudio = false
  var port: UInt16 = 0
  var formats: [SessionDescription.Format] = []
  var address: IPAddress?
  var hasMalformedAddress = false
  var direction: SessionDescription.Direction?
  var packetMilliseconds: Int?
  var rtcpPort: UInt16?

  init() {}

  /// `audio 49170/2 RTP/AVP 0 8 101`
  init(_ span: Span<UInt8>, _ value: Part) throws(SDPError) {
    var rest = value
    guard let media = span.nextWord(&rest), var ports = span.nextWord(&rest), let transport = span.nextWord(&rest),
      let port = span.number(span.cut(&ports, at: UInt8(ascii: "/")), atMost: 65_535)
    else { throw .malformedMediaLine }
    self.media = media
    self.transport = transport
    self.port = UInt16(port)
    formatList = rest
    isAudio =
      span.equals(media, "audio") && (span.matches(transport, "RTP/AVP") || span.matches(transport, "RTP/AVPF"))
    guard isAudio else { return }
    formats.reserveCapacity(8)
    while let word = span.nextWord(&rest), formats.count < SDPLimits.maxFormats {
      guard let number = span.number(word, atMost: 127) else { throw .malformedMediaLine }
      guard formatIndex(number) == nil else { continue }
      let payloadType = UInt8(number)
      formats.append(.fixed(payloadType) ?? .init(payloadType: payloadType, name: "", clockRate: 0))
    }
    guard !formats.isEmpty else { throw .malformedMediaLine }
  }

  /// `IN IP4 192.0.2.1/127`
  mutating func readConnection(_ span: Span<UInt8>, _ value: Part) {
    var rest = value
    guard span.nextWord(&rest) != nil, let type = span.nextWord(&rest), var text = span.nextWord(&rest),
      let found = IPAddress(span.bytes(span.cut(&text, at: UInt8(ascii: "/")))[...]),
      span.equals(type, found.isV4 ? "IP4" : "IP6")
    else {
      hasMalformedAddress = true
      return
    }
    address = found
  }

  mutating func readAttribute(_ span: Span<UInt8>, _ value: Part) {
    var rest = value
    let name = span.cut(&rest, at: UInt8(ascii: ":"))
    switch name.end - name.start {
    case 8:
      if span.equals(name, "sendrecv") { direction = .sendrecv }
      if span.equals(name, "sendonly") { direction = .sendonly }
      if span.equals(name, "recvonly") { direction = .recvonly }
      if span.equals(name, "inactive") { direction = .inactive }
    case 6 where span.equals(name, "rtpmap"): readRTPMap(span, rest)
    case 5 where span.equals(name, "ptime"):
      if let number = span.leadingNumber(rest, atMost: 1000), number > 0 { packetMilliseconds = number }
    case 4 where span.equals(name, "fmtp"):
      if let index = readFormatIndex(span, &rest) { formats[index].fmtp = span.text(rest) }
    case 4 where span.equals(name, "rtcp"):
      if let number = span.leadingNumber(rest, atMost: 65_535), number > 0 { rtcpPort = UInt16(number) }
    default: break
    }
  }

  /// `97 opus/48000/2`
  private mutating func readRTPMap(_ span: Span<UInt8>, _ value: Part) {
    var rest = value
    guard let index = readFormatIndex(span, &rest), var encoding = span.nextWord(&rest) else { return }
    let slash = UInt8(ascii: "/")
    let name = span.cut(&encoding, at: slash)
    guard !name.isEmpty, let clockRate = span.number(span.cut(&encoding, at: slash), atMost: 1_000_000), clockRate > 0
    else { return }
    if span.matches(name, "telephone-event") {
      formats[index].name = "telephone-event"
    } else if !isNamed(span, formats[index].name, name) {
      formats[index].name = ByteString(span.bytes(name).map { $0.asciiUppercased })
    }
    formats[index].clockRate = clockRate
    formats[index].channels = max(1, span.number(span.cut(&encoding, at: slash), atMost: 255) ?? 1)
  }

  private func isNamed(_ span: Span<UInt8>, _ name: ByteString, _ part: Part) -> Bool {
    guard name.count == part.end - part.start else { return false }
    for (offset, byte) in name.bytes.enumerated() where span[part.start + offset].asciiUppercased != byte {
      return false
    }
    return true
  }

  private func readFormatIndex(_ span: Span<UInt8>, _ rest: inout Part) -> Int? {
    guard let word = span.nextWord(&rest), let number = span.number(word, atMost: 127) else { return nil }
    return formatIndex(number)
  }
  private func formatIndex(_ payloadType: Int) -> Int? {
    formats.firstIndex { Int($0.payloadType) == payloadType }
  }
}

extension UInt8 {
  fileprivate var asciiUppercased: UInt8 { self >= 0x61 && self <= 0x7A ? self & 0xDF : self }
}
