// A request or response (RFC 3261 §7): one byte buffer and a table of where its header fields stand. Init checks what
// every message must have; values are parsed when asked for. Never repairs: a folded line becomes one line (spaces in
// place of the line end, which mean the same), nothing else changes.

import Basics

///     let message = try SIPMessage(parsing: datagram)
///     if message.isRequest, message.method == .invite { … message.from?.uri.user … message.body … }
public struct SIPMessage: Sendable {
  /// One reference: a message is handed from machine to machine, and what it holds need not be copied each time.
  /// Changed only while nobody else refers to it.
  private final class Content: @unchecked Sendable {
    var parts: MessageParts
    init(_ parts: MessageParts) { self.parts = parts }
  }
  private var content: Content

  public var bytes: [UInt8] { content.parts.bytes }
  var fields: [HeaderField] { content.parts.fields }
  var head: MessageHead { content.parts.head }

  /// One whole message: a datagram, or what `StreamFramer` cut. Line ends in front are skipped; what follows the body
  /// that Content-Length announces is ignored (§18.3).
  public init(parsing bytes: [UInt8]) throws(SIPParseError) {
    var bytes = bytes
    var scan = MessageScan(bytes)
    if scan.hasFolds {
      MessageScan.unfold(&bytes)
      scan = MessageScan(bytes)
    }
    content = Content(MessageParts(bytes: bytes, fields: scan.fields, head: scan.head))
    if let error = scan.error { throw SIPParseError(error, partial: partialRequest(scan)) }
  }

  /// Whatever can be found, for an error raised outside of init.
  static func error(_ reason: SIPParseError.Reason, in bytes: [UInt8]) -> SIPParseError {
    var bytes = bytes
    MessageScan.unfold(&bytes)
    let scan = MessageScan(bytes)
    let message = SIPMessage(MessageParts(bytes: bytes, fields: scan.fields, head: scan.head))
    return SIPParseError(reason, partial: message.partialRequest(scan))
  }

  private init(_ parts: MessageParts) { content = Content(parts) }

  private func partialRequest(_ scan: MessageScan) -> PartialRequest? {
    guard head.isRequest, scan.canBeAnswered, method != .ack else { return nil }
    return PartialRequest(self)
  }

  // MARK: Start line

  public var isRequest: Bool { head.isRequest }
  /// Of the request line; for a response that of CSeq.
  public var method: SIPMethod { method(at: head.isRequest ? head.method : head.cseqMethod) }
  /// Empty for responses.
  public var requestURI: ArraySlice<UInt8> { bytes[head.requestURI.range] }
  /// Whether the scheme is sip, sips or tel.
  public var isRequestURIReadable: Bool { head.requestURIKind != .other }
  /// 0 for requests.
  public var status: Int { Int(head.status) }
  public var reasonPhrase: ArraySlice<UInt8> { bytes[head.reasonPhrase.range] }

  // MARK: What every message has

  public var callID: ArraySlice<UInt8> { bytes[head.callID.range] }
  public var cseq: (number: UInt32, method: SIPMethod) { (head.cseqNumber, method(at: head.cseqMethod)) }
  /// nil where the peer gave none (RFC 2543), which is legal for From of old peers and To outside dialogs.
  public var fromTag: ArraySlice<UInt8>? { head.from.tag.isEmpty ? nil : bytes[head.from.tag.range] }
  public var toTag: ArraySlice<UInt8>? { head.to.tag.isEmpty ? nil : bytes[head.to.tag.range] }
  /// nil where the URI has another scheme than sip, sips and tel.
  public var from: NameAddress? { address(head.from) }
  public var to: NameAddress? { address(head.to) }
  /// The user parts of From and To alone, unescaped.
  public var fromUser: ByteString? { user(head.from) }
  public var toUser: ByteString? { user(head.to) }
  public var topVia: Via { Via(head.via, in: bytes) }
  public var body: ArraySlice<UInt8> { bytes[head.body.range] }

  private func method(at extent: Extent) -> SIPMethod {
    let known: SIPMethod? = SIPMethod(bytes.span, Int(extent.start), Int(extent.end))
    return known ?? .other(ByteString(bytes.span, extent))
  }
  private func user(_ found: AddressExtents) -> ByteString? {
    found.parts.kind == .other ? nil : found.parts.user(in: bytes.span)
  }
  private func address(_ found: AddressExtents) -> NameAddress? {
    found.parts.kind == .other ? nil : NameAddress(found, in: bytes.span)
  }

  /// Writes where a request came from into its topmost Via: `received` if the sent-by host is another address or rport
  /// was asked for, and the value of `rport` (RFC 3261 §18.2.1, RFC 3581 §4). False where the message would grow over
  /// the limit; then nothing changes.
  @discardableResult
  public mutating func setReceived(_ address: IPAddress, port: UInt16) -> Bool {
    if !isKnownUniquelyReferenced(&content) { content = Content(content.parts) }
    return content.parts.setReceived(address, port: port)
  }

  /// Says in its topmost Via how often the sender is to keep the way back alive, if it asks that there (RFC 6223 §4.3).
  public mutating func setKeepAlive(seconds: Int) {
    guard head.via.keepEnd > 0 else { return }
    if !isKnownUniquelyReferenced(&content) { content = Content(content.parts) }
    content.parts.setKeepAlive(seconds: seconds)
  }
}
