// What a technician sees of a running box: the ladder of a call as it goes, and captures of one call alone.

import Foundation
import Harness

let observingCases = [
  Case(
    "trace-and-capture", "a call is seen as a live ladder, and captured without another call and without secrets",
    emulatorLacks: "packet sockets"
  ) { site in
    let box = try site.box(site.configuration())
    let phones = try (101...104).map { number in
      // One of them by TCP.
      try site.phone("\(number)", tone: 400 + number, answers: number % 2 == 0) { account in
        if number == 102 { account.transport = "tcp" }
      }
    }
    let all = try site.trace(box, [])
    let ofTrunk = try site.trace(box, ["trunk", "carrier"])
    try expect(site.order(box, "capture", "start", "nobody", "call", "1").status == 1, "a call that is not there")
    try expect(site.order(box, "capture", "start", "wrong", "filter", "port and").output.contains("syntax"), "filter")
    try site.done(box, "capture", "start", "phone", "phone", "101", "interface", "lo")
    phones[2].dial("sip:104@\(Site.box)")
    phones[0].dial("sip:102@\(Site.box)")
    try phones[0].waitUntilTalking()
    try phones[2].waitUntilTalking()
    let number = try box.rows("calls").first { $0["from"] as? String == "101" }?["call"] as? Int
    try site.done(box, "capture", "start", "one", "call", "\(number ?? 0)", "interface", "lo", "minutes", "2")
    try box.wait("packets are captured") { box in
      try site.captures(box).first { $0["capture"] as? String == "one" }?["frames"] as? Int ?? 0 > 200
    }
    phones[0].hangUp()
    try box.wait("the capture of the call ends with it") { box in
      try site.captures(box).first { $0["capture"] as? String == "one" }?["state"] as? String == "kept"
    }
    try site.done(box, "capture", "stop", "phone")
    phones[2].hangUp()
    for name in ["phone", "one"] { try site.done(box, "capture", "export", name) }
    try expect(site.order(box, "capture", "export", "one").output.contains("there is one of that name"), "twice")

    try all.wait(for: "200 OK BYE", seconds: 10)
    all.kill9()
    try site.checkLadder(all.output)
    try expect(!ofTrunk.output.contains { $0.contains("INVITE") }, "no trunk took part: \(ofTrunk.output)")
    try site.checkCapture("phone", invites: true)
    try site.checkCapture("one", invites: false)
    let attributes = try FileManager.default.attributesOfItem(atPath: site.workspace.path("captures/one.pcap"))
    try expect(attributes[.posixPermissions] as? Int == 0o600, "others may read it")
    let audit = try box.rows("audit").filter { $0["act"] as? String == "capture-start" }
    try expect(audit.count { $0["done"] as? Bool == true } == 2 && audit.count == 4, "audit: \(audit)")
    try site.done(box, "capture", "delete", "one")
    try expect(!FileManager.default.fileExists(atPath: site.workspace.path("captures/one")), "not deleted")
    try box.stop()
  },
  Case(
    "console-trace", "a technician at a serial console sees a call go, and captures it: tshark reads what came out",
    emulatorLacks: "packet sockets"
  ) { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 440, answers: false)
    _ = try site.phone("102", tone: 550, answers: true)
    let script = Site.root.appendingPathComponent("Tests/EndToEnd/Console/serial.py").path
    let technician = try site.program(
      "technician", "/usr/bin/python3", [script, "watching", site.workspace.path("control.sock")] + site.binary)
    try technician.wait(for: "-- any key ends --", seconds: 60)
    caller.dial("sip:102@\(Site.box)")
    try caller.waitUntilTalking()
    Thread.sleep(forTimeInterval: 1.5)  // What is captured of the sound.
    caller.hangUp()
    let code = try technician.waitForExit(seconds: 60)
    try expect(code == 0, "the story went otherwise:\n" + technician.output.suffix(40).joined(separator: "\n"))
    try site.checkCapture("tap", invites: true)
    try box.stop()
  },
]

extension Site {
  private func words(_ box: Box, _ line: [String]) -> [String] {
    binary + line + ["--socket", workspace.path("control.sock")]
  }

  fileprivate func trace(_ box: Box, _ scope: [String]) throws -> ChildProcess {
    let words = words(box, ["trace", "sip"] + scope)
    return try program("trace" + scope.joined(), words[0], Array(words.dropFirst()))
  }

  fileprivate func order(_ box: Box, _ line: String...) throws -> (status: Int32, output: String) {
    let words = words(box, line)
    return try ChildProcess.end(words[0], Array(words.dropFirst()))
  }

  fileprivate func done(_ box: Box, _ line: String...) throws {
    let words = words(box, line)
    let (status, output) = try ChildProcess.end(words[0], Array(words.dropFirst()))
    try expect(status == 0, "\(line.joined(separator: " ")): \(output)")
  }

  fileprivate func captures(_ box: Box) throws -> [[String: Any]] {
    let words = words(box, ["capture", "list", "--json"])
    let text = try ChildProcess.run(words[0], Array(words.dropFirst()))
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
  }

  /// Of the first call's caller, in this order; every line fits.
  fileprivate func checkLadder(_ lines: [String]) throws {
    let text = lines.joined(separator: "\n")
    for line in lines { try expect(line.count <= 80, "longer than 80: \(line)") }
    try expect(!text.contains("response="), "a secret is shown")
    guard let heading = lines.first(where: { $0.contains("-- ") && $0.contains("101 > 102") }),
      let letter = heading.dropFirst(3).first
    else { throw Failure("no call of 101:\n\(text)") }
    let own = lines.filter { $0.dropFirst(13).first == letter && $0.contains("|") }
    var rest = own[...]
    for step in ["INVITE", "401", "ACK", "INVITE", "200", "ACK", "BYE", "200"] {
      guard let place = rest.firstIndex(where: { $0.contains(step) }) else {
        throw Failure("no \(step) in its place:\n\(own.joined(separator: "\n"))")
      }
      rest = rest[(place + 1)...]
    }
  }

  private static let decode = ["-d", "udp.port==\(boxPort),sip", "-d", "tcp.port==\(boxPort),sip"]

  private func tshark(_ file: String, _ filter: String, _ field: String) throws -> [String] {
    try ChildProcess.run(
      "tshark", ["-r", file, "-Y", filter, "-T", "fields", "-e", field, "-o", "rtp.heuristic_rtp:TRUE"] + Self.decode
    ).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("Running as") }
  }

  /// The call of 101 and 102 with both legs and all of its streams, and nothing of that of 103 and 104.
  fileprivate func checkCapture(_ name: String, invites: Bool) throws {
    let file = workspace.path("captures/\(name).pcap")
    let methods = try tshark(file, "sip.Method", "sip.Method").flatMap { $0.split(separator: ",").map(String.init) }
    // Two of the caller, for the first is challenged, and one to the callee.
    try expect(!invites || methods.filter { $0 == "INVITE" }.count >= 3, "\(name): \(methods)")
    try expect(methods.filter { $0 == "BYE" }.count >= 2, "\(name): \(methods)")
    let users = Set(try tshark(file, "sip", "sip.from.user") + tshark(file, "sip", "sip.to.user"))
    try expect(users.isSubset(of: ["101", "102", "101,101", "102,102"]), "\(name) has others: \(users)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let text = String(decoding: bytes, as: UTF8.self)
    try expect(!invites || text.contains("response=\"xxxx"), "\(name): no credentials, not even without their values")
    for user in ["101", "102"] { try expect(!text.contains(Self.secret(user)), "\(name): a secret") }
    try expect(
      text.range(of: "response=\"[0-9a-f]{8}", options: .regularExpression) == nil, "\(name): a response stands there")
    let times = try tshark(file, "frame", "frame.time_epoch").compactMap(Double.init)
    try expect(times == times.sorted() && times.count > 150, "\(name): out of order")
    let words = binary + ["pcap", file, "--json"]
    let ours =
      try JSONSerialization.jsonObject(
        with: Data(try ChildProcess.run(words[0], Array(words.dropFirst())).utf8)) as? [String: Any]
    let streams = ours?["streams"] as? [[String: Any]] ?? []
    let ports = Set(
      streams.flatMap { [$0["from"], $0["to"]] }.compactMap { ($0 as? String)?.split(separator: ":").last })
    let own = Set(ports.compactMap { Int($0) }.filter { (20000...20999).contains($0) })
    try expect(streams.count == 4 && own.count == 2, "\(name): four streams at two ports, not \(streams)")
    let theirs = try ChildProcess.run("tshark", ["-r", file, "-q", "-z", "rtp,streams"] + Self.decode)
      .split(separator: "\n").count { $0.contains("%)") }
    try expect(!invites || theirs == streams.count, "\(name): tshark has \(theirs) streams")
    report("        \(name): \(methods.count) requests, \(times.count) frames, \(streams.count) streams")
  }
}
