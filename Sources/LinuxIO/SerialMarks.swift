// The marks that a terminal puts between bytes (termios(3), PARMRK): FF 00 00 is a BREAK, FF 00 X a byte with an error,
// FF FF a byte FF. They may come in any pieces.

public struct SerialMarks: Sendable {
  public enum Event: Hashable, Sendable {
    case bytes([UInt8])
    case lineBreak
  }

  private enum State: Sendable {
    case plain
    case marked
    case faulty
  }

  private var state = State.plain

  public init() {}

  public mutating func take(_ bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    var plain: [UInt8] = []
    for byte in bytes {
      switch (state, byte) {
      case (.plain, 0xFF): state = .marked
      case (.plain, _): plain.append(byte)
      case (.marked, 0x00): state = .faulty
      case (.marked, _):
        plain.append(byte)
        state = .plain
      case (.faulty, 0x00):
        if !plain.isEmpty { events.append(.bytes(plain)) }
        plain = []
        events.append(.lineBreak)
        state = .plain
      // What arrived with an error is nobody's key.
      case (.faulty, _): state = .plain
      }
    }
    if !plain.isEmpty { events.append(.bytes(plain)) }
    return events
  }
}
