import Basics
import Foundation
import Frames
import Packets
import Testing

@testable import Capture

/// A directory that goes with the test.
final class Directory {
  let path = NSTemporaryDirectory() + "branchline-capture-\(UUID().uuidString)"
  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func file(_ name: String) -> ByteString { ByteString(path + "/" + name) }
  func write(_ name: String, _ bytes: [UInt8]) throws -> ByteString {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return file(name)
  }
}

func frame(_ number: Int, _ payload: [UInt8] = [1, 2, 3]) -> CapturedFrame {
  let bytes = Frames.ethernet(Frames.ip4(Frames.udp(payload, 5060, 1_000 + number), kind: 17))
  return CapturedFrame(time: Instant(nanoseconds: 1_772_352_900_123_456_789), bytes: bytes, length: bytes.count)
}

func all(_ path: ByteString, filter: ByteString? = nil) throws -> [CapturedFrame] {
  let file = try PacketFile(path)
  if let filter { try file.setFilter(filter) }
  var frames: [CapturedFrame] = []
  while let frame = try file.next() { frames.append(frame) }
  return frames
}

@Suite("Capture files") struct PacketFileTests {
  @Test("what is written is read again, to the nanosecond; a filter takes its part")
  func roundTrip() throws {
    let directory = try Directory()
    let ring = try FrameRing(prefix: directory.file("a"), linkType: 1, size: .init(fileBytes: 1 << 20, files: 2))
    for number in 0..<5 { try ring.write(frame(number)) }
    try ring.close()
    #expect(ring.paths == [directory.file("a-000001.pcap")])
    #expect(try all(ring.paths[0]) == (0..<5).map { frame($0) })
    #expect(try all(ring.paths[0], filter: "udp port 1003") == [frame(3)])
    #expect(try all(ring.paths[0], filter: "host 192.0.2.1 and udp portrange 1003-1004").count == 2)
    #expect(try all(ring.paths[0], filter: "net 192.0").count == 5)
    #expect(try all(ring.paths[0], filter: "ether host aa:aa:aa:aa:aa:aa").count == 5)
    let attributes = try FileManager.default.attributesOfItem(atPath: ring.paths[0].description)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test("filters of a call are filters; what is none is refused with libpcap's words")
  func filters() throws {
    let endpoints = ["192.0.2.1:5060", "[2001:db8::1]:20000"].compactMap { Endpoint(ByteString($0)) }
    try PacketFile.checkFilter(try #require(PacketFilter.text(for: endpoints)))
    for text in ["port", "host nosuch.invalid", "udp port sip-of-nobody", "ip6 host 2001:zz::1"] as [ByteString] {
      #expect(throws: CaptureError.self) { try PacketFile.checkFilter(text) }
    }
  }

  @Test("missing, empty, no capture, cut off, of a link type that nobody here has: each is said")
  func wrong() throws {
    let directory = try Directory()
    func words(_ path: ByteString) -> String {
      do {
        _ = try all(path)
        return "accepted"
      } catch { return (error as? CaptureError)?.text.description ?? "\(error)" }
    }
    #expect(words(directory.file("none")) == "No such file or directory")
    #expect(words(try directory.write("empty", [])).contains("truncated"))
    #expect(
      words(try directory.write("text", Array("name \"Test branch\"\nlanguage en\n".utf8))).contains(
        "unknown file format"))
    let header: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    #expect(words(try directory.write("radio", header + [105])) == "link type 105")
    #expect(
      words(try directory.write("cut", header + [1] + [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 9, 1])).contains(
        "truncated"))
    #expect(try all(try directory.write("none.pcap", header + [1])).isEmpty)
  }
}

@Suite("A ring of files") struct FrameRingTests {
  @Test("a new file when one is full; the oldest goes; nothing is written over")
  func ring() throws {
    let directory = try Directory()
    let ring = try FrameRing(prefix: directory.file("r"), linkType: 1, size: .init(fileBytes: 0, files: 3))
    let payload = [UInt8](repeating: 7, count: 30_000)
    for number in 0..<11 { try ring.write(frame(number, payload)) }
    try ring.close()
    // Two of them fit into the smallest file that there may be.
    #expect(ring.paths == [4, 5, 6].map { directory.file("r-00000\($0).pcap") })
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 3)
    #expect(try ring.paths.map { try all($0).count } == [2, 2, 1])
    #expect(throws: CaptureError.self) {
      _ = try FrameRing(prefix: directory.file("r-000004.pcap/x"), linkType: 1, size: .init(fileBytes: 0, files: 3))
    }
    _ = try directory.write("r-000001.pcap", [])
    #expect(throws: CaptureError.self) {
      _ = try FrameRing(prefix: directory.file("r"), linkType: 1, size: .init(fileBytes: 0, files: 3))
    }
  }

  @Test("no ring is larger than the limit")
  func size() {
    let size = FrameRing.Size(fileBytes: .max, files: .max)
    #expect(size.files == CaptureLimits.maxFiles && size.fileBytes * size.files <= CaptureLimits.maxRingBytes)
  }
}
