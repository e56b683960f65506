// Takes credentials out of SIP text in place, byte by byte, so that lengths stay right: values of Authorization and its
// like become `x` but for a few harmless parameters, and so do keys in session descriptions (RFC 4568). What follows a
// gap is taken for a secret until its line ends. Never looks at anything but lines, so a message may come in pieces.

import Basics

///     Scrub.clean(&bytes)     // response="6629fae4…" becomes response="xxxxxxxx…"
public struct Scrub: Hashable, Sendable {
  private enum State: Hashable {
    /// At the beginning of a line or within its name.
    case name
    /// In a line without secrets.
    case plain
    /// All but the line's end is secret.
    case secret
    /// The first word of the value of a header with credentials.
    case scheme
    case parameterName
    case value(isSecret: Bool, isQuoted: Bool, isEscaped: Bool)
  }

  private var state: State
  /// Of a header or a parameter, in lower case; longer ones are none that matter.
  private var word: [UInt8] = []
  /// A line has ended: with a space it goes on (RFC 3261 §7.3.1).
  private var isBehindLineEnd = false
  private let dropsDigits: Bool

  /// Longer than every name that matters.
  private static let maxWord = 32
  private static let mask = UInt8(ascii: "x")

  /// - Parameters:
  ///   - isUnknown: the bytes begin somewhere within a message.
  ///   - dropsDigits: the digits of INFO (`Signal=5`) go too.
  public init(isUnknown: Bool = false, dropsDigits: Bool = false) {
    state = isUnknown ? .secret : .name
    self.dropsDigits = dropsDigits
  }

  /// A whole message.
  public static func clean(_ bytes: inout [UInt8], dropsDigits: Bool = false) {
    var scrub = Scrub(dropsDigits: dropsDigits)
    scrub.clean(&bytes)
  }

  /// The next bytes of a message or of a stream of them.
  public mutating func clean(_ bytes: inout [UInt8]) {
    for index in bytes.indices where isSecret(bytes[index]) { bytes[index] = Self.mask }
  }

  private mutating func isSecret(_ byte: UInt8) -> Bool {
    let isSpace = byte == 0x20 || byte == 0x09
    if isBehindLineEnd {
      isBehindLineEnd = false
      if !isSpace || state == .name {
        state = .name
        word = []
      }
    }
    if byte == 0x0A {
      isBehindLineEnd = true
      return false
    }
    if byte == 0x0D { return false }
    switch state {
    case .plain: return false
    case .secret: return !isSpace
    case .name: readName(byte, isSpace)
    case .scheme: readScheme(byte, isSpace)
    case .parameterName: readParameterName(byte, isSpace)
    case .value: return readValue(byte, isSpace)
    }
    return false
  }

  private mutating func readName(_ byte: UInt8, _ isSpace: Bool) {
    switch byte {
    case UInt8(ascii: ":"):
      switch ByteString(word) {
      case "authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info":
        // The last two have no scheme (RFC 7615).
        state = word.last == UInt8(ascii: "o") ? .parameterName : .scheme
      case "a=crypto", "a=key-mgmt": state = .secret
      default: state = .plain
      }
      word = []
    case UInt8(ascii: "=") where word == [UInt8(ascii: "k")]: state = .secret
    case UInt8(ascii: "=") where dropsDigits && ByteString(word) == "signal": state = .secret
    default:
      if isSpace { return }
      append(byte)
      if word.count >= Self.maxWord { state = .plain }
    }
  }

  /// Only of Digest is it known which parameters are harmless.
  private mutating func readScheme(_ byte: UInt8, _ isSpace: Bool) {
    guard isSpace else { return append(byte) }
    guard !word.isEmpty else { return }
    state = ByteString(word) == "digest" ? .parameterName : .secret
    word = []
  }

  private mutating func readParameterName(_ byte: UInt8, _ isSpace: Bool) {
    switch byte {
    case UInt8(ascii: "="):
      state = .value(isSecret: !isHarmless, isQuoted: false, isEscaped: false)
      word = []
    case UInt8(ascii: ","): word = []
    default: if !isSpace { append(byte) }
    }
  }

  private var isHarmless: Bool {
    switch ByteString(word) {
    case "username", "realm", "uri", "algorithm", "qop", "nc": true
    default: false
    }
  }

  private mutating func readValue(_ byte: UInt8, _ isSpace: Bool) -> Bool {
    guard case .value(let isSecret, let isQuoted, let isEscaped) = state else { return false }
    if isQuoted {
      if isEscaped {
        state = .value(isSecret: isSecret, isQuoted: true, isEscaped: false)
      } else if byte == UInt8(ascii: "\\") {
        state = .value(isSecret: isSecret, isQuoted: true, isEscaped: true)
      } else if byte == UInt8(ascii: "\"") {
        state = .value(isSecret: isSecret, isQuoted: false, isEscaped: false)
        return false
      }
      return isSecret && !isSpace
    }
    switch byte {
    case UInt8(ascii: "\""):
      state = .value(isSecret: isSecret, isQuoted: true, isEscaped: false)
      return false
    case UInt8(ascii: ","):
      state = .parameterName
      word = []
      return false
    default: return isSecret && !isSpace
    }
  }

  private mutating func append(_ byte: UInt8) {
    if word.count < Self.maxWord { word.append(byte.asciiLowercased) }
  }
}
