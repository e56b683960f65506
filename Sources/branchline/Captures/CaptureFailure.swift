// Why something about a capture was not done: a word that the console has in both languages, and what there is to add.

import Basics
import Capture
import LinuxIO

struct CaptureFailure: Error, Equatable, Sendable {
  enum Reason: Sendable {
    case nameTaken, tooMany, noRoom, unknown, running, cannotCapture, cannotWrite, busy

    var name: StaticString {
      switch self {
      case .nameTaken: "name taken"
      case .tooMany: "too many captures"
      case .noRoom: "no room"
      case .unknown: "unknown capture"
      case .running: "still running"
      case .cannotCapture: "cannot capture"
      case .cannotWrite: "cannot write"
      case .busy: "another is at work"
      }
    }
  }

  var reason: Reason
  var detail: ByteString?

  init(_ reason: Reason, _ detail: ByteString? = nil) {
    self.reason = reason
    self.detail = detail
  }

  init(_ error: CaptureError) {
    if case .disk = error { self.init(.cannotWrite, error.text) } else { self.init(.cannotCapture, error.text) }
  }
  init(_ error: SystemError) { self.init(.cannotWrite, error.text) }
}
