// Calls between phones: what is heard, hold, refusals, digits.

import Foundation
import Harness

let callCases = [
  Case("call-tone", "baresip calls baresip: each hears the other's tone, the display shows the caller") { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 700, answers: false)
    let callee = try site.phone("102", tone: 1100, answers: true)
    try talk(caller, callee, box: box, dialling: "102", callerTone: 700, calleeTone: 1100)
    try expect(
      callee.process.output.contains { $0.contains("answering call") && $0.contains("sip:101@") },
      "the callee does not see who calls")
    try box.stop()
  },
  Case("call-transcoded", "one phone speaks PCMU, the other PCMA") { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 500, answers: false)
    let callee = try site.phone("102", tone: 900, answers: true) { $0.codec = "PCMA" }
    try talk(caller, callee, box: box, dialling: "102", callerTone: 500, calleeTone: 900)
    try expect(
      callee.process.output.contains { $0.contains("Set audio decoder: PCMA") }
        && caller.process.output.contains { $0.contains("Set audio decoder: PCMU") },
      "the codecs are not those that were asked for")
    try box.stop()
  },
  Case("call-tcp", "a call between a phone on TCP and one on UDP") { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 700, answers: false) { $0.transport = "tcp" }
    let callee = try site.phone("102", tone: 1100, answers: true)
    try talk(caller, callee, box: box, dialling: "102", callerTone: 700, calleeTone: 1100)
    try box.stop()
  },
  Case("call-to-tcp", "a call to a phone that registered over TCP") { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 700, answers: false)
    let callee = try site.phone("102", tone: 1100, answers: true) { $0.transport = "tcp" }
    try talk(caller, callee, box: box, dialling: "102", callerTone: 700, calleeTone: 1100)
    try box.stop()
  },
  Case("call-hold", "hold by re-INVITE: the held side hears music, then the talker again") { site in
    let box = try site.box(site.configuration())
    let talker = try site.phone("101", tone: 700, answers: true)
    let ear = try site.voice(port: 18300, tone: nil)
    let held = try site.call("02155550101", talk: 7000, voice: ear)
    try ear.wait(forTone: 700, lasting: 0.5)
    let beforeHold = box.process.mark
    talker.command("/hold")
    try box.process.wait(for: "call.held", after: beforeHold)
    let holdBegan = ear.mark
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    let music = ear.heard().window(holdBegan + 0.3, 1.5)
    talker.command("/resume")
    try box.process.wait(for: "call.resumed", after: beforeHold)
    try ear.wait(forTone: 700, lasting: 0.8, after: ear.mark)
    try held.succeed()
    try expect(music.loudSeconds > 1 && music.toneSeconds(700) == 0, "no music: \(music.loudSeconds) s of sound")
    try box.stop()
  },
  Case("call-busy", "the callee refuses: the caller gets 486") { site in
    let box = try site.box(site.configuration())
    let callee = try site.phone("102", tone: 1100, answers: false)
    let caller = try site.phone("101", tone: 700, answers: false)
    caller.dial("sip:102@\(Site.box)")
    try callee.waitUntilRinging()
    callee.hangUp()
    try caller.process.wait(for: "486")
    try box.wait("no call is left") { try $0.rows("calls").isEmpty }
    try box.stop()
  },
  Case("call-cancelled", "the caller gives up: the callee stops ringing") { site in
    let box = try site.box(site.configuration())
    let callee = try site.phone("102", tone: 1100, answers: false)
    let caller = try site.phone("101", tone: 700, answers: false)
    caller.dial("sip:102@\(Site.box)")
    try callee.waitUntilRinging()
    let ringing = callee.process.mark
    caller.hangUp()
    try callee.process.wait(for: "session closed", after: ringing)
    try box.wait("no call is left") { try $0.rows("calls").isEmpty }
    try box.stop()
  },
  Case("call-unreachable", "a phone that is not registered: the caller gets 480, or hears so") { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 700, answers: false)
    caller.dial("sip:104@\(Site.box)")
    try caller.process.wait(for: "480")
    try box.wait("no call is left") { try $0.rows("calls").isEmpty }
    try box.stop()
  },
  Case("digits", "digits reach the other phone, both ways: RFC 4733 events from one, INFO from the other") { site in
    let box = try site.box(site.configuration())
    let caller = try site.phone("101", tone: 700, answers: false)
    let callee = try site.phone("102", tone: 1100, answers: true) { $0.digitsByInfo = true }
    caller.dial("sip:102@\(Site.box)")
    try caller.waitUntilTalking()
    for digit in "59" {
      let before = callee.process.mark
      caller.press(digit)
      try callee.process.wait(for: "received event: '\(digit)' (end=1)", after: before)
    }
    for digit in "37" {
      let before = caller.process.mark
      callee.press(digit)
      try caller.process.wait(for: "received event: '\(digit)' (end=1)", after: before)
    }
    for phone in [caller, callee] {
      let count = phone.process.output.count { $0.contains("received event") && $0.contains("end=1") }
      try expect(count == 2, "\(phone.process.name) saw \(count) digits, not 2")
    }
    caller.hangUp()
    try box.process.wait(for: "call.ended")
    try box.stop()
  },
]

/// Lets two phones talk until both have heard two seconds of the other's tone.
private func talk(
  _ caller: Baresip, _ callee: Baresip, box: Box, dialling number: String, callerTone: Double, calleeTone: Double
) throws {
  caller.dial("sip:\(number)@\(Site.box)")
  try caller.waitUntilTalking()
  Thread.sleep(forTimeInterval: 3)  // The length of the recording.
  caller.hangUp()
  try box.process.wait(for: "call.ended")
  caller.stop()
  callee.stop()
  let (atCaller, atCallee) = (try caller.longestTone(calleeTone), try callee.longestTone(callerTone))
  try expect(atCaller >= 2, "the caller heard \(atCaller) s of \(calleeTone) Hz")
  try expect(atCallee >= 2, "the callee heard \(atCallee) s of \(callerTone) Hz")
}
