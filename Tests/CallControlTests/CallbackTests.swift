import ACD
import Basics
import CallControl
import Journal
import MediaEngine
import SIPUserAgent
import Testing

@Suite("Callbacks")
struct CallbackTests {
  static let agentStream = StreamID(slot: 0, generation: 0)
  static let identity = CallbackFact.Leg(
    callID: "durable", localTag: "t", remoteTag: "", branch: "b", cseq: 1, trunk: "carrier")

  /// An agent (leg 3, stream 0, offer 9) has taken a callback.
  private static func reserved() -> Exchange {
    var exchange = Exchange()
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    exchange.accepted(3)
    _ = exchange.take()
    return exchange
  }

  /// … and the customer's phone (leg 5, stream 1) is being called.
  private static func dialling() -> Exchange {
    var exchange = reserved()
    exchange.queue(prepare)
    exchange.agent(.prepared(token: 4, identity))
    exchange.queue(.dial(.init(4)))
    _ = exchange.take()
    return exchange
  }

  private static let prepare = ACD.Output.prepare(
    .init(4), callback: 5, number: "+8613800000001", presenting: "02155550001", offer: .init(9))

  @Test("agent first: whisper, an identity, and only when told the INVITE with just that identity")
  func wholeCallback() {
    var exchange = Exchange()
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    #expect(exchange.take() == ["open 0 10000", "invite 3 phone 102 from +8613800000001"])
    exchange.accepted(3)
    #expect(exchange.take() == ["target 0 pcmu sends hears", "queue: accepted 9"])
    exchange.queue(Self.prepare)
    let lines = exchange.take()
    #expect(lines.first?.contains("callbackWhisper") == true && lines.last == "prepare 4 carrier 13800000001")
    exchange.agent(.prepared(token: 4, Self.identity))
    #expect(exchange.take() == ["queue: leg of 4 is durable"])
    exchange.queue(.dial(.init(4)))
    #expect(
      exchange.take() == [
        "open 1 10002", "queue: room 3", "invite 5 carrier 13800000001 from 02155550001 as durable",
      ])
    exchange.progress(5)
    #expect(exchange.take() == ["queue: customer rings 4"])
    exchange.accepted(5)
    #expect(
      exchange.take() == [
        "target 1 pcmu sends hears", "say 0 nothing", "bridge 1 0", "queue: customer answered 4",
      ])
    exchange.ended(5)
    #expect(
      exchange.take() == ["say 1 nothing", "close 1", "queue: room 4", "queue: customer ended 4", "hang up 3 200"])
    exchange.queue(.releaseAgent(.init(9), .customerLeft))
    #expect(exchange.take() == [])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: ended 9", "record 1 200 answered"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("the agent hangs up first: the customer is asked how it was, and only then hung up")
  func survey() {
    var exchange = Exchange { $0.queues[0].survey = true }
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    exchange.accepted(3)
    exchange.queue(Self.prepare)
    exchange.agent(.prepared(token: 4, Self.identity))
    exchange.queue(.dial(.init(4)))
    exchange.accepted(5)
    _ = exchange.take()
    exchange.ended(3)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: ended 9", "say 1 rating"])
    exchange.queue(.hangUpAttempt(.init(4)))
    #expect(exchange.take() == [])
    let stream = StreamID(slot: 1, generation: 0)
    exchange.tell(.voice(stream, .rated(5)))
    #expect(exchange.take() == ["queue: surveyed 9 5"])
    exchange.tell(.voice(stream, .finished))
    #expect(exchange.take() == ["hang up 5 200"])
    exchange.ended(5, byRemote: false)
    let lines = exchange.take()
    #expect(lines.contains("queue: customer ended 4") && lines.last == "record 1 200 answered")
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("the customer cannot be reached: cause and status are told, the agent hears so and is hung up")
  func unreachable() {
    var exchange = Self.dialling()
    exchange.ended(5, 480, q850: 17)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: room 4", "queue: failed 4 480 17"])
    exchange.queue(.releaseAgent(.init(9), .attemptFailed))
    #expect(exchange.take().last?.contains("callbackUnreachable") == true)
    exchange.tell(.voice(Self.agentStream, .finished))
    #expect(exchange.take() == ["hang up 3 480"])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: ended 9", "record 1 480"])
  }

  @Test("the agent hangs up while the customer's phone rings: CANCEL by the queue's word")
  func agentLeavesWhileRinging() {
    var exchange = Self.dialling()
    exchange.ended(3)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: ended 9"])
    exchange.queue(.hangUpAttempt(.init(4)))
    #expect(exchange.take() == ["hang up 5 487"])
    exchange.ended(5, 487, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: room 4", "queue: failed 4 487", "record 1 487"])
  }

  @Test("the customer answers in the moment when the agent hangs up: hung up at once, told once")
  func customerAnswersNobody() {
    var exchange = Self.dialling()
    exchange.ended(3)
    _ = exchange.take()
    exchange.accepted(5)
    #expect(exchange.take() == ["target 1 pcmu sends hears", "hang up 5 487"])
    exchange.queue(.hangUpAttempt(.init(4)))
    #expect(exchange.take() == [])
    exchange.ended(5, byRemote: false)
    #expect(
      exchange.take() == ["say 1 nothing", "close 1", "queue: room 4", "queue: customer ended 4", "record 1 487"])
  }

  @Test("an answer that crosses our CANCEL is not taken for one: the attempt has failed")
  func answerCrossesCancel() {
    var exchange = Self.dialling()
    exchange.queue(.hangUpAttempt(.init(4)))
    exchange.accepted(5)
    #expect(exchange.take() == ["hang up 5 487"])
    exchange.ended(5, 200, byRemote: false)
    #expect(exchange.take().contains("queue: failed 4 200"))
  }

  @Test("the agent leaves before the customer is dialled: nothing is dialled, nothing is recorded")
  func agentLeavesBeforeDialling() {
    var exchange = Self.reserved()
    exchange.queue(Self.prepare)
    exchange.ended(3)
    _ = exchange.take()
    exchange.agent(.prepared(token: 4, Self.identity))
    exchange.queue(.dropAttempt(.init(4)))
    #expect(exchange.take() == ["queue: leg of 4 is durable"])
    exchange.queue(.dial(.init(4)))
    #expect(exchange.take() == ["queue: failed 4 503", "queue: room 4"])
    #expect(exchange.records.isEmpty && exchange.calls.callCount == 0)
  }

  @Test("the channels that callbacks must leave: no attempt, and looked at again when it is dialled")
  func channelsKept() {
    var exchange = Self.reserved()
    exchange.incoming(2, to: "02188880000")
    exchange.incoming(4, from: .user("103"), to: "02188880000")
    exchange.agent(.trunk(name: "backup", isUp: false))
    _ = exchange.take()
    exchange.queue(Self.prepare)
    #expect(exchange.take().last == "queue: impossible 4")

    var second = Self.reserved()
    second.queue(Self.prepare)
    second.agent(.prepared(token: 4, Self.identity))
    second.incoming(2, to: "02188880000")
    second.incoming(4, from: .user("103"), to: "02188880000")
    _ = second.take()
    second.queue(.dial(.init(4)))
    // The room is told anew: the queue has counted the channel as taken.
    #expect(second.take() == ["queue: failed 4 503", "queue: room 2"])
  }

  @Test("a customer whose carrier answers without a common codec is a technical failure")
  func customerWithoutCodec() {
    var exchange = Self.dialling()
    exchange.accepted(5, Exchange.otherCodec)
    #expect(exchange.take() == ["hang up 5 488"])
    exchange.ended(5, 200, byRemote: false)
    #expect(exchange.take().contains("queue: failed 4 488"))
  }

  @Test("an agent who refuses a callback leaves no record of a call")
  func refusedByAgent() {
    var exchange = Exchange()
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    _ = exchange.take()
    exchange.ended(3, 486)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: refused 9 486"])
    #expect(exchange.calls.callCount == 0)
  }

  @Test("an orphan of the run before goes to the user agent")
  func orphan() {
    var exchange = Exchange()
    exchange.queue(.endOrphan(Self.identity, number: "13800000000", presenting: "02066668888"))
    #expect(exchange.take() == ["end orphan durable to 13800000000 from 02066668888"])
  }
}
