// One pass over a message: start line, table of header fields, the checks of mandatory headers, where the body stands
// (RFC 3261 §7, §8.1.1, §18.3, §25.1). Goes on after the first error, so that a refusal can be addressed.

import Basics

struct MessageScan {
  var head = MessageHead()
  var fields: [HeaderField] = []
  var error: SIPParseError.Reason?
  var hasFolds = false
  /// Whether the topmost Via is well formed. Of the other headers that a response copies it has those that stand there.
  var canBeAnswered = false

  private var seen: UInt64 = 0
  /// Behind the empty line; nil where there is none.
  private var bodyStart: Int?
  private var contentLength: Int?

  init(_ bytes: [UInt8]) {
    guard bytes.count <= SIPLimits.maxMessageBytes else {
      error = .tooLarge
      return
    }
    let span = bytes.span
    var i = 0
    while i + 1 < span.count, span[i] == 0x0D, span[i + 1] == 0x0A { i += 2 }
    guard i < span.count else {
      error = .empty
      return
    }
    fields.reserveCapacity(24)
    guard let lineEnd = Self.endOfLine(span, i) else {
      error = .malformedStartLine
      return
    }
    scanStartLine(span, i, lineEnd)
    scanHeaders(span, lineEnd + 2)
    guard !hasFolds else { return }
    checkHeaders(span)
    findBody(span)
  }

  private mutating func note(_ reason: SIPParseError.Reason) {
    if error == nil { error = reason }
  }

  private static func endOfLine(_ span: Span<UInt8>, _ start: Int) -> Int? {
    var i = start
    while true {
      i = span.endOfText(i)
      guard i + 1 < span.count else { return nil }
      if span[i] == 0x0D, span[i + 1] == 0x0A { return i }
      i += 1
    }
  }

  // MARK: Start line

  private mutating func scanStartLine(_ span: Span<UInt8>, _ start: Int, _ end: Int) {
    var i = start
    span.skip(.token, &i, end)
    if i < end, span[i] == UInt8(ascii: "/"), span.matches(start, i, "SIP") {
      scanStatusLine(span, start, end)
      return
    }
    guard i > start, i < end, span[i] == 0x20 else {
      note(.malformedStartLine)
      return
    }
    head.isRequest = true
    head.method = Extent(start, i)
    i += 1
    let uriStart = i
    while i < end, span[i] != 0x20 { i += 1 }
    head.requestURI = Extent(uriStart, i)
    guard i < end else {
      note(.malformedStartLine)
      return
    }
    switch Self.version(span, i + 1, end) {
    case .two: break
    case .other: note(.unsupportedVersion)
    case .malformed: note(.malformedStartLine)
    }
    // A Request-URI has no headers (§19.1.1, table 1).
    guard let uri = span.scanURI(uriStart, i), uri.headers.isEmpty else {
      note(.malformedRequestURI)
      return
    }
    head.requestURIKind = uri.kind
  }

  private mutating func scanStatusLine(_ span: Span<UInt8>, _ start: Int, _ end: Int) {
    var i = start
    while i < end, span[i] != 0x20 { i += 1 }
    guard case .two = Self.version(span, start, i) else {
      note(.unsupportedVersion)
      return
    }
    guard i + 4 < end, span[i + 4] == 0x20, let status = span.decimal(Extent(i + 1, i + 4), atMost: 699), status >= 100
    else {
      note(.malformedStartLine)
      return
    }
    head.status = UInt16(truncatingIfNeeded: status)
    head.reasonPhrase = Extent(i + 5, end)
  }

  private enum Version { case two, other, malformed }
  private static func version(_ span: Span<UInt8>, _ start: Int, _ end: Int) -> Version {
    if span.matches(start, end, "SIP/2.0") { return .two }
    guard end - start >= 7, span.matches(start, start + 4, "SIP/") else { return .malformed }
    var dots = 0
    for i in start + 4..<end {
      if span[i] == UInt8(ascii: "."), i > start + 4, i < end - 1 {
        dots += 1
      } else if !span[i].isASCIIDigit {
        return .malformed
      }
    }
    return dots == 1 ? .other : .malformed
  }

  // MARK: Header fields

  private mutating func scanHeaders(_ span: Span<UInt8>, _ start: Int) {
    var i = start
    let end = span.count
    while i < end {
      if span[i] == 0x0D, i + 1 < end, span[i + 1] == 0x0A {
        bodyStart = i + 2
        return
      }
      let nameStart = i
      span.skip(.token, &i, end)
      let nameEnd = i
      span.skipSpace(&i, end)
      let isWellFormed = nameEnd > nameStart && i < end && span[i] == UInt8(ascii: ":")
      if isWellFormed { i += 1 }
      var valueStart = i
      guard let lineEnd = endOfField(span, &i, end) else { break }
      guard isWellFormed else {
        note(.malformedHeaderLine)
        continue
      }
      span.skipSpace(&valueStart, lineEnd)
      var valueEnd = lineEnd
      while valueEnd > valueStart, span[valueEnd - 1] == 0x20 || span[valueEnd - 1] == 0x09 { valueEnd -= 1 }
      add(HeaderName(span, nameStart, nameEnd), Extent(nameStart, nameEnd), Extent(valueStart, valueEnd))
    }
    note(.unterminatedHead)
  }

  /// Moves `i` behind the line end of the field that `i` stands in; the result is where its value ends. nil where the
  /// message ends first.
  private mutating func endOfField(_ span: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
    while true {
      i = span.endOfText(i)
      guard i < end else { return nil }
      guard span[i] == 0x0D, i + 1 < end, span[i + 1] == 0x0A else {
        // A line end is both bytes; half of one would let two readers see different headers.
        note(.malformedHeaderLine)
        i += 1
        continue
      }
      if i + 2 < end, span[i + 2] == 0x20 || span[i + 2] == 0x09 {
        hasFolds = true
        i += 3
        continue
      }
      i += 2
      return i - 2
    }
  }

  private mutating func add(_ id: HeaderName, _ name: Extent, _ value: Extent) {
    guard fields.count < SIPLimits.maxHeaders else {
      note(.tooManyHeaders)
      return
    }
    fields.append(HeaderField(id: id, name: name, value: value))
    guard id != .other else { return }
    let bit = UInt64(1) << UInt64(id.rawValue)
    if seen & bit != 0, id.isSingle { note(.duplicate(id)) }
    seen |= bit
  }

  /// Replaces the line end of each fold by spaces, which mean the same (§7.3.1).
  static func unfold(_ bytes: inout [UInt8]) {
    var i = 0
    while i + 1 < bytes.count, bytes[i] == 0x0D, bytes[i + 1] == 0x0A { i += 2 }
    var isInStartLine = true
    while i + 3 < bytes.count {
      guard bytes[i] == 0x0D, bytes[i + 1] == 0x0A else {
        i += 1
        continue
      }
      if bytes[i + 2] == 0x0D, bytes[i + 3] == 0x0A { return }
      if !isInStartLine, bytes[i + 2] == 0x20 || bytes[i + 2] == 0x09 {
        bytes[i] = 0x20
        bytes[i + 1] = 0x20
      }
      isInStartLine = false
      i += 2
    }
  }

  // MARK: Checks

  private func first(_ id: HeaderName) -> Extent? {
    for field in fields where field.id == id { return field.value }
    return nil
  }

  private mutating func checkHeaders(_ span: Span<UInt8>) {
    if let value = first(.via) {
      if let via = span.scanVia(Int(value.start), Int(value.end)) {
        head.via = via
        canBeAnswered = true
      } else {
        note(.malformed(.via))
      }
    } else {
      note(.missing(.via))
    }
    if let value = checked(.from), let address = scanAddress(span, value, .from) { head.from = address }
    if let value = checked(.to), let address = scanAddress(span, value, .to) { head.to = address }
    if let value = checked(.callID) { checkCallID(span, value) }
    if let value = checked(.cseq) { checkCSeq(span, value) }
    if let value = first(.maxForwards), span.decimal(value, atMost: 255) == nil { note(.malformed(.maxForwards)) }
    if let value = first(.contentLength) {
      if let length = span.decimal(value, atMost: 0xFFFF_FFFF) {
        contentLength = Int(length)
      } else {
        note(.malformed(.contentLength))
      }
    }
  }

  private mutating func checked(_ id: HeaderName) -> Extent? {
    let value = first(id)
    if value == nil { note(.missing(id)) }
    return value
  }

  private mutating func scanAddress(_ span: Span<UInt8>, _ value: Extent, _ id: HeaderName) -> AddressExtents? {
    let address = span.scanNameAddress(Int(value.start), Int(value.end))
    if address == nil { note(.malformed(id)) }
    return address
  }

  private mutating func checkCallID(_ span: Span<UInt8>, _ value: Extent) {
    for i in value.range where span[i] <= 0x20 || span[i] == 0x7F {
      note(.malformed(.callID))
      break
    }
    if value.isEmpty { note(.malformed(.callID)) }
    head.callID = value
  }

  /// The number must be below 2^31 (§8.1.1.5), the method that of the request.
  private mutating func checkCSeq(_ span: Span<UInt8>, _ value: Extent) {
    var i = Int(value.start)
    let end = Int(value.end)
    while i < end, span[i].isASCIIDigit { i += 1 }
    guard let number = span.decimal(Extent(Int(value.start), i), atMost: 0x7FFF_FFFF) else {
      note(.malformed(.cseq))
      return
    }
    let spaceStart = i
    span.skipSpace(&i, end)
    let methodStart = i
    span.skip(.token, &i, end)
    guard methodStart > spaceStart, i > methodStart, i == end else {
      note(.malformed(.cseq))
      return
    }
    head.cseqNumber = UInt32(truncatingIfNeeded: number)
    head.cseqMethod = Extent(methodStart, end)
    guard head.isRequest else { return }
    guard head.cseqMethod.count == head.method.count else {
      note(.methodMismatch)
      return
    }
    for offset in 0..<head.method.count where span[methodStart + offset] != span[Int(head.method.start) + offset] {
      note(.methodMismatch)
      break
    }
  }

  private mutating func findBody(_ span: Span<UInt8>) {
    guard let bodyStart else { return }
    let available = span.count - bodyStart
    guard let contentLength else {
      head.body = Extent(bodyStart, span.count)
      return
    }
    if contentLength > available { note(.truncatedBody) }
    head.body = Extent(bodyStart, bodyStart + min(contentLength, available))
  }
}
