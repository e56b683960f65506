// Small works on files that wait for the storage thread, in the order in which they were given. No lock in here.

struct WaitingTasks {
  /// Returns errno(3), 0 when it is done; less than 0 is an answer, not a failure.
  typealias Task = @Sendable () -> Int32

  struct Entry {
    /// nil: nobody waits for it.
    let ticket: UInt64?
    let task: Task
  }

  private(set) var tasks: [Entry] = []
  private var refused = 0

  var isEmpty: Bool { tasks.isEmpty }

  /// False: too many wait.
  mutating func append(_ task: @escaping Task, ticket: UInt64?) -> Bool {
    guard tasks.count < StorageLimits.waitingTasks else {
      refused += 1
      return false
    }
    tasks.append(Entry(ticket: ticket, task: task))
    return true
  }

  /// How many did not fit since this was asked last.
  mutating func takeRefused() -> Int {
    defer { refused = 0 }
    return refused
  }

  mutating func takeAll() -> [Entry] {
    let taken = tasks
    tasks = []
    return taken
  }
}
