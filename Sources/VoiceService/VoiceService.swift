// What callers hear from the box and what their keys mean: queue announcements, the callback dialogue, questions,
// one-off announcements. One script a stream; a script speaks in media commands and reports only what somebody else
// must act on. It decides nothing about queues: it asks, and is told.

import Basics
import MediaEngine

public struct VoiceService {
  public enum Limits {
    /// How often a question is put before the caller goes back to waiting.
    public static let askings = 3
    /// How many numbers a caller may key in before going back to waiting.
    public static let numbersKeyed = 3
    /// Silence after a question before it is put again.
    public static let answerTime = Interval.seconds(5)
    /// Silence after a key of a number before the number is taken as it is.
    public static let keyTime = Interval.seconds(10)
    /// Digits of a number that is keyed in; more make it no number.
    public static let digits = 3...16
    /// How long a recorded name may last.
    public static let nameTime = Interval.seconds(5)
    /// The media core says when a recording has ended; if it does not, nobody waits for it longer than this.
    public static let nameTimeAtMost = Interval.seconds(7)
    /// Less is no name.
    public static let nameSamplesLeast = 4_000
    /// How long a name that is played to an agent keeps its place in the pool.
    public static let whisperTime = Interval.seconds(30)
    /// Files of names that one run leaves behind; more, and the oldest goes.
    public static let nameFiles = 600
    public static let ratingTime = Interval.seconds(8)
  }

  public enum Script: Sendable, Hashable {
    /// Prompts, then `finished`.
    case announcement([Prompt])
    /// Waiting in a queue; `callback`: what is to be had, nil for none.
    case queue(Place, callback: CallbackTerms?)
    /// Ringing tone until stopped.
    case ringback
    /// Prompts and a customer's recorded name (a file, or empty), then ringing tone until stopped: an agent who waits
    /// for the customer to answer.
    case whisper([Prompt], nameFile: ByteString = "")
    /// Prompts, then music until stopped: the party on hold, a customer who waits for an agent.
    case music(after: [Prompt] = [])
    /// Whoever answered is asked to press 1, over and over: `confirmed`, then music until stopped.
    case confirmation
    /// `rated` or not, then goodbye and `finished`.
    case rating
  }

  public enum Input: Sendable {
    case language(PromptLanguage)
    case stream(StreamID, Request)
  }

  /// What a stream is to hear, or what came from it. What does not fit its script is ignored.
  public enum Request: Hashable, Sendable {
    case start(Script)
    /// The script ends without a word: somebody else has the stream now.
    case stop
    case digit(UInt8)
    case played(token: UInt32)
    /// A recording has ended.
    case recorded(RecordingSlot, samples: UInt16)
    case place(Place)
    /// The caller waits in another queue now, whose place is told next.
    case moved(callback: CallbackTerms?)
    case offerCallback(isUrgent: Bool)
    /// A callback is open for this caller: ask what is wanted.
    case askPending
    case callbackAccepted
    case callbackRefused(CallbackObstacle)
    /// Just before a time is refused: in so many hours it could be had.
    case nearestTime(inHours: Int)
  }

  public enum Result: Hashable, Sendable {
    /// The announcement or a goodbye has been heard.
    case finished
    /// The caller confirmed: make the promise durable, then answer with `callbackAccepted` or `…Refused`.
    case callbackRequested(CallbackWish)
    /// The answer to `askPending`.
    case pending(PendingAnswer)
    case confirmed
    case rated(UInt8)
  }

  public enum Output: Sendable {
    case media(MediaCommand)
    case result(StreamID, Result)
    /// To be done at once: the place in the pool is given away again with the next input.
    case name(NameFile)
  }

  /// What is to be done with the file of a recorded name.
  public enum NameFile: Hashable, Sendable {
    case write(ByteString, from: RecordingSlot, samples: Int)
    /// Nothing is heard of a file that is missing.
    case read(ByteString, into: RecordingSlot)
    case remove(ByteString)
  }

  struct Session {
    enum State: Equatable {
      /// Prompts play; then the script is over.
      case announcing
      /// Prompts play, then this without end.
      case leadingTo(Prompt)
      case looping
      /// In the queue, hearing music or an announcement.
      case waiting
      case asking(Question)
      /// Nothing is left to be asked; storage has not answered yet.
      case promising
      case sayingGoodbye
      case greeting
      case rating
    }
    enum Question: Equatable { case pending, confirm, number, hours, name }

    var state: State
    var token: UInt32 = 0
    /// How often the question has been put.
    var askings = 0
    var place = Place(position: 0)
    var callback: CallbackTerms?
    /// It has been said that a callback can be had, and is said with every place from then on.
    var isOffered = false
    /// The caller is being told to be in another queue.
    var isTellingMove = false
    var wish = CallbackWish()
    var keyed: [UInt8] = []
    var numbersKeyed = 0
    /// Said in place of a time that is refused.
    var nearestHours: Int?
  }

  var sessions: [StreamID: Session] = [:]
  var names = NamePool()
  var deadlines = DeadlineHeap<StreamID>()
  var outputs = Fifo<Output>()
  private var lastToken: UInt32 = 0
  private(set) var language: PromptLanguage

  public init(language: PromptLanguage = .zh) { self.language = language }

  public var nextDeadline: Instant? { deadlines.nextDeadline }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }
  /// Names that were not recorded or not played because the pool was full.
  public var namesRefused: UInt64 { names.refused }

  public func limitUses(at now: Instant) -> [LimitUse] {
    [
      LimitUse(
        "names-at-once", most: RecordingPool.slots, used: names.taken(at: now), hits: Int(clamping: names.refused)),
      LimitUse("name-files", most: Limits.nameFiles, used: names.fileCount),
    ]
  }

  public mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .language(let chosen): language = chosen
    case .stream(let stream, let request): handle(request, on: stream, at: now)
    }
  }

  private mutating func handle(_ request: Request, on stream: StreamID, at now: Instant) {
    switch request {
    case .start(let script): start(script, on: stream, at: now)
    case .stop: stop(stream)
    case .digit(let digit): hear(digit, on: stream, at: now)
    case .played(let token): played(token, on: stream, at: now)
    case .recorded(let slot, let samples): recorded(slot, samples: Int(samples), on: stream)
    case .place(let place): tell(place, on: stream)
    case .moved(let callback): tellMove(callback, on: stream)
    case .offerCallback(let isUrgent): offerCallback(on: stream, isUrgent: isUrgent)
    case .askPending: askPending(on: stream)
    case .callbackAccepted: accepted(on: stream)
    case .callbackRefused(let obstacle): refused(obstacle, on: stream)
    case .nearestTime(let hours): sessions[stream]?.nearestHours = hours
    }
  }

  public mutating func advance(to now: Instant) {
    while let stream = deadlines.popDue(at: now) {
      switch sessions[stream]?.state {
      case .asking(let question): unanswered(question, on: stream)
      case .rating: sayGoodbye(.thankYouGoodbye, on: stream)
      default: break
      }
    }
  }
}

// MARK: - Scripts

extension VoiceService {
  private mutating func start(_ script: Script, on stream: StreamID, at now: Instant) {
    deadlines.cancel(stream)
    switch script {
    case .announcement(let prompts):
      sessions[stream] = Session(state: .announcing)
      play(prompts, on: stream)
    case .queue(let place, let callback):
      sessions[stream] = Session(state: .waiting, callback: callback)
      tell(place, on: stream)
    case .ringback: startLoop(.ringback, after: [], on: stream)
    case .whisper(let prompts, let file): whisper(prompts, file, on: stream, at: now)
    case .music(let prompts): startLoop(.music, after: prompts, on: stream)
    case .confirmation:
      sessions[stream] = Session(state: .greeting)
      play([.callbackCustomerGreeting, .silence, .silence], repeats: true, on: stream)
    case .rating:
      sessions[stream] = Session(state: .rating)
      play([.pleaseRate], on: stream)
    }
  }

  private mutating func whisper(_ prompts: [Prompt], _ file: ByteString, on stream: StreamID, at now: Instant) {
    guard !file.isEmpty, let slot = names.slot(for: Limits.whisperTime, at: now) else {
      return startLoop(.ringback, after: prompts, on: stream)
    }
    outputs.append(.name(.read(file, into: slot)))
    sessions[stream] = Session(state: .leadingTo(.ringback))
    var list = Playlist(prompts + [.callbackNameIs], language)
    list.append(PromptID(slot))
    play(list, repeats: false, on: stream)
  }

  private mutating func startLoop(_ loop: Prompt, after prompts: [Prompt], on stream: StreamID) {
    sessions[stream] = Session(state: prompts.isEmpty ? .looping : .leadingTo(loop))
    play(prompts.isEmpty ? [loop] : prompts, repeats: prompts.isEmpty, on: stream)
  }

  private mutating func stop(_ stream: StreamID) {
    deadlines.cancel(stream)
    guard let session = sessions.removeValue(forKey: stream) else { return }
    if session.state == .asking(.name) { outputs.append(.media(.stopRecording(stream))) }
    outputs.append(.media(.stopPlaying(stream)))
  }

  private mutating func hear(_ digit: UInt8, on stream: StreamID, at now: Instant) {
    guard let session = sessions[stream] else { return }
    switch (session.state, digit) {
    case (.waiting, UInt8(ascii: "1")) where session.callback != nil: openDialogue(on: stream)
    case (.asking(let question), _): answer(question, digit, on: stream, at: now)
    case (.greeting, UInt8(ascii: "1")):
      startLoop(.music, after: [], on: stream)
      outputs.append(.result(stream, .confirmed))
    case (.rating, UInt8(ascii: "1")...UInt8(ascii: "5")):
      outputs.append(.result(stream, .rated(digit - UInt8(ascii: "0"))))
      sayGoodbye(.thankYouGoodbye, on: stream)
    default: break
    }
  }

  private mutating func played(_ token: UInt32, on stream: StreamID, at now: Instant) {
    guard let session = sessions[stream], session.token == token else { return }
    switch session.state {
    case .announcing, .sayingGoodbye:
      sessions[stream] = nil
      outputs.append(.result(stream, .finished))
    case .leadingTo(let loop): startLoop(loop, after: [], on: stream)
    case .waiting:
      sessions[stream]?.isTellingMove = false
      playMusic(on: stream)
    case .asking(let question): asked(question, on: stream, at: now)
    case .rating: deadlines.set(stream, to: now + Limits.ratingTime)
    case .looping, .promising, .greeting: break
    }
  }
}

// MARK: - Speaking

extension VoiceService {
  mutating func sayGoodbye(_ prompt: Prompt, on stream: StreamID) {
    deadlines.cancel(stream)
    sessions[stream]?.state = .sayingGoodbye
    play([prompt], on: stream)
  }

  mutating func playMusic(on stream: StreamID) { play([.music], repeats: true, on: stream) }

  mutating func play(_ prompts: [Prompt], repeats: Bool = false, on stream: StreamID) {
    play(Playlist(prompts, language), repeats: repeats, on: stream)
  }

  private mutating func play(_ list: Playlist, repeats: Bool, on stream: StreamID) {
    guard sessions[stream] != nil else { return }
    lastToken &+= 1
    sessions[stream]?.token = lastToken
    outputs.append(.media(.play(stream, list, repeats: repeats, token: lastToken)))
  }
}
