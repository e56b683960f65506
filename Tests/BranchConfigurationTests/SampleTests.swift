import Basics
import BranchConfiguration
import Configuration
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Sample configuration")
struct SampleTests {
  static let sample: [UInt8] = {
    var path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    path += ["Board", "common", "branch.conf"]
    guard let file = fopen(path.joined(separator: "/"), "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }()

  /// Names of statements that may stand in a queue or its callback.
  static let queueStatements: Set<String> = {
    let queue = BranchSchema.root.node(named: "queue")?.children ?? []
    return Set((queue + (queue.node(named: "callback")?.children ?? [])).map { $0.name.description })
  }()

  /// The sample with the blocks and statements that stand there as comments brought to life.
  static let uncommented: [UInt8] = {
    var isBlock = false
    let lines = String(decoding: sample, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Array(
      lines.map { line -> String in
        guard line.hasPrefix("# ") else {
          isBlock = false
          let words = line.split(separator: " ")
          let isStatement = words.count > 2 && words[0] == "#" && queueStatements.contains(String(words[1]))
          return isStatement ? words.dropFirst().joined(separator: " ") : String(line)
        }
        if line.hasSuffix(" {"), line.split(separator: " ").count <= 4 { isBlock = true }
        defer { if line == "# }" { isBlock = false } }
        return isBlock ? String(line.dropFirst(2)) : String(line)
      }.joined(separator: "\n").utf8)
  }()

  @Test("It has no errors; its warnings are its secrets, and callbacks that wait for a trunk")
  func parses() throws {
    #expect(!Self.sample.isEmpty)
    let reading = BranchSettings.parse(Self.sample)
    for error in reading.errors { Issue.record("\(error.text())") }
    let settings = try #require(reading.settings)
    #expect(settings.userAgent.users.map { $0.name } == ["101", "102", "103", "104"])
    #expect(settings.dialplan.destination(of: "600", from: .extension("101")) == .queue("service"))
    #expect(reading.warnings.filter { $0.found.english == "the secret of the sample" }.count == 4)
    #expect(reading.warnings.count == 5)
  }

  @Test("Its commented blocks are right too, but for the two trunks of one name")
  func comments() {
    let reading = BranchSettings.parse(Self.uncommented)
    #expect(reading.errors.map { $0.found.english } == ["a second trunk \"carrier\""])
    // All but the secrets are as they should be.
    let warnings = reading.warnings.filter { $0.found.english != "the secret of the sample" }
    #expect(warnings.map { $0.text().description } == [])
    let text = String(decoding: Self.uncommented, as: UTF8.self)
    for statement in ["\nhours office {", "\nagent 103 {", "\nhours office #", "\nreserve after", "\nslots 4"] {
      #expect(text.contains(statement), "\(statement)")
    }
  }

  @Test("It is formatted as the formatter would")
  func formatted() {
    var problems = Problems()
    let tree = Block(parsing: Self.sample, problems: &problems)
    let text = ConfigurationFormatter.format(tree)
    let again = Block(parsing: text, problems: &problems)
    #expect(problems.isEmpty)
    #expect(again.bare == tree.bare)
    #expect(ConfigurationFormatter.format(again) == text)
  }

  @Test(
    "Damaged copies are judged without a trap, and what is accepted is accepted again after formatting",
    arguments: 1...150 as ClosedRange<UInt64>)
  func mutations(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes = random.chance(percent: 50) ? Self.uncommented : Self.sample
    let tokens = [
      "{", "}", ";", "\"", "#", "\n", "\\", " 0", " 99999999999999999999", "\u{00}", "中", "extension 101 {",
      "else queue service",
    ]
    for _ in 0...random.below(12) where !bytes.isEmpty {
      let index = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes.removeSubrange(index..<min(bytes.count, index + random.below(40)))
      case 2: bytes.insert(contentsOf: tokens[random.below(tokens.count)].utf8, at: index)
      case 3:
        let end = min(bytes.count, index + random.below(200))
        bytes.insert(contentsOf: bytes[index..<end], at: random.below(bytes.count))
      default: bytes.removeSubrange(index...)
      }
    }
    let reading = BranchSettings.parse(bytes)
    #expect((reading.settings == nil) == !(reading.errors.isEmpty), "seed \(seed)")
    for problem in reading.problems {
      #expect(problem.position.line >= 1 && problem.position.column >= 1, "seed \(seed)")
      #expect(!problem.text(.english).isEmpty && !problem.text(.chinese).isEmpty, "seed \(seed)")
    }
    for (a, b) in zip(reading.problems, reading.problems.dropFirst()) {
      #expect(a.position <= b.position, "seed \(seed)")
    }
    guard reading.settings != nil else { return }
    var problems = Problems()
    let formatted = ConfigurationFormatter.format(Block(parsing: bytes, problems: &problems))
    #expect(BranchSettings.parse(formatted).errors.isEmpty, "seed \(seed)")
  }
}
