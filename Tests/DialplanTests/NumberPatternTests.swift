import Basics
import Testing

@Suite("Number patterns")
struct NumberPatternTests {
  static let cases: [(String, yes: [String], no: [String])] = [
    ("101", ["101"], ["10", "1010", "102", ""]),
    ("1XX", ["100", "199"], ["200", "10", "1000", "1*0"]),
    ("ZX", ["10", "99"], ["01"]),
    ("N!", ["2", "29", "2*#"], ["1", "0", ""]),
    ("0X.", ["012", "0123456789"], ["0", "01", "12"]),
    ("1[3-9]X", ["130", "199"], ["129", "1*0"]),
    ("[13*#]", ["1", "3", "*", "#"], ["2", "13"]),
    ("+86.", ["+8621"], ["8621", "+86", "+85"]),
    ("!", ["", "1", "*#+1"], ["a", "1 2"]),
    (".", ["1", "12"], ["", "x"]),
    ("x", ["5"], ["x"]),
  ]

  @Test("A pattern matches whole numbers of its form", arguments: cases.indices)
  func matching(index: Int) throws {
    let (text, yes, no) = Self.cases[index]
    let pattern = try #require(NumberPattern(ByteString(text)))
    for number in yes { #expect(pattern.matches(ByteString(number)), "\(text) \(number)") }
    for number in no { #expect(!pattern.matches(ByteString(number)), "\(text) \(number)") }
    #expect(pattern.text == ByteString(text))
  }

  @Test(
    "What is no pattern is refused",
    arguments: ["", "a", "1.2", "!1", "[", "[]", "[9-1]", "[1-]", "[a]", "1-2", "[*-#]", "[+]"])
  func malformed(text: String) { #expect(NumberPattern(ByteString(text)) == nil) }

  @Test("Patterns and numbers are bounded")
  func bounds() {
    #expect(NumberPattern(ByteString(String(repeating: "X", count: 40))) != nil)
    #expect(NumberPattern(ByteString(String(repeating: "X", count: 41))) == nil)
    #expect(NumberPattern("!")?.matches(ByteString(String(repeating: "1", count: 41))) == false)
    #expect(NumberPattern("0X.")?.minimumCount == 3)
    #expect(NumberPattern("0X!")?.minimumCount == 2)
  }

  @Test("Numbers that can be dialled")
  func numbers() {
    for good in ["1", "*45", "#", "+86"] as [ByteString] { #expect(NumberPattern.isNumber(good)) }
    for bad in ["", "+", "8+6", "a", "1 2"] as [ByteString] { #expect(!NumberPattern.isNumber(bad)) }
  }
}
