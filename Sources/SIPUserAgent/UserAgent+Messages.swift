// Short texts to phones: MESSAGE outside of dialogs (RFC 3428), one for each contact. Sent as any request is, and
// repeated until answered; what the answer says, nobody waits for. Texts that phones send are refused as before.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

extension UserAgent {
  mutating func sendMessage(to user: ByteString, _ text: ByteString, at now: Instant) {
    let body = Self.cut(text)
    guard !body.isEmpty else { return }
    for binding in registrar.bindings(of: user) {
      let flow = binding.reach
      let own = wire.addressing.advertised(for: flow)
      let port = own.port == 5060 ? nil : own.port
      let branch = wire.branch()
      let via = wire.via(branch, on: flow)
      var writer = MessageWriter.request(.message, binding.contact)
      writer.via(transport: via.transport, sentBy: via.sentBy, branch: branch)
      writer.header(.maxForwards, "70")
      writer.header(
        .from, NameAddress(uri: SIPURI(user: "notice", host: own.address.text, port: port), tag: wire.tag()))
      writer.header(.to, NameAddress(uri: SIPURI(user: user, host: own.address.text, port: port)))
      writer.header(.callID, wire.callID())
      writer.cseq(1, .message)
      writer.header(.userAgent, wire.agentName)
      let bytes = writer.finish(contentType: "text/plain;charset=UTF-8", body: body)
      wire.send(bytes, .message, branch: branch, on: flow, for: ClientUse.nobody, at: now)
    }
  }

  /// Whole characters of UTF-8 up to the limit.
  private static func cut(_ text: ByteString) -> [UInt8] {
    guard text.count > Limits.messageBytes else { return text.bytes }
    var count = Limits.messageBytes
    while count > 0, text.bytes[count] & 0xC0 == 0x80 { count -= 1 }
    return Array(text.bytes[..<count])
  }
}
