// Finds and checks the parts of a URI (RFC 3261 §25.1 SIP-URI, absoluteURI; RFC 3966 telephone-uri) without copying.

import Basics

struct URIExtents: Sendable, BitwiseCopyable {
  enum Kind: UInt8 { case sip, sips, tel, other }
  var kind = Kind.other
  var user = Extent.none
  var password = Extent.none
  var hasPassword = false
  /// Without brackets.
  var host = Extent.none
  /// 0 where none is given.
  var port: UInt16 = 0
  /// With the leading semicolon.
  var parameters = Extent.none
  /// Without the question mark.
  var headers = Extent.none
}

extension Span where Element == UInt8 {
  /// The URI that fills `start ..< end`, or nil where it breaks the grammar of its scheme. Of an unknown scheme only
  /// the characters are checked.
  func scanURI(_ start: Int, _ end: Int) -> URIExtents? {
    var i = start
    skip(.scheme, &i, end)
    guard i > start, i + 1 < end, self[i] == UInt8(ascii: ":"), self[start].isASCIILetter else { return nil }
    var found = URIExtents()
    let schemeEnd = i
    i += 1
    switch schemeEnd - start {
    case 3 where matches(start, schemeEnd, "sip"): found.kind = .sip
    case 4 where matches(start, schemeEnd, "sips"): found.kind = .sips
    case 3 where matches(start, schemeEnd, "tel"): return scanTelephone(i, end)
    default: return isAll(.absoluteURI, Extent(i, end)) ? found : nil
    }
    var at = i
    while at < end, self[at] != UInt8(ascii: "@") { at += 1 }
    if at < end {
      guard scanUser(i, at, &found) else { return nil }
      i = at + 1
    }
    guard scanHostPort(&i, end, host: &found.host, port: &found.port, allowsSpace: false),
      scanURIParameters(&i, end, &found)
    else { return nil }
    if i < end, self[i] == UInt8(ascii: "?") {
      guard areURIHeaders(i + 1, end) else { return nil }
      found.headers = Extent(i + 1, end)
      i = end
    }
    return i == end ? found : nil
  }

  private func scanUser(_ start: Int, _ end: Int, _ found: inout URIExtents) -> Bool {
    var i = start
    guard skipEscaped(.user, &i, end), i > start else { return false }
    found.user = Extent(start, i)
    guard i < end else { return true }
    guard self[i] == UInt8(ascii: ":") else { return false }
    i += 1
    found.hasPassword = true
    let passwordStart = i
    guard skipEscaped(.password, &i, end) else { return false }
    found.password = Extent(passwordStart, i)
    return i == end
  }

  /// Reads `host [":" port]`; in Via space may stand around the colon.
  func scanHostPort(_ i: inout Int, _ end: Int, host: inout Extent, port: inout UInt16, allowsSpace: Bool) -> Bool {
    if i < end, self[i] == UInt8(ascii: "[") {
      let hostStart = i + 1
      while i < end, self[i] != UInt8(ascii: "]") { i += 1 }
      guard i < end, isIPv6(hostStart, i) else { return false }
      host = Extent(hostStart, i)
      i += 1
    } else {
      let hostStart = i
      skip(.host, &i, end)
      guard i > hostStart else { return false }
      host = Extent(hostStart, i)
    }
    if allowsSpace { skipSpace(&i, end) }
    guard i < end, self[i] == UInt8(ascii: ":") else { return true }
    i += 1
    if allowsSpace { skipSpace(&i, end) }
    let portStart = i
    while i < end, self[i].isASCIIDigit { i += 1 }
    guard let number = decimal(Extent(portStart, i), atMost: 65_535), number > 0 else { return false }
    port = UInt16(truncatingIfNeeded: number)
    return true
  }

  /// RFC 4291 §2.2 text form, without zone.
  func isIPv6(_ start: Int, _ end: Int) -> Bool {
    guard end - start >= 2, end - start <= 45 else { return false }
    var text: [UInt8] = []
    text.reserveCapacity(end - start)
    var hasColon = false
    for i in start..<end {
      if self[i] == UInt8(ascii: ":") { hasColon = true }
      text.append(self[i])
    }
    return hasColon && IPAddress(reference: text[...]) != nil
  }

  private func scanURIParameters(_ i: inout Int, _ end: Int, _ found: inout URIExtents) -> Bool {
    let start = i
    var count = 0
    while i < end, self[i] == UInt8(ascii: ";") {
      i += 1
      count += 1
      let nameStart = i
      guard skipEscaped(.uriParameter, &i, end), i > nameStart, count <= SIPLimits.maxParameters else { return false }
      guard i < end, self[i] == UInt8(ascii: "=") else { continue }
      i += 1
      let valueStart = i
      guard skipEscaped(.uriParameter, &i, end), i > valueStart else { return false }
    }
    found.parameters = Extent(start, i)
    return true
  }

  /// `name=value` pairs separated by `&`; values may be empty.
  private func areURIHeaders(_ start: Int, _ end: Int) -> Bool {
    var i = start
    var count = 0
    while true {
      let nameStart = i
      count += 1
      guard skipEscaped(.uriHeader, &i, end), i > nameStart, i < end, self[i] == UInt8(ascii: "="),
        count <= SIPLimits.maxParameters
      else { return false }
      i += 1
      guard skipEscaped(.uriHeader, &i, end) else { return false }
      guard i < end else { return true }
      guard self[i] == UInt8(ascii: "&") else { return false }
      i += 1
    }
  }

  private func scanTelephone(_ start: Int, _ end: Int) -> URIExtents? {
    var found = URIExtents()
    found.kind = .tel
    var i = start
    var hasDigit = false
    while i < end, CharacterClass.telephone.contains(self[i]) {
      if self[i] == UInt8(ascii: "+"), i > start { return nil }
      if self[i].hexValue != nil || self[i] == UInt8(ascii: "*") || self[i] == UInt8(ascii: "#") { hasDigit = true }
      i += 1
    }
    guard hasDigit else { return nil }
    found.user = Extent(start, i)
    guard scanURIParameters(&i, end, &found), i == end else { return nil }
    return found
  }
}

extension IPAddress {
  /// As it stands in SIP: also with the third colon in front of an IPv4 part that the grammar of RFC 3261 made, which
  /// has to be borne (RFC 5118 §4.10).
  init?(reference text: ArraySlice<UInt8>) {
    if let address = IPAddress(text) {
      self = address
      return
    }
    let colon = UInt8(ascii: ":")
    guard let last = text.lastIndex(of: colon), last >= text.startIndex + 2, text[last - 1] == colon,
      text[last - 2] == colon, text[last...].contains(UInt8(ascii: "."))
    else { return nil }
    self.init(text[..<last] + text[(last + 1)...])
  }
}
