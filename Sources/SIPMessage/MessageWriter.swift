// Writes a message header by header into one buffer (RFC 3261 §7, §8.2.6). A value can never end its line: line ends
// and NUL in what it is given become spaces, so text from outside cannot add headers.

import Basics

///     var writer = MessageWriter.response(200, to: request, toTag: tag)
///     writer.header(.contact, contact)
///     let bytes = writer.finish(contentType: "application/sdp", body: answer.serialised())
public struct MessageWriter: ~Copyable, Sendable {
  private var writer: ByteWriter

  private init(capacity: Int) { writer = ByteWriter(capacity: capacity) }

  /// Begins with the request line; every header is the caller's.
  public static func request(_ method: SIPMethod, _ uri: ByteString) -> MessageWriter {
    var result = MessageWriter(capacity: 700)
    method.write(to: &result.writer)
    result.writer.append(UInt8(ascii: " "))
    result.append(uri.bytes[...])
    result.writer.append(" SIP/2.0")
    return result
  }

  /// A response patched from its request: copies every Via, From, To, Call-ID and CSeq (§8.2.6.2), Record-Route where
  /// the response can make a dialog (§12.1.1), Timestamp for 100 (§8.2.6.1).
  /// - Parameter toTag: added to To where it has none.
  /// - Parameter reason: instead of the usual phrase.
  public static func response(_ status: Int, to request: SIPMessage, toTag: ByteString?, reason: ByteString? = nil)
    -> MessageWriter
  {
    var result = MessageWriter(capacity: 700)
    result.writer.append("SIP/2.0 ")
    result.writer.append(decimal: status)
    result.writer.append(UInt8(ascii: " "))
    if let reason { result.append(reason.bytes[...]) } else { result.writer.append(ReasonPhrase.text(for: status)) }
    let makesDialog = status > 100 && status < 300 && request.canMakeDialog
    for field in request.fields {
      switch field.id {
      case .via, .from, .callID, .cseq: break
      case .recordRoute where makesDialog: break
      case .to:
        result.begin(.to)
        result.writer.append(request.bytes[field.value.range])
        if let toTag, request.toTag == nil {
          result.writer.append(";tag=")
          result.append(toTag.bytes[...])
        }
        continue
      default: continue
      }
      result.begin(field.id)
      result.writer.append(request.bytes[field.value.range])
    }
    if status == 100, let timestamp = request.value(named: "Timestamp") {
      result.writer.append("\r\nTimestamp: ")
      result.append(timestamp)
    }
    return result
  }

  /// A refusal of a request that could not be parsed.
  public static func response(_ status: Int, to request: PartialRequest, toTag: ByteString?, reason: ByteString? = nil)
    -> MessageWriter
  {
    response(status, to: request.message, toTag: toTag, reason: reason)
  }

  public mutating func header(_ name: HeaderName, _ value: ByteString) { header(name, raw: value.bytes[...]) }
  public mutating func header(_ name: HeaderName, raw: ArraySlice<UInt8>) {
    begin(name)
    append(raw)
  }
  public mutating func header(_ name: HeaderName, number: Int) {
    begin(name)
    writer.append(decimal: number)
  }
  public mutating func header(_ name: HeaderName, _ address: NameAddress) {
    var value = ByteWriter(capacity: 96)
    address.write(to: &value)
    header(name, raw: value.bytes[...])
  }
  public mutating func header(named name: StaticString, _ value: ByteString) {
    writer.append("\r\n")
    writer.append(name)
    writer.append(": ")
    append(value.bytes[...])
  }

  public mutating func cseq(_ number: UInt32, _ method: SIPMethod) {
    begin(.cseq)
    writer.append(decimal: Int(number))
    writer.append(UInt8(ascii: " "))
    method.write(to: &writer)
  }

  /// `SIP/2.0/UDP host:port;branch=…;rport` (RFC 3581 §3).
  /// - Parameter asksKeep: whether we may keep the way alive (RFC 6223 §4.2).
  public mutating func via(transport: StaticString, sentBy: Endpoint, branch: ByteString, asksKeep: Bool = false) {
    beginVia(transport)
    sentBy.write(to: &writer)
    endVia(branch)
    if asksKeep { writer.append(";keep") }
  }

  /// The same with a host name, or a host and no port.
  public mutating func via(transport: StaticString, host: ByteString, port: UInt16?, branch: ByteString) {
    beginVia(transport)
    writer.append(host: host)
    if let port {
      writer.append(UInt8(ascii: ":"))
      writer.append(decimal: Int(port))
    }
    endVia(branch)
  }

  private mutating func beginVia(_ transport: StaticString) {
    begin(.via)
    writer.append("SIP/2.0/")
    writer.append(transport)
    writer.append(UInt8(ascii: " "))
  }
  private mutating func endVia(_ branch: ByteString) {
    writer.append(";branch=")
    append(branch.bytes[...])
    writer.append(";rport")
  }

  /// Adds Content-Type (where given), Content-Length, the empty line and the body.
  public consuming func finish(contentType: ByteString? = nil, body: [UInt8] = []) -> [UInt8] {
    if let contentType { header(.contentType, contentType) }
    begin(.contentLength)
    writer.append(decimal: body.count)
    writer.append("\r\n\r\n")
    writer.append(body)
    return writer.bytes
  }

  /// Ends the line before: no line is ended by itself.
  private mutating func begin(_ name: HeaderName) { writer.append(name.lineStart) }

  private mutating func append(_ text: ArraySlice<UInt8>) {
    if text.span.isText { writer.append(text) } else { appendCleaned(text) }
  }
  private mutating func appendCleaned(_ text: ArraySlice<UInt8>) {
    for byte in text { writer.append(byte == 0x0D || byte == 0x0A || byte == 0 ? 0x20 : byte) }
  }
}

extension SIPMessage {
  /// Whether a response below 300 to it can establish a dialog (RFC 3261 §12, RFC 6665, RFC 3515).
  var canMakeDialog: Bool {
    switch method {
    case .invite, .subscribe, .refer, .notify: true
    default: false
    }
  }
}
