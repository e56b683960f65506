// A ladder diagram of SIP messages for a terminal of 80 columns: time in front, a column for each participant, an arrow
// with the method or the status. Line by line as messages come (live), or of a whole call. Customers' numbers are
// masked; of header values nothing is shown but CSeq, so no credentials are.

import Basics
import Configuration
import SIPMessage

///     var ladder = Ladder(language: .english, filter: .phone("101"))
///     for line in ladder.add(message) { … }
public struct Ladder {
  public enum Filter: Hashable, Sendable {
    case all
    /// By Call-ID.
    case call(ByteString)
    /// By extension: what it sends and gets, and calls from and to it.
    case phone(ByteString)
    /// By the name that was given to its endpoints.
    case trunk(ByteString)
  }

  private struct Call {
    var id: ByteString
    var tag: UInt8
    var lastUse = 0
    /// Of messages that were seen: a hash of all of it, and how often.
    var seen: [(fingerprint: UInt64, times: Int)] = []
  }

  private let language: Language
  private let zone: Zone
  private let filter: Filter
  private var columns: LadderColumns
  private var calls: [Call] = []
  private var use = 0
  private var nextTag = 0

  /// - Parameter columnsMin: room that is there from the beginning: who appears later moves nobody.
  public init(language: Language, zone: Zone = .utc, filter: Filter = .all, columnsMin: Int = 2) {
    self.language = language
    self.zone = zone
    self.filter = filter
    columns = LadderColumns(atLeast: columnsMin)
  }

  /// Who an endpoint is: an extension, a trunk, the box. With the port 0 the name is that of the whole address. The same
  /// name for several endpoints is one column.
  public mutating func name(_ endpoint: Endpoint, _ name: ByteString) { columns.name(endpoint, name) }

  /// The lines of a whole call or of several: who takes part is known before the first line.
  public mutating func lines(of messages: [TracedMessage]) -> [ByteString] {
    for traced in messages where isWanted(traced) { _ = columns.places(traced.source, traced.destination) }
    var lines: [ByteString] = []
    for traced in messages {
      let new = add(traced)
      if lines.isEmpty, let first = new.first, first.bytes != heading[0].bytes { lines += heading }
      lines += new
    }
    return lines
  }

  /// The lines that a message adds: headings where somebody new takes part, a line about a call that was not seen
  /// before, the arrow. None where the filter does not want it.
  public mutating func add(_ traced: TracedMessage) -> [ByteString] {
    isWanted(traced) ? add(LadderEntry(traced)) : []
  }

  /// The same for what somebody else has filtered.
  public mutating func add(_ entry: LadderEntry) -> [ByteString] {
    use += 1
    var lines: [ByteString] = []
    let (from, to, isUnchanged) = columns.places(entry.source, entry.destination)
    if !isUnchanged { lines += heading }
    var tag = UInt8(ascii: "?")
    var times = 1
    if let id = entry.callID {
      let index = call(id, of: entry, &lines)
      tag = calls[index].tag
      times = Self.note(entry.fingerprint, &calls[index].seen)
    }
    lines.append(arrow(entry, from, to, tag, times))
    return lines
  }

  /// Who stands where, for a reader who no longer sees the first lines.
  public var heading: [ByteString] { columns.headings(time: Phrase("Time", "时间").text(language)) }

  // MARK: Filter

  private func isWanted(_ traced: TracedMessage) -> Bool {
    switch filter {
    case .all: return true
    case .call(let id): return traced.callID == id
    case .trunk(let name): return isNamed(traced, name)
    case .phone(let number):
      if isNamed(traced, number) { return true }
      guard let message = traced.message else { return false }
      return message.fromUser == number || message.toUser == number
    }
  }

  private func isNamed(_ traced: TracedMessage, _ name: ByteString) -> Bool {
    columns.name(of: traced.source) == name || columns.name(of: traced.destination) == name
  }

  // MARK: Calls

  private mutating func call(_ id: ByteString, of entry: LadderEntry, _ lines: inout [ByteString]) -> Int {
    if let index = calls.firstIndex(where: { $0.id == id }) {
      calls[index].lastUse = use
      return index
    }
    var call = Call(id: id, tag: UInt8(ascii: "a") + UInt8(truncatingIfNeeded: nextTag % 26), lastUse: use)
    nextTag += 1
    lines.append(introduction(call, entry))
    guard calls.count >= TraceLimits.maxTaggedCalls else {
      calls.append(call)
      return calls.count - 1
    }
    var oldest = 0
    for index in calls.indices where calls[index].lastUse < calls[oldest].lastUse { oldest = index }
    // Its letter is free now.
    call.tag = calls[oldest].tag
    lines[lines.count - 1] = introduction(call, entry)
    calls[oldest] = call
    return oldest
  }

  /// `-- a: 138****5678 > 600, Call-ID 3c26…`
  private func introduction(_ call: Call, _ entry: LadderEntry) -> ByteString {
    func shown(_ user: ByteString) -> ByteString { user.isEmpty ? "-" : user }
    let parties = shown(entry.from) + " > " + shown(entry.to)
    var canvas = Canvas()
    let tag = isOneCall ? ByteString() : ByteString([call.tag]) + ": "
    canvas.put("-- " + tag + parties + ", Call-ID " + call.id, at: 0)
    return canvas.line
  }

  private var isOneCall: Bool { if case .call = filter { true } else { false } }

  /// The same bytes between the same two: sent again. Counts it, and tells how often it was seen.
  private static func note(_ fingerprint: UInt64, _ seen: inout [(fingerprint: UInt64, times: Int)]) -> Int {
    if let index = seen.firstIndex(where: { $0.fingerprint == fingerprint }) {
      seen[index].times += 1
      return seen[index].times
    }
    if seen.count >= TraceLimits.maxFingerprints { seen.removeFirst() }
    seen.append((fingerprint, 1))
    return 1
  }

  // MARK: Drawing

  private func arrow(_ entry: LadderEntry, _ from: Int, _ to: Int, _ tag: UInt8, _ times: Int) -> ByteString {
    var canvas = Canvas()
    canvas.put(clock(entry.time), at: 0)
    if !isOneCall { canvas.put(tag, at: 13) }
    for line in columns.lines { canvas.put(UInt8(ascii: "|"), at: line) }
    let label = LadderLabel(entry.labels, times: times)
    let (a, b) = (columns.line(from), columns.line(to))
    guard a != b else {
      // To itself: there is no room for an arrow, so it stands beside the line.
      let room = TraceLimits.width - a - 5
      canvas.put(" <> " + label.text(fitting: room), at: a + 1)
      return canvas.line
    }
    let (left, right) = (min(a, b), max(a, b))
    canvas.fill(UInt8(ascii: "-"), left + 1..<right)
    canvas.put(a < b ? UInt8(ascii: ">") : UInt8(ascii: "<"), at: a < b ? right - 1 : left + 1)
    let inside = right - left - 1
    var text = label.text(fitting: inside - 3)
    if Canvas.width(text) <= inside - 5 { text = " " + text + " " }
    let width = Canvas.width(text)
    let start = left + 1 + (inside - width) / 2
    canvas.put(text, at: start, end: right - (a < b ? 2 : 1))
    return canvas.line
  }

  /// `08:15:00.123`
  private func clock(_ time: WallTime) -> ByteString {
    let milliseconds = Int(time.microseconds / 1_000 % 1_000)
    let digits = ByteString(milliseconds < 0 ? 0 : milliseconds)
    return zone.clock(time, asOf: time) + "." + (digits.count == 1 ? "00" : digits.count == 2 ? "0" : "") + digits
  }
}
