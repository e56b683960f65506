import BranchConfiguration
import Basics
import Configuration
import Testing

@Suite("Branch schema")
struct BranchSchemaTests {
  /// Every node of the schema with the path to it.
  static func all(_ nodes: [SchemaNode] = BranchSchema.root, _ path: String = "") -> [(path: String, node: SchemaNode)]
  {
    nodes.flatMap { node in
      [(path + "/\(node.name)", node)] + all(node.children ?? [], path + "/\(node.name)")
    }
  }

  private static func isChinese(_ text: ByteString) -> Bool {
    text.description.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
  }

  private static func checkHelp(_ help: Help, _ path: String) {
    let english = help.text(.english)
    let chinese = help.text(.chinese)
    #expect(!english.isEmpty && english.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(path)")
    #expect(isChinese(chinese), "\(path)")
    #expect(english.count <= 100 && !chinese.bytes.contains(0x0A), "\(path): help is one line")
  }

  private static func choices(_ arguments: [Argument]) -> [Choice] {
    arguments.flatMap { argument -> [Choice] in
      guard case .choice(let choices) = argument.type else { return [] }
      return choices
    }
  }

  @Test("Every statement and every choice has a line of help in both languages")
  func help() {
    for (path, node) in Self.all() {
      Self.checkHelp(node.help, path)
      for choice in Self.choices(node.arguments) { Self.checkHelp(choice.help, path + " \(choice.word)") }
    }
  }

  @Test("Every default is a value of its own statement")
  func defaults() {
    for (path, node) in Self.all() where node.defaultText != nil {
      #expect(!Section.defaults(of: node).isEmpty, "\(path)")
      #expect(!node.isRequired, "\(path): what is required has no default")
    }
  }

  @Test("Names are unique in their block; references lead to keyed blocks; only the last argument is a list")
  func structure() {
    let keyed = Set(Self.all().filter { $0.node.isKeyed }.map { $0.node.name })
    func check(_ nodes: [SchemaNode]) {
      #expect(Set(nodes.map { $0.name }).count == nodes.count)
      for node in nodes { check(node.children ?? []) }
    }
    check(BranchSchema.root)
    for (path, node) in Self.all() {
      let arguments = node.arguments + Self.choices(node.arguments).flatMap { $0.arguments }
      for argument in arguments {
        guard case .reference(let block) = argument.type else { continue }
        #expect(keyed.contains(block), "\(path)")
      }
      #expect(node.arguments.dropLast().allSatisfy { $0.count == 1...1 }, "\(path)")
    }
  }

  @Test("Of every statement it is known what a change of it reaches")
  func effects() {
    for (path, node) in Self.all() { #expect(node.effect != nil, "\(path)") }
    func effect(_ path: String) -> Effect? { Self.all().first { $0.path == path }?.node.effect }
    #expect(effect("/storage/path") == .nextStart && effect("/media/prompts") == .nextStart)
    #expect(effect("/queue/ring") == .waiting && effect("/queue/callback/delay") == .waiting)
    #expect(effect("/trunk/peer/address") == .newCalls && effect("/log/level") == .noCall)
    #expect(Self.all().filter { $0.node.effect == .runningCalls }.map { $0.path } == ["/listen"])
    for effect in Effect.allCases { Self.checkHelp(effect.help, "\(effect)") }
  }

  @Test("Secrets are marked as such")
  func secrets() {
    for (path, node) in Self.all() where node.name == "secret" { #expect(node.isSecret, "\(path)") }
  }
}
