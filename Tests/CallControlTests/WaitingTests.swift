import ACD
import Basics
import CallControl
import Dialplan
import MediaEngine
import SIPUserAgent
import Testing

@Suite("What waiting callers hear and ask for")
struct WaitingTests {
  static let stream = StreamID(slot: 0, generation: 0)

  @Test("place and band, the offer of a callback, the question about an open one: passed on to the script")
  func passedOn() {
    var exchange = Exchange.queued()
    exchange.queue(.announce(.init(1), .init(position: 4, waitMinutes: 10)))
    exchange.queue(.offerCallback(.init(1), isUrgent: true))
    exchange.queue(.pendingCallback(.init(1), id: 7))
    #expect(
      exchange.take() == ["say 0 place 4 about 10 min", "say 0 offerCallback(isUrgent: true)", "say 0 askPending"])
  }

  @Test("nothing of it reaches somebody who no longer waits")
  func notWaiting() {
    var exchange = Exchange.queued()
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    exchange.accepted(3)
    exchange.queue(.connect(.init(1), .init(9)))
    _ = exchange.take()
    exchange.queue(.announce(.init(1), .init(position: 1)))
    exchange.queue(.pendingCallback(.init(1), id: 7))
    exchange.tell(.voice(Self.stream, .callbackRequested(.init())))
    exchange.tell(.voice(Self.stream, .pending(.cancel)))
    #expect(exchange.take() == [])
  }

  @Test("what the queue's settings allow, and a file for the name that no other call has")
  func terms() {
    var exchange = Exchange {
      $0.queues[0].callback = .init(allowsOtherNumber: false, recordsName: true, offersSchedule: true)
    }
    exchange.customer(2)
    exchange.queue(.entered(.init(1), .init(position: 1)))
    #expect(exchange.take().last == "say 0 queue 1, calls back 13800000001 name 1.wav later")
  }

  @Test("a withheld number: a callback is offered all the same, and asks for one")
  func withheld() {
    var exchange = Exchange()
    exchange.incoming(2, from: .trunk("carrier"), to: "02155550000", caller: "")
    exchange.queue(.entered(.init(1), .init(position: 1)))
    #expect(exchange.take().last == "say 0 queue 1, calls back  or another")
  }

  @Test("number, time and name go into the request; hours count from now")
  func request() {
    var exchange = Exchange.queued()
    exchange.tell(.voice(Self.stream, .callbackRequested(.init(number: "021", inHours: 2, nameFile: "1.wav"))))
    #expect(exchange.take() == ["queue: callback 1 021 at \(1_000 + 7_200) name 1.wav"])
  }

  @Test("each reason of a refusal is put into what can be done about it")
  func refusals() {
    let expected: [ACD.CallbackRefusal: String] = [
      .numberWithheld: "number", .numberInvalid: "number", .classDenied: "number", .slotTaken: "time",
      .outsideHours: "time",
      .timeOutOfReach: "time",
      .closing: "closing", .storage: "storage", .notOffered: "notNow", .queueLimit: "notNow", .boxLimit: "notNow",
      .inProgress: "notNow", .clockUntrusted: "notNow", .callerLimit: "notNow",
    ]
    for reason in ACD.CallbackRefusal.allCases {
      var exchange = Exchange.queued()
      exchange.queue(.callbackRefused(.init(1), reason))
      #expect(exchange.take().last?.hasSuffix(".\(expected[reason] ?? "?"))") == true, "\(reason)")
    }
  }

  @Test("what becomes of an open callback")
  func pending() {
    for answer in ["resume", "keep", "cancel"] {
      var exchange = Exchange.queued()
      exchange.tell(.voice(Self.stream, .pending(answer == "resume" ? .resume : answer == "keep" ? .keep : .cancel)))
      #expect(exchange.take() == ["queue: pending 1 \(answer)"])
    }
  }

  @Test("a caller who is moved is told so with the new queue's terms, and leaves from there")
  func moved() {
    var exchange = Exchange {
      $0.queues.append(.init(name: "other", displayName: "Other", otherwise: .extension("103")))
    }
    exchange.customer(2)
    exchange.queue(.entered(.init(1), .init(position: 1)))
    _ = exchange.take()
    exchange.queue(.moved(.init(1), queue: "other"))
    exchange.queue(.announce(.init(1), .init(position: 6)))
    #expect(exchange.take() == ["say 0 moved", "say 0 place 6"])
    exchange.queue(.overflow(.init(1), .maximumWait))
    exchange.tell(.voice(Self.stream, .finished))
    #expect(exchange.take().contains { $0.contains("phone 103") })
    exchange.ended(2)
    #expect(exchange.records.isEmpty)
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.records.first?.destination == "extension 103")
  }

  @Test("the last thing heard says why nobody comes")
  func farewells() {
    let expected: [(ACD.OverflowReason, String)] = [
      (.maximumWait, "allBusyGoodbye"), (.nobodyLeft, "nobodyAvailable"), (.closed, "queueClosed"),
      (.takenOut, "allBusyGoodbye"),
    ]
    for (reason, prompt) in expected {
      var exchange = Exchange.queued()
      exchange.queue(.overflow(.init(1), reason))
      #expect(exchange.take().last?.contains(prompt) == true, "\(reason)")
      exchange.tell(.voice(Self.stream, .finished))
      #expect(exchange.take() == ["hang up 2 200"])
    }
  }

  @Test("a caller who hangs up while hearing where it goes on is gone")
  func leavesDuringAnnouncement() {
    var exchange = Exchange()
    exchange.incoming(2, to: "601")
    exchange.queue(.entered(.init(1), .init(position: 1)))
    exchange.queue(.overflow(.init(1), .maximumWait))
    exchange.ended(2)
    _ = exchange.take()
    exchange.tell(.voice(Self.stream, .finished))
    #expect(exchange.take() == [] && exchange.calls.callCount == 0)
  }

  @Test("a missed offer is a short text on the agent's phone, in the branch's language")
  func missedOffer() {
    var exchange = Exchange()
    exchange.queue(.missedOffer("102", queue: "service"))
    #expect(exchange.take() == ["message 102: 您错过了队列“Service”的来电。"])
    var english = Exchange { $0.language = .en }
    english.queue(.missedOffer("102", queue: "gone"))
    #expect(english.take() == ["message 102: You missed a call of the queue gone."])
  }
}

@Suite("Broken lines, hold and the survey")
struct ConversationTests {
  static let stream = StreamID(slot: 0, generation: 0)

  private static func talking(survey: Bool = false) -> Exchange {
    var exchange = Exchange { $0.queues[0].survey = survey }
    exchange.customer(2)
    exchange.queue(.entered(.init(1), .init(position: 1)))
    exchange.queue(.offer(Exchange.offer(9, .call(.init(1)))))
    exchange.accepted(3)
    exchange.queue(.connect(.init(1), .init(9)))
    _ = exchange.take()
    return exchange
  }

  @Test("a hang-up is a hang-up: BYE without a cause, or with the cause of a normal end")
  func hungUp() {
    for cause in [nil, 16] {
      var exchange = Exchange.queued()
      exchange.ended(2, q850: cause)
      #expect(exchange.take().contains("queue: leave 1"))
    }
  }

  @Test(
    "another cause, or no answer to our own request, is a broken line", arguments: [(200, 41), (408, nil), (481, nil)])
  func broken(status: Int, cause: Int?) {
    var exchange = Exchange.queued()
    exchange.ended(2, status, q850: cause)
    #expect(exchange.take().contains("queue: leave 1 broken"))
  }

  @Test("sound that has stopped makes us ask the phone, once; a caller who then is gone had a broken line")
  func fellSilent() {
    var exchange = Exchange.queued()
    exchange.tell(.media(.flowing(Self.stream)))
    exchange.tell(.media(.silent(Self.stream)))
    #expect(exchange.take() == ["offer 2"])
    exchange.tell(.media(.silent(Self.stream)))
    #expect(exchange.take() == [])
    exchange.ended(2)
    #expect(exchange.take().contains("queue: leave 1 broken"))
  }

  @Test("sound that comes again is no broken line; a phone that never sent any is left alone")
  func soundAgain() {
    var exchange = Exchange.queued()
    exchange.tell(.media(.silent(Self.stream)))
    #expect(exchange.take() == [])
    exchange.tell(.media(.flowing(Self.stream)))
    exchange.tell(.media(.silent(Self.stream)))
    exchange.tell(.media(.flowing(Self.stream)))
    exchange.ended(2)
    #expect(exchange.take().contains("queue: leave 1"))
  }

  @Test("whom we end ourselves has no broken line")
  func endedByUs() {
    var exchange = Exchange.queued()
    exchange.tell(.media(.flowing(Self.stream)))
    exchange.tell(.media(.silent(Self.stream)))
    exchange.tell(.voice(Self.stream, .finished))
    exchange.ended(2, byRemote: false)
    #expect(!exchange.take().contains { $0.contains("broken") })
  }

  @Test("the agent's hold is told to the queue, the customer's is not")
  func held() {
    var exchange = Self.talking()
    exchange.offered(3, Exchange.sound(direction: .sendonly))
    #expect(exchange.take().last == "queue: held 9")
    exchange.offered(3, Exchange.sound())
    #expect(exchange.take().last == "queue: resumed 9")
    exchange.offered(2, Exchange.sound(direction: .sendonly))
    #expect(!exchange.take().contains { $0.contains("held") })
  }

  @Test("the agent hangs up: the caller is asked how it was, and the answer belongs to that offer")
  func survey() {
    var exchange = Self.talking(survey: true)
    exchange.ended(3)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: ended 9", "say 0 rating"])
    exchange.tell(.media(.digit(Self.stream, digit: UInt8(ascii: "4"), milliseconds: 90)))
    #expect(exchange.take() == ["say 0 digit(52)"])
    exchange.tell(.voice(Self.stream, .rated(4)))
    #expect(exchange.take() == ["queue: surveyed 9 4"])
    exchange.tell(.voice(Self.stream, .finished))
    #expect(exchange.take() == ["hang up 2 200"])
    exchange.ended(2, byRemote: false)
    #expect(exchange.take().last == "record 1 200 answered" && exchange.calls.callCount == 0)
  }

  @Test("nobody is asked who hung up first, or whose queue does not want to know")
  func noSurvey() {
    var exchange = Self.talking(survey: true)
    exchange.ended(2)
    #expect(!exchange.take().contains { $0.contains("rating") })
    exchange.ended(3, byRemote: false)
    #expect(exchange.calls.callCount == 0)
    var other = Self.talking()
    other.ended(3)
    #expect(other.take().last == "hang up 2 200")
  }

  @Test("a caller who hangs up during the question is gone without an answer")
  func leavesDuringSurvey() {
    var exchange = Self.talking(survey: true)
    exchange.ended(3)
    exchange.ended(2)
    #expect(exchange.take().last == "record 1 200 answered")
    exchange.tell(.voice(Self.stream, .rated(4)))
    #expect(exchange.take() == [])
  }

  @Test("the recorded name of a callback's customer goes with the whisper")
  func nameInWhisper() {
    var exchange = Exchange()
    var offer = Exchange.offer(9, .callback(5))
    offer.recordedName = "12.wav"
    exchange.queue(.offer(offer))
    exchange.accepted(3)
    _ = exchange.take()
    exchange.queue(.prepare(.init(4), callback: 5, number: "+8613800000001", presenting: "", offer: .init(9)))
    #expect(exchange.take().first == "say 0 whisper [MediaEngine.Prompt.callbackWhisper] and 12.wav")
  }
}
