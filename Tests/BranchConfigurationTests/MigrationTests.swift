import Basics
import BranchConfiguration
import Configuration
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Configurations of older versions")
struct MigrationTests {
  private static func old(_ name: String) -> [UInt8] {
    let directory = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    guard let file = fopen(directory + "/Old/" + name, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private static func tree(_ bytes: [UInt8]) throws -> Block {
    var problems = Problems()
    let tree = Block.configuration(parsing: bytes, problems: &problems)
    try #require(problems.isEmpty && !tree.nodes.isEmpty, "\(problems.sorted)")
    return tree
  }

  private static func settings(_ bytes: [UInt8]) throws -> BranchSettings {
    let reading = BranchSettings.parse(bytes)
    return try #require(reading.settings, "\(reading.errors)")
  }

  @Test("the sample of version 1 means what the sample of today says, but for the page, which is younger")
  func sample() throws {
    let differences = Difference.between(
      try Self.tree(Self.old("1.conf")), try Self.tree(SampleTests.sample), schema: BranchSchema.root)
    let others = differences.filter {
      switch $0.change {
      case .commented: false
      case .added(let node): node.name.text != "web"
      default: true
      }
    }
    #expect(others == [] && differences.count { if case .added = $0.change { true } else { false } } == 1)
    #expect(try Self.settings(Self.old("1.conf")).flightRecorderBytes == 32 << 20)
  }

  @Test(
    "settings are what the old text meant",
    arguments: [("1-everything.conf", 64, 2), ("1-lines.conf", 8, 3)] as [(String, Int, Int)])
  func settings(_ name: String, mebibytes: Int, devices: Int) throws {
    let settings = try Self.settings(Self.old(name))
    #expect(settings.flightRecorderBytes == mebibytes << 20)
    #expect(settings.userAgent.users[0].maxContacts == devices)
    #expect(settings.userAgent.users[0].secret == "correct horse")
    #expect(settings.queues.map { $0.number } == ["600"] && settings.distributor.queues[0].agents.first == "101")
  }

  @Test(
    "what is written again says the version of today, keeps its comments, and is read as it is from then on",
    arguments: ["1.conf", "1-everything.conf", "1-lines.conf"])
  func written(_ name: String) throws {
    let tree = try Self.tree(Self.old(name))
    let text = ConfigurationFormatter.format(tree)
    #expect(tree.nodes[0].name.text == "schema" && tree.nodes[0].values[0].text == "2")
    #expect(try Self.tree(text).bare == tree.bare)
    let lines = String(decoding: text, as: UTF8.self)
    #expect(!lines.contains("contacts") && lines.contains("MiB"))
    switch name {
    case "1-everything.conf":
      #expect(lines.contains("  # Half of the flash is for it.\n  flight-recorder 64MiB  # MiB\n"))
      #expect(lines.contains("devices 2  # the desk and the headset") && lines.contains("# as customers know it"))
    case "1-lines.conf": #expect(lines.contains("devices 3  # two phones and a laptop"))
    default: #expect(lines.contains("# Phones. Change the secrets"))
    }
  }

  @Test("a file of today is taken at its word: what only older ones could say is an error in it")
  func today() {
    func errors(_ text: ByteString) -> [ByteString] {
      BranchSettings.parse(("listen udp 0.0.0.0\n" + text).bytes).errors.map { $0.message(.english) }
    }
    #expect(errors("schema 2; storage { flight-recorder 32MiB }") == [])
    #expect(errors("schema 2; storage { flight-recorder 32 }").count == 1)
    #expect(errors("schema 2; extension 101 { secret \"correct horse\"; contacts 2 }").count == 1)
    #expect(errors("schema 1; extension 101 { secret \"correct horse\"; contacts 2 }") == [])
    #expect(errors("extension 101 { secret \"correct horse\"; devices 2 }") == [])
    #expect(errors("extension 101 { secret \"correct horse\"; devices 2; contacts 3 }").count == 1)
    #expect(errors("schema two").count == 1 && errors("schema 0").count == 1)
    #expect(errors("set schema 2").count == 1)
  }

  @Test("a file of a newer program is refused in so many words, in either form")
  func newer() throws {
    let newer = ByteString(BranchMigrations.currentVersion + 1)
    for text in ["schema " + newer + "\nlisten udp 0.0.0.0", "set schema " + newer + "\nset listen udp 0.0.0.0"] {
      let reading = BranchSettings.parse(text.bytes)
      #expect(reading.settings == nil)
      let problem = try #require(reading.errors.first)
      #expect(
        problem.message(.english)
          == "found a configuration of schema 3, expected at most 2: a newer program has written it")
      #expect(problem.message(.chinese).description.contains("更新的程序"))
      #expect(problem.position.line == 1)
    }
  }

  @Test("a text that is kept as it is keeps its version", arguments: ["1.conf", "1-everything.conf", "1-lines.conf"])
  func asWritten(_ name: String) throws {
    var problems = Problems()
    let text = ConfigurationFormatter.format(Block.configuration(asWritten: Self.old(name), problems: &problems))
    #expect(problems.isEmpty && !String(decoding: text, as: UTF8.self).contains("schema"))
    #expect(try Self.tree(text).bare == Self.tree(Self.old(name)).bare)
  }

  @Test("each version is reached from the one before it, and says what it changes in both languages")
  func chain() {
    #expect(BranchMigrations.all.map { $0.version } == Array(2...BranchMigrations.currentVersion))
    for step in BranchMigrations.all { #expect(!step.help.text(.english).isEmpty && !step.help.text(.chinese).isEmpty) }
  }
}
