import Basics
import Configuration
import Testing

@Suite("Owners of sections")
struct OwnershipTests {
  private static let schema: [SchemaNode] = {
    let help = Help("for tests", "测试用")
    let word = Argument("word", .word(maximum: 8))
    let queue = [
      SchemaNode("ring", word, help: help),
      SchemaNode(block: "callback", help: help, [SchemaNode("delay", word, help: help)]),
    ]
    let routes = ["outbound", "inbound"].map { (name: ByteString) in
      SchemaNode(
        block: name, [word], isKeyed: true, occurrence: .repeated(9), help: help, [SchemaNode("to", word, help: help)])
    }
    let owners = SchemaNode(
      block: "owners", help: help,
      [
        SchemaNode("hub", word, occurrence: .repeated(9), help: help),
        SchemaNode(
          block: "override", [word], isKeyed: true, occurrence: .repeated(9), help: help,
          [SchemaNode("until", word, help: help)]),
      ])
    return [
      SchemaNode("name", word, help: help), owners,
      SchemaNode(block: "queue", [word], isKeyed: true, occurrence: .repeated(9), help: help, queue),
    ] + routes
  }()

  private static func tree(_ text: String) -> Block {
    var problems = Problems()
    return Block(parsing: Array(text.utf8), problems: &problems)
  }

  private static func ownership(_ hub: String..., overrides: [(String, Int)] = []) -> Ownership {
    Ownership(
      hub: hub.map { SectionPath(ByteString($0)) },
      overrides: overrides.map { .init(SectionPath(ByteString($0.0)), until: $0.1) })
  }

  /// Paths of what is refused.
  private func refused(
    _ owner: Owner, _ old: String, _ new: String, _ before: Ownership, _ after: Ownership? = nil, day: Int? = 100
  ) -> [String] {
    let differences = Difference.between(Self.tree(old), Self.tree(new), schema: Self.schema)
    let change = OwnedChange(
      by: owner, before: before, after: after ?? before, day: day, owners: "owners", overrides: "override")
    return change.violations(differences, schema: Self.schema).map { $0.path.description }
  }

  @Test("a section is the hub's from its name down, unless an override that is not over holds it")
  func owner() {
    let ownership = Self.ownership("queue service", "outbound", overrides: [("queue service / callback", 100)])
    func owner(_ path: ByteString, _ day: Int?) -> Owner { ownership.owner(of: SectionPath(path), on: day) }
    #expect(owner("queue service ring", 100) == .hub && owner("queue night ring", 100) == .branch)
    #expect(owner("outbound a to", 100) == .hub && owner("outbound", 100) == .hub && owner("name", 100) == .branch)
    #expect(owner("queue service callback delay", 100) == .branch && owner("queue service callback", nil) == .branch)
    #expect(owner("queue service callback delay", 101) == .hub && owner("queue service", 100) == .hub)
  }

  @Test("the branch changes what is its own, adds overrides, and nothing else")
  func branch() {
    let hub = Self.ownership("queue service", "outbound", "inbound a")
    let old = "name x; queue service { ring 1; callback { delay 1 } }; outbound a; outbound b; inbound a"
    #expect(refused(.branch, old, old.replacing("name x", with: "name y"), hub) == [])
    #expect(refused(.branch, old, old.replacing("ring 1", with: "ring 2"), hub) == ["queue service ring"])
    #expect(refused(.branch, old, old.replacing("delay 1", with: "delay 2"), hub) == ["queue service callback delay"])
    #expect(refused(.branch, old, old + "; outbound c; queue night", hub) == ["outbound c"])
    #expect(refused(.branch, old, "name x", hub) == ["queue service", "outbound a", "outbound b", "inbound a"])
    let turned = "name x; queue service { ring 1; callback { delay 1 } }; outbound b; outbound a; inbound a"
    #expect(refused(.branch, old, turned, hub) == ["outbound"])
    #expect(refused(.branch, old, old + " # a comment", hub) == [])
    let inner = Self.ownership("queue service callback")
    #expect(refused(.branch, old, old.replacing("ring 1", with: "ring 2"), inner) == [])
    #expect(refused(.branch, old, "name x; outbound a; outbound b; inbound a", inner) == ["queue service callback"])
  }

  @Test("an override comes with what it allows, and counts through its last day")
  func override() {
    let hub = Self.ownership("queue service")
    let overriding = Self.ownership("queue service", overrides: [("queue service", 100)])
    let (old, new) = ("queue service { ring 1 }", "queue service { ring 2 }; owners { override x { until 1 } }")
    #expect(refused(.branch, old, new, hub) == ["queue service ring"])
    #expect(refused(.branch, old, new, hub, overriding) == [])
    #expect(refused(.branch, old, new, hub, overriding, day: 101) == ["queue service ring"])
    #expect(refused(.branch, old, new, hub, overriding, day: nil) == [])
    #expect(refused(.branch, old, "queue service { ring 1 }; owners { hub x }", hub) == ["owners hub"])
    #expect(refused(.branch, "owners { hub x; override y }", "", hub) == ["owners hub"])
  }

  @Test("the hub changes what is its own or becomes so, and nothing that is overridden now")
  func hub() {
    let old = "name x; queue service { ring 1 }; outbound a"
    let overridden = Self.ownership("queue service", "outbound", overrides: [("queue service", 100)])
    #expect(refused(.hub, old, "name x; queue service { ring 1 }; outbound b", overridden) == [])
    #expect(refused(.hub, old, old.replacing("ring 1", with: "ring 2"), overridden) == ["queue service ring"])
    #expect(refused(.hub, old, old.replacing("ring 1", with: "ring 2"), overridden, day: 101) == [])
    #expect(refused(.hub, old, old.replacing("name x", with: "name y"), overridden) == ["name"])
    let taken = old.replacing("name x", with: "name y; owners { hub name }")
    #expect(refused(.hub, old, taken, overridden, Self.ownership("name", "outbound")) == [])
    // Who takes the override away may not change what it held in one breath.
    let freed = Self.ownership("queue service", "outbound")
    #expect(refused(.hub, old, old.replacing("ring 1", with: "ring 2"), overridden, freed) == ["queue service ring"])
  }

  @Test("a refusal says where, why and what helps, in both languages")
  func words() throws {
    let differences = Difference.between(
      Self.tree("queue service { ring 1 }"), Self.tree("\nqueue service { ring 2 }"), schema: Self.schema)
    let hub = Self.ownership("queue service")
    let change = OwnedChange(by: .branch, before: hub, after: hub, day: 1, owners: "owners", overrides: "override")
    let error = try #require(change.violations(differences, schema: Self.schema).first)
    #expect(error.position == Position(line: 2, column: 17))
    #expect(
      error.message(.english) == """
        in queue service ring: found a change of what the hub owns, expected it as it is, or with it an override: \
        owners { override "queue service ring" { until YYYY-MM-DD } }
        """)
    #expect(error.message(.chinese).description.contains("更改了总部所有的配置"))
  }

  @Test("sections of the hub's tree take the place of those in another, in their order, and nothing else does")
  func restored() {
    let ownership = Self.ownership("queue service", "outbound", overrides: [("queue service callback", 100)])
    let running =
      "name b; queue service { ring 2; callback { delay 2 } }; outbound z; outbound b; outbound a; inbound i"
    let pushed =
      "name h; queue service { ring 1; callback { delay 1 } }; queue night; outbound a; outbound c; outbound b"
    func restored(_ day: Int?, _ mine: String = running) -> String {
      let tree = ownership.restored(Self.tree(mine), from: Self.tree(pushed), schema: Self.schema, on: day)
      let text = String(decoding: ConfigurationFormatter.format(tree), as: UTF8.self)
      return text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }
    #expect(
      restored(100)
        == "name b queue service { ring 1 callback { delay 2 } } outbound a outbound c outbound b inbound i")
    #expect(
      restored(101)
        == "name b queue service { ring 1 callback { delay 1 } } outbound a outbound c outbound b inbound i")
    #expect(
      restored(101, "name b")
        == "name b queue service { ring 1 callback { delay 1 } } outbound a outbound c outbound b")
    let once = ownership.restored(Self.tree(running), from: Self.tree(pushed), schema: Self.schema, on: 101)
    #expect(ownership.restored(once, from: Self.tree(pushed), schema: Self.schema, on: 101) == once)
  }
}
