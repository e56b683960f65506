// Shows lines a page at a time and waits for a key in between. Made for one output; a terminal without a size, or a dumb
// one, gets everything at once. Lines are made visible here: they hold names that come from phones.

import Basics

/// Space and Page Down show a page, Enter and Down a line, `G` all the rest; `q` and Ctrl-C end. After each `handle` drain
/// `pollOutput`; `.finished` is the last output.
///
///     var pager = Pager(more: "--More--", columns: 80, rows: 24, isDumb: false)
///     pager.handle(.lines(some))
///     pager.handle(.endOfLines)
public struct Pager: Sendable {
  public enum Input: Hashable, Sendable {
    case lines([ByteString])
    /// No more lines come.
    case endOfLines
    case bytes([UInt8])
    case size(columns: Int, rows: Int)
    /// BREAK ends, as Ctrl-C does.
    case lineBreak
  }

  public enum Output: Hashable, Sendable {
    case write([UInt8])
    /// Everything was shown, or the person has seen enough. `unused` are bytes for the line editor.
    case finished(isQuit: Bool, unused: [UInt8])
  }

  private let more: ByteString
  private let isDumb: Bool
  private var columns: Int
  private var rows: Int
  /// False after `G`.
  private var isPaging = true
  private var lines = Fifo<ByteString>()
  private var hasAllLines = false
  /// Rows that may still be filled before a key is needed.
  private var room: Int
  private var showsMore = false
  /// Nothing was shown since the latest key, or at all.
  private var isAfterKey = true
  private var isFinished = false
  private var wasQuit = false
  private var decoder: KeyDecoder
  /// What was typed while nothing waited for a key.
  private var typed: [UInt8] = []
  private var writer = ByteWriter()
  private var outputs = Fifo<Output>()
  /// Lines that came while too many waited.
  public private(set) var droppedLines = 0

  /// `isAfterReturn` as the line editor says, so that the second half of a CR LF is not taken for a key.
  public init(more: ByteString, columns: Int, rows: Int, isDumb: Bool, isAfterReturn: Bool = false) {
    self.more = more
    self.isDumb = isDumb
    self.columns = columns
    self.rows = rows
    decoder = KeyDecoder(isAfterReturn: isAfterReturn)
    room = 0
    room = pageRows
  }

  /// A page is full and waits for a key: who makes the lines may pause.
  public var isWaiting: Bool { showsMore }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ input: Input) {
    guard !isFinished else { return }
    switch input {
    case .lines(let new): add(new)
    case .endOfLines: hasAllLines = true
    case .bytes(let bytes): take(bytes)
    case .size(let columns, let rows): resize(columns, rows)
    case .lineBreak:
      typed = []
      finish(isQuit: true)
    }
    step()
    if !writer.bytes.isEmpty {
      outputs.append(.write(writer.bytes))
      writer = ByteWriter()
    }
    if isFinished { outputs.append(.finished(isQuit: wasQuit, unused: typed)) }
  }

  private var pages: Bool { isPaging && !isDumb && rows > 0 && columns > 0 }
  private var pageRows: Int {
    let limits = ConsoleLimits.rows
    return min(max(rows, limits.lowerBound), limits.upperBound) - 1
  }
  private var screenColumns: Int {
    min(max(columns, ConsoleLimits.columns.lowerBound), ConsoleLimits.columns.upperBound)
  }

  private mutating func resize(_ columns: Int, _ rows: Int) {
    let before = pageRows
    self.columns = columns
    self.rows = rows
    room = max(0, room + pageRows - before)
  }

  private mutating func add(_ new: [ByteString]) {
    for line in new where !isFinished {
      if lines.count < ConsoleLimits.pagerLines { lines.append(line) } else { droppedLines += 1 }
      step()
    }
  }

  private mutating func step() {
    repeat {
      fill()
      pressTyped()
    } while !showsMore && !lines.isEmpty
    if lines.isEmpty && hasAllLines && !isFinished { finish(isQuit: false) }
  }

  /// Shows what fits, then asks for a key if there is more.
  private mutating func fill() {
    while !showsMore, let line = lines.first {
      let needed = pages ? TerminalText.rows(TerminalText.visible(line).bytes, columns: screenColumns) : 0
      // After each key something is shown, even if it is higher than what was asked for.
      guard needed <= room || isAfterKey else { return showMore() }
      _ = lines.popFirst()
      write(line)
      room = max(0, room - needed)
      isAfterKey = false
    }
  }

  private mutating func write(_ line: ByteString) {
    writer.append(TerminalText.visible(line))
    writer.append("\r\n")
  }

  private mutating func showMore() {
    showsMore = true
    writer.append(TerminalText.cut(more, to: screenColumns - 1))
  }

  private mutating func hideMore() {
    guard showsMore else { return }
    showsMore = false
    writer.append("\r\u{1B}[K")
  }

  private mutating func finish(isQuit: Bool) {
    hideMore()
    lines.removeAll()
    wasQuit = isQuit
    isFinished = true
  }

  // MARK: Keys

  /// Ctrl-C ends at once, also while lines are awaited; other bytes are kept until a key is wanted.
  private mutating func take(_ bytes: [UInt8]) {
    if let interrupt = bytes.lastIndex(of: 0x03) {
      typed = Array(bytes[(interrupt + 1)...].prefix(ConsoleLimits.typeAheadBytes))
      return finish(isQuit: true)
    }
    typed += bytes.prefix(max(0, ConsoleLimits.typeAheadBytes - typed.count))
  }

  private mutating func pressTyped() {
    var used = 0
    while showsMore, used < typed.count {
      let (key, isUsed) = decoder.take(typed[used])
      if isUsed { used += 1 }
      if let key { press(key) }
    }
    typed.removeFirst(used)
  }

  private mutating func press(_ key: TerminalKey) {
    switch key {
    case .text(0x20), .pageDown: goOn(pageRows)
    case .enter, .down: goOn(1)
    case .text(UInt32(UInt8(ascii: "G"))):
      isPaging = false
      goOn(pageRows)
    case .text(UInt32(UInt8(ascii: "q"))), .text(UInt32(UInt8(ascii: "Q"))): finish(isQuit: true)
    default: writer.append(0x07)
    }
  }

  private mutating func goOn(_ rows: Int) {
    hideMore()
    room = rows
    isAfterKey = true
  }
}
