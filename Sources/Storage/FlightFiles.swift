// The flight recorder's files, those of earlier runs among them: `flight/000017.bin`, a bounded ring: the oldest go when
// there are too many files or bytes. Appended to without ever waiting for the flash: after a power cut the end of the
// latest may be missing.

import Basics
import CSQLite

public final class FlightFiles: @unchecked Sendable {
  /// What a segment may take, so that a handful of them fit.
  public let segmentBytes: Int
  private let directory: ByteString
  private let total: Int
  /// All that stand there, ascending. The last is being written.
  private var files: [(number: Int, bytes: Int)] = []
  private var descriptor: Int32 = -1

  /// The file that is being written.
  public var path: ByteString { directory + "/" + Self.name(files.last?.number ?? 0) }

  /// Begins a file in `flight` beside the database.
  /// - Parameter total: bytes of all recordings together.
  public convenience init(beside database: ByteString, total: Int) throws(StorageError) {
    try self.init(in: DirectoryEntries.parent(of: database) + "/flight", total: total)
  }

  init(in directory: ByteString, total: Int) throws(StorageError) {
    self.directory = directory
    self.total = total
    segmentBytes = total / StorageLimits.flightSegments
    _ = directory.withCString { mkdir($0, 0o750) }
    files = Self.numbers(in: directory).map { number in
      (number: number, bytes: DirectoryEntries.size(of: directory + "/" + Self.name(number)) ?? 0)
    }
    guard begin() else { throw .cannotStart(errno: csqlite_errno()) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// - Parameter beginsFile: it is the first part of a file. A file that is still empty is that one.
  /// - Returns: false: not all of it was written.
  func append(_ bytes: [UInt8], beginsFile: Bool = false) -> Bool {
    if beginsFile, files.last?.bytes ?? 0 > 0, !begin() { return false }
    files[files.count - 1].bytes += bytes.count
    removeOldest()
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

  private func begin() -> Bool {
    let number = (files.last?.number ?? 0) + 1
    let created = (directory + "/" + Self.name(number)).withCString { csqlite_create_to_append($0) }
    guard created >= 0 else { return false }
    if descriptor >= 0 { close(descriptor) }
    descriptor = created
    files.append((number: number, bytes: 0))
    removeOldest()
    return true
  }

  /// Keeps the latest whose bytes together are not too many, the last one in any case.
  private func removeOldest() {
    var bytes = files.reduce(0) { $0 + $1.bytes }
    while files.count > 1, bytes > total || files.count > StorageLimits.flightFiles {
      let oldest = files.removeFirst()
      bytes -= oldest.bytes
      _ = (directory + "/" + Self.name(oldest.number)).withCString { unlink($0) }
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

  private static func name(_ number: Int) -> ByteString {
    let digits = ByteString(number)
    return ByteString([UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count))) + digits + ".bin"
  }
}
