import Basics
import MediaEngine
import Testing
import VoiceService

@Suite("Recorded names") struct NameTests {
  static let terms = VoiceService.CallbackTerms(number: "13812345678", nameFile: "7.wav")

  /// The number is confirmed and the tone has sounded.
  private static func speaking() -> Listener {
    var listener = Listener.confirming(terms)
    listener.press("1")
    listener.finishPlaying()
    return listener
  }

  @Test("after the tone the name is recorded, written, and asked for with the callback")
  func recorded() throws {
    var listener = Listener.confirming(Self.terms)
    listener.press("1")
    #expect(listener.heard == [.sayYourName, .beep] && listener.recordings.isEmpty && listener.results.isEmpty)
    listener.finishPlaying()
    let slot = try #require(listener.recordings.first)
    listener.tell(.recorded(slot, samples: 12_000))
    #expect(listener.names == [.write("7.wav", from: slot, samples: 12_000)])
    #expect(listener.results == [.callbackRequested(.init(nameFile: "7.wav"))])
  }

  @Test("hash ends the recording, which then says that it has ended")
  func hash() throws {
    var listener = Self.speaking()
    listener.press("1")
    #expect(listener.recordingStops == 0)
    listener.press("#")
    #expect(listener.recordingStops == 1 && listener.results.isEmpty)
  }

  @Test("next to no sound is no name")
  func tooShort() throws {
    var listener = Self.speaking()
    listener.tell(.recorded(try #require(listener.recordings.first), samples: 100))
    #expect(listener.names.isEmpty && listener.results == [.callbackRequested(.init())])
  }

  @Test("nobody waits for a recording that does not end")
  func lost() {
    var listener = Self.speaking()
    listener.wait(VoiceService.Limits.nameTimeAtMost)
    #expect(listener.results == [.callbackRequested(.init())])
  }

  @Test("star and a script that is stopped end the recording, and what it says then means nothing")
  func stopped() throws {
    var listener = Self.speaking()
    listener.press("*")
    #expect(listener.recordingStops == 1)
    listener.tell(.recorded(try #require(listener.recordings.first), samples: 12_000))
    #expect(listener.names.isEmpty && listener.results.isEmpty)
    var other = Self.speaking()
    other.tell(.stop)
    #expect(other.recordingStops == 1)
  }

  @Test("a second number after a refusal does not ask for the name again")
  func once() throws {
    var terms = Self.terms
    terms.allowsOtherNumber = true
    var listener = Listener.confirming(terms)
    listener.press("1")
    listener.finishPlaying()
    listener.tell(.recorded(try #require(listener.recordings.first), samples: 12_000))
    listener.tell(.callbackRefused(.number))
    listener.press("13900000001#1")
    #expect(listener.results.last == .callbackRequested(.init(number: "13900000001", nameFile: "7.wav")))
  }

  @Test("the agent hears the customer's name: its file is read into a place that is played")
  func whispered() throws {
    var listener = Listener()
    listener.tell(.start(.whisper([.callbackWhisper], nameFile: "7.wav")))
    #expect(listener.heard == [.callbackWhisper, .callbackNameIs])
    let slot = try #require(listener.recordingsPlayed.first)
    #expect(listener.names == [.read("7.wav", into: slot)])
    listener.finishPlaying()
    #expect(listener.heard == [.ringback])
  }

  @Test("with all places taken there is no name, and a place is free again after its time")
  func full() {
    var listener = Listener()
    for _ in 0...RecordingPool.slots { listener.tell(.start(.whisper([.callbackWhisper], nameFile: "7.wav"))) }
    #expect(Set(listener.recordingsPlayed).count == RecordingPool.slots)
    #expect(listener.heard == [.callbackWhisper])
    listener.now = listener.now + VoiceService.Limits.whisperTime
    listener.tell(.start(.whisper([.callbackWhisper], nameFile: "7.wav")))
    #expect(listener.recordingsPlayed.count == RecordingPool.slots + 1)
  }

  @Test("the files that one run leaves behind are bounded: the oldest goes")
  func bounded() {
    var listener = Listener()
    for number in 0...VoiceService.Limits.nameFiles {
      let terms = VoiceService.CallbackTerms(number: "13812345678", nameFile: ByteString(number))
      listener.tell(.start(.queue(.init(position: 1), callback: terms)))
      listener.press("11")
      listener.finishPlaying()
      if let slot = listener.recordings.last { listener.tell(.recorded(slot, samples: 12_000)) }
      listener.now = listener.now + .seconds(10)
    }
    #expect(listener.names.last == .remove("0"))
  }
}
