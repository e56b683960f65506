// An else destination that may refuse: the place is kept until it has taken the caller.

import Basics
import Journal
import Testing

@testable import ACD

@Suite struct ElsewhereTests {
  private static func settings() -> ACD.Settings {
    var settings = ACD.Settings.branch(agents: ["101", "102"], maximumWait: 60, announceEvery: 0)
    settings.queues[0].triesElsewhere = true
    return settings
  }

  /// How often it was tried.
  private func tries(_ outputs: [ACD.Output]) -> Int {
    outputs.count { if case .tryElsewhere(CallReference(1)) = $0 { true } else { false } }
  }
  private func overflows(_ outputs: [ACD.Output]) -> Int {
    outputs.count { if case .overflow(CallReference(1), .maximumWait) = $0 { true } else { false } }
  }

  @Test("who waits too long is tried elsewhere again and again, waits on, and is counted once when taken")
  func taken() throws {
    let floor = Floor(Self.settings())
    floor.logIn("101")
    floor.step(.reachable(extension: "101", false))
    floor.enter(1)
    floor.enter(2)
    floor.take()
    floor.pass(seconds: 59)
    #expect(tries(floor.take()) == 0)
    floor.pass(seconds: 1)
    #expect(tries(floor.take()) == 1)
    floor.pass(seconds: 120)
    let later = floor.take()
    #expect(tries(later) == 2 && overflows(later) == 0 && !later.eventKinds.contains(.overflowed))
    floor.step(.wentElsewhere(CallReference(1)))
    let outputs = floor.take()
    #expect(overflows(outputs) == 1)
    #expect(outputs.events.first { $0.kind == .overflowed }?.milliseconds == 180_000)
    floor.step(.wentElsewhere(CallReference(1)))
    floor.pass(seconds: 120)
    let end = floor.take()
    #expect(tries(end) == 0 && overflows(end) == 0)
    floor.expectNoComplaints()
  }

  @Test("who was refused elsewhere has the old place here")
  func place() throws {
    let floor = Floor(Self.settings())
    floor.logIn("101")
    floor.step(.reachable(extension: "101", false))
    floor.enter(1)
    floor.pass(seconds: 30)
    floor.enter(2)
    floor.pass(seconds: 45)
    floor.take()
    floor.step(.reachable(extension: "101", true))
    let offer = try floor.takeOffer()
    #expect(offer.item == .call(CallReference(1)))
    floor.expectNoComplaints()
  }

  @Test("while a phone rings nothing is tried; an answer from elsewhere withdraws the ringing phone")
  func offered() throws {
    let floor = Floor(Self.settings())
    floor.logIn("101")
    floor.step(.busyElsewhere(extension: "101", true))
    floor.enter(1)
    floor.pass(seconds: 50)
    floor.step(.busyElsewhere(extension: "101", false))
    let offer = try floor.takeOffer()
    floor.pass(seconds: 15)
    #expect(tries(floor.take()) == 0)
    floor.step(.refused(offer.id, status: 486))
    #expect(tries(floor.take()) == 1)
    floor.pass(seconds: 30)
    let second = try floor.takeOffer()
    floor.step(.wentElsewhere(CallReference(1)))
    let outputs = floor.take()
    #expect(outputs.contains { if case .withdraw(second.id) = $0 { true } else { false } })
    #expect(overflows(outputs) == 1)
    floor.expectNoComplaints()
  }
}
