// Edits the one line at the bottom of a terminal: bytes in, terminal output and finished lines out. It knows no commands
// and no clock. In full on a VT100 of 80 columns; on a dumb terminal without any escape sequence.

import Basics

/// After each `handle` drain `pollOutput`. `.line`, `.interrupt`, `.end` and `.tooLong` end a line: the next one begins with
/// `.prompt`. `.complete` and `.help` want an answer: `.replace` or `.resume`. Until then bytes wait, so nothing typed or
/// pasted ahead is lost, and only Ctrl-C and BREAK come through.
///
///     var editor = LineEditor(isDumb: false)
///     editor.handle(.prompt("branch> ", .command))
///     editor.handle(.bytes(received))
///     while let output = editor.pollOutput() { … }
public struct LineEditor: Sendable {
  /// What a line is for.
  public enum Entry: Hashable, Sendable {
    /// With history, completion and help.
    case command
    /// An answer to a question: plain text, not remembered.
    case answer
    /// A password shown as asterisks; it is neither remembered nor cut out for pasting.
    case masked
    /// A password of which nothing is shown.
    case hidden

    var isSecret: Bool { self == .masked || self == .hidden }
  }

  public enum Input: Hashable, Sendable {
    case bytes([UInt8])
    /// Of the terminal; 0 is unknown and taken for 80 by 24.
    case size(columns: Int, rows: Int)
    /// BREAK on a serial line: ends the line like Ctrl-C, whatever came before it.
    case lineBreak
    case prompt(ByteString, Entry)
    /// A new line, after `.complete` or at any time; `cursor` in bytes.
    case replace(line: ByteString, cursor: Int)
    /// The answer to `.complete` or `.help` that leaves the line as it is.
    case resume
    /// Lines for a person, above the line that is being edited. LF ends a line, one at the end is not needed.
    case show(ByteString)
    case ring
  }

  public enum Output: Hashable, Sendable {
    case write([UInt8])
    case line(ByteString)
    /// Tab; `cursor` in bytes.
    case complete(line: ByteString, cursor: Int)
    /// `?` outside of quotation marks.
    case help(line: ByteString, cursor: Int)
    case interrupt
    /// Ctrl-D on an empty line.
    case end
    /// Enter, but text was refused before because the line was full: what is there is not what was meant.
    case tooLong
  }

  enum Phase: Hashable, Sendable {
    /// No prompt is shown.
    case idle
    case editing
    /// `.complete` or `.help` waits for its answer.
    case asking
  }

  struct Search: Hashable, Sendable {
    var text: [UInt8] = []
    /// The line of the history that is shown; behind the last before anything was found.
    var index: Int
    let before: EditedLine
  }

  public let isDumb: Bool
  public internal(set) var history: LineHistory
  /// Bytes that came while too many waited already. They go in whole lines, so what is left is not a mixture of two.
  public internal(set) var droppedBytes = 0

  /// What stands before the text that Ctrl-R looks for.
  let searchWord: [UInt8]
  var columns = 80
  var phase = Phase.idle
  var entry = Entry.command
  var prompt: [UInt8] = []
  var line = EditedLine()
  /// The line of the history shown, and the line that was left for it.
  var recalled: Int?
  var unfinished = EditedLine()
  var search: Search?
  /// What was cut out last. Cuts in a row belong together.
  var killed: [UInt8] = []
  var isKilling = false
  /// Ctrl-V: `?` is a character.
  var isQuotingNext = false
  /// Between the marks of a bracketed paste Tab and `?` are text.
  var isPasting = false
  var hasRefusedText = false
  var decoder = KeyDecoder()
  var waiting: [UInt8] = []
  var isDroppingLine = false
  /// What the screen shows in the row of the cursor.
  var row = ScreenRow()
  /// Offset of what is shown first of a long line.
  var firstShown = 0
  var ringsBell = false
  var clearsScreen = false
  var writer = ByteWriter()
  var outputs = Fifo<Output>()

  public init(isDumb: Bool, history: LineHistory = LineHistory(), searchWord: ByteString = "search") {
    self.isDumb = isDumb
    self.history = history
    self.searchWord = TerminalText.visible(searchWord).bytes
  }

  /// The latest byte was CR, so that a pager that takes over knows whose a following LF is.
  public var isAfterReturn: Bool { decoder.isAfterReturn }

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ input: Input) {
    switch input {
    case .bytes(let bytes): receive(bytes)
    case .size(let columns, _): resize(columns)
    case .lineBreak: interrupt()
    case .prompt(let text, let entry): begin(text, entry)
    case .replace(let text, let cursor): replace(text, cursor)
    case .resume: if phase == .asking { phase = .editing }
    case .show(let text): show(text)
    case .ring: ringsBell = true
    }
    advance()
    paint()
    flush()
  }

  private mutating func begin(_ text: ByteString, _ entry: Entry) {
    // A prompt while a line is being edited replaces both.
    self.entry = entry
    prompt = TerminalText.visible(text).bytes
    beginLine()
    phase = .editing
  }

  private mutating func replace(_ text: ByteString, _ cursor: Int) {
    guard phase != .idle else { return }
    phase = .editing
    search = nil
    let hadRefusedText = hasRefusedText
    set(EditedLine(text, cursor: cursor))
    hasRefusedText = hadRefusedText || text.count > ConsoleLimits.lineBytes
  }

  mutating func beginLine() {
    line = EditedLine()
    recalled = nil
    unfinished = EditedLine()
    search = nil
    firstShown = 0
    isKilling = false
    isQuotingNext = false
    hasRefusedText = false
  }

  /// Another line instead of this one.
  mutating func set(_ new: EditedLine) {
    line = new
    firstShown = 0
    hasRefusedText = false
  }

  /// Ends the line with what it led to.
  mutating func finish(_ output: Output, mark: StaticString = "") {
    if phase != .idle { endRow(mark) }
    phase = .idle
    beginLine()
    flush()
    outputs.append(output)
  }
}
