// The bounds of the storage, for whoever asks: how much there may be, how much there is, what was hit.

import Basics

extension JournalWriter.Counters {
  public var limitUses: [LimitUse] {
    [
      LimitUse("batches-for-disk", most: StorageLimits.waitingBatches, used: waitingBatches, hits: overflowedBatches),
      LimitUse("facts-for-disk", most: StorageLimits.waitingFacts, hits: overflowedFacts),
      LimitUse("facts-kept-for-retry", most: StorageLimits.retainedFacts, hits: droppedFacts),
      LimitUse("file-works", most: StorageLimits.waitingTasks, hits: failedTasks),
      LimitUse("questions-for-numbers", most: StorageLimits.waitingQuestions),
      LimitUse("events-kept", most: StorageLimits.queueEvents, used: database.keptEvents),
      LimitUse("calls-kept", most: StorageLimits.calls),
      LimitUse("acts-kept", most: StorageLimits.acts),
      LimitUse("quarters-kept", most: StorageLimits.quarterRows),
      LimitUse("finished-callbacks-kept", most: StorageLimits.finishedCallbacks),
      LimitUse("registrations-kept", most: StorageLimits.bindings),
    ]
  }
}
