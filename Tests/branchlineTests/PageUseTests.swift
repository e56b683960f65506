import Basics
import Console
import Supervision
import Testing

@testable import branchline

@Suite("What the page uses of its limits")
struct PageUseTests {
  private func row(_ use: PageUse, _ name: ByteString) -> LimitUse? {
    use.limitUses.first { ByteString($0.name) == name }
  }

  @Test("what the page's process says is what is shown")
  func told() {
    var use = PageUse()
    let said = PageUse.line([
      LimitUse("page-connections", most: 32, used: 5, hits: 2), LimitUse("page-scrapers", most: 8, used: 1),
    ])
    #expect(said == "uses page-connections 5 2 page-scrapers 1 -")
    use.hear(said)
    let connections = row(use, "page-connections")
    #expect(connections?.used == 5 && connections?.hits == 2 && connections?.most == 32)
    #expect(row(use, "page-scrapers")?.used == 1 && row(use, "page-scrapers")?.hits == nil)
  }

  @Test("a process that is no more uses nothing that is known; how often its limits were hit stays")
  func ended() {
    var use = PageUse()
    use.hear("uses page-sessions 16 3")
    use.end()
    #expect(row(use, "page-sessions")?.used == nil && row(use, "page-sessions")?.hits == 3)
    use.hear("uses page-sessions 1 2")
    #expect(row(use, "page-sessions")?.used == 1 && row(use, "page-sessions")?.hits == 5)
  }

  @Test(
    "rubbish of a process that somebody has taken over adds no limit and no number",
    arguments: [
      "uses", "uses ", "uses page-sessions", "uses page-sessions 1", "uses nobody 1 2", "uses page-sessions x -1",
      "uses page-sessions 99999999999999999999 1 2",
    ] as [ByteString])
  func rubbish(_ line: ByteString) {
    var use = PageUse()
    use.hear(line)
    #expect(use.limitUses.map { ByteString($0.name) } == PageUse.uses(nil, nil).map { ByteString($0.name) })
    #expect(use.limitUses.allSatisfy { $0.used == nil })
  }

  @Test("every limit of the shell has a name in both languages")
  func names() throws {
    let desk = try CaptureDesk(beside: "/nowhere/branch.db")
    for use in PageUse().limitUses + desk.limitUses {
      let name = ByteString(use.name)
      #expect(FieldName.value(name, of: "limit", .english) != name, "\(name)")
      #expect(FieldName.value(name, of: "limit", .chinese) != name, "\(name)")
    }
    #expect(FieldName.value("console-sessions", of: "limit", .english) != "console-sessions")
  }
}
