import Basics
import BranchConfiguration
import Configuration
import Simulation
import Terminals
import Testing

@testable import Console

/// What a person does before a screen is looked at.
enum ScreenScene: String, CaseIterable, CustomTestStringConvertible {
  case firstLogin = "first-login"
  case help
  case phones
  case queues
  case pages
  case helpInSection = "help-in-section"
  case helpWithValue = "help-with-value"
  case wrongValue = "wrong-value"
  case wrongCommit = "wrong-commit"
  case compare
  case commitConfirmed = "commit-confirmed"
  case longLine = "long-line"
  case candidates
  case monitor
  case filtered

  var testDescription: String { rawValue }

  func play(_ language: Language) throws -> VirtualTerminal {
    let person = try Person(
      user: self == .firstLogin ? nil : "root", world: try Self.office(language), place: "ttyS0", language: language)
    for line in lines { person.line(line) }
    if !keys.isEmpty { person.type(keys) }
    person.pass(seconds)
    try #require(person.screen.problems == [])
    return person.screen
  }

  /// Each with Enter.
  private var lines: [String] {
    switch self {
    case .firstLogin: ["lee kim", "lee", "short", "correct horse", "correct hors", "correct horse", "correct horse"]
    case .help, .longLine: []
    case .phones: ["show phones"]
    case .queues: ["show queues"]
    case .pages: ["show configuration"]
    case .helpInSection, .candidates: ["configure", "edit queue service"]
    case .helpWithValue: ["configure"]
    case .wrongValue: ["shw queues", "configure", "set queue service rign 5s", "set queue service ring 5h"]
    case .wrongCommit: ["configure", "set queue service agents 999", "delete listen", "commit"]
    case .compare: Self.changes + ["compare"]
    case .commitConfirmed: Self.changes + ["commit confirmed 10 comment support has its own queue", "confirm"]
    case .monitor: ["monitor agents"]
    case .filtered:
      ["show agents | match Reception", "show configuration | match secret | count", "show agents | mtach x"]
    }
  }

  private static let changes = [
    "configure", "set extension 104 secret \"quite another one\"", "edit queue support", "set number 601",
    "set title \"技术支持 Support\"", "set agents 103 104", "top", "delete queue service agents 102",
    "set queue service ring 25s",
  ]

  /// Without Enter.
  private var keys: String {
    switch self {
    case .help: "callback ?"
    case .filtered: "show agents | match ?"
    case .helpInSection: "set callback ?"
    case .helpWithValue: "set queue service ring ?\u{15}set queue service else ?"
    case .longLine:
      "annotate above \"客户服务 answers from nine to six, at noon somebody is there too\" queue service"
        + String(repeating: Key.left, count: 36)
    case .candidates: "set a\t\u{15}set strategy l\t\u{15}set x\t"
    default: ""
    }
  }

  private var seconds: Int { self == .monitor ? 3 : 0 }

  /// Two callers at a queue with one agent, who has a name in each script.
  private static func office(_ language: Language) throws -> World {
    let text: ByteString =
      "name \"Branch office\"\n" + (language == .chinese ? "language zh" : "language en") + """

        listen udp 10.0.0.1:5060
        network { local 10.0.0.0/8 }
        extension 101 { name "王小明"; secret "a secret for 101" }
        extension 102 { name "Reception"; secret "a secret for 102" }
        extension 103 { name "Workshop 车间"; secret "a secret for 103" }
        hours office { weekdays 09:00-12:00 13:00-18:00; saturday 09:00-12:00 }
        queue service { title "Customer service"; number 600; agents 101 102; ring 20s }
        queue night { title "夜间服务"; number 602; agents 103 }
        number-plan { country cn; country-code 86; area-code 021 }

        """
    let settings = try #require(BranchSettings.parse(text.bytes).settings, "\(BranchSettings.parse(text.bytes).errors)")
    var world = World(seed: 1, settings: settings)
    for number in 101...103 {
      let name = ByteString(number)
      world.add(
        .phone,
        .init(
          name: name,
          account: .registered(
            user: name, authUser: name, secret: "a secret for " + name, expires: 600),
          own: Endpoint(.v4(0x0A00_0064 + UInt32(number)), 5060), box: World.boxEndpoint, mediaPort: 20_000,
          number: name,
          manner: .answers(after: .seconds(1), talks: .minutes(10))))
    }
    world.keepConfigurations(text.bytes)
    world.run(for: .seconds(2))
    world.call(0, "*45")
    world.run(for: .seconds(4))
    world.call(1, "600")
    world.run(for: .seconds(5))
    world.call(2, "600")
    world.run(for: .seconds(61))
    return world
  }
}
