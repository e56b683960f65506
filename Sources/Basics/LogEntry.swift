// One line of the log as a value. Numbers in it are masked and secrets never enter it: whoever forms it sees to that.

public enum LogLevel: UInt8, Comparable, Sendable {
  case debug = 0
  case info
  case notice
  case warning
  /// Needs a person: an alarm stays visible until its cause is gone.
  case alarm

  public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
  public var name: StaticString {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .notice: "notice"
    case .warning: "warning"
    case .alarm: "alarm"
    }
  }
}

public struct LogEntry: Sendable {
  public var level: LogLevel
  /// A fixed word for the kind of event, to grep for: `call.answered`.
  public var event: StaticString
  /// The call's number, 0 where the line belongs to no call.
  public var call: UInt64
  public var text: ByteString

  public init(_ level: LogLevel, _ event: StaticString, call: UInt64 = 0, _ text: ByteString = "") {
    self.level = level
    self.event = event
    self.call = call
    self.text = text
  }
}

extension LogEntry: Written {
  @inlinable public func write(to sink: inout some Sink) {
    sink.begin(level.rawValue, event)
    // Names of events are not numbered: their letters count.
    let letters = UnsafeBufferPointer(start: event.utf8Start, count: event.utf8CodeUnitCount)
    sink.put(letters.reduce(0 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    sink.put(call)
    sink.put(text)
    sink.end()
  }
}
