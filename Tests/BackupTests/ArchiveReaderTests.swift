import Basics
import Foundation
import Testing

@testable import Backup

@Suite("Archives")
struct ArchiveReaderTests {
  @Test("what was written is read again, in pieces of whatever size")
  func roundTrip() throws {
    for sizes in [[1], [511], [512], [513, 3], [100_000]] {
      let listing = try Listing.of(Archive.sample, sizes: sizes)
      #expect(listing.files.map(\.name) == Archive.files.map(\.name))
      #expect(listing.files.map(\.content) == Archive.files.map(\.content))
    }
  }

  @Test("GNU tar lists and unpacks it")
  func otherReaders() throws {
    let directory = NSTemporaryDirectory() + "branchline-backup-\(getpid())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try Data(Archive.sample).write(to: URL(fileURLWithPath: directory + "/a.tar"))
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xf", directory + "/a.tar", "-C", directory]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    for file in Archive.files {
      let content = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + file.name.description))
      #expect(Array(content) == file.content)
    }
  }

  @Test("cut off anywhere it is not whole, and says where it ends")
  func truncated() throws {
    let whole = Archive.sample
    for count in stride(from: 0, to: whole.count, by: 64) {
      #expect(throws: ArchiveError.truncated(at: count)) { _ = try Listing.of(Array(whole[..<count])) }
    }
    _ = try Listing.of(whole + [UInt8](repeating: 0, count: 9_216))
  }

  @Test("names that no backup has, or that lead elsewhere, end it")
  func hostileNames() {
    let names: [ByteString] = [
      "/etc/passwd", "../branch.conf", "names/../../etc/passwd", "names/./a", "names//a", "names/.hidden", "names/",
      "names", "prompts/a/b/c/d", "revisions/a\\b", "names/a\u{0}b", "names/a b", "configuration/other.conf",
      "MANIFEST/x", "names/a\nb", "revisions/device.key", "revisions/epoch", "revisions/rejected.conf",
      ByteString("names/" + String(repeating: "x", count: 95)),
    ]
    for name in names {
      var archive = Archive()
      archive.add("configuration/branch.conf", [])
      // A name that does not fit into a header is cut where a hostile writer would cut it.
      archive.add(ByteString(name.bytes.prefix(100)), [1])
      #expect(throws: ArchiveError.self, "\(name)") { _ = try Listing.of(archive.ended) }
    }
    #expect(MemberName(.names, "17.wav")?.text == "names/17.wav")
    #expect(MemberName(.names, "../17.wav") == nil && MemberName(.database, "x") == nil)
  }

  @Test("links, devices and directories are no part of a backup")
  func types() throws {
    for type in Array("12345670x\u{0}".utf8) where type != UInt8(ascii: "0") {
      var archive = Archive()
      archive.add("configuration/branch.conf", [])
      var header = try #require(ArchiveHeader(name: "names/a", bytes: 0).block)
      header[156] = type
      // As its writer would have summed it up.
      let sum = header.enumerated().reduce(8 * 0x20) { 148..<156 ~= $1.offset ? $0 : $0 + Int($1.element) }
      header.replaceSubrange(
        148..<154, with: Array(String(sum, radix: 8).utf8.reversed() + "000000".utf8).prefix(6).reversed())
      archive.bytes += header
      #expect(throws: ArchiveError.damaged(at: 512), "type \(type)") { _ = try Listing.of(archive.ended) }
    }
  }

  @Test("the configuration first, the manifest last, nothing twice")
  func order() {
    func listing(_ names: [ByteString]) throws(ArchiveError) {
      var archive = Archive()
      for name in names { archive.add(name, []) }
      _ = try Listing.of(archive.ended)
    }
    let first: ByteString = "configuration/branch.conf"
    #expect(throws: ArchiveError.order("names/a")) { try listing(["names/a", first, "MANIFEST"]) }
    #expect(throws: ArchiveError.order("names/a")) { try listing([first, "MANIFEST", "names/a"]) }
    #expect(throws: ArchiveError.twice("names/a")) { try listing([first, "names/a", "names/a", "MANIFEST"]) }
    #expect(throws: ArchiveError.twice(first)) { try listing([first, first]) }
    #expect(throws: ArchiveError.truncated(at: 2_048)) { try listing([first, "names/a"]) }
  }

  @Test("too many files, and files too large for what they are, are refused by their headers alone")
  func limits() throws {
    var archive = Archive()
    archive.add("configuration/branch.conf", [])
    archive.bytes += try #require(ArchiveHeader(name: "revisions/1.conf", bytes: BackupLimits.textBytes + 1).block)
    #expect(throws: ArchiveError.tooLarge("revisions/1.conf", limit: BackupLimits.textBytes)) {
      _ = try Listing.of(archive.bytes)
    }
    var many = Archive()
    many.add("configuration/branch.conf", [])
    for number in 0..<BackupLimits.members { many.add("names/" + ByteString(number), []) }
    #expect(throws: ArchiveError.tooMany(limit: BackupLimits.members)) { _ = try Listing.of(many.ended) }
    #expect(ArchiveHeader(name: "names/a", bytes: 1 << 33).block == nil)
  }

  @Test("a flipped bit in a header is noticed; anywhere it brings nothing down")
  func damaged() {
    var random = SeededRandom(seed: 11)
    for turn in 0..<3_000 {
      var bytes = Archive.sample
      let index = turn < 512 ? turn : random.below(bytes.count)
      bytes[index] ^= UInt8(1 << random.below(8))
      if turn < 345 { #expect(throws: ArchiveError.self, "byte \(turn)") { _ = try Listing.of(bytes) } }
      _ = try? Listing.of(bytes, sizes: [1 + random.below(700)])
    }
  }
}
