// One Via value (RFC 3261 §20.42, rport RFC 3581): its bytes and where the parts stand. The parts are copied out when
// asked for.

import Basics

public struct Via: Sendable {
  private let bytes: [UInt8]
  private let found: ViaExtents

  init(_ found: ViaExtents, in bytes: [UInt8]) {
    self.found = found
    self.bytes = bytes
  }

  /// The first value in `text`; nil where it is malformed, or not SIP/2.0.
  public init?(_ text: ArraySlice<UInt8>) {
    guard text.count <= SIPLimits.maxMessageBytes else { return nil }
    let copy = Array(text)
    let found: ViaExtents? = copy.span.scanVia(0, copy.count)
    guard let found else { return nil }
    self.init(found, in: copy)
  }
  public init?(_ text: ByteString) { self.init(text.bytes[...]) }

  /// The whole value.
  public var text: ArraySlice<UInt8> { bytes[found.whole.range] }
  /// As written, usually upper case: `UDP`.
  public var transport: ByteString { ByteString(bytes.span, found.transport) }
  /// The sent-by host, an IPv6 address without its brackets.
  public var host: ByteString { ByteString(bytes.span, found.host) }
  public var hostAddress: IPAddress? { IPAddress(reference: bytes[found.host.range]) }
  /// The sent-by port; nil where none is given.
  public var port: UInt16? { found.port == 0 ? nil : found.port }
  /// Empty where there is none (RFC 2543 peers).
  public var branch: ArraySlice<UInt8> { bytes[found.branch.range] }
  /// Whether the branch begins with the magic cookie and so identifies a transaction alone (§8.1.1.7).
  public var hasMagicCookie: Bool { branch.starts(with: "z9hG4bK".utf8) && found.branch.count > 7 }
  /// Where the request came from, as the server that got it noted.
  public var received: IPAddress? { found.received.isEmpty ? nil : IPAddress(bytes[found.received.range]) }
  /// The value of rport; nil without one, or where the parameter is still empty.
  public var rport: UInt16? { found.rport == 0 ? nil : found.rport }
  /// Whether the parameter stands there, with or without a value.
  public var hasRPort: Bool { found.hasRPort }
  /// A multicast address or another host to send the response to.
  public var maddr: ByteString? { found.maddr.isEmpty ? nil : ByteString(bytes.span, found.maddr) }
  public func parameter(_ name: StaticString) -> ByteString? {
    Parameters(raw: ByteString(bytes.span, found.parameters))[name]
  }
  /// Compares without case and copies nothing.
  public func isTransport(_ name: StaticString) -> Bool { bytes.span.matches(found.transport, name) }

  public func write(to writer: inout ByteWriter) { writer.append(text) }
}

struct ViaExtents: Hashable, Sendable, BitwiseCopyable {
  var whole = Extent.none
  var transport = Extent.none
  /// Without brackets.
  var host = Extent.none
  var port: UInt16 = 0
  var branch = Extent.none
  var received = Extent.none
  var maddr = Extent.none
  var rport: UInt16 = 0
  var hasRPort = false
  /// The end of the parameter rport, where a value can be inserted while it has none.
  var rportEnd: UInt16 = 0
  /// The end of the parameter keep where it has no value; 0 without one.
  var keepEnd: UInt16 = 0
  var parameters = Extent.none
}

extension Span where Element == UInt8 {
  /// The Via value that begins at `start` and ends at a comma or at `end`. nil where it is malformed.
  func scanVia(_ start: Int, _ end: Int) -> ViaExtents? {
    var found = ViaExtents()
    var i = start
    skipSpace(&i, end)
    let wholeStart = i
    guard scanViaWord(&i, end, "SIP"), scanSlash(&i, end), scanViaWord(&i, end, "2.0"), scanSlash(&i, end) else {
      return nil
    }
    let transportStart = i
    skip(.token, &i, end)
    guard i > transportStart else { return nil }
    found.transport = Extent(transportStart, i)
    let spaceStart = i
    skipSpace(&i, end)
    guard i > spaceStart, scanHostPort(&i, end, host: &found.host, port: &found.port, allowsSpace: true) else {
      return nil
    }
    skipSpace(&i, end)
    let parametersStart = i
    var count = 0
    while i < end, self[i] == UInt8(ascii: ";") {
      count += 1
      guard count <= SIPLimits.maxParameters, let parameter = scanParameter(&i, end), note(parameter, &found) else {
        return nil
      }
    }
    guard i == end || self[i] == UInt8(ascii: ",") else { return nil }
    var valueEnd = i
    while self[valueEnd - 1] == 0x20 || self[valueEnd - 1] == 0x09 { valueEnd -= 1 }
    found.parameters = Extent(min(parametersStart, valueEnd), valueEnd)
    found.whole = Extent(wholeStart, valueEnd)
    return found
  }

  private func note(_ parameter: ParameterExtent, _ found: inout ViaExtents) -> Bool {
    if matches(parameter.name, "branch") {
      guard parameter.hasValue, found.branch.isEmpty else { return false }
      found.branch = parameter.value
    } else if matches(parameter.name, "received") {
      guard parameter.hasValue, found.received.isEmpty else { return false }
      found.received = parameter.value
    } else if matches(parameter.name, "maddr") {
      guard parameter.hasValue else { return false }
      found.maddr = parameter.value
    } else if matches(parameter.name, "rport") {
      found.hasRPort = true
      found.rportEnd = parameter.hasValue ? parameter.value.end : parameter.name.end
      guard parameter.hasValue else { return true }
      guard let number = decimal(parameter.value, atMost: 65_535), number > 0 else { return false }
      found.rport = UInt16(truncatingIfNeeded: number)
    } else if !parameter.hasValue, matches(parameter.name, "keep") {
      found.keepEnd = parameter.name.end
    }
    return true
  }

  private func scanViaWord(_ i: inout Int, _ end: Int, _ word: StaticString) -> Bool {
    let start = i
    skip(.token, &i, end)
    return matches(start, i, word)
  }

  private func scanSlash(_ i: inout Int, _ end: Int) -> Bool {
    skipSpace(&i, end)
    guard i < end, self[i] == UInt8(ascii: "/") else { return false }
    i += 1
    skipSpace(&i, end)
    return true
  }
}
