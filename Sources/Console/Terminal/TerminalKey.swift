// What a person pressed, whatever bytes the terminal sends for it.

enum TerminalKey: Hashable, Sendable {
  /// A character that is no control character, as its number. U+FFFD stands for bytes that are no UTF-8.
  case text(UInt32)
  /// CR, LF, CR LF or CR NUL.
  case enter
  case tab
  /// 0x7F and Ctrl-H.
  case backspace
  case delete
  case left
  case right
  case up
  case down
  case home
  case end
  case wordLeft
  case wordRight
  case pageUp
  case pageDown
  /// Ctrl with a letter, which is given in upper case.
  case control(UInt8)
  /// Alt with a byte, letters in lower case. Alt-Backspace is 0x7F.
  case alt(UInt8)
  case pasteStart
  case pasteEnd
}
