// Bytes of a terminal to keys, one byte at a time, so that it does not matter how they are split: UTF-8, line ends, and
// the escape sequences of VT100, xterm, rxvt, the Linux console and PuTTY. Sequences without a meaning are swallowed
// whole, but a control character in one ends it: line noise never swallows Enter or Ctrl-C.

import Basics

struct KeyDecoder: Sendable {
  private enum State: Hashable, Sendable {
    case ground
    /// In a character of several bytes.
    case utf8
    case escape
    /// Behind `ESC [`.
    case csi
    /// Behind `ESC O`.
    case ss3
    /// Behind `ESC [ [`: a function key of the Linux console, one byte more.
    case linuxFunction
    /// Behind ESC and one of `]PX^_`, up to BEL or ST.
    case string
    /// A character of several bytes with Alt, which means nothing.
    case altUTF8
  }

  private var state = State.ground
  /// The bytes of the character or the sequence so far.
  private var collected: [UInt8] = []
  /// CR came: LF belongs to it. So does NUL, but that means nothing anyway.
  private(set) var isAfterReturn = false

  init(isAfterReturn: Bool = false) { self.isAfterReturn = isAfterReturn }

  /// The key that ends with `byte`, if one does. Where `byte` was not used it has to be given again.
  mutating func take(_ byte: UInt8) -> (key: TerminalKey?, isUsed: Bool) {
    let wasAfterReturn = isAfterReturn
    isAfterReturn = false
    switch state {
    case .ground:
      if wasAfterReturn && byte == 0x0A { return (nil, true) }
      return (ground(byte), true)
    case .utf8, .altUTF8: return character(byte)
    case .escape: return escape(byte)
    case .csi, .ss3, .linuxFunction, .string: return sequence(byte)
    }
  }

  private mutating func ground(_ byte: UInt8) -> TerminalKey? {
    switch byte {
    case 0x00: return nil
    case 0x08, 0x7F: return .backspace
    case 0x09: return .tab
    case 0x0A: return .enter
    case 0x0D:
      isAfterReturn = true
      return .enter
    case 0x1B:
      begin(.escape)
      return nil
    case 0x01..<0x20: return .control(byte | 0x40)
    case 0x20..<0x7F: return .text(UInt32(byte))
    default: return lead(byte, .utf8)
    }
  }

  private mutating func begin(_ state: State) {
    self.state = state
    collected.removeAll(keepingCapacity: true)
  }

  private mutating func lead(_ byte: UInt8, _ state: State) -> TerminalKey? {
    guard UTF8Sequence.length(lead: byte) != nil else {
      self.state = .ground
      return state == .altUTF8 ? nil : Self.broken
    }
    begin(state)
    collected.append(byte)
    return nil
  }

  private static var broken: TerminalKey { .text(0xFFFD) }

  private mutating func character(_ byte: UInt8) -> (TerminalKey?, Bool) {
    let isAlt = state == .altUTF8
    guard let lead = collected.first, UTF8Sequence.follows(byte, lead: lead, position: collected.count) else {
      state = .ground
      return (isAlt ? nil : Self.broken, false)
    }
    collected.append(byte)
    guard collected.count == UTF8Sequence.length(lead: lead) else { return (nil, true) }
    state = .ground
    let value = UTF8Sequence.scalar(in: collected, at: 0)?.value
    return (isAlt ? nil : value.map { .text($0) } ?? Self.broken, true)
  }

  private mutating func escape(_ byte: UInt8) -> (TerminalKey?, Bool) {
    state = .ground
    switch byte {
    case UInt8(ascii: "["): begin(.csi)
    case UInt8(ascii: "O"): begin(.ss3)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"): begin(.string)
    case 0x08, 0x7F: return (.alt(0x7F), true)
    case 0..<0x20: return (nil, false)
    case 0x80...: return (lead(byte, .altUTF8), true)
    default: return (.alt(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte), true)
    }
    return (nil, true)
  }

  private mutating func sequence(_ byte: UInt8) -> (TerminalKey?, Bool) {
    if byte < 0x20 {
      // BEL ends a string; with ST its backslash is swallowed as a key with Alt.
      let endsString = state == .string && byte == 0x07
      state = .ground
      return (nil, endsString)
    }
    let isFinal: Bool
    switch state {
    case .ss3, .linuxFunction: isFinal = true
    case .csi:
      if byte == UInt8(ascii: "[") && collected.isEmpty {
        state = .linuxFunction
        return (nil, true)
      }
      isFinal = byte >= 0x40
    default: isFinal = false
    }
    guard isFinal else {
      collected.append(byte)
      if collected.count >= ConsoleLimits.escapeBytes { state = .ground }
      return (nil, true)
    }
    let meaning = state
    state = .ground
    switch meaning {
    case .csi: return (csi(final: byte), true)
    case .ss3: return (byte == UInt8(ascii: "M") ? .enter : cursorKey(byte), true)
    default: return (nil, true)
    }
  }

  private func csi(final: UInt8) -> TerminalKey? {
    guard final == UInt8(ascii: "~") else {
      // A second parameter tells which keys were held with it.
      guard collected.contains(UInt8(ascii: ";")) else { return cursorKey(final) }
      switch final {
      case UInt8(ascii: "C"): return .wordRight
      case UInt8(ascii: "D"): return .wordLeft
      default: return cursorKey(final)
      }
    }
    switch Int(decimalDigits: collected.prefix { $0 != UInt8(ascii: ";") }) {
    case 1, 7: return .home
    case 3: return .delete
    case 4, 8: return .end
    case 5: return .pageUp
    case 6: return .pageDown
    case 200: return .pasteStart
    case 201: return .pasteEnd
    default: return nil
    }
  }

  private func cursorKey(_ final: UInt8) -> TerminalKey? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    default: nil
    }
  }
}
