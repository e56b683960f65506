// A queue's own state: who waits in it, in which order, and which agents are ready for it.

import Basics

/// The place of a work item. It never changes while the item waits: less is served first.
struct ItemKey: Hashable, Comparable {
  let priority: UInt8
  let sequence: UInt64
  /// An exact tie goes to the live caller.
  let isCallback: Bool
  /// The call's reference or the callback's id.
  let number: UInt64

  static func < (a: ItemKey, b: ItemKey) -> Bool {
    if a.priority != b.priority { return a.priority < b.priority }
    if a.sequence != b.sequence { return a.sequence < b.sequence }
    if a.isCallback != b.isCallback { return b.isCallback }
    return a.number < b.number
  }
}

/// Ready agents by how long they have been idle: ranks are handed out in the order in which agents became so.
struct ReadyKey: Hashable, Comparable {
  let rank: UInt64
  let agent: AgentID
  static func < (a: ReadyKey, b: ReadyKey) -> Bool { a.rank != b.rank ? a.rank < b.rank : a.agent < b.agent }
}

struct Queue {
  var settings: ACD.QueueSettings
  /// False once it is gone from the configuration: no more entries, what waits is served.
  var isConfigured: Bool
  var agents: [AgentID] = []
  var loggedIn = 0
  var ready = OrderedKeys<ReadyKey>()
  /// Everything that counts in a position: live callers and callbacks that are due, offered or not.
  var present = OrderedKeys<ItemKey>()
  /// The live callers among them that nobody is offered.
  var waitingCalls = OrderedKeys<ItemKey>()
  /// The callbacks among them that nobody is offered.
  var dueCallbacks = OrderedKeys<ItemKey>()
  var callsPresent = 0
  var callbacksOpen = 0
  var liveOffers = 0
  /// One open callback per number.
  var callbackByNumber: [ByteString: UInt64] = [:]
  /// Something was added to it since agents and items were last matched.
  var isDirty = false
  var counts = ACD.QueueCounts()

  init(settings: ACD.QueueSettings, isConfigured: Bool) {
    self.settings = settings
    self.isConfigured = isConfigured
  }

  var isEmpty: Bool { callsPresent == 0 && callbacksOpen == 0 && liveOffers == 0 }

  /// The item to be served next.
  func next(callbacksMayGo: Bool) -> ItemKey? {
    guard callbacksMayGo, settings.callback != nil, let callback = dueCallbacks.first else {
      return waitingCalls.first
    }
    guard let call = waitingCalls.first else { return callback }
    return min(call, callback)
  }
}
