// Where no stream could be opened lately: nobody tries there again for a while who can do without one.

import Basics

struct StreamRefusals {
  private var until: [Endpoint: Instant] = [:]
  private var order = Fifo<Endpoint>()

  func contains(_ remote: Endpoint, at now: Instant) -> Bool { until[remote].map { $0 > now } ?? false }

  mutating func note(_ remote: Endpoint, _ limits: TransportLimits, at now: Instant) {
    if until.updateValue(now + limits.refusalTime, forKey: remote) == nil { order.append(remote) }
    while order.count > limits.maxRefusals, let oldest = order.popFirst() { until[oldest] = nil }
  }
}

extension TransportLayer {
  /// Whether a stream to there failed lately.
  public func refusesStreams(_ remote: Endpoint, at now: Instant) -> Bool { refusals.contains(remote, at: now) }

  mutating func noteRefusal(_ id: UInt32, at now: Instant) {
    guard let connection = connections[id], case .opening = connection.state, connection.peer.transport == .tcp
    else { return }
    refusals.note(connection.peer.remote, limits, at: now)
  }
}
