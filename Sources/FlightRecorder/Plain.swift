// The plain values that everything else is made of.

import Basics

extension Bool: Recorded {
  func write(to sink: inout some Sink) { sink.put(word: self ? 1 : 0) }
  init(from source: inout Source) throws(RecordError) { self = try source.presence() }
}

extension Recorded where Self: FixedWidthInteger & UnsignedInteger {
  func write(to sink: inout some Sink) { sink.put(word: UInt64(truncatingIfNeeded: self)) }
  init(from source: inout Source) throws(RecordError) {
    guard let value = Self(exactly: try source.word()) else { throw .badValue }
    self = value
  }
}
extension UInt8: Recorded {}
extension UInt16: Recorded {}
extension UInt32: Recorded {}
extension UInt64: Recorded {}

extension Int64: Recorded {
  func write(to sink: inout some Sink) { sink.put(signed: self) }
  init(from source: inout Source) throws(RecordError) { self = try source.signed() }
}

/// Counts and times of the vocabulary: never so large that a time made of them overflows.
extension Int: Recorded {
  func write(to sink: inout some Sink) { sink.put(signed: Int64(self)) }
  init(from source: inout Source) throws(RecordError) {
    let value = try source.signed()
    guard value.magnitude <= UInt64(RecorderLimits.number) else { throw .badValue }
    self = Int(value)
  }
}

extension ByteString: Recorded {
  func write(to sink: inout some Sink) { sink.put(bytes: bytes) }
  init(from source: inout Source) throws(RecordError) { self.init(try source.text()) }
}

extension WallTime: Recorded {
  func write(to sink: inout some Sink) { sink.put(signed: microseconds) }
  init(from source: inout Source) throws(RecordError) {
    let microseconds = try source.signed()
    guard microseconds.magnitude <= UInt64(RecorderLimits.wallMicroseconds) else { throw .badValue }
    self.init(microseconds: microseconds)
  }
}

extension Interval: Recorded {
  func write(to sink: inout some Sink) { sink.put(signed: nanoseconds) }
  init(from source: inout Source) throws(RecordError) { self.init(nanoseconds: try source.signed()) }
}

extension Instant: Recorded {
  func write(to sink: inout some Sink) { sink.put(signed: nanoseconds) }
  init(from source: inout Source) throws(RecordError) { self.init(nanoseconds: try source.signed()) }
}

extension Optional: Written where Wrapped: Written {
  func write(to sink: inout some Sink) {
    sink.put(presence: self != nil)
    if let value = self { value.write(to: &sink) }
  }
}

extension Optional: Recorded where Wrapped: Recorded {
  init(from source: inout Source) throws(RecordError) {
    self = try source.presence() ? try source.take(Wrapped.self) : nil
  }
}

extension Array: Written where Element: Written {
  func write(to sink: inout some Sink) {
    sink.put(count: count)
    for element in self { element.write(to: &sink) }
  }
}

extension Array: Recorded where Element: Recorded {
  init(from source: inout Source) throws(RecordError) {
    self = []
    for _ in 0..<(try source.count()) { append(try source.take()) }
  }
}

extension ClosedRange: Written where Bound == Int {
  func write(to sink: inout some Sink) {
    sink.put(lowerBound)
    sink.put(upperBound)
  }
}

extension ClosedRange: Recorded where Bound == Int {
  init(from source: inout Source) throws(RecordError) {
    let lower: Int = try source.take()
    let upper: Int = try source.take()
    guard lower <= upper else { throw .badValue }
    self = lower...upper
  }
}

/// Enumerations without payload are their number.
extension Written where Self: RawRepresentable, RawValue == UInt8 {
  func write(to sink: inout some Sink) { sink.put(word: UInt64(rawValue)) }
}
extension Recorded where Self: RawRepresentable, RawValue == UInt8 {
  init(from source: inout Source) throws(RecordError) {
    guard let value = Self(rawValue: try source.take()) else { throw .unknownCase }
    self = value
  }
}
