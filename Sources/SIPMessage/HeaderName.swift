// The header fields this system looks at, by number; others are looked up by text. Names are compared without case,
// the compact forms (RFC 3261 §7.3.3, RFC 3515, 4028, 6665) mean the same field.

import Basics

public enum HeaderName: UInt8, Sendable, BitwiseCopyable {
  case via, from, to, callID, cseq, contact, maxForwards, expires, minExpires, contentLength, contentType, route
  case recordRoute, authorization, proxyAuthorization, wwwAuthenticate, proxyAuthenticate, require, proxyRequire
  case supported, unsupported, allow, userAgent, server, assertedIdentity, privacy, reason, retryAfter, date, event
  case diversion, alertInfo, callInfo, warning, subject, acceptHeader, path, serviceRoute, sessionExpires, minSE, rseq
  case rack, referTo, historyInfo
  /// Any other field; `text` is empty.
  case other

  /// The canonical form.
  public var text: ByteString { ByteString(Array(name)) }
  private var name: UnsafeRawBufferPointer {
    let line = lineStart
    return UnsafeRawBufferPointer(start: line.utf8Start + 2, count: line.utf8CodeUnitCount - 4)
  }

  /// The end of the line before, the name, and what stands before a value: a writer copies it in one piece.
  var lineStart: StaticString {
    switch self {
    case .via: "\r\nVia: "
    case .from: "\r\nFrom: "
    case .to: "\r\nTo: "
    case .callID: "\r\nCall-ID: "
    case .cseq: "\r\nCSeq: "
    case .contact: "\r\nContact: "
    case .maxForwards: "\r\nMax-Forwards: "
    case .expires: "\r\nExpires: "
    case .minExpires: "\r\nMin-Expires: "
    case .contentLength: "\r\nContent-Length: "
    case .contentType: "\r\nContent-Type: "
    case .route: "\r\nRoute: "
    case .recordRoute: "\r\nRecord-Route: "
    case .authorization: "\r\nAuthorization: "
    case .proxyAuthorization: "\r\nProxy-Authorization: "
    case .wwwAuthenticate: "\r\nWWW-Authenticate: "
    case .proxyAuthenticate: "\r\nProxy-Authenticate: "
    case .require: "\r\nRequire: "
    case .proxyRequire: "\r\nProxy-Require: "
    case .supported: "\r\nSupported: "
    case .unsupported: "\r\nUnsupported: "
    case .allow: "\r\nAllow: "
    case .userAgent: "\r\nUser-Agent: "
    case .server: "\r\nServer: "
    case .assertedIdentity: "\r\nP-Asserted-Identity: "
    case .privacy: "\r\nPrivacy: "
    case .reason: "\r\nReason: "
    case .retryAfter: "\r\nRetry-After: "
    case .date: "\r\nDate: "
    case .event: "\r\nEvent: "
    case .diversion: "\r\nDiversion: "
    case .alertInfo: "\r\nAlert-Info: "
    case .callInfo: "\r\nCall-Info: "
    case .warning: "\r\nWarning: "
    case .subject: "\r\nSubject: "
    case .acceptHeader: "\r\nAccept: "
    case .path: "\r\nPath: "
    case .serviceRoute: "\r\nService-Route: "
    case .sessionExpires: "\r\nSession-Expires: "
    case .minSE: "\r\nMin-SE: "
    case .rseq: "\r\nRSeq: "
    case .rack: "\r\nRAck: "
    case .referTo: "\r\nRefer-To: "
    case .historyInfo: "\r\nHistory-Info: "
    case .other: "\r\n: "
    }
  }

  /// Whether its value is a list whose elements are separated by commas.
  var isList: Bool {
    switch self {
    case .via, .contact, .route, .recordRoute, .require, .proxyRequire, .supported, .unsupported, .allow,
      .assertedIdentity, .reason, .diversion, .alertInfo, .callInfo, .warning, .acceptHeader, .path, .serviceRoute,
      .historyInfo:
      true
    default:
      false
    }
  }

  /// Whether a message with two of them is malformed (RFC 3261 §7.3.1, §8.2.2.3).
  var isSingle: Bool {
    switch self {
    case .from, .to, .callID, .cseq, .maxForwards, .contentLength, .contentType, .expires: true
    default: false
    }
  }

  /// The field with the name (a token) at `start ..< end`.
  init(_ span: Span<UInt8>, _ start: Int, _ end: Int) {
    guard end > start + 1 else {
      self = end > start ? Self(compact: span[start].asciiLowercased) : .other
      return
    }
    let likely = Self.likely(end - start, span[start].asciiLowercased, span[start + 1].asciiLowercased)
    self = span.isSameToken(start, end, likely.name) ? likely : .other
  }

  /// The only header that a name of this length with these first letters can be.
  private static func likely(_ count: Int, _ first: UInt8, _ second: UInt8) -> HeaderName {
    switch (count, first) {
    case (2, UInt8(ascii: "t")): .to
    case (3, UInt8(ascii: "v")): .via
    case (4, UInt8(ascii: "f")): .from
    case (4, UInt8(ascii: "c")): .cseq
    case (4, UInt8(ascii: "d")): .date
    case (4, UInt8(ascii: "p")): .path
    case (4, UInt8(ascii: "r")): second == UInt8(ascii: "s") ? .rseq : .rack
    case (5, UInt8(ascii: "a")): .allow
    case (5, UInt8(ascii: "r")): .route
    case (5, UInt8(ascii: "e")): .event
    case (6, UInt8(ascii: "a")): .acceptHeader
    case (6, UInt8(ascii: "r")): .reason
    case (6, UInt8(ascii: "s")): .server
    case (6, UInt8(ascii: "m")): .minSE
    case (7, UInt8(ascii: "c")): second == UInt8(ascii: "o") ? .contact : .callID
    case (7, UInt8(ascii: "r")): .require
    case (7, UInt8(ascii: "e")): .expires
    case (7, UInt8(ascii: "p")): .privacy
    case (7, UInt8(ascii: "s")): .subject
    case (7, UInt8(ascii: "w")): .warning
    case (8, UInt8(ascii: "r")): .referTo
    default: likelyLong(count, first, second)
    }
  }

  private static func likelyLong(_ count: Int, _ first: UInt8, _ second: UInt8) -> HeaderName {
    switch (count, first) {
    case (9, UInt8(ascii: "s")): .supported
    case (9, UInt8(ascii: "c")): .callInfo
    case (9, UInt8(ascii: "d")): .diversion
    case (10, UInt8(ascii: "u")): .userAgent
    case (10, UInt8(ascii: "a")): .alertInfo
    case (11, UInt8(ascii: "r")): .retryAfter
    case (11, UInt8(ascii: "m")): .minExpires
    case (11, UInt8(ascii: "u")): .unsupported
    case (12, UInt8(ascii: "m")): .maxForwards
    case (12, UInt8(ascii: "c")): .contentType
    case (12, UInt8(ascii: "r")): .recordRoute
    case (12, UInt8(ascii: "h")): .historyInfo
    case (13, UInt8(ascii: "a")): .authorization
    case (13, UInt8(ascii: "p")): .proxyRequire
    case (13, UInt8(ascii: "s")): .serviceRoute
    case (14, UInt8(ascii: "c")): .contentLength
    case (15, UInt8(ascii: "s")): .sessionExpires
    case (16, UInt8(ascii: "w")): .wwwAuthenticate
    case (18, UInt8(ascii: "p")): .proxyAuthenticate
    case (19, UInt8(ascii: "p")): second == UInt8(ascii: "r") ? .proxyAuthorization : .assertedIdentity
    default: .other
    }
  }

  private init(compact letter: UInt8) {
    switch letter {
    case UInt8(ascii: "v"): self = .via
    case UInt8(ascii: "f"): self = .from
    case UInt8(ascii: "t"): self = .to
    case UInt8(ascii: "m"): self = .contact
    case UInt8(ascii: "i"): self = .callID
    case UInt8(ascii: "l"): self = .contentLength
    case UInt8(ascii: "c"): self = .contentType
    case UInt8(ascii: "k"): self = .supported
    case UInt8(ascii: "s"): self = .subject
    case UInt8(ascii: "o"): self = .event
    case UInt8(ascii: "r"): self = .referTo
    case UInt8(ascii: "x"): self = .sessionExpires
    default: self = .other
    }
  }
}

/// Where one header field stands in a message.
struct HeaderField: Sendable, BitwiseCopyable {
  var id: HeaderName
  var name: Extent
  /// Without the space around it.
  var value: Extent
}
