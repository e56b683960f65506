// What an operator may order of a running box, as one line of words: the same reader serves the command line, which
// complains early, and the daemon, which believes nobody.

import ACD
import Basics

public enum Order: Equatable, Sendable {
  case act(ACD.Act)
  /// So long from now.
  case reschedule(UInt64, after: Interval)
  /// A callback named by its own number; an agent or an item, whatever has the name.
  case why(ByteString)
  case test(TestOrder)
  case upkeep(Upkeep)
  case custody(CustodyOrder)

  public enum Fault: Error, Equatable {
    /// The first word begins no order.
    case unknown
    /// What may follow these words.
    case usage(ByteString)
  }

  public init(_ words: [ByteString]) throws(Fault) {
    switch words.first {
    case "agent": self = .act(try Self.agent(words))
    case "item": self = .act(try Self.item(words))
    case "callback": self = try Self.callback(words)
    case "brown-out":
      guard words.count == 2, words[1] == "on" || words[1] == "off" else { throw Self.usage("brown-out on|off") }
      self = .act(.brownOut(words[1] == "on"))
    case "why":
      guard words.count == 2 else { throw Self.usage("why ITEM|AGENT") }
      self = .why(words[1])
    case "test": self = .test(try TestOrder(words))
    case "request", "clear":
      guard let upkeep = Upkeep(words) else {
        throw Self.usage(words[0] == "clear" ? Upkeep.clearUsage : Upkeep.requestUsage)
      }
      self = .upkeep(upkeep)
    case "take-over", "hand-over", "copy-database":
      guard words.count == 1 else { throw Self.usage("take-over") }
      self = .custody(words[0] == "take-over" ? .takeOver : words[0] == "hand-over" ? .handOver : .copy)
    default: throw .unknown
    }
  }

  /// What only a program says, in the course of a backup.
  static var innerNames: [StaticString] { ["hand-over", "copy-database"] }
  /// Words that begin an order.
  public static var names: [StaticString] {
    ["agent", "item", "callback", "brown-out", "why", "test", "request", "clear", "take-over"]
  }

  private static func usage(_ text: StaticString) -> Fault { .usage(ByteString(text)) }

  private static func agent(_ words: [ByteString]) throws(Fault) -> ACD.Act {
    let fault = usage(
      "agent login|logout|pause|ready|end-wrap-up EXTENSION [REASON] | agent disposition EXTENSION CODE")
    guard words.count >= 3 else { throw fault }
    let number = words[2]
    switch (words[1], words.count) {
    case ("login", 3): return .login(extension: number)
    case ("logout", 3): return .logout(extension: number)
    case ("ready", 3): return .ready(extension: number)
    case ("end-wrap-up", 3): return .endWrapUp(extension: number)
    case ("pause", _): return .pause(extension: number, reason: joined(words.dropFirst(3)))
    case ("disposition", 4): return .disposition(extension: number, code: words[3])
    default: throw fault
    }
  }

  private static func item(_ words: [ByteString]) throws(Fault) -> ACD.Act {
    let fault = usage("item move ITEM QUEUE | item prioritise ITEM 0-255 | item take-out ITEM")
    guard words.count >= 3, let item = number(words[2]) else { throw fault }
    switch (words[1], words.count) {
    case ("move", 4): return .move(item: item, toQueue: words[3])
    case ("prioritise", 4):
      guard let priority = words[3].decimalValue.flatMap({ UInt8(exactly: $0) }) else { throw fault }
      return .prioritise(item: item, priority)
    case ("take-out", 3): return .takeOut(item: item)
    default: throw fault
    }
  }

  private static func callback(_ words: [ByteString]) throws(Fault) -> Order {
    let fault = usage(
      "callback cancel|dial-now ID | callback move ID QUEUE | callback reschedule ID 2026-03-01T10:05:00+08:00|+30min")
    guard words.count >= 3, let id = number(words[2]) else { throw fault }
    switch (words[1], words.count) {
    case ("cancel", 3): return .act(.cancelCallback(id))
    case ("dial-now", 3): return .act(.dialNow(id))
    case ("move", 4): return .act(.moveCallback(id, toQueue: words[3]))
    case ("reschedule", 4):
      if let interval = after(words[3]) { return .reschedule(id, after: interval) }
      guard let time = WallTime(rfc3339: words[3]), times.contains(time) else { throw fault }
      return .act(.reschedule(id, to: time))
    default: throw fault
    }
  }

  /// The years from 1970 to 2199: differences of them fit an `Interval`.
  private static var times: Range<WallTime> { WallTime(seconds: 0)..<WallTime(seconds: 7_258_118_400) }

  // MARK: Words

  private static func number(_ word: ByteString) -> UInt64? { word.decimalValue.map { UInt64($0) } }

  private static func joined(_ words: ArraySlice<ByteString>) -> ByteString {
    var text: ByteString = ""
    for word in words { text = text.isEmpty ? word : text + " " + word }
    return text
  }

  /// `+90s`, `+30min`, `+2h`, up to a month.
  private static func after(_ word: ByteString) -> Interval? {
    guard word.hasPrefix("+") else { return nil }
    let digits = word.bytes.dropFirst().prefix { $0.isASCIIDigit }
    guard let count = Int(decimalDigits: digits), count <= 2_678_400 else { return nil }
    let seconds: Int
    switch word.dropFirst(1 + digits.count) {
    case "s": seconds = count
    case "min": seconds = count * 60
    case "h": seconds = count * 3_600
    default: return nil
    }
    return seconds <= 2_678_400 ? .seconds(seconds) : nil
  }
}

extension Order {
  /// The words of a line, as they come over the control socket.
  public init(line: ByteString) throws(Fault) {
    try self.init(line.bytes.split(separator: UInt8(ascii: " ")).map { ByteString($0) })
  }
}
