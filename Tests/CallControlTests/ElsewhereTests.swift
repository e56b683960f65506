// Callers who waited too long, and the other branch that may take them.

import ACD
import Basics
import CallControl
import SIPUserAgent
import Testing

@Suite("To another branch")
struct ElsewhereTests {
  /// Call 1 of leg 2 waits in the queue, whose else destination is 700 of another branch.
  private static func queued() -> Exchange {
    var exchange = Exchange { $0.queues[0].elsewhere = .init(trunk: "backup", number: "700") }
    exchange.customer(2)
    exchange.queue(.entered(.init(1), .init(position: 1)))
    _ = exchange.take()
    return exchange
  }

  private static let tried = ["open 1 10002", "queue: room 2", "invite 3 backup 700 from 13800000001"]

  @Test("the caller waits on while the other branch is asked, and talks there when it has answered")
  func taken() {
    var exchange = Self.queued()
    exchange.calls.handle(.wall(WallTime(seconds: 1_083)), at: exchange.now)
    exchange.queue(.tryElsewhere(.init(1)))
    #expect(exchange.take() == Self.tried)
    exchange.progress(3)
    #expect(exchange.take() == [])
    exchange.accepted(3)
    #expect(exchange.take() == ["target 1 pcmu sends hears", "queue: wentElsewhere(ACD.CallReference(number: 1))"])
    exchange.queue(.overflow(.init(1), .maximumWait))
    #expect(exchange.take() == ["say 0 nothing", "bridge 0 1"])
    exchange.ended(3)
    #expect(exchange.take().last == "hang up 2 200")
    exchange.ended(2, byRemote: false)
    #expect(exchange.take().contains("record 1 200 answered"))
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("a branch that refuses leaves all as it was, and is asked again", arguments: [480, 486, 503, 404])
  func refused(_ status: Int) {
    var exchange = Self.queued()
    exchange.queue(.tryElsewhere(.init(1)))
    // While one is asked, nobody else is.
    exchange.queue(.tryElsewhere(.init(1)))
    #expect(exchange.take() == Self.tried)
    exchange.ended(3, status)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: room 3"])
    exchange.queue(.announce(.init(1), .init(position: 1)))
    #expect(exchange.take() == ["say 0 place 1"])
    exchange.queue(.tryElsewhere(.init(1)))
    #expect(exchange.take().contains { $0.hasPrefix("invite 5 backup 700") })
  }

  @Test("a branch that says nothing is given up after its time")
  func silent() {
    var exchange = Self.queued()
    exchange.queue(.tryElsewhere(.init(1)))
    _ = exchange.take()
    exchange.wait(.seconds(19))
    #expect(exchange.take() == [])
    exchange.wait(.seconds(1))
    #expect(exchange.take() == ["hang up 3 487"])
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: room 3"])
    #expect(exchange.calls.callCount == 1)
  }

  @Test("an agent who answers first has the caller; the other branch is cancelled, or hung up")
  func agentFirst() {
    for hasAnswered in [false, true] {
      var exchange = Self.queued()
      exchange.queue(.tryElsewhere(.init(1)))
      exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
      exchange.accepted(5)
      if hasAnswered { exchange.accepted(3) }
      _ = exchange.take()
      exchange.queue(.connect(.init(1), .init(9)))
      #expect(exchange.take() == ["hang up 3 487", "say 0 nothing", "bridge 0 2"])
      exchange.ended(3, 487, byRemote: false)
      #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: room 3"])
      exchange.ended(2)
      exchange.ended(5, byRemote: false)
      #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
    }
  }

  @Test("who hangs up, asks for a callback or is moved is no longer offered elsewhere")
  func gone() {
    var exchange = Self.queued()
    exchange.queue(.tryElsewhere(.init(1)))
    _ = exchange.take()
    exchange.ended(2)
    let lines = exchange.take()
    #expect(lines.contains("hang up 3 487") && lines.contains("queue: leave 1"))
    #expect(exchange.calls.callCount == 1)
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)

    exchange = Self.queued()
    exchange.queue(.tryElsewhere(.init(1)))
    _ = exchange.take()
    exchange.queue(.moved(.init(1), queue: "night"))
    #expect(exchange.take().contains("hang up 3 487"))
  }

  @Test("a trunk without a free channel is not asked")
  func full() {
    var exchange = Exchange {
      $0.queues[0].elsewhere = .init(trunk: "backup", number: "700")
      $0.trunks[1].channels = 0
    }
    exchange.customer(2)
    exchange.queue(.entered(.init(1), .init(position: 1)))
    _ = exchange.take()
    exchange.queue(.tryElsewhere(.init(1)))
    #expect(exchange.take() == [])
  }

  @Test("the other branch is told the queue, the number dialled and the wait")
  func origin() {
    var exchange = Self.queued()
    exchange.calls.handle(.wall(WallTime(seconds: 1_083)), at: exchange.now)
    exchange.calls.handle(.distributor(.tryElsewhere(.init(1))), at: exchange.now)
    var origin: UserAgent.Invitation.Origin?
    while let output = exchange.calls.pollOutput() {
      if case .agent(.invite(_, let invitation)) = output { origin = invitation.origin }
    }
    #expect(
      origin
        == .init(
          number: "02155550000", queue: "service", displayName: "Service", waitedSeconds: 83, reason: "no-answer"))
  }
}
