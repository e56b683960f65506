// SUBSCRIBE (RFC 6665 §4.2.1): whose it is, which event package it asks for, and for how long. What there is to watch,
// call control knows. After a restart nothing of it is remembered: phones ask anew.

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
    wire.outbox.event(.subscribed(id, user: user, number: number, event.package))
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

  /// The Event header; answered here where it is another package, or none of the bodies that
  /// the phone accepts is ours.
  private mutating func watchedEvent(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, at now: Instant
  ) -> SubscribedEvent? {
    guard let value = message.value(.event), let event = SubscribedEvent(value) else {
      var writer = wire.response(489, to: message)
      writer.header(named: "Allow-Events", ByteString(EventPackage.names))
      wire.respond(server, 489, writer.finish(), at: now)
      return nil
    }
    guard message.accepts(event.package.contentType) else {
      var writer = wire.response(406, to: message)
      writer.header(.acceptHeader, ByteString(event.package.contentType))
      wire.respond(server, 406, writer.finish(), at: now)
      return nil
    }
    return event
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
  mutating func show(_ id: SubscriptionID, _ state: WatchedState, at now: Instant) {
    subscriptions.change(id.slot, &wire) { one, wire in one.show(state, &wire, at: now) }
  }

  mutating func endSubscription(_ id: SubscriptionID, at now: Instant) {
    subscriptions.change(id.slot, &wire) { one, wire in one.end(.noResource, &wire, at: now) }
  }

  /// A stream is gone, with all that was reached over it.
  mutating func lost(_ flow: Flow, at now: Instant) {
    registrar.closed(flow.connection, addressing: wire.addressing)
    subscriptions.closed(flow.connection, &wire)
    trunks.lost(flow, &wire, at: now)
  }
}
