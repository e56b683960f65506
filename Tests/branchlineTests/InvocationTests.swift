import Appliance
import Basics
import Configuration
import Console
import Testing

@testable import branchline

@Suite struct InvocationTests {
  private func parse(_ line: String) throws -> Invocation {
    try Invocation(line.split(separator: " ").map { ByteString(String($0)) })
  }

  @Test("every question of the help is a command, and so are the others it names")
  func commands() throws {
    for question in Question.allCases {
      #expect(try parse(question.name.description).command == .ask(question.line))
    }
    #expect(try parse("log 20").command == .ask("log 20"))
    #expect(try parse("run").command == .run)
    #expect(try parse("version").command == .version)
    #expect(try parse("replay flight/000001.bin --json").command == .replay("flight/000001.bin"))
    #expect(try parse("pcap call.pcap --call 3c26@host").command == .pcap("call.pcap"))
    #expect(try parse("pcap call.pcap --call 3c26@host").options.callID == "3c26@host")
    #expect(try parse("backup /mnt/box.tar").command == .backup("/mnt/box.tar"))
    let handOver = try parse("backup b.tar --hand-over --passphrase-file p").options
    #expect(handOver.handsOver && handOver.passphrasePath == "p" && !handOver.withoutSecrets)
    #expect(try parse("restore b.tar --old-box-is-off --without-secrets").command == .restore("b.tar"))
    #expect(throws: UsageError.unknownOption("--hand-over")) { try parse("restore b.tar --hand-over") }
    #expect(throws: UsageError.missingFile) { try parse("backup") }
    #expect(try parse("take-over").command == .order("take-over"))
    #expect(try parse("").command == .help)
    #expect(try parse("calls --help --json").command == .help)
  }

  @Test("an order goes to the daemon as its words, options left out")
  func orders() throws {
    #expect(try parse("agent pause 101 tea break --json").command == .order("agent pause 101 tea break"))
    #expect(try parse("callback reschedule 7 +30min").command == .order("callback reschedule 7 +30min"))
    #expect(try parse("why 101").command == .order("why 101"))
    #expect(try parse("item --help").command == .help)
  }

  @Test(
    "an order that the daemon would not understand is answered with its usage",
    arguments: [
      "agent", "agent dance 101", "item move x sales", "callback reschedule 7 soon", "brown-out maybe", "why",
    ])
  func ordersNotUnderstood(_ line: String) throws {
    let error = try #require(throws: UsageError.self) { try parse(line) }
    guard case .usage(let words) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(words.hasPrefix(ByteString(String(line.split(separator: " ")[0]))))
  }

  @Test("a report is of queues or agents, whole or by quarters, of the daemon or of a database")
  func reports() throws {
    #expect(try parse("report").command == .ask("report"))
    #expect(try parse("report --queue").command == .ask("report"))
    #expect(try parse("report --agent").command == .ask("report-agents"))
    #expect(try parse("--interval report --json").command == .ask("report-intervals"))
    #expect(try parse("report --agent --interval").command == .ask("report-agent-intervals"))
    #expect(try parse("report --from-log /b.db --agent").command == .recount("/b.db", .agents, nil))
    #expect(try parse("report --from -24h").command == .ask("report -24h"))
    #expect(
      try parse("report --to 2026-03-01T00:00:00Z --interval").command
        == .ask("report-intervals 1970-01-01T00:00:00Z 2026-03-01T00:00:00Z"))
    #expect(throws: UsageError.badValue(option: "--from", "yesterday")) { try parse("report --from yesterday") }
    #expect(throws: UsageError.unknownOption("--from")) { try parse("agents --from -24h") }
    #expect(throws: UsageError.unknownOption("--agent")) { try parse("agents --agent") }
    #expect(throws: UsageError.missingValue(option: "--from-log")) { try parse("report --from-log") }
    for query in Query.allCases { #expect(Query(name: ByteString(query.name)) == query) }
  }

  @Test("options may stand anywhere and have their defaults")
  func options() throws {
    #expect(try parse("run").options == Invocation.Options())
    let options = try parse("--json calls --socket /s --config /c --clock plausible").options
    #expect(options.json && options.socketPath == "/s" && options.configurationPath == "/c")
    #expect(options.acceptsPlausibleClock)
    #expect(try parse("replay f --trace").options.traces)
    #expect(try parse("check /etc/x.conf").options.configurationPath == "/etc/x.conf")
  }

  @Test(
    "what is not understood is told apart",
    arguments: [
      ("--json", UsageError.noCommand), ("dance", .unknownCommand("dance")), ("run --fast", .unknownOption("--fast")),
      ("run --config", .missingValue(option: "--config")),
      ("run --clock sundial", .badValue(option: "--clock", "sundial")), ("status now", .unexpected("now")),
      ("check a b", .unexpected("b")), ("replay", .missingFile), ("replay a b", .unexpected("b")),
      ("pcap", .missingFile), ("calls --call a", .unknownOption("--call")),
      ("pcap a --call", .missingValue(option: "--call")),
    ])
  func errors(_ line: String, _ error: UsageError) {
    #expect(throws: error) { try parse(line) }
    #expect(error.text(.english) != error.text(.chinese))
  }
}
