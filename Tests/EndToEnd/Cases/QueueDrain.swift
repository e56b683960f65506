// More callers than agents: nobody waits longer than the calls before need.

import Foundation
import Harness

/// Where the phones of all agents are.
private let agentPort = 15101
private let agents = ["101", "102", "103", "104", "105"]
private let callers = 50

private var agentFields: String {
  "SEQUENTIAL\n" + agents.map { "\($0);[authentication username=\($0) password=\(Site.secret($0))]\n" }.joined()
}

private var callerNumbers: [String] { (1...callers).map { "138\(10_000_000 + $0)" } }

extension Site {
  fileprivate func drainConfiguration() -> String {
    configuration(
      extra: """
        extension 105 { secret "\(Self.secret("105"))"; name "Ann Read" }
        queue drain { agents \(agents.joined(separator: " ")); wrap-up 0s; announce 0s; maximum-length \(callers) }
        inbound drain { trunk carrier; number 02155560000; to queue drain }
        """)
  }

  /// Five phones at one address, their users logged in.
  fileprivate func logInAgents(_ box: Box) throws {
    let place = Sipp.Place(port: agentPort)
    let load = Sipp.Load(calls: agents.count)
    try sipp("phones", "register", at: place, load: load, fields: agentFields).succeed()
    // sipp puts the box's address into its credentials where it is not told otherwise.
    try sipp(
      "logins", "feature-code", at: place, load: load, values: ["code": "*45"], fields: agentFields,
      extra: ["-auth_uri", "*45@\(Self.box)"]
    ).succeed()
    try box.wait("all agents are ready") { box in
      try agents.allSatisfy { try state(of: $0, box) == "ready" }
    }
  }
}

let queueDrainCases = [
  Case("queue-drain", "50 callers, 5 agents, a second of talk each: served in order, without a pause") { site in
    let box = try site.box(site.drainConfiguration())
    try site.logInAgents(box)
    let log = site.workspace.path("agents-connected.log")
    let load = Sipp.Load(calls: callers, rate: 10, atOnce: callers)
    let phones = try site.sipp(
      "agents", "agent", to: nil, at: .init(port: agentPort, mediaPort: 18400), load: load,
      values: ["talk": "1000", "voice": "18400"], extra: ["-trace_logs", "-log_file", log])
    let begun = Date()
    let customers = try site.sipp(
      "callers", "call-until-ended", at: .init(address: Site.carrierAddress, port: 15082, mediaPort: 18200), load: load,
      values: ["to": "02155560000", "voice": "18200"],
      fields: "SEQUENTIAL\n" + callerNumbers.map { $0 + "\n" }.joined())
    try customers.succeed()
    // The agents need 10 s for them all.
    let seconds = Date().timeIntervalSince(begun)
    try phones.succeed()
    let words = try String(contentsOfFile: log, encoding: .utf8).split(whereSeparator: \.isNewline)
    let served = words.filter { $0.hasPrefix("sip:") }.map { String($0.dropFirst(4)) }
    try expect(served == callerNumbers, "served in this order: \(served.joined(separator: " "))")
    let counts = try box.rows("queues").first { $0["queue"] as? String == "drain" } ?? [:]
    try expect(
      counts["answered"] as? Int == callers && counts["abandoned"] as? Int == 0 && counts["overflowed"] as? Int == 0,
      "counted wrongly: \(counts)")
    try expect(seconds <= 13, "drained in \(seconds) s in place of 10")
    try box.stop()
  }
]
