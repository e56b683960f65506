// What must hold at the agents' phones - one offer at a time, and none for a caller who is gone - and of numbers.

import Basics

extension Auditor {
  /// Rule: the number of a call is given once for ever, or the log could not be read.
  mutating func boxNames(call number: UInt64, inRun run: Int, at now: Instant) {
    guard callNumbers.updateValue(run, forKey: number) ?? run != run else { return }
    blame("call number \(number) was in use before the power cut", at: now)
  }

  struct Phone {
    /// Since when more than one offer of the queue is on it.
    var overlapSince: Instant?
    /// Since when it rings, and for whom.
    var ringing: (subscriber: ByteString, since: Instant)?
    /// Live callers who are talked with, and since when.
    var talking: [ByteString: Instant] = [:]
  }

  /// `callers`: those of the queue who are on this phone now.
  mutating func phoneSees(_ story: SoftPhone.Story, person: Int, callers: [SoftPhone.Caller], at now: Instant) {
    note("\(now.nanoseconds) \(person) \(story)")
    var phone = phones[person] ?? Phone()
    // What was on its way when the power failed is nobody's fault.
    if case .rings(_, let from, _) = story, isPowered { phone.ringing = (from, now) }
    switch story {
    case .talks: phone.ringing = nil
    case .ended: judgeRinging(phone, person, at: now)
    case .rings, .hearsRinging, .registered, .holdAgreed: break
    }
    if case .ended = story { phone.ringing = nil }
    let talking = callers.filter { $0.talkingSince != nil && isLive($0.number) }
    judgeLive(phone.talking.filter { was in !talking.contains { $0.number == was.key } }, at: now)
    phone.talking = [:]
    for caller in talking { phone.talking[caller.number] = caller.talkingSince }
    if callers.count > 1 {
      phone.overlapSince = phone.overlapSince ?? now
    } else if let since = phone.overlapSince {
      phone.overlapSince = nil
      if now - since > Limits.overlap {
        blame("two offers at once on the phone of \(person) for \((now - since).seconds) s", at: now)
      }
    }
    phones[person] = phone
  }

  /// A live caller is shown by the number as the carrier gave it; callbacks carry the international form.
  private func isLive(_ number: ByteString) -> Bool { number == Self.subscriber(number) }

  /// Rule: whoever calls in again and talks with somebody has been served; what was promised before is kept.
  mutating func judgeLive(_ talks: [ByteString: Instant], at now: Instant) {
    for (subscriber, since) in talks {
      guard let caller = customers[subscriber], let promised = caller.promisedAt, promised < since else { continue }
      let until = caller.callingSince == nil ? min(now, caller.endedAt) : now
      if until - since >= Limits.conversation { customers[subscriber]?.promisedAt = nil }
    }
  }

  private mutating func judgeRinging(_ phone: Phone, _ person: Int, at now: Instant) {
    guard let ringing = phone.ringing, isLive(ringing.subscriber), let caller = customers[ringing.subscriber],
      caller.callingSince == nil
    else { return }
    let tooLong = now - max(caller.endedAt, ringing.since)
    if tooLong > Limits.afterAbandon {
      blame("the phone of \(person) rang \(tooLong.seconds) s for a caller who was gone", at: now)
    }
  }
}
