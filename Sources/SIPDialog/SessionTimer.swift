// Session timers (RFC 4028): what the two sides agree on, so that a call whose end nobody heard of ends nevertheless.
// Who keeps the time is the owner's business.

import Basics
import SIPMessage

/// A Session-Expires header, `1800;refresher=uac`.
public struct SessionExpires: Hashable, Sendable {
  public enum Refresher: UInt8, Sendable {
    case uac, uas
  }
  public var seconds: Int
  /// nil: not said.
  public var refresher: Refresher?

  public init(seconds: Int, refresher: Refresher? = nil) {
    self.seconds = seconds
    self.refresher = refresher
  }

  /// nil where it does not begin with a number.
  public init?(_ value: ArraySlice<UInt8>) {
    let digits = value.prefix { $0.isASCIIDigit }
    guard !digits.isEmpty else { return nil }
    seconds = min(Int(decimalDigits: digits) ?? .max, Int(Int32.max))
    for part in value.dropFirst(digits.count).split(separator: UInt8(ascii: ";")) {
      let text = ByteString(part.filter { $0 != 0x20 && $0 != 0x09 })
      if text.equalsIgnoringCase("refresher=uac") { refresher = .uac }
      if text.equalsIgnoringCase("refresher=uas") { refresher = .uas }
    }
  }

  public var text: ByteString {
    var writer = ByteWriter(capacity: 24)
    writer.append(decimal: seconds)
    switch refresher {
    case .uac: writer.append(";refresher=uac")
    case .uas: writer.append(";refresher=uas")
    case nil: break
    }
    return ByteString(writer.bytes)
  }
}

/// What a box wants of the sessions of its calls.
public struct SessionTimerPolicy: Hashable, Sendable {
  /// How long a session lasts without a refresh, in seconds; 0: no timers are asked for, those of others are kept.
  public var interval: Int
  /// The shortest interval that is agreed to; RFC 4028 §4 allows none below 90.
  public var minimum: Int

  public init(interval: Int = 1800, minimum: Int = 90) {
    self.interval = interval
    self.minimum = minimum
  }

  public enum Verdict: Hashable, Sendable {
    case none
    /// 422 with Min-SE.
    case tooSmall(minimum: Int)
    /// Goes into the 2xx; `requires`: with Require: timer, since the asking side is to refresh.
    case runs(SessionExpires, requires: Bool)
  }

  /// What the answer to an INVITE or UPDATE says (§9 and its table 2).
  public func answer(to request: SIPMessage) -> Verdict {
    let isSupported = request.list(.supported, contains: "timer") || request.list(.require, contains: "timer")
    let asked = request.value(.sessionExpires).flatMap { SessionExpires($0) }
    guard let asked else {
      guard isSupported, interval > 0 else { return .none }
      return .runs(SessionExpires(seconds: lengthened(interval, request), refresher: .uac), requires: true)
    }
    if asked.seconds < minimum {
      // A side that does not know the extension would not understand the 422; some proxy wants it on its behalf.
      return isSupported ? .tooSmall(minimum: minimum) : .none
    }
    let wanted = interval > 0 ? min(asked.seconds, lengthened(interval, request)) : asked.seconds
    let refresher: SessionExpires.Refresher = isSupported ? asked.refresher ?? .uac : .uas
    return .runs(SessionExpires(seconds: wanted, refresher: refresher), requires: refresher == .uac)
  }

  /// Nobody goes below what a proxy on the way wants at least.
  private func lengthened(_ seconds: Int, _ request: SIPMessage) -> Int {
    max(seconds, minimum, request.minimumSessionExpires ?? 0)
  }
}

extension SIPMessage {
  /// Min-SE in seconds.
  public var minimumSessionExpires: Int? {
    value(.minSE).flatMap { SessionExpires($0) }?.seconds
  }
}
