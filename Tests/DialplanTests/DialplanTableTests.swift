import Basics
import NumberPlan
import Testing

@testable import Dialplan

@Suite("Dialplan")
struct DialplanTableTests {
  static func pattern(_ text: ByteString) -> NumberPattern { NumberPattern(text)! }

  static let settings: DialplanSettings = {
    var settings = DialplanSettings(numberPlan: .china(areaCode: "21"))
    settings.trunks = ["carrier", "backup"]
    settings.extensions = [
      .init(number: "101", classes: [.init(.local), .init(.national), .init(.mobile)]),
      .init(number: "102", classes: .none),
      .init(number: "103", classes: NumberClasses(rawValue: .max)),
    ]
    settings.queues = [.init(name: "service", number: "600"), .init(name: "hidden", number: "")]
    settings.featureCodes = [
      .init(code: "*45", feature: .agentLogin), .init(code: "*46", feature: .agentLogout),
      .init(code: "*47", feature: .agentPause), .init(code: "*44", feature: .agentDisposition),
      .init(code: "*449", feature: .agentReady),
    ]
    settings.inbound = [
      .init(trunks: ["backup"], patterns: [], target: .extension("103")),
      .init(trunks: [], patterns: [pattern("+862161234567")], target: .queue("service")),
      .init(trunks: ["carrier"], patterns: [pattern("0216123!"), pattern("6123!")], target: .lastDigits(3)),
      .init(trunks: ["carrier"], patterns: [pattern("0216199XXXX")], target: .extension("101")),
    ]
    settings.outbound = [
      .init(patterns: [pattern("9.")], trunks: ["backup"], strip: 1),
      .init(patterns: [pattern("8XXXX.")], trunks: ["carrier"], strip: 1, prefix: "0", accessCode: "55#"),
      .init(patterns: [pattern("0X."), pattern("ZX.")], trunks: ["carrier", "backup"]),
    ]
    return settings
  }()
  static let table = DialplanTable(settings)

  static let outbound: [(from: String, dialled: String, Destination)] = [
    ("101", "102", .extension("102")),
    ("101", "600", .queue("service")),
    ("102", "*45", .feature(.agentLogin)),
    ("102", "*46", .feature(.agentLogout)),
    ("102", "*451", .unavailable(.unknownNumber)),
    ("102", "*47", .feature(.agentPause)),
    ("102", "*473", .feature(.agentPause, argument: "3")),
    ("102", "*4733", .unavailable(.unknownNumber)),
    ("102", "*47*", .unavailable(.unknownNumber)),
    ("102", "*44", .unavailable(.unknownNumber)),
    ("102", "*4412345678", .feature(.agentDisposition, argument: "12345678")),
    ("102", "*44123456789", .unavailable(.unknownNumber)),
    ("102", "*449", .feature(.agentReady)),
    ("101", "199", .unavailable(.unknownNumber)),
    ("101", "*99", .unavailable(.unknownNumber)),
    ("101", "13812345678", .trunk(["carrier", "backup"], "13812345678")),
    ("101", "138-1234 5678", .trunk(["carrier", "backup"], "13812345678")),
    ("101", "+8613812345678", .trunk(["carrier", "backup"], "13812345678")),
    ("101", "+8601012345678", .unavailable(.classNotAllowed)),
    ("101", "01012345678", .trunk(["carrier", "backup"], "01012345678")),
    ("101", "61234567", .trunk(["carrier", "backup"], "61234567")),
    ("101", "0044201234567", .unavailable(.classNotAllowed)),
    ("103", "0044201234567", .trunk(["carrier", "backup"], "0044201234567")),
    ("103", "+44201234567", .trunk(["carrier", "backup"], "0044201234567")),
    ("101", "16812345", .unavailable(.classNotAllowed)),
    ("102", "13812345678", .unavailable(.classNotAllowed)),
    // Emergency: always, whatever the extension may do, by every trunk; also behind the code for an outside line.
    ("102", "110", .trunk(["carrier", "backup"], "110")),
    ("102", "9110", .trunk(["backup", "carrier"], "110")),
    // The code for an outside line opens nothing that is closed without it.
    ("101", "913812345678", .trunk(["backup"], "13812345678")),
    ("101", "90044201234567", .unavailable(.classNotAllowed)),
    ("101", "9600", .unavailable(.unknownNumber)),
    ("101", "9*45", .unavailable(.unknownNumber)),
    // The prefix is part of the number and of its class, the access code is not.
    ("101", "81012345678", .trunk(["carrier"], "55#01012345678")),
    ("101", "80044201234567", .unavailable(.classNotAllowed)),
    ("101", "804420123456", .unavailable(.classNotAllowed)),
    ("101", "", .unavailable(.notANumber)),
    ("101", "alice", .unavailable(.notANumber)),
    ("999", "101", .unavailable(.unknownOrigin)),
  ]

  @Test("From an extension: inside first, then routes, each number by its class", arguments: outbound.indices)
  func fromExtension(index: Int) {
    let (from, dialled, expected) = Self.outbound[index]
    #expect(
      Self.table.destination(of: ByteString(dialled), from: .extension(ByteString(from))) == expected,
      "\(from) dials \(dialled)")
  }

  static let inbound: [(trunk: String, dialled: String, Destination)] = [
    ("carrier", "02161234567", .queue("service")),
    ("carrier", "+862161234567", .queue("service")),
    ("carrier", "862161234567", .queue("service")),
    ("carrier", "02161230101", .extension("101")),
    ("carrier", "61230102", .extension("102")),
    ("carrier", "61230199", .unavailable(.unknownNumber)),
    ("carrier", "02161990000", .extension("101")),
    // A trunk reaches only what a route opens.
    ("carrier", "101", .unavailable(.unknownNumber)),
    ("carrier", "600", .unavailable(.unknownNumber)),
    ("carrier", "*45", .unavailable(.unknownNumber)),
    ("carrier", "110", .unavailable(.unknownNumber)),
    ("carrier", "13812345678", .unavailable(.unknownNumber)),
    ("backup", "anything", .extension("103")),
    ("backup", "", .extension("103")),
    ("stranger", "02161234567", .unavailable(.unknownOrigin)),
  ]

  @Test("From a trunk: inbound routes alone, in their order, by raw and normalised number", arguments: inbound.indices)
  func fromTrunk(index: Int) {
    let (trunk, dialled, expected) = Self.inbound[index]
    #expect(
      Self.table.destination(of: ByteString(dialled), from: .trunk(ByteString(trunk))) == expected,
      "\(trunk) brings \(dialled)")
  }

  @Test("A callback is dialled outside only, and never to an emergency number or the branch itself")
  func callbacks() {
    #expect(Self.table.outboundDestination(of: "+8613812345678") == .trunk(["carrier", "backup"], "13812345678"))
    for refused in ["110", "9110", "101", "600", "*45"] as [ByteString] {
      #expect(Self.table.outboundDestination(of: refused) == .unavailable(.classNotAllowed), "\(refused)")
    }
  }

  @Test("A number that the configuration names leads inside or out, whatever its class")
  func internalNumbers() {
    #expect(Self.table.internalDestination(of: "101") == .extension("101"))
    #expect(Self.table.internalDestination(of: "600") == .queue("service"))
    #expect(Self.table.internalDestination(of: "0044201234567") == .trunk(["carrier", "backup"], "0044201234567"))
    #expect(Self.table.internalDestination(of: "199") == .unavailable(.unknownNumber))
  }

  @Test("Where two claim a number, extensions come before queues before feature codes")
  func precedence() {
    var settings = Self.settings
    settings.queues.append(.init(name: "late", number: "101"))
    settings.featureCodes.append(.init(code: "600", feature: .agentLogin))
    let table = DialplanTable(settings)
    #expect(table.destination(of: "101", from: .extension("102")) == .extension("101"))
    #expect(table.destination(of: "600", from: .extension("102")) == .queue("service"))
  }

  @Test("An empty table leads nowhere")
  func empty() {
    #expect(DialplanTable().destination(of: "1", from: .extension("1")) == .unavailable(.unknownOrigin))
    #expect(DialplanTable().destination(of: "1", from: .trunk("t")) == .unavailable(.unknownOrigin))
    #expect(DialplanTable().internalDestination(of: "112") == .unavailable(.unknownNumber))
  }

  @Test("Every reason has a text and a final status")
  func reasons() {
    for reason in Unavailability.allCases {
      #expect(!reason.text.isEmpty)
      #expect((400..<700).contains(reason.status))
    }
  }

  @Test(
    "Random digits never reach a trunk from an extension that may call nothing, but for emergencies",
    arguments: 1...20 as ClosedRange<UInt64>)
  func noLeaks(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let symbols = Array("0123456789*#+9018".utf8)
    for _ in 0..<500 {
      let number = ByteString((0..<random.below(16)).map { _ in symbols[random.below(symbols.count)] })
      guard case .trunk(_, let sent) = Self.table.destination(of: number, from: .extension("102")) else { continue }
      #expect(
        NumberPlan(Self.settings.numberPlan).normalise(sent)?.numberClass == .emergency, "seed \(seed): \(number)")
    }
  }
}
