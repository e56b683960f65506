// A request or response (RFC 3261 §7): one byte buffer and a table of where its header fields stand. Init checks what
// every message must have; values are parsed when asked for. Never repairs: a folded line becomes one line (spaces in
// place of the line end, which mean the same), nothing else changes.

import Basics

///     let message = try SIPMessage(parsing: datagram)
///     if message.isRequest, message.method == .invite { … message.from?.uri.user … message.body … }
public struct SIPMessage: Sendable {
  public private(set) var bytes: [UInt8]
  var fields: [HeaderField]
  var head: MessageHead

  /// One whole message: a datagram, or what `StreamFramer` cut. Line ends in front are skipped; what follows the body
  /// that Content-Length announces is ignored (§18.3).
  public init(parsing bytes: [UInt8]) throws(SIPParseError) {
    var scan = MessageScan(bytes)
    self.bytes = bytes
    if scan.hasFolds {
      MessageScan.unfold(&self.bytes)
      scan = MessageScan(self.bytes)
    }
    head = scan.head
    fields = scan.fields
    if let error = scan.error { throw SIPParseError(error, partial: partialRequest(scan)) }
  }

  /// Whatever can be found, for an error raised outside of init.
  static func error(_ reason: SIPParseError.Reason, in bytes: [UInt8]) -> SIPParseError {
    var bytes = bytes
    MessageScan.unfold(&bytes)
    let scan = MessageScan(bytes)
    let message = SIPMessage(bytes: bytes, fields: scan.fields, head: scan.head)
    return SIPParseError(reason, partial: message.partialRequest(scan))
  }

  private init(bytes: [UInt8], fields: [HeaderField], head: MessageHead) {
    self.bytes = bytes
    self.fields = fields
    self.head = head
  }

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
  public var topVia: Via { Via(head.via, in: bytes) }
  public var body: ArraySlice<UInt8> { bytes[head.body.range] }

  private func method(at extent: Extent) -> SIPMethod {
    let known: SIPMethod? = SIPMethod(bytes.span, Int(extent.start), Int(extent.end))
    return known ?? .other(ByteString(bytes.span, extent))
  }
  private func address(_ found: AddressExtents) -> NameAddress? {
    found.parts.kind == .other ? nil : NameAddress(found, in: bytes.span)
  }

  /// By how much `setReceived` may make a message longer.
  static let receivedGrowth = 80

  /// Writes where a request came from into its topmost Via: `received` if the sent-by host is another address or rport
  /// was asked for, and the value of `rport` (RFC 3261 §18.2.1, RFC 3581 §4). False where the message would grow over
  /// the limit; then nothing changes.
  @discardableResult
  public mutating func setReceived(_ address: IPAddress, port: UInt16) -> Bool {
    let via = head.via
    var parameter = ByteWriter(capacity: 64)
    parameter.append(";received=")
    let valueStart = parameter.bytes.count
    address.write(to: &parameter)
    let value = parameter.bytes[valueStart...]
    guard via.hasRPort || !via.received.isEmpty || !value.elementsEqual(bytes[via.host.range]) else { return true }
    guard bytes.count + Self.receivedGrowth <= SIPLimits.maxMessageBytes else { return false }
    if via.hasRPort { setRPort(port) }
    if via.received.isEmpty {
      let end = Int(head.via.whole.end)
      replaceInTopVia(end..<end, parameter.bytes[...])
      head.via.received = Extent(end + valueStart, end + parameter.bytes.count)
    } else {
      let start = Int(head.via.received.start)
      replaceInTopVia(head.via.received.range, value)
      head.via.received = Extent(start, start + value.count)
    }
    return true
  }

  private mutating func setRPort(_ port: UInt16) {
    let end = Int(head.via.rportEnd)
    var start = end
    var value = ByteWriter(capacity: 8)
    if head.via.rport == 0 {
      value.append(UInt8(ascii: "="))
    } else {
      while bytes[start - 1].isASCIIDigit { start -= 1 }
    }
    value.append(decimal: Int(port))
    replaceInTopVia(start..<end, value.bytes[...])
    head.via.rport = port
    head.via.rportEnd = UInt16(truncatingIfNeeded: start + value.bytes.count)
  }

  /// Whatever stands behind moves along; what `range` itself was, the caller knows.
  private mutating func replaceInTopVia(_ range: Range<Int>, _ text: ArraySlice<UInt8>) {
    guard let first = fields.firstIndex(where: { $0.id == .via }) else { return }
    let growth = text.count - range.count
    var edited = ByteWriter(capacity: bytes.count + growth)
    edited.append(bytes[..<range.lowerBound])
    edited.append(text)
    edited.append(bytes[range.upperBound...])
    bytes = edited.bytes
    fields[first].value.stretch(by: growth)
    for index in fields.indices.dropFirst(first + 1) {
      fields[index].name.shift(from: range.upperBound, by: growth)
      fields[index].value.shift(from: range.upperBound, by: growth)
    }
    head.shift(from: range.upperBound, by: growth)
  }
}

/// What init found out about a message.
struct MessageHead: Sendable, BitwiseCopyable {
  var isRequest = false
  var method = Extent.none
  var requestURI = Extent.none
  var status: UInt16 = 0
  var reasonPhrase = Extent.none
  var callID = Extent.none
  var cseqNumber: UInt32 = 0
  var cseqMethod = Extent.none
  var from = AddressExtents()
  var to = AddressExtents()
  var via = ViaExtents()
  var body = Extent.none

  mutating func shift(from position: Int, by count: Int) {
    callID.shift(from: position, by: count)
    cseqMethod.shift(from: position, by: count)
    from.shift(from: position, by: count)
    to.shift(from: position, by: count)
    via.shift(from: position, by: count)
    body.shift(from: position, by: count)
  }
}

extension ViaExtents {
  /// `position` is inside of it or its end.
  mutating func shift(from position: Int, by count: Int) {
    branch.shift(from: position, by: count)
    received.shift(from: position, by: count)
    maddr.shift(from: position, by: count)
    if Int(rportEnd) > position { rportEnd = UInt16(truncatingIfNeeded: Int(rportEnd) + count) }
    parameters.stretch(by: count)
    whole.stretch(by: count)
  }
}

extension AddressExtents {
  mutating func shift(from position: Int, by count: Int) {
    displayName.shift(from: position, by: count)
    uri.shift(from: position, by: count)
    parts.shift(from: position, by: count)
    parameters.shift(from: position, by: count)
    tag.shift(from: position, by: count)
  }
}

extension URIExtents {
  mutating func shift(from position: Int, by count: Int) {
    user.shift(from: position, by: count)
    password.shift(from: position, by: count)
    host.shift(from: position, by: count)
    parameters.shift(from: position, by: count)
    headers.shift(from: position, by: count)
  }
}
