// Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3, §20.14) and skips the line ends of keep-alives
// (RFC 5626 §3.5.1). Bounded; after an error the stream is out of step and the connection must be closed.

import Basics

///     framer.push(received)
///     while let bytes = try framer.next() { handle(try SIPMessage(parsing: bytes)) }
public struct StreamFramer: Sendable {
  private var buffer: [UInt8] = []
  /// Where the message that is being collected begins.
  private var start = 0
  /// Up to where the end of its head was searched for in vain.
  private var searched = 0
  /// The length of the whole message, once its head is complete.
  private var messageLength: Int?
  private var hasHalfPing = false
  private var isBroken = false

  /// Keep-alive pings (two line ends between messages) that wait for the pong, one line end each. The owner sets it to
  /// zero when it has answered.
  public var pendingPings = 0
  /// A ping of ours is out: the next line end between messages is its pong.
  private var awaitsPong = false
  private var hasPong = false

  public init() {}

  /// Bytes held.
  public var count: Int { buffer.count - start }

  public mutating func push(_ bytes: ArraySlice<UInt8>) {
    guard !isBroken else { return }
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= SIPLimits.maxIdleStreamBytes)
      searched = 0
      start = 0
    } else if start > 0, start >= buffer.count / 2 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  public mutating func expectPong() { awaitsPong = true }

  /// Whether a pong has come since this was asked last.
  public mutating func takePong() -> Bool {
    defer { hasPong = false }
    return hasPong
  }

  /// The next whole message, or nil until more bytes come. Call until nil after each push.
  public mutating func next() throws(SIPParseError) -> [UInt8]? {
    guard !isBroken else { return nil }
    if messageLength == nil {
      skipLineEnds()
      guard let headEnd = findHeadEnd() else {
        guard count <= SIPLimits.maxStreamHeadBytes else { throw broken(.tooLarge) }
        return nil
      }
      hasHalfPing = false
      do throws(SIPParseError.Reason) {
        messageLength = try Self.length(buffer.span, start, headEnd)
      } catch {
        throw broken(error)
      }
    }
    guard let length = messageLength, count >= length else { return nil }
    let message = Array(buffer[start..<start + length])
    start += length
    searched = start
    messageLength = nil
    return message
  }

  private mutating func skipLineEnds() {
    while start + 1 < buffer.count, buffer[start] == 0x0D, buffer[start + 1] == 0x0A {
      start += 2
      if awaitsPong {
        (awaitsPong, hasPong) = (false, true)
        continue
      }
      if hasHalfPing { pendingPings = min(pendingPings + 1, SIPLimits.maxPendingPings) }
      hasHalfPing.toggle()
    }
    searched = max(searched, start)
  }

  /// The offset behind the empty line.
  private mutating func findHeadEnd() -> Int? {
    var i = searched
    while i + 3 < buffer.count {
      if buffer[i] == 0x0D, buffer[i + 1] == 0x0A, buffer[i + 2] == 0x0D, buffer[i + 3] == 0x0A {
        return i + 4 - start <= SIPLimits.maxStreamHeadBytes ? i + 4 : nil
      }
      i += 1
    }
    searched = i
    return nil
  }

  /// Of the whole message that begins at `start` and whose head ends at `headEnd`.
  private static func length(_ span: Span<UInt8>, _ start: Int, _ headEnd: Int) throws(SIPParseError.Reason) -> Int {
    var contentLength: Int?
    var i = start
    let end = headEnd - 2
    while i < end {
      let nameStart = i
      span.skip(.token, &i, end)
      let isLength = HeaderName(span, nameStart, i) == .contentLength
      span.skipSpace(&i, end)
      let valueStart = i + 1
      while i < end, !isFieldEnd(span, i) { i += 1 }
      if isLength, valueStart <= i, span[valueStart - 1] == UInt8(ascii: ":") {
        guard contentLength == nil else { throw .duplicate(.contentLength) }
        contentLength = number(span, valueStart, i)
        guard contentLength != nil else { throw .malformed(.contentLength) }
      }
      i += 2
    }
    guard let contentLength else { throw .missing(.contentLength) }
    guard headEnd - start + contentLength <= SIPLimits.maxMessageBytes else { throw .tooLarge }
    return headEnd - start + contentLength
  }

  /// A line end that no space follows: there the header field goes on (§7.3.1).
  private static func isFieldEnd(_ span: Span<UInt8>, _ i: Int) -> Bool {
    span[i] == 0x0D && span[i + 1] == 0x0A && span[i + 2] != 0x20 && span[i + 2] != 0x09
  }

  private static func number(_ span: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
    var i = start
    var value = 0
    while i < end, isSpace(span[i]) { i += 1 }
    let digits = i
    while i < end, span[i].isASCIIDigit {
      // A number over the limit is refused by `length`, however long it is.
      value = min(value * 10 + Int(span[i] - 0x30), SIPLimits.maxMessageBytes + 1)
      i += 1
    }
    guard i > digits else { return nil }
    while i < end, isSpace(span[i]) { i += 1 }
    return i == end ? value : nil
  }

  private mutating func broken(_ reason: SIPParseError.Reason) -> SIPParseError {
    isBroken = true
    let head = Array(buffer[start..<min(buffer.count, start + SIPLimits.maxMessageBytes)])
    buffer = []
    start = 0
    return SIPMessage.error(reason, in: head)
  }
}
