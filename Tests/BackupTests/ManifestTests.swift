import Basics
import Testing

@testable import Backup

@Suite("Manifests")
struct ManifestTests {
  private static func name(_ text: ByteString) throws -> MemberName { try #require(MemberName(text)) }

  private static func sample() throws -> Manifest {
    Manifest(
      branch: "上海 \"West\"", at: WallTime(seconds: 1_772_352_900), version: "0.1.0", epoch: 3,
      identity: 0x0123_4567_89AB_CDEF, runs: 17, isHandOver: true, keyFingerprint: "0011223344556677",
      members: try (0..<5).map {
        Manifest.Member(
          name: try name("names/" + ByteString($0) + ".wav"), bytes: $0 * 100,
          digest: [UInt8](repeating: UInt8($0), count: 32))
      })
  }

  @Test("as text and back")
  func roundTrip() throws {
    let manifest = try Self.sample()
    #expect(Manifest(parsing: manifest.text) == manifest)
    var other = manifest
    (other.isHandOver, other.branch, other.keyFingerprint, other.members) = (false, "", "", [])
    #expect(Manifest(parsing: other.text) == other)
  }

  @Test("one of another format, or without a part, is none")
  func unusable() throws {
    let text = String(decoding: try Self.sample().text, as: UTF8.self)
    #expect(Manifest(parsing: Array(text.replacing("format 1", with: "format 2").utf8)) == nil)
    for line in text.split(separator: "\n") where !line.hasPrefix("member") && !line.hasPrefix("handed-over") {
      #expect(Manifest(parsing: Array(text.replacing(line, with: "").utf8)) == nil, "without \(line)")
    }
    #expect(Manifest(parsing: []) == nil)
  }

  @Test("a file that is altered, missing, or not listed is named")
  func check() throws {
    let manifest = try Self.sample()
    try manifest.check(manifest.members.reversed())
    var altered = manifest.members
    altered[2].digest[0] ^= 1
    #expect(throws: Manifest.Mismatch.altered("names/2.wav")) { try manifest.check(altered) }
    #expect(throws: Manifest.Mismatch.missing("names/1.wav")) { try manifest.check([manifest.members[0]]) }
    var more = manifest.members
    more[0].name = try Self.name("names/other.wav")
    #expect(throws: Manifest.Mismatch.unlisted("names/other.wav")) { try manifest.check(more) }
  }

  @Test("rubbish brings nothing down")
  func rubbish() throws {
    let text = try Self.sample().text
    for seed in 0..<2_000 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var bytes = text
      for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      if random.chance(percent: 30) { bytes.removeLast(random.below(bytes.count)) }
      if let read = Manifest(parsing: bytes) { #expect(Manifest(parsing: read.text) == read, "seed \(seed)") }
    }
  }
}
