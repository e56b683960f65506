// Ctrl-R: looks for a piece of text in the history while it is typed, the latest line first. Enter executes the line that
// is found, Ctrl-G goes back to the line before, every other key takes the line and does what it does.

import Basics

extension LineEditor {
  mutating func beginSearch() {
    guard entry == .command else {
      ringsBell = true
      return
    }
    search = Search(index: history.lines.count, before: line)
  }

  /// Whether the key belonged to the search. If not the search has ended.
  mutating func pressInSearch(_ key: TerminalKey) -> Bool {
    guard let current = search else { return false }
    switch key {
    case .text(let value): extendSearch(current, by: value)
    case .tab where isPasting, .pasteStart, .pasteEnd: return endSearch(current, keeps: true)
    case .backspace: shortenSearch(current)
    case .control(UInt8(ascii: "R")): find(current, before: current.index)
    case .control(UInt8(ascii: "G")): return endSearch(current, keeps: false) || true
    case .control(UInt8(ascii: "L")): clearsScreen = true
    default: return endSearch(current, keeps: true)
    }
    return true
  }

  private mutating func endSearch(_ current: Search, keeps: Bool) -> Bool {
    search = nil
    if keeps, current.index < history.lines.count {
      if recalled == nil { unfinished = current.before }
      recalled = current.index
    }
    if !keeps { set(current.before) }
    return false
  }

  private mutating func extendSearch(_ current: Search, by value: UInt32) {
    var next = current
    next.text += UTF8Sequence.encode(value)
    guard TerminalText.isVisible(next.text), next.text.count <= ConsoleLimits.searchBytes else {
      ringsBell = true
      return
    }
    find(next, before: current.index + 1)
  }

  /// The search begins anew, from the latest line.
  private mutating func shortenSearch(_ current: Search) {
    var next = current
    var text = EditedLine(ByteString(current.text))
    _ = text.delete(.left)
    next.text = text.bytes
    next.index = history.lines.count
    if next.text.isEmpty {
      search = next
      set(next.before)
    } else {
      find(next, before: next.index)
    }
  }

  /// Text that is nowhere is not taken.
  private mutating func find(_ wanted: Search, before end: Int) {
    guard !wanted.text.isEmpty, let found = history.search(wanted.text, before: end) else {
      ringsBell = true
      return
    }
    search = wanted
    search?.index = found.index
    set(EditedLine(history.lines[found.index], cursor: found.offset))
  }
}
