// What an event of the signalling thread's poller is about.

import LinuxIO

enum PollSubject: PollToken, Equatable {
  case signals
  case media
  case storage
  case interfaces
  case control
  /// The line that tells of a failing power.
  case power
  /// The process of the supervisor's page.
  case web
  /// Threads that capture.
  case captures
  /// By its number in the configuration.
  case listener(UInt16)
  case connection(UInt32)

  init(packed: UInt64) {
    switch packed >> 32 {
    case 0: self = .signals
    case 1: self = .media
    case 2: self = .storage
    case 3: self = .interfaces
    case 4: self = .control
    case 5: self = .listener(UInt16(truncatingIfNeeded: packed))
    case 7: self = .power
    case 8: self = .web
    case 9: self = .captures
    default: self = .connection(UInt32(truncatingIfNeeded: packed))
    }
  }
  var packed: UInt64 {
    switch self {
    case .signals: 0
    case .media: 1 << 32
    case .storage: 2 << 32
    case .interfaces: 3 << 32
    case .control: 4 << 32
    case .power: 7 << 32
    case .web: 8 << 32
    case .captures: 9 << 32
    case .listener(let number): 5 << 32 | UInt64(number)
    case .connection(let number): 6 << 32 | UInt64(number)
    }
  }
}
