// Writing a session description in the order that RFC 8866 §5 demands, with CRLF.

import Basics

extension SessionDescription {
  public func serialised() -> [UInt8] {
    var writer = ByteWriter(capacity: 320)
    writer.append("v=0\r\no=- ")
    writer.append(number: sessionID)
    writer.append(UInt8(ascii: " "))
    writer.append(number: sessionVersion)
    writer.append(UInt8(ascii: " "))
    writeAddress(to: &writer)
    writer.append("s=-\r\nc=")
    writeAddress(to: &writer)
    writer.append("t=0 0\r\n")
    for (index, media) in otherMedia.enumerated() {
      if index == audioIndex { writeAudio(to: &writer) }
      writer.append("m=")
      writer.append(media.media)
      writer.append(" 0 ")
      writer.append(media.transport)
      writer.append(UInt8(ascii: " "))
      writer.append(media.formats)
      writer.append("\r\n")
    }
    if audioIndex >= otherMedia.count { writeAudio(to: &writer) }
    return writer.bytes
  }

  private func writeAddress(to writer: inout ByteWriter) {
    if address.isV4 { writer.append("IN IP4 ") } else { writer.append("IN IP6 ") }
    address.write(to: &writer)
    writer.append("\r\n")
  }

  private func writeAudio(to writer: inout ByteWriter) {
    writer.append("m=audio ")
    writer.append(decimal: Int(port))
    writer.append(UInt8(ascii: " "))
    writer.append(transport)
    for format in formats {
      writer.append(UInt8(ascii: " "))
      writer.append(decimal: Int(format.payloadType))
    }
    writer.append("\r\n")
    for format in formats { format.writeAttributes(to: &writer) }
    if let packetMilliseconds {
      writer.append("a=ptime:")
      writer.append(decimal: packetMilliseconds)
      writer.append("\r\n")
    }
    if let rtcpPort {
      writer.append("a=rtcp:")
      writer.append(decimal: Int(rtcpPort))
      writer.append("\r\n")
    }
    writer.append("a=")
    writer.append(direction.text)
    writer.append("\r\n")
  }
}

extension SessionDescription.Format {
  fileprivate func writeAttributes(to writer: inout ByteWriter) {
    if !name.isEmpty { writeRTPMap(to: &writer) }
    guard !fmtp.isEmpty else { return }
    writer.append("a=fmtp:")
    writer.append(decimal: Int(payloadType))
    writer.append(UInt8(ascii: " "))
    writer.append(fmtp)
    writer.append("\r\n")
  }

  private func writeRTPMap(to writer: inout ByteWriter) {
    writer.append("a=rtpmap:")
    writer.append(decimal: Int(payloadType))
    writer.append(UInt8(ascii: " "))
    writer.append(name)
    writer.append(UInt8(ascii: "/"))
    writer.append(decimal: clockRate)
    if channels > 1 {
      writer.append(UInt8(ascii: "/"))
      writer.append(decimal: channels)
    }
    writer.append("\r\n")
  }
}

extension ByteWriter {
  fileprivate mutating func append(number: UInt64) {
    if number >= 10 { append(number: number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
