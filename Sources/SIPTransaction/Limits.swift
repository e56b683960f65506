// Every bound of this module, with the counter that tells when it was hit.

import Basics

/// Bounds on what peers can make these layers hold. All tables grow as needed and start empty.
public struct TransactionLimits: Sendable {
  /// More are answered 503 with Retry-After, without state (`Counters.requestsRefused`). A call holds one for its
  /// INVITE and one for its BYE, 4 s and 2 s at least, so this carries 2,400 calls a second.
  public var maxServerTransactions = 16_384
  /// More are reported as transport failures (`Counters.sendsRefused`). A call holds one for its INVITE and one for its
  /// BYE, 4 s and 5 s at least, so this carries 2,270 calls a second.
  public var maxClientTransactions = 20_480
  /// Seconds in the Retry-After of a 503.
  public var retryAfterSeconds = 5

  public init() {}
}

public struct TransportLimits: Sendable {
  /// Open connections and those being opened (`Counters.connectionsRefused`).
  public var maxConnections = 512
  /// Of these, accepted from one address (`Counters.connectionsRefused`).
  public var maxConnectionsPerSource = 64
  /// Bytes that wait for a connection being opened (`Counters.sendsRefused`).
  public var maxPendingBytes = 128 * 1024
  /// How long opening a connection may take, and with a TLS handshake (`Counters.connectTimeouts`).
  public var connectTimeout = Interval.seconds(4)
  public var handshakeTimeout = Interval.seconds(8)
  /// How long, and of how many places, is remembered that no stream could be opened; the oldest makes room.
  public var refusalTime = Interval.minutes(10)
  public var maxRefusals = 64
  /// A request longer than this goes over a stream, where one can be had (RFC 3261 §18.1.1).
  public static let largeRequestBytes = 1_300
  /// A connection of ours that has been silent for so long gets a ping, unless the far end wishes them more often
  /// (RFC 6223); more often than the minimum it gets none.
  public var pingInterval = Interval.seconds(30)
  public var pingIntervalMinimum = Interval.seconds(5)
  /// How long the pong may take (RFC 5626 §4.4.1; `Counters.pongsMissed`).
  public var pongTimeout = Interval.seconds(10)
  /// What phones are asked for that wish to keep their connections alive (RFC 6223), in seconds.
  public var phonePingSeconds = 60
  /// How long an accepted connection may take to its first whole message, and any to finish a message it began
  /// (`Counters.connectionsExpired`).
  public var messageTimeout = Interval.seconds(30)
  /// How long a connection may be silent in both directions: longer than the registrations that live on it
  /// (`Counters.connectionsExpired`).
  public var idleTimeout = Interval.seconds(7200)
  /// Answers to malformed requests a second, over all sources (`Counters.malformedUnanswered`).
  public var maxErrorAnswersPerSecond = 50
  /// Malformed messages on one connection before it is closed (`Counters.connectionsHostile`).
  public var maxMalformedPerConnection = 3

  public init() {}
}
