// The smaller decoders: URIs and addresses, challenges and credentials, RTP and RTCP. What was read is written and read
// again, and is the same.

import Basics
import RTP

@testable import SIPMessage

enum FuzzDecoders {
  static func uri(_ bytes: [UInt8]) {
    let text = ByteString(bytes)
    if let uri = SIPURI(text) {
      must(SIPURI(uri.text) == uri, "a URI as it is written: \(uri.text)")
      must(uri.isEquivalent(to: uri), "a URI is equivalent to itself")
      _ = (uri.hostAddress, uri.transport, uri.isLooseRouter)
    }
    if let address = NameAddress(text) {
      must(NameAddress(address.text)?.uri == address.uri, "an address as it is written: \(address.text)")
      must(NameAddress(address.text)?.displayName == address.displayName, "a name as it is written: \(address.text)")
      _ = (address.tag, address.expires, address.q)
    }
    if let via = Via(text) {
      var writer = ByteWriter(capacity: 64)
      via.write(to: &writer)
      guard let again = Via(ByteString(writer.bytes)) else { fatalError("a Via as it is written") }
      must(again.host == via.host && again.port == via.port && again.branch == via.branch, "the same Via")
      _ = (via.hostAddress, via.received, via.rport, via.maddr, via.parameter("ttl"))
    }
  }

  private static let names: [StaticString] = [
    "username", "realm", "nonce", "uri", "response", "algorithm", "qop", "nc", "cnonce", "opaque", "stale",
  ]

  static func digest(_ bytes: [UInt8]) {
    guard let parameters = AuthParameters(bytes[...]) else { return }
    var writer = ByteWriter(capacity: 256)
    writer.append(parameters.scheme)
    var separator: StaticString = " "
    for name in names {
      guard let value = parameters[name] else { continue }
      writer.append(separator)
      writer.append(name)
      writer.append("=")
      writer.append(quoting: value)
      separator = ", "
    }
    guard separator.utf8CodeUnitCount == 2, writer.bytes.count <= SIPLimits.maxMessageBytes else { return }
    guard let again = AuthParameters(writer.bytes[...]) else { fatalError("what is written can be read") }
    must(again.isDigest == parameters.isDigest, "the same scheme")
    for name in names { must(again[name] == parameters[name], "the same \(name)") }
  }

  static func rtp(_ bytes: [UInt8]) {
    var copy = bytes
    copy.withUnsafeMutableBytes { buffer in
      let whole = UnsafeRawBufferPointer(buffer)
      guard let packet = try? RTPPacket(parsing: whole) else { return }
      must(packet.payloadStart >= 12 && packet.payloadEnd <= whole.count, "the payload lies within")
      let payload = Array(whole[packet.payloadStart..<packet.payloadEnd])
      if let event = TelephoneEvent(
        parsing: UnsafeRawBufferPointer(rebasing: whole[packet.payloadStart..<packet.payloadEnd]))
      {
        _ = event.digit
      }
      let sent = packet.rewrite(buffer, with: packet.header)
      guard let again = try? RTPPacket(parsing: sent) else { fatalError("what is sent can be read") }
      must(again.header == packet.header, "the same header")
      must(Array(sent[again.payloadStart..<again.payloadEnd]) == payload, "the same payload")
    }
  }

  static func rtcp(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      guard var reader = try? RTCPReader(buffer) else { return }
      var count = 0
      while let packet = try? reader.next() {
        count += 1
        must(count <= bytes.count / 4, "each packet takes its bytes")
        for index in 0..<32 { _ = (reader.block(index, of: packet), reader.leaving(index, of: packet)) }
      }
    }
  }

  /// Not a target of its own: proves that what is wrong deep in a message is found (`Scripts/fuzz --prove`).
  static func planted(_ bytes: [UInt8]) {
    guard let message = try? SIPMessage(parsing: bytes), message.isRequest else { return }
    must(message.topVia.maddr == nil || message.maxForwards != 7, "planted")
  }
}
