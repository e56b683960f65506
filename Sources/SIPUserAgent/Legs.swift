// The table of legs: which one a message, a command or a timer belongs to. It is bounded, and a leg leaves it when
// nothing more is expected of its peer.

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

struct Legs {
  private var slab = Slab<Leg>(limit: UserAgent.Limits.legs)
  private var slotOf: [LegID: SlotID] = [:]
  /// By our tag: it names the dialog, and is unpredictable.
  private var slotOfTag: [ByteString: SlotID] = [:]
  /// INVITEs that wait for our final answer, for the CANCEL.
  private var slotOfServer: [TransactionLayer.ServerID: SlotID] = [:]
  private var lastIncoming: UInt32 = 0

  var count: Int { slab.count }
  var isFull: Bool { slab.isFull }

  mutating func nextIncomingID() -> LegID {
    repeat { lastIncoming &+= 2 } while slotOf[LegID(lastIncoming)] != nil
    return LegID(lastIncoming)
  }

  /// nil when the table is full, or the number is taken.
  mutating func insert(_ leg: Leg) -> SlotID? {
    guard slotOf[leg.id] == nil, let slot = slab.insert(leg) else { return nil }
    slab[slot]?.slot = slot
    slotOf[leg.id] = slot
    slotOfTag[leg.localTag] = slot
    if let server = leg.question?.server { slotOfServer[server] = slot }
    return slot
  }

  func slot(of id: LegID) -> SlotID? { slotOf[id] }
  func slot(of server: TransactionLayer.ServerID) -> SlotID? { slotOfServer[server] }
  func slot(ofTag tag: ArraySlice<UInt8>) -> SlotID? { slotOfTag[ByteString(tag)] }

  /// The leg of ours that this INVITE stems from, where it is a call to ourselves. Its Call-ID and tag cannot be guessed.
  func caller(ofItself message: SIPMessage) -> LegID? {
    guard let tag = message.fromTag, let slot = slot(ofTag: tag), let leg = slab[slot], leg.party == .itself,
      leg.phase == .calling, leg.forks.contains(where: { $0.dialog.callID.bytes[...] == message.callID })
    else { return nil }
    return leg.id
  }

  /// The leg of a user that a Replaces names. From the phone's side To and From may stand the other way round: all three
  /// parts must fit anyway.
  func leg(named replaces: Replaces, of user: ByteString) -> (LegID, Leg.Phase)? {
    for (own, other) in [(replaces.toTag, replaces.fromTag), (replaces.fromTag, replaces.toTag)] {
      guard let slot = slotOfTag[own], let leg = slab[slot], leg.party == .user(user), let dialog = leg.dialog,
        dialog.callID == replaces.callID, dialog.remoteTag == other
      else { continue }
      return (leg.id, leg.phase)
    }
    return nil
  }

  func user(of slot: SlotID) -> ByteString? {
    if case .user(let user)? = slab[slot]?.party { user } else { nil }
  }

  func callIDs(of id: LegID) -> [ByteString] {
    guard let leg = slotOf[id].flatMap({ slab[$0] }) else { return [] }
    var all: [ByteString] = []
    let known =
      [leg.dialog?.callID, leg.question.map { ByteString($0.request.callID) }] + leg.forks.map { $0.dialog.callID }
    for case let callID? in known where !all.contains(callID) { all.append(callID) }
    return all
  }

  /// The leg whose dialog a request or its ACK belongs to: Call-ID and both tags must fit (RFC 3261 §12.2.2).
  mutating func slot(ofDialog message: SIPMessage) -> SlotID? {
    guard let tag = message.toTag, let slot = slotOfTag[ByteString(tag)], slab[slot]?.owns(message) == true
    else { return nil }
    return slot
  }

  /// A phone whose connection broke goes on with its call by another one: so does what we have to say to it.
  mutating func follow(_ message: SIPMessage, _ flow: Flow) {
    guard flow.connection != 0, let slot = slot(ofDialog: message) else { return }
    if slab[slot]?.flow.transport == flow.transport { slab[slot]?.flow = flow }
  }

  /// Does something to a leg in place, then sees whether it is over.
  mutating func change(_ slot: SlotID, _ wire: inout Wire, _ body: (inout Leg, inout Wire) -> Void) {
    guard let change = slab[slot]?.change(&wire, body) else { return }
    if change.before != change.after {
      if let before = change.before { slotOfServer[before] = nil }
      if let after = change.after { slotOfServer[after] = slot }
    }
    if change.isOver { remove(slot, &wire) }
  }

  private mutating func remove(_ slot: SlotID, _ wire: inout Wire) {
    guard let leg = slab.remove(slot) else { return }
    slotOf[leg.id] = nil
    slotOfTag[leg.localTag] = nil
    for kind in TimerKey.Kind.ofLegs {
      if kind == .reliable && leg.reliable.isEmpty || kind == .session && leg.clock.seconds == 0 { continue }
      wire.timers.cancel(TimerKey(kind, of: slot))
    }
  }

  /// The leg that a client transaction belongs to; nil when it is gone.
  func contains(_ slot: SlotID) -> Bool { slab.contains(slot) }

  /// Whether the peer's sequence number is in order; false also for a dialog that is not there.
  mutating func accepts(_ request: SIPMessage, _ slot: SlotID) -> Bool {
    slab[slot]?.accepts(request) ?? false
  }
}

extension Leg {
  fileprivate struct Change {
    /// The INVITE that waited for our answer, and the one that waits now.
    var before: TransactionLayer.ServerID?
    var after: TransactionLayer.ServerID?
    var isOver: Bool
  }

  fileprivate mutating func change(_ wire: inout Wire, _ body: (inout Leg, inout Wire) -> Void) -> Change {
    let before = question?.server
    body(&self, &wire)
    return Change(before: before, after: question?.server, isOver: isOver)
  }
}

// MARK: - Timers and answers

extension Legs {
  mutating func wake(_ key: TimerKey, _ wire: inout Wire, at now: Instant) {
    change(key.owner, &wire) { leg, wire in
      switch key.kind {
      case .trying: leg.sayTrying(&wire, at: now)
      case .retransmit: leg.retransmit(&wire, at: now)
      case .unacknowledged: leg.giveUpAnswer(&wire, at: now)
      case .ring where leg.phase == .calling: leg.ringTimePassed(&wire, at: now)
      case .ring: leg.giveUpOffer(&wire, at: now)
      case .cancelled: leg.giveUpCancelled(&wire, at: now)
      case .glare: leg.offerQueued(&wire, at: now)
      case .reference: leg.dropReference(&wire)
      case .reliable: leg.repeatReliable(&wire, at: now)
      case .session: leg.sessionTimePassed(&wire, at: now)
      default: break
      }
    }
  }

  /// An answer, a time-out (408) or a transport failure (503) to a request of a leg; nil response for the latter two.
  mutating func answered(
    _ use: ClientUse, _ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant
  ) {
    change(use.owner, &wire) { leg, wire in
      switch use.purpose {
      case .invite: leg.answered(Int(use.index), status, response, &wire, at: now)
      case .reinvite: leg.offerAnswered(status, response, &wire, at: now)
      case .bye: leg.byeAnswered(status, response, &wire, at: now)
      case .info: leg.infoAnswered(status, response, &wire, at: now)
      case .reference: leg.referenceAnswered(status, &wire, at: now)
      case .prack: leg.prackAnswered(Int(use.index), status, response, &wire, at: now)
      case .update: leg.updateAnswered(status, response, &wire, at: now)
      default: break
      }
    }
  }
}
