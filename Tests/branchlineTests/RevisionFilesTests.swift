import Basics
import BranchConfiguration
import Foundation
import LinuxIO
import Revisions
import Testing

@testable import branchline

@Suite struct RevisionFilesTests {
  private static let text: ByteString = """
    # ours
    name "Test"

    extension 101 {
      secret "a secret for 101"  # reception
    }

    """

  private func directory(_ name: String) throws -> String {
    let path = NSTemporaryDirectory() + "branchline-revisions-\(name)-\(getpid())"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
  private func stored(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test("secrets are sealed on the disk and come back in clear; comments and blank lines stay")
  func sealing() throws {
    let path = try directory("sealing") + "/branch.conf"
    let files = RevisionFiles(configurationPath: ByteString(path))
    #expect(files.keyFault == nil)
    for file in [RevisionFile.configuration, .text(1)] {
      #expect(files.write(file, Self.text.bytes) == 0)
      let read = try #require(files.read(file))
      #expect(String(decoding: read, as: UTF8.self) == Self.text.description)
    }
    let kept = try stored(path)
    #expect(kept.contains("secret $sealed1$") && !kept.contains("a secret for") && kept.contains("# reception"))
    let key = path + ".revisions/device.key"
    let rights = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
    #expect(rights == 0o600)
  }

  @Test("a file that a person laid out keeps its lines, so that its errors are told with those that the person sees")
  func layout() throws {
    let path = try directory("layout") + "/branch.conf"
    let files = RevisionFiles(configurationPath: ByteString(path))
    let text: ByteString = "name \"Test\"\n\n\n\nextension 101 {\n\n\n  secret \"a secret for 101\" ; nmae \"X\" }\n"
    #expect(files.write(.configuration, text.bytes) == 0)
    #expect(try stored(path).hasPrefix("name \"Test\"\n\n\n\nextension 101 {\n\n\n  secret $sealed1$"))
    let read = try #require(files.read(.configuration))
    #expect(read == text.bytes)
    #expect(BranchSettings.parse(read).errors.first?.position.line == 8)
  }

  @Test("without the key nothing is lost: what it sealed stays as it is, is no error, and is written as it is")
  func otherKey() throws {
    let path = try directory("other-key") + "/branch.conf"
    _ = RevisionFiles(configurationPath: ByteString(path)).write(.configuration, Self.text.bytes)
    let before = try stored(path)
    let key = path + ".revisions/device.key"
    try Data((0..<32).map { UInt8($0) }).write(to: URL(fileURLWithPath: key))
    let files = RevisionFiles(configurationPath: ByteString(path))
    let read = try #require(files.read(.configuration))
    #expect(RevisionFiles.holdsSealed(read))
    #expect(!BranchSettings.parse(read).errors.contains { $0.path.description.contains("secret") })
    #expect(files.write(.configuration, read) == 0)
    #expect(try stored(path) == before)
  }

  @Test("a damaged key is not replaced: another one would make every secret unreadable for ever")
  func damagedKey() throws {
    let path = try directory("damaged-key") + "/branch.conf"
    _ = RevisionFiles(configurationPath: ByteString(path))
    let key = URL(fileURLWithPath: path + ".revisions/device.key")
    try Data([1, 2, 3]).write(to: key)
    let files = RevisionFiles(configurationPath: ByteString(path))
    #expect(files.keyFault?.description.contains("damaged") == true)
    #expect(try Data(contentsOf: key) == Data([1, 2, 3]))
    #expect(files.write(.configuration, Self.text.bytes) == 0)
    #expect(try stored(path).contains("a secret for 101"))
  }

  @Test("what is found at a start is what was written: the state, the texts by number, the greatest of them")
  func found() throws {
    let path = try directory("found") + "/branch.conf"
    let files = RevisionFiles(configurationPath: ByteString(path))
    #expect(files.found.state == nil && files.found.highest == 0)
    for file in [RevisionFile.text(3), .text(12), .configuration] { _ = files.write(file, Self.text.bytes) }
    _ = files.write(.state, Array("running 12".utf8))
    let found = files.found
    #expect(found.highest == 12 && found.text(3) == Self.text.bytes && found.text(4) == nil)
    #expect(found.state == Array("running 12".utf8))
    files.remove(3)
    #expect(files.found.text(3) == nil)
  }
}
