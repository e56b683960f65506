import Codecs
import MediaEngine
import Testing

@Suite("The level of a sound")
struct SoundLevelTests {
  /// A square wave: its peak is its mean.
  private func square(_ amplitude: Int16) -> [UInt8] {
    (0..<800).map { G711.muLaw(linear: $0 / 4 % 2 == 0 ? amplitude : -amplitude) }
  }

  @Test("half the amplitude is six decibels less, a tenth twenty", arguments: [(16_384, -6), (3_277, -20), (328, -40)])
  func levels(_ amplitude: Int16, _ decibels: Int) {
    let level = SoundLevel(muLaw: square(amplitude))
    #expect(abs(level.peak - decibels) <= 1 && abs(level.mean - decibels) <= 1)
  }

  @Test("a sound for half of the time has three decibels less power, and the same peak")
  func pauses() {
    let whole = SoundLevel(muLaw: square(8_192))
    let half = SoundLevel(muLaw: square(8_192) + [UInt8](repeating: G711.muLawSilence, count: 800))
    #expect(half.peak == whole.peak && half.mean == whole.mean - 3)
  }

  @Test("silence and nothing are at the floor")
  func silence() {
    for samples in [[], [UInt8](repeating: G711.muLawSilence, count: 8_000)] {
      let level = SoundLevel(muLaw: samples)
      #expect(level.peak == SoundLevel.floor && level.mean == SoundLevel.floor)
    }
  }
}
