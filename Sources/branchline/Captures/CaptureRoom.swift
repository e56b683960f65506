// Room on the disk: for all captures together, and what others need of it. Looked for before a file is made.

import Basics
import LinuxIO

struct CaptureRoom: Sendable {
  enum Limits {
    /// Of all captures and exports together.
    static let totalBytes = 256 << 20
    /// What the file system keeps for others.
    static let freeBytes = 64 << 20
  }
  /// One that runs, and what it may take.
  struct Share: Sendable {
    var name: ByteString
    var bytes: Int
  }

  let folder: CaptureFolder
  let running: [Share]

  /// Makes the directory of a new capture.
  func take(_ name: ByteString, bytes: Int) throws(CaptureFailure) {
    do throws(SystemError) {
      try Directories.makeParent(of: folder.path)
      _ = try Directories.make(folder.path, isPrivate: true)
    } catch {
      throw CaptureFailure(error)
    }
    guard !folder.exists(name) else { throw CaptureFailure(.nameTaken) }
    try look(for: bytes)
    do throws(SystemError) {
      _ = try Directories.make(folder.directory(of: name), isPrivate: true)
    } catch {
      throw CaptureFailure(error)
    }
  }

  /// By those that are kept, and by what those that run may take.
  var taken: Int {
    let kept = folder.kept.filter { one in !running.contains { $0.name == one.name } }
    return kept.reduce(0) { $0 + $1.bytes } + running.reduce(0) { $0 + $1.bytes }
  }

  func look(for bytes: Int) throws(CaptureFailure) {
    let taken = taken
    guard taken + bytes <= Limits.totalBytes else {
      throw CaptureFailure(
        .noRoom,
        Self.megabytes(taken) + " of " + Self.megabytes(Limits.totalBytes) + " MB are taken; capture delete makes room")
    }
    let free = DiskRoom(at: folder.path)?.freeBytes
    guard let free, free >= bytes + Limits.freeBytes else {
      let left = free.map { Self.megabytes($0) } ?? "?"
      throw CaptureFailure(
        .noRoom, "the disk has " + left + " MB left, of which " + Self.megabytes(Limits.freeBytes) + " are kept free")
    }
  }

  private static func megabytes(_ bytes: Int) -> ByteString { ByteString((bytes + (1 << 20) - 1) >> 20) }
}
