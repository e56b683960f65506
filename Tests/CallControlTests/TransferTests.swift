import ACD
import Basics
import CallControl
import SIPUserAgent
import Testing

/// Named for the flows of RFC 5359; 101 and a customer begin calls, 102 transfers to 103.
@Suite("Transfer")
struct TransferTests {
  @Test("§2.4 unattended: the new party rings, the transferor hears of it and leaves, the caller's dialog stays")
  func unattended() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "103")
    #expect(
      exchange.take()
        == [
          "accept referral 3", "open 2 10004", "queue: busy 103", "invite 5 phone 103 from 101 by 102",
          "say 1 start(ringback)",
        ].map { $0.replacing("start(ringback)", with: "ringback") })
    exchange.progress(5)
    #expect(exchange.take() == ["tell 3 180"])
    exchange.accepted(5)
    #expect(
      exchange.take() == [
        "target 2 pcmu sends hears", "say 1 nothing", "bridge 1 2", "tell 3 200", "hang up 3 200",
      ])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102"])
    exchange.ended(2)
    #expect(exchange.take().contains("hang up 5 487"))
    exchange.ended(5, byRemote: false)
    #expect(exchange.records.map(\.destination) == ["extension 103"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("the one who called may transfer too: whom it had called is shown as the caller")
  func byTheCaller() {
    var exchange = Exchange.talking()
    exchange.refer(2, to: "103")
    #expect(exchange.take().contains("invite 5 phone 103 from 102 by 101"))
    exchange.accepted(5)
    #expect(exchange.take().suffix(3) == ["bridge 0 2", "tell 2 200", "hang up 2 200"])
    exchange.ended(2, byRemote: false)
    exchange.ended(3)
    exchange.ended(5, byRemote: false)
    #expect(exchange.records.map(\.hungUpByCaller) == [false])
    #expect(exchange.calls.callCount == 0)
  }

  @Test("a transferor who leaves at once is not needed; a transferee who leaves ends all of it")
  func transferorLeaves() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "103")
    exchange.ended(3)
    _ = exchange.take()
    exchange.accepted(5)
    #expect(exchange.take() == ["target 2 pcmu sends hears", "say 1 nothing", "bridge 1 2"])
    var other = Exchange.talking()
    other.refer(3, to: "103")
    _ = other.take()
    other.ended(2)
    let hungUp = other.take().filter { $0.hasPrefix("hang up") }
    #expect(hungUp == ["hang up 5 487", "hang up 3 487"])
    other.ended(5, 487, byRemote: false)
    other.ended(3, byRemote: false)
    #expect(other.calls.callCount == 0 && other.records.count == 1)
  }

  @Test("the new party is busy: the two are joined again, and the transferor is told why")
  func busy() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "103")
    _ = exchange.take()
    exchange.ended(5, 486)
    #expect(
      exchange.take() == ["say 2 nothing", "close 2", "queue: free 103", "say 1 nothing", "bridge 1 0", "tell 3 486"])
    exchange.refer(3, to: "103")
    #expect(exchange.take().first == "accept referral 3", "another try is possible")
  }

  @Test("nobody answers and the transferor has gone: it rings there again, and is refused if that does not help")
  func returns() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "103")
    exchange.ended(3)
    _ = exchange.take()
    exchange.wait(CallControl.Limits.transferRingTime)
    #expect(
      exchange.take() == [
        "hang up 5 408", "open 3 10006", "queue: busy 102", "invite 7 phone 102 from 101 by 102", "say 1 ringback",
      ])
    exchange.ended(5, 487, byRemote: false)
    exchange.ended(7, 486)
    #expect(exchange.take().contains("say 1 announcement [MediaEngine.Prompt.allBusyGoodbye]"))
  }

  @Test("the transferor's rights count, codes are no party, and no such number is told as such")
  func rights() {
    var exchange = Exchange { settings in settings.groups = [] }
    exchange.incoming(2, to: "102")
    exchange.accepted(3)
    _ = exchange.take()
    exchange.refer(3, to: "199")
    exchange.refer(3, to: "*45")
    exchange.refer(3, to: "013900000001")
    #expect(exchange.take().prefix(3) == ["refuse referral 3 404", "refuse referral 3 403", "accept referral 3"])
  }

  @Test("a trunk's leg, one that rings and one in a queue transfer nobody")
  func whoMay() {
    var exchange = Exchange.queued()
    exchange.refer(2, to: "103")
    #expect(exchange.take() == ["refuse referral 2 603"])
    var ringing = Exchange()
    ringing.incoming(2, to: "102")
    _ = ringing.take()
    ringing.refer(2, to: "103")
    #expect(ringing.take() == ["refuse referral 2 603"])
  }

  @Test("§2.5 attended: the customer and the third party are joined in the customer's call; both legs in between end")
  func attended() {
    var exchange = Exchange()
    exchange.customer(2)
    exchange.queue(.entered(CallReference(1), .init(position: 1)))
    exchange.queue(.offer(Exchange.offer(1, .call(CallReference(1)))))
    exchange.accepted(3)
    exchange.queue(.connect(CallReference(1), OfferID(1)))
    // The agent, 102, calls 103 while the customer is on hold.
    exchange.incoming(4, from: .user("102"), to: "103", caller: "102")
    exchange.accepted(5)
    _ = exchange.take()
    exchange.refer(3, replacing: 4)
    #expect(
      exchange.take() == [
        "accept referral 3", "say 0 nothing", "say 2 nothing", "bridge 0 2", "tell 3 200", "hang up 3 200",
        "hang up 4 200",
      ])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 1"], "the wrap-up begins")
    exchange.ended(4, byRemote: false)
    #expect(exchange.take() == ["say 3 nothing", "close 3", "queue: free 102", "record 2 200 answered"])
    exchange.ended(2)
    exchange.ended(5, byRemote: false)
    #expect(exchange.records.map(\.destination) == ["extension 103", "extension 103"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("attended by REFER on the other leg: the customer's call is the one that stays")
  func attendedTheOtherWay() {
    var exchange = Exchange()
    exchange.customer(2)
    exchange.queue(.entered(CallReference(1), .init(position: 1)))
    exchange.queue(.offer(Exchange.offer(1, .call(CallReference(1)))))
    exchange.accepted(3)
    exchange.queue(.connect(CallReference(1), OfferID(1)))
    exchange.incoming(4, from: .user("102"), to: "103", caller: "102")
    exchange.accepted(5)
    _ = exchange.take()
    exchange.refer(4, replacing: 3)
    let lines = exchange.take()
    #expect(lines.filter { $0.hasPrefix("bridge") } == ["bridge 0 2"])
    #expect(lines.filter { $0.hasPrefix("hang up") }.sorted() == ["hang up 3 200", "hang up 4 200"])
    exchange.ended(3, byRemote: false)
    exchange.ended(4, byRemote: false)
    #expect(exchange.calls.views.map(\.number) == [1])
    exchange.ended(5)
    #expect(exchange.take().contains("hang up 2 200"))
  }

  @Test("attended while it rings: it rings on for the caller, who hears it")
  func whileRinging() {
    var exchange = Exchange.talking()
    exchange.incoming(4, from: .user("102"), to: "103", caller: "102")
    exchange.progress(5)
    _ = exchange.take()
    exchange.refer(3, replacing: 4)
    #expect(exchange.take() == ["accept referral 3", "say 1 ringback", "tell 3 180", "hang up 4 200"])
    exchange.ended(4, 480, byRemote: false)
    _ = exchange.take()
    exchange.accepted(5)
    #expect(exchange.take().suffix(4) == ["say 1 nothing", "bridge 1 2", "tell 3 200", "hang up 3 200"])
    exchange.ended(3, byRemote: false)
    exchange.ended(2)
    exchange.ended(5, byRemote: false)
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("nobody may transfer to the party of somebody else's call")
  func othersCalls() {
    var exchange = Exchange.talking()
    exchange.incoming(4, from: .user("103"), to: "013900000001", caller: "103")
    exchange.accepted(5)
    _ = exchange.take()
    exchange.refer(3, replacing: 4)
    #expect(exchange.take() == ["accept referral 3", "tell 3 481"])
  }

  @Test("to a queue: the caller waits there, and the transferor may go")
  func toQueue() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "600")
    #expect(exchange.take() == ["accept referral 3", "queue: enter 1 service from 101"])
    exchange.queue(.entered(CallReference(1), .init(position: 1)))
    #expect(exchange.take().prefix(2) == ["tell 3 200", "hang up 3 200"])
  }
}
