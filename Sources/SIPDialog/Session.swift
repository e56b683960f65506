// The offer/answer state of a session (RFC 3264 as RFC 3261 §13 and §14 and RFC 6337 use it): whose turn it is, and
// the o= line of what we send. It never looks into the media.

import Basics
import SDP

/// One session. Only one offer may be open at a time.
public struct Session: Sendable {
  public enum State: UInt8, Sendable {
    /// Nothing was agreed yet.
    case idle
    case offerSent
    case offerReceived
    case stable
  }

  public private(set) var state = State.idle
  /// What is agreed: ours and theirs. nil before the first answer.
  public private(set) var local: SessionDescription?
  public private(set) var remote: SessionDescription?
  /// The open offer.
  private var pending: SessionDescription?
  /// The latest description that we sent, agreed or not: its version must not be used for another one (RFC 3264 §8).
  private var latest: SessionDescription?

  public init() {}

  public var hasOpenOffer: Bool { state == .offerSent || state == .offerReceived }

  /// Opens an offer of ours; nil while another is open.
  public mutating func sendOffer(_ offer: SessionDescription) -> SessionDescription? {
    guard !hasOpenOffer else { return nil }
    let stamped = stamp(offer)
    pending = stamped
    state = .offerSent
    return stamped
  }

  /// False if no offer of ours is open.
  public mutating func receiveAnswer(_ answer: SessionDescription) -> Bool {
    guard state == .offerSent else { return false }
    local = pending
    remote = answer
    pending = nil
    state = .stable
    return true
  }

  /// False while another offer is open: the caller answers 491 or 500.
  public mutating func receiveOffer(_ offer: SessionDescription) -> Bool {
    guard !hasOpenOffer else { return false }
    pending = offer
    state = .offerReceived
    return true
  }

  /// Answers the open offer; nil if there is none.
  public mutating func sendAnswer(_ answer: SessionDescription) -> SessionDescription? {
    guard state == .offerReceived else { return nil }
    let stamped = stamp(answer)
    local = stamped
    remote = pending
    pending = nil
    state = .stable
    return stamped
  }

  /// The open offer, ours or theirs, came to nothing: what was agreed before stays.
  public mutating func dropOffer() {
    pending = nil
    state = local == nil ? .idle : .stable
  }

  /// The peer sent once more what is agreed already (a session refresh): then what we sent is still the answer.
  public func isRefresh(_ offer: SessionDescription) -> Bool { state == .stable && remote == offer }

  /// One session id for the whole session, and a version that counts up exactly when the description changes.
  private mutating func stamp(_ description: SessionDescription) -> SessionDescription {
    var stamped = description
    if let latest {
      stamped.sessionID = latest.sessionID
      stamped.sessionVersion = latest.sessionVersion
      if stamped != latest { stamped.sessionVersion = latest.sessionVersion &+ 1 }
    }
    latest = stamped
    return stamped
  }
}

/// What follows a 491 (RFC 3261 §14.1).
public enum Glare {
  /// How long to wait before offering again: the owner of the Call-ID 2.1 to 4 s, the other 0 to 2 s, in steps of
  /// 10 ms, so that the two never meet again.
  public static func delay(ownsCallID: Bool, random: UInt64) -> Interval {
    ownsCallID ? .milliseconds(2100 + 10 * Int(random % 191)) : .milliseconds(10 * Int(random % 201))
  }
}
