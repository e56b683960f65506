// Every number that bounds storage: on the flash, in memory and in time.

import Basics

public enum StorageLimits {
  /// Rows of history kept. The oldest go when there are more.
  public static let queueEvents = 50_000
  public static let calls = 20_000
  public static let acts = 20_000
  /// Of them, how many a start reads again.
  public static let restoredActs = 256
  /// Rows of quarters of an hour, each one queue's or one agent's: with 5 queues and 20 agents at work 40 hours a week,
  /// two years. The oldest quarters go when there are more.
  public static let quarterRows = 500_000
  /// Of them, how many are read at once, and how many one answer holds (whole quarters, the oldest left out).
  static let quarterRowsPerTurn = 2_048
  public static let quarterRowsPerAnswer = 1_000
  /// Events that may be in the log and not yet in the quarters, as long as the disk can be written.
  public static let uncountedEvents = 1_024
  /// Pages of a copy that are made between two commits: 256 KiB, so that no promise waits long.
  static let copiedPagesPerTurn: Int32 = 64
  /// Questions for numbers that may wait. Above, one is refused.
  public static let waitingQuestions = 8

  /// Finished callbacks kept for reports, counted in callback numbers. Unfinished ones are never removed.
  public static let finishedCallbacks = 2_000
  /// Contacts kept across a restart; those that expire last stay.
  public static let bindings = 4_096
  /// Rows of history written between two trims: so many may stand above the limits.
  public static let rowsBetweenTrims = 256

  /// Files of the flight recorder, and the highest number of one.
  public static let flightFiles = 32
  /// Into so many files the room of the recordings is divided, more or less.
  public static let flightSegments = 8
  static let flightFileNumber = 1_000_000_000
  /// Bytes of the recording that may wait for the storage thread. Above, the recording ends.
  /// The largest checkpoint of the distributor fits beside what is recorded in a second or two.
  static let waitingRecordBytes = 6 << 20

  /// Rows of the event log that are read at once.
  public static let eventsPerPage = 512

  /// Pages of 4096 bytes that SQLite keeps in memory.
  static let cachePages = 64
  /// Above this many bytes SQLite reuses its memory before it asks for more.
  static let softHeapBytes: Int64 = 1 << 20
  /// Pages in the write-ahead log that call for a checkpoint: 1 MiB of flash written before it is written again.
  public static let logPages = 256

  /// Damaged databases kept beside the living one; the oldest go.
  public static let damagedDatabases = 3

  /// Batches and facts that may wait for the storage thread. Above either, a batch is refused.
  public static let waitingBatches = 256
  public static let waitingFacts = 2_048
  /// Facts of failed group commits kept for another try. Above, the oldest are dropped and counted.
  public static let retainedFacts = 2_048
  /// Works on files that may wait for the storage thread. Above, they are not done, and counted.
  public static let waitingTasks = 64
  /// How long a batch for which nobody waits may wait for others.
  public static let grouping = Interval.seconds(1)
  /// Between two tries after a failure.
  static let retryAfter = Interval.milliseconds(250)
  /// How long a refusal is held back while a power cut could still bring the refused batch back.
  static let settlingPatience = Interval.seconds(2)
  /// Results on their way to the signalling thread.
  static let results = 64
  static let threadStackBytes = 256 << 10
}
