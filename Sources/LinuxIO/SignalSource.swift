// Unix signals as events of a poller (signalfd(2)), so that no code ever runs inside a signal handler.

import Basics
import CLinux

public enum ProcessSignal: Sendable {
  /// End, letting calls finish.
  case terminate
  /// Ctrl-C: end now.
  case interrupt
  /// Read the configuration again.
  case hangUp
  /// Write the counters to the log.
  case user1
}

public final class SignalSource {
  public let descriptor: Int32

  /// To be created before any thread is started: threads inherit the blocked signals. SIGPIPE is ignored from now on.
  public init() throws(SystemError) {
    linux_ignore_signal(SIGPIPE)
    descriptor = linux_signal_source([SIGTERM, SIGINT, SIGHUP, SIGUSR1], 4)
    guard descriptor >= 0 else { throw SystemError("signalfd") }
  }
  deinit { close(descriptor) }

  /// The next signal that has arrived, or nil.
  public func next() -> ProcessSignal? {
    var information = signalfd_siginfo()
    guard read(descriptor, &information, MemoryLayout<signalfd_siginfo>.size) > 0 else { return nil }
    return switch Int32(information.ssi_signo) {
    case SIGTERM: .terminate
    case SIGINT: .interrupt
    case SIGHUP: .hangUp
    default: .user1
    }
  }
}
