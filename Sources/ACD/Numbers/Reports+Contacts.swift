// Contacts: each comes, waits, and ends in exactly one bucket. An end whose beginning is not in the log brings its
// beginning along, and what waited when the box stopped is lost: so the sum holds whatever the log has lost.

import Basics
import Journal

extension Reports {
  mutating func addToContacts(_ event: QueueEventFact) {
    switch event.kind {
    case .entered: enter(event)
    case .rejoined:
      rejoin(event)
      if let queue = queueIndex(event.queue) { inQueue(queue, Quarter.number(of: event.atMs)) { $0.rejoined += 1 } }
    case .answered: answer(event)
    case .abandoned: abandon(event)
    case .overflowed: end(event) { $0.overflowed += 1 }
    case .callbackRequested, .callbackMerged:
      end(event) { $0.callbacksTaken += 1 }
      promise(event)
    case .moved: move(event)
    case .announced: tell(event)
    case .started: lose()
    default: break
    }
  }

  private mutating func enter(_ event: QueueEventFact) {
    guard let queue = queueIndex(event.queue) else { return }
    if contacts[event.item] != nil { drop(event.item) }
    if contacts.count >= Limits.open, let oldest = contacts.keys.min() {
      counters.openLimitHit += 1
      drop(oldest)
    }
    let interval = Quarter.number(of: event.atMs)
    contacts[event.item] = Contact(queue: queue, enteredMs: event.atMs &- event.boundedMs, interval: interval)
    inQueue(queue, interval) { $0.entered += 1 }
  }

  /// A broken line goes on as the item that it was. Who takes the place of an own callback is known by its number from
  /// now on; `detail` has the one that the caller came under.
  private mutating func rejoin(_ event: QueueEventFact) {
    if let came = event.detail.decimalValue, let contact = contacts.removeValue(forKey: UInt64(came)) {
      drop(event.item)
      contacts[event.item] = contact
    } else if contacts[event.item] == nil {
      enter(event)
    }
  }

  /// Counts the end where the contact was counted in.
  @discardableResult
  private mutating func end(_ event: QueueEventFact, _ count: (inout QueueNumbers) -> Void) -> Contact? {
    if let contact = contacts.removeValue(forKey: event.item) {
      inQueue(contact.queue, contact.interval, count)
      return contact
    }
    guard let queue = queueIndex(event.queue) else { return nil }
    counters.unknownContacts += 1
    inQueue(queue, Quarter.number(of: event.atMs &- event.boundedMs)) {
      $0.entered += 1
      count(&$0)
    }
    return nil
  }

  private mutating func answer(_ event: QueueEventFact) {
    let wait = event.boundedMs
    let isInTime = wait <= Thresholds(event.detail).serviceLevelMs
    let contact = end(event) {
      $0.answered += 1
      $0.answeredWaitMs += wait
      if isInTime { $0.answeredInTime += 1 }
    }
    if let agent = agentIndex(event.agent) { ofAgent(agent, Quarter.number(of: event.atMs)) { $0.answered += 1 } }
    guard let contact, let told = contact.toldMs else { return }
    let error = max(0, event.atMs &- contact.toldAtMs) &- told
    inQueue(contact.queue, contact.interval) {
      $0.estimateErrors.add(error)
      if error <= 0 { $0.estimatesKept += 1 }
    }
  }

  private mutating func abandon(_ event: QueueEventFact) {
    let wait = event.boundedMs
    let thresholds = Thresholds(event.detail)
    end(event) {
      if wait < thresholds.shortAbandonMs {
        $0.abandonedShort += 1
      } else {
        $0.abandoned += 1
        if wait <= thresholds.serviceLevelMs { $0.abandonedInTime += 1 }
      }
    }
  }

  /// Out of one queue and into another, its age kept. A callback's promise moves along without a count.
  private mutating func move(_ event: QueueEventFact) {
    guard let queue = queueIndex(event.detail) else { return }
    if contacts[event.item] == nil, promises[event.item] != nil {
      promises[event.item]?.queue = queue
      return
    }
    guard var contact = contacts[event.item] else { return }
    inQueue(contact.queue, contact.interval) { $0.movedOut += 1 }
    contact.queue = queue
    contact.interval = Quarter.number(of: event.atMs)
    contact.toldMs = nil
    contacts[event.item] = contact
    inQueue(queue, contact.interval) { $0.entered += 1 }
  }

  private mutating func tell(_ event: QueueEventFact) {
    guard let contact = contacts[event.item] else { return }
    inQueue(contact.queue, Quarter.number(of: event.atMs)) { $0.announced += 1 }
    guard contact.toldMs == nil else { return }
    contacts[event.item]?.toldMs = event.boundedMs
    contacts[event.item]?.toldAtMs = event.atMs
  }

  /// The box began anew: of those who waited nothing will be heard. Promises outlive it.
  private mutating func lose() {
    for item in contacts.keys.sorted() { drop(item) }
  }

  private mutating func drop(_ item: UInt64) {
    guard let contact = contacts.removeValue(forKey: item) else { return }
    inQueue(contact.queue, contact.interval) { $0.lost += 1 }
  }

  private mutating func promise(_ event: QueueEventFact) {
    guard let queue = queueIndex(event.queue) else { return }
    let isMerged = event.kind == .callbackMerged
    inQueue(queue, Quarter.number(of: event.atMs)) {
      if isMerged { $0.callbacksMerged += 1 } else { $0.callbacksRequested += 1 }
    }
    guard !isMerged else { return }
    if promises.count >= Limits.open, let oldest = promises.keys.min() {
      counters.openLimitHit += 1
      promises[oldest] = nil
    }
    promises[event.item] = Promise(
      queue: queue, enteredMs: event.atMs &- event.boundedMs, requestedMs: event.atMs)
  }
}

/// T and S of the queue at that instant, in whole seconds as `T S`. They travel with each answer and abandonment, so that
/// a change of the configuration rewrites nothing that has been, and the log alone is enough to count again.
struct Thresholds: Hashable {
  var serviceLevelMs: Int64 = 20_000
  var shortAbandonMs: Int64 = 5_000

  /// Of what is not understood, the usual ones.
  init(_ detail: ByteString) {
    let words = detail.bytes.split(separator: UInt8(ascii: " "))
    guard words.count == 2, let level = Int(decimalDigits: words[0]), let short = Int(decimalDigits: words[1]) else {
      return
    }
    serviceLevelMs = Int64(min(level, 86_400)) * 1_000
    shortAbandonMs = Int64(min(short, 86_400)) * 1_000
  }

  static func detail(serviceLevelSeconds: Int, shortAbandonSeconds: Int) -> ByteString {
    ByteString(max(0, serviceLevelSeconds)) + " " + ByteString(max(0, shortAbandonSeconds))
  }
}
