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
  Case("callback-kill-100", "kill -9 at 100 random instants, many callbacks under way: each is kept once", isLong: true)
  {
    site in
    let branch = try StormyBranch(site)
    try branch.promise(330)
    try branch.kill(times: 100)
    try branch.keepEveryPromise()
  },
]

/// Of everything that is drawn in a case; said, so that it can be drawn again.
func chosenRandom() -> Random {
  let seed = ProcessInfo.processInfo.environment["BRANCHLINE_SEED"].flatMap(UInt64.init)
  let chosen = seed ?? UInt64(Date().timeIntervalSince1970)
  report("        BRANCHLINE_SEED=\(chosen)")
  return Random(seed: chosen)
}

private final class KilledBranch {
  let box: Box
  let agent: Baresip
  let exchange: Exchange
  private let site: Site
  private var random: Random
  private var promises: Promises

  init(_ site: Site) throws {
    random = chosenRandom()
    self.site = site
    exchange = try Exchange(address: Site.carrierAddress, port: Site.carrierPort, ring: 0.2)
    promises = Promises(exchange)
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
      promises.boxIsKilled()
      promises.note(number, customer, box)
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
      let begun = promises.kills.last ?? .distantPast
      if let call = exchange.calls.last(where: { $0.endedAt == nil && ($0.talkedAt ?? .distantPast) > begun }) {
        if call.talked > Promises.doneAfter + Promises.margin { agent.hangUp() }
      } else if customerIsGone() {
        agent.accept()
      }
      usleep(100_000)
    }
  }

  private func check(_ when: String) throws { try promises.check(when, open: try callbacks(box), log) }

  private var log: String { box.process.output.suffix(30).joined(separator: "\n") }
}
