import Basics
import Configuration
import Testing

@testable import branchline

@Suite struct InvocationTests {
  private func parse(_ line: String) throws -> Invocation {
    try Invocation(line.split(separator: " ").map { ByteString(String($0)) })
  }

  @Test("every question of the help is a command, and so are the others it names")
  func commands() throws {
    for question in HelpText.questions {
      #expect(try parse(question.name.description).command == .ask(ByteString(question.name)))
    }
    #expect(try parse("run").command == .run)
    #expect(try parse("version").command == .version)
    #expect(try parse("").command == .help)
    #expect(try parse("calls --help --json").command == .help)
  }

  @Test("options may stand anywhere and have their defaults")
  func options() throws {
    #expect(try parse("run").options == Invocation.Options())
    let options = try parse("--json calls --socket /s --config /c --clock plausible").options
    #expect(options.json && options.socketPath == "/s" && options.configurationPath == "/c")
    #expect(options.acceptsPlausibleClock)
    #expect(try parse("check /etc/x.conf").options.configurationPath == "/etc/x.conf")
  }

  @Test(
    "what is not understood is told apart",
    arguments: [
      ("--json", UsageError.noCommand), ("dance", .unknownCommand("dance")), ("run --fast", .unknownOption("--fast")),
      ("run --config", .missingValue(option: "--config")),
      ("run --clock sundial", .badValue(option: "--clock", "sundial")), ("status now", .unexpected("now")),
      ("check a b", .unexpected("b")),
    ])
  func errors(_ line: String, _ error: UsageError) {
    #expect(throws: error) { try parse(line) }
    #expect(error.text(.english) != error.text(.chinese))
  }
}
