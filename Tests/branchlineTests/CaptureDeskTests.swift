import Appliance
import Basics
import BranchConfiguration
import Capture
import Foundation
import LinuxIO
import Testing

@testable import branchline

/// Listening to an interface needs the right to it: as root, or not at all.
@Suite("Captures of the daemon", .enabled(if: geteuid() == 0), .serialized) final class CaptureDeskTests {
  let directory = NSTemporaryDirectory() + "branchline-captures-\(UUID().uuidString)"
  let desk: CaptureDesk
  var settings = BranchSettings()
  var lastClient: UInt64 = 0

  init() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    desk = try CaptureDesk(beside: ByteString(directory + "/branch.db"))
  }
  deinit {
    desk.stop()
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// The answer to an order; the desk's thread is woken as the daemon's would be.
  func order(_ line: String) throws -> String {
    let words = ["capture"] + line.split(separator: " ").map { ByteString(String($0)) }
    guard case .capture(let order) = try ObservingOrder(words) else { return "" }
    lastClient += 1
    desk.accept(order, from: lastClient, by: "lee", settings, at: MonotonicClock.now)
    for _ in 0..<100 {
      while let outcome = desk.pollOutcome() {
        if outcome.client == lastClient { return String(decoding: outcome.bytes, as: UTF8.self) }
      }
      var descriptor = pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, 200)
      desk.attend()
    }
    return "no answer"
  }

  @Test("begun, listed, ended, exported, deleted; names and states are looked at")
  func whole() throws {
    #expect(try order("start tap interface lo minutes 1") == #"{"done":true,"act":"capture-start","subject":"tap"}"#)
    #expect(try order("list").contains(#"{"capture":"tap","state":"running""#))
    #expect(try order("start tap interface lo").contains("name taken"))
    for verb in ["export", "delete"] { #expect(try order("\(verb) tap").contains("still running")) }
    #expect(try order("stop tap").contains(#""done":true"#))
    #expect(try order("stop tap").contains("unknown capture"))
    #expect(try order("list").contains(#"{"capture":"tap","state":"kept""#))
    #expect(try order("start tap interface lo").contains("name taken"))
    // One that a power cut has left is no obstacle.
    try Data("half".utf8).write(to: URL(fileURLWithPath: directory + "/captures/tap.pcap.part"))
    #expect(try order("export tap").contains("/captures/tap.pcap\""))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory + "/captures").sorted() == ["tap", "tap.pcap"])
    #expect(try order("export tap").contains("name taken"))
    #expect(try order("list").contains(#"{"capture":"tap.pcap","state":"exported""#))
    for name in ["tap", "tap.pcap"] { #expect(try order("delete \(name)").contains(#""done":true"#)) }
    #expect(try order("delete tap").contains("unknown capture"))
    #expect(try order("list") == "[]")
  }

  @Test("so many at once and no more; what cannot begin leaves nothing behind")
  func limits() throws {
    for number in 0..<CaptureDesk.Limits.running {
      #expect(try order("start tap\(number) interface lo size 1").contains(#""done":true"#))
    }
    #expect(try order("start more interface lo size 1").contains("too many captures"))
    let uses = desk.limitUses
    #expect(uses[0].used == 4 && uses[0].most == 4 && uses[0].hits == 1)
    #expect(uses[1].used == 4 << 20 && uses[1].hits == 0 && uses[2].used == 1)
    #expect(try order("stop tap0").contains(#""done":true"#))
    #expect(try order("start wrong interface nosuch0").contains("cannot capture"))
    #expect(try order("start wrong filter port and").contains("syntax error"))
    #expect(!FileManager.default.fileExists(atPath: directory + "/captures/wrong"))
  }

  @Test("all captures together have so much room, and others keep theirs")
  func room() throws {
    let folder = CaptureFolder(beside: ByteString(directory + "/branch.db"))
    let most = CaptureRoom.Limits.totalBytes
    try CaptureRoom(folder: folder, running: []).take("first", bytes: 1 << 20)
    try CaptureRoom(folder: folder, running: [.init(name: "first", bytes: most - 8)]).look(for: 8)
    #expect(throws: CaptureFailure.self) {
      try CaptureRoom(folder: folder, running: [.init(name: "first", bytes: most - 8)]).look(for: 9)
    }
    try FileManager.default.createDirectory(atPath: directory + "/captures/old", withIntermediateDirectories: true)
    try Data(count: 100).write(to: URL(fileURLWithPath: directory + "/captures/old/old-000001.pcap"))
    let error = #expect(throws: CaptureFailure.self) {
      try CaptureRoom(folder: folder, running: []).look(for: most - 99)
    }
    let before = desk.limitUses[1]
    #expect(before.used == (1 << 20) + 100 || before.used == 100, "\(before)")
    #expect(error?.reason == .noRoom && error?.detail?.description.contains("capture delete") == true)
  }

  @Test("a call's capture follows it, and ends when it is over")
  func follows() throws {
    #expect(try order("start one call 7 interface lo").contains(#""done":true"#))
    #expect(desk.isFollowing)
    var asked: [TrafficScope] = []
    let now = MonotonicClock.now
    desk.follow(at: now) { scope in
      asked.append(scope)
      return []
    }
    #expect(asked == [.call(7)] && desk.nextDeadline == now + CaptureThread.Limits.farewell)
    desk.follow(at: now + CaptureThread.Limits.farewell) { _ in [] }
    for _ in 0..<50 where desk.isFollowing {
      usleep(20_000)
      desk.attend()
    }
    #expect(!desk.isFollowing)
    #expect(try order("list").contains(#""state":"kept""#))
  }
}
