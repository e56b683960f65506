// A phone in a call asks for another one in its place: REFER (RFC 3515, RFC 5589), the subscription that it makes, whose
// notifier we are, and REFER without one (RFC 4488). Whom it may call so, call control knows. Nothing here ever sends a
// REFER.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

extension Leg {
  /// One REFER, from its arrival until its outcome was told.
  struct Reference {
    /// Waits for call control.
    var question: Question?
    /// The number of the REFER: the id of its event.
    let number: UInt32
    /// Refer-Sub: false: nothing is told.
    let isSilent: Bool
    /// What the latest NOTIFY says.
    var told = 0
    /// What the next one says, once that is answered.
    var waiting: Int?
    var isUnderWay = false

    init(_ question: Question) {
      self.question = question
      number = question.request.cseq.number
      isSilent = question.request.value(named: "Refer-Sub").map { ByteString($0.prefix(5)) == "false" } ?? false
    }
  }

  mutating func receiveRefer(
    _ server: TransactionLayer.ServerID, _ message: SIPMessage, replaced: UserAgent.Replaced?, _ wire: inout Wire,
    at now: Instant
  ) {
    guard phase == .established || phase == .answered else { return wire.respond(server, 481, to: message, at: now) }
    guard case .user = party else { return wire.respond(server, 403, to: message, at: now) }
    guard reference.isEmpty else { return wire.respond(server, 491, to: message, at: now) }
    let references = message.addresses(.referTo)
    guard references.count == 1, let uri = references.first?.uri else {
      return wire.respond(server, 400, to: message, at: now)
    }
    // Other methods would let a phone send what it likes by our hand.
    if let method = uri.parameter("method"), method != "INVITE" {
      return wire.respond(server, 403, to: message, at: now)
    }
    var referral = UserAgent.Referral(number: uri.user)
    if let text = uri.header("Replaces") {
      guard Replaces(text.bytes[...]) != nil else { return wire.respond(server, 400, to: message, at: now) }
      referral.replaced = replaced ?? .unknown
    }
    reference.value = Reference(Question(server: server, request: message))
    wire.outbox.counters.referrals += 1
    wire.outbox.event(.referred(id, referral))
  }

  /// 202, and 100 in the first NOTIFY.
  mutating func acceptReferral(_ wire: inout Wire, at now: Instant) {
    guard let question = reference.value?.question else { return }
    reference.value?.question = nil
    let isSilent = reference.value?.isSilent ?? false
    var writer = wire.response(isSilent ? 200 : 202, to: question.request, tag: localTag)
    writer.header(.contact, contact(wire))
    if isSilent { writer.header(named: "Refer-Sub", "false") }
    wire.respond(question.server, isSilent ? 200 : 202, writer.finish(), at: now)
    wire.timers.set(timer(.reference), to: now + UserAgent.Limits.referenceTime)
    tellReferral(100, &wire, at: now)
  }

  mutating func refuseReferral(_ status: Int, _ wire: inout Wire, at now: Instant) {
    guard let question = reference.value?.question else { return }
    dropReference(&wire)
    // 481 would say that the call itself is unknown (RFC 5057 §5.1).
    wire.respond(question.server, status >= 400 && status != 481 ? status : 603, to: question.request, at: now)
  }

  /// How far the new call is; a final status ends the subscription.
  mutating func tellReferral(_ status: Int, _ wire: inout Wire, at now: Instant) {
    guard let known = reference.value, known.question == nil, known.told < 200, known.told != status else { return }
    if known.isSilent {
      if status >= 200 { dropReference(&wire) }
      return
    }
    guard !known.isUnderWay else {
      if known.waiting ?? 0 < 200 { reference.value?.waiting = status }
      return
    }
    notifyReference(status, &wire, at: now)
  }

  private mutating func notifyReference(_ status: Int, _ wire: inout Wire, at now: Instant) {
    let branch = wire.branch()
    guard let number = reference.value?.number, var writer = request(.notify, branch: branch, wire) else { return }
    reference.value?.told = status
    reference.value?.isUnderWay = true
    reference.value?.waiting = nil
    writer.header(.contact, contact(wire))
    writer.header(.event, "refer;id=" + ByteString(Int(number)))
    writer.header(
      named: "Subscription-State",
      status >= 200
        ? "terminated;reason=noresource"
        : "active;expires=" + ByteString(UserAgent.Limits.referenceTime.seconds))
    let body: ByteString = "SIP/2.0 " + ByteString(status) + " " + ByteString(ReasonPhrase.text(for: status)) + "\r\n"
    let bytes = writer.finish(contentType: "message/sipfrag;version=2.0", body: body.bytes)
    wire.outbox.counters.notifies += 1
    wire.send(bytes, .notify, branch: branch, on: flow, for: ClientUse(.reference, of: slot).packed, at: now)
  }

  /// Whatever is no 2xx ends the subscription, not the call (RFC 6665 §4.2.2).
  mutating func referenceAnswered(_ status: Int, _ wire: inout Wire, at now: Instant) {
    guard status >= 200, let known = reference.value else { return }
    reference.value?.isUnderWay = false
    if status >= 300 { wire.outbox.counters.notifiesFailed += 1 }
    guard status < 300, known.told < 200 else { return dropReference(&wire) }
    if let waiting = known.waiting { notifyReference(waiting, &wire, at: now) }
  }

  mutating func dropReference(_ wire: inout Wire) {
    reference.value = nil
    wire.timers.cancel(timer(.reference))
  }

  /// Nobody will say any more how it went: the call ends.
  mutating func endReference(_ wire: inout Wire, at now: Instant) {
    guard let known = reference.value else { return }
    if known.question != nil { return refuseReferral(603, &wire, at: now) }
    tellReferral(487, &wire, at: now)
  }
}

extension UserAgent {
  /// What a phone asks for with REFER.
  public struct Referral: Hashable, Sendable {
    /// Whom it wants to be called instead; meaningless where a call is to be replaced.
    public var number: ByteString
    /// Another call of the phone's, whose other side is meant.
    public var replaced: Replaced?

    public init(number: ByteString, replaced: Replaced? = nil) {
      self.number = number
      self.replaced = replaced
    }
  }

  /// What a Replaces header means here.
  public enum Replaced: Hashable, Sendable {
    /// A leg of the same user.
    case leg(LegID)
    /// What rings at an extension, whose lamp the phone watches.
    case ringing(ByteString)
    /// Nothing that is there, or that this user may know of.
    case unknown
  }
}

// MARK: - Which leg a Replaces names (RFC 3891 §3)

extension UserAgent {
  /// Refused, where it must not be replaced.
  enum Replacement: Equatable {
    case replaces(Replaced)
    case refused(Int)
  }

  /// In a Refer-To another call of the phone's is meant, whose other side takes part then: it may ring still.
  func replacement(forReferTo replaces: Replaces, by user: ByteString) -> Replacement {
    if let (leg, phase) = legs.leg(named: replaces, of: user), phase == .incoming { return .replaces(.leg(leg)) }
    return replacement(replaces, by: user)
  }

  func replacement(_ replaces: Replaces, by user: ByteString) -> Replacement {
    if let number = PickupName.number(in: replaces) { return .replaces(.ringing(number)) }
    guard let (leg, phase) = legs.leg(named: replaces, of: user) else { return .refused(481) }
    switch phase {
    case .established, .answered: return replaces.isEarlyOnly ? .refused(486) : .replaces(.leg(leg))
    case .ending: return .refused(603)
    // An early dialog may only be replaced at whoever began it.
    case .incoming, .calling, .cancelling: return .refused(481)
    }
  }
}

/// The name under which the lamp of an extension tells what rings there, so that a phone can take the call by an INVITE
/// with Replaces: it says whose lamp it is, and nothing about the call.
enum PickupName {
  static let prefix: StaticString = "pickup-"
  /// Both tags: who may take the call is known by the phone's credentials.
  static let tag: StaticString = "lamp"

  static func callID(_ number: ByteString) -> ByteString { ByteString(prefix) + number }

  static func number(in replaces: Replaces) -> ByteString? {
    let prefix = ByteString(prefix)
    guard replaces.callID.hasPrefix(prefix), replaces.toTag == ByteString(tag), replaces.fromTag == ByteString(tag)
    else { return nil }
    return replaces.callID.dropFirst(prefix.count)
  }
}
