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
