// What callers hear from the box and what their keys mean: queue announcements, the callback dialogue, one-off
// announcements. One script a stream; a script speaks in media commands and reports only what somebody else must act
// on. It decides nothing about queues: it asks, and is told.

import Basics
import MediaEngine

public struct VoiceService {
  public enum Limits {
    /// How often a question is put before the caller goes back to waiting.
    public static let askings = 3
    /// Silence after a question before it is put again.
    public static let answerTime = Interval.seconds(5)
  }

  public enum Script: Sendable {
    /// Prompts, then `finished`.
    case announcement([Prompt])
    /// Waiting in a queue. `callbackNumber` is the number that could be called back; nil: no callback is offered.
    case queue(position: Int, callbackNumber: ByteString?)
    /// Ringing tone until stopped.
    case ringback
    /// Prompts, then ringing tone until stopped: an agent who waits for the customer to answer.
    case whisper([Prompt])
    /// Music until stopped: the party on hold.
    case music
  }

  public enum Input: Sendable {
    case language(PromptLanguage)
    case start(StreamID, Script)
    /// The script ends without a word: somebody else has the stream now.
    case stop(StreamID)
    case digit(StreamID, UInt8)
    case played(StreamID, token: UInt32)
    case position(StreamID, Int)
    case callbackAccepted(StreamID)
    case callbackRefused(StreamID, Prompt)
  }

  public enum Result: Equatable, Sendable {
    /// The announcement, or the goodbye after a callback was promised, has been heard.
    case finished
    /// The caller confirmed the number: make the promise durable, then answer with `callbackAccepted` or `…Refused`.
    case callbackConfirmed
  }

  public enum Output: Sendable {
    case media(MediaCommand)
    case result(StreamID, Result)
  }

  struct Session {
    enum State: Equatable {
      case announcing
      case waiting
      case asking(times: Int)
      /// The number is confirmed; storage has not answered yet.
      case promising
      case sayingGoodbye
      case ringing
      case whispering
      case onHold
    }
    var state: State
    var token: UInt32
    var position = 0
    var callbackNumber: ByteString?
  }

  private var sessions: [StreamID: Session] = [:]
  private var deadlines = DeadlineHeap<StreamID>()
  private var outputs = Fifo<Output>()
  private var lastToken: UInt32 = 0
  private var language: PromptLanguage

  public init(language: PromptLanguage = .zh) { self.language = language }

  public var nextDeadline: Instant? { deadlines.nextDeadline }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .language(let chosen): language = chosen
    case .start(let stream, let script): start(script, on: stream)
    case .stop(let stream): stop(stream)
    case .digit(let stream, let digit): hear(digit, on: stream)
    case .played(let stream, let token): ended(token, on: stream, at: now)
    case .position(let stream, let position): announce(position, on: stream)
    case .callbackAccepted(let stream): sayGoodbye(on: stream)
    case .callbackRefused(let stream, let prompt): goOnWaiting(after: [prompt], on: stream)
    }
  }

  public mutating func advance(to now: Instant) {
    while let stream = deadlines.popDue(at: now) {
      guard case .asking(let times) = sessions[stream]?.state else { continue }
      if times < Limits.askings { ask(times: times + 1, on: stream) } else { wait(on: stream) }
    }
  }
}

// MARK: - The scripts

extension VoiceService {
  private mutating func start(_ script: Script, on stream: StreamID) {
    deadlines.cancel(stream)
    switch script {
    case .announcement(let prompts):
      sessions[stream] = Session(state: .announcing, token: 0)
      play(prompts, on: stream)
    case .queue(let position, let callbackNumber):
      sessions[stream] = Session(state: .waiting, token: 0, callbackNumber: callbackNumber)
      announce(position, on: stream)
    case .ringback:
      sessions[stream] = Session(state: .ringing, token: 0)
      play([.ringback], repeats: true, on: stream)
    case .whisper(let prompts):
      sessions[stream] = Session(state: .whispering, token: 0)
      play(prompts, on: stream)
    case .music:
      sessions[stream] = Session(state: .onHold, token: 0)
      play([.music], repeats: true, on: stream)
    }
  }

  private mutating func stop(_ stream: StreamID) {
    deadlines.cancel(stream)
    guard sessions.removeValue(forKey: stream) != nil else { return }
    outputs.append(.media(.stopPlaying(stream)))
  }

  /// A position is told only to somebody who waits: it interrupts no question.
  private mutating func announce(_ position: Int, on stream: StreamID) {
    guard let session = sessions[stream] else { return }
    sessions[stream]?.position = position
    guard session.state == .waiting else { return }
    let place = Prompt.spokenPosition(position, language)
    var prompts = place.isEmpty ? [] : [.youAreNumber] + place + [.inTheQueue]
    if session.callbackNumber != nil { prompts.append(.pressOneToBeCalledBack) }
    if prompts.isEmpty { playMusic(on: stream) } else { play(prompts, on: stream) }
  }

  private mutating func hear(_ digit: UInt8, on stream: StreamID) {
    guard let session = sessions[stream] else { return }
    switch (session.state, digit) {
    case (.waiting, UInt8(ascii: "1")) where session.callbackNumber != nil:
      ask(times: 1, on: stream)
    case (.asking, UInt8(ascii: "1")):
      deadlines.cancel(stream)
      sessions[stream]?.state = .promising
      play([.silence], repeats: true, on: stream)
      outputs.append(.result(stream, .callbackConfirmed))
    case (.asking, UInt8(ascii: "2")):
      wait(on: stream)
    default:
      break
    }
  }

  private mutating func ask(times: Int, on stream: StreamID) {
    guard let number = sessions[stream]?.callbackNumber else { return }
    sessions[stream]?.state = .asking(times: times)
    play([.yourNumberIs] + Prompt.spokenDigits(number, language) + [.pressOneToConfirm], on: stream)
  }

  private mutating func ended(_ token: UInt32, on stream: StreamID, at now: Instant) {
    guard let session = sessions[stream], session.token == token else { return }
    switch session.state {
    case .announcing, .sayingGoodbye:
      sessions[stream] = nil
      outputs.append(.result(stream, .finished))
    case .waiting: playMusic(on: stream)
    case .asking: deadlines.set(stream, to: now + Limits.answerTime)
    case .whispering:
      sessions[stream]?.state = .ringing
      play([.ringback], repeats: true, on: stream)
    case .promising, .ringing, .onHold: break
    }
  }

  private mutating func sayGoodbye(on stream: StreamID) {
    guard sessions[stream]?.state == .promising else { return }
    sessions[stream]?.state = .sayingGoodbye
    play([.callbackAccepted], on: stream)
  }

  private mutating func goOnWaiting(after prompts: [Prompt], on stream: StreamID) {
    guard sessions[stream]?.state == .promising else { return }
    sessions[stream]?.state = .waiting
    play(prompts, on: stream)
  }

  private mutating func wait(on stream: StreamID) {
    deadlines.cancel(stream)
    sessions[stream]?.state = .waiting
    playMusic(on: stream)
  }

  private mutating func playMusic(on stream: StreamID) { play([.music], repeats: true, on: stream) }

  private mutating func play(_ prompts: [Prompt], repeats: Bool = false, on stream: StreamID) {
    lastToken &+= 1
    sessions[stream]?.token = lastToken
    outputs.append(.media(.play(stream, Playlist(prompts, language), repeats: repeats, token: lastToken)))
  }
}
