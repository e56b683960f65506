// Keeping a connection of ours alive (RFC 5626 §3.5.1, §4.4.1): a ping after some silence of ours. A pong that does not
// come tells that the connection is dead, once the far end has shown that it sends them (or has said so, RFC 6223).

import Basics
import SIPMessage

struct KeepAlive {
  var interval: Interval
  var sentAt: Instant
  /// A ping is out.
  var awaitsPong = false
  /// The far end has sent a pong on this connection, or has promised to.
  var isAnswered = false

  func deadline(_ limits: TransportLimits, _ lastActivity: Instant) -> Instant {
    if awaitsPong && isAnswered { return sentAt + limits.pongTimeout }
    return max(sentAt, lastActivity) + interval
  }
}

extension TransportLayer {
  /// True where the connection is dead.
  mutating func keepAlive(_ id: UInt32, at now: Instant) -> Bool {
    guard let connection = connections[id], let keepAlive = connection.keepAlive,
      keepAlive.deadline(limits, connection.lastActivity) <= now
    else { return false }
    if keepAlive.awaitsPong && keepAlive.isAnswered {
      counters.pongsMissed += 1
      return true
    }
    counters.pingsSent += 1
    connections[id]?.keepAlive?.sentAt = now
    connections[id]?.keepAlive?.awaitsPong = true
    connections[id]?.framer.expectPong()
    outputs.append(.write(connection: id, bytes: [0x0D, 0x0A, 0x0D, 0x0A]))
    return false
  }

  /// Anything that comes shows that it lives.
  mutating func noteLife(_ id: UInt32) {
    guard connections[id]?.keepAlive?.awaitsPong == true else { return }
    connections[id]?.keepAlive?.awaitsPong = false
    if connections[id]?.framer.takePong() == true { connections[id]?.keepAlive?.isAnswered = true }
  }

  /// A phone that asks whether it may keep its connection alive may, and is told how often (RFC 6223 §4.3).
  func agreeToKeepAlive(_ message: inout SIPMessage) {
    guard message.method == .register || message.method == .invite else { return }
    message.setKeepAlive(seconds: limits.phonePingSeconds)
  }

  /// What the far end says in our Via about keep-alives: how often, in seconds (RFC 6223 §4.2).
  mutating func heed(_ message: SIPMessage, on id: UInt32) {
    guard connections[id]?.keepAlive != nil, let value = message.topVia.parameter("keep"),
      let seconds = Int(decimalDigits: value.bytes[...])
    else { return }
    connections[id]?.keepAlive?.isAnswered = true
    guard seconds > 0 else { return }
    let wished = max(limits.pingIntervalMinimum, .seconds(seconds))
    if let own = connections[id]?.keepAlive?.interval, wished < own { connections[id]?.keepAlive?.interval = wished }
  }
}
