// The two clocks. Only the shell reads them; the core gets their values with its inputs.

import Basics
import CLinux

public enum MonotonicClock {
  /// Time since boot without the time spent suspended. No system call: the vDSO answers.
  public static var now: Instant { Instant(nanoseconds: linux_monotonic_clock()) }

  /// For a command that asks again; never for a thread that serves somebody.
  public static func pause(milliseconds: Int) { _ = linux_wait_readable(-1, Int32(clamping: milliseconds)) }
}

public enum WallClock {
  public static var now: WallTime { WallTime(microseconds: linux_wall_clock() / 1_000) }

  /// Whether the wall clock may decide when a customer is called: it is kept by NTP, or, where a battery-backed clock
  /// is trusted instead (`plausibleIsEnough`), it does not stand before 2024, as a clock without a battery does.
  public static func isTrusted(plausibleIsEnough: Bool) -> Bool {
    linux_clock_is_synchronised() || (plausibleIsEnough && now.seconds >= startOf2024)
  }
  private static let startOf2024: Int64 = 1_704_067_200
}
