// What the page's process keeps of its rights: nothing but to carry on what is open.

import Basics
import CWeb

public enum Confinement {
  /// Who goes on in place of root: the system's user for those who own nothing.
  static let nobody: UInt32 = 65_534

  /// Gives up all else, for good.
  /// - Returns: in words what holds now, as it was tried, and what does not.
  public static func begin() -> (holds: ByteString, lacks: ByteString?) {
    let now = web_confine(nobody)
    let all: [(has: Bool, name: StaticString)] = [
      (now.has_privileges, "no-new-privs"), (now.has_files, "landlock"), (now.has_calls, "seccomp"),
      (now.user == 0, "not root"),
    ]
    func names(_ isLacking: Bool) -> ByteString {
      all.filter { $0.has == isLacking }.map { ByteString($0.name) }.reduce("") { $0.isEmpty ? $1 : $0 + ", " + $1 }
    }
    let lacks = names(true)
    return (names(false), lacks.isEmpty ? nil : lacks)
  }
}
