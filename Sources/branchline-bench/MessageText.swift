// SIP as the generator needs it: text put together from pieces, and the few fields that it looks at, found by scanning.
// It trusts that the daemon writes canonical header names; what it does not find fails the call.

import CBenchmark
import Foundation

extension [UInt8] {
  mutating func add(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
  mutating func add(_ bytes: UnsafeRawBufferPointer) { append(contentsOf: bytes) }
  mutating func add(_ number: Int, digits: Int = 1) {
    var divisor = 1
    var count = 1
    while number / divisor >= 10 || count < digits {
      divisor *= 10
      count += 1
    }
    while divisor > 0 {
      append(UInt8(48 + number / divisor % 10))
      divisor /= 10
    }
  }
  init(_ text: StaticString) {
    self = []
    add(text)
  }
}

/// One message in a receive buffer; valid until the buffer is used again.
struct ReceivedMessage {
  let bytes: UnsafeRawBufferPointer

  var isResponse: Bool { starts(with: "SIP/2.0 ") }
  /// 0 for a request.
  var status: Int { isResponse ? number(at: 8) ?? 0 : 0 }

  func starts(with text: StaticString) -> Bool { matches(text, at: 0) }

  /// Where `text` ends for the first time at or after `start`.
  func end(of text: StaticString, from start: Int = 0) -> Int? {
    guard let base = bytes.baseAddress, start < bytes.count,
      let found = bench_find(base + start, bytes.count - start, text.utf8Start, text.utf8CodeUnitCount)
    else { return nil }
    return UnsafeRawPointer(found) - base + text.utf8CodeUnitCount
  }

  func matches(_ text: StaticString, at start: Int) -> Bool {
    guard let base = bytes.baseAddress, start + text.utf8CodeUnitCount <= bytes.count else { return false }
    return memcmp(base + start, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  /// The decimal number at `start`.
  func number(at start: Int) -> Int? {
    var value = 0
    var index = start
    while index < bytes.count, index - start < 18, bytes[index] >= 48, bytes[index] <= 57 {
      value = value * 10 + Int(bytes[index] - 48)
      index += 1
    }
    return index == start ? nil : value
  }

  /// From `start` up to `stop` or the end of the line.
  func text(from start: Int, to stop: UInt8 = 0x0D) -> UnsafeRawBufferPointer {
    var end = start
    while end < bytes.count, bytes[end] != stop, bytes[end] != 0x0D { end += 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[min(start, end)..<end])
  }

  /// The whole value of a header; `name` is written as "\r\nTo: ".
  func value(_ name: StaticString) -> UnsafeRawBufferPointer? { end(of: name).map { text(from: $0) } }

  /// The value of a parameter in quotes; `name` is written as "nonce=\"".
  func quoted(_ name: StaticString, from start: Int = 0) -> UnsafeRawBufferPointer? {
    end(of: name, from: start).map { text(from: $0, to: 0x22) }
  }

  /// The port in the audio line of the session description.
  var audioPort: UInt16? { end(of: "m=audio ").flatMap { number(at: $0) }.flatMap { UInt16(exactly: $0) } }

  /// Calls `body` with each header line without its end.
  func eachHeaderLine(_ body: (UnsafeRawBufferPointer) -> Void) {
    var start = 0
    while let end = end(of: "\r\n", from: start), end - 2 > start {
      body(UnsafeRawBufferPointer(rebasing: bytes[start..<end - 2]))
      start = end
    }
  }
}
