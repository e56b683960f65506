// Callbacks: asked for by key, kept over kill -9, dialled once.

import Foundation
import Harness

/// How a customer's phone sends digits.
enum DigitWay: String {
  case events = "ask-callback"
  case info = "ask-callback-info"
}

extension Site {
  /// A customer who waits, presses 1 and confirms with 1, hears goodbye and is hung up.
  /// - Parameter listening: milliseconds until the first key.
  func askForCallback(
    from number: String = "13812345678", by way: DigitWay = .events, index: Int = 0, listening: Int = 700
  ) throws -> Sipp {
    let port = 15200 + index * 2
    return try sipp(
      "customer\(index)", way.rawValue,
      at: .init(address: Self.carrierAddress, port: port, mediaPort: 18400 + index * 4),
      values: [
        "to": "02155550000", "from": number, "voice": "\(18400 + index * 4)", "listen": "\(listening)",
        "confirm": "1500",
      ])
  }
}

/// The agent's phone rings and the agent takes it; the customer is dialled.
/// - Parameter count: it is so manieth call after `mark`: the customer's own, which rings until the callback is promised,
///   comes before.
func answerOffer(_ agent: Baresip, after mark: Int = 0, count: Int = 1) throws {
  try agent.waitUntilRinging(after: mark, count: count, seconds: 30)
  agent.accept()
}

func callbacks(_ box: Box) throws -> [[String: Any]] { try box.rows("callbacks") }

let callbackCases = [
  Case(
    "callback", "a caller presses 1 twice (RFC 4733), hangs up, and is called back; agent and customer hear each other"
  ) {
    site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    try site.askForCallback().succeed()
    try expect(callbacks(box).count == 1, "no callback is kept")
    let voice = try site.voice(port: 18300, tone: 900)
    let carrier = try site.carrierAnswers(voice: voice)
    try answerOffer(agent, count: 2)
    try voice.wait(forTone: 700, lasting: 1.2, seconds: 30)  // Longer than `done-after`.
    agent.hangUp()
    try carrier.succeed()
    try box.wait("the promise is kept") { try callbacks($0).isEmpty }
    try expect(carrier.trace().contains("sip:02155550000@"), "the number that was dialled is not presented")
    try expect(try queue(box)["callbacksDone"] as? Int == 1, "not counted as done: \(try queue(box))")
    agent.stop()
    try expect(agent.longestTone(900) >= 1, "the agent heard \(try agent.longestTone(900)) s of the customer")
    try box.stop()
  },
  Case("callback-info", "a customer whose phone sends digits by INFO") { site in
    let box = try site.box(site.configuration())
    _ = try site.agent("101", tone: 700, answers: false, box: box)
    try site.askForCallback(by: .info).succeed()
    try expect(callbacks(box).count == 1, "no callback is kept")
    try box.stop()
  },
  Case("callback-busy", "the customer is busy: the promise stays, and is tried again") { site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    try site.askForCallback().succeed()
    let busy = try site.carrierAnswers("answer-busy")
    try answerOffer(agent, count: 2)
    try busy.succeed()
    try box.wait("the failed attempt is counted") { try callbacks($0).first?["lastStatus"] as? Int == 486 }
    let voice = try site.voice(port: 18300, tone: 900)
    _ = try site.carrierAnswers(voice: voice)
    try answerOffer(agent, count: 3)
    try voice.wait(forTone: 700, lasting: 1.2, seconds: 30)
    agent.hangUp()
    try box.wait("the promise is kept") { try callbacks($0).isEmpty }
    try box.stop()
  },
  Case("callback-kill", "kill -9 after goodbye: the callback survives, is dialled once and once only") { site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    try site.askForCallback().succeed()
    box.kill9()
    // The phone knows nothing of the kill; what rings there now leads nowhere.
    agent.hangUp()
    let killed = agent.process.mark
    try box.restart()
    try expect(callbacks(box).count == 1, "the callback did not survive")
    let voice = try site.voice(port: 18300, tone: 900)
    let carrier = try site.carrierAnswers(voice: voice)
    try answerOffer(agent, after: killed)
    try voice.wait(forTone: 700, lasting: 1.2, seconds: 30)
    agent.hangUp()
    try carrier.succeed()
    try box.wait("the promise is kept") { try callbacks($0).isEmpty }
    let dials = box.process.output.count { $0.contains("callback.dial ") }
    try expect(dials == 1, "dialled \(dials) times")
    try box.stop()
  },
  Case("callback-kill-dialling", "kill -9 while the customer rings: the orphan is ended, and only then dialled again") {
    site in
    let box = try site.box(site.configuration())
    let agent = try site.agent("101", tone: 700, answers: false, box: box)
    try site.askForCallback().succeed()
    let carrier = try site.carrierAnswers(
      "ring-until-cancelled", extra: ["-default_behaviors", "all,-abortunexp"])
    try answerOffer(agent, count: 2)
    try box.wait("the customer's phone rings") { _ in carrier.trace().contains("180 Ringing") }
    box.kill9()
    try box.restart()
    try carrier.succeed()
    try expect(callbacks(box).count == 1, "the promise is forgotten")
    try box.stop()
  },
  Case("callback-refused-class", "an international number is not called back; the caller is told and keeps waiting") {
    site in
    let box = try site.box(site.configuration())
    _ = try site.agent("101", tone: 700, answers: false, box: box)
    let customer = try site.askForCallback(from: "0085223456789")
    try box.process.wait(for: "callback.refused", seconds: 20)
    try expect(callbacks(box).isEmpty, "a callback is kept")
    try expect(try queue(box)["waiting"] as? Int == 1, "the caller does not wait any more")
    customer.stop()
    try box.stop()
  },
]
