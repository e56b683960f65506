// The header of one file in a tar archive, as POSIX.1-1988 has it (ustar): 512 bytes, numbers as octal digits. Plain files
// alone are written and read.

import Basics

public struct ArchiveHeader: Hashable, Sendable {
  public static let blockBytes = 512

  public var name: ByteString
  public var bytes: Int
  /// Of the file, in seconds since 1970.
  public var modifiedAt: Int64

  public init(name: ByteString, bytes: Int, modifiedAt: Int64 = 0) {
    self.name = name
    self.bytes = bytes
    self.modifiedAt = modifiedAt
  }

  /// How many zeros follow the content.
  public static func padding(after bytes: Int) -> Int { (blockBytes - bytes % blockBytes) % blockBytes }

  /// Two blocks of zeros.
  public static var end: [UInt8] { [UInt8](repeating: 0, count: 2 * blockBytes) }

  // MARK: As bytes

  /// nil: it does not fit.
  public var block: [UInt8]? {
    guard !name.isEmpty, name.count <= BackupLimits.nameBytes, bytes >= 0, bytes < 1 << 33 else { return nil }
    var block = [UInt8](repeating: 0, count: Self.blockBytes)
    func put(_ text: ByteString, at offset: Int) {
      for (index, byte) in text.bytes.enumerated() { block[offset + index] = byte }
    }
    put(name, at: 0)
    put("0000600", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(Self.octal(bytes, digits: 11), at: 124)
    put(Self.octal(Int(clamping: max(0, min(modifiedAt, 1 << 32))), digits: 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(Self.octal(Self.sum(block), digits: 6), at: 148)
    block[154] = 0
    return block
  }

  /// nil: no header, or of something else than a plain file.
  public init?(_ block: [UInt8]) {
    guard block.count == Self.blockBytes, block[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0]),
      block[156] == UInt8(ascii: "0"), let sum = Self.number(block[148..<156]), sum == Self.sum(block),
      let bytes = Self.number(block[124..<136]), let modifiedAt = Self.number(block[136..<148]),
      // A prefix belongs to names that are never written here.
      block[345] == 0
    else { return nil }
    name = ByteString(block[0..<100].prefix { $0 != 0 })
    self.bytes = bytes
    self.modifiedAt = Int64(modifiedAt)
  }

  private static func octal(_ number: Int, digits: Int) -> ByteString {
    var text = [UInt8](repeating: UInt8(ascii: "0"), count: digits)
    var rest = number
    for index in text.indices.reversed() {
      text[index] += UInt8(rest & 7)
      rest >>= 3
    }
    return ByteString(text)
  }

  /// Octal digits, then a zero or a space.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.prefix { $0 >= 0x30 && $0 <= 0x37 }
    guard !digits.isEmpty, digits.count < field.count, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 })
    else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }

  /// Of all bytes, with spaces in place of the sum itself.
  private static func sum(_ block: [UInt8]) -> Int {
    var sum = 8 * 0x20
    for (index, byte) in block.enumerated() where !(148..<156).contains(index) { sum += Int(byte) }
    return sum
  }
}
