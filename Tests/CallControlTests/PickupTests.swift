import ACD
import Basics
import CallControl
import SIPUserAgent
import Testing

@Suite("Pickup and park")
struct PickupTests {
  @Test(
    "§2.16 pickup by code: the caller talks with whoever took it, the other phone falls silent",
    arguments: [true, false])
  func pickup(_ isDirected: Bool) {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    exchange.progress(3)
    _ = exchange.take()
    exchange.incoming(4, from: .user("103"), to: isDirected ? "*8102" : "*8", caller: "103")
    let lines = exchange.take()
    #expect(lines.contains("accept 4 PCMU") && lines.contains("accept 2 PCMU") && lines.contains("hang up 3 200"))
    #expect(lines.last == "bridge 2 1")
    exchange.ended(3, 487, byRemote: false)
    exchange.ended(4)
    exchange.ended(2, byRemote: false)
    #expect(exchange.records.map(\.destination) == ["extension 103"], "one call, one record")
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("nothing that rings there, another group, an offer of a queue: 404")
  func nothing() {
    var exchange = Exchange { settings in
      settings.handling["103"] = .init()
      settings.handling["103"]?.pickupGroup = "sales"
    }
    exchange.incoming(2, to: "102")
    exchange.incoming(4, from: .user("103"), to: "*8102", caller: "103")
    exchange.incoming(6, from: .user("103"), to: "*8", caller: "103")
    #expect(exchange.take().filter { $0.hasPrefix("hang up") } == ["hang up 4 404", "hang up 6 404"])
    var queue = Exchange.queued()
    queue.queue(.offer(Exchange.offer(1, .call(CallReference(1)))))
    _ = queue.take()
    queue.incoming(4, from: .user("103"), to: "*8102", caller: "103")
    #expect(queue.take().last == "hang up 4 404")
  }

  @Test("an INVITE with Replaces from a key with a lamp picks up, by the same rules")
  func byReplaces() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.incoming(4, from: .user("103"), to: "102", caller: "103", replacing: .ringing("102"))
    #expect(exchange.take().contains("hang up 3 200"))
  }

  @Test("a phone of a ringing group is picked up with all others of it")
  func groupPickup() {
    var exchange = Exchange()
    exchange.incoming(2, from: .trunk("carrier"), to: "02155550000", caller: "13800000001")
    exchange.incoming(4, to: "610")
    _ = exchange.take()
    exchange.incoming(6, from: .user("103"), to: "*8102", caller: "103")
    #expect(exchange.take().filter { $0.hasPrefix("hang up") } == ["hang up 3 200", "hang up 5 200"])
  }

  @Test("another phone of the extension takes over a call")
  func takeOver() {
    var exchange = Exchange.talking()
    exchange.incoming(4, from: .user("102"), to: "101", caller: "102", replacing: .leg(LegID(3)))
    let lines = exchange.take()
    #expect(lines.contains("hang up 3 200") && lines.last == "bridge 1 2")
    exchange.ended(3, byRemote: false)
    exchange.ended(2)
    #expect(exchange.take().contains("hang up 4 487"))
    exchange.ended(4, byRemote: false)
    #expect(exchange.records.count == 1 && exchange.calls.streamCount == 0)
  }

  @Test("§2.15 park: music for the caller, a lamp and a text for the parker; any phone takes it back")
  func park() {
    var exchange = Exchange.talking()
    exchange.watch(0, "701", by: "103")
    _ = exchange.take()
    exchange.refer(3, to: "*68")
    #expect(
      exchange.take() == [
        "accept referral 3", "tell 3 200", "hang up 3 200", "say 1 music",
        "message 102: 通话已驻留在 701。", "lamp 0 confirmed recipient",
      ])
    exchange.ended(3, byRemote: false)
    _ = exchange.take()
    exchange.incoming(4, from: .user("103"), to: "701", caller: "103")
    let lines = exchange.take()
    #expect(lines.contains("accept 4 PCMU") && lines.contains("lamp 0 terminated"))
    #expect(lines.contains { $0.hasPrefix("bridge") })
    exchange.incoming(6, from: .user("102"), to: "701", caller: "102")
    #expect(exchange.take().last == "hang up 6 404", "it is empty again")
    exchange.ended(2)
    exchange.ended(4, byRemote: false)
    #expect(exchange.records.first { $0.id == 1 }?.destination == "extension 103")
  }

  @Test("a slot that is taken and none left: refused, and the two talk on; a caller who hangs up frees it")
  func slots() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "701")
    exchange.ended(3, byRemote: false)
    exchange.incoming(4, from: .user("102"), to: "103", caller: "102")
    exchange.accepted(5)
    _ = exchange.take()
    exchange.refer(5, to: "701")
    #expect(exchange.take().last == "tell 5 486")
    exchange.ended(2)
    _ = exchange.take()
    exchange.refer(5, to: "701")
    #expect(exchange.take().contains("say 3 music"))
    #expect(exchange.calls.counters.parkingFull == 1)
  }

  @Test("a call that nobody takes rings at whoever parked it")
  func parkReturns() {
    var exchange = Exchange.talking()
    exchange.refer(3, to: "*68702")
    exchange.ended(3, byRemote: false)
    _ = exchange.take()
    exchange.wait(.seconds(90))
    #expect(exchange.take().contains("invite 5 phone 102 from 101 by 102"))
    exchange.accepted(5)
    #expect(exchange.take().last?.hasPrefix("bridge") == true)
  }
}
