import Basics
import Configuration
import Testing

@Suite("What changes reach")
struct EffectTests {
  private static let schema: [SchemaNode] = {
    let help = Help("for tests", "测试用")
    let word = Argument("word", .word(maximum: 8))
    return [
      SchemaNode("title", word, effect: .noCall, help: help),
      SchemaNode(
        block: "box", [word], isKeyed: true, occurrence: .repeated(9), effect: .newCalls, help: help,
        [
          SchemaNode("own", word, effect: .nextStart, help: help), SchemaNode("plain", word, help: help),
          SchemaNode(block: "inner", effect: .waiting, help: help, [SchemaNode("deep", word, help: help)]),
        ]),
      SchemaNode("unknown", word, help: help),
    ]
  }()

  private func effects(_ old: String, _ new: String) -> [String] {
    var problems = Problems()
    let trees = [old, new].map { Block(parsing: Array($0.utf8), problems: &problems) }
    let differences = Difference.between(trees[0], trees[1], schema: Self.schema)
    return Difference.effects(of: differences, schema: Self.schema).map { $0.text(.english).description }
  }

  @Test("a statement without its own has that of the nearest block around it that has one")
  func inherited() {
    let box = Self.schema[1]
    #expect(box.children?.map { $0.effect } == [.nextStart, .newCalls, .waiting])
    #expect(box.children?[2].children?.first?.effect == .waiting && Self.schema[2].effect == nil)
  }

  @Test("changes are told by what they reach, a block that comes with what is in it that reaches more")
  func told() {
    #expect(effects("title a", "title a # why") == [])
    #expect(
      effects("title a; box x { plain 1; own 1 }", "title b; box x { plain 2; own 2 }") == [
        "title: touches no call", "box x / plain: counts for what begins from now on",
        "box x / own: counts from the next start on",
      ])
    let added = effects("", "box x { plain 1; own 1; inner { deep 1 } }")
    #expect(added.map { $0.split(separator: ":")[0] } == ["box x", "box x / inner", "box x / own"])
    #expect(added == effects("box x { plain 1; own 1; inner { deep 1 } }", ""))
    #expect(effects("box x; box y", "box y; box x") == ["box: counts for what begins from now on"])
  }
}
