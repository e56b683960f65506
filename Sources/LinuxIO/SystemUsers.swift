// Names of the system's users, out of /etc/passwd alone: the static program has no other directory of users.

import Basics

public enum SystemUsers {
  static let fileBytes = 1 << 20

  /// nil where the number has no name.
  public static func name(of number: Int) -> ByteString? {
    guard let file = try? FileReader.read("/etc/passwd", limit: fileBytes) else { return nil }
    return name(of: number, in: file)
  }

  static func name(of number: Int, in file: [UInt8]) -> ByteString? {
    for line in file.split(separator: 0x0A) {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard fields.count > 2, Int(decimalDigits: fields[2]) == number, !fields[0].isEmpty else { continue }
      return ByteString(fields[0])
    }
    return nil
  }
}
