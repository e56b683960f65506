// The supervisor's page: by curl, and in a browser that somebody looks at.

import Foundation
import Harness

private let address = "127.0.0.1:18443"
private let password = "correct horse battery"
/// Of that password, as cheap as it may be.
private let hash = "$argon2id$v=19$m=8,t=1,p=1$wX+BcbOLe6hAx93D3EdlhA$0eysot/xgt0oGkgNBspVZwHegJDfZ2dR/6lSLd4ypGI"

/// One browser, without a screen.
private struct Browser {
  let site: Site
  private var jar: String { site.workspace.path("cookies") }
  private(set) var csrf = ""

  init(_ site: Site) { self.site = site }

  private var always: [String] {
    ["-s", "--max-time", "10", "--cacert", site.workspace.path("branch.conf.revisions/web.pem"), "-b", jar, "-c", jar]
  }

  /// The status and what stands below the headers.
  func get(_ path: String, _ more: [String] = []) throws -> (status: Int, text: String) {
    let answer = try ChildProcess.run(
      "/usr/bin/curl", always + ["-w", "\n%{http_code}"] + more + ["https://\(address)\(path)"])
    let lines = answer.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.isEmpty }
    return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
  }

  func post(_ path: String, _ body: String, csrf: String? = nil) throws -> (status: Int, text: String) {
    let token = csrf.map { ["-H", "X-CSRF-Token: \($0)"] } ?? []
    return try get(path, ["-H", "Content-Type: application/json", "-d", body] + token)
  }

  mutating func logIn(_ word: String = password) throws -> Int {
    let (status, text) = try post("/login", #"{"name":"lee","password":"\#(word)"}"#)
    let session = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    csrf = session?["csrf"] as? String ?? ""
    return status
  }

  /// What the box tells as it happens.
  func watch() throws -> ChildProcess {
    let child = try ChildProcess("events", "/usr/bin/curl", ["-sN", "-k", "-b", jar, "https://\(address)/events"])
    site.add(child)
    return child
  }
}

extension Site {
  fileprivate func boxWithPage() throws -> Box {
    let page = "web { listen \(address); metrics-from 127.0.0.1 }"
    let user = "user lee { role supervisor; password \"\(hash)\"; language en }"
    let box = try box(configuration(extra: user + "\n" + page))
    // Under an emulator a program cannot start itself.
    if binary.count > 1 {
      let certificate = workspace.path("branch.conf.revisions/web.pem")
      let words = ["web", workspace.path("control.sock"), address, "own", certificate, "127.0.0.1"]
      add(try ChildProcess("web", binary[0], Array(binary.dropFirst()) + words))
    }
    try box.wait("the page is there", seconds: 30) { _ in (try? Browser(self).get("/"))?.status == 200 }
    return box
  }
}

/// What the page's process may still do: nothing that its takers could use.
private func checkConfinement(_ box: Box) throws {
  let said = try box.process.wait(for: "confined by no-new-privs, ", seconds: 5)
  try expect(said.contains("seccomp, not root"), "it is not confined: \(said)")
  // A kernel may have been built without it; then a technician is told.
  if !said.contains("landlock") { try box.process.wait(for: "does not confine it by landlock", seconds: 5) }
  guard let number = try web(box)["process"] as? Int else { throw Failure("no process: \(try web(box))") }
  func facts(of path: String) throws -> [String: String] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    return Dictionary(
      lines.map { line in
        let words = line.split(whereSeparator: { $0 == ":" || $0 == "\t" || $0 == " " })
        return (String(words.first ?? ""), words.dropFirst().joined(separator: " "))
      }, uniquingKeysWith: { first, _ in first })
  }
  let status = try facts(of: "/proc/\(number)/status")
  for (name, value) in [
    ("NoNewPrivs", "1"), ("Seccomp", "2"), ("CapEff", "0000000000000000"), ("CapPrm", "0000000000000000"),
    ("CapAmb", "0000000000000000"), ("Groups", ""),
  ] { try expect(status[name] == value, "\(name) of the page's process: \(status[name] ?? "none")") }
  if getuid() == 0 { try expect(status["Uid"] == "65534 65534 65534 65534", "its user: \(status["Uid"] ?? "none")") }
  // What it holds open: nothing of the daemon's but the way there.
  let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/fd").compactMap {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/fd/\($0)")
  }
  try expect(open.allSatisfy { !$0.hasPrefix("/") || $0 == "/dev/null" }, "it has open: \(open)")
}

private func web(_ box: Box) throws -> [String: Any] {
  (try box.ask("process") as? [String: Any])?["web"] as? [String: Any] ?? [:]
}

let webCases = [
  Case(
    "web", "the supervisor's page by curl: log-in, what changes comes by itself, a callback is cancelled, metrics"
  ) { site in
    let box = try site.boxWithPage()
    var browser = Browser(site)
    try expect(try browser.get("/").text.contains("page.js"), "the page is another")
    let rights = try FileManager.default.attributesOfItem(atPath: site.workspace.path("branch.conf.revisions/web.pem"))
    try expect(rights[.posixPermissions] as? Int == 0o600, "the key can be read: \(rights)")
    try expect(try browser.get("/events").status == 401, "a stranger may watch")
    if site.binary.count == 1 { try checkConfinement(box) }
    try expect(try browser.logIn("wrong") == 401, "a wrong password is good")
    try expect(try browser.logIn() == 200, "nobody can log in")

    let events = try browser.watch()
    try events.wait(for: "event: callbacks", seconds: 10)
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    try events.wait(for: #""agent":"101","name":"Li Lei","state":"ready""#, seconds: 10)
    try site.askForCallback().succeed()
    try events.wait(for: #""number":"+86*******5678""#, seconds: 10)
    try expect(!events.output.contains { $0.contains("13812345678") }, "a customer's number is shown")

    let id = try callbacks(box).first?["callback"] as? Int ?? 0
    let order = #"{"act":"callback cancel","subject":"\#(id)"}"#
    try expect(try browser.post("/order", order).status == 403, "an order needs no token")
    try expect(callbacks(box).count == 1, "it was done all the same")
    try expect(try browser.post("/order", order, csrf: browser.csrf).status == 200, "the order is refused")
    try box.wait("the callback is cancelled") { try callbacks($0).isEmpty }
    try expect(try browser.post("/order", order, csrf: browser.csrf).status == 409, "it was cancelled twice")
    let audit = try box.rows("audit")
    try expect(
      audit.contains { $0["by"] as? String == "lee@127.0.0.1" && $0["act"] as? String == "cancel-callback" },
      "audit: \(audit)")

    let metrics = try browser.get("/metrics").text.split(separator: "\n")
    for line in [
      #"branchline_queue_callbacks_taken_total{queue="service"} 1"#, #"branchline_trunk_up{trunk="carrier"} 1"#,
      "branchline_web_watching 1",
    ] { try expect(metrics.contains { $0 == line }, "no line \(line) in the metrics") }
    agent.stop()
    try box.stop()
  },
  Case(
    "web-killed", "the page's process is killed: calls go on, it is back, and nobody is logged in any more",
    emulatorLacks: "way for a program to start itself"
  ) { site in
    let box = try site.boxWithPage()
    var browser = Browser(site)
    try expect(try browser.logIn() == 200, "nobody can log in")
    let agent = try site.agent("101", tone: 700, box: box)
    let voice = try site.voice(port: 18300, tone: 900)
    let caller = try site.call("02155550000", talk: 6000, voice: voice)
    try agent.waitUntilTalking()
    guard let number = try web(box)["process"] as? Int, kill(pid_t(number), SIGKILL) == 0 else {
      throw Failure("the page's process is unknown: \(try web(box))")
    }
    try box.wait("another is there", seconds: 10) { try web($0)["starts"] as? Int == 2 }
    try box.wait("it answers", seconds: 10) { _ in (try? browser.get("/session"))?.text == #"{"user":null}"# }
    let call = try box.rows("calls").first { $0["state"] as? String == "talking" }
    try expect(
      call?["lost"] as? Int == 0 && call?["jitterMilliseconds"] as? Int ?? 999 < 100, "the call's sound: \(call ?? [:])"
    )
    try caller.succeed()
    try box.stop()
  },
  Case(
    "web-renewed", "a certificate that was renewed under its name is taken with SIGHUP, one that was not stays",
    emulatorLacks: "way for a program to start itself"
  ) { site in
    let files = ["certificate", "key"].map { site.workspace.path($0 + ".pem") }
    func renew() throws {
      _ = try ChildProcess.run(
        "/usr/bin/openssl",
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
          + ["-subj", "/CN=box", "-out", files[0], "-keyout", files[1]])
    }
    try renew()
    let page = "web { listen \(address); certificate \"\(files[0])\"; key \"\(files[1])\" }"
    let box = try site.box(site.configuration(extra: page))
    try box.wait("the page is there", seconds: 30) { try web($0)["fingerprint"] is String }
    let first = try web(box)["fingerprint"] as? String
    box.process.signal(SIGHUP)
    _ = try box.ask("status")
    try renew()
    box.process.signal(SIGHUP)
    try box.wait("it shows another", seconds: 10) {
      let shown = try web($0)["fingerprint"] as? String
      return shown != nil && shown != first
    }
    try expect(try web(box)["starts"] as? Int == 2, "it was started \(try web(box))")
    try box.stop()
  },
  Case(
    "web-hostile", "who connects to the page and says nothing, or rubbish, is cut off; a call is not touched",
    isLong: true
  ) { site in
    let box = try site.boxWithPage()
    let (_, voice, caller) = try site.callUnderWatch(box, talk: 30_000)
    let before = try web(box)["process"] as? Int
    let plain = try RawSocket(.stream, from: "127.0.0.66", to: address)
    plain.send("GET / HTTP/1.1\r\nHost: box\r\n\r\n")
    try expect(plain.isClosed(within: 5), "the page is there without TLS")
    var random = Random(seed: 11)
    for _ in 0..<100 {
      let junk = try RawSocket(.stream, from: "127.0.0.66", to: address)
      junk.send(random.bytes(1 + Int(random.next() % 3_000)))
    }
    // One stranger has no more than a part of the room, and many make room for who has something to say.
    func isThere() throws -> Bool { (try? Browser(site).get("/", ["--max-time", "3"]))?.status == 200 }
    func connect(_ host: Int, _ count: Int) throws -> [RawSocket] {
      try (0..<count).map { _ in try RawSocket(.stream, from: "127.0.0.\(host)", to: address) }
    }
    let silent = try connect(66, 40)
    try box.process.wait(for: "too many of one address", seconds: 5)
    try expect(try isThere(), "forty of one address keep others out")
    try expect(silent[0].isClosed(within: 1), "the oldest of them stays")
    let crowd = try (70..<78).flatMap { try connect($0, 8) }
    try box.process.wait(for: "others needed the room", seconds: 5)
    for _ in 0..<5 { try expect(try isThere(), "sixty-four of eight addresses keep others out") }
    try expect(crowd[63].isClosed(within: 20), "who says nothing stays")
    let metrics = try Browser(site).get("/metrics").text.split(separator: "\n")
    for name in ["crowded", "displaced", "full", "expired"] {
      try expect(
        metrics.contains { $0.hasPrefix("branchline_web_connections_\(name)_total ") && !$0.hasSuffix(" 0") },
        "\(name): \(metrics.filter { $0.contains("connections_") })")
    }
    try voice.wait(forTone: 1100, lasting: 1, after: voice.mark)
    if site.binary.count == 1 { try expect(try web(box)["process"] as? Int == before, "the page's process has died") }
    try caller.succeed()
    try box.stop()
  },
  Case(
    "web-chromium",
    "a supervisor at the page in Chromium: a caller appears, a callback is cancelled, the box goes away",
    isLong: true
  ) { site in
    let box = try site.boxWithPage()
    _ = try site.agent("101", tone: 700, answers: false, box: box)
    let script = Site.root.appendingPathComponent("Tests/EndToEnd/Web/page.py").path
    let python = ProcessInfo.processInfo.environment["BRANCHLINE_PLAYWRIGHT"] ?? ""
    let supervisor = try site.program(
      "supervisor", python, [script, "https://\(address)/", "lee", password, site.workspace.url.path])
    try supervisor.wait(for: "watching", seconds: 60)
    let customer = try site.askForCallback(listening: 4_000)
    try supervisor.wait(for: "waiting", seconds: 30)
    try customer.succeed()
    try supervisor.wait(for: "cancelled", seconds: 60)
    try expect(callbacks(box).isEmpty, "it was not cancelled")
    try supervisor.wait(for: "stop", seconds: 30)
    box.kill9()
    try supervisor.wait(for: "start", seconds: 60)
    try box.restart()
    try supervisor.wait(for: "crowd", seconds: 90)
    var others = Browser(site)
    try expect(try others.logIn() == 200, "nobody can log in")
    let watchers = try (0..<8).map { _ in try others.watch() }
    for watcher in watchers { try watcher.wait(for: "event: status", seconds: 10) }
    _ = try site.workspace.write("crowded", "")
    try supervisor.wait(for: "leave", seconds: 30)
    for watcher in watchers { watcher.kill9() }
    let code = try supervisor.waitForExit(seconds: 90)
    try expect(code == 0, "the supervisor's story went otherwise:\n" + supervisor.output.joined(separator: "\n"))
    try box.stop()
  },
]
