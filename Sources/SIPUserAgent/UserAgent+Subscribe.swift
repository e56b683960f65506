// SUBSCRIBE (RFC 6665 §4.2.1) to the event package `dialog` (RFC 4235): whose it is, what it asks for, and for how long.
// What there is to watch, call control knows. After a restart nothing of it is remembered: phones ask anew.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

extension UserAgent {
  mutating func receiveSubscribe(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, at now: Instant
  ) {
    guard let user = authenticate(server, message, flow, as: message.fromUser, at: now),
      let event = watchedEvent(server, message, at: now),
      let seconds = subscriptionTime(server, message, at: now)
    else { return }
    guard let contact = message.contacts.first?.uri else { return wire.respond(server, 400, to: message, at: now) }
    let number = message.calledNumber(account: nil)
    guard !isDraining, subscriptions.hasRoom(for: user, number, contact, &wire) else {
      wire.outbox.counters.subscriptionsRefused += 1
      if !isDraining { wire.outbox.log(.warning, "sip.subscription-limit") { user + " to " + number.masked } }
      return refuseForNow(server, message, at: now)
    }
    let tag = wire.tag()
    let subscription = Subscription(
      Subscription.Question(server: server, request: message, seconds: seconds), user: user, number: number,
      event: event, contact: contact, tag: tag, over: flow, addressing: wire.addressing, at: now)
    guard let id = subscriptions.insert(subscription, &wire) else { return refuseForNow(server, message, at: now) }
    wire.outbox.counters.subscriptions += 1
    wire.outbox.event(.subscribed(id, user: user, number: number))
  }

  mutating func receiveResubscribe(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, _ flow: Flow, at now: Instant
  ) {
    guard let slot = subscriptions.slot(ofDialog: message), let owner = subscriptions.user(of: slot) else {
      wire.outbox.counters.unknownDialogs += 1
      return wire.respond(server, 481, to: message, at: now)
    }
    guard isAcceptable(server, message, at: now), authenticate(server, message, flow, as: owner, at: now) != nil,
      watchedEvent(server, message, at: now) != nil, let seconds = subscriptionTime(server, message, at: now)
    else { return }
    guard subscriptions.accepts(message.cseq.number, slot) else {
      wire.outbox.counters.outOfOrder += 1
      return wire.respond(server, 500, to: message, at: now)
    }
    let question = Subscription.Question(server: server, request: message, seconds: seconds)
    subscriptions.change(slot, &wire) { one, wire in one.refresh(question, over: flow, &wire, at: now) }
  }

  /// The Event header as its NOTIFYs carry it; answered here where it is another package, or none of the bodies that
  /// the phone accepts is ours.
  private mutating func watchedEvent(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant
  ) -> ByteString? {
    guard let value = message.value(.event), let event = SubscribedEvent(value) else {
      var writer = wire.response(489, to: message)
      writer.header(named: "Allow-Events", ByteString(SubscribedEvent.package))
      wire.respond(server, 489, writer.finish(), at: now)
      return nil
    }
    guard message.accepts(DialogInfo.contentType) else {
      var writer = wire.response(406, to: message)
      writer.header(.acceptHeader, ByteString(DialogInfo.contentType))
      wire.respond(server, 406, writer.finish(), at: now)
      return nil
    }
    return event.text
  }

  /// Seconds; answered here where they are too few.
  private mutating func subscriptionTime(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant
  ) -> Int? {
    let wish = message.expires ?? Limits.subscriptionMaximum
    guard wish == 0 || wish >= Limits.subscriptionMinimum else {
      wire.outbox.counters.subscriptionsRefused += 1
      var writer = wire.response(423, to: message)
      writer.header(.minExpires, number: Limits.subscriptionMinimum)
      wire.respond(server, 423, writer.finish(), at: now)
      return nil
    }
    return min(wish, Limits.subscriptionMaximum)
  }
}

// MARK: - What call control and the network say

extension UserAgent {
  mutating func show(_ id: SubscriptionID, _ lamp: Lamp, at now: Instant) {
    subscriptions.change(id.slot, &wire) { one, wire in one.show(lamp, &wire, at: now) }
  }

  mutating func endSubscription(_ id: SubscriptionID, at now: Instant) {
    subscriptions.change(id.slot, &wire) { one, wire in one.end(.noResource, &wire, at: now) }
  }

  /// A stream is gone, with all that was reached over it.
  mutating func lost(_ connection: UInt32) {
    registrar.closed(connection, addressing: wire.addressing)
    subscriptions.closed(connection, &wire)
  }
}

/// The Event header of a subscription: `dialog`, perhaps with an id (RFC 6665 §8.2.1). Other parameters are not ours to
/// repeat.
struct SubscribedEvent: Hashable {
  static let package: StaticString = "dialog"
  var text: ByteString

  /// nil for another package.
  init?(_ value: ArraySlice<UInt8>) {
    let parts = value.split(separator: UInt8(ascii: ";")).map { Self.trimmed($0) }
    guard let first = parts.first, ByteString(first).equalsIgnoringCase(ByteString(Self.package)) else { return nil }
    text = ByteString(Self.package)
    for part in parts.dropFirst() where ByteString(part.prefix(3)).equalsIgnoringCase("id=") && part.count <= 67 {
      text += ";" + ByteString(part)
      return
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
    return text
  }
}
