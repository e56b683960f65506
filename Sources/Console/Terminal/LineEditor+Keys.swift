// What each key does: the keys of emacs, as every shell has them.

import Basics

extension LineEditor {
  mutating func press(_ key: TerminalKey) {
    if search != nil, pressInSearch(key) { return }
    let wasKilling = isKilling
    isKilling = false
    if isQuotingNext {
      isQuotingNext = false
      if case .text(let value) = key { return insert(value) }
    }
    switch key {
    case .text(let value): type(value)
    case .enter: enter()
    case .tab: tab()
    case .backspace: edit(line.delete(.left))
    case .delete: edit(line.delete(.right))
    case .left: move(.left)
    case .right: move(.right)
    case .home: move(.home)
    case .end: move(.end)
    case .wordLeft: move(.wordLeft)
    case .wordRight: move(.wordRight)
    case .up: recall(-1)
    case .down: recall(1)
    case .control(let letter): control(letter, wasKilling)
    case .alt(let byte): alt(byte, wasKilling)
    case .pasteStart: isPasting = true
    case .pasteEnd: isPasting = false
    case .pageUp, .pageDown: break
    }
  }

  private mutating func control(_ letter: UInt8, _ wasKilling: Bool) {
    switch letter {
    case UInt8(ascii: "A"): move(.home)
    case UInt8(ascii: "B"): move(.left)
    case UInt8(ascii: "C"):
      isPasting = false
      finish(.interrupt, mark: "^C")
    case UInt8(ascii: "D"): if line.isEmpty { finish(.end) } else { edit(line.delete(.right)) }
    case UInt8(ascii: "E"): move(.end)
    case UInt8(ascii: "F"): move(.right)
    case UInt8(ascii: "K"): kill(.end, wasKilling)
    case UInt8(ascii: "L"): clearsScreen = true
    case UInt8(ascii: "N"): recall(1)
    case UInt8(ascii: "P"): recall(-1)
    case UInt8(ascii: "R"): beginSearch()
    case UInt8(ascii: "T"): transpose()
    case UInt8(ascii: "U"): kill(.home, wasKilling)
    case UInt8(ascii: "V"): isQuotingNext = true
    case UInt8(ascii: "W"): kill(.blankWordLeft, wasKilling)
    case UInt8(ascii: "Y"): insert(killed)
    default: break
    }
  }

  private mutating func alt(_ byte: UInt8, _ wasKilling: Bool) {
    switch byte {
    case UInt8(ascii: "b"): move(.wordLeft)
    case UInt8(ascii: "f"): move(.wordRight)
    case UInt8(ascii: "d"): kill(.wordRight, wasKilling)
    case 0x7F: kill(.wordLeft, wasKilling)
    default: break
    }
  }

  // MARK: Text

  private mutating func type(_ value: UInt32) {
    let asksForHelp = value == UInt32(UInt8(ascii: "?")) && entry == .command && !isPasting
    guard asksForHelp, !QuotedText.isOpen(behind: line.bytes[..<line.cursor]) else { return insert(value) }
    ask(.help(line: line.text, cursor: line.cursor))
  }

  private mutating func tab() {
    // Pasted text may be indented by it; a line never holds a control character.
    guard entry == .command, !isPasting else { return insert(0x20) }
    ask(.complete(line: line.text, cursor: line.cursor))
  }

  private mutating func ask(_ output: Output) {
    phase = .asking
    paint()
    flush()
    outputs.append(output)
  }

  private mutating func insert(_ value: UInt32) {
    let columns = TerminalText.columns(ofScalar: value)
    var next = line
    // A mark needs a character to stand on, and room there.
    guard columns != nil, columns != 0 || next.insert(UTF8Sequence.encode(value)) && TerminalText.isVisible(next.bytes)
    else {
      ringsBell = true
      return
    }
    insert(UTF8Sequence.encode(value))
  }

  private mutating func insert(_ text: [UInt8]) {
    if line.insert(text) { return }
    hasRefusedText = true
    ringsBell = true
  }

  /// After a person has taken something away, the line is what is seen.
  private mutating func edit(_ deleted: [UInt8]) {
    if deleted.isEmpty { ringsBell = true } else { hasRefusedText = false }
  }

  private mutating func transpose() {
    if !line.transpose() { ringsBell = true }
  }

  private mutating func move(_ motion: EditedLine.Motion) {
    let before = line.cursor
    line.move(motion)
    if line.cursor == before && (motion == .left || motion == .right) { ringsBell = true }
  }

  private mutating func kill(_ motion: EditedLine.Motion, _ wasKilling: Bool) {
    let isForward = motion == .end || motion == .wordRight
    let deleted = line.delete(motion)
    edit(deleted)
    guard !entry.isSecret else { return }
    isKilling = true
    if deleted.isEmpty { return }
    if !wasKilling { killed = deleted } else { killed = isForward ? killed + deleted : deleted + killed }
  }

  // MARK: Lines

  mutating func enter() {
    let text = line.text
    if hasRefusedText { return finish(.tooLong) }
    if entry == .command { history.add(text) }
    finish(.line(text))
  }

  /// Goes up or down in the history; below the latest line is the one that was begun.
  private mutating func recall(_ step: Int) {
    let index = (recalled ?? history.lines.count) + step
    guard entry == .command, index >= 0, index <= history.lines.count else {
      ringsBell = true
      return
    }
    if recalled == nil { unfinished = line }
    if index == history.lines.count {
      recalled = nil
      set(unfinished)
    } else {
      recalled = index
      set(EditedLine(history.lines[index]))
    }
  }
}
