// Callers who wait for an agent.

import Foundation
import Harness

extension Site {
  /// An agent with a phone, logged in by feature code.
  func agent(_ user: String, tone: Int, answers: Bool = true, box: Box) throws -> Baresip {
    let phone = try phone(user, tone: tone, answers: answers)
    phone.dial("sip:*45@\(Self.box)")
    try box.wait("agent \(user) is logged in") { try state(of: user, $0) ?? "logged-out" != "logged-out" }
    // The announcement that says so is heard to its end: in a call a phone does not take another by itself.
    try phone.process.wait(for: "session closed")
    return phone
  }
}

func queue(_ box: Box) throws -> [String: Any] { try box.rows("queues").first ?? [:] }

func state(of agent: String, _ box: Box) throws -> String? {
  try box.rows("agents").first { $0["agent"] as? String == agent }?["state"] as? String
}

let queueCases = [
  Case("queue-answered", "a caller is offered to an agent who takes the call; each hears the other's tone") { site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, box: box)
    let voice = try site.voice(port: 18300, tone: 900)
    let caller = try site.call("02155550000", talk: 5000, voice: voice)
    try box.wait("the agent talks") { try state(of: "101", $0) == "talking" }
    try voice.wait(forTone: 700, lasting: 1)
    try caller.succeed()
    try box.wait("wrap-up is over") { try state(of: "101", $0) == "ready" }
    let counts = try queue(box)
    try expect(counts["answered"] as? Int == 1 && counts["offered"] as? Int == 1, "counted wrongly: \(counts)")
    agent.stop()
    try expect(agent.longestTone(900) >= 1, "the agent heard \(try agent.longestTone(900)) s of the caller")
    try box.stop()
  },
  Case("queue-display", "the agent's display shows the caller's number and the queue") { site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    let caller = try site.call("02155550000", talk: 1500)
    try agent.waitUntilRinging()
    let line = agent.process.output.last { $0.contains("Incoming call") } ?? ""
    try expect(line.contains("Service") && line.contains("13812345678"), "the display shows: \(line)")
    try caller.succeed()
    try box.stop()
  },
  Case("queue-waiting", "a caller who waits hears the place and music; an agent who logs in gets the call") { site in
    let box = try site.box(site.configuration(backOff: "20s"))
    let silent = try site.agent("102", tone: 900, answers: false, box: box)
    let voice = try site.voice(port: 18300, tone: nil)
    let caller = try site.call("02155550000", talk: 9000, voice: voice)
    try silent.waitUntilRinging()
    let waited = voice.mark
    try box.wait("two seconds have been heard") { _ in voice.mark > waited + 2 }
    try expect(voice.heard().loudSeconds > 1, "the caller hears nothing while waiting")
    silent.hangUp()
    _ = try site.agent("101", tone: 700, box: box)
    try voice.wait(forTone: 700, lasting: 0.5, after: voice.mark)
    try caller.succeed()
    try box.stop()
  },
  Case("queue-abandoned", "a caller hangs up while waiting: counted, and no phone rings on") { site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    let caller = try site.call("02155550000", talk: 2000)
    try agent.waitUntilRinging()
    let ringing = agent.process.mark
    try caller.succeed()
    try agent.process.wait(for: "session closed", after: ringing)
    try box.wait("counted as abandoned") { try queue($0)["abandoned"] as? Int == 1 }
    try box.wait("the agent is free again") { try state(of: "101", $0) == "ready" }
    try box.stop()
  },
  Case("queue-nobody", "with nobody logged in the caller goes to the else destination") { site in
    let box = try site.box(site.configuration(queue: "else extension 104"))
    let phone = try site.phone("104", tone: 900, answers: true)
    let caller = try site.call("02155550000", talk: 500)
    try phone.waitUntilTalking()
    try caller.succeed()
    try expect(try queue(box)["answered"] as? Int == 0, "counted as answered by the queue")
    try box.stop()
  },
  Case("queue-maximum-wait", "a caller who waited too long goes to the else destination") { site in
    let box = try site.box(site.configuration(queue: "else extension 104; maximum-wait 2s"))
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    let phone = try site.phone("104", tone: 900, answers: true)
    // The caller first hears that the call goes on to somebody else.
    let caller = try site.call("02155550000", talk: 15_000)
    try agent.waitUntilRinging()
    // Nobody is sent away while an agent's phone rings.
    try box.wait("the longest wait is over") { try queue($0)["longestWaitSeconds"] as? Int ?? 0 >= 2 }
    agent.hangUp()
    try phone.waitUntilTalking()
    try caller.succeed()
    try expect(try queue(box)["overflowed"] as? Int == 1, "not counted as overflowed: \(try queue(box))")
    try box.stop()
  },
  Case("queue-no-answer", "an agent who lets it ring is left alone for a while; another gets the call") { site in
    let box = try site.box(site.configuration(queue: "ring 5s", backOff: "20s"))
    let silent = try site.agent("101", tone: 700, answers: false, box: box)
    let caller = try site.call("02155550000", talk: 7500)
    try silent.waitUntilRinging()
    let ringing = silent.process.mark
    _ = try site.agent("102", tone: 900, box: box)
    try silent.process.wait(for: "session closed", after: ringing)
    try box.wait("102 talks") { try state(of: "102", $0) == "talking" }
    try caller.succeed()
    let count = silent.process.output.count { $0.contains("Incoming call") }
    try expect(count == 1, "the silent agent's phone rang \(count) times")
    try box.stop()
  },
]
