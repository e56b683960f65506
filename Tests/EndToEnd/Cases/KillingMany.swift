// Many callbacks under way at once, with phones that answer and hang up by themselves: every kill -9 meets several of
// them somewhere between the offer and the end of the conversation.

import Foundation
import Harness

final class StormyBranch {
  private static let agents = ["101", "102", "103"]
  private static let phonesPort = 15101
  private static let loginsPort = 15111

  private let site: Site
  private let box: Box
  private let exchange: Exchange
  private var random: Random
  private var promises: Promises
  private var lastNumber = 5000

  init(_ site: Site) throws {
    random = chosenRandom()
    self.site = site
    exchange = try Exchange(address: Site.carrierAddress, port: Site.carrierPort, ring: 0.3)
    promises = Promises(exchange)
    box = try site.box(
      site.configuration(
        queue: "join always; maximum-length 300",
        callback: "delay 0s; done-after 1s; no-answer-retry 10s; busy-retry 10s; attempts 10; maximum-pending 500"))
    site.undo { [exchange] in exchange.stop() }
  }

  private func nextNumber() -> String {
    lastNumber += 1
    return "1381234\(lastNumber)"
  }

  /// Customers ask before the first agent comes to work.
  func promise(_ count: Int) throws {
    let numbers = (0..<count).map { _ in nextNumber() }
    let customers = try site.sipp(
      "asking", DigitWay.info.rawValue, at: .init(address: Site.carrierAddress, port: 15082, mediaPort: 18200),
      load: .init(calls: count, rate: 10, atOnce: 50),
      values: ["to": "02155550000", "from": "[field0]", "voice": "18200", "listen": "300", "confirm": "800"],
      fields: "SEQUENTIAL\n" + numbers.map { $0 + "\n" }.joined())
    try customers.succeed(seconds: 120)
    numbers.forEach { promises.add($0) }
    let open = try callbacks(box).count
    try expect(open == count, "\(open) callbacks are open, \(count) were promised")
    try comeToWork()
  }

  /// Phones at one address, which answer at once and hang up when the conversation counts.
  private func comeToWork() throws {
    let fields =
      "SEQUENTIAL\n"
      + Self.agents.map { "\($0);[authentication username=\($0) password=\(Site.secret($0))]\n" }.joined()
    let place = Sipp.Place(port: Self.phonesPort)
    let load = Sipp.Load(calls: Self.agents.count)
    try site.sipp("phones", "register", at: place, load: load, fields: fields).succeed()
    _ = try site.sipp(
      "agents", "agent", to: nil, at: .init(port: Self.phonesPort, mediaPort: 18400), load: .init(calls: 100_000),
      values: ["talk": "2600", "voice": "18400"], extra: ["-timeout", "3600"])
    // What becomes of these calls does not matter: the first offers cross their end.
    _ = try site.sipp(
      "logins", "feature-code", at: .init(port: Self.loginsPort), load: load, values: ["code": "*45"], fields: fields,
      extra: ["-auth_uri", "*45@\(Site.box)"])
    try box.wait("all agents are at work") { box in
      try Self.agents.allSatisfy { try state(of: $0, box) != "logged-out" }
    }
  }

  /// One more customer asks in each life of the box, and is cut off with it.
  func kill(times: Int) throws {
    for turn in 0..<times {
      let number = nextNumber()
      let instant = Double.random(in: 0.1...4, using: &random)
      let customer = try site.askForCallback(from: number, by: .info, index: turn % 50)
      usleep(UInt32(instant * 1_000_000))
      box.kill9()
      promises.boxIsKilled()
      promises.note(number, box)
      customer.stop()
      try site.workspace.write("killed\(turn).log", box.process.output.joined(separator: "\n"))
      try box.restart()
      try check("turn \(turn), killed after \(instant) s")
    }
  }

  /// What was under way at a kill waits out its lease of a minute.
  func keepEveryPromise() throws {
    try box.wait("all promises are kept", seconds: 600) { try callbacks($0).isEmpty }
    // Whoever must not be dialled again would be served before one who calls only now.
    let mark = box.process.output.count
    let customer = try site.askForCallback(from: nextNumber(), by: .info, index: 0)
    try box.process.wait(for: "queue.connected", after: mark)
    customer.stop()
    try check("at the end")
    report("        \(promises.summary)")
    try box.stop()
  }

  private func check(_ when: String) throws {
    try promises.check(
      when, open: try callbacks(box), "\(promises.summary)\n\(box.process.output.suffix(30).joined(separator: "\n"))")
  }
}
