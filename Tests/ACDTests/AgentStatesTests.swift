import Basics
import Journal
import Testing

@testable import ACD

@Suite struct AgentStatesTests {
  private func left(_ floor: Floor) -> [String] {
    floor.take().events.filter { $0.kind == .agentStateLeft }.map { "\($0.detail) \($0.milliseconds / 1000)" }
  }

  @Test("Each state that is left is written down with its time, a break with its reason, and the lamp follows")
  func stateLeft() throws {
    let floor = Floor(.branch(agents: ["101"]))
    floor.pass(seconds: 7)
    floor.logIn("101")
    floor.pass(seconds: 3)
    floor.enter(1)
    let offer = try #require(floor.outputs.compactMap { if case .offer(let offer) = $0 { offer } else { nil } }.first)
    floor.pass(seconds: 4)
    floor.step(.accepted(offer.id))
    floor.pass(seconds: 60)
    floor.step(.ended(offer.id))
    floor.pass(seconds: 10)
    floor.step(.act(.pause(extension: "101", reason: "lunch"), by: "101"))
    floor.pass(seconds: 20)
    floor.step(.act(.pause(extension: "101", reason: "meeting"), by: "101"))
    floor.pass(seconds: 30)
    floor.step(.act(.ready(extension: "101"), by: "101"))
    let lamps = floor.outputs.compactMap { if case .agentState("101", let state) = $0 { state } else { nil } }
    #expect(lamps == [.ready, .offered, .talking, .wrapUp, .ready, .notReady, .notReady, .ready])
    #expect(
      left(floor) == [
        "logged-out 7", "ready 3", "offered 4", "talking 60", "wrap-up 10", "ready 0", "not-ready lunch 20",
        "not-ready meeting 30",
      ])
  }

  @Test("A phone that rang in vain, or was refused, leaves a notice; one that was let go leaves none")
  func missed() throws {
    let floor = Floor(.branch(agents: ["101", "102", "103"]))
    floor.logIn("101", "102", "103")
    func notices() -> [ByteString] {
      floor.outputs.compactMap { if case .missedOffer(let number, "sales") = $0 { number } else { nil } }
    }
    floor.enter(1)
    floor.pass(seconds: 20)
    #expect(notices() == ["101"])
    floor.step(.refused(try #require(floor.takeOffers().last).id, status: 486))
    #expect(notices() == ["102"])
    floor.take()
    floor.leave(1)
    #expect(notices().isEmpty)
  }
}
