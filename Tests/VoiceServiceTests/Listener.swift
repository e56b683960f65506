// One stream, its script, and what it was told to play.

import Basics
import MediaEngine
import VoiceService

struct Listener {
  var voice = VoiceService(language: .en)
  var now = Instant.zero
  let stream = StreamID(slot: 1, generation: 0)
  var plays: [(prompts: [Prompt], repeats: Bool, token: UInt32)] = []
  var results: [VoiceService.Result] = []
  var names: [VoiceService.NameFile] = []
  var recordings: [RecordingSlot] = []
  /// The places of recorded names that were played.
  var recordingsPlayed: [RecordingSlot] = []
  var recordingStops = 0
  var stops = 0

  var heard: [Prompt] { plays.last?.prompts ?? [] }

  mutating func tell(_ request: VoiceService.Request) {
    voice.handle(.stream(stream, request), at: now)
    drain()
  }
  mutating func press(_ keys: String) { for key in keys.utf8 { tell(.digit(key)) } }
  mutating func finishPlaying() { if let last = plays.last { tell(.played(token: last.token)) } }
  mutating func wait(_ interval: Interval) {
    now = now + interval
    voice.advance(to: now)
    drain()
  }

  private mutating func drain() {
    while let output = voice.pollOutput() {
      switch output {
      case .media(.play(_, let list, let repeats, let token)): note(list, repeats, token)
      case .media(.stopPlaying): stops += 1
      case .media(.record(_, let slot, _)): recordings.append(slot)
      case .media(.stopRecording): recordingStops += 1
      case .media: break
      case .result(_, let result): results.append(result)
      case .name(let file): names.append(file)
      }
    }
  }

  private mutating func note(_ list: Playlist, _ repeats: Bool, _ token: UInt32) {
    let all = Prompt.allCases.count
    var prompts: [Prompt] = []
    for index in 0..<list.count {
      let number = Int(list[index].index)
      if number >= PromptID.count {
        recordingsPlayed.append(RecordingSlot(index: UInt8(number - PromptID.count)))
      } else if let prompt = Prompt(rawValue: UInt16(number % all)) {
        prompts.append(prompt)
      }
    }
    plays.append((prompts, repeats, token))
  }

  static func queued(
    _ callback: VoiceService.CallbackTerms? = .init(number: "13812345678"), waitMinutes: Int? = nil
  ) -> Listener {
    var listener = Listener()
    listener.tell(.start(.queue(.init(position: 3, waitMinutes: waitMinutes), callback: callback)))
    return listener
  }

  /// In the middle of the question whether the number is right.
  static func confirming(_ callback: VoiceService.CallbackTerms = .init(number: "13812345678")) -> Listener {
    var listener = queued(callback)
    listener.press("1")
    return listener
  }
}
