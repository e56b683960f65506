// The numbers of the contact centre as a fold over queue events in their order: per queue, per agent and per quarter of
// an hour of wall time. It reads no clock and knows no settings, so that the events in storage give the same to the unit.
//
// A contact belongs to the interval in which it came: O = A + B + F + waiting holds in every interval and at every
// instant. All else belongs to the interval in which it happened.

import Basics
import Journal

///     var reports = Reports()
///     for event in events { reports.add(event) }
///     reports.queues.first?.total.value(.serviceLevelOffered)
public struct Reports: Hashable, Sendable {
  public enum Limits {
    /// Two days of quarters.
    public static let intervals = 192
    /// So far does one state of an agent reach back, where so many intervals are kept: a month of quarters.
    static let quartersOfState = 2_976
    /// Rows of all intervals together, a row being one queue's or one agent's; the oldest intervals go first.
    public static let rows = 16_384
    public static let queues = 512
    public static let agents = 2_048
    /// Contacts that wait, and open callbacks. Beyond, the oldest contact counts as lost, the oldest callback as unknown.
    public static let open = 4_096
    /// No wait and no state is longer than a year: a damaged row cannot drown the sums.
    static let millisecondsMax: Int64 = 365 * 86_400_000
  }

  public struct Counters: Hashable, Sendable {
    public var events = 0
    /// Counted in the totals only: their interval is older than those that are kept.
    public var tooOld = 0
    public var intervalsDropped = 0
    /// Left out: a queue or an agent too many.
    public var nameLimitHit = 0
    public var openLimitHit = 0
    /// Ends of contacts that never came: the log begins in the middle of their wait.
    public var unknownContacts = 0
  }

  public struct Named<Numbers: Hashable & Sendable>: Hashable, Sendable {
    public let name: ByteString
    public internal(set) var total: Numbers
  }

  /// A contact that waits.
  struct Contact: Hashable, Sendable {
    var queue: Int
    let enteredMs: Int64
    /// In which it came to its queue.
    var interval: Int64
    /// The first wait that it was told, and when.
    var toldMs: Int64?
    var toldAtMs: Int64 = 0
  }

  /// A promise that is open.
  struct Promise: Hashable, Sendable {
    var queue: Int
    let enteredMs: Int64
    let requestedMs: Int64
    var dials = 0
  }

  /// In the order in which they were first heard of.
  public internal(set) var queues: [Named<QueueNumbers>] = []
  public internal(set) var agents: [Named<AgentNumbers>] = []
  /// Oldest first.
  public internal(set) var intervals: [Quarter] = []
  public internal(set) var counters = Counters()
  var queueByName: [ByteString: Int] = [:]
  var agentByName: [ByteString: Int] = [:]
  var contacts: [UInt64: Contact] = [:]
  var promises: [UInt64: Promise] = [:]
  var rowCount = 0
  /// As many are kept.
  var intervalLimit = Limits.intervals

  public init() {}

  public mutating func add(_ event: QueueEventFact) {
    counters.events += 1
    switch event.kind {
    case .entered, .rejoined, .answered, .abandoned, .overflowed, .callbackRequested, .callbackMerged, .moved,
      .announced, .started:
      addToContacts(event)
    case .callbackOffered, .callbackDialled, .callbackConnected, .callbackAttemptFailed, .callbackDone,
      .callbackFailed, .callbackExpired, .callbackCancelled, .callbackRescheduled, .apologised:
      addToCallbacks(event)
    case .offered, .offerRefused, .offerUnanswered, .offerWithdrawn, .overtaken, .completed, .wrapUpEnded, .held,
      .transferred, .surveyed, .agentStateLeft, .entryRefused, .agentLoggedIn, .agentLoggedOut, .disposition:
      addToWork(event)
    }
  }

  /// The longest wait of a queue at this instant, of live contacts and of callbacks, in milliseconds.
  public func longestWaiting(in queue: ByteString, at time: WallTime) -> (live: Int64, callback: Int64) {
    guard let index = queueByName[queue] else { return (0, 0) }
    let now = time.microseconds / 1_000
    var longest: (live: Int64, callback: Int64) = (0, 0)
    for contact in contacts.values where contact.queue == index {
      longest.live = max(longest.live, now &- contact.enteredMs)
    }
    for promise in promises.values where promise.queue == index {
      longest.callback = max(longest.callback, now &- promise.enteredMs)
    }
    return longest
  }

  // MARK: Names

  mutating func queueIndex(_ name: ByteString) -> Int? {
    Self.index(of: name, in: &queues, &queueByName, limit: Limits.queues, new: QueueNumbers(), &counters)
  }

  mutating func agentIndex(_ name: ByteString) -> Int? {
    Self.index(of: name, in: &agents, &agentByName, limit: Limits.agents, new: AgentNumbers(), &counters)
  }

  /// Where the numbers of this name stand, from now on if they did not yet.
  private static func index<Numbers>(
    of name: ByteString, in all: inout [Named<Numbers>], _ byName: inout [ByteString: Int], limit: Int,
    new numbers: @autoclosure () -> Numbers, _ counters: inout Counters
  ) -> Int? {
    if let index = byName[name] { return index }
    guard !name.isEmpty else { return nil }
    guard all.count < limit else {
      counters.nameLimitHit += 1
      return nil
    }
    byName[name] = all.count
    all.append(Named(name: name, total: numbers()))
    return all.count - 1
  }
}

extension QueueEventFact {
  var atMs: Int64 { at.microseconds / 1_000 }
  /// Within what can be.
  var boundedMs: Int64 { max(0, min(milliseconds, Reports.Limits.millisecondsMax)) }
}
