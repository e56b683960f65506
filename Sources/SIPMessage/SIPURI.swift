// SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966) as values: what is compared is unescaped, what is only carried
// along (parameters, headers) stays as written. Resolves nothing.

import Basics

///     let uri = SIPURI(ByteString("sip:200@192.0.2.1:5062;transport=tcp").bytes[...])
public struct SIPURI: Hashable, Sendable {
  public var isSecure = false
  public var isTel = false
  /// Unescaped; empty where the URI has none. Of a tel URI the number without its visual separators.
  public var user: ByteString
  public var password: ByteString?
  /// Without the brackets of an IPv6 reference; empty in a tel URI.
  public var host: ByteString
  public var port: UInt16?
  public var parameters = Parameters()
  /// What follows the question mark, as written.
  public var headers = ByteString()

  public init(user: ByteString, host: ByteString, port: UInt16? = nil) {
    self.user = user
    self.port = port
    self.host = host.bytes.first == UInt8(ascii: "[") ? ByteString(host.bytes.dropFirst().dropLast()) : host
  }

  /// nil for other schemes than sip, sips and tel, and for what breaks their grammar.
  public init?(_ text: ArraySlice<UInt8>) {
    let span = text.span
    guard span.count <= SIPLimits.maxMessageBytes, let found = span.scanURI(0, span.count), found.kind != .other else {
      return nil
    }
    self.init(found, in: span)
  }
  public init?(_ text: ByteString) { self.init(text.bytes[...]) }

  init(_ found: URIExtents, in span: Span<UInt8>) {
    isSecure = found.kind == .sips
    isTel = found.kind == .tel
    user = found.user(in: span)
    password = found.hasPassword ? ByteString(unescaping: span, found.password) : nil
    host = ByteString(span, found.host)
    port = found.port == 0 ? nil : found.port
    parameters = Parameters(raw: ByteString(span, found.parameters))
    headers = ByteString(span, found.headers)
  }

  /// The value, unescaped; empty for a parameter without one.
  public func parameter(_ name: StaticString) -> ByteString? {
    guard let value = parameters[name] else { return nil }
    return ByteString(unescaping: value)
  }

  /// As written, in any case: `tcp`.
  public var transport: ByteString? { parameter("transport") }
  /// Whether the proxy named here routes loosely (RFC 3261 §16.12).
  public var isLooseRouter: Bool { parameters.find("lr") != nil }
  /// nil where the host is a name.
  public var hostAddress: IPAddress? { IPAddress(reference: host.bytes[...]) }

  public func write(to writer: inout ByteWriter) {
    if isTel {
      writer.append("tel:")
      writer.append(user)
      writer.append(parameters.raw)
      return
    }
    if isSecure { writer.append("sips:") } else { writer.append("sip:") }
    if !user.isEmpty {
      writer.append(escaping: user, keeping: .userWritten)
      if let password {
        writer.append(UInt8(ascii: ":"))
        writer.append(escaping: password, keeping: .password)
      }
      writer.append(UInt8(ascii: "@"))
    }
    writer.append(host: host)
    if let port {
      writer.append(UInt8(ascii: ":"))
      writer.append(decimal: Int(port))
    }
    writer.append(parameters.raw)
    if !headers.isEmpty {
      writer.append(UInt8(ascii: "?"))
      writer.append(headers)
    }
  }

  public var text: ByteString {
    var writer = ByteWriter(capacity: 24 + user.count + host.count + parameters.raw.count + headers.count)
    write(to: &writer)
    return ByteString(writer.bytes)
  }
}

extension URIExtents {
  /// Unescaped; of a tel URI without its visual separators.
  func user(in span: Span<UInt8>) -> ByteString {
    var text = ByteString(unescaping: span, user)
    if kind == .tel { text.bytes.removeAll { "-.()".utf8.contains($0) } }
    return text
  }
}

extension CharacterClass {
  /// What stands unescaped in a user part that we write: the grammar's set, so without `#`.
  static var userWritten: CharacterClass { .init(low: 0xABFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
}

extension ByteWriter {
  /// A host in a URI or Via: IPv6 addresses in brackets.
  mutating func append(host: ByteString) {
    let isReference = host.bytes.contains(UInt8(ascii: ":"))
    if isReference { append(UInt8(ascii: "[")) }
    append(host)
    if isReference { append(UInt8(ascii: "]")) }
  }
}
