import Basics
import MediaEngine
import Testing
import VoiceService

@Suite("The callback dialogue") struct DialogueTests {
  static let digits: [Prompt] = [.one, .three, .eight, .one, .two, .three, .four, .five, .six, .seven, .eight]
  static let everything = VoiceService.CallbackTerms(
    number: "13812345678", allowsOtherNumber: true, nameFile: "7.wav", offersSchedule: true)
  static let other = VoiceService.CallbackTerms(number: "13812345678", allowsOtherNumber: true)

  @Test("the key works during the announcement: the number is read back, confirmed, and goodbye waits for the promise")
  func callback() {
    var listener = Listener.queued()
    listener.press("1")
    #expect(
      listener.heard == [.weCallYouBackOn] + Self.digits + [.pressOneToConfirm, .pressStarToWait])
    #expect(listener.results.isEmpty)
    listener.press("1")
    #expect(listener.results == [.callbackRequested(.init())] && listener.heard == [.silence])
    listener.press("1")
    #expect(listener.results.count == 1, "a second key makes no second promise")
    listener.tell(.callbackAccepted)
    #expect(listener.heard == [.callbackAccepted])
    listener.finishPlaying()
    #expect(listener.results == [.callbackRequested(.init()), .finished])
  }

  @Test("a caller who says nothing is asked three times, then goes on waiting to music")
  func silence() {
    var listener = Listener.confirming()
    for _ in 1...VoiceService.Limits.askings {
      #expect(listener.heard.first == .weCallYouBackOn)
      listener.finishPlaying()
      listener.wait(VoiceService.Limits.answerTime)
    }
    #expect(listener.heard == [.music] && listener.results.isEmpty)
    #expect(listener.voice.nextDeadline == nil)
  }

  @Test("star leads back to the music from every question", arguments: ["1", "12", "12021", "13", "131"])
  func star(keys: String) {
    var listener = Listener.queued(Self.everything)
    listener.press(keys + "*")
    #expect(listener.heard == [.music] && listener.results.isEmpty && listener.voice.nextDeadline == nil)
    listener.press("1")
    #expect(listener.heard.first == .weCallYouBackOn, "and it can be asked for again")
  }

  @Test("another number is keyed in, ended with hash, read back and confirmed")
  func otherNumber() {
    var listener = Listener.confirming(Self.other)
    #expect(listener.heard.contains(.pressTwoForAnotherNumber))
    listener.press("2")
    #expect(listener.heard == [.enterNumber])
    listener.press("1390")
    #expect(listener.heard == [.silence], "the first key silences the question")
    listener.press("#")
    #expect(listener.heard.prefix(5) == [.weCallYouBackOn, .one, .three, .nine, .zero])
    listener.press("1")
    #expect(listener.results == [.callbackRequested(.init(number: "1390"))])
  }

  @Test("a number without its hash is read back after a silence")
  func forgottenHash() {
    var listener = Listener.confirming(Self.other)
    listener.press("2021")
    listener.wait(VoiceService.Limits.keyTime)
    #expect(listener.heard.prefix(4) == [.weCallYouBackOn, .zero, .two, .one])
  }

  @Test("too few and too many digits make no number, and three of them lead back to waiting")
  func threeTries() {
    var listener = Listener.confirming(Self.other)
    listener.press("212#")
    #expect(listener.heard == [.callbackRefused, .enterNumber])
    listener.press("12345678901234567890#")
    #expect(listener.heard == [.callbackRefused, .enterNumber])
    listener.press("#")
    #expect(listener.heard == [.callbackRefused, .pleaseHold] && listener.results.isEmpty)
    listener.finishPlaying()
    #expect(listener.heard == [.music])
  }

  @Test("after three numbers that were read back, there is no fourth")
  func threeReadBack() {
    var listener = Listener.confirming(Self.other)
    listener.press("2021#2022#2023#")
    #expect(listener.heard.contains(.three) && !listener.heard.contains(.pressTwoForAnotherNumber))
    listener.press("2")
    #expect(listener.heard.first == .weCallYouBackOn)
    listener.press("1")
    #expect(listener.results == [.callbackRequested(.init(number: "023"))])
  }

  @Test("key 2 means nothing where no other number is allowed")
  func notAllowed() {
    var listener = Listener.confirming()
    #expect(!listener.heard.contains(.pressTwoForAnotherNumber))
    let plays = listener.plays.count
    listener.press("23")
    #expect(listener.plays.count == plays)
  }

  @Test("a withheld or unusable number is asked for at once, never guessed", arguments: ["", "anonymous", "+", "12"])
  func withheld(number: StaticString) {
    var listener = Listener.confirming(.init(number: ByteString(number)))
    #expect(listener.heard == [.enterNumber])
    listener.press("13900000001#1")
    #expect(listener.results == [.callbackRequested(.init(number: "13900000001"))])
  }

  @Test("a number that is not called back: another one is asked for where one is allowed, otherwise it is said")
  func refusedNumber() {
    var listener = Listener.confirming(Self.other)
    listener.press("1")
    listener.tell(.callbackRefused(.number))
    #expect(listener.heard == [.callbackRefused, .enterNumber])
    listener.press("13900000001#1")
    #expect(listener.results.last == .callbackRequested(.init(number: "13900000001")))

    var fixed = Listener.confirming()
    fixed.press("1")
    fixed.tell(.callbackRefused(.number))
    #expect(fixed.heard == [.callbackRefused, .pleaseHold])
    fixed.finishPlaying()
    #expect(fixed.heard == [.music])
  }

  @Test("a promise that cannot be made is said aloud with its reason, and the caller keeps waiting")
  func refused() {
    let reasons: [(VoiceService.CallbackObstacle, Prompt)] = [
      (.time, .callbackSlotTaken), (.closing, .callbackClosing), (.notNow, .callbackNotPossible),
      (.storage, .callbackStorageFailed),
    ]
    for (obstacle, prompt) in reasons {
      var listener = Listener.confirming()
      listener.press("1")
      listener.tell(.callbackRefused(obstacle))
      #expect(listener.heard == [prompt, .pleaseHold])
      listener.finishPlaying()
      #expect(listener.heard == [.music])
    }
  }

  @Test("a time is chosen in hours from now, read back with the number, and chosen anew where its slot is taken")
  func scheduled() {
    var listener = Listener.confirming(.init(number: "13812345678", offersSchedule: true))
    #expect(listener.heard.contains(.pressThreeForATime))
    listener.press("3")
    #expect(listener.heard == [.chooseHours])
    listener.press("#0")
    #expect(listener.heard == [.chooseHours], "no time yet")
    listener.press("42#")
    #expect(
      listener.heard == [.weCallYouBackOn] + Self.digits + [
        .timeIs, .two, .hours, .pressOneToConfirm, .pressThreeForATime, .pressStarToWait,
      ])
    listener.press("1")
    #expect(listener.results == [.callbackRequested(.init(inHours: 2))])
    listener.tell(.callbackRefused(.time))
    #expect(listener.heard == [.callbackSlotTaken, .chooseHours])
    listener.press("1")
    listener.wait(VoiceService.Limits.answerTime)
    #expect(listener.heard.contains(.hour))
    listener.press("1")
    #expect(listener.results.last == .callbackRequested(.init(inHours: 1)))
  }

  @Test("where another time is known in place of the one that is refused, that one is read back to be confirmed")
  func nearestTime() {
    var listener = Listener.confirming(.init(number: "13812345678", offersSchedule: true))
    listener.press("39#1")
    #expect(listener.results == [.callbackRequested(.init(inHours: 9))])
    listener.tell(.nearestTime(inHours: 15))
    listener.tell(.callbackRefused(.time))
    #expect(
      listener.heard == [.callbackSlotTaken, .weCallYouBackOn] + Self.digits + [.timeIs]
        + Prompt.spokenHours(15, .en) + [.pressOneToConfirm, .pressThreeForATime, .pressStarToWait])
    listener.press("1")
    #expect(listener.results.last == .callbackRequested(.init(inHours: 15)))
    // Said once: of the next refusal nothing is known.
    listener.tell(.callbackRefused(.time))
    #expect(listener.heard == [.callbackSlotTaken, .chooseHours])
  }

  @Test("the longest read-back fits into one playlist, in both languages")
  func longest() {
    for language in PromptLanguage.allCases {
      var listener = Listener()
      listener.voice.handle(.language(language), at: .zero)
      listener.tell(.start(.queue(.init(position: 3), callback: Self.everything)))
      listener.press("12" + "1234567890123456" + "#" + "3" + "9#")
      #expect(listener.heard.last == .pressStarToWait && listener.heard.count <= Playlist.limit)
    }
  }

  @Test("what a caller is asked to wait for or to keep: each answer of the three, and star is none of them")
  func pending() {
    let answers: [(String, VoiceService.PendingAnswer, Prompt)] = [
      ("1", .resume, .pleaseHold), ("2", .keep, .callbackKept), ("3", .cancel, .callbackCancelled),
    ]
    for (key, answer, prompt) in answers {
      var listener = Listener.queued()
      listener.tell(.askPending)
      #expect(listener.heard == [.callbackPending])
      listener.press("*")
      listener.tell(.place(.init(position: 1)))
      #expect(listener.heard == [.callbackPending], "news does not interrupt the question")
      listener.press(key)
      #expect(listener.results == [.pending(answer)] && listener.heard == [prompt])
      listener.finishPlaying()
      #expect(answer == .keep ? listener.results.last == .finished : listener.heard == [.music])
    }
  }

  @Test("who does not answer what is wanted waits as any other")
  func pendingUnanswered() {
    var listener = Listener.queued()
    listener.tell(.askPending)
    for _ in 1...VoiceService.Limits.askings {
      listener.finishPlaying()
      listener.wait(VoiceService.Limits.answerTime)
    }
    #expect(listener.heard == [.music] && listener.results.isEmpty)
  }
}
