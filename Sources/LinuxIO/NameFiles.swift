// What callers said their names are: µ-law WAV files in a directory of their own, which a person can listen to. A file
// is written beside its name and renamed, so that it is whole or not there; it is not forced to the disk, for a callback
// without its name is still a callback. Nothing here is
// to be called by a thread that must not wait for the disk, but for `read` of a file that was written just before.

import Basics
import CLinux
import MediaEngine

public struct NameFiles: Sendable {
  public enum Limits {
    static let nameBytes = 64
    static let fileBytes = RecordingPool.samplesPerSlot + 1_024
  }

  private let directory: ByteString

  /// - Parameter path: the directory; made when the first name is written.
  public init(in path: ByteString) { directory = path + "/" }

  public func write(_ file: ByteString, _ samples: [UInt8]) throws(SystemError) {
    guard Self.isPlain(file) else { throw SystemError(ByteString("name ") + file, code: EINVAL) }
    let path = directory + file
    try Directories.makeParent(of: path)
    let partial = path + ".part"
    try FileWriter.write(WAVFile.muLawHeader(samples: samples.count) + samples, to: partial)
    let isRenamed = partial.withCString { old in path.withCString { rename(old, $0) == 0 } }
    guard isRenamed else { throw SystemError(ByteString("rename ") + partial, code: linux_errno()) }
  }

  /// µ-law; empty where there is no such file, or nothing in it that can be played.
  public func read(_ file: ByteString) -> [UInt8] {
    guard Self.isPlain(file), let bytes = try? FileReader.read(directory + file, limit: Limits.fileBytes) else {
      return []
    }
    return bytes.withUnsafeBytes { file in (try? WAVFile(parsing: file))?.muLaw(of: file) ?? [] }
  }

  /// A file that is not there is as good as removed.
  public func remove(_ file: ByteString) {
    guard Self.isPlain(file) else { return }
    FileRemover.remove(directory + file)
  }

  /// Removes all others.
  public func keep(_ files: [ByteString]) {
    for file in Directories.files(in: directory) where !files.contains(file) { remove(file) }
  }

  /// No way out of the directory, no hidden file.
  private static func isPlain(_ file: ByteString) -> Bool {
    guard let first = file.bytes.first, first != UInt8(ascii: "."), file.count <= Limits.nameBytes else { return false }
    return file.bytes.allSatisfy { $0.isASCIIDigit || $0.isASCIILetter || $0 == UInt8(ascii: ".") }
  }
}
