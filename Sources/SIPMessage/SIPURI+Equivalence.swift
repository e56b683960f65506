// Whether two URIs name the same resource (RFC 3261 §19.1.4). Stricter than ignoring what only one of them has: user,
// ttl, method, maddr and transport must then stand in both.

import Basics

extension SIPURI {
  public func isEquivalent(to other: SIPURI) -> Bool {
    if self == other { return true }
    guard isSecure == other.isSecure, isTel == other.isTel, user == other.user, password == other.password,
      port == other.port, host.equalsIgnoringCase(other.host)
    else { return false }
    if let a = hostAddress, let b = other.hostAddress, a != b { return false }
    return parametersAgree(with: other) && other.parametersAgree(with: self) && headersAgree(with: other)
  }

  /// Whether each parameter here stands with the same value in `other`, or may be missing there.
  private func parametersAgree(with other: SIPURI) -> Bool {
    var agree = true
    parameters.forEach { name, value in
      guard agree else { return }
      var isInOther = false
      other.parameters.forEach { otherName, otherValue in
        guard otherName.equalsIgnoringCase(name) else { return }
        isInOther = true
        if !value.equalsIgnoringCase(otherValue) { agree = false }
      }
      if !isInOther, Self.mustStandInBoth(name) { agree = false }
    }
    return agree
  }

  private static func mustStandInBoth(_ name: ByteString) -> Bool {
    name.equalsIgnoringCase("transport") || name.equalsIgnoringCase("user") || name.equalsIgnoringCase("ttl")
      || name.equalsIgnoringCase("method") || name.equalsIgnoringCase("maddr")
  }

  /// The same headers in any order: names without case, values exactly, both unescaped.
  private func headersAgree(with other: SIPURI) -> Bool {
    if headers == other.headers { return true }
    let separator = UInt8(ascii: "&")
    let mine = headers.bytes.split(separator: separator)
    var theirs = other.headers.bytes.split(separator: separator)
    guard mine.count == theirs.count, mine.count <= SIPLimits.maxParameters else { return false }
    for header in mine {
      guard let index = theirs.firstIndex(where: { Self.isSameHeader($0, header) }) else { return false }
      theirs.remove(at: index)
    }
    return true
  }

  private static func isSameHeader(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
    let equals = UInt8(ascii: "=")
    guard let middleOfA = a.firstIndex(of: equals), let middleOfB = b.firstIndex(of: equals) else { return false }
    func plain(_ part: ArraySlice<UInt8>) -> ByteString { ByteString(unescaping: ByteString(part)) }
    return plain(a[..<middleOfA]).equalsIgnoringCase(plain(b[..<middleOfB]))
      && plain(a[(middleOfA + 1)...]) == plain(b[(middleOfB + 1)...])
  }
}
