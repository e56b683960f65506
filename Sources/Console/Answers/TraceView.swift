// What the daemon tells of the messages that somebody watches, as the lines of a ladder: for the console and for the
// command line.

import Basics
import Configuration
import SIPTrace

///     var view = TraceView("trace sip call 7", .english)
///     ask(view.question); for line in view.lines(of: answer) ?? [] { … }
public struct TraceView {
  /// Three have room from the beginning: a phone, the box, and another phone or the carrier.
  private static var columnsMin: Int { 3 }

  private let order: ByteString
  private let language: Language
  private var ladder: Ladder?
  private var next: Int?
  /// More waits: to be asked for at once.
  public private(set) var hasMore = false

  public init(_ order: ByteString, _ language: Language) {
    self.order = order
    self.language = language
  }

  public var question: ByteString { next.map { order + " since " + ByteString($0) } ?? order }

  /// The lines above the first message, and again when they have left the screen.
  public var heading: [ByteString] { ladder?.heading ?? [] }

  /// nil where the answer is no trace: a refusal.
  public mutating func lines(of value: JSONValue) -> [ByteString]? {
    guard let next = value.number("next"), case .array(let messages)? = value.member("messages") else { return nil }
    var ladder =
      ladder
      ?? Ladder(
        language: language, zone: Zone(minutes: value.number("zoneMinutes") ?? 0), columnsMin: Self.columnsMin)
    var lines: [ByteString] = []
    if let missed = value.number("missed"), missed > 0, self.next != nil {
      lines.append(
        (Phrase("-- no room: ", "-- 缓存不足，丢失 ") + ByteString(missed) + Phrase(" messages are missing", " 条消息")).text(
          language))
    }
    for message in messages {
      guard let entry = LadderEntry(message) else { continue }
      for (key, endpoint) in [("sourceName" as ByteString, entry.source), ("targetName", entry.destination)] {
        if let name = message.text(key) { ladder.name(endpoint, name) }
      }
      lines += ladder.add(entry)
    }
    hasMore = value.member("more") == .flag(true)
    self.next = next
    self.ladder = ladder
    return lines
  }
}

extension LadderEntry {
  /// nil where something is missing.
  init?(_ value: JSONValue) {
    guard let time = value.number("atMicroseconds"), let source = value.text("source").flatMap({ Endpoint($0) }),
      let target = value.text("target").flatMap({ Endpoint($0) }), case .array(let labels)? = value.member("labels")
    else { return nil }
    self.init(
      time: WallTime(microseconds: Int64(time)), source: source, destination: target, callID: value.text("callID"),
      from: value.text("from") ?? "", to: value.text("to") ?? "",
      fingerprint: value.text("fingerprint").map { Self.number(hex: $0) } ?? 0,
      labels: labels.compactMap { if case .text(let text) = $0 { text } else { nil } })
  }

  private static func number(hex: ByteString) -> UInt64 {
    hex.bytes.prefix(16).reduce(0) { $0 << 4 | UInt64($1.hexValue ?? 0) }
  }
}
