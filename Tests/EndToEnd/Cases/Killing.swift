// Cases of kill -9 at any instant between the key and the end of the callback: no promise is lost, none is kept twice.

import Foundation
import Harness

let killingCases = [
  Case("kill-random", "kill -9 at 6 random instants of callbacks: none is lost, none is doubled") { site in
    let branch = try KilledBranch(site)
    try branch.kill(times: 6)
    try branch.callThoseWhoMayBeCalled()
  },
  Case("kill-random-30", "30 such instants, and every promise is kept in the end", isLong: true) { site in
    let branch = try KilledBranch(site)
    try branch.kill(times: 30)
    try branch.keepEveryPromise()
  },
]

private final class KilledBranch {
  /// What the configuration says: after so much talk a promise is kept.
  static let doneAfter = 1.0
  /// For the box to notice, and to write it down.
  static let margin = 0.5

  let box: Box
  let agent: Baresip
  let exchange: Exchange
  private let site: Site
  private var random: Random
  private var promised: [String] = []
  private var kills: [Date] = []

  init(_ site: Site) throws {
    let seed = ProcessInfo.processInfo.environment["BRANCHLINE_SEED"].flatMap(UInt64.init)
    let chosen = seed ?? UInt64(Date().timeIntervalSince1970)
    report("        BRANCHLINE_SEED=\(chosen)")
    random = Random(seed: chosen)
    self.site = site
    exchange = try Exchange(address: Site.carrierAddress, port: Site.carrierPort, ring: 0.2)
    box = try site.box(site.configuration())
    agent = try site.agent("101", tone: 700, answers: false, box: box)
    site.undo { [exchange] in exchange.stop() }
  }

  func kill(times: Int) throws {
    for turn in 0..<times {
      let number = "1381234\(5000 + turn)"
      let isAfterGoodbye = turn % 2 == 1
      let instant = Double.random(in: isAfterGoodbye ? 0...4 : 1.5...7, using: &random)
      let customer = try site.askForCallback(from: number, index: turn % 50)
      if isAfterGoodbye { try customer.succeed() }
      try work(until: Date(timeIntervalSinceNow: instant)) { customer.trace().contains("BYE sip:") }
      box.kill9()
      kills.append(Date())
      let wasTold = customer.trace().contains("BYE sip:")
      let wasLogged = box.process.output.contains {
        $0.contains("callback.promised") && $0.hasSuffix(number.suffix(4))
      }
      if wasTold || wasLogged { promised.append(number) }
      customer.stop()
      agent.hangUp()
      try site.workspace.write("killed\(turn).log", box.process.output.joined(separator: "\n"))
      try box.restart()
      try check("turn \(turn), killed \(instant) s after \(isAfterGoodbye ? "goodbye" : "the call came")")
    }
  }

  /// Those who must not be would be among them.
  func callThoseWhoMayBeCalled() throws {
    try work(until: Date(timeIntervalSinceNow: 4)) { true }
    try check("after the last restart")
  }

  /// What was under way at a kill waits out its lease of a minute.
  func keepEveryPromise() throws {
    let deadline = Date(timeIntervalSinceNow: 400)
    while try !callbacks(box).isEmpty {
      try expect(Date() < deadline, "promises are left: \(try callbacks(box))")
      try work(until: Date(timeIntervalSinceNow: 0.5)) { true }
    }
    try check("at the end")
  }

  /// The agent takes callbacks once the customer is gone, talks long enough and hangs up.
  private func work(until end: Date, customerIsGone: () -> Bool) throws {
    while Date() < end {
      // What a box that was killed leaves talking is not the agent's call any more.
      let begun = kills.last ?? .distantPast
      if let call = exchange.calls.last(where: { $0.endedAt == nil && ($0.talkedAt ?? .distantPast) > begun }) {
        if call.talked > Self.doneAfter + Self.margin { agent.hangUp() }
      } else if customerIsGone() {
        agent.accept()
      }
      usleep(100_000)
    }
  }

  private func check(_ when: String) throws {
    let open = Set(try callbacks(box).compactMap { ($0["number"] as? String)?.suffix(4) })
    for number in promised {
      let calls = exchange.calls.filter { $0.number == number }
      let kept = calls.filter { talked($0) >= Self.doneAfter + Self.margin }
      if !open.contains(number.suffix(4)) {
        try expect(
          calls.contains { talked($0) >= Self.doneAfter },
          "\(when): the promise to \(number) is lost, it was talked for \(calls.map(talked)) s\n\(log)")
      }
      try expect(kept.count <= 1, "\(when): \(number) was called back twice, talked for \(calls.map(talked)) s\n\(log)")
      for (earlier, later) in zip(calls, calls.dropFirst()) {
        try expect(
          talked(earlier) < Self.doneAfter + Self.margin,
          "\(when): \(number) is dialled again after \(talked(earlier)) s of talk\n\(log)")
        try expect(
          earlier.endedAt.map { $0 <= later.invitedAt } ?? false, "\(when): two dials at once to \(number)\n\(log)")
      }
    }
  }

  /// How long the box lived to see it.
  private func talked(_ call: Exchange.Call) -> Double {
    guard let start = call.talkedAt else { return 0 }
    let end = min(call.endedAt ?? Date(), kills.first { $0 > start } ?? .distantFuture)
    return end.timeIntervalSince(start)
  }

  private var log: String { box.process.output.suffix(30).joined(separator: "\n") }
}
