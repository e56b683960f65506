// Measures the daemon as a whole process, as it ships: with durable storage on disk and its log in a file.
//
//     branchline-bench --binary PATH [--arm64 PATH] [--prompts DIRECTORY] [--json] [--quick] [--only NAME,…]
//     branchline-bench --acd [--json] [--quick]
//
// With --acd the distributor alone is measured, in this process.

import CBenchmark
import Foundation
import Harness

@main
struct Main {
  struct Options {
    var binary = ""
    var armBinary = ""
    var prompts = "/usr/share/branchline/prompts"
    var json = false
    var plan = Plan()
    var isQuick = false
    var distributorAlone = false
    var only: Set<String> = []
    var load: (name: String, rate: Double, seconds: Double)?
  }
  static let parts = ["start", "memory", "register", "call", "queue", "relay", "rate"]

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "relay-floor" { exit(relayFloor(arguments.dropFirst().compactMap { Int($0) })) }
    guard let options = options(arguments) else {
      say("usage: branchline-bench --binary PATH [--arm64 PATH] [--prompts DIRECTORY] [--json] [--quick]")
      say("       branchline-bench --acd [--json] [--quick]")
      say("       [--call-rate N] [--only \(parts.joined(separator: ","))] [--load register|call|queue RATE SECONDS]")
      exit(2)
    }
    do {
      let failures = options.distributorAlone ? try measureDistributor(options) : try run(options)
      exit(failures == 0 ? 0 : 1)
    } catch {
      say("bench: \(error)")
      exit(1)
    }
  }

  private static func options(_ arguments: [String]) -> Options? {
    var options = Options()
    var callRate: Double?
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      switch argument {
      case "--binary": options.binary = rest.next() ?? ""
      case "--arm64": options.armBinary = rest.next() ?? ""
      case "--prompts": options.prompts = rest.next() ?? ""
      case "--json": options.json = true
      case "--quick": (options.isQuick, options.plan) = (true, .quick)
      case "--acd": options.distributorAlone = true
      case "--call-rate":
        guard let rate = rest.next().flatMap(Double.init), rate >= 1 else { return nil }
        callRate = rate
      case "--only": options.only = Set((rest.next() ?? "").split(separator: ",").map(String.init))
      case "--load":
        guard let name = rest.next(), let rate = rest.next().flatMap(Double.init),
          let seconds = rest.next().flatMap(Double.init)
        else { return nil }
        options.load = (name, rate, seconds)
      default: return nil
      }
    }
    if let callRate { options.plan.callRate = callRate }
    if options.distributorAlone { return options }
    guard FileManager.default.isExecutableFile(atPath: options.binary), options.only.isSubset(of: parts) else {
      return nil
    }
    return options
  }

  private static func run(_ options: Options) throws -> Int {
    let workspace = try Workspace("bench")
    defer { workspace.remove() }
    let daemon = try DaemonUnderTest(binary: options.binary, workspace: workspace, prompts: options.prompts)
    defer { daemon.stop() }
    var bench = try Bench(daemon: daemon, plan: options.plan, note: say)
    if let load = options.load {
      try bench.put(load.name, rate: load.rate, seconds: load.seconds)
      return 0
    }
    say("machine: \(ProcessInfo.processInfo.activeProcessorCount) cores, load \(loadAverage()) before the start")
    var failures = 0
    func part(_ name: String, _ body: (inout Bench) throws -> Void) {
      guard options.only.isEmpty || options.only.contains(name) else { return }
      do { try body(&bench) } catch {
        failures += 1
        say("\(name): not measured: \(error)")
      }
      daemon.stop()
    }
    part("start") { try $0.measureStart() }
    part("memory") { try $0.measureMemory() }
    part("register") { try $0.onOneCore { try $0.measureRegister() } }
    part("call") { try $0.onOneCore { try $0.measureCalls() } }
    part("queue") { try $0.onOneCore { try $0.measureQueue() } }
    part("relay") { try $0.onOneCore { try $0.compareRelays() } }
    part("rate") { try $0.withPhones { try $0.measureRate() } }
    bench.results.armBytes =
      (try? FileManager.default.attributesOfItem(atPath: options.armBinary))?[.size] as? Int
    if options.json { print(bench.results.json) } else { print(Results.table(bench.results.rows)) }
    return failures
  }

  private static func measureDistributor(_ options: Options) throws -> Int {
    say("machine: \(ProcessInfo.processInfo.activeProcessorCount) cores, load \(loadAverage()) before the start")
    let figures = try DistributorBench(isQuick: options.isQuick, note: say).measure()
    print(options.json ? figures.json : Results.table(figures.rows))
    return 0
  }

  private static func relayFloor(_ numbers: [Int]) -> Int32 {
    guard numbers.count == 3, let first = UInt16(exactly: numbers[0]), let remote = UInt16(exactly: numbers[1]) else {
      return 2
    }
    _ = bench_relay(first, remote, Int32(clamping: numbers[2]))
    return 1
  }

  private static func loadAverage() -> String {
    let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? "?"
    return String(text.split(separator: " ").first ?? "?")
  }

  /// Standard output is for the result.
  static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

extension Bench {
  /// A daemon that has just started, with all phones registered.
  mutating func withPhones(_ body: (inout Bench) throws -> Void) throws {
    try daemon.start()
    try registerAll()
    try body(&self)
  }

  /// Load for a profiler: the daemon's process id is said, then it is kept busy.
  mutating func put(_ name: String, rate: Double, seconds: Double) throws {
    try daemon.start()
    try registerAll()
    note("pid \(daemon.pid)")
    pause(1)
    let count = Int(rate * seconds)
    let before = daemon.usage
    switch name {
    case "register":
      let outcome = try RegisterLoad(phones).run(count: count, rate: rate)
      note("\(outcome.registered) registered, \(outcome.failed) failed \(outcome.refusals)")
    case "call":
      let outcome = try CallLoad(caller: caller, phone: phones, hold: Self.hold).run(count: count, rate: rate)
      note("\(outcome.complete) calls, \(outcome.failed) failed \(outcome.refusals)")
    case "queue":
      try logInAgents()
      let load = try CallLoad(caller: caller, phone: phones, hold: Self.talk)
      let outcome = load.run(count: count, rate: rate, to: .queue, patience: .seconds(20))
      note("\(outcome.complete) calls by the queue, \(outcome.failed) failed \(outcome.refusals)")
    default: throw Failure("no load \(name)")
    }
    note("\(Double(daemon.usage - before) / 1e3 / Double(count)) µs each")
  }
}
