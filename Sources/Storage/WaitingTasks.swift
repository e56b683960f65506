// Small works on files that wait for the storage thread, in the order in which they were given. No lock in here.

struct WaitingTasks {
  /// Returns errno(3), 0 when it is done.
  typealias Task = @Sendable () -> Int32

  private(set) var tasks: [Task] = []
  private var refused = 0

  var isEmpty: Bool { tasks.isEmpty }

  mutating func append(_ task: @escaping Task) {
    guard tasks.count < StorageLimits.waitingTasks else { return refused += 1 }
    tasks.append(task)
  }

  /// How many did not fit since this was asked last.
  mutating func takeRefused() -> Int {
    defer { refused = 0 }
    return refused
  }

  mutating func takeAll() -> [Task] {
    let taken = tasks
    tasks = []
    return taken
  }
}
