// The words between the scripts and whoever starts them.

import Basics
import MediaEngine

extension VoiceService {
  /// Where a caller stands. A position that cannot be spoken is not told.
  public struct Place: Hashable, Sendable {
    public var position: Int
    /// The band to be told; nil: nothing is known of the wait.
    public var waitMinutes: Int?

    public init(position: Int, waitMinutes: Int? = nil) {
      self.position = position
      self.waitMinutes = waitMinutes
    }
  }

  /// What a waiting caller may ask for.
  public struct CallbackTerms: Hashable, Sendable {
    /// That of the caller; where it is none that can be called, another one is asked for at once.
    public var number: ByteString
    public var allowsOtherNumber: Bool
    /// The file that the caller's recorded name is written to, unique to the call; empty: no name is asked for.
    public var nameFile: ByteString
    /// A time of the caller's choice.
    public var offersSchedule: Bool

    public init(
      number: ByteString, allowsOtherNumber: Bool = false, nameFile: ByteString = "", offersSchedule: Bool = false
    ) {
      self.number = number
      self.allowsOtherNumber = allowsOtherNumber
      self.nameFile = nameFile
      self.offersSchedule = offersSchedule
    }

    /// Digits, with or without a plus before them, and no short code.
    var hasNumber: Bool {
      let digits = number.hasPrefix("+") ? number.dropFirst(1) : number
      return digits.count >= Limits.digits.lowerBound && digits.bytes.allSatisfy { $0.isASCIIDigit }
    }
  }

  /// What a caller has asked for.
  public struct CallbackWish: Hashable, Sendable {
    /// As keyed in; empty: the caller's own.
    public var number: ByteString
    /// From now; nil: in the caller's place.
    public var inHours: Int?
    /// The file with the recorded name; empty without one.
    public var nameFile: ByteString

    public init(number: ByteString = "", inHours: Int? = nil, nameFile: ByteString = "") {
      self.number = number
      self.inHours = inHours
      self.nameFile = nameFile
    }
  }

  public enum PendingAnswer: Hashable, Sendable { case resume, keep, cancel }

  /// Why a caller is not promised a callback, as far as it makes a difference to what is said.
  public enum CallbackObstacle: Hashable, Sendable, CaseIterable {
    /// Not to that number: another one may do.
    case number
    /// Not at that time: another one may do.
    case time
    case closing
    case notNow
    case storage

    var prompt: Prompt {
      switch self {
      case .number: .callbackRefused
      case .time: .callbackSlotTaken
      case .closing: .callbackClosing
      case .notNow: .callbackNotPossible
      case .storage: .callbackStorageFailed
      }
    }
  }
}
