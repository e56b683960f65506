// SIP over TLS and over IPv6: phones, a carrier, certificates that change, and crowds of handshakes.

import Foundation
import Harness

/// How long the box takes for an OPTIONS by UDP while something lasts, in milliseconds, sorted.
private func answerTimes(during isGoing: () -> Bool) throws -> [Double] {
  let socket = try RawSocket(.datagrams, from: "127.0.0.1", to: Site.box)
  var times: [Double] = []
  var number = 0
  while isGoing() {
    number += 1
    let asked = Date()
    socket.send(
      """
      OPTIONS sip:127.0.0.1 SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.1:\(socket.localPort);branch=z9hG4bKtime\(number)\r
      From: <sip:timer@127.0.0.1>;tag=t\r
      To: <sip:127.0.0.1>\r
      Call-ID: time\(number)\r
      CSeq: 1 OPTIONS\r
      Content-Length: 0\r
      \r

      """)
    _ = try socket.receive(containing: "z9hG4bKtime\(number)")
    times.append(Date().timeIntervalSince(asked) * 1000)
    usleep(10_000)
  }
  return times.sorted()
}

private func sip(_ box: Box) throws -> [String: Any] {
  (try box.ask("process") as? [String: Any])?["sip"] as? [String: Any] ?? [:]
}

private func isRegistered(_ trunk: String, _ box: Box) throws -> Bool {
  try box.rows("trunks").contains { $0["trunk"] as? String == trunk && $0["registered"] as? Bool == true }
}

extension Site {
  fileprivate func provider(_ port: Int, tls: String) -> String {
    """
    trunk provider {
      register { server 127.0.0.4:\(port); user 02155550000; secret "carrier-secret"; expires 60s }
      transport tls; channels 4; qualify 0s; domain test.example
    }
    inbound provided { trunk provider; to extension 102 }
    \(tls)
    """
  }

  fileprivate func securePhone(_ user: String, tone: Int, answers: Bool, authority: String) throws -> Baresip {
    try phone(user, tone: tone, answers: answers, box: Self.secureBox) {
      $0.transport = "tls"
      $0.authority = authority
    }
  }
}

let transportCases = [
  Case("tls-phone", "a phone over TLS calls one on UDP and is called by it; whoever verifies the box can") { site in
    let authority = try Authority(site.workspace)
    let box = try site.box(
      site.configuration(extra: Site.secure(try authority.sign("box", "IP:127.0.0.1,DNS:localhost"))))
    try expect(try site.shownCertificate(authority: authority.certificate).contains("CN = box"), "another certificate")
    let secure = try site.securePhone("101", tone: 700, answers: true, authority: authority.certificate)
    let plain = try site.phone("102", tone: 1100, answers: true)
    try expect(
      try box.rows("phones").contains { $0["user"] as? String == "101" && $0["transport"] as? String == "TLS" },
      "101 is not listed with TLS: \(try box.rows("phones"))")
    secure.dial("sip:102@\(Site.secureBox);transport=tls")
    try secure.waitUntilTalking()
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    secure.hangUp()
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    let mark = plain.process.mark
    plain.dial("sip:101@\(Site.box)")
    try plain.waitUntilTalking(after: mark)
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    plain.hangUp()
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    secure.stop()
    plain.stop()
    try expect(try secure.heard().filter { $0.longestTone(1100) >= 1 }.count == 2, "101 did not hear 102 twice")
    try expect(try plain.heard().filter { $0.longestTone(700) >= 1 }.count == 2, "102 did not hear 101 twice")
    try box.stop()
  },
  Case("tls-own-certificate", "without files the box makes a certificate, and shows the same after a restart") { site in
    let box = try site.box(site.configuration(extra: "listen tls \(Site.secureBox)"))
    let first = try site.shownCertificate()
    try expect(first.contains("CN = branchline"), "it shows \(first)")
    box.kill9()
    try box.restart()
    try expect(try site.shownCertificate() == first, "it shows another one")
    try box.stop()
  },
  Case("tls-renewed", "a renewed certificate is shown after SIGHUP; calls go on, and bad files change nothing") {
    site in
    let authority = try Authority(site.workspace)
    let files = try authority.sign("box", "IP:127.0.0.1")
    let box = try site.box(site.configuration(extra: Site.secure(files)))
    let phone = try site.securePhone("102", tone: 1100, answers: true, authority: authority.certificate)
    let voice = try site.voice(port: 18300, tone: 600)
    let caller = try site.call("02155550102", talk: 8000, voice: voice)
    try voice.wait(forTone: 1100, lasting: 0.5)
    let first = try site.shownCertificate()
    _ = try authority.sign("box", "IP:127.0.0.1")
    box.process.signal(SIGHUP)
    try box.wait("the new certificate is shown", seconds: 5) { _ in try site.shownCertificate() != first }
    let second = try site.shownCertificate()
    let mark = box.process.mark
    try site.workspace.write("box.pem", "no certificate")
    box.process.signal(SIGHUP)
    try box.process.wait(for: "tls.certificate", after: mark)
    try expect(try site.shownCertificate() == second, "bad files have changed the certificate")
    try voice.wait(forTone: 1100, lasting: 1, after: voice.mark)
    // It ends with a BYE to the phone, over the connection that it registered on.
    try caller.succeed()
    try phone.process.wait(for: "terminated")
    try expect(try sip(box)["connections"] as? Int == 1, "the phone's connection is not the one: \(try sip(box))")
    try box.stop()
  },
  Case("tls-client-certificates", "where certificates are required, nobody comes in without a good one") { site in
    let (authority, stranger) = (try Authority(site.workspace), try Authority(site.workspace, "stranger"))
    let box = try site.box(
      site.configuration(
        extra: Site.secure(
          try authority.sign("box", "IP:127.0.0.1"),
          more: "client-certificates require; client-authorities \"\(authority.certificate)\"")))
    func connects(_ files: (certificate: String, key: String)?) throws -> Bool {
      let shown = files.map { ["-cert", $0.certificate, "-key", $0.key] } ?? []
      let options =
        "OPTIONS sip:127.0.0.1 SIP/2.0\\r\\nVia: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bKc\\r\\n"
        + "From: <sip:c@127.0.0.1>;tag=c\\r\\nTo: <sip:127.0.0.1>\\r\\nCall-ID: c\\r\\nCSeq: 1 OPTIONS\\r\\n"
        + "Content-Length: 0\\r\\n\\r\\n"
      let text = try ChildProcess.run(
        "/bin/sh",
        ["-c", "(printf '\(options)'; sleep 1) | timeout 3 openssl \"$@\" 2>&1 || true", "sh", "s_client", "-quiet", "-connect"]
          + [Site.secureBox] + shown)
      return text.contains("SIP/2.0 200")
    }
    try expect(try connects(try authority.sign("phone", "DNS:phone")), "a good certificate was refused")
    try expect(try !connects(nil), "somebody came in without a certificate")
    try expect(try !connects(try stranger.sign("other", "DNS:phone")), "somebody came in with a stranger's certificate")
    try expect(try sip(box)["handshakesRefused"] as? Int == 2, "\(try sip(box))")
    try box.stop()
  },
  Case("tls-trunk", "the box registers at Kamailio over TLS, knows it by its certificate, is called, and comes back") {
    site in
    let authority = try Authority(site.workspace)
    let files = try authority.sign("carrier", "URI:sip:test.example")
    func start() throws -> ChildProcess {
      try site.kamailio(port: 15090, user: "02155550000", secret: "carrier-secret", tls: (15091, files))
    }
    let kamailio = try start()
    let box = try site.box(
      site.configuration(
        extra: site.provider(
          15091,
          tls: Site.secure(try authority.sign("box", "IP:127.0.0.1"), more: "authorities \"\(authority.certificate)\""))
      ))
    try box.wait("the trunk is up") { try isRegistered("provider", $0) }
    let phone = try site.phone("102", tone: 1100, answers: true)
    func isCalled() throws {
      let voice = try site.voice(port: 18300, tone: 600)
      let caller = try site.sipp(
        "caller", "call", to: "127.0.0.4:15090", at: .init(address: Site.carrierAddress, port: 15096),
        values: ["to": "02155550000", "from": "13812345678", "talk": "2500", "voice": "\(voice.port)"])
      try voice.wait(forTone: 1100, lasting: 1)
      try caller.succeed()
    }
    try isCalled()
    kamailio.kill9()
    try box.process.wait(for: "trunk.registration-failed", seconds: 20)
    let mark = box.process.mark
    let again = try start()
    try again.wait(for: "registered with SHA-256", seconds: 30)
    try box.wait("the trunk is up again") { try isRegistered("provider", $0) }
    try expect(
      !box.process.output.dropFirst(mark).contains { $0.contains("tls.refused") }, "the certificate was refused")
    phone.stop()
    try box.stop()
  },
  Case("tls-trunk-stranger", "a carrier whose certificate names another, or that nobody trusts, gets no password") {
    site in
    let (authority, stranger) = (try Authority(site.workspace), try Authority(site.workspace, "stranger"))
    for (number, files) in [
      try authority.sign("another", "DNS:other.example,DNS:*.example"),
      try stranger.sign("unknown", "DNS:test.example"),
    ].enumerated() {
      let port = 15092 + number
      let server = try site.program(
        "s_server", "/usr/bin/openssl",
        ["s_server", "-accept", "127.0.0.4:\(port)", "-cert", files.certificate, "-key", files.key, "-naccept", "9"])
      try server.wait(for: "ACCEPT")
      let box = try site.box(
        site.configuration(
          extra: site.provider(
            port,
            tls: Site.secure(
              try authority.sign("box", "IP:127.0.0.1"), more: "authorities \"\(authority.certificate)\""))))
      let line = try box.process.wait(for: "tls.refused")
      try expect(
        line.contains(number == 0 ? "does not name test.example" : "the certificate: "), "it is refused for: \(line)")
      try expect(try !isRegistered("provider", box), "the trunk is up")
      try expect(!server.output.contains { $0.contains("REGISTER") }, "the carrier was sent something")
      try box.stop()
    }
  },
  Case("tls-storm", "while hundreds of TLS handshakes a second are asked for, the box answers others at once") { site in
    let box = try site.box(site.configuration(extra: "listen tls \(Site.secureBox)"))
    let started = Date()
    let quiet = try answerTimes { Date().timeIntervalSince(started) < 1.5 }
    let crowd = try (0..<3).map { number in
      try site.program(
        "crowd\(number)", "nice", ["-n", "19", "openssl", "s_time", "-connect", Site.secureBox, "-new", "-time", "4"])
    }
    let phone = try site.phone("102", tone: 1100, answers: true)
    let voice = try site.voice(port: 18300, tone: 600)
    let caller = try site.call("02155550102", talk: 2000, voice: voice)
    let times = try answerTimes { crowd.contains { $0.isRunning } }
    try caller.succeed()
    phone.stop()
    let counted = try sip(box)
    let handshakes = counted["handshakes"] as? Int ?? 0
    func figures(_ times: [Double]) -> String {
      String(format: "median %.1f ms, 99 %% %.1f ms", times[times.count / 2], times[times.count * 99 / 100])
    }
    report("        \(handshakes) handshakes in 4 s; answers: \(figures(times)); before: \(figures(quiet))")
    try expect(handshakes >= 200, "there was no storm: \(counted)")
    try expect(times[times.count * 95 / 100] < 50, "answers took too long: \(figures(times))")
    try box.stop()
  },
  Case("ipv6-call", "a phone on IPv6 calls one on IPv4 and is called by it; each hears the other") { site in
    let box = try site.box(
      site.configuration(extra: "listen udp [::1]:\(Site.boxPort)\nlisten tcp [::1]:\(Site.boxPort)"))
    let six = try site.phone("101", tone: 700, answers: true, address: "::1", box: "[::1]:\(Site.boxPort)")
    let four = try site.phone("102", tone: 1100, answers: true)
    six.dial("sip:102@[::1]:\(Site.boxPort)")
    try six.waitUntilTalking()
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    six.hangUp()
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    let mark = four.process.mark
    four.dial("sip:101@\(Site.box)")
    try four.waitUntilTalking(after: mark)
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    four.hangUp()
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    six.stop()
    four.stop()
    try expect(try six.heard().filter { $0.longestTone(1100) >= 1 }.count == 2, "101 did not hear 102 twice")
    try expect(try four.heard().filter { $0.longestTone(700) >= 1 }.count == 2, "102 did not hear 101 twice")
    try box.stop()
  },
]
