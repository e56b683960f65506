import Basics
import MediaEngine
import Testing
import VoiceService

/// One stream, its script and what it was told to play.
private struct Listener {
  var voice = VoiceService(language: .en)
  var now = Instant.zero
  let stream = StreamID(slot: 1, generation: 0)
  var plays: [(prompts: [Prompt], repeats: Bool, token: UInt32)] = []
  var results: [VoiceService.Result] = []
  var stops = 0

  mutating func tell(_ input: VoiceService.Input) {
    voice.handle(input, at: now)
    drain()
  }
  mutating func finishPlaying() { if let last = plays.last { tell(.played(stream, token: last.token)) } }
  mutating func wait(_ interval: Interval) {
    now = now + interval
    voice.advance(to: now)
    drain()
  }
  private mutating func drain() {
    while let output = voice.pollOutput() {
      switch output {
      case .media(.play(_, let list, let repeats, let token)):
        let perLanguage = UInt16(Prompt.allCases.count)
        let prompts = (0..<list.count).compactMap { Prompt(rawValue: list[$0].index % perLanguage) }
        plays.append((prompts, repeats, token))
      case .media(.stopPlaying): stops += 1
      case .media: break
      case .result(_, let result): results.append(result)
      }
    }
  }
  static func queued(callback: ByteString? = "13812345678") -> Listener {
    var listener = Listener()
    listener.tell(.start(listener.stream, .queue(position: 3, callbackNumber: callback)))
    return listener
  }
}

@Suite struct VoiceServiceTests {
  @Test("a waiting caller hears the place, the key that saves waiting, then music without end")
  func waiting() {
    var listener = Listener.queued()
    #expect(listener.plays.last?.prompts == [.youAreNumber, .three, .inTheQueue, .pressOneToBeCalledBack])
    listener.finishPlaying()
    #expect(listener.plays.last?.prompts == [.music] && listener.plays.last?.repeats == true)
  }

  @Test("no key is offered, and none has an effect, where no callback is to be had")
  func withoutCallback() {
    var listener = Listener.queued(callback: nil)
    #expect(listener.plays.last?.prompts == [.youAreNumber, .three, .inTheQueue])
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    #expect(listener.plays.count == 1 && listener.results.isEmpty)
  }

  @Test("the key works during the announcement: the number is read back, confirmed, and goodbye waits for the promise")
  func callback() {
    var listener = Listener.queued()
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    let digits: [Prompt] = [.one, .three, .eight, .one, .two, .three, .four, .five, .six, .seven, .eight]
    #expect(listener.plays.last?.prompts == [.yourNumberIs] + digits + [.pressOneToConfirm])
    #expect(listener.results.isEmpty)
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    #expect(listener.results == [.callbackConfirmed] && listener.plays.last?.prompts == [.silence])
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    #expect(listener.results.count == 1, "a second key makes no second promise")
    listener.tell(.callbackAccepted(listener.stream))
    #expect(listener.plays.last?.prompts == [.callbackAccepted])
    listener.finishPlaying()
    #expect(listener.results == [.callbackConfirmed, .finished])
  }

  @Test("a caller who says nothing is asked three times, then goes on waiting to music")
  func silence() {
    var listener = Listener.queued()
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    for _ in 1...VoiceService.Limits.askings {
      #expect(listener.plays.last?.prompts.first == .yourNumberIs)
      listener.finishPlaying()
      listener.wait(VoiceService.Limits.answerTime)
    }
    #expect(listener.plays.last?.prompts == [.music] && listener.results.isEmpty)
    #expect(listener.voice.nextDeadline == nil)
  }

  @Test("a promise that cannot be made is said aloud, and the caller keeps waiting")
  func refused() {
    var listener = Listener.queued()
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    listener.tell(.callbackRefused(listener.stream, .callbackStorageFailed))
    #expect(listener.plays.last?.prompts == [.callbackStorageFailed])
    listener.finishPlaying()
    #expect(listener.plays.last?.prompts == [.music])
  }

  @Test("a new place interrupts the music but no question")
  func positions() {
    var listener = Listener.queued()
    listener.finishPlaying()
    listener.tell(.position(listener.stream, 1))
    #expect(listener.plays.last?.prompts == [.youAreNumber, .one, .inTheQueue, .pressOneToBeCalledBack])
    listener.tell(.digit(listener.stream, UInt8(ascii: "1")))
    let asked = listener.plays.count
    listener.tell(.position(listener.stream, 1))
    #expect(listener.plays.count == asked)
  }

  @Test("the end of something that was replaced meanwhile means nothing")
  func stale() {
    var listener = Listener.queued()
    let first = listener.plays[0].token
    listener.tell(.position(listener.stream, 2))
    listener.tell(.played(listener.stream, token: first))
    #expect(listener.plays.count == 2)
    listener.tell(.stop(listener.stream))
    #expect(listener.stops == 1)
    listener.finishPlaying()
    #expect(listener.plays.count == 2)
  }

  @Test("an agent hears what is coming, then ringing")
  func whisper() {
    var listener = Listener()
    listener.tell(.start(listener.stream, .whisper([.callbackWhisper])))
    listener.finishPlaying()
    #expect(listener.plays.map(\.prompts) == [[.callbackWhisper], [.ringback]])
  }
}
