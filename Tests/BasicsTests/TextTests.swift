import Basics
import Testing

@Suite struct TextTests {
  @Test("a wall time is written as RFC 3339 has it, leap days and times before 1970 included")
  func wallTime() {
    #expect(WallTime(seconds: 0).rfc3339 == "1970-01-01T00:00:00Z")
    #expect(WallTime(seconds: 951_782_399).rfc3339 == "2000-02-28T23:59:59Z")
    #expect(WallTime(seconds: 951_782_400).rfc3339 == "2000-02-29T00:00:00Z")
    #expect(WallTime(seconds: 4_107_542_399).rfc3339 == "2100-02-28T23:59:59Z")
    #expect(WallTime(seconds: 4_107_542_400).rfc3339 == "2100-03-01T00:00:00Z")
    #expect(WallTime(seconds: -1).rfc3339 == "1969-12-31T23:59:59Z")
  }

  @Test("a wall time is read as RFC 3339 has it, with its offset, and nothing else is")
  func readingWallTime() {
    for seconds in [0, 951_782_400, 4_107_542_399, 1_772_352_900] as [Int64] {
      let time = WallTime(seconds: seconds)
      #expect(WallTime(rfc3339: ByteString(time.rfc3339)) == time)
    }
    #expect(WallTime(rfc3339: "2026-03-01T16:15:00+08:00") == WallTime(rfc3339: "2026-03-01T08:15:00Z"))
    #expect(WallTime(rfc3339: "2026-02-28T23:15:00-01:30") == WallTime(rfc3339: "2026-03-01T00:45:00Z"))
    for bad in [
      "", "2026-03-01", "2026-03-01T08:15:00", "2026-02-29T08:15:00Z", "2026-13-01T08:15:00Z", "2026-03-01T24:00:00Z",
      "2026-03-01 08:15:00Z", "2026-03-01T08:15:00+8:00", "2026-03-01T08:15:00x08:00", "+026-03-01T08:15:00Z",
    ] as [ByteString] { #expect(WallTime(rfc3339: bad) == nil, "\(bad)") }
  }

  @Test(
    "a masked number is recognisable and cannot be called",
    arguments: [
      ("13812345678", "138****5678"), ("101", "101"), ("123456", "123456"), ("1234567", "123**67"),
      ("+8613812345678", "+86*******5678"),
    ])
  func masked(number: String, shown: String) { #expect(ByteString(number).masked.description == shown) }

  @Test("decimal numbers are read whole or not at all")
  func decimals() {
    #expect(ByteString("0").decimalValue == 0 && ByteString("9223372036854775807").decimalValue == Int.max)
    for bad in ["", "-1", "+1", "1 ", "9223372036854775808", "1a"] { #expect(ByteString(bad).decimalValue == nil) }
    #expect(ByteString(Int.min).description == "\(Int.min)")
  }

  @Test("JSON has its commas and escapes where RFC 8259 wants them")
  func json() {
    var json = JSONWriter()
    json.object { json in
      json.field("a", 1)
      json.array("b") { json in
        json.value("x\"\\\n\u{1}")
        json.object { _ in }
        json.value(true)
      }
      json.field("c", ByteString?.none)
    }
    #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":1,"b":["x\"\\\n\u0001",{},true],"c":null}"#)
  }

  @Test("the same seed gives the same numbers, another one others")
  func random() {
    func draw(_ seed: UInt64) -> [UInt64] {
      var random = SeededRandom(seed: seed)
      return (0..<4).map { _ in random.next() }
    }
    #expect(draw(1) == draw(1) && draw(1) != draw(2))
  }
}
