// Looking at header values: whole, split into list elements, or parsed.

import Basics

extension SIPMessage {
  /// The whole value of the first field with that name, without space around it. `other` finds nothing.
  public func value(_ name: HeaderName) -> ArraySlice<UInt8>? {
    guard name != .other else { return nil }
    for field in fields where field.id == name { return bytes[field.value.range] }
    return nil
  }

  /// The same for any header, by its text, without case. Compact forms of the headers in `HeaderName` are found too.
  public func value(named text: StaticString) -> ArraySlice<UInt8>? {
    let written = ByteString(text)
    let id = HeaderName(written.bytes.span, 0, written.count)
    if id != .other { return value(id) }
    let span = bytes.span
    for field in fields where field.id == .other && span.matches(field.name, text) { return bytes[field.value.range] }
    return nil
  }

  public func has(_ name: HeaderName) -> Bool { fields.contains { $0.id == name } }

  /// Whether a Via stands behind the topmost one. A response to a request of ours has none (RFC 3261 §8.1.3.3).
  public var hasFurtherVia: Bool {
    var count = 0
    for field in fields where field.id == .via {
      count += 1
      if count > 1 || field.value.end != head.via.whole.end { return true }
    }
    return false
  }

  /// Every value in order; where the header is a list (RFC 3261 §7.3.1), its elements. Empty elements are left out.
  public func values(_ name: HeaderName) -> [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    forEachValue(name) { start, end in result.append(bytes[start..<end]) }
    return result
  }

  /// Whether a list of tokens (Require, Supported, Allow …) holds `token`; without case.
  public func list(_ name: HeaderName, contains token: StaticString) -> Bool {
    var found = false
    let span = bytes.span
    forEachValue(name) { start, end in if span.matches(start, end, token) { found = true } }
    return found
  }

  private func forEachValue(_ name: HeaderName, _ body: (Int, Int) -> Void) {
    guard name != .other else { return }
    let span = bytes.span
    var count = 0
    for field in fields where field.id == name {
      guard name.isList else {
        body(Int(field.value.start), Int(field.value.end))
        continue
      }
      var i = Int(field.value.start)
      let end = Int(field.value.end)
      while i < end, count < SIPLimits.maxListValues {
        let stop = span.endOfListElement(i, end)
        var last = stop
        span.skipSpace(&i, stop)
        while last > i, span[last - 1] == 0x20 || span[last - 1] == 0x09 { last -= 1 }
        if last > i {
          count += 1
          body(i, last)
        }
        i = stop + 1
      }
    }
  }

  public var maxForwards: Int? { value(.maxForwards).flatMap { Int(decimalDigits: $0) } }
  /// Seconds, at most 2^32 − 1; nil where there is none or it is no number.
  public var expires: Int? { value(.expires).flatMap { deltaSeconds($0) } }
  public var contentType: ArraySlice<UInt8>? { value(.contentType) }

  /// Whether the body has this type, whatever parameters follow: `isContent("application/sdp")`.
  public func isContent(_ type: StaticString) -> Bool {
    guard let value = contentType else { return false }
    let span = bytes.span
    var i = value.startIndex
    while i < value.endIndex, span[i] != UInt8(ascii: ";"), span[i] != 0x20, span[i] != 0x09 { i += 1 }
    return span.matches(value.startIndex, i, type)
  }

  /// Every Contact that is well formed. `*` is none: see `isWildcardContact`.
  public var contacts: [NameAddress] { addresses(.contact) }

  /// Every well-formed value of a header that holds addresses (Contact, Route, Record-Route, P-Asserted-Identity …).
  public func addresses(_ name: HeaderName) -> [NameAddress] {
    var result: [NameAddress] = []
    let span = bytes.span
    forEachValue(name) { start, end in
      if let found = span.scanNameAddress(start, end), found.parts.kind != .other {
        result.append(NameAddress(found, in: span))
      }
    }
    return result
  }

  /// Whether some Contact is neither well formed nor `*`: a registrar answers 400.
  public var hasMalformedContact: Bool {
    var isMalformed = false
    let span = bytes.span
    forEachValue(.contact) { start, end in
      if !span.matches(start, end, "*"), span.scanNameAddress(start, end) == nil { isMalformed = true }
    }
    return isMalformed
  }

  /// `Contact: *` (§10.2.2): remove every binding.
  public var isWildcardContact: Bool { list(.contact, contains: "*") }
}
