import Basics
import CallControl
import MediaEngine
import SDP
import SIPUserAgent
import Testing

@Suite("Sound of a call")
struct MediaTests {
  static let stream0 = StreamID(slot: 0, generation: 0)
  static let stream1 = StreamID(slot: 1, generation: 0)

  @Test("an offer without a codec that we know gets 488 and opens no port")
  func noCommonCodec() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102", offer: Exchange.otherCodec)
    #expect(exchange.take() == ["queue: busy 101", "hang up 2 488"])
  }

  @Test("a callee who answers with another codec is hung up, and the caller gets 488")
  func unusableAnswer() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.accepted(3, Exchange.otherCodec)
    #expect(exchange.take() == ["hang up 3 488", "hang up 2 488"])
    exchange.ended(3, 200, byRemote: false)
    exchange.ended(2, 488, byRemote: false)
    #expect(exchange.take().last == "record 1 488")
  }

  @Test("a callee who answers with port 0 is hung up likewise")
  func answerWithoutPort() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.accepted(3, Exchange.sound(port: 0))
    #expect(exchange.take() == ["hang up 3 488", "hang up 2 488"])
  }

  @Test("early media: the caller is answered in the 183 and hears it; a 200 changes nothing of that")
  func earlyMedia() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.progress(3, 183, Exchange.sound())
    #expect(
      exchange.take() == [
        "open 1 10002", "target 1 pcmu sends hears", "target 0 pcmu sends hears", "bridge 1 0",
        "progress 2 183 with sound",
      ])
    exchange.accepted(3)
    #expect(exchange.take() == ["target 0 pcmu sends hears", "accept 2 PCMU", "bridge 1 0"])
  }

  @Test("a callee that fails after early media: the caller gets the status, all ports are closed")
  func failureAfterEarlyMedia() {
    var exchange = Exchange()
    exchange.incoming(2, to: "02188880000")
    exchange.progress(3, 183, Exchange.sound())
    _ = exchange.take()
    exchange.ended(3, 503)
    // No second trunk: the caller has heard this one.
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: room 4", "hang up 2 503"])
    exchange.ended(2, 503, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: free 101", "record 1 503"])
    #expect(exchange.calls.streamCount == 0)
  }

  @Test("an INVITE without an offer: our 200 carries one, the ACK's answer points the stream")
  func lateOffer() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102", offer: nil)
    exchange.accepted(3, Exchange.sound(["PCMA"]))
    #expect(exchange.take().suffix(3) == ["open 1 10002", "accept 2 PCMA", "bridge 1 0"])
    exchange.agent(.offerAnswered(LegID(2), Exchange.sound(["PCMA"])))
    #expect(exchange.take() == ["target 1 pcma sends hears"])
  }

  @Test("an answer in the ACK without a common codec ends the call")
  func lateOfferUnusable() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102", offer: nil)
    exchange.accepted(3)
    _ = exchange.take()
    exchange.agent(.offerAnswered(LegID(2), Exchange.otherCodec))
    #expect(exchange.take() == ["hang up 2 488", "hang up 3 488"])
  }

  @Test("both sides get the same codec where they can: nothing is transcoded")
  func sameCodec() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102", offer: Exchange.sound(["PCMA", "PCMU"]))
    _ = exchange.take()
    exchange.accepted(3, Exchange.sound(["PCMU"]))
    #expect(exchange.take().contains("accept 2 PCMU"))
  }

  @Test("no port is left for the callee: 503, and the next call gets one again")
  func noPort() {
    var exchange = Exchange { $0.mediaPorts = CallControl.MediaPorts(first: 10_000, last: 10_001) }
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.incoming(4, from: .user("103"), to: "102")
    #expect(exchange.take() == ["queue: busy 103", "hang up 4 503"])
    #expect(exchange.calls.counters.withoutPort == 1)
    exchange.ended(4, 503, byRemote: false)
    exchange.ended(2, 487)
    exchange.ended(3, 487, byRemote: false)
    _ = exchange.take()
    exchange.incoming(6, to: "102")
    #expect(exchange.take().contains("open 0 10000"))
  }

  @Test("the callee's port cannot be bound: that leg is cancelled, the caller gets 500")
  func calleePortTaken() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.tell(.media(.openFailed(Self.stream0)))
    #expect(exchange.take() == ["hang up 3 500", "hang up 2 500"])
    #expect(exchange.calls.counters.portsTaken == 1)
  }

  @Test("an agent's port cannot be bound: the waiting caller goes on waiting, the offer ends")
  func agentPortTaken() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    _ = exchange.take()
    exchange.tell(.media(.openFailed(Self.stream1)))
    #expect(exchange.take() == ["hang up 3 500"])
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9"])
    #expect(exchange.calls.callCount == 1)
  }
}

@Suite("Hold")
struct HoldTests {
  @Test("the held side hears music, and the other again after the resumption")
  func holdAndResume() {
    var exchange = Exchange.talking()
    exchange.offered(2, Exchange.sound(direction: .sendonly))
    #expect(exchange.take() == ["target 1 pcmu mute hears", "answer 2 recvonly", "say 0 music"])
    exchange.offered(2, Exchange.sound())
    #expect(exchange.take() == ["target 1 pcmu sends hears", "answer 2 sendrecv", "say 0 nothing"])
  }

  @Test("0.0.0.0 is hold, too")
  func oldStyle() {
    var exchange = Exchange.talking()
    var hold = Exchange.sound()
    hold.address = .anyV4
    exchange.offered(3, hold)
    let lines = exchange.take()
    #expect(lines.first == "target 0 pcmu mute hears" && lines.last == "say 1 music")
  }

  @Test("a second hold offer does not start the music anew")
  func repeated() {
    var exchange = Exchange.talking()
    exchange.offered(2, Exchange.sound(direction: .sendonly))
    _ = exchange.take()
    exchange.offered(2, Exchange.sound(direction: .inactive))
    #expect(!exchange.take().contains { $0.hasPrefix("say") })
  }

  @Test("the holding side hangs up: the held one is hung up and its music ends with its stream")
  func holderHangsUp() {
    var exchange = Exchange.talking()
    exchange.offered(2, Exchange.sound(direction: .sendonly))
    _ = exchange.take()
    exchange.ended(2)
    exchange.ended(3, byRemote: false)
    #expect(
      exchange.take() == [
        "say 1 nothing", "close 1", "queue: free 101", "hang up 3 487", "say 0 nothing", "close 0", "queue: free 102",
        "record 1 200 answered",
      ])
  }

  @Test("the held side hangs up")
  func heldHangsUp() {
    var exchange = Exchange.talking()
    exchange.offered(2, Exchange.sound(direction: .sendonly))
    _ = exchange.take()
    exchange.ended(3)
    #expect(exchange.take().last == "hang up 2 200")
  }

  @Test("a caller who holds while waiting keeps the agent in music once connected")
  func heldBeforeConnection() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    exchange.offered(2, Exchange.sound(direction: .sendonly))
    exchange.accepted(3)
    _ = exchange.take()
    exchange.queue(.connect(.init(1), .init(9)))
    #expect(exchange.take() == ["say 0 nothing", "bridge 0 1", "say 1 music"])
  }

  @Test("an offer without a common codec is refused, and nothing changes")
  func refusedOffer() {
    var exchange = Exchange.talking()
    exchange.offered(2, Exchange.otherCodec)
    #expect(exchange.take() == ["refuse offer 2 488"])
  }

  @Test("a re-INVITE without an offer gets one from us")
  func askedForOffer() {
    var exchange = Exchange.talking()
    exchange.offered(2, nil)
    #expect(exchange.take() == ["answer 2 sendrecv"])
    exchange.agent(.offerAnswered(LegID(2), Exchange.sound(direction: .sendonly)))
    #expect(exchange.take() == ["target 1 pcmu mute hears", "say 0 music"])
  }
}

@Suite("Keys")
struct KeyTests {
  private static func talking(calleeEvents: Bool) -> Exchange {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    var answer = Exchange.sound()
    if !calleeEvents { answer.formats.removeAll { $0.name == "telephone-event" } }
    exchange.accepted(3, answer)
    _ = exchange.take()
    return exchange
  }

  @Test("telephone-events are relayed by the media core, not a second time by us")
  func relayed() {
    var exchange = Self.talking(calleeEvents: true)
    exchange.tell(.media(.digit(MediaTests.stream1, digit: UInt8(ascii: "5"), milliseconds: 100)))
    #expect(exchange.take() == [])
  }

  @Test("INFO becomes a telephone-event for whom that was agreed with")
  func infoToEvent() {
    var exchange = Self.talking(calleeEvents: true)
    exchange.agent(.digit(LegID(2), digit: 11, milliseconds: 100))
    #expect(exchange.take() == ["digit 0 #"])
  }

  @Test("who did not agree on telephone-events gets INFO")
  func eventToInfo() {
    var exchange = Self.talking(calleeEvents: false)
    exchange.tell(.media(.digit(MediaTests.stream1, digit: UInt8(ascii: "*"), milliseconds: 100)))
    exchange.agent(.digit(LegID(2), digit: 7, milliseconds: 100))
    #expect(exchange.take() == ["info 3 10", "info 3 7"])
  }

  @Test("a waiting caller's key goes to the script, however it comes")
  func toScript() {
    var exchange = Exchange.queued()
    exchange.tell(.media(.digit(MediaTests.stream0, digit: UInt8(ascii: "1"), milliseconds: 100)))
    exchange.agent(.digit(LegID(2), digit: 1, milliseconds: 100))
    #expect(exchange.take() == ["say 0 digit(49)", "say 0 digit(49)"])
  }
}
