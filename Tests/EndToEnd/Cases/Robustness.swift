// Cases of what nobody wishes for: load, rubbish, wrong configurations, full and damaged disks, shutdowns.

import Foundation
import Harness

extension Site {
  /// A customer's call to extension 102 that is up, each side hearing the other.
  func callUnderWatch(_ box: Box, talk: Int) throws -> (phone: Baresip, voice: Voice, caller: Sipp) {
    let phone = try phone("102", tone: 1100, answers: true)
    // Any port that is free: the one of the case before may not be yet.
    let voice = try voice(port: try RawSocket(.datagrams, from: Self.carrierAddress).localPort, tone: 600)
    let caller = try call("02155550102", talk: talk, voice: voice)
    try voice.wait(forTone: 1100, lasting: 0.5)
    return (phone, voice, caller)
  }

  /// A call that comes and is answered now.
  fileprivate func callsWork(_ box: Box) throws {
    let mark = box.process.mark
    let (phone, voice, caller) = try callUnderWatch(box, talk: 800)
    try caller.succeed()
    try box.process.wait(for: "call.ended", after: mark)
    phone.stop()
    voice.stop()
  }

  fileprivate func refused(_ status: Int, port: Int) throws {
    try sipp(
      "refused\(port)", "call-refused", at: .init(address: Self.carrierAddress, port: port),
      values: ["to": "02155550102", "from": "13812345679", "status": "\(status)"]
    ).succeed()
  }

  fileprivate func register(_ user: String, port: Int, succeeds: Bool = true) throws {
    let line = "SEQUENTIAL\n\(user);[authentication username=\(user) password=\(Self.secret(user))]\n"
    try sipp("phone\(user)-\(port)", succeeds ? "register" : "register-refused", at: .init(port: port), fields: line)
      .succeed()
  }

  fileprivate func rewrite(_ configuration: String) throws { try workspace.write("branch.conf", configuration) }
}

private func counter(_ name: String, of group: String? = nil, _ box: Box) throws -> Int {
  let all = try box.ask("counters") as? [String: Any] ?? [:]
  let part = group.map { all[$0] as? [String: Any] ?? [:] } ?? all
  guard let number = part[name] as? Int else { throw Failure("there is no counter \(name): \(all)") }
  return number
}

private func nothingIsLeft(_ box: Box) throws {
  try box.wait("no call, leg or stream is left") {
    try $0.rows("calls").isEmpty && counter("legs", of: "signalling", $0) == 0 && counter("streams", $0) == 0
  }
}

/// Where the log or the check says that something is wrong: `line:column` of each.
private func places(_ text: String, in file: String) -> [String] {
  text.split(whereSeparator: \.isNewline).compactMap { line in
    guard let start = line.range(of: file + ":") else { return nil }
    let parts = line[start.upperBound...].split(separator: ":")
    guard parts.count > 2, Int(parts[0]) != nil, Int(parts[1]) != nil else { return nil }
    return "\(parts[0]):\(parts[1])"
  }
}

let robustnessCases =
  [
    Case("concurrent-50", "50 calls at once all succeed, three of them heard to speak; nothing is left of them") {
      site in
      let box = try site.box(site.configuration())
      try site.register("102", port: 15101)
      _ = try site.sipp(
        "answering", "answer", to: nil, at: .init(port: 15101, mediaPort: 18000), load: .init(calls: 47),
        values: ["ring": "100", "voice": "18000"])
      var voices: [Voice] = []
      var callers: [Sipp] = []
      for (index, user) in ["101", "103", "104"].enumerated() {
        _ = try site.phone(user, tone: 500 + 200 * index, answers: true)
        let voice = try site.voice(port: 18300 + index * 2, tone: nil)
        voices.append(voice)
        callers.append(
          try site.sipp(
            "caller\(user)", "call", at: .init(address: Site.carrierAddress, port: 15150 + index),
            values: ["to": "02155550\(user)", "from": "13812345678", "talk": "6000", "voice": "\(voice.port)"]))
      }
      let crowd = try site.sipp(
        "crowd", "call", at: .init(address: Site.carrierAddress, port: 15082, mediaPort: 18200),
        load: .init(calls: 47, rate: 50, atOnce: 47),
        values: ["to": "02155550102", "from": "13812345678", "talk": "4000", "voice": "18200"])
      try box.wait("50 calls are answered") { try $0.rows("calls").count { $0["answered"] as? Bool == true } == 50 }
      for (index, voice) in voices.enumerated() {
        try voice.wait(forTone: Double(500 + 200 * index), lasting: 1, after: voice.mark)
      }
      for sipp in callers + [crowd] { try sipp.succeed() }
      try nothingIsLeft(box)
      try expect(counter("answered", box) == 50, "answered: \(try counter("answered", box))")
      try box.stop()
    },
    Case("malformed-datagrams", "rubbish over UDP is counted, answered 400 where it can be, and no call is touched") {
      site in
      let box = try site.box(site.configuration())
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 6000)
      let before = try counter("malformed", of: "signalling", box)
      let seed = UInt64(Date().timeIntervalSince1970)
      report("        seed \(seed)")
      try throwDatagrams(seed: seed)
      try expect(
        counter("malformed", of: "signalling", box) >= before + 100,
        "only \(try counter("malformed", of: "signalling", box)) were counted")
      let trunk = try RawSocket(.datagrams, from: Site.carrierAddress, to: Site.box)
      trunk.send(invite(from: Site.carrierAddress, trunk.localPort, body: "v=0\r\no=nonsense\r\nm=audio x RTP\r\n"))
      let answer = try trunk.receive(containing: "SIP/2.0 4")
      try expect(
        answer.hasPrefix("SIP/2.0 400") || answer.hasPrefix("SIP/2.0 488"), "a bad offer got: \(answer.prefix(60))")
      try voice.wait(forTone: 1100, lasting: 0.5, after: voice.mark)
      try caller.succeed()
      try box.stop()
    },
    Case("malformed-streams", "rubbish and slowness over TCP cost the sender its connection and nobody else anything") {
      site in
      let box = try site.box(site.configuration())
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 6000)
      let junk = try RawSocket(.stream, from: "127.0.0.66", to: Site.box)
      var random = Random(seed: 7)
      for _ in 0..<50 where junk.send(random.bytes(4096)) {}
      try expect(junk.isClosed(within: 5), "a stream of rubbish stays open")
      let endless = try RawSocket(.stream, from: "127.0.0.66", to: Site.box)
      endless.send("REGISTER sip:x SIP/2.0\r\n")
      for _ in 0..<100 where endless.send("X-Filler: " + String(repeating: "a", count: 4000) + "\r\n") {}
      try expect(endless.isClosed(within: 5), "a head without an end stays open")
      let slow = try (0..<80).map { _ in try RawSocket(.stream, from: "127.0.0.66", to: Site.box) }
      for socket in slow { socket.send("REGISTER sip:x SIP/2.0\r\nVia: ") }
      // A socket that nobody needs any more is closed.
      try withExtendedLifetime(slow) {
        try box.wait("connections beyond the limit of one source are refused") {
          try counter("connectionsRefused", of: "signalling", $0) >= 80 - 64
        }
      }
      var place = Sipp.Place(port: 15111)
      place.transport = "t1"
      try site.sipp(
        "phone", "register", at: place,
        fields: "SEQUENTIAL\n101;[authentication username=101 password=\(Site.secret("101"))]\n"
      ).succeed()
      try voice.wait(forTone: 1100, lasting: 0.5, after: voice.mark)
      try caller.succeed()
      try expect(counter("connectionsHostile", of: "signalling", box) >= 1, "no connection is counted as hostile")
      try box.stop()
    },
    Case("slow-stream", "a message over TCP that takes longer than half a minute is not waited for", isLong: true) {
      site in
      let box = try site.box(site.configuration())
      let slow = try RawSocket(.stream, from: "127.0.0.66", to: Site.box)
      let started = Date()
      var head = invite(from: "127.0.0.66", slow.localPort).utf8.makeIterator()
      while Date().timeIntervalSince(started) < 60, let byte = head.next(), slow.send([byte]) { usleep(200_000) }
      let took = Date().timeIntervalSince(started)
      try expect((25...40).contains(took), "the connection was closed after \(took) s")
      try expect(counter("connectionsExpired", of: "signalling", box) == 1, "not counted as expired")
      try box.stop()
    },
    Case("flood", "5,000 REGISTERs with wrong passwords: the source is blocked, a call and another phone are not") {
      site in
      let box = try site.box(site.configuration())
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 8000)
      let socket = try RawSocket(.datagrams, from: "127.0.0.66", to: Site.box)
      socket.send(registration(socket.localPort, number: 0, nonce: nil))
      let challenge = try socket.receive(containing: "401")
      guard let start = challenge.range(of: "nonce=\""), let end = challenge[start.upperBound...].firstIndex(of: "\"")
      else { throw Failure("no challenge: \(challenge)") }
      let nonce = String(challenge[start.upperBound..<end])
      let during = voice.mark
      for number in 1...5000 {
        socket.send(registration(socket.localPort, number: number, nonce: nonce))
        if number % 20 == 0 { usleep(2000) }
      }
      try voice.wait(forTone: 1100, lasting: 1, after: during)
      try site.register("101", port: 15101)
      try expect(counter("blockedSources", of: "signalling", box) >= 1, "the source is not blocked")
      let (failed, unheard) = try (
        counter("failedAuthentications", of: "signalling", box), counter("requestsOfBlocked", of: "signalling", box)
      )
      // On a busy machine the kernel drops many before anybody is asked.
      try expect(failed <= 60 && unheard > 1000, "\(failed) were judged, \(unheard) not listened to")
      try expect(box.rows("phones").count == 2, "somebody else is registered: \(try box.rows("phones"))")
      try caller.succeed()
      try box.stop()
    },
    Case("configuration-wrong", "check and run say every error with its line and column; run does not listen") { site in
      let wrong = site.configuration(
        extra: "extension 1x1 { secret \"eight-chars\" }\ntrunk t { chanels 4 }\nnonsense 5\n")
      let file = try site.workspace.write("branch.conf", wrong)
      let lines = wrong.split(separator: "\n", omittingEmptySubsequences: false)
      let expected = ["extension 1x1", "chanels", "nonsense"].map { word in
        String((lines.firstIndex { $0.contains(word) } ?? -9) + 1) + ":"
      }
      for command in [["check", file], ["run", "--config", file]] {
        let arguments = site.binary + command
        let (status, output) = try ChildProcess.end(arguments[0], Array(arguments.dropFirst()), seconds: 10)
        try expect(status == 1, "\(command[0]) ended with \(status)")
        let found = places(output, in: file)
        for line in expected {
          try expect(found.contains { $0.hasPrefix(line) }, "\(command[0]) says nothing of line \(line)\n\(output)")
        }
      }
      // Whoever listened there would have taken the port.
      _ = try RawSocket(.datagrams, from: "127.0.0.1", port: Site.boxPort)
    },
    Case("reload", "SIGHUP applies a good file, keeps the old one instead of a bad one, and touches no call") { site in
      let box = try site.box(site.configuration())
      try site.register("105", port: 15105, succeeds: false)
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 7000)
      try site.rewrite(site.configuration(extra: "extension 105 { secret \"\(Site.secret("105"))\" }"))
      box.process.signal(SIGHUP)
      try box.process.wait(for: "config.applied")
      try site.register("105", port: 15106)
      let bad = site.configuration(extra: "extension 106 { secret \"\(Site.secret("106"))\"; colour blue }")
      try site.rewrite(bad)
      let line =
        1 + (bad.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("colour") } ?? -9)
      let mark = box.process.mark
      box.process.signal(SIGHUP)
      try box.process.wait(for: "config.kept", after: mark)
      let problem = try box.process.wait(for: "config.problem", after: mark)
      try expect(problem.contains("line \(line), column"), "the place is not told: \(problem)")
      try site.register("105", port: 15107)
      try site.register("106", port: 15108, succeeds: false)
      try voice.wait(forTone: 1100, lasting: 0.5, after: voice.mark)
      try caller.succeed()
      try box.stop()
    },
    Case("shutdown-waits", "SIGTERM with a call up: new ones get 503, the call goes on to its end, exit status 0") {
      site in
      let box = try site.box(site.configuration(limits: "shutdown 20s"))
      let (_, voice, caller) = try site.callUnderWatch(box, talk: 4000)
      box.process.signal(SIGTERM)
      try box.process.wait(for: "shutdown")
      try site.refused(503, port: 15084)
      try voice.wait(forTone: 1100, lasting: 0.5, after: voice.mark)
      try caller.succeed()
      let status = try box.process.waitForExit(seconds: 5)
      try expect(status == 0, "ended with \(status)")
    },
    Case("shutdown-bound", "SIGTERM with an endless call: it is hung up when the bound has passed, exit status 0") {
      site in
      let box = try site.box(site.configuration(limits: "shutdown 2s"))
      let (phone, voice, caller) = try site.callUnderWatch(box, talk: 60_000)
      let mark = phone.process.mark
      let asked = Date()
      box.process.signal(SIGTERM)
      try voice.wait(forTone: 1100, lasting: 0.5, after: voice.mark)
      try phone.process.wait(for: "session closed", after: mark)
      try box.wait("the caller is hung up") { _ in caller.trace().contains("BYE sip:13812345678@") }
      let took = Date().timeIntervalSince(asked)
      try expect(took >= 2, "the call was ended after \(took) s")
      let status = try box.process.waitForExit(seconds: 8)
      try expect(status == 0, "ended with \(status)")
    },
    Case(
      "disk-full", "a full disk: a callback is refused and an alarm raised, calls go on; with room again it is promised"
    ) {
      site in
      let disk = site.workspace.path("disk")
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
      try ChildProcess.run("mount", ["-t", "tmpfs", "-o", "size=2m", "none", disk])
      site.undo { _ = try? ChildProcess.run("umount", ["-l", disk]) }
      let box = try site.box(site.configuration(database: disk + "/branch.db"))
      _ = try site.agent("101", tone: 700, answers: false, box: box)
      try fill(disk + "/filler")
      let refused = try site.askForCallback()
      try box.process.wait(for: "callback.not-written", seconds: 20)
      let refusal = try box.process.wait(for: "callback.refused")
      try expect(refusal.contains("storage"), "refused for another reason: \(refusal)")
      let alarm = try box.process.wait(for: "storage.failed")
      try expect(alarm.contains(" alarm "), "not an alarm: \(alarm)")
      try expect(callbacks(box).isEmpty, "a callback is kept in memory alone: \(try callbacks(box))")
      try expect(try queue(box)["waiting"] as? Int == 1, "the caller does not wait any more")
      refused.stop()
      try site.callsWork(box)
      try FileManager.default.removeItem(atPath: disk + "/filler")
      try site.askForCallback(from: "13812345679", index: 1).succeed()
      try expect(callbacks(box).count == 1, "no callback with room on the disk")
      box.kill9()
      try box.restart()
      try expect(callbacks(box).count == 1, "the callback did not survive")
      try box.stop()
    },
    Case("disk-damaged", "a database of rubbish, or cut short, is set aside with an alarm, and calls work") { site in
      let path = site.workspace.path("branch.db")
      var box = try site.box(site.configuration())
      _ = try site.agent("101", tone: 700, answers: false, box: box)
      try site.askForCallback().succeed()
      for damage in ["rubbish", "cut"] {
        try box.stop()
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var random = Random(seed: 11)
        if damage == "rubbish" { bytes = random.bytes(bytes.count) } else { bytes.removeLast(bytes.count / 2) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        box = try site.box(site.configuration())
        let alarm = try box.process.wait(for: "storage.damaged")
        try expect(alarm.contains(" alarm "), "not an alarm: \(alarm)")
        try site.callsWork(box)
      }
      let aside = try FileManager.default.contentsOfDirectory(atPath: site.workspace.url.path)
        .filter { $0.hasPrefix("branch.db.damaged-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
      try expect(aside.count == 2, "set aside: \(aside)")
      try box.stop()
    },
  ] + killingCases

/// Writes until there is no room.
private func fill(_ path: String) throws {
  try Data().write(to: URL(fileURLWithPath: path))
  let descriptor = open(path, O_WRONLY)
  defer { close(descriptor) }
  let block = [UInt8](repeating: 0x5A, count: 4096)
  while write(descriptor, block, block.count) > 0 {}
  try expect(errno == ENOSPC, "the disk does not fill: \(errno)")
}
