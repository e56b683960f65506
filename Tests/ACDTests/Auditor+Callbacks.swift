// What the auditor asks of callbacks: begun only when they may be, never twice, customer first only for a ready agent;
// hours, held lines and the failing power respected.

import Basics
import Journal

@testable import ACD

extension Auditor {
  func attempt(of callback: UInt64) -> AttemptBook? { attempts.values.first { $0.callback == callback } }

  func checkCallback(_ id: UInt64) {
    if let attempt = attempt(of: id) {
      if !attempt.isConfirmed || attempt.isHungUp || attempt.offer != nil {
        complain("offers a callback that is under way")
      }
      return
    }
    mayBegin(id)
  }

  /// Customer first: instead of an offer.
  func preparedFirst(_ id: AttemptID, _ callback: UInt64) {
    if isBrownOut { complain("dials while the power fails") }
    mayBegin(callback)
    attempts[id] = AttemptBook(callback: callback, offer: nil, isCustomerFirst: true)
    urgent.remove(callback)
    guard let queue = queueOf[callback] else { return }
    let ready = agents.filter { rules(queue).agents.contains($0.key) && $0.value.mayBeOffered(now) }.count
    let dialled = attempts.values.filter {
      $0.isCustomerFirst && !$0.isHungUp && $0.talksSince == nil && queueOf[$0.callback] == queue
    }.count
    if dialled > ready { complain("\(dialled) customers are dialled for \(ready) agents") }
  }

  func connectedFirst(_ id: AttemptID, _ offer: OfferID) {
    guard let attempt = attempts[id], attempt.isConfirmed, !attempt.isHungUp, attempt.talksSince == nil else {
      return complain("connects an agent with nobody, or with a machine")
    }
    if offers[offer]?.isAccepted != true { complain("connects without acceptance") }
    if offers[offer]?.item != .callback(attempt.callback) { complain("connects the wrong callback") }
    attempts[id]?.offer = offer
    attempts[id]?.talksSince = now
    offers[offer]?.attempt = id
    offers[offer]?.hasTalked = true
  }

  func mayBegin(_ id: UInt64) {
    if !isTrusted { complain("offers a callback without a trusted clock") }
    let held = attempts.values.filter { !$0.isDialled }.count
    if channels <= held { complain("offers a callback without a channel") }
    if attempts.values.contains(where: { $0.callback == id }) { complain("offers a callback that is under way") }
    for book in offers.values where book.item == .callback(id) && book.isLive && book.attempt == nil {
      complain("callback \(id) is offered twice")
    }
    guard let fact = disk[id] else { return complain("offers a callback that is not on the disk") }
    if fact.state.isFinal { complain("offers a callback that is over") }
    if !mayCallBack(queueOf[id] ?? fact.queue) { complain("offers a callback outside hours") }
    if let from = mayDialFrom[id], now < from { complain("offers a callback before its lease is over") }
  }

  // MARK: Hours

  func isCustomerFirst(_ id: AttemptID) -> Bool { attempts[id]?.isCustomerFirst == true }

  func opening(_ queue: ByteString, _ isOpen: Bool, _ closesIn: Interval?) {
    let now = now
    guard !isOpen else {
      hours[queue] = HoursBook(closesAt: closesIn.map { now + $0 }, allowsUntil: nil)
      return
    }
    guard hours[queue]?.isOpen(now) != false else { return }
    hours[queue] = HoursBook(closesAt: now, allowsUntil: hours[queue] == nil ? now : drain(queue, from: now))
  }

  func drain(_ queue: ByteString, from closing: Instant) -> Instant {
    let callback = rules(queue).callback
    return closing + .minutes(callback?.closing == .drain ? callback?.drainMinutes ?? 0 : 0)
  }

  func mayCallBack(_ queue: ByteString) -> Bool {
    guard let book = hours[queue], !book.isOpen(now), let closing = book.closesAt else { return true }
    return now < book.allowsUntil ?? drain(queue, from: closing)
  }

  // MARK: Who is on the line

  func oweWithdrawal(of callback: UInt64) {
    for (id, offer) in offers where offer.item == .callback(callback) && !offer.isAccepted && !offer.isWithdrawn {
      withdrawalsOwed.insert(id)
    }
  }

  /// Callbacks of this number were held while it was on the line; now their minimum delay counts.
  func lineIsFree(_ number: ByteString) {
    for (id, fact) in disk where fact.number == number { dueFrom[id] = max(dueFrom[id] ?? .zero, delayed(fact.queue)) }
  }

  func isOnTheLine(_ number: ByteString) -> Bool {
    calls.values.contains { $0.number == number && !$0.isGone && !$0.hasLeft }
      || offers.values.contains { $0.number == number }
  }

  /// Neither overtaken nor offered before the caller has heard the goodbye and the minimum delay is over.
  func delayed(_ queue: ByteString) -> Instant {
    now + .seconds(rules(queue).callback?.minimumDelaySeconds ?? 0)
  }
}
