// The quotation marks of the configuration language on a command line: `"` opens and closes, `\` in between takes a
// quotation mark or another `\` as it is.

enum QuotedText {
  struct State: Hashable, Sendable {
    private(set) var isOpen = false
    /// A `\` came, which the next byte will explain.
    private(set) var isEscaping = false

    /// True when `byte` stands between quotation marks.
    mutating func take(_ byte: UInt8) -> Bool {
      if isEscaping {
        isEscaping = false
        return true
      }
      if byte == UInt8(ascii: "\"") {
        isOpen.toggle()
        return false
      }
      isEscaping = isOpen && byte == UInt8(ascii: "\\")
      return isOpen
    }
  }

  /// Whether a word in quotation marks is still open behind these bytes.
  static func isOpen(behind bytes: ArraySlice<UInt8>) -> Bool {
    var state = State()
    for byte in bytes { _ = state.take(byte) }
    return state.isOpen
  }
}
