import Basics
import Foundation
import Testing

@testable import LinuxIO

@Suite("Files and directories as a whole") struct FileTreeTests {
  private func directory(_ name: String) throws -> ByteString {
    let path = NSTemporaryDirectory() + "branchline-tree-\(name)-\(getpid())"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return ByteString(path)
  }

  @Test("files are listed as deep as is asked for, in order, without hidden ones and links")
  func listing() throws {
    let root = try directory("list")
    for name in ["b", "a", ".hidden", "sub/c", "sub/deep/d"] as [ByteString] {
      try Directories.makeParent(of: root + "/" + name)
      try FileWriter.write([1], to: root + "/" + name)
    }
    try FileManager.default.createSymbolicLink(
      atPath: (root + "/link").description, withDestinationPath: "/etc/passwd")
    #expect(FileTree.files(in: root, depth: 0) == ["a", "b"])
    #expect(FileTree.files(in: root, depth: 1) == ["a", "b", "sub/c"])
    #expect(FileTree.files(in: root, depth: 2) == ["a", "b", "sub/c", "sub/deep/d"])
    #expect(FileTree.kind(of: root + "/link") == .other && FileTree.kind(of: root + "/none") == nil)
    try FileTree.force(root)
  }

  @Test("a directory goes with all that is in it, and a link without what it leads to")
  func removing() throws {
    let (root, other) = (try directory("remove"), try directory("other"))
    try FileWriter.write([1], to: other + "/kept")
    try FileTree.makeDirectory(root + "/x/y")
    try FileWriter.write([1], to: root + "/x/.hidden")
    try FileManager.default.createSymbolicLink(
      atPath: (root + "/x/link").description, withDestinationPath: other.description)
    try FileTree.remove(root + "/x")
    try FileTree.remove(root + "/x")
    #expect(FileTree.kind(of: root + "/x") == nil && FileTree.kind(of: other + "/kept") == .file)
  }

  @Test("what goes through streams comes back piece by piece, for the owner alone; where it cannot be is told")
  func streams() throws {
    let path = try directory("stream") + "/file"
    do {
      let sink = try FileSink(path)
      for piece in 0..<10 { try sink.write([UInt8](repeating: UInt8(piece), count: 1_000)) }
      try sink.force()
    }
    let source = try FileSource(path, bytesAtOnce: 4_096)
    #expect(source.state.bytes == 10_000)
    var sizes: [Int] = []
    while case let piece = try source.next(), !piece.isEmpty { sizes.append(piece.count) }
    #expect(sizes == [4_096, 4_096, 1_808])
    let rights = try FileManager.default.attributesOfItem(atPath: path.description)[.posixPermissions] as? Int
    #expect(rights == 0o600)
    #expect(throws: SystemError.self) { _ = try FileSink("/proc/nowhere/file") }
  }

  @Test("a file is locked for one at a time")
  func locks() throws {
    let path = try directory("lock") + "/file"
    try FileWriter.write([], to: path)
    do {
      let first = try FileLock(path)
      let error = #expect(throws: SystemError.self) { _ = try FileLock(path) }
      #expect(error?.name == "EAGAIN" || error?.name == "EWOULDBLOCK")
      withExtendedLifetime(first) {}
    }
    _ = try FileLock(path)
  }
}
