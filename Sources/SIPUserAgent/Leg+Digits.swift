// Keys pressed during a call, in INFO requests (application/dtmf-relay and application/dtmf, as phones send them).

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

extension Leg {
  // MARK: Ours

  mutating func sendDigit(_ digit: UInt8, _ wire: inout Wire, at now: Instant) {
    guard phase == .established, digit < 16 else { return }
    guard digits.count < UserAgent.Limits.queuedDigits else {
      wire.outbox.counters.digitsDropped += 1
      return
    }
    digits.append(digit)
    if !isInfoPending { sendInfo(nil, &wire, at: now) }
  }

  /// One at a time, so that they arrive in order.
  private mutating func sendInfo(_ authorization: DigestClient.Answer?, _ wire: inout Wire, at now: Instant) {
    let branch = wire.branch()
    guard let digit = digits.first, var writer = request(.info, branch: branch, wire) else { return }
    isInfoPending = true
    if let authorization { writer.header(authorization.header, authorization.value) }
    var body = ByteWriter(capacity: 32)
    body.append("Signal=")
    body.append(DigitText.character(digit))
    body.append("\r\nDuration=160\r\n")
    let bytes = writer.finish(contentType: "application/dtmf-relay", body: body.bytes)
    wire.send(bytes, .info, branch: branch, on: flow, for: ClientUse(.info, of: slot).packed, at: now)
  }

  mutating func infoAnswered(_ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant) {
    guard status >= 200, isInfoPending else { return }
    isInfoPending = false
    if let response, status == 401 || status == 407 {
      var used = credentialsUsed
      let target = dialog?.remoteTarget ?? ""
      if let answer = answer(response, .info, uri: target, used: &used, &wire) {
        credentialsUsed = used
        return sendInfo(answer, &wire, at: now)
      }
    }
    credentialsUsed = 0
    _ = digits.popFirst()
    if status == 481 { return lose(status, &wire, at: now) }
    if phase == .established, !digits.isEmpty { sendInfo(nil, &wire, at: now) }
  }

  // MARK: Theirs

  mutating func receiveInfo(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ wire: inout Wire, at now: Instant
  ) {
    guard phase == .established || phase == .answered || phase == .incoming else {
      return wire.respond(server, 481, to: message, at: now)
    }
    // Without a body it only asks whether we are there.
    guard let type = message.contentType, !message.body.isEmpty else {
      return wire.respond(server, 200, to: message, at: now)
    }
    let isRelay = SIPMessage.isType(type, "application/dtmf-relay")
    guard isRelay || SIPMessage.isType(type, "application/dtmf") else {
      var writer = wire.response(415, to: message, tag: localTag)
      writer.header(.acceptHeader, "application/dtmf-relay, application/dtmf")
      return wire.respond(server, 415, writer.finish(), at: now)
    }
    guard let found = isRelay ? DigitText.relay(message.body) : DigitText.plain(message.body) else {
      return wire.respond(server, 400, to: message, at: now)
    }
    wire.respond(server, 200, to: message, at: now)
    wire.outbox.event(.digit(id, digit: found.digit, milliseconds: found.milliseconds))
  }
}

/// The bodies of such requests.
enum DigitText {
  /// The character of 0–9, 10 (`*`), 11 (`#`), 12–15 (A–D).
  static func character(_ digit: UInt8) -> UInt8 {
    switch digit {
    case 0...9: UInt8(ascii: "0") + digit
    case 10: UInt8(ascii: "*")
    case 11: UInt8(ascii: "#")
    default: UInt8(ascii: "A") + (digit & 3)
    }
  }

  /// `5`, `*`, `d`, or an event number of RFC 4733 (`10`).
  static func digit(_ text: ArraySlice<UInt8>) -> UInt8? {
    let text = text.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
    if text.count == 2, let number = Int(decimalDigits: text[...]), number < 16 { return UInt8(number) }
    guard text.count == 1, let byte = text.first else { return nil }
    switch byte.asciiLowercased {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
    case UInt8(ascii: "*"): return 10
    case UInt8(ascii: "#"): return 11
    case UInt8(ascii: "a")...UInt8(ascii: "d"): return byte.asciiLowercased - UInt8(ascii: "a") + 12
    default: return nil
    }
  }

  /// `Signal=5` and `Duration=160` on lines of their own.
  static func relay(_ body: ArraySlice<UInt8>) -> (digit: UInt8, milliseconds: Int)? {
    var found: UInt8?
    var milliseconds = 160
    for line in body.split(separator: 0x0A) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = ByteString(line[..<equals].filter { $0 != 0x20 })
      let value = line[(equals + 1)...]
      if name.equalsIgnoringCase("Signal") {
        found = digit(value)
      } else if name.equalsIgnoringCase("Duration") {
        milliseconds = min(Int(decimalDigits: value.filter { $0.isASCIIDigit }[...]) ?? 160, 10_000)
      }
    }
    return found.map { ($0, milliseconds) }
  }

  static func plain(_ body: ArraySlice<UInt8>) -> (digit: UInt8, milliseconds: Int)? {
    guard let line = body.split(separator: 0x0A).first else { return nil }
    return digit(line).map { ($0, 160) }
  }
}
