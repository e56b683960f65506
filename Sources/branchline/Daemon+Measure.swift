// Who asks about calls hears what their sound is like now: the media thread counts, and is asked first. While nobody asks,
// nothing of it costs anything.

import Appliance
import Basics
import LinuxIO
import MediaEngine

/// Requests that wait for the media thread's figures.
struct Measurement {
  enum Limits {
    /// After so long they are answered with the figures of the last time.
    static let patience = Interval.milliseconds(100)
  }

  private(set) var waiting: [OperatorRequest] = []
  private(set) var nextDeadline: Instant?

  /// Whether the media thread is to be asked.
  mutating func add(_ request: OperatorRequest, at now: Instant) -> Bool {
    waiting.append(request)
    defer { nextDeadline = nextDeadline ?? now + Limits.patience }
    return nextDeadline == nil
  }

  mutating func takeAll() -> [OperatorRequest] {
    defer { (waiting, nextDeadline) = ([], nil) }
    return waiting
  }

  /// Whether a line, which may begin with a name, is about calls.
  static func concerns(_ line: ByteString) -> Bool {
    let last = ByteString(line.bytes.split(separator: UInt8(ascii: " ")).last ?? [])
    return last == ByteString(Query.calls.name) || last == ByteString(Query.overview.name)
  }
}

extension Daemon {
  mutating func accept(_ request: OperatorRequest) {
    guard appliance.callsAndLegs.calls > 0, Measurement.concerns(request.line) else { return handle(.request(request)) }
    if measurement.add(request, at: now) { send(.measure) }
  }

  mutating func finishMeasurement() {
    for request in measurement.takeAll() { handle(.request(request)) }
  }
}
