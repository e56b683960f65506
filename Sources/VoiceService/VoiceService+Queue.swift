// What somebody hears who waits in a queue: the place, the band of the wait, that a callback can be had, music. Keys
// work during all of it. A question is never interrupted by news.

import Basics
import MediaEngine

extension VoiceService {
  mutating func tell(_ place: Place, on stream: StreamID) {
    guard let session = sessions[stream] else { return }
    sessions[stream]?.place = place
    guard session.state == .waiting else { return }
    var prompts: [Prompt] = session.isTellingMove ? [.movedToAnotherQueue] : []
    let position = Prompt.spokenPosition(place.position, language)
    prompts += position.isEmpty ? [.allBusy] : [.youAreNumber] + position + [.inTheQueue]
    if let minutes = place.waitMinutes {
      let spoken = Prompt.spokenMinutes(minutes, language)
      if !spoken.isEmpty { prompts += [.waitAbout] + spoken }
    }
    // Whoever knows of a short wait is not told to leave; of whom nothing is known, it is said.
    if session.callback != nil, session.isOffered || place.waitMinutes == nil {
      prompts.append(.pressOneToBeCalledBack)
    }
    play(prompts, on: stream)
  }

  /// A question that was being put is dropped: it was the old queue's.
  mutating func tellMove(_ callback: CallbackTerms?, on stream: StreamID) {
    guard let session = sessions[stream] else { return }
    sessions[stream]?.callback = callback
    switch session.state {
    case .waiting, .asking: break
    default: return
    }
    wait(after: [.movedToAnotherQueue], on: stream)
    sessions[stream]?.isTellingMove = true
  }

  mutating func offerCallback(on stream: StreamID, isUrgent: Bool) {
    guard let session = sessions[stream], session.callback != nil else { return }
    sessions[stream]?.isOffered = true
    guard session.state == .waiting else { return }
    play((isUrgent ? [.powerIsFailing] : []) + [.pressOneToBeCalledBack], on: stream)
  }

  mutating func askPending(on stream: StreamID) {
    guard sessions[stream]?.state == .waiting else { return }
    sessions[stream]?.askings = 0
    ask(.pending, on: stream)
  }

  /// Back to the music, after what is to be said.
  mutating func wait(after prompts: [Prompt], on stream: StreamID) {
    deadlines.cancel(stream)
    if sessions[stream]?.state == .asking(.name) { outputs.append(.media(.stopRecording(stream))) }
    sessions[stream]?.state = .waiting
    sessions[stream]?.wish = CallbackWish()
    if prompts.isEmpty { playMusic(on: stream) } else { play(prompts, on: stream) }
  }
}
