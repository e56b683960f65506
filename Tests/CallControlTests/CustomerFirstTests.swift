import ACD
import Basics
import CallControl
import Journal
import MediaEngine
import SIPUserAgent
import Testing

@Suite("Callbacks, customer first")
struct CustomerFirstTests {
  static let customerStream = StreamID(slot: 0, generation: 0)
  private static let prepare = ACD.Output.prepare(
    .init(4), callback: 5, number: "+8613800000001", presenting: "02155550001", offer: nil)

  /// The customer (leg 3, stream 0, attempt 4) is being called.
  private static func dialling() -> Exchange {
    var exchange = Exchange()
    exchange.queue(prepare)
    exchange.agent(.prepared(token: 4, CallbackTests.identity))
    exchange.queue(.dial(.init(4)))
    _ = exchange.take()
    return exchange
  }

  /// … has pressed 1, and an agent (leg 5, stream 1, offer 9) has accepted.
  private static func accepted() -> Exchange {
    var exchange = dialling()
    exchange.accepted(3)
    exchange.queue(.confirmAttempt(.init(4)))
    exchange.tell(.voice(customerStream, .confirmed))
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    exchange.accepted(5)
    _ = exchange.take()
    return exchange
  }

  @Test("the customer is dialled, asked to press 1, waits, is joined with the agent; the agent hangs up")
  func whole() {
    var exchange = Exchange()
    exchange.queue(Self.prepare)
    #expect(exchange.take() == ["prepare 4 carrier 13800000001"])
    exchange.agent(.prepared(token: 4, CallbackTests.identity))
    exchange.queue(.dial(.init(4)))
    #expect(
      exchange.take() == [
        "queue: leg of 4 is durable", "open 0 10000", "queue: room 3",
        "invite 3 carrier 13800000001 from 02155550001 as durable",
      ])
    exchange.accepted(3)
    #expect(exchange.take() == ["target 0 pcmu sends hears", "queue: customer answered 4"])
    exchange.queue(.confirmAttempt(.init(4)))
    #expect(exchange.take() == ["say 0 confirmation"])
    exchange.tell(.media(.digit(Self.customerStream, digit: UInt8(ascii: "1"), milliseconds: 100)))
    #expect(exchange.take() == ["say 0 digit(49)"])
    exchange.tell(.voice(Self.customerStream, .confirmed))
    #expect(exchange.take() == ["queue: customer confirmed 4"])
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    #expect(exchange.take() == ["open 1 10002", "invite 5 phone 102 from +8613800000001"])
    exchange.accepted(5)
    #expect(exchange.take() == ["target 1 pcmu sends hears", "queue: accepted 9"])
    exchange.queue(.connectAttempt(.init(4), .init(9)))
    #expect(exchange.take() == ["say 0 nothing", "bridge 0 1"])
    exchange.ended(5)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9", "hang up 3 200"])
    exchange.ended(3, byRemote: false)
    #expect(
      exchange.take() == [
        "say 0 nothing", "close 0", "queue: room 4", "queue: customer ended 4", "record 1 200 answered",
      ])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("the customer hangs up first: the agent is hung up")
  func customerLeaves() {
    var exchange = Self.accepted()
    exchange.queue(.connectAttempt(.init(4), .init(9)))
    _ = exchange.take()
    exchange.ended(3)
    #expect(
      exchange.take() == ["say 0 nothing", "close 0", "queue: room 4", "queue: customer ended 4", "hang up 5 200"])
    exchange.ended(5, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9", "record 1 200 answered"])
    #expect(exchange.calls.callCount == 0)
  }

  @Test("no key is no confirmation: hung up by the queue's word, and nothing is left")
  func machine() {
    var exchange = Self.dialling()
    exchange.accepted(3)
    exchange.queue(.confirmAttempt(.init(4)))
    exchange.queue(.hangUpAttempt(.init(4)))
    #expect(exchange.take().last == "hang up 3 487")
    exchange.ended(3, byRemote: false)
    #expect(exchange.take().contains("queue: customer ended 4"))
    #expect(exchange.calls.callCount == 0)
  }

  @Test("no agent is left: the customer hears an apology, then music, and is joined later")
  func apology() {
    var exchange = Self.accepted()
    exchange.ended(5)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9"])
    exchange.queue(.apologise(.init(4)))
    #expect(exchange.take() == ["say 0 [MediaEngine.Prompt.apologyNoAgent] and music"])
    exchange.queue(.offer(Exchange.offer(10, .callback(5))))
    exchange.accepted(7)
    _ = exchange.take()
    exchange.queue(.connectAttempt(.init(4), .init(10)))
    #expect(exchange.take().last?.hasPrefix("bridge 0") == true)
  }

  @Test("the customer leaves while an agent's phone rings: the queue is told, and withdraws")
  func leavesWhileAgentRings() {
    var exchange = Self.dialling()
    exchange.accepted(3)
    exchange.queue(.offer(Exchange.offer(9, .callback(5))))
    exchange.ended(3)
    #expect(exchange.take().contains("queue: customer ended 4"))
    exchange.queue(.withdraw(.init(9)))
    #expect(exchange.take() == ["hang up 5 487"])
    exchange.ended(5, 487, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("who is gone when they are to be joined does not leave the other one alone")
  func goneBeforeJoined() {
    var exchange = Self.accepted()
    exchange.ended(3)
    _ = exchange.take()
    exchange.queue(.connectAttempt(.init(4), .init(9)))
    #expect(exchange.take() == ["hang up 5 487"])
    var other = Self.accepted()
    other.ended(5)
    _ = other.take()
    other.queue(.connectAttempt(.init(4), .init(9)))
    #expect(other.take() == ["hang up 3 480"])
  }

  @Test("what was prepared and is not dialled leaves nothing, and neither does what cannot be")
  func dropped() {
    var exchange = Exchange()
    exchange.queue(Self.prepare)
    exchange.queue(.dropAttempt(.init(4)))
    #expect(exchange.calls.callCount == 0 && exchange.records.isEmpty)
    exchange.queue(Self.prepare)
    exchange.queue(.hangUpAttempt(.init(4)))
    #expect(exchange.take().last == "queue: failed 4 487" && exchange.calls.callCount == 0)
    exchange.agent(.trunk(name: "carrier", isUp: false))
    exchange.agent(.trunk(name: "backup", isUp: false))
    exchange.queue(Self.prepare)
    #expect(exchange.take().last == "queue: impossible 4" && exchange.calls.callCount == 0)
  }

  @Test("the shutdown does not wait for a customer who was never dialled")
  func shutdown() {
    var exchange = Exchange()
    exchange.queue(Self.prepare)
    exchange.tell(.endAll)
    #expect(exchange.calls.callCount == 0)
    exchange.queue(.dial(.init(4)))
    #expect(exchange.take().contains("queue: failed 4 503"))
  }

  @Test(
    "an answer that redirects a customer is no answer: nothing is dialled in its place", arguments: [300, 301, 302])
  func redirected(status: Int) {
    var exchange = Self.dialling()
    exchange.ended(3, status)
    #expect(
      exchange.take() == [
        "say 0 nothing", "close 0", "queue: room 4", "queue: failed 4 \(status)", "record 1 \(status)",
      ])
    #expect(exchange.calls.callCount == 0)
  }
}
