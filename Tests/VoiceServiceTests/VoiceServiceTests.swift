import Basics
import MediaEngine
import Testing
import VoiceService

@Suite("Scripts") struct VoiceServiceTests {
  @Test("a waiting caller hears the place, the key that saves waiting, then music without end")
  func waiting() {
    var listener = Listener.queued()
    #expect(listener.heard == [.youAreNumber, .three, .inTheQueue, .pressOneToBeCalledBack])
    listener.finishPlaying()
    #expect(listener.heard == [.music] && listener.plays.last?.repeats == true)
  }

  @Test(
    "the band of the wait is told where it is known; whoever knows of it is told of callbacks once they are offered")
  func band() {
    var listener = Listener.queued(waitMinutes: 10)
    #expect(listener.heard == [.youAreNumber, .three, .inTheQueue, .waitAbout, .ten, .minutes])
    listener.tell(.offerCallback(isUrgent: false))
    #expect(listener.heard == [.pressOneToBeCalledBack])
    listener.tell(.place(.init(position: 2, waitMinutes: 1)))
    #expect(
      listener.heard == [
        .youAreNumber, .two, .inTheQueue, .waitAbout, .one, .minute, .pressOneToBeCalledBack,
      ])
  }

  @Test("when the power fails it is said why a callback is offered")
  func urgent() {
    var listener = Listener.queued(waitMinutes: 1)
    listener.tell(.offerCallback(isUrgent: true))
    #expect(listener.heard == [.powerIsFailing, .pressOneToBeCalledBack])
    listener.press("1")
    #expect(listener.heard.first == .weCallYouBackOn)
  }

  @Test("no key is offered, and none has an effect, where no callback is to be had")
  func withoutCallback() {
    var listener = Listener.queued(nil)
    #expect(listener.heard == [.youAreNumber, .three, .inTheQueue])
    listener.tell(.offerCallback(isUrgent: true))
    listener.press("1")
    #expect(listener.plays.count == 1 && listener.results.isEmpty)
  }

  @Test("a place that cannot be spoken is not told")
  func unspeakable() {
    var listener = Listener.queued(nil)
    listener.tell(.place(.init(position: 1_000, waitMinutes: 1_000)))
    #expect(listener.heard == [.allBusy])
  }

  @Test("a new place interrupts the music but no question")
  func positions() {
    var listener = Listener.queued()
    listener.finishPlaying()
    listener.tell(.place(.init(position: 1)))
    #expect(listener.heard == [.youAreNumber, .one, .inTheQueue, .pressOneToBeCalledBack])
    listener.press("1")
    let asked = listener.plays.count
    listener.tell(.place(.init(position: 1)))
    listener.tell(.offerCallback(isUrgent: true))
    #expect(listener.plays.count == asked)
  }

  @Test("who is moved hears so with the new place, and what the new queue has")
  func moved() {
    var listener = Listener.queued()
    listener.tell(.moved(callback: nil))
    #expect(listener.heard == [.movedToAnotherQueue])
    listener.tell(.place(.init(position: 5)))
    #expect(listener.heard == [.movedToAnotherQueue, .youAreNumber, .five, .inTheQueue])
    listener.finishPlaying()
    listener.tell(.place(.init(position: 4)))
    #expect(listener.heard == [.youAreNumber, .four, .inTheQueue])
    listener.press("1")
    #expect(listener.heard.first == .youAreNumber)
  }

  @Test("a question of the old queue is dropped by a move, a promise that is being written is not")
  func movedWhileAsking() {
    var listener = Listener.confirming()
    listener.tell(.moved(callback: .init(number: "13812345678")))
    #expect(listener.heard == [.movedToAnotherQueue] && listener.voice.nextDeadline == nil)
    listener.press("11")
    listener.tell(.moved(callback: nil))
    listener.tell(.callbackAccepted)
    #expect(listener.heard == [.callbackAccepted])
  }

  @Test("the end of something that was replaced meanwhile means nothing")
  func stale() {
    var listener = Listener.queued()
    let first = listener.plays[0].token
    listener.tell(.place(.init(position: 2)))
    listener.tell(.played(token: first))
    #expect(listener.plays.count == 2)
    listener.tell(.stop)
    #expect(listener.stops == 1)
    listener.finishPlaying()
    listener.press("1")
    #expect(listener.plays.count == 2)
  }

  @Test("an agent hears what is coming, then ringing")
  func whisper() {
    var listener = Listener()
    listener.tell(.start(.whisper([.callbackWhisper])))
    listener.finishPlaying()
    #expect(listener.plays.map(\.prompts) == [[.callbackWhisper], [.ringback]])
  }

  @Test("an announcement is over when it has been heard; music goes on after what is said")
  func announcements() {
    var listener = Listener()
    listener.tell(.start(.announcement([.nobodyAvailable])))
    listener.finishPlaying()
    #expect(listener.results == [.finished])
    listener.tell(.start(.music(after: [.apologyNoAgent])))
    listener.finishPlaying()
    #expect(listener.heard == [.music] && listener.results == [.finished])
  }

  @Test("a customer who answered is asked to press 1, and nothing else is taken for it; then music")
  func confirmation() {
    var listener = Listener()
    listener.tell(.start(.confirmation))
    #expect(listener.heard.first == .callbackCustomerGreeting && listener.plays.last?.repeats == true)
    listener.press("2#")
    #expect(listener.results.isEmpty)
    listener.press("1")
    #expect(listener.results == [.confirmed] && listener.heard == [.music])
    listener.press("1")
    #expect(listener.results == [.confirmed], "once")
  }

  @Test("one key from 1 to 5 is the rating, thanked for; silence is none")
  func rating() {
    var listener = Listener()
    listener.tell(.start(.rating))
    #expect(listener.heard == [.pleaseRate])
    listener.press("609")
    #expect(listener.results.isEmpty)
    listener.press("45")
    #expect(listener.results == [.rated(4)] && listener.heard == [.thankYouGoodbye])
    listener.finishPlaying()
    #expect(listener.results == [.rated(4), .finished])

    var silent = Listener()
    silent.tell(.start(.rating))
    silent.finishPlaying()
    silent.wait(.milliseconds(VoiceService.Limits.ratingTime.milliseconds - 1))
    #expect(silent.heard == [.pleaseRate])
    silent.wait(.milliseconds(1))
    silent.finishPlaying()
    #expect(silent.results == [.finished])
  }
}
