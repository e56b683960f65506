// Words of a configuration that speak of room: from text and back.

import Basics

extension Value {
  /// Greatest first, in bytes.
  private static let sizeUnits: [(name: StaticString, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20)]

  /// `32MiB` in bytes.
  static func size(_ word: ByteString) -> Int? {
    let digits = word.bytes.prefix { $0.isASCIIDigit }
    let unit = ByteString(word.bytes.dropFirst(digits.count))
    // Nine digits of the greatest unit stay below Int.max.
    guard digits.count <= 9, let number = Int(decimalDigits: digits),
      let bytes = sizeUnits.first(where: { ByteString($0.name) == unit })?.bytes
    else { return nil }
    return number * bytes
  }

  /// In the greatest unit of which it is a whole number; what is less than the least unit is dropped.
  public static func sizeText(_ bytes: Int) -> ByteString {
    for unit in sizeUnits where bytes > 0 && bytes % unit.bytes == 0 {
      return ByteString(bytes / unit.bytes) + ByteString(unit.name)
    }
    return ByteString(bytes >> 20) + "MiB"
  }
}
