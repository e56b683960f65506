// Unpredictable bytes from the kernel (getrandom(2)), for the core, which makes none itself.

import Basics
import CLinux

public enum Entropy {
  /// Up to 256 bytes, which the kernel gives whole. Blocks only before the kernel's pool is first filled, at boot.
  public static func bytes(_ count: Int) throws(SystemError) -> [UInt8] {
    precondition(count <= 256)
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let got = getrandom(&bytes, count, 0)
      if got == count { return bytes }
      let error = SystemError("getrandom")
      guard got < 0, error.code == EINTR else { throw error }
    }
  }
}
