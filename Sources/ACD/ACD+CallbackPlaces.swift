// Where open callbacks stand: among those who wait, with an agent whose phone rings, or nowhere; and the tables by which
// they are found.

import Basics
import Journal
import NumberPlan

extension ACD {
  mutating func add(_ callback: Callback) {
    let id = callback.fact.id
    callbacks[id] = callback
    queues[callback.queue].callbacksOpen += 1
    // Where two were restored for one number, requests join the older.
    if queues[callback.queue].callbackByNumber[callback.fact.number] == nil {
      queues[callback.queue].callbackByNumber[callback.fact.number] = id
    }
    callbacksByNumber[callback.fact.number, default: []].append(id)
    let caller = callerKey(callback.fact.rawNumber)
    callbacks[id]?.caller = caller
    if !caller.isEmpty { callbacksByCaller[caller, default: []].append(id) }
    if let expiry = callback.expiresAt { timers.set(.expiry(id), to: expiry) }
  }

  /// Removes every trace without a word.
  mutating func discard(_ id: UInt64) {
    takeCallbackFromQueue(id)
    guard let callback = callbacks.removeValue(forKey: id) else { return }
    leaveTable(of: callback)
    Self.forget(id, under: callback.fact.number, in: &callbacksByNumber)
    Self.forget(id, under: callback.caller, in: &callbacksByCaller)
    if let call = callback.departing { departing[call] = nil }
    timers.cancel(.due(id))
    timers.cancel(.expiry(id))
    timers.cancel(.lease(id))
  }

  mutating func leaveTable(of callback: Callback) {
    queues[callback.queue].callbacksOpen -= 1
    noteDrained(callback.queue)
    if queues[callback.queue].callbackByNumber[callback.fact.number] == callback.fact.id {
      queues[callback.queue].callbackByNumber[callback.fact.number] = nil
    }
  }

  private static func forget(_ id: UInt64, under key: ByteString, in table: inout [ByteString: [UInt64]]) {
    table[key]?.removeAll { $0 == id }
    if table[key]?.isEmpty == true { table[key] = nil }
  }

  /// Who asks, for the limit per caller; empty where nothing is known.
  func callerKey(_ raw: ByteString) -> ByteString { plan.normalise(raw)?.digits ?? raw }

  // MARK: Among those who wait

  /// From now on it counts in positions and may be dialled.
  mutating func becomeDue(_ id: UInt64, at now: Instant) {
    if callbacks[id]?.fact.isScheduled == true { takePlace(ofScheduled: id, at: now) }
    callbacks[id]?.stage = .due
    timers.cancel(.due(id))
    if let call = callbacks[id]?.departing {
      departing[call] = nil
      callbacks[id]?.departing = nil
    }
    place(.callback(id), at: now)
  }

  /// A scheduled one enters when its time has come, behind those who wait already.
  private mutating func takePlace(ofScheduled id: UInt64, at now: Instant) {
    guard let callback = callbacks[id] else { return }
    lastSequence += 1
    callbacks[id]?.fact.sequence = lastSequence
    let sequence = lastSequence
    change(.callback(id)) { ($0.sequence, $0.since) = (sequence, now) }
    callbacks[id]?.fact.enqueuedAt = clock.time(at: now)
    callbacks[id]?.fact.isScheduled = false
    if let fact = callbacks[id]?.fact { persistLasting(fact) }
    let place = "due as " + ByteString(Int(lastSequence))
    record(.callbackRescheduled, queue: callback.queue, item: callback.fact.sequence, detail: place, at: now)
  }

  /// It no longer counts among those who wait.
  mutating func takeCallbackFromQueue(_ id: UInt64) {
    displace(.callback(id))
  }

  // MARK: Offers

  /// Nobody took it: back to its old place.
  mutating func giveBackCallback(_ id: UInt64, at now: Instant) {
    if let attempt = waitingCustomer(id) { return giveBackCustomer(attempt, at: now) }
    releaseChannel()
    guard callbacks[id]?.stage == .offered else { return }
    callbacks[id]?.stage = .resting
    settle(id, at: now)
  }

  /// A phone that rings for it stops. What becomes of it is for the caller of this function to say (`settle`).
  mutating func recall(_ id: UInt64, at now: Instant) {
    guard callbacks[id]?.stage == .offered else { return }
    withdrawAll(of: .callback(id), at: now)
    callbacks[id]?.stage = .resting
  }
}
