import Basics
import MediaEngine
import Testing

@Suite("Prompts and spoken numbers") struct PromptTests {
  func say(_ prompts: [Prompt]) -> String { prompts.map { "\($0.name)" }.joined(separator: " ") }

  @Test("every prompt of every language has a number of its own inside the table")
  func numbers() {
    let ids = PromptLanguage.allCases.flatMap { language in Prompt.allCases.map { PromptID($0, language) } }
    #expect(Set(ids).count == PromptID.count)
    #expect(ids.allSatisfy { Int($0.index) < PromptID.count })
    #expect(Set(Prompt.allCases.map(\.fileName)).count == Prompt.allCases.count)
    #expect(Prompt.youAreNumber.filePath(.zh) == "zh/you-are-number.wav")
  }

  @Test(
    "positions in Chinese",
    arguments: [
      (1, "one"), (9, "nine"), (10, "ten"), (11, "eleven"), (19, "nineteen"), (20, "twenty"), (23, "twenty three"),
      (99, "ninety nine"), (100, "one hundred"), (105, "one hundred zero five"), (110, "one hundred one ten"),
      (115, "one hundred one ten five"), (120, "one hundred twenty"), (999, "nine hundred ninety nine"),
    ])
  func chinese(position: Int, words: String) {
    #expect(say(Prompt.spokenPosition(position, .zh)) == "di \(words) wei")
  }

  @Test(
    "positions in English",
    arguments: [
      (1, "one"), (12, "twelve"), (20, "twenty"), (47, "forty seven"), (100, "one hundred"),
      (115, "one hundred fifteen"),
      (230, "two hundred thirty"),
    ])
  func english(position: Int, words: String) {
    #expect(say(Prompt.spokenPosition(position, .en)) == words)
  }

  @Test("no position below 1 or above 999 is said")
  func outOfRange() {
    for position in [Int.min, -1, 0, 1_000, Int.max] { #expect(Prompt.spokenPosition(position, .zh).isEmpty) }
  }

  @Test("a telephone number is read digit by digit, 1 as yāo in Chinese")
  func telephoneNumbers() {
    #expect(say(Prompt.spokenDigits("+86 10-5123", .zh)) == "eight six yao zero five yao two three")
    #expect(say(Prompt.spokenDigits("1023", .en)) == "one zero two three")
    #expect(Prompt.spokenDigits("", .en).isEmpty)
    #expect(Prompt.spokenDigits(ByteString([UInt8](repeating: 0x39, count: 99)), .en).count == Playlist.limit)
  }

  @Test("minutes and hours: one and more of them, 两 in Chinese, nothing where no number can be spoken")
  func counted() {
    #expect(say(Prompt.spokenMinutes(1, .en)) == "one minute")
    #expect(say(Prompt.spokenMinutes(25, .en)) == "twenty five minutes")
    #expect(say(Prompt.spokenHours(2, .zh)) == "liang hours")
    #expect(say(Prompt.spokenMinutes(20, .zh)) == "twenty minutes")
    for count in [-1, 0, 1_000, Int.max] { #expect(Prompt.spokenHours(count, .en).isEmpty) }
  }

  @Test("a playlist takes 32 prompts and leaves out the rest")
  func playlists() {
    let list = Playlist(Array(repeating: .one, count: 40), .en)
    #expect(list.count == 32)
    #expect(list[31] == PromptID(.one, .en))
  }
}
