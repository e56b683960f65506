import Basics
import Terminals
import Testing

@testable import Console

@Suite("Pager")
struct PagerTests {
  private struct Reader {
    var pager: Pager
    var screen: VirtualTerminal
    var finished: Pager.Output?

    init(columns: Int = 20, rows: Int = 5, isDumb: Bool = false, isAfterReturn: Bool = false) {
      pager = Pager(more: "--More--", columns: columns, rows: rows, isDumb: isDumb, isAfterReturn: isAfterReturn)
      // Higher than the pages, so that the tests see all that was written.
      screen = VirtualTerminal(columns: 20, rows: 60)
    }
    mutating func handle(_ input: Pager.Input) {
      pager.handle(input)
      while let output = pager.pollOutput() {
        if case .write(let bytes) = output { screen.feed(bytes) } else { finished = output }
      }
    }
    mutating func type(_ text: String) { handle(.bytes(Array(text.utf8))) }
    mutating func lines(_ range: ClosedRange<Int>) { handle(.lines(range.map { ByteString($0) })) }
  }

  @Test("A page leaves a row for the prompt, which goes away before the next")
  func pages() {
    var reader = Reader()
    reader.lines(1...10)
    #expect(reader.screen.lines == ["1", "2", "3", "4", "--More--"])
    #expect(reader.pager.isWaiting)
    reader.type(" ")
    #expect(reader.screen.lines == ["1", "2", "3", "4", "5", "6", "7", "8", "--More--"])
    reader.type("\r")
    #expect(reader.screen.lines.suffix(2) == ["9", "--More--"])
    reader.handle(.endOfLines)
    #expect(reader.finished == nil)
    reader.type("\u{1B}[B")
    #expect(reader.screen.lines.suffix(2) == ["10", ""])
    #expect(reader.finished == .finished(isQuit: false, unused: []))
    #expect(reader.screen.problems == [])
  }

  @Test("What fits on a page needs no key, and the prompt comes only when there is more")
  func fits() {
    var reader = Reader()
    reader.lines(1...4)
    #expect(!reader.pager.isWaiting)
    reader.handle(.endOfLines)
    #expect(reader.finished == .finished(isQuit: false, unused: []))
    #expect(reader.screen.lines == ["1", "2", "3", "4", ""])
    reader = Reader()
    reader.handle(.endOfLines)
    #expect(reader.finished == .finished(isQuit: false, unused: []))
  }

  @Test("q and Ctrl-C end, and what was typed behind them is for the editor", arguments: ["q", "Q", "\u{3}"])
  func quit(key: String) {
    var reader = Reader()
    reader.lines(1...10)
    reader.type(key + "show\r")
    #expect(reader.finished == .finished(isQuit: true, unused: Array("show\r".utf8)))
    #expect(reader.screen.lines.last == "")
    reader.finished = nil
    reader.lines(1...10)
    reader.type(" ")
    #expect(reader.finished == nil)
    #expect(reader.screen.lines == ["1", "2", "3", "4", ""])
  }

  @Test("Ctrl-C and BREAK end while lines are awaited")
  func interrupt() {
    var reader = Reader()
    reader.lines(1...2)
    reader.type("x\u{3}y")
    #expect(reader.finished == .finished(isQuit: true, unused: [0x79]))
    reader = Reader()
    reader.lines(1...10)
    reader.handle(.lineBreak)
    #expect(reader.finished == .finished(isQuit: true, unused: []))
  }

  @Test("G shows all that comes without another key")
  func all() {
    var reader = Reader()
    reader.lines(1...10)
    reader.type("G")
    reader.lines(11...30)
    reader.handle(.endOfLines)
    #expect(reader.screen.lines == (1...30).map { "\($0)" } + [""])
    #expect(reader.finished == .finished(isQuit: false, unused: []))
  }

  @Test("Keys typed before a page is full wait for it; what is left over is for the editor")
  func typedAhead() {
    var reader = Reader()
    reader.type(" qx")
    reader.lines(1...20)
    #expect(reader.screen.lines == (1...8).map { "\($0)" } + [""])
    #expect(reader.finished == .finished(isQuit: true, unused: [0x78]))
    reader = Reader()
    reader.type("show")
    reader.lines(1...2)
    reader.handle(.endOfLines)
    #expect(reader.finished == .finished(isQuit: false, unused: Array("show".utf8)))
  }

  @Test("CR LF is one key, also where the editor took its CR")
  func returns() {
    var reader = Reader(isAfterReturn: true)
    reader.lines(1...10)
    reader.type("\n")
    #expect(reader.screen.lines.suffix(2) == ["4", "--More--"])
    reader.type("\r")
    reader.type("\n")
    #expect(reader.screen.lines.suffix(2) == ["5", "--More--"])
    reader.type("\u{1B}[6")
    reader.type("~")
    #expect(reader.screen.lines.suffix(2) == ["9", "--More--"])
  }

  @Test("Another key rings")
  func otherKeys() {
    var reader = Reader()
    reader.lines(1...10)
    reader.type("x中")
    #expect(reader.screen.bells == 2)
    #expect(reader.screen.lines.count == 5)
  }

  @Test("A line wider than the screen counts for all its rows, and one higher than the page is shown")
  func wide() {
    var reader = Reader()
    reader.handle(.lines(["1", ByteString(String(repeating: "中", count: 15)), "3", "4"]))
    #expect(reader.screen.lines.suffix(2) == ["3", "--More--"])
    reader.handle(.lines([ByteString(String(repeating: "x", count: 200)), "6"]))
    reader.type("\r")
    reader.type("\r")
    #expect(reader.screen.lines.suffix(2) == [String(repeating: "x", count: 20), "--More--"])
    reader.type("\r")
    #expect(reader.screen.lines.suffix(2) == ["6", ""])
  }

  @Test(
    "Without a size, or on a dumb terminal, everything comes at once",
    arguments: [(20, 0, false), (0, 9, false), (20, 5, true)])
  func noPaging(columns: Int, rows: Int, isDumb: Bool) {
    var reader = Reader(columns: columns, rows: rows, isDumb: isDumb)
    reader.lines(1...30)
    #expect(reader.screen.lines == (1...30).map { "\($0)" } + [""])
    reader.type("q")
    #expect(reader.finished == nil)
    reader.type("\u{3}")
    #expect(reader.finished == .finished(isQuit: true, unused: []))
  }

  @Test("A higher screen takes longer pages from the next one on")
  func size() {
    var reader = Reader()
    reader.lines(1...2)
    reader.handle(.size(columns: 20, rows: 10))
    reader.lines(3...20)
    #expect(reader.screen.lines.suffix(2) == ["9", "--More--"])
    reader.handle(.size(columns: 20, rows: 4))
    reader.type(" ")
    #expect(reader.screen.lines.suffix(2) == ["12", "--More--"])
    reader.handle(.size(columns: .max, rows: .min))
    reader.type(" ")
    #expect(reader.screen.lines.suffix(2) == ["20", ""])
  }

  @Test("Names cannot steer the terminal")
  func steering() {
    var reader = Reader()
    reader.handle(.lines(["a\u{1B}[2Jb"]))
    #expect(reader.screen.lines == ["a?[2Jb", ""])
  }

  @Test("Lines that wait are bounded, those beyond are counted")
  func bounded() {
    var reader = Reader()
    for _ in 0..<12 { reader.handle(.lines((0..<1_000).map { ByteString($0) })) }
    #expect(reader.pager.droppedLines == 12_000 - 4 - ConsoleLimits.pagerLines)
    reader.type(String(repeating: " ", count: 20_000))
    reader.handle(.endOfLines)
    #expect(reader.finished != nil)
  }

  @Test(
    "Any split of lines and keys shows all lines in their order, or their beginning",
    arguments: 1...60 as ClosedRange<UInt64>)
  func splits(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let lines = (0..<random.below(40)).map { ByteString($0) }
    let rows = 2 + random.below(9)
    let keys = (0..<60).map { _ in
      random.chance(percent: 90) ? [0x20, 0x0D, 0x47][random.below(3)] : UInt8(truncatingIfNeeded: random.next())
    }
    var whole = Reader(rows: rows)
    whole.handle(.lines(lines))
    whole.handle(.endOfLines)
    whole.handle(.bytes(keys))
    var single = Reader(rows: rows)
    for line in lines { single.handle(.lines([line])) }
    single.handle(.endOfLines)
    for key in keys where single.finished == nil { single.handle(.bytes([key])) }
    // A key that ends at once goes ahead of those before it.
    if !keys.contains(0x03) { #expect(single.screen.lines == whole.screen.lines, "seed \(seed)") }
    for reader in [whole, single] {
      let shown = reader.screen.lines.dropLast()
      #expect(shown.elementsEqual(lines.map { $0.description }.prefix(shown.count)), "seed \(seed)")
      #expect(reader.screen.problems == [], "seed \(seed)")
      if case .finished(false, _) = reader.finished { #expect(shown.count == lines.count, "seed \(seed)") }
    }
  }
}
