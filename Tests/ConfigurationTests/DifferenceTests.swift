import Basics
import Testing

@testable import Configuration

@Suite("Difference")
struct DifferenceTests {
  private func lines(_ old: String, _ new: String) -> [String] {
    let differences = Difference.between(parse(old).tree, parse(new).tree, schema: Example.schema)
    return Difference.lines(differences, schema: Example.schema, .english).map { $0.description }
  }

  @Test("What is gone, what is new, and what has another value, below the blocks they stand in")
  func lines() {
    #expect(
      lines(
        "title A\nphone 101 { ring 5s; secret aaaaaaaa }\nphone 102\ngroup g { phones 101 102; callback { delay 1s } }",
        "title B\nphone 101 { ring 5s; secret bbbbbbbb; may-call x }\nphone 103 { ring 9s }\n"
          + "group g { phones 102 103; callback { delay 2s } }"
      ) == [
        "[top]", "- phone 102", "- title A", "+ title B", "[phone 101]", "- secret ***", "+ secret ***", "+ may-call x",
        "[top]",
        "+ phone 103 {", "+   ring 9s", "+ }", "[group g]", "- phones 101", "+ phones 103", "[group g / callback]",
        "- delay 1s", "+ delay 2s",
      ])
  }

  @Test("Layout, quotes and lists in one statement or several are no difference; order and comments are")
  func layout() {
    #expect(lines("title A; group g { phones 101 102 }", "title \"A\"\n\n\ngroup g {\nphones 101\nphones 102\n}") == [])
    #expect(lines("phone 101; phone 102", "phone 102; phone 101") == ["[top]", "! the order of phone: 102 101"])
    #expect(lines("phone 101; title A", "title A; phone 101") == [])
    #expect(lines("phone 101", "# why\nphone 101") == ["[top]", "# phone 101: comments"])
  }

  @Test("Nothing differs exactly where both say the same")
  func same() {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<500 {
      let old = Example.tree(&random, edits: 10)
      let new = Example.tree(&random, edits: random.below(4), on: old)
      let differences = Difference.between(old, new, schema: Example.schema)
      #expect(Difference.between(old, old, schema: Example.schema).isEmpty, "seed \(seed)")
      if old.text == new.text {
        #expect(differences.isEmpty, "seed \(seed)")
      } else {
        #expect(
          !differences.isEmpty || Self.settled(old) == Self.settled(new), "seed \(seed)\n\(old.text)\n\(new.text)")
      }
    }
  }

  /// By name, lists split: what may stand in any order among others stands in one.
  private static func settled(_ block: Block, _ schema: [SchemaNode] = Example.schema) -> Block {
    var settled = block.splittingLists(schema)
    settled.nodes = schema.flatMap { description in
      settled.all(description.name).map { node in
        var node = node
        node.hasGap = false
        node.block = description.children.map { Self.settled(node.block ?? Block(), $0) }
        return node
      }
    }
    return Block(settled.bare.nodes)
  }
}

@Suite("Merge")
struct MergeTests {
  private func merge(_ base: String, _ mine: String, _ theirs: String) -> (text: String, conflicts: [String]) {
    let merge = Merge(
      base: parse(base).tree, mine: parse(mine).tree, theirs: parse(theirs).tree, schema: Example.schema)
    return (merge.tree.text, merge.conflicts.map { $0.description })
  }

  @Test("What only one of two changed is as that one wants it")
  func disjoint() {
    let (text, conflicts) = merge(
      "title A\nphone 101 { ring 5s }\nphone 102\ngroup g { phones 101 }",
      "title B\nphone 101 { ring 5s; may-call x }\nphone 102\ngroup g { phones 101 102 }",
      "title A\nphone 101 { ring 9s }\ngroup g { phones 101 103 }\nphone 103")
    #expect(conflicts == [])
    #expect(
      text.split(separator: "\n").map { $0.trimmed } == [
        "title B", "phone 101 {", "ring 9s", "may-call x", "}", "group g {", "phones 101", "phones 103", "phones 102",
        "}",
        "phone 103",
      ])
  }

  @Test("What both changed is named, and stays as mine")
  func conflicts() {
    let (text, conflicts) = merge(
      "title A\nphone 101 { ring 5s }\nphone 102", "title B\nphone 102 { ring 1s }",
      "title C\nphone 101 { ring 6s }")
    #expect(conflicts == ["title", "phone 101", "phone 102"])
    #expect(text == "title B\nphone 102 {\n  ring 1s\n}\n")
  }

  @Test("An order that one changed is kept")
  func order() {
    #expect(
      merge("phone 11; phone 12", "phone 12; phone 11", "phone 11 { ring 5s }; phone 12").text
        == "phone 12\nphone 11 {\n  ring 5s\n}\n")
    #expect(
      merge("phone 11; phone 12", "phone 11 { ring 5s }; phone 12", "phone 12; phone 11").text
        == "phone 12\nphone 11 {\n  ring 5s\n}\n")
    #expect(
      merge("phone 11; phone 12; phone 13", "phone 12; phone 11; phone 13", "phone 13; phone 11; phone 12").conflicts
        == ["phone"])
  }

  @Test("Who changed nothing wants what the other wants; both the same is no conflict")
  func trivial() {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      let base = Example.tree(&random, edits: 10)
      let other = Example.tree(&random, edits: 1 + random.below(5), on: base)
      for (mine, theirs) in [(base, other), (other, base), (other, other)] {
        let merge = Merge(base: base, mine: mine, theirs: theirs, schema: Example.schema)
        #expect(merge.conflicts == [], "seed \(seed)")
        #expect(
          Difference.between(other, merge.tree, schema: Example.schema).filter { !$0.isComment }.isEmpty,
          "seed \(seed)\n\(base.text)\n\(mine.text)\n\(theirs.text)\n\(merge.tree.text)")
      }
    }
  }
}

extension Difference {
  fileprivate var isComment: Bool { if case .commented = change { true } else { false } }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
