// A prompt table of tones whose frequency tells which prompt plays.

import Basics
import MediaEngine

enum PromptFixture {
  static let silence = PromptID(index: 3)
  /// Prompts 0, 1, 2 are tones of one second at these frequencies, all with whole periods: they loop without a click.
  static let tones: [Double] = [400, 1_000, 2_000]

  static func tone(_ index: UInt16) -> PromptID { PromptID(index: index) }

  static var table: PromptTable {
    var table = PromptTable(count: 6)
    for (index, hertz) in tones.enumerated() {
      table.set(PromptID(index: UInt16(index)), copying: Signal.sine(hertz, milliseconds: 1_000))
    }
    table.set(silence, copying: Array(repeating: 0xFF, count: 800))
    // 4 is missing; 5 is an odd length, so that joints fall inside packets.
    table.set(PromptID(index: 5), copying: Signal.sine(1_000, milliseconds: 125))
    return table
  }

  static func list(_ indices: UInt16...) -> Playlist {
    var list = Playlist()
    for index in indices { list.append(PromptID(index: index)) }
    return list
  }
}
