import ACD
import Basics
import CallControl
import Dialplan
import MediaEngine
import SIPUserAgent
import Testing

@Suite("Calls in a queue")
struct QueueCallTests {
  static let callerStream = StreamID(slot: 0, generation: 0)

  @Test("a caller enters, is answered, waits with a script, is offered, connected and hung up")
  func wholeCall() {
    var exchange = Exchange()
    exchange.customer(2)
    #expect(exchange.take() == ["queue: room 3", "queue: enter 1 service from 13800000001"])
    exchange.queue(.entered(.init(1), .init(position: 2)))
    #expect(
      exchange.take() == [
        "open 0 10000", "target 0 pcmu sends hears", "accept 2 PCMU",
        "say 0 queue 2, calls back 13800000001 or another",
      ])
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    #expect(exchange.take() == ["open 1 10002", "invite 3 phone 102 from 13800000001"])
    exchange.progress(3)
    #expect(exchange.take() == ["queue: ringing 9"])
    exchange.accepted(3)
    #expect(exchange.take() == ["target 1 pcmu sends hears", "queue: accepted 9"])
    exchange.queue(.connect(.init(1), .init(9)))
    #expect(exchange.take() == ["say 0 nothing", "bridge 0 1"])
    exchange.ended(3)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9", "hang up 2 200"])
    exchange.ended(2, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: room 4", "record 1 200 answered"])
  }

  @Test("an agent's leg does not make the agent busy elsewhere")
  func agentIsNotBusyElsewhere() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    #expect(!exchange.take().contains { $0.contains("busy") })
  }

  @Test("the caller hangs up while an offer rings: the queue is told, and withdraws")
  func abandonedWhileRinging() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    _ = exchange.take()
    exchange.ended(2)
    #expect(
      exchange.take() == ["say 0 nothing", "close 0", "queue: room 4", "queue: leave 1", "record 1 200 answered"])
    exchange.queue(.withdraw(.init(9)))
    #expect(exchange.take() == ["hang up 3 487"])
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9"])
    #expect(exchange.calls.streamCount == 0)
  }

  @Test("the caller hangs up after the agent's answer and before the connection: the agent is hung up")
  func abandonedBeforeConnection() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    exchange.accepted(3)
    exchange.ended(2)
    _ = exchange.take()
    exchange.queue(.connect(.init(1), .init(9)))
    #expect(exchange.take() == ["hang up 3 487"])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("the agent hangs up after answering and before the connection: the caller is not left with nobody")
  func agentLeavesBeforeConnection() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    exchange.accepted(3)
    exchange.ended(3)
    _ = exchange.take()
    exchange.queue(.connect(.init(1), .init(9)))
    #expect(exchange.take() == ["queue: leave 1", "hang up 2 480"])
    exchange.ended(2, byRemote: false)
    #expect(exchange.calls.callCount == 0)
  }

  @Test("an answer that crosses the withdrawal is hung up by release, and the agent's end is told once")
  func answerCrossesWithdrawal() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    exchange.accepted(3)
    _ = exchange.take()
    exchange.queue(.withdraw(.init(9)))
    exchange.queue(.releaseAgent(.init(9), .tooLate))
    #expect(exchange.take() == ["hang up 3 487"])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9"])
  }

  @Test("an agent refuses: the queue hears the status, the caller goes on waiting")
  func refusedOffer() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    _ = exchange.take()
    exchange.ended(3, 486)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: refused 9 486"])
    #expect(exchange.calls.callCount == 1)
  }

  @Test("a queue that takes nobody: the caller hears so and is hung up")
  func refusedEntry() {
    var exchange = Exchange()
    exchange.customer(2)
    _ = exchange.take()
    exchange.queue(.refusedEntry(.init(1), .nobodyLoggedIn))
    let lines = exchange.take()
    #expect(lines.contains("accept 2 PCMU") && lines.last?.contains("nobodyAvailable") == true)
    exchange.tell(.voice(Self.callerStream, .finished))
    #expect(exchange.take() == ["hang up 2 200"])
    exchange.ended(2, byRemote: false)
    #expect(exchange.take().last == "record 1 480")
  }

  @Test("too long a wait leads to the extension that the queue names, with ringing tone for the answered caller")
  func overflowToExtension() {
    var exchange = Exchange()
    exchange.incoming(2, to: "601")
    exchange.queue(.entered(.init(1), .init(position: 1)))
    _ = exchange.take()
    exchange.queue(.overflow(.init(1), .maximumWait))
    #expect(exchange.take() == ["say 0 announcement [MediaEngine.Prompt.connectingElsewhere]"])
    exchange.tell(.voice(Self.callerStream, .finished))
    #expect(
      exchange.take() == [
        "open 1 10002", "queue: busy 103", "invite 3 phone 103 from 101", "say 0 ringback",
      ])
    exchange.progress(3)
    #expect(exchange.take() == [])
    exchange.accepted(3)
    #expect(exchange.take() == ["target 1 pcmu sends hears", "say 0 nothing", "bridge 0 1"])
  }

  @Test("overflow to an extension that does not answer: the caller hears that all are busy, once")
  func overflowUnanswered() {
    var exchange = Exchange()
    exchange.incoming(2, to: "601")
    exchange.queue(.entered(.init(1), .init(position: 1)))
    exchange.queue(.overflow(.init(1), .maximumWait))
    exchange.tell(.voice(Self.callerStream, .finished))
    _ = exchange.take()
    exchange.wait(CallControl.Limits.ringTime)
    let lines = exchange.take()
    #expect(lines.first == "hang up 3 408" && lines.last?.contains("allBusy") == true)
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: free 103"])
  }

  @Test("overflow to a number outside fails over between trunks, and early media replaces the ringing tone")
  func overflowOutside() {
    var exchange = Exchange { $0.queues[1].otherwise = .trunk(["carrier", "backup"], "02188880000") }
    exchange.incoming(2, to: "601")
    exchange.queue(.entered(.init(1), .init(position: 1)))
    exchange.queue(.overflow(.init(1), .maximumWait))
    exchange.tell(.voice(Self.callerStream, .finished))
    exchange.ended(3, 503)
    _ = exchange.take()
    exchange.progress(5, 183, Exchange.sound())
    #expect(exchange.take() == ["target 2 pcmu sends hears", "say 0 nothing", "bridge 0 2"])
  }

  @Test("two queues that name each other do not send a caller round and round")
  func noCircle() {
    var exchange = Exchange {
      $0.queues[0].otherwise = .queue("night")
      $0.queues[1].otherwise = .queue("service")
    }
    exchange.customer(2)
    exchange.queue(.refusedEntry(.init(1), .nobodyLoggedIn))
    #expect(exchange.take().last == "queue: enter 1 night from 13800000001")
    exchange.queue(.refusedEntry(.init(1), .nobodyLoggedIn))
    #expect(exchange.take().last?.contains("nobodyAvailable") == true)
  }

  @Test("the goodbye after a promise ends the call, and the queue hears when")
  func goodbye() {
    var exchange = Exchange.queued()
    exchange.tell(.voice(Self.callerStream, .callbackRequested(.init())))
    #expect(exchange.take() == ["queue: callback 1"])
    exchange.queue(.callbackAccepted(.init(1), id: 5))
    #expect(exchange.take() == ["say 0 callbackAccepted"])
    exchange.tell(.voice(Self.callerStream, .finished))
    #expect(exchange.take() == ["queue: leave 1", "hang up 2 200"])
  }
}
