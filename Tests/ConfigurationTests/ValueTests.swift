import Basics
import Testing

@testable import Configuration

@Suite("Values")
struct ValueTests {
  @Test(
    "Durations are sums of units, the longer first",
    arguments: [
      ("500ms", 500), ("30s", 30_000), ("5min", 300_000), ("4h", 14_400_000), ("1d", 86_400_000),
      ("1h30min", 5_400_000),
      ("0s", 0), ("2min5s1ms", 125_001),
    ])
  func durations(text: String, milliseconds: Int) {
    let type = ValueType.duration(0...100_000_000)
    let value = Value(ByteString(text), as: type)
    #expect(value == .milliseconds(milliseconds))
    #expect(value?.text(as: type) == ByteString(text))
  }

  @Test(
    "What is no duration is refused",
    arguments: ["", "5", "s", "-1s", "1.5s", "1s1h", "1s1s", "30 s", "99999999999999999999s", "1S", "1mins"])
  func badDurations(text: String) {
    #expect(Value(ByteString(text), as: .duration(0...Int.max)) == nil)
  }

  static let samples: [(ValueType, good: [String], bad: [String])] = [
    (.word(maximum: 8), ["a", "A-b_9.x"], ["", "a b", "123456789", "ü"]),
    (.text(2...4), ["ab", "中"], ["a", "abcde", "a\nb"]),
    (.integer(1...10, unit: "s"), ["1", "10"], ["0", "11", "-1", "x", "", "1e1", "99999999999999999999999"]),
    (
      .size(1 << 20...1 << 30), ["1MiB", "32MiB", "1GiB"],
      ["32", "0MiB", "2GiB", "1KiB", "MiB", "1.5GiB", "9999999999MiB"]
    ),
    (.address, ["192.0.2.1", "2001:db8::1"], ["192.0.2", "300.1.1.1", "host"]),
    (
      .endpoint(defaultPort: nil), ["192.0.2.1:5060", "[2001:db8::1]:5060"],
      ["192.0.2.1", "192.0.2.1:0", "192.0.2.1:65536"]
    ),
    (.subnet, ["192.168.0.0/16"], ["192.168.0.0/33", "x/8"]),
    (.portRange, ["10000-10999", "5-5"], ["5", "9-5", "0-5", "1-65536", "1-2-3"]),
    (.boolean, ["yes", "no"], ["maybe", "1"]),
    (.choice([Choice("a", help: Help("", "")), Choice("b", help: Help("", ""))]), ["a", "b"], ["c", ""]),
    (.number, ["101", "*45", "#9", "+862161234567"], ["", "+", "1+2", "abc", "1 2"]),
    (.digits(2...4), ["12", "1234"], ["1", "12345", "1a", "*1"]),
    (.numberPattern, ["0X.", "1[3-9]XXXXXXXXX", "!"], ["", "1.2", "[9-1]", "[", "Q"]),
    (
      .timeSpan, ["09:00-12:00", "22:00-02:00", "00:00-24:00", "13:00-13:00", "closed"],
      [
        "", "012:3-13:00", "9:00-12:00", "09:00", "09:00-12:60", "24:00-02:00", "09:00-24:01", "09:00-12:00-13:00",
        "Closed",
        "09:00–12:00",
      ]
    ),
    (
      .dates, ["2026-10-01", "2026-10-01..2026-10-07", "2028-02-29", "2199-12-31"],
      [
        "", "2026-02-29", "2026-10-1", "26-10-01", "2026-10-07..2026-10-01", "2026-10-01-2026-10-07", "2200-01-01",
        "1969-12-31", "2026-10-01..", "2026-1-001", "-026-10-01", "2026/10/01", "2026-10-01..2026-10-02..2026-10-03",
      ]
    ),
    (.utcOffset, ["+08:00", "-03:30", "+00:00", "+14:00"], ["08:00", "+8", "+08:60", "+14:01", "", "+", "+08:00:00"]),
    (
      .level(maximum: 6, 1...10), ["french:3", "a:10"],
      ["", ":3", "french:", "french:0", "french:11", "francais:1", "a:1:2", "a:x"]
    ),
    (.path, ["/var/x"], ["var/x", ""]),
    (.reference(to: "x"), ["anything"], [""]),
  ]

  @Test("Each type takes what it is for, writes it back, and refuses the rest", arguments: samples.indices)
  func types(index: Int) {
    let (type, good, bad) = Self.samples[index]
    for text in good {
      #expect(Value(ByteString(text), as: type)?.text(as: type) == ByteString(text), "\(text)")
    }
    for text in bad { #expect(Value(ByteString(text), as: type) == nil, "\(text)") }
    #expect(!type.expectation.english.isEmpty)
    #expect(!type.expectation.chinese.isEmpty)
  }

  @Test("A level is the lowest where none is written; a span to its own start lasts a day, and dates in order are days")
  func meanings() {
    #expect(Value("french", as: .level(maximum: 9, 2...5)) == .level("french", 2))
    #expect(Value("22:00-02:30", as: .timeSpan) == .timeSpan(1_320..<1_590))
    #expect(Value("closed", as: .timeSpan) == .timeSpan(0..<0))
    #expect(Value("-03:30", as: .utcOffset) == .minutes(-210))
    #expect(Value("1970-01-31..1970-02-01", as: .dates) == .dates(30...31))
  }

  @Test("The nearest name is the one meant, or none")
  func nearest() {
    let names: [ByteString] = ["ring", "wrap-up", "announce", "agents", "number"]
    #expect(NearestName.of("rign", among: names) == "ring")
    #expect(NearestName.of("wrapup", among: names) == "wrap-up")
    #expect(NearestName.of("Agent", among: names) == "agents")
    #expect(NearestName.of("elephant", among: names) == nil)
    #expect(NearestName.of("x", among: names) == nil)
    #expect(NearestName.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    #expect(NearestName.distance([], [1, 2]) == 2)
  }
}
