// Acts of operators: each is answered once, stands in the audit log once, and does what it says or nothing. A place is
// lost by none. And what a new configuration must leave alone.

import ACD
import Basics
import Journal

extension QueueAuditor {
  struct ActBook {
    let act: ACD.Act
    let by: ByteString
    var written: ActFact?
    var isAnswered = false
    var refusal: ACD.ActRefusal?
    /// The waiting call that it is about.
    var call: CallReference?
  }

  mutating func isWritten(_ fact: ActFact) {
    guard let book = act else { return blame(.acts, "\(fact.act) \(fact.subject) is written and nobody did it") }
    if book.written != nil { blame(.acts, "\(fact.act) \(fact.subject) is written twice") }
    act?.written = fact
  }

  mutating func isAnswered(_ act: ACD.Act, _ who: ByteString, _ refusal: ACD.ActRefusal?) {
    guard let book = self.act, book.act == act, book.by == who, !book.isAnswered else {
      return blame(.acts, "\(act) of \(who) is answered, and was not asked or has been answered")
    }
    self.act?.isAnswered = true
    self.act?.refusal = refusal
    if refusal == nil { isDone(act) }
  }

  mutating func actIsHandled() {
    guard let book = act else { return }
    act = nil
    guard book.isAnswered else { return blame(.acts, "\(book.act) of \(book.by) is not answered") }
    guard let fact = book.written else { return blame(.acts, "\(book.act) of \(book.by) is not in the audit log") }
    if fact.by != book.by || fact.act != ByteString(book.act.word) || fact.subject != book.act.subject
      || fact.isDone != (book.refusal == nil)
    {
      blame(.acts, "\(book.act) of \(book.by) is answered by \(book.refusal.map { "\($0)" } ?? "yes"), written \(fact)")
    }
    if case .takeOut = book.act, book.refusal == nil, let call = book.call, calls[call]?.fate != .sentOn {
      blame(.acts, "\(call) was taken out and is still there")
    }
  }

  /// Before it is heard: of a caller and a callback with one number the caller is meant.
  mutating func willMean(_ item: UInt64) {
    let call = waitingCall(item)
    act?.call = call
  }

  private func waitingCall(_ item: UInt64) -> CallReference? {
    calls.values.first { $0.sequence == item && $0.isWaiting }?.call
  }

  private func openCallback(_ item: UInt64) -> UInt64? {
    callbacks.values.filter { $0.fact.sequence == item && !$0.fact.state.isFinal }.map(\.fact.id).min()
  }

  private mutating func isDone(_ done: ACD.Act) {
    switch done {
    case .prioritise(let item, let priority): isPrioritised(item, priority)
    case .move(let item, let queue):
      if let call = act?.call {
        if calls[call]?.queue != queue { blame(.acts, "\(call) was moved to \(queue) and is not there") }
      } else if let id = openCallback(item) {
        callbackIsMoved(id, queue)
      }
    case .moveCallback(let id, let queue): callbackIsMoved(id, queue)
    case .dialNow(let id):
      callbacks[id]?.isUrgent = true
      callbacks[id]?.dueFrom = now
      callbacks[id]?.changedAt = now
    case .reschedule(let id, _):
      callbacks[id]?.isUrgent = false
      callbacks[id]?.changedAt = now
    default: break
    }
  }

  private mutating func isPrioritised(_ item: UInt64, _ priority: UInt8) {
    if let call = act?.call {
      calls[call]?.priority = priority
      calls[call]?.changedAt = now
      // The callback that is being written for it keeps the priority that it had.
      if calls[call]?.hasAsked == true, let id = openCallback(item) { callbacks[id]?.isTouched = true }
    } else if let id = openCallback(item) {
      callbacks[id]?.priority = priority
      callbacks[id]?.changedAt = now
    }
  }

  private mutating func callbackIsMoved(_ id: UInt64, _ queue: ByteString) {
    if callbacks[id]?.fact.queue != queue { blame(.acts, "callback \(id) was moved to \(queue) and is not there") }
    let rules = rules(queue)
    callbacks[id]?.priority = rules.priority
    callbacks[id]?.changedAt = now
  }

  /// With its age, under the rules of the other queue.
  mutating func isMoved(_ call: CallReference, to queue: ByteString) {
    guard let book = calls[call], book.isWaiting else { return blame(.acts, "\(call) is moved, and does not wait") }
    guard case .move(book.sequence, queue) = act?.act else { return blame(.acts, "\(call) moves by itself") }
    calls[call]?.queue = queue
    calls[call]?.triedElsewhereAt = nil
    let rules = rules(queue)
    calls[call]?.priority = book.entry.priority ?? rules.priority
    if case .agent(let number) = book.preferred, !rules.agents.contains(number) {
      calls[call]?.preferred = .nobody
    }
    calls[call]?.changedAt = now
    leavesQueue(book.queue)
  }

  /// Agents log out by themselves, by a supervisor, or when they are agents no longer.
  mutating func isLoggedOut(_ number: ByteString) {
    guard agents[number]?.isConfigured != false else { return }
    if isConfiguring { return blame(.configuration, "\(number) is logged out by a configuration") }
    if case .logout(number) = act?.act { return }
    blame(.acts, "\(number) is logged out, and nobody did it")
  }
}
