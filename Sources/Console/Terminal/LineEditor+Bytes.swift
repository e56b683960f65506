// The bytes of the terminal: taken as keys while a line is edited, kept while a command runs or an answer is awaited.

import Basics

extension LineEditor {
  mutating func receive(_ bytes: [UInt8]) {
    var rest = bytes[...]
    if phase != .editing, let last = rest.lastIndex(of: Self.controlC) {
      rest = rest[(last + 1)...]
      interrupt()
    }
    // In pieces, so that a long paste into one line does not count as waiting.
    while !rest.isEmpty {
      keep(rest.prefix(ConsoleLimits.pieceBytes))
      rest = rest.dropFirst(ConsoleLimits.pieceBytes)
      advance()
    }
  }

  private static var controlC: UInt8 { 0x03 }

  /// Ctrl-C and BREAK while a command runs go ahead of what waits, and nothing of that is executed any more.
  mutating func interrupt() {
    waiting.removeAll()
    isDroppingLine = false
    isPasting = false
    decoder = KeyDecoder()
    finish(.interrupt, mark: "^C")
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if isDroppingLine {
        droppedBytes += 1
        if Self.isLineEnd(byte) && waiting.count < ConsoleLimits.typeAheadBytes { isDroppingLine = false }
      } else if waiting.count < ConsoleLimits.typeAheadBytes {
        waiting.append(byte)
      } else {
        dropLine(endingWith: byte)
      }
    }
  }

  /// There is no room for the line that comes in: all of it goes, up to its end.
  private mutating func dropLine(endingWith byte: UInt8) {
    let kept = waiting.lastIndex(where: Self.isLineEnd).map { $0 + 1 } ?? 0
    droppedBytes += waiting.count - kept + 1
    // Its beginning may be on the screen already; then Enter must not execute that with another line behind it.
    if kept == 0 { hasRefusedText = true }
    waiting.removeSubrange(kept...)
    isDroppingLine = !Self.isLineEnd(byte)
    ringsBell = true
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

  /// Takes the bytes that wait until a key needs the caller.
  mutating func advance() {
    var used = 0
    while phase == .editing, used < waiting.count {
      let (key, isUsed) = decoder.take(waiting[used])
      if isUsed { used += 1 }
      if let key { press(key) }
    }
    waiting.removeFirst(used)
  }
}
