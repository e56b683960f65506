// One subscription, as its notifier (RFC 6665 §4.2): from the SUBSCRIBE until nothing is owed any more. One NOTIFY is under
// way at a time; what changes meanwhile is told in one with the newest state. It neither authenticates nor knows where
// the state comes from.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

struct Subscription {
  //   asked ──show──▶ active ──end──▶ ending ──last NOTIFY leaves──▶ over
  //   asked ──nothing there: 404──▶ over      a NOTIFY fails ──▶ over
  enum Phase: Hashable {
    /// The first SUBSCRIBE waits for call control.
    case asked
    case active
    case ending(Reason)
    case over
  }
  /// Why it ends, as the last NOTIFY says it (RFC 6665 §4.1.3).
  enum Reason: UInt8 {
    /// Its time is up, or the phone wants no more.
    case timeout
    /// What it watches is gone.
    case noResource
    /// The extension that asked is gone.
    case rejected
  }

  struct Question {
    var server: TransactionLayer.ServerID
    var request: SIPMessage
    var seconds: Int
  }

  let user: ByteString
  let number: ByteString
  let event: SubscribedEvent
  let entity: ByteString
  /// Where it stands in the table.
  var slot = SlotID(slot: 0, generation: 0)
  private(set) var phase = Phase.asked
  /// Where NOTIFYs go.
  private(set) var flow: Flow
  private(set) var contact: SIPURI
  private(set) var refreshedAt: Instant
  private var dialog: Dialog
  private var question: Question?
  private var expires: Instant

  private var publication: Publication
  /// A NOTIFY must leave although nothing may have changed, with all there is.
  private var owesFull = false
  private var isUnderWay = false
  private var latestNotify: Instant?

  init(
    _ question: Question, user: ByteString, number: ByteString, event: SubscribedEvent, contact: SIPURI,
    tag: ByteString,
    over flow: Flow, addressing: Addressing, at now: Instant
  ) {
    self.user = user
    self.number = number
    self.event = event
    publication = Publication(event.package)
    self.contact = contact
    self.question = question
    let host = SIPURI(question.request.requestURI)?.host ?? ""
    entity = SIPURI(user: number, host: host).text
    dialog = Dialog(answering: question.request, localTag: tag)
    self.flow = Self.flow(to: contact, dialog, from: flow, addressing)
    refreshedAt = now
    expires = now + .seconds(question.seconds)
  }

  var localTag: ByteString { dialog.localTag }
  var isOver: Bool { phase == .over }

  /// As a registration is reached, unless a proxy stands between.
  private static func flow(to contact: SIPURI, _ dialog: Dialog, from flow: Flow, _ addressing: Addressing) -> Flow {
    dialog.routes.isEmpty ? Registrar.reach(contact, from: flow, addressing: addressing) : flow
  }
}

// MARK: - What the phone asks

extension Subscription {
  /// Whether a request belongs here: Call-ID and both tags must fit (RFC 3261 §12.2.2).
  func owns(_ message: SIPMessage) -> Bool {
    dialog.callID.bytes[...] == message.callID && dialog.remoteTag.bytes[...] == message.fromTag ?? []
      && dialog.localTag.bytes[...] == message.toTag ?? []
  }

  mutating func accepts(sequence: UInt32) -> Bool { dialog.accepts(sequence: sequence) }

  /// Longer, from here on, or with 0 seconds no more.
  mutating func refresh(
    _ question: Question, over flow: Flow, _ wire: inout Wire, at now: Instant
  ) {
    guard phase == .active else { return wire.respond(question.server, 481, to: question.request, at: now) }
    dialog.refreshTarget(from: question.request)
    if let contact = question.request.contacts.first?.uri { self.contact = contact }
    self.flow = Self.flow(to: contact, dialog, from: flow, wire.addressing)
    refreshedAt = now
    grant(question, &wire, at: now)
  }

  private mutating func grant(_ question: Question, _ wire: inout Wire, at now: Instant) {
    var writer = wire.response(200, to: question.request, tag: localTag)
    writer.header(.contact, wire.contact(number, on: flow))
    writer.header(.expires, number: question.seconds)
    wire.respond(question.server, 200, writer.finish(), at: now)
    guard question.seconds > 0 else { return end(.timeout, &wire, at: now) }
    expires = now + .seconds(question.seconds)
    wire.timers.set(timer(.subscription), to: expires)
    owesFull = true
    notify(&wire, at: now, pauses: false)
  }

  /// The phone has registered from elsewhere: its lamps follow.
  mutating func follow(_ flow: Flow) { self.flow = flow }
}

// MARK: - What call control shows

extension Subscription {
  mutating func show(_ new: WatchedState, _ wire: inout Wire, at now: Instant) {
    let isChanged = publication.set(new)
    switch phase {
    case .asked:
      phase = .active
      guard let question else { return }
      self.question = nil
      grant(question, &wire, at: now)
    case .active where isChanged: notify(&wire, at: now, pauses: true)
    case .active, .ending, .over: break
    }
  }

  /// With a last NOTIFY. One that was never granted is refused instead.
  mutating func end(_ reason: Reason, _ wire: inout Wire, at now: Instant) {
    switch phase {
    case .asked:
      if let question {
        self.question = nil
        wire.respond(question.server, reason == .noResource ? 404 : 503, to: question.request, at: now)
      }
      finish(&wire)
    case .active:
      phase = .ending(reason)
      wire.outbox.event(.unsubscribed(SubscriptionID(slot: slot)))
      if reason == .noResource { _ = publication.set(.initial(event.package)) }
      owesFull = true
      notify(&wire, at: now, pauses: false)
    case .ending, .over: break
    }
  }

  /// Without a word: nobody is there to hear it.
  mutating func finish(_ wire: inout Wire) {
    if phase == .asked || phase == .active {
      wire.outbox.event(.unsubscribed(SubscriptionID(slot: slot)))
    }
    phase = .over
  }
}

// MARK: - NOTIFY

extension Subscription {
  func timer(_ kind: TimerKey.Kind) -> TimerKey { TimerKey(kind, of: slot) }

  mutating func wake(_ kind: TimerKey.Kind, _ wire: inout Wire, at now: Instant) {
    if kind == .subscription { return end(.timeout, &wire, at: now) }
    notify(&wire, at: now, pauses: true)
  }

  /// Sends what is owed, if it is its turn: not before the one on the way is answered, nor, for a mere change, sooner
  /// than a while after the one before.
  private mutating func notify(_ wire: inout Wire, at now: Instant, pauses: Bool) {
    guard !isUnderWay, owesFull || publication.isNews else { return }
    if pauses, !owesFull {
      if let latest = latestNotify, now < latest + UserAgent.Limits.notifyPause {
        return wire.timers.set(timer(.notify), to: latest + UserAgent.Limits.notifyPause)
      }
      if let later = wire.notifyPace.turn(at: now) {
        wire.outbox.counters.notifiesDelayed += 1
        return wire.timers.set(timer(.notify), to: later)
      }
    }
    send(&wire, at: now)
  }

  private mutating func send(_ wire: inout Wire, at now: Instant) {
    let body = publication.document(isFull: owesFull, of: entity)
    owesFull = false
    latestNotify = now
    wire.timers.cancel(timer(.notify))
    wire.outbox.counters.notifies += 1
    let branch = wire.branch()
    var writer = dialog.request(.notify, via: wire.via(branch, on: flow))
    writer.header(.contact, wire.contact(number, on: flow))
    writer.header(.event, event.text)
    writer.header(named: "Subscription-State", stateText(at: now))
    writer.header(.userAgent, wire.agentName)
    let bytes = writer.finish(contentType: ByteString(event.package.contentType), body: body)
    var use = ClientUse.nobody
    if case .ending = phase {
      phase = .over
    } else {
      isUnderWay = true
      use = ClientUse(.notify, of: slot).packed
    }
    wire.send(bytes, .notify, branch: branch, on: flow, for: use, at: now)
  }

  private func stateText(at now: Instant) -> ByteString {
    switch phase {
    case .ending(.timeout): "terminated;reason=timeout"
    case .ending(.noResource): "terminated;reason=noresource"
    case .ending(.rejected): "terminated;reason=rejected"
    case .asked, .active, .over: "active;expires=" + ByteString(max(1, (expires - now).seconds))
    }
  }

  /// Whatever is no 2xx ends it (RFC 6665 §4.2.2): the phone has forgotten it, or is not there. It asks anew then.
  mutating func answered(_ status: Int, _ wire: inout Wire, at now: Instant) {
    guard status >= 200 else { return }
    isUnderWay = false
    guard status < 300 else {
      wire.outbox.counters.notifiesFailed += 1
      return finish(&wire)
    }
    if case .ending = phase { return notify(&wire, at: now, pauses: false) }
    notify(&wire, at: now, pauses: true)
  }
}
