// The SIP messages that a technician watches: kept in a ring while somebody asks for them, and for a few seconds more.
// Nobody watching costs a look at one flag for each message. What is kept is what a ladder shows, with customers' numbers
// masked: neither headers nor bodies, so no credentials either.

import Basics
import CallControl
import SIPMessage
import SIPTrace
import SIPTransaction

struct SignallingTrace {
  enum Limits {
    /// Messages that are kept for those who watch; the oldest go and are counted.
    static let messages = 1_000
    /// Of which one answer has so many at most; the next one follows at once.
    static let messagesAtOnce = 250
    /// How long it goes on when nobody asks any more.
    static let patience = Interval.seconds(5)
    /// Call-IDs whose calls are remembered: a message that ends a call is asked for after its end.
    static let callIDs = 4_096
    /// Connections whose bytes are cut into messages.
    static let connections = 2_048
  }

  struct Message {
    var number: UInt64
    var entry: LadderEntry
    var transport: SIPTransport
    var isOutgoing: Bool
    /// Unmasked, to be compared with extensions.
    var fromUser: ByteString?
    var toUser: ByteString?
  }

  private var endsAt: Instant?
  private(set) var messages = Fifo<Message>()
  private(set) var nextNumber: UInt64 = 1
  private var streams: [UInt32: SIPStream] = [:]
  private var numberOf: [ByteString: CallNumber] = [:]
  private var parties: [CallNumber: CallTraffic] = [:]
  /// Call-IDs that nobody has named a call of yet.
  private(set) var unknown: [ByteString] = []
  /// Messages for which the ring had no room any more; who has not seen them by then is told how many.
  private(set) var dropped: UInt64 = 0
  /// Of these, messages that somebody who watched has not seen; and bytes of connections that were not looked at.
  private(set) var missed = 0
  private(set) var connectionsLeftOut = 0
  /// What the clock says in this turn.
  var time = WallTime(seconds: 0)

  var isOn: Bool { endsAt != nil }
  var nextDeadline: Instant? { endsAt }

  /// Somebody asks.
  mutating func watch(at now: Instant) { endsAt = now + Limits.patience }

  mutating func advance(to now: Instant) {
    guard let end = endsAt, end <= now else { return }
    var next = SignallingTrace()
    (next.nextNumber, next.dropped) = (nextNumber, dropped)
    (next.missed, next.connectionsLeftOut) = (missed, connectionsLeftOut)
    self = next
  }

  var limitUses: [LimitUse] {
    [
      LimitUse("traced-messages", most: Limits.messages, used: messages.count, hits: missed),
      LimitUse("traced-calls", most: Limits.callIDs, used: numberOf.count),
      LimitUse("traced-connections", most: Limits.connections, used: streams.count, hits: connectionsLeftOut),
    ]
  }

  mutating func note(missed count: UInt64) { missed += Int(clamping: count) }

  // MARK: What is seen

  mutating func note(
    _ bytes: [UInt8], from source: Endpoint, to destination: Endpoint, _ transport: SIPTransport, isOutgoing: Bool
  ) {
    guard TracedMessage.isLikely(bytes[...]) else { return }
    let traced = TracedMessage(time: time, source: source, destination: destination, bytes: bytes)
    messages.append(
      Message(
        number: nextNumber, entry: LadderEntry(traced), transport: transport, isOutgoing: isOutgoing,
        fromUser: Self.name(traced.message?.fromUser), toUser: Self.name(traced.message?.toUser)))
    nextNumber += 1
    if let id = traced.callID, id.count <= TraceLimits.callIDBytes, Self.mayBeOfCall(traced.message),
      numberOf[id] == nil, !unknown.contains(id)
    {
      unknown.append(id)
    }
    while messages.count > Limits.messages {
      _ = messages.popFirst()
      dropped += 1
    }
  }

  /// nil: longer than any name of ours.
  private static func name(_ user: ByteString?) -> ByteString? {
    user.flatMap { $0.count <= TraceLimits.labelBytes ? $0 : nil }
  }

  /// What scanners send most is not looked up.
  private static func mayBeOfCall(_ message: SIPMessage?) -> Bool {
    switch message?.method {
    case .register, .options, .subscribe, .notify, nil: false
    default: true
    }
  }

  /// Bytes of a connection, in which messages have no borders.
  mutating func note(
    received bytes: [UInt8], on connection: UInt32, from source: Endpoint, to destination: Endpoint
  ) {
    guard streams[connection] != nil || streams.count < Limits.connections else {
      connectionsLeftOut += 1
      return
    }
    let whole = streams[connection, default: SIPStream()].add(bytes)
    for message in whole { note(message, from: source, to: destination, .tcp, isOutgoing: false) }
  }

  mutating func forget(connection: UInt32) { streams[connection] = nil }

  /// The calls that are up: whose messages these are.
  mutating func learn(_ calls: [CallTraffic]) {
    for call in calls {
      for id in call.callIDs { numberOf[id] = call.number }
      guard var known = parties[call.number] else {
        parties[call.number] = call
        continue
      }
      known.phones += call.phones.filter { !known.phones.contains($0) }
      known.trunks += call.trunks.filter { !known.trunks.contains($0) }
      parties[call.number] = known
    }
    unknown = []
    if numberOf.count > Limits.callIDs { forgetOldCalls() }
  }

  private mutating func forgetOldCalls() {
    var ids: Set<ByteString> = []
    for message in messages.all { if let id = message.entry.callID { ids.insert(id) } }
    numberOf = numberOf.filter { ids.contains($0.key) }
    let numbers = Set(numberOf.values)
    parties = parties.filter { numbers.contains($0.key) }
  }

  // MARK: What is asked for

  /// Messages from a number on that are within a scope, and how many went before they could be told.
  ///
  /// - Parameter name: of an endpoint: an extension or a trunk.
  func messages(
    since: UInt64, within scope: TrafficScope, name: (Endpoint) -> ByteString?
  ) -> (messages: [Message], missed: UInt64, next: UInt64) {
    let first = messages.first?.number ?? nextNumber
    var wanted: [Message] = []
    var next = nextNumber
    for message in messages.all where message.number >= since && isWanted(message, scope, name) {
      guard wanted.count < Limits.messagesAtOnce else {
        next = message.number
        break
      }
      wanted.append(message)
    }
    return (wanted, first > since ? first - since : 0, next)
  }

  func call(of message: Message) -> CallNumber? { message.entry.callID.flatMap { numberOf[$0] } }

  private func isWanted(_ message: Message, _ scope: TrafficScope, _ name: (Endpoint) -> ByteString?) -> Bool {
    if case .all = scope { return true }
    if let number = call(of: message), parties[number]?.isWithin(scope) == true { return true }
    switch scope {
    case .all, .call: return false
    case .phone(let user):
      return message.fromUser == user || message.toUser == user || isAt(user, message, name)
    case .trunk(let trunk): return isAt(trunk, message, name)
    }
  }

  private func isAt(_ who: ByteString, _ message: Message, _ name: (Endpoint) -> ByteString?) -> Bool {
    name(message.isOutgoing ? message.entry.destination : message.entry.source) == who
  }
}
