// The machine this runs on, by the kernel's word.

import Basics
import CLinux

public enum Machine {
  /// `6.1.0-18-arm64` and `aarch64`; empty where they are not known.
  public static var kernel: (release: ByteString, architecture: ByteString) {
    var release = [CChar](repeating: 0, count: 66)
    var machine = release
    guard linux_kernel(&release, &machine, UInt(release.count)) else { return ("", "") }
    return (ByteString(cString: release), ByteString(cString: machine))
  }

  /// Since the machine started.
  public static var upSeconds: Int { Int(linux_seconds_since_boot()) }
}
