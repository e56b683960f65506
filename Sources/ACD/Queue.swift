// A queue's own state: who waits in it, in which order, and what it has counted.

import Basics

struct Queue {
  var settings: ACD.QueueSettings
  /// False once it is gone from the configuration: no more entries, what waits is served.
  var isConfigured: Bool
  var agents: [AgentID] = []
  /// For each of `agents`, what the list of members says.
  var members: [ACD.Member] = []
  /// Queues that share agents with it, and how many of theirs it has.
  var neighbours: [(queue: QueueID, shared: Int)] = []
  /// The requirement classes of its items.
  var classes: [ClassID] = []
  var loggedIn = 0
  /// Logged in, not on a break, reachable.
  var working = 0
  /// Everything that counts in a position: live items and callbacks that are due, offered or not.
  var present = OrderedKeys<ItemKey>()
  var callsPresent = 0
  var callbacksOpen = 0
  var liveOffers = 0
  /// One open callback per number.
  var callbackByNumber: [ByteString: UInt64] = [:]
  /// The place in the list of the agent who got the latest item (`Strategy.roundRobin`).
  var lastServed: Int64 = -1
  /// Offers so far in shares: the queue with the least goes first where weights are set.
  var pass: UInt64 = 0
  var hours = Hours()
  var counts = ACD.QueueCounts()

  init(settings: ACD.QueueSettings, isConfigured: Bool) {
    self.settings = settings
    self.isConfigured = isConfigured
  }

  var isEmpty: Bool { callsPresent == 0 && callbacksOpen == 0 && liveOffers == 0 }

  func holds(_ policy: ACD.EmptyPolicy) -> Bool {
    switch policy {
    case .always: true
    case .loggedIn: loggedIn > 0
    case .working: working > 0
    }
  }
}
