// What the storage thread answers.

import Journal

public enum JournalResult: Hashable, Sendable {
  /// Every batch up to this one is on the disk, except those refused before.
  case durable(upTo: Ticket)
  /// This batch and every later one that was submitted before this answer was polled: those of them that are promises
  /// are not on the disk and never will be. (Batches for which nobody waits are tried again.)
  case failed(from: Ticket, PersistFailure)
  /// A part of the flight recorder's recording could not be written; what follows is not written either.
  case recordLost

  /// As a plain value for the ring: the ticket's number, and the reason + 1 of a failure or 0.
  struct Plain: BitwiseCopyable {
    var number: UInt64
    var failure: UInt8

    static var recordLost: Plain { Plain(number: 0, failure: .max) }
  }

  var plain: Plain {
    switch self {
    case .durable(let ticket): Plain(number: ticket.number, failure: 0)
    case .recordLost: .recordLost
    case .failed(let ticket, let reason): Plain(number: ticket.number, failure: reason.rawValue + 1)
    }
  }

  init(_ plain: Plain) {
    if plain.failure == 0 {
      self = .durable(upTo: Ticket(plain.number))
    } else if plain.failure == Plain.recordLost.failure {
      self = .recordLost
    } else {
      self = .failed(from: Ticket(plain.number), PersistFailure(rawValue: plain.failure - 1) ?? .ioError)
    }
  }
}
