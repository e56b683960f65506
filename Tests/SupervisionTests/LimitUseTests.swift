import Basics
import Supervision
import Testing

@Suite("Limits of the page")
struct PageLimitTests {
  @Test("what is used and what was hit is what is there")
  func use() throws {
    func row(_ name: ByteString, of page: Supervision?) -> LimitUse? {
      Supervision.limitUses(of: page).first { ByteString($0.name) == name }
    }
    let desk = Desk()
    #expect(row("page-sessions", of: desk.machine)?.used == 0)
    let lee = try desk.logIn()
    #expect(row("page-sessions", of: desk.machine)?.used == 1)
    for _ in 0...SupervisionLimits.streams { _ = desk.send(.get, "/events", cookie: lee.cookie) }
    let streams = row("page-streams", of: desk.machine)
    #expect(streams?.used == SupervisionLimits.streams && streams?.most == SupervisionLimits.streams)
    #expect(streams?.hits == 1)
    #expect(
      row("page-streams", of: nil)?.used == nil && row("page-streams", of: nil)?.most == SupervisionLimits.streams)
  }
}
