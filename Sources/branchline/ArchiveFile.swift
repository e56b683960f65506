// A backup's file, written member by member, with the digest of each. It gets its name when it is whole and on the disk.

import Backup
import Basics
import Configuration
import Digests
import LinuxIO

final class ArchiveFile {
  private let path: ByteString
  private let partial: ByteString
  private let sink: FileSink
  private(set) var members: [Manifest.Member] = []
  private var isWhole = false

  init(_ path: ByteString) throws(CommandFault) {
    self.path = path
    partial = path + ".part"
    do throws(SystemError) {
      sink = try FileSink(partial)
    } catch {
      throw CommandFault(error)
    }
  }

  deinit { if !isWhole { FileRemover.remove(partial) } }

  func add(_ name: MemberName, _ bytes: [UInt8], modifiedAt: Int64) throws(CommandFault) {
    do throws(SystemError) {
      try begin(name, bytes.count, modifiedAt)
      try sink.write(bytes)
      try end(name, bytes.count, Digests.sha256(bytes))
    } catch {
      throw CommandFault(error)
    }
  }

  func add(_ name: MemberName, file: ByteString) throws(CommandFault) {
    do throws(SystemError) {
      let source = try FileSource(file, bytesAtOnce: BackupLimits.bytesAtOnce)
      let state = source.state
      guard state.bytes <= name.place.bytesMax else {
        throw SystemError("larger than " + ByteString(name.place.bytesMax) + " bytes: " + file, code: 27)
      }
      try begin(name, state.bytes, state.modifiedAt)
      var digest = DigestContext(.sha256)
      var count = 0
      while case let piece = try source.next(), !piece.isEmpty {
        digest.update(piece)
        try sink.write(piece)
        count += piece.count
      }
      guard count == state.bytes else { throw SystemError("changed while it was read: " + file, code: 11) }
      try end(name, count, digest.finish())
    } catch {
      throw CommandFault(error)
    }
  }

  private func begin(_ name: MemberName, _ bytes: Int, _ modifiedAt: Int64) throws(SystemError) {
    guard let header = ArchiveHeader(name: name.text, bytes: bytes, modifiedAt: modifiedAt).block else {
      throw SystemError("archive " + name.text, code: 27)
    }
    try sink.write(header)
  }

  private func end(_ name: MemberName, _ bytes: Int, _ digest: [UInt8]) throws(SystemError) {
    try sink.write([UInt8](repeating: 0, count: ArchiveHeader.padding(after: bytes)))
    members.append(Manifest.Member(name: name, bytes: bytes, digest: digest))
  }

  func finish(_ manifest: Manifest) throws(CommandFault) {
    var manifest = manifest
    manifest.members = members
    try add(MemberName(.manifest), manifest.text, modifiedAt: manifest.at.seconds)
    do throws(SystemError) {
      try sink.write(ArchiveHeader.end)
      try sink.force()
      try FileTree.rename(partial, to: path)
      isWhole = true
    } catch {
      throw CommandFault(error)
    }
  }
}
