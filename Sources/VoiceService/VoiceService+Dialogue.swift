// The callback dialogue: to which number, when, whose name; each question is put at most three times, `*` leads back to
// waiting from everywhere, and nothing is asked for until the number has been read back and confirmed with 1.

import Basics
import MediaEngine

extension VoiceService {
  mutating func openDialogue(on stream: StreamID) {
    guard let terms = sessions[stream]?.callback else { return }
    sessions[stream]?.wish = CallbackWish()
    sessions[stream]?.numbersKeyed = 0
    if terms.hasNumber { begin(.confirm, on: stream) } else { beginNumber(on: stream) }
  }

  // MARK: Asking

  private mutating func begin(_ question: Session.Question, after prompts: [Prompt] = [], on stream: StreamID) {
    sessions[stream]?.askings = 0
    ask(question, after: prompts, on: stream)
  }

  mutating func ask(_ question: Session.Question, after prompts: [Prompt] = [], on stream: StreamID) {
    deadlines.cancel(stream)
    sessions[stream]?.askings += 1
    sessions[stream]?.state = .asking(question)
    switch question {
    case .pending: play(prompts + [.callbackPending], on: stream)
    case .confirm: play(prompts + confirmation(on: stream), on: stream)
    case .number:
      sessions[stream]?.keyed = []
      play(prompts + [.enterNumber], on: stream)
    case .hours: play(prompts + [.chooseHours], on: stream)
    case .name: play(prompts + [.sayYourName, .beep], on: stream)
    }
  }

  private func confirmation(on stream: StreamID) -> [Prompt] {
    guard let session = sessions[stream], let terms = session.callback else { return [] }
    let number = session.wish.number.isEmpty ? terms.number : session.wish.number
    var prompts = [.weCallYouBackOn] + Prompt.spokenDigits(number, language)
    if let hours = session.wish.inHours { prompts += [.timeIs] + Prompt.spokenHours(hours, language) }
    prompts.append(.pressOneToConfirm)
    if mayKeyNumber(session) { prompts.append(.pressTwoForAnotherNumber) }
    if terms.offersSchedule { prompts.append(.pressThreeForATime) }
    return prompts + [.pressStarToWait]
  }

  private func mayKeyNumber(_ session: Session) -> Bool {
    guard let terms = session.callback, session.numbersKeyed < Limits.numbersKeyed else { return false }
    return terms.allowsOtherNumber || !terms.hasNumber
  }

  /// Asks for a number, unless enough have been keyed in.
  private mutating func beginNumber(after prompts: [Prompt] = [], on stream: StreamID) {
    guard let session = sessions[stream], mayKeyNumber(session) else {
      return wait(after: prompts + [.pleaseHold], on: stream)
    }
    begin(.number, after: prompts, on: stream)
  }

  /// The question has been put: the time for the answer runs.
  mutating func asked(_ question: Session.Question, on stream: StreamID, at now: Instant) {
    switch question {
    case .pending, .confirm, .hours: deadlines.set(stream, to: now + Limits.answerTime)
    case .number: deadlines.set(stream, to: now + Limits.keyTime)
    case .name:
      guard let slot = names.slot(for: Limits.nameTimeAtMost, at: now) else { return promise(on: stream) }
      outputs.append(
        .media(.record(stream, slot, milliseconds: UInt16(clamping: Limits.nameTime.milliseconds))))
      deadlines.set(stream, to: now + Limits.nameTimeAtMost)
    }
  }

  /// A number that was keyed in without its end is read back as it is; a name that was not heard is left out.
  mutating func unanswered(_ question: Session.Question, on stream: StreamID) {
    guard let session = sessions[stream] else { return }
    switch question {
    case .number where !session.keyed.isEmpty: return numberKeyed(on: stream)
    case .hours where session.wish.inHours != nil: return begin(.confirm, on: stream)
    case .name: return promise(on: stream)
    default: break
    }
    if session.askings < Limits.askings { ask(question, on: stream) } else { wait(after: [], on: stream) }
  }

  // MARK: Keys

  mutating func answer(_ question: Session.Question, _ key: UInt8, on stream: StreamID, at now: Instant) {
    if key == UInt8(ascii: "*"), question != .pending { return wait(after: [], on: stream) }
    switch question {
    case .pending: answerPending(key, on: stream)
    case .confirm: answerConfirmation(key, on: stream)
    case .number: keyNumber(key, on: stream, at: now)
    case .hours: keyHours(key, on: stream, at: now)
    case .name: if key == UInt8(ascii: "#") { outputs.append(.media(.stopRecording(stream))) }
    }
  }

  private mutating func answerPending(_ key: UInt8, on stream: StreamID) {
    switch key {
    case UInt8(ascii: "1"):
      outputs.append(.result(stream, .pending(.resume)))
      wait(after: [.pleaseHold], on: stream)
    case UInt8(ascii: "2"):
      outputs.append(.result(stream, .pending(.keep)))
      sayGoodbye(.callbackKept, on: stream)
    case UInt8(ascii: "3"):
      outputs.append(.result(stream, .pending(.cancel)))
      wait(after: [.callbackCancelled], on: stream)
    default: break
    }
  }

  private mutating func answerConfirmation(_ key: UInt8, on stream: StreamID) {
    guard let session = sessions[stream], let terms = session.callback else { return }
    switch key {
    case UInt8(ascii: "1") where !terms.nameFile.isEmpty && session.wish.nameFile.isEmpty: begin(.name, on: stream)
    case UInt8(ascii: "1"): promise(on: stream)
    case UInt8(ascii: "2") where mayKeyNumber(session): beginNumber(on: stream)
    case UInt8(ascii: "3") where terms.offersSchedule: begin(.hours, on: stream)
    default: break
    }
  }

  /// The first key silences the question.
  private mutating func keyNumber(_ key: UInt8, on stream: StreamID, at now: Instant) {
    guard let session = sessions[stream] else { return }
    if key == UInt8(ascii: "#") { return numberKeyed(on: stream) }
    guard key.isASCIIDigit else { return }
    if session.keyed.isEmpty { play([.silence], repeats: true, on: stream) }
    if session.keyed.count <= Limits.digits.upperBound { sessions[stream]?.keyed.append(key) }
    deadlines.set(stream, to: now + Limits.keyTime)
  }

  private mutating func numberKeyed(on stream: StreamID) {
    guard let keyed = sessions[stream]?.keyed else { return }
    sessions[stream]?.numbersKeyed += 1
    guard Limits.digits.contains(keyed.count) else { return beginNumber(after: [.callbackRefused], on: stream) }
    sessions[stream]?.wish.number = ByteString(keyed)
    begin(.confirm, on: stream)
  }

  private mutating func keyHours(_ key: UInt8, on stream: StreamID, at now: Instant) {
    switch key {
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      if sessions[stream]?.wish.inHours == nil { play([.silence], repeats: true, on: stream) }
      sessions[stream]?.wish.inHours = Int(key - UInt8(ascii: "0"))
      deadlines.set(stream, to: now + Limits.answerTime)
    case UInt8(ascii: "#"): if sessions[stream]?.wish.inHours != nil { begin(.confirm, on: stream) }
    default: break
    }
  }

  // MARK: The promise

  mutating func recorded(_ slot: RecordingSlot, samples: Int, on stream: StreamID) {
    guard let session = sessions[stream], session.state == .asking(.name), let terms = session.callback else { return }
    if samples >= Limits.nameSamplesLeast {
      sessions[stream]?.wish.nameFile = terms.nameFile
      outputs.append(.name(.write(terms.nameFile, from: slot, samples: samples)))
      if let oldest = names.noteFile(terms.nameFile) { outputs.append(.name(.remove(oldest))) }
    }
    promise(on: stream)
  }

  private mutating func promise(on stream: StreamID) {
    guard let wish = sessions[stream]?.wish else { return }
    deadlines.cancel(stream)
    sessions[stream]?.state = .promising
    play([.silence], repeats: true, on: stream)
    outputs.append(.result(stream, .callbackRequested(wish)))
  }

  mutating func accepted(on stream: StreamID) {
    guard sessions[stream]?.state == .promising else { return }
    sayGoodbye(.callbackAccepted, on: stream)
  }

  /// Another number or another time is asked for, where that may help.
  mutating func refused(_ obstacle: CallbackObstacle, on stream: StreamID) {
    guard let session = sessions[stream], session.state == .promising else { return }
    switch obstacle {
    case .number: beginNumber(after: [obstacle.prompt], on: stream)
    case .time where session.callback?.offersSchedule == true:
      let nearest = session.nearestHours.flatMap { Prompt.spokenHours($0, language).isEmpty ? nil : $0 }
      sessions[stream]?.wish.inHours = nearest
      sessions[stream]?.nearestHours = nil
      // Read back with the number, and confirmed or changed as any other.
      begin(nearest == nil ? .hours : .confirm, after: [obstacle.prompt], on: stream)
    case .time, .closing, .notNow, .storage: wait(after: [obstacle.prompt, .pleaseHold], on: stream)
    }
  }
}
