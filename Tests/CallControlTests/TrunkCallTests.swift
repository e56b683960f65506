import Basics
import CallControl
import SIPUserAgent
import Testing

@Suite("Calls over trunks")
struct TrunkCallTests {
  @Test("a number outside goes to the first trunk with its own caller number, and takes a channel")
  func outward() {
    var exchange = Exchange()
    exchange.incoming(2, to: "02188880000")
    #expect(
      exchange.take() == [
        "queue: busy 101", "open 0 10000", "queue: room 3", "invite 3 carrier 02188880000 from 02155550000",
      ])
    exchange.ended(2, 487)
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.take().contains("queue: room 4"))
  }

  @Test("a trunk that fails before anything rings is followed by the next", arguments: [408, 500, 503])
  func failover(_ status: Int) {
    var exchange = Exchange()
    exchange.incoming(2, to: "02188880000")
    _ = exchange.take()
    exchange.ended(3, status)
    #expect(
      exchange.take() == [
        "say 0 nothing", "close 0", "queue: room 4", "open 1 10002", "queue: room 3",
        "invite 5 backup 02188880000 from 101",
      ])
    exchange.ended(5, 503)
    #expect(exchange.take().last == "hang up 2 503")
  }

  @Test("a subscriber's refusal is no failure of the trunk", arguments: [404, 486, 603])
  func noFailover(_ status: Int) {
    var exchange = Exchange()
    exchange.incoming(2, to: "02188880000")
    _ = exchange.take()
    exchange.ended(3, status)
    #expect(exchange.take().last == "hang up 2 \(status)")
  }

  @Test("what has rung is not dialled a second time over another trunk")
  func noFailoverAfterRinging() {
    var exchange = Exchange()
    exchange.incoming(2, to: "02188880000")
    exchange.progress(3)
    _ = exchange.take()
    exchange.ended(3, 503)
    #expect(exchange.take().last == "hang up 2 503")
  }

  @Test("a trunk that is down or full is passed over; 503 when none is left")
  func downOrFull() {
    var exchange = Exchange { $0.trunks[1].channels = 1 }
    exchange.agent(.trunk(name: "carrier", isUp: false))
    _ = exchange.take()
    exchange.incoming(2, to: "02188880000")
    #expect(exchange.take().last == "invite 3 backup 02188880000 from 101")
    exchange.incoming(4, from: .user("102"), to: "02188880000")
    #expect(exchange.take().last == "hang up 4 503")
    #expect(exchange.calls.counters.trunkFull == 1)
  }

  @Test("a number outside may ring longer than an extension")
  func ringTime() {
    var exchange = Exchange()
    exchange.incoming(2, to: "02188880000")
    exchange.progress(3)
    _ = exchange.take()
    exchange.wait(CallControl.Limits.ringTime)
    #expect(exchange.take() == [])
    exchange.wait(CallControl.Limits.outsideRingTime - CallControl.Limits.ringTime)
    #expect(exchange.take() == ["hang up 3 408", "hang up 2 480"])
  }
}
