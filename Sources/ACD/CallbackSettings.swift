// What the configuration says about a queue's callbacks. Times in whole seconds.

import Basics
import NumberPlan

extension ACD {
  public enum CallbackMode: UInt8, Hashable, Sendable, CaseIterable {
    /// One agent is reserved and hears what is coming; then the customer is dialled.
    case agentFirst
    /// The customer is dialled while an agent is idle, presses 1, and is connected.
    case customerFirst
  }

  /// What becomes of open callbacks when the queue closes.
  public enum ClosingPolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// They wait for the next opening, in their order.
    case carryOver
    /// They are worked off for `drainMinutes` after closing; what is left then is carried over.
    case drain
    /// They are cancelled, and the log says so.
    case cancel
  }

  public struct CallbackSettings: Hashable, Sendable {
    public var mode: CallbackMode
    /// All other classes are refused, at request and again before dialling.
    public var allowedClasses: NumberClasses
    /// The estimated wait from which on it is offered without being asked for; the key works at any time.
    public var offerFromSeconds: Int
    /// The caller may give another number than the one that calls.
    public var allowsOtherNumber: Bool
    /// The caller's name is recorded and played to the agent.
    public var recordsName: Bool
    /// From the caller's hang-up to the first offer.
    public var minimumDelaySeconds: Int
    /// How long the customer's phone may ring.
    public var ringSeconds: Int
    /// How often each cause (busy; no answer) may occur before the callback has failed.
    public var attempts: Int
    public var busyRetrySeconds: Int
    public var noAnswerRetrySeconds: Int
    public var expirySeconds: Int
    /// Callbacks of this queue that may wait at once.
    public var maximumPending: Int
    /// A conversation at least this long fulfils the promise.
    public var doneAfterSeconds: Int
    /// For `customerFirst`: how long the customer may take to press 1.
    public var confirmSeconds: Int
    public var closing: ClosingPolicy
    public var drainMinutes: Int
    /// No offer when the callback could come later than closing less this.
    public var closingMarginSeconds: Int
    /// Scheduled callbacks that may be due within one slot of `slotMinutes`.
    public var perSlot: Int
    public var slotMinutes: Int

    public init(
      mode: CallbackMode = .agentFirst, allowedClasses: NumberClasses = .callbackDefault, offerFromSeconds: Int = 180,
      allowsOtherNumber: Bool = true, recordsName: Bool = false, minimumDelaySeconds: Int = 10, ringSeconds: Int = 25,
      attempts: Int = 3, busyRetrySeconds: Int = 300, noAnswerRetrySeconds: Int = 900, expirySeconds: Int = 14_400,
      maximumPending: Int = 50, doneAfterSeconds: Int = 5, confirmSeconds: Int = 10,
      closing: ClosingPolicy = .carryOver, drainMinutes: Int = 0, closingMarginSeconds: Int = 300, perSlot: Int = 4,
      slotMinutes: Int = 15
    ) {
      self.mode = mode
      self.allowedClasses = allowedClasses
      self.offerFromSeconds = offerFromSeconds
      self.allowsOtherNumber = allowsOtherNumber
      self.recordsName = recordsName
      self.minimumDelaySeconds = minimumDelaySeconds
      self.ringSeconds = ringSeconds
      self.attempts = attempts
      self.busyRetrySeconds = busyRetrySeconds
      self.noAnswerRetrySeconds = noAnswerRetrySeconds
      self.expirySeconds = expirySeconds
      self.maximumPending = maximumPending
      self.doneAfterSeconds = doneAfterSeconds
      self.confirmSeconds = confirmSeconds
      self.closing = closing
      self.drainMinutes = drainMinutes
      self.closingMarginSeconds = closingMarginSeconds
      self.perSlot = perSlot
      self.slotMinutes = slotMinutes
    }
  }
}
