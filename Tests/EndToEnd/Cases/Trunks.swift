// The world outside: a carrier known by address, one that wants a registration, one that dies.

import Foundation
import Harness

extension Site {
  fileprivate static var otherBranch: Sipp.Place { .init(address: "127.0.0.7", port: 15095, mediaPort: 18000) }

  /// Callers of the queue go to another branch after five seconds.
  fileprivate var toOtherBranch: String {
    configuration(
      queue: "maximum-wait 5s; join always; else branch other 700",
      extra: "trunk other { peer { address 127.0.0.7:15095; sources 127.0.0.7/32 }; channels 4; qualify 0s }")
  }
}

let trunkCases = [
  Case("trunk-in", "a carrier's call reaches an extension by its last digits; both hear") { site in
    let box = try site.box(site.configuration())
    let phone = try site.phone("102", tone: 1100, answers: true)
    let voice = try site.voice(port: 18300, tone: 600)
    let caller = try site.call("02155550102", talk: 2500, voice: voice)
    try voice.wait(forTone: 1100, lasting: 1)
    try caller.succeed()
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    phone.stop()
    try expect(phone.longestTone(600) >= 1, "102 heard \(try phone.longestTone(600)) s of the caller")
    try box.stop()
  },
  Case("trunk-in-unknown", "a number that leads nowhere gets 404") { site in
    let box = try site.box(site.configuration())
    let caller = try site.sipp(
      "caller", "call-refused", at: .init(address: Site.carrierAddress, port: 15082),
      values: ["to": "02199999999", "from": "13812345678", "status": "404"])
    try caller.succeed()
    try box.stop()
  },
  Case("trunk-stranger", "a call from an address that no trunk knows is challenged, not let in") { site in
    let box = try site.box(site.configuration())
    let caller = try site.sipp(
      "caller", "call-refused", at: .init(address: "127.0.0.3", port: 15082),
      values: ["to": "02155550102", "from": "13812345678", "status": "401"])
    try caller.succeed()
    try expect(box.rows("calls").isEmpty, "a call was made")
    try box.stop()
  },
  Case("trunk-out", "an extension dials a mobile number; the carrier sees it, the caller hears the echo") { site in
    let box = try site.box(site.configuration())
    let carrier = try site.sipp(
      "carrier", "answer", to: nil, at: .init(address: Site.carrierAddress, port: Site.carrierPort, mediaPort: 18000),
      values: ["ring": "100", "voice": "18000"], extra: ["-rtp_echo"])
    let phone = try site.phone("101", tone: 700, answers: false)
    phone.dial("sip:13812345678@\(Site.box)")
    try phone.waitUntilTalking()
    Thread.sleep(forTimeInterval: 2.5)  // The length of the recording.
    phone.hangUp()
    try carrier.succeed()
    phone.stop()
    try expect(carrier.trace().contains("INVITE sip:13812345678@"), "the carrier was not asked for the number")
    try expect(phone.longestTone(700) >= 1.5, "the caller heard \(try phone.longestTone(700)) s of the echo")
    try box.stop()
  },
  Case("queue-elsewhere", "who waits too long is taken by another branch, which learns number, queue and wait") {
    site in
    let box = try site.box(site.toOtherBranch)
    let branch = try site.sipp(
      "branch", "answer", to: nil, at: Site.otherBranch, values: ["ring": "100", "voice": "18000"],
      extra: ["-rtp_echo"])
    let voice = try site.voice(port: 18300, tone: 900)
    let caller = try site.call("02155550000", talk: 12_000, voice: voice)
    try box.wait("the caller is there") { try queue($0)["overflowed"] as? Int == 1 }
    try voice.wait(forTone: 900, lasting: 1)
    try caller.succeed()
    try branch.succeed()
    let trace = try branch.trace()
    try expect(trace.contains("INVITE sip:700@127.0.0.7"), "another number was called: \(trace)")
    // To the second either way: call control knows the wall clock to within one.
    try expect(
      (4...6).contains { trace.contains("X-Queue: service;waited=\($0)") }, "the wait is not told: \(trace)")
    try expect(trace.contains("Diversion: \"Service\" <sip:02155550000@"), "the queue is not told: \(trace)")
    try expect(trace.contains("P-Asserted-Identity: \"13812345678\" <sip:13812345678@"), "the caller is not told")
    try box.stop()
  },
  Case("queue-elsewhere-busy", "another branch that is busy: the caller waits on here, and an agent takes the call") {
    site in
    let box = try site.box(site.toOtherBranch)
    let busy = try site.sipp("busy", "answer-busy", to: nil, at: Site.otherBranch)
    let caller = try site.call("02155550000", talk: 25_000)
    try busy.succeed()
    try expect(queue(box)["waiting"] as? Int == 1, "the caller has lost the place")
    _ = try site.agent("101", tone: 700, box: box)
    try box.wait("the agent talks") { try state(of: "101", $0) == "talking" }
    try expect(queue(box)["overflowed"] as? Int == 0, "counted as gone elsewhere")
    try caller.succeed()
    try box.stop()
  },
  Case("trunk-out-refused", "the carrier says busy: so does the box; international is refused at once") { site in
    let box = try site.box(site.configuration())
    let carrier = try site.carrierAnswers("answer-busy")
    let phone = try site.phone("101", tone: 700, answers: false)
    phone.dial("sip:13812345678@\(Site.box)")
    try phone.process.wait(for: "486")
    try carrier.succeed()
    let before = phone.process.mark
    phone.dial("sip:0085223456789@\(Site.box)")
    try phone.process.wait(for: "403", after: before)
    try box.stop()
  },
  Case("trunk-registered", "the box registers at Kamailio with SHA-256 and is called through it") { site in
    let kamailio = try site.kamailio(port: 15090, user: "02155550000", secret: "carrier-secret")
    let box = try site.box(
      site.configuration(
        extra: """
          trunk provider {
            register { server 127.0.0.4:15090; user 02155550000; secret "carrier-secret"; expires 60s }
            channels 4; qualify 0s; domain test.example
          }
          inbound provided { trunk provider; to extension 102 }
          """))
    try box.wait("the trunk is up") { box in
      try box.rows("trunks").contains { $0["trunk"] as? String == "provider" && $0["registered"] as? Bool == true }
    }
    try kamailio.wait(for: "registered with SHA-256")
    let phone = try site.phone("102", tone: 1100, answers: true)
    let voice = try site.voice(port: 18300, tone: 600)
    let caller = try site.sipp(
      "caller", "call", to: "127.0.0.4:15090", at: .init(address: Site.carrierAddress, port: 15096),
      values: ["to": "02155550000", "from": "13812345678", "talk": "2500", "voice": "\(voice.port)"])
    try voice.wait(forTone: 1100, lasting: 1)
    try caller.succeed()
    phone.stop()
    try expect(phone.longestTone(600) >= 1, "102 heard \(try phone.longestTone(600)) s of the caller")
    try box.stop()
  },
  Case(
    "trunk-dead", "a carrier that stops answering OPTIONS is noticed, and noticed again when it is back", isLong: true
  ) {
    site in
    let box = try site.box(
      site.configuration(
        extra: """
          trunk watched { peer { address 127.0.0.5:15095 }; channels 4; qualify 1s }
          """))
    func isUp(_ box: Box) throws -> Bool {
      try box.rows("trunks").contains { $0["trunk"] as? String == "watched" && $0["up"] as? Bool == true }
    }
    try box.wait("the silent trunk is down", seconds: 200) { try !isUp($0) }
    let carrier = try site.sipp(
      "carrier", "options", to: nil, at: .init(address: "127.0.0.5", port: 15095), load: .init(calls: 100_000))
    try box.wait("the answering trunk is up", seconds: 100) { try isUp($0) }
    carrier.stop()
    try box.wait("the dead trunk is down", seconds: 200) { try !isUp($0) }
    try box.stop()
  },
]
