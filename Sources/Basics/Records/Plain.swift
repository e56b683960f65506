// The plain values that everything else is made of.

extension Bool: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(word: self ? 1 : 0) }
  public init(from source: inout Source) throws(RecordError) { self = try source.presence() }
}

extension Recorded where Self: FixedWidthInteger & UnsignedInteger {
  @inlinable public func write(to sink: inout some Sink) { sink.put(word: UInt64(truncatingIfNeeded: self)) }
  public init(from source: inout Source) throws(RecordError) {
    guard let value = Self(exactly: try source.word()) else { throw .badValue }
    self = value
  }
}
extension UInt8: Recorded {}
extension UInt16: Recorded {}
extension UInt32: Recorded {}
extension UInt64: Recorded {}

extension Int64: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(signed: self) }
  public init(from source: inout Source) throws(RecordError) { self = try source.signed() }
}

/// Counts and times of the vocabulary: never so large that a time made of them overflows.
extension Int: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(signed: Int64(self)) }
  public init(from source: inout Source) throws(RecordError) {
    let value = try source.signed()
    guard value.magnitude <= UInt64(RecordLimits.number) else { throw .badValue }
    self = Int(value)
  }
}

extension ByteString: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(bytes: bytes) }
  public init(from source: inout Source) throws(RecordError) { self.init(try source.text()) }
}

extension WallTime: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(signed: microseconds) }
  public init(from source: inout Source) throws(RecordError) {
    let microseconds = try source.signed()
    guard microseconds.magnitude <= UInt64(RecordLimits.wallMicroseconds) else { throw .badValue }
    self.init(microseconds: microseconds)
  }
}

extension Interval: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(signed: nanoseconds) }
  public init(from source: inout Source) throws(RecordError) { self.init(nanoseconds: try source.signed()) }
}

extension Instant: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(signed: nanoseconds) }
  public init(from source: inout Source) throws(RecordError) { self.init(nanoseconds: try source.signed()) }
}

extension Optional: Written where Wrapped: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(presence: self != nil)
    if let value = self { value.write(to: &sink) }
  }
}

extension Optional: Recorded where Wrapped: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self = try source.presence() ? try source.take(Wrapped.self) : nil
  }
}

extension Array: Written where Element: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(count: count)
    for element in self { element.write(to: &sink) }
  }
}

extension Array: Recorded where Element: Recorded {
  public init(from source: inout Source) throws(RecordError) {
    self = []
    for _ in 0..<(try source.count()) { append(try source.take()) }
  }
}

/// In the order of its keys: that of a dictionary is another one each time.
extension ClosedRange: Written where Bound == Int {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(lowerBound)
    sink.put(upperBound)
  }
}

extension ClosedRange: Recorded where Bound == Int {
  public init(from source: inout Source) throws(RecordError) {
    let lower: Int = try source.take()
    let upper: Int = try source.take()
    guard lower <= upper else { throw .badValue }
    self = lower...upper
  }
}

/// Enumerations without payload are their number.
extension Written where Self: RawRepresentable, RawValue == UInt8 {
  @inlinable public func write(to sink: inout some Sink) { sink.put(word: UInt64(rawValue)) }
}
extension Recorded where Self: RawRepresentable, RawValue == UInt8 {
  public init(from source: inout Source) throws(RecordError) {
    guard let value = Self(rawValue: try source.take()) else { throw .unknownCase }
    self = value
  }
}
