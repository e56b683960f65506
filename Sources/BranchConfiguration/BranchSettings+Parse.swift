// From the text of a configuration to settings and all that is wrong with it: syntax, schema, then what values mean
// together. It opens no file.

import ACD
import Basics
import Configuration
import Dialplan
import NumberPlan
import SIPUserAgent

extension BranchSettings {
  public struct Reading: Sendable {
    /// nil when any problem is an error.
    public let settings: BranchSettings?
    /// Errors and warnings in the order of the file.
    public let problems: [ConfigurationError]
    /// Problems that did not fit into the list.
    public let furtherProblems: Int

    public var errors: [ConfigurationError] { problems.filter { $0.severity == .error } }
    public var warnings: [ConfigurationError] { problems.filter { $0.severity == .warning } }
  }

  public static func parse(_ bytes: [UInt8]) -> Reading {
    var problems = Problems()
    let tree = Block.configuration(parsing: bytes, problems: &problems)
    return read(tree, problems)
  }

  /// - Parameter found: what was wrong with the text that the tree comes from.
  public static func read(_ tree: Block, _ found: Problems = Problems()) -> Reading {
    var problems = found
    let schema = BranchSchema.root
    SchemaChecker.check(tree, against: schema, problems: &problems)
    let reader = BranchReader(Section(tree, schema: schema))
    let settings = reader.settings()
    var checks = BranchChecks(root: reader.root, settings: settings, end: tree.end, problems: problems)
    checks.run()
    return Reading(
      settings: checks.problems.hasErrors ? nil : settings, problems: checks.problems.sorted,
      furtherProblems: checks.problems.dropped)
  }
}

/// Maps sections to settings. What is missing or wrong was reported; here it gets a harmless value.
struct BranchReader {
  let root: Section

  init(_ root: Section) { self.root = root }

  func settings() -> BranchSettings {
    var settings = BranchSettings()
    settings.name = root.text("name") ?? settings.name
    settings.language = root.choice("language") == 1 ? .english : .chinese
    readLog(into: &settings)
    let media = root.sectionOrDefaults("media")
    settings.mediaPorts = media.ports("ports") ?? settings.mediaPorts
    settings.promptsDirectory = media.text("prompts") ?? ""
    let storage = root.sectionOrDefaults("storage")
    settings.storagePath = storage.text("path") ?? ""
    settings.flightRecorderBytes = storage.bytes("flight-recorder")
    settings.controlSocketPath = root.sectionOrDefaults("control").text("socket") ?? ""
    settings.power = power()
    settings.web = web()
    settings.tls = tls()
    settings.users = root.sections("user").map(user)
    settings.assertions = assertions()
    let limits = root.sectionOrDefaults("limits")
    settings.callLimit = limits.integer("calls")
    settings.shutdownSeconds = limits.seconds("shutdown")
    settings.numberPlan = numberPlan()
    settings.userAgent = userAgent()
    settings.trunks = root.sections("trunk").map {
      BranchSettings.Trunk(
        name: $0.key, channels: $0.integer("channels"), callerNumber: $0.text("caller-number") ?? "")
    }
    settings.ownership = ownership()
    settings.zone = zone()
    settings.hours = hours()
    settings.queues = root.sections("queue").map(queue)
    features(into: &settings)
    settings.distributor = distributor(settings, callbackLimit: limits.integer("callbacks"))
    settings.dialplan = DialplanTable(dialplan(settings))
    return settings
  }

  private func readLog(into settings: inout BranchSettings) {
    let log = root.sectionOrDefaults("log")
    if let index = log.choice("level"), let level = LogLevel(rawValue: UInt8(index)) { settings.logLevel = level }
    // In the order of `BranchSchema.logTargets`.
    if log.choice("target") == 1 { settings.logTarget = .systemLog }
    if case .text(let path)? = log.values("target").dropFirst().first { settings.logTarget = .file(path) }
  }

  private func user(_ section: Section) -> BranchSettings.User {
    BranchSettings.User(
      name: section.key, role: section.choice("role").flatMap { Role(rawValue: UInt8($0)) } ?? .readOnly,
      passwordHash: section.text("password"),
      language: section.choice("language").map { $0 == 1 ? .english : .chinese })
  }

  /// How long the branch's own numbers are tells them from numbers outside.
  private func numberPlan() -> NumberPlan.Settings {
    let section = root.sectionOrDefaults("number-plan")
    var lengths = root.sections("extension").map { $0.key.count }
    lengths += root.sections("queue").compactMap { $0.text("number")?.count }
    let shortest = lengths.min() ?? 3
    let longest = lengths.max() ?? 4
    return .named(
      section.choice("country") == 1 ? "generic" : "cn", countryCode: section.text("country-code") ?? "",
      areaCode: section.text("area-code") ?? "", extensionLengths: shortest...longest)
  }

  private func queue(_ section: Section) -> BranchSettings.Queue {
    BranchSettings.Queue(
      name: section.key, number: section.text("number") ?? "", otherwise: otherwise(section),
      offersCallback: section.section("callback") != nil, hours: section.text("hours") ?? "")
  }

  /// In the order of `BranchSchema.elseTargets`.
  func otherwise(_ section: Section) -> BranchSettings.Otherwise {
    let values = section.values("else")
    guard case .choice(let index)? = values.first, case .text(let target)? = values.dropFirst().first else {
      return .hangUp
    }
    switch index {
    case 0: return .extension(target)
    case 1: return .queue(target)
    case 2: return .number(target)
    case 3:
      guard case .text(let number)? = values.dropFirst(2).first else { return .hangUp }
      return .branch(trunk: target, number: number)
    default: return .hangUp
    }
  }

  func leadsToBranch(_ section: Section) -> Bool {
    if case .branch = otherwise(section) { true } else { false }
  }

  /// The set named by a statement of classes.
  static func classes(_ section: Section, _ name: ByteString, forCallbacks: Bool) -> NumberClasses {
    let known = BranchSchema.allowedClasses(forCallbacks: forCallbacks)
    var classes = NumberClasses.none
    for index in section.choices(name) where known.indices.contains(index) { classes.insert(known[index]) }
    return classes
  }
}
