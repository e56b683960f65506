// What a technician tries out: the box calls itself, a phone, asks a carrier, looks at a sound.

import Foundation
import Harness

let lineTestCases = [
  Case("line-tests", "the box calls itself and a phone, asks the carrier, looks at a sound, and tells what it found") {
    site in
    let box = try site.box(site.configuration())
    func test(_ what: String) throws -> [String: Any] { try box.ask("test " + what) as? [String: Any] ?? [:] }
    let loop = try test("loop")
    try expect(loop["passed"] as? Bool == true && loop["soundHeard"] as? Bool == true, "loop: \(loop)")
    try expect((loop["packetsReceived"] as? Int ?? 0) > 0, "no packets are counted: \(loop)")

    let phone = try site.phone("101", tone: 440, answers: true)
    let called = try test("prompt beep to 101")
    try expect(called["passed"] as? Bool == true && called["status"] as? Int == 200, "call: \(called)")
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    phone.stop()
    try expect(phone.longestTone(1_000) >= 0.2, "101 heard \(try phone.longestTone(1_000)) s of the beep")

    let carrier = try site.sipp(
      "carrier", "options", to: nil, at: .init(address: Site.carrierAddress, port: Site.carrierPort))
    let asked = try test("trunk carrier")
    try expect(asked["passed"] as? Bool == true && asked["status"] as? Int == 200, "trunk: \(asked)")
    try carrier.succeed()

    let sounds = try box.rows("test prompt beep")
    try expect(
      sounds.count == 2 && sounds.allSatisfy { $0["passed"] as? Bool == true && ($0["peakDecibels"] as? Int ?? 0) < 0 },
      "sounds: \(sounds)")
    try box.stop()
  }
]
