// Capture files of real calls: what the program tells of them is held against what tshark does.

import Foundation
import Harness

let captureCases = [
  Case("pcap-quality", "messages, packets, losses and jitter of captured calls are those that tshark counts") { site in
    let file = site.workspace.path("calls.pcapng")
    let recorder = try site.program("dumpcap", "dumpcap", ["-i", "lo", "-q", "-B", "16", "-w", file])
    try recorder.wait(for: "File:")
    let box = try site.box(site.configuration())
    let callee = try site.phone("102", tone: 1100, answers: true) { $0.transport = "tcp" }
    let caller = try site.phone("101", tone: 700, answers: true)
    let voice = try site.voice(port: 18300, tone: 500)
    try site.call("02155550101", talk: 3000, voice: voice).succeed()
    caller.dial("sip:102@\(Site.box)")
    try caller.waitUntilTalking()
    caller.press("5")
    try callee.process.wait(for: "received event: '5' (end=1)")
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    caller.hangUp()
    try box.wait("no call is left") { try $0.rows("calls").isEmpty }
    caller.stop()
    callee.stop()
    try box.stop()
    recorder.signal(SIGINT)
    try recorder.waitForExit()
    try site.compare(file, streams: 8, lost: 0)

    // The same with holes and disorder: fewer packets, in the other format, their ends cut off.
    let frames = try site.rtpFrames(file)
    let holes = frames.enumerated().filter { $0.offset % 37 == 5 || $0.offset % 101 < 3 }.map { "\($0.element)" }
    let holey = site.workspace.path("holes.pcap")
    try ChildProcess.run("editcap", ["-F", "nsecpcap", file, holey] + holes.suffix(400))
    try site.compare(holey, streams: 8, lost: min(holes.count, 400) - 16)
    let shaken = site.workspace.path("shaken.pcap")
    try ChildProcess.run("editcap", ["-F", "pcap", "-t", "0.1", holey, shaken])
    try site.compare(shaken, streams: 8, lost: min(holes.count, 400) - 16)
  },
  Case("pcap-wrong-file", "a file that is no capture, and one that ends within a frame, are told apart in words") {
    site in
    let (status, output) = try site.pcap(try site.workspace.write("text", "name \"Test branch\"\n"))
    try expect(status == 1 && output.contains("unknown file format"), "\(status): \(output)")
    let missing = try site.pcap("/nowhere.pcap")
    try expect(missing.status == 1 && missing.output.contains("No such file"), "\(missing)")
  },
]

private struct StreamFigures {
  var packets: Int
  var lost: Int
  /// Milliseconds.
  var maxDelta: Double
  var maxJitter: Double
  var meanJitter: Double
}

extension Site {
  fileprivate func pcap(_ file: String, _ more: [String] = []) throws -> (status: Int32, output: String) {
    let words = binary + ["pcap", file] + more
    return try ChildProcess.end(words[0], Array(words.dropFirst()))
  }

  private static let decode = ["-d", "udp.port==\(boxPort),sip", "-d", "tcp.port==\(boxPort),sip"]

  fileprivate func rtpFrames(_ file: String) throws -> [Int] {
    try ChildProcess.run("tshark", ["-r", file, "-Y", "rtp", "-T", "fields", "-e", "frame.number"] + Self.decode)
      .split(separator: "\n").compactMap { Int($0) }
  }

  /// - Parameters:
  ///   - streams: at least so many must be there.
  ///   - lost: of all streams together, at least.
  fileprivate func compare(_ file: String, streams: Int, lost: Int) throws {
    let (status, text) = try pcap(file, ["--json"])
    try expect(status == 0, "pcap ended with \(status): \(text)")
    let ours = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    let theirMessages = try sipMessages(file)
    try expect(ours["sipMessages"] as? Int == theirMessages, "\(theirMessages) messages: \(text)")
    try expect(ours["malformed"] as? Int == 0 && ours["refused"] as? Int == 0, text)
    let theirs = try tsharkStreams(file)
    let rows = ours["streams"] as? [[String: Any]] ?? []
    try expect(theirs.count >= streams && rows.count == theirs.count, "\(theirs.count) streams, here \(rows.count)")
    for row in rows {
      let key = "\(row["from"] ?? "") \(row["to"] ?? "") \(row["ssrc"] ?? "")"
      guard let stream = theirs[key] else { throw Failure("tshark has no stream \(key): \(theirs.keys.sorted())") }
      func milliseconds(_ name: String) -> Double { Double(row[name] as? Int ?? -1) / 1_000 }
      // tshark 4.0 has another reference of time around a pressed key, and counts the first packet's 0 into the mean.
      let hasKeys = (row["codecs"] as? [String])?.contains("telephone-event") == true
      let roughly = 0.01 + stream.meanJitter * 2 / Double(stream.packets)
      let isSame =
        row["packets"] as? Int == stream.packets && row["lost"] as? Int == stream.lost
        && (hasKeys || abs(milliseconds("maxDeltaMicroseconds") - stream.maxDelta) < 0.01)
        && (hasKeys || abs(milliseconds("maxJitterMicroseconds") - stream.maxJitter) < 0.01)
        && (hasKeys || abs(milliseconds("meanJitterMicroseconds") - stream.meanJitter) < roughly)
      try expect(isSame, "\(key): \(row), tshark \(stream)")
    }
    let allLost = theirs.values.reduce(0) { $0 + $1.lost }
    try expect(allLost >= lost, "only \(allLost) lost")
    let packets = theirs.values.reduce(0) { $0 + $1.packets }
    let jitter = theirs.values.map(\.maxJitter).max() ?? 0
    try checkScreen(file, calls: (ours["calls"] as? [Any])?.count ?? 0)
    report(
      "        \(theirMessages) messages, \(rows.count) streams, \(packets) packets, \(allLost) lost, jitter up to \(jitter) ms"
    )
  }

  /// Of all protocols, as many as there are Call-IDs: several may stand in one TCP segment.
  private func sipMessages(_ file: String) throws -> Int {
    try ChildProcess.run("tshark", ["-r", file, "-Y", "sip", "-T", "fields", "-e", "sip.Call-ID"] + Self.decode)
      .split(separator: "\n").filter { !$0.hasPrefix("Running as") }.reduce(0) { $0 + $1.split(separator: ",").count }
  }

  private func tsharkStreams(_ file: String) throws -> [String: StreamFigures] {
    var streams: [String: StreamFigures] = [:]
    let table = try ChildProcess.run("tshark", ["-r", file, "-q", "-z", "rtp,streams"] + Self.decode)
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard let share = words.firstIndex(where: { $0.hasPrefix("(") && $0.hasSuffix("%)") }), words.count >= share + 7,
        let packets = Int(words[share - 2]), let lost = Int(words[share - 1])
      else { continue }
      let numbers = words[(share + 1)...].compactMap(Double.init)
      guard numbers.count >= 6 else { continue }
      let key = "\(words[2]):\(words[3]) \(words[4]):\(words[5]) \(words[6].dropFirst(2).lowercased())"
      streams[key] = StreamFigures(
        packets: packets, lost: lost, maxDelta: numbers[2], maxJitter: numbers[5], meanJitter: numbers[4])
    }
    return streams
  }

  /// What people see: every ladder fits, and shows neither secrets nor whole numbers of customers.
  private func checkScreen(_ file: String, calls: Int) throws {
    let (status, text) = try pcap(file)
    try expect(status == 0 && calls == 4, "\(calls) calls: \(text)")
    for line in text.split(separator: "\n") {
      try expect(line.count <= 80, "longer than 80: \(line)")
    }
    for secret in ["13812345678", "response="] { try expect(!text.contains(secret), "shows \(secret)") }
    try expect(text.contains("INVITE (PCMU") && text.contains("407") || text.contains("401"), text)
  }
}
