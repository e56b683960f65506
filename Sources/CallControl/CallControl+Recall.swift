// Call-back on busy: somebody who found an extension busy is rung when both are free, and the extension then. Each wish is
// bounded in time, and all of them in number.

import Basics
import Dialplan
import MediaEngine
import SIPUserAgent
import VoiceService

extension CallControl {
  struct Wish {
    let user: ByteString
    let wanted: ByteString
    let expiresAt: Instant
  }

  /// Whom somebody may wish to be called back for.
  mutating func noteBusy(_ number: CallNumber, _ wanted: ByteString) {
    guard let first = calls[number]?.first, case .user(let user)? = legs[first]?.party else { return }
    lastBusy[user] = wanted
  }

  mutating func wish(_ user: ByteString, _ wanted: ByteString, at now: Instant) -> Prompt {
    wishes.removeAll { $0.user == user || $0.expiresAt <= now }
    let wanted = wanted.isEmpty ? lastBusy[user] ?? "" : wanted
    guard wanted != user, settings.extensions.contains(where: { $0.number == wanted }) else {
      return .numberNotInService
    }
    guard wishes.count < Limits.wishes else {
      counters.wishesRefused += 1
      return .notAllowed
    }
    wishes.append(Wish(user: user, wanted: wanted, expiresAt: now + Limits.wishTime))
    return .beep
  }

  mutating func forgetWish(of user: ByteString) { wishes.removeAll { $0.user == user } }

  /// Before the machine comes to rest: somebody may be free now.
  mutating func fulfilWishes(at now: Instant) {
    guard !wishes.isEmpty, !isDraining else { return }
    for wish in wishes where !isInCall(wish.user) && !isInCall(wish.wanted) {
      wishes.removeAll { $0.user == wish.user }
      if wish.expiresAt > now { recall(wish, at: now) }
    }
  }

  private mutating func recall(_ wish: Wish, at now: Instant) {
    var call = newCall(from: wish.user, name: displayName(of: wish.user), to: wish.wanted)
    call.phase = .recalling
    call.destination = "extension " + wish.wanted
    call.enrich { extra in
      extra.recalled = wish.wanted
      extra.presented = Call.Caller(number: wish.wanted, name: displayName(of: wish.wanted))
    }
    guard let id = invite(.user(wish.user), dialling: wish.user, role: .caller, for: call, preferring: nil) else {
      return
    }
    call.first = id
    calls[call.number] = call
    deadlines.set(call.number, to: now + Limits.recallRingTime)
    log(.info, "call.recall", call.number, wish.user + " for " + wish.wanted)
  }

  /// Whoever wished it has answered.
  mutating func recallAnswered(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number], call.phase == .recalling, let wanted = call.extra.value?.recalled else { return }
    deadlines.cancel(number)
    calls[number]?.phase = .ringing
    calls[number]?.enrich { $0.presented = nil }
    markAnswered(number)
    callExtension(number, wanted, at: now)
  }
}
