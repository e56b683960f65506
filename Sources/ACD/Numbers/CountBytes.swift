// Whole numbers as bytes, seven bits each and the least first; those below zero zigzag. Nothing here trusts what it reads.

import Basics

struct CountSink {
  private(set) var bytes: [UInt8] = []

  /// Nothing of a zero.
  mutating func put(_ number: UInt64, _ count: Int64) {
    guard count != 0 else { return }
    put(number)
    put(count)
  }

  mutating func put(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func put(_ value: Int64) { put(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  mutating func put(_ text: ByteString) {
    put(UInt64(text.bytes.count))
    bytes += text.bytes
  }
}

struct CountSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      guard shift < 63 || byte <= 1 else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  mutating func count() -> Int64? { number().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) } }

  mutating func text() -> ByteString? {
    guard let length = number(), length <= UInt64(rest.count) else { return nil }
    let bytes = rest.prefix(Int(length))
    rest.removeFirst(bytes.count)
    return ByteString(bytes)
  }
}

/// Pairs in the order of their numbers.
struct CountPairs {
  private var pairs: [(number: UInt64, count: Int64)] = []
  private var next = 0

  /// nil of bytes that are cut off, or out of order.
  init?(_ bytes: [UInt8]) {
    var source = CountSource(bytes)
    while !source.isAtEnd {
      guard let number = source.number(), let count = source.count(), number > pairs.last?.number ?? 0 else {
        return nil
      }
      pairs.append((number, count))
    }
  }

  /// 0 of a number that is not there. To be asked for ascending numbers.
  mutating func take(_ number: UInt64) -> Int64 {
    while next < pairs.count, pairs[next].number < number { next += 1 }
    guard next < pairs.count, pairs[next].number == number else { return 0 }
    next += 1
    return pairs[next - 1].count
  }

  mutating func takeNext(from lowest: UInt64) -> (number: UInt64, count: Int64)? {
    while next < pairs.count, pairs[next].number < lowest { next += 1 }
    guard next < pairs.count else { return nil }
    next += 1
    return pairs[next - 1]
  }
}
