import Basics
import SDP
import Testing

@testable import SIPDialog

@Suite("Offer and answer")
struct SessionTests {
  func description(_ port: UInt16, id: UInt64 = 5, version: UInt64 = 1) -> SessionDescription {
    .offer(
      codecs: ["PCMU"], address: .loopbackV4, port: port, sessionID: id, sessionVersion: version, direction: .sendrecv)
  }

  @Test("Our offer, their answer")
  func ours() {
    var session = Session()
    let sent = session.sendOffer(description(1))
    #expect(sent?.port == 1)
    #expect(session.state == .offerSent && session.local == nil)
    let isTaken = session.receiveAnswer(description(2))
    #expect(isTaken)
    #expect(session.state == .stable && session.local?.port == 1 && session.remote?.port == 2)
  }

  @Test("Their offer, our answer")
  func theirs() {
    var session = Session()
    let isOpen = session.receiveOffer(description(2))
    #expect(isOpen)
    let sent = session.sendAnswer(description(1))
    #expect(sent != nil && session.state == .stable && session.local?.port == 1 && session.remote?.port == 2)
  }

  @Test("One offer at a time, and no answer without one")
  func oneAtATime() {
    var session = Session()
    let early = session.receiveAnswer(description(2))
    #expect(!early)
    let unasked = session.sendAnswer(description(2))
    #expect(unasked == nil)
    _ = session.sendOffer(description(1))
    let second = session.sendOffer(description(3))
    let crossing = session.receiveOffer(description(2))
    #expect(second == nil && !crossing)
  }

  @Test("A dropped offer leaves what was agreed")
  func dropped() {
    var session = Session()
    _ = session.sendOffer(description(1))
    session.dropOffer()
    #expect(session.state == .idle)
    _ = session.sendOffer(description(1))
    _ = session.receiveAnswer(description(2))
    _ = session.receiveOffer(description(4))
    session.dropOffer()
    #expect(session.state == .stable && session.remote?.port == 2)
  }

  @Test("One session id for life; the version grows exactly when something changes")
  func versions() {
    var session = Session()
    let offers = [1, 1, 3, 3].map { port -> SessionDescription? in
      let sent = session.sendOffer(description(UInt16(port), id: UInt64(port) + 70, version: 9))
      _ = session.receiveAnswer(description(2))
      return sent
    }
    #expect(offers.map { $0?.sessionID } == [71, 71, 71, 71])
    #expect(offers.map { $0?.sessionVersion } == [9, 9, 10, 10])
  }

  @Test("A refused description's version is not used again for another one")
  func refusedVersion() {
    var session = Session()
    _ = session.sendOffer(description(1))
    _ = session.receiveAnswer(description(2))
    let refused = session.sendOffer(description(3))
    session.dropOffer()
    let next = session.sendOffer(description(4))
    #expect(refused?.sessionVersion == 2 && next?.sessionVersion == 3)
  }

  @Test("What is agreed already is a refresh")
  func refresh() {
    var session = Session()
    _ = session.receiveOffer(description(2))
    #expect(!session.isRefresh(description(2)))
    _ = session.sendAnswer(description(1))
    #expect(session.isRefresh(description(2)))
    #expect(!session.isRefresh(description(2, version: 2)))
  }

  @Test("After 491 the owner of the Call-ID always waits longer than the other")
  func glare() {
    for random in 0..<1000 as Range<UInt64> {
      let owner = Glare.delay(ownsCallID: true, random: random)
      let other = Glare.delay(ownsCallID: false, random: random)
      #expect(owner >= .milliseconds(2100) && owner <= .seconds(4))
      #expect(other >= .zero && other <= .seconds(2))
    }
  }
}
