// The flight recorder's file of this run, beside those of earlier runs: `flight/000017.bin`, the oldest go when there are
// too many bytes. Appended to without ever waiting for the flash: after a power cut its end may be missing.

import Basics
import CSQLite

public final class FlightFile: @unchecked Sendable {
  public let path: ByteString
  /// What this run may write.
  public let limit: Int
  private let descriptor: Int32

  /// Begins a file in `flight` beside the database.
  /// - Parameter total: bytes of all recordings together. Half of it is this run's.
  public convenience init(beside database: ByteString, total: Int) throws(StorageError) {
    try self.init(in: DirectoryEntries.parent(of: database) + "/flight", total: total)
  }

  init(in directory: ByteString, total: Int) throws(StorageError) {
    _ = directory.withCString { mkdir($0, 0o750) }
    limit = total / 2
    let numbers = Self.numbers(in: directory)
    Self.removeOldest(numbers, in: directory, bytes: total - limit)
    path = directory + "/" + Self.name((numbers.last ?? 0) + 1)
    descriptor = path.withCString { csqlite_create_to_append($0) }
    guard descriptor >= 0 else { throw .cannotStart(errno: csqlite_errno()) }
  }

  deinit { close(descriptor) }

  /// False: not all of it was written.
  func append(_ bytes: [UInt8]) -> Bool {
    var start = 0
    return bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return true }
      while start < bytes.count {
        let count = write(descriptor, base + start, bytes.count - start)
        if count < 0, csqlite_errno() == EINTR { continue }
        guard count > 0 else { return false }
        start += count
      }
      return true
    }
  }

  /// Ascending.
  private static func numbers(in directory: ByteString) -> [Int] {
    DirectoryEntries.names(in: directory).compactMap { name in
      guard name.count > 4, name.bytes.suffix(4) == ByteString(".bin").bytes[...] else { return nil }
      let number = Int(decimalDigits: name.bytes.dropLast(4))
      // A number that others gave must leave room for the next one.
      return number.flatMap { $0 < StorageLimits.flightFileNumber && Self.name($0) == name ? $0 : nil }
    }.sorted()
  }

  /// Keeps the latest whose bytes together are not too many.
  private static func removeOldest(_ numbers: [Int], in directory: ByteString, bytes: Int) {
    var room = bytes
    var kept = 0
    for number in numbers.reversed() {
      let path = directory + "/" + name(number)
      room -= DirectoryEntries.size(of: path) ?? 0
      kept += 1
      if room < 0 || kept >= StorageLimits.flightFiles { _ = path.withCString { unlink($0) } }
    }
  }

  private static func name(_ number: Int) -> ByteString {
    let digits = ByteString(number)
    return ByteString([UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count))) + digits + ".bin"
  }
}
