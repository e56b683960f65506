import ACD
import Basics
import CallControl
import SIPUserAgent
import Testing

@Suite("Limits, numbers, and the end of a run")
struct LimitsTests {
  @Test("no more calls than allowed: 503, counted, and no trace of the refused one")
  func callLimit() {
    var exchange = Exchange { $0.callLimit = 1 }
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.incoming(4, from: .user("103"), to: "102")
    #expect(exchange.take() == ["refuse 4 503"])
    exchange.ended(4, 503, byRemote: false)
    #expect(exchange.take() == [])
    #expect(exchange.calls.counters.refusedAtLimit == 1 && exchange.calls.callCount == 1)
  }

  @Test("a media ring that fills up takes no new call")
  func mediaRoom() {
    var exchange = Exchange()
    exchange.tell(.mediaRoom(CallControl.Limits.mediaRoomForNewCall - 1))
    exchange.incoming(2, to: "102")
    #expect(exchange.take() == ["refuse 2 503"])
    exchange.tell(.mediaRoom(CallControl.Limits.mediaRoomForNewCall))
    exchange.incoming(4, to: "102")
    #expect(exchange.take().last == "invite 3 phone 102 from 101")
  }

  @Test("after a restart no number is used that a lost record may have had")
  func numbersAfterRestart() {
    var exchange = Exchange()
    exchange.tell(.restored(lastCallNumber: 2_000_500, run: 5))
    exchange.customer(2)
    #expect(exchange.take().last == "queue: enter 5000001 service from 13800000001")
  }

  @Test("where runs could not be counted, or one had very many calls, numbers go on behind the last record")
  func numbersWithoutRuns() {
    for run in [0, 2] as [UInt64] {
      var exchange = Exchange()
      exchange.tell(.restored(lastCallNumber: 2_000_500, run: run))
      exchange.customer(2)
      let first = 2_000_500 + CallControl.Limits.numbersSkipped + 1
      #expect(exchange.take().last == "queue: enter \(first) service from 13800000001")
    }
  }

  @Test("a new configuration touches no call, and ports stay while streams are open")
  func reconfigured() {
    var exchange = Exchange.talking()
    var new = Exchange.settings
    new.mediaPorts = CallControl.MediaPorts(first: 20_000, last: 20_099)
    new.extensions = []
    exchange.tell(.configure(new))
    #expect(exchange.take() == [])
    exchange.customer(4)
    exchange.queue(.entered(.init(2), .init(position: 1)))
    #expect(exchange.take().contains("open 2 10004"))
    exchange.ended(2)
    exchange.ended(3, byRemote: false)
    exchange.ended(4)
    _ = exchange.take()
    exchange.customer(6)
    exchange.queue(.entered(.init(3), .init(position: 1)))
    #expect(exchange.take().contains("open 0 20000"))
  }

  @Test("while a run drains nobody is called back, and what runs goes on")
  func draining() {
    var exchange = Exchange.talking()
    exchange.tell(.drain)
    #expect(exchange.take() == ["queue: room 0"])
    #expect(exchange.calls.callCount == 1)
  }

  @Test("at the bound all calls are told to end, whatever they do")
  func endAll() {
    var exchange = Exchange.talking()
    exchange.customer(4)
    exchange.queue(.entered(.init(2), .init(position: 1)))
    exchange.queue(.offer(Exchange.offer(9, .callback(5), to: "103")))
    _ = exchange.take()
    exchange.tell(.endAll)
    #expect(
      exchange.take() == ["hang up 2 503", "hang up 3 503", "queue: leave 2", "hang up 4 503", "hang up 5 503"])
    exchange.tell(.endAll)
    #expect(exchange.take() == [])
    exchange.tell(.forgetAll)
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
    #expect(exchange.records.map(\.id) == [1, 2])
  }
}
