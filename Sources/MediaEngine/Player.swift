// One stream's playlist and the place in it. Copies samples out of the prompt table across the joints between prompts,
// so that a list sounds like one recording; makes no packets.

import Basics

struct Player: BitwiseCopyable {
  private(set) var isPlaying = false
  private(set) var token: UInt32 = 0
  private var list = Playlist()
  private var repeats = false
  private var entry = 0
  private var offset = 0
  /// Samples of time that have passed and were not yet sent: carries what is left between packets of, say, 30 ms.
  var owed = 0

  init() {}

  /// False where the list has no sound at all, so that there is nothing to play and nothing to repeat.
  mutating func start(_ list: Playlist, repeats: Bool, token: UInt32, from table: PromptTable) -> Bool {
    self = Player()
    self.list = list
    self.repeats = repeats
    self.token = token
    for index in 0..<list.count where table.sampleCount(list[index]) > 0 { isPlaying = true }
    return isPlaying
  }

  mutating func stop() { isPlaying = false }

  /// Fills `buffer` with the next samples in µ-law. Returns how many there were: fewer than asked only at the end of a
  /// list that does not repeat, and then it no longer plays.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer, from table: PromptTable) -> Int {
    var filled = 0
    while isPlaying {
      guard entry < list.count else {
        entry = 0
        isPlaying = repeats
        continue
      }
      let samples = table.samples(list[entry])
      let count = min(samples.count - offset, buffer.count - filled)
      if count > 0 {
        let part = UnsafeRawBufferPointer(rebasing: samples[offset..<(offset + count)])
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + count)]).copyMemory(from: part)
        filled += count
        offset += count
      }
      if offset >= samples.count {
        entry += 1
        offset = 0
      }
      // The end is noticed with the last sample, not a packet later.
      if filled == buffer.count {
        if entry == list.count, !repeats { isPlaying = false }
        break
      }
    }
    return filled
  }
}
