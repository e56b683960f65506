// The registrar (RFC 3261 §10.3): which contacts each user has and how they are reached. It answers no message itself
// and never authenticates; a phone behind a NAT is reached the way its REGISTER came (RFC 3581, RFC 5626 in spirit).

import Basics
import Journal
import SIPMessage
import SIPTransaction

struct Registrar {
  struct Binding {
    /// The URI as the phone wrote it: the Request-URI of calls to it.
    var contact: ByteString
    var uri: SIPURI
    var callID: ByteString
    var sequence: UInt32
    /// Where the REGISTER came from.
    var source: Flow
    /// Where requests go.
    var reach: Flow
    var userAgent: ByteString
    var expires: Instant
    /// Until when storage believes in it.
    var persistedUntil: Instant
    var refreshedAt: Instant
    /// Its latest credentials were wrong: it will be gone when its time is over.
    var isRefused = false
  }
  struct Record {
    var user: ByteString
    var limit: Int
    var bindings: [Binding] = []
  }

  /// What a REGISTER came to.
  enum Answer: Hashable {
    case registered
    case refused(status: Int)
    /// 423 with the shortest expiry that is taken.
    case tooBrief(minimum: Int)
  }

  var records: [Record] = []
  private var index: [ByteString: Int] = [:]
  private var settings = UserAgent.RegistrarSettings()

  func indexOf(_ user: ByteString) -> Int? { index[user] }

  func bindings(of user: ByteString) -> [Binding] { index[user].map { records[$0].bindings } ?? [] }
  func isKnown(_ user: ByteString) -> Bool { index[user] != nil }

  private static func timer(_ position: Int) -> TimerKey {
    TimerKey(.binding, of: SlotID(slot: UInt32(position), generation: 0))
  }
}

// MARK: - Configuration and restoring

extension Registrar {
  /// Users keep their bindings by name; those that are gone lose them.
  mutating func configure(
    users: [UserAgent.UserSettings], settings: UserAgent.RegistrarSettings, wire: inout Wire
  ) {
    self.settings = settings
    let old = records
    for position in old.indices { wire.timers.cancel(Self.timer(position)) }
    var keptIndex = index
    records = []
    index = [:]
    for user in users where index[user.name] == nil {
      var record = Record(user: user.name, limit: max(1, min(user.maxContacts, UserAgent.Limits.contactsPerUser)))
      if let position = keptIndex.removeValue(forKey: user.name) { record.bindings = old[position].bindings }
      index[user.name] = records.count
      records.append(record)
      setTimer(records.count - 1, wire: &wire)
    }
    for record in old where index[record.user] == nil {
      for binding in record.bindings {
        wire.outbox.persist(.bindingRemoved(user: record.user, contact: binding.contact))
      }
      if !record.bindings.isEmpty { wire.outbox.event(.reachable(user: record.user, false)) }
    }
  }

  /// - Parameter wall: the time now, nil while it is not trusted: what was remembered then counts for the
  ///   default expiry.
  mutating func restore(_ facts: [BindingFact], wall: WallTime?, wire: inout Wire, at now: Instant) {
    for fact in facts {
      let left = wall.map { fact.expires - $0 } ?? .seconds(settings.defaultExpiry)
      guard let position = index[fact.user], let uri = SIPURI(fact.contact.bytes[...]), left > .zero,
        records[position].bindings.count < records[position].limit
      else {
        wire.outbox.persist(.bindingRemoved(user: fact.user, contact: fact.contact))
        continue
      }
      // Nothing else says whether a stream was one of TLS.
      let isSecure = wire.addressing.listener(fact.listener)?.transport == .tls
      let source = Flow(
        transport: !fact.overStream ? .udp : isSecure ? .tls : .tcp, listener: fact.listener, connection: 0,
        remote: fact.source)
      let expires = now + min(left, .seconds(settings.maximumExpiry))
      let wasReachable = !records[position].bindings.isEmpty
      records[position].bindings.append(
        Binding(
          contact: fact.contact, uri: uri, callID: fact.callID, sequence: fact.cseq, source: source,
          reach: Self.reach(uri, from: source, addressing: wire.addressing), userAgent: fact.userAgent,
          expires: expires, persistedUntil: expires, refreshedAt: now))
      setTimer(position, wire: &wire)
      if !wasReachable { wire.outbox.event(.reachable(user: fact.user, true)) }
    }
  }
}

// MARK: - REGISTER

extension Registrar {
  /// What the credentials in a REGISTER were worth. One that does not go on from the phone's own, whose Call-ID nobody
  /// else knows, says nothing of the phone.
  mutating func authenticated(_ user: ByteString, in request: SIPMessage, _ areRight: Bool) {
    guard request.method == .register, let position = index[user] else { return }
    for place in records[position].bindings.indices
    where records[position].bindings[place].callID.bytes[...] == request.callID {
      records[position].bindings[place].isRefused = !areRight
    }
  }

  /// Applies a REGISTER whose sender is `user`, all of it or nothing (§10.3 step 7).
  mutating func register(
    _ request: SIPMessage, user: ByteString, flow: Flow, wall: WallTime, wire: inout Wire, at now: Instant
  ) -> Answer {
    guard let position = index[user] else { return .refused(status: 403) }
    guard !request.hasMalformedContact else { return .refused(status: 400) }
    if request.isWildcardContact {
      guard request.expires == 0, request.contacts.isEmpty else { return .refused(status: 400) }
      return removeAll(position, request, wire: &wire)
    }
    let contacts = request.contacts
    guard contacts.count <= records[position].limit else { return .refused(status: 403) }
    var lifetimes: [Int] = []
    for contact in contacts {
      let wish = contact.expires ?? request.expires ?? settings.defaultExpiry
      if wish > 0 && wish < settings.minimumExpiry { return .tooBrief(minimum: settings.minimumExpiry) }
      lifetimes.append(min(wish, settings.maximumExpiry))
      guard isInOrder(contact.uri, request, at: position) else { return .refused(status: 500) }
    }
    let wasReachable = !records[position].bindings.isEmpty
    for (contact, seconds) in zip(contacts, lifetimes) {
      if seconds == 0 {
        remove(contact.uri, at: position, wire: &wire)
      } else {
        bind(contact, seconds: seconds, request, flow: flow, at: position, wall: wall, wire: &wire, now: now)
      }
    }
    finish(position, wasReachable: wasReachable, wire: &wire)
    return .registered
  }

  /// A request of the same Call-ID must have a higher number than the one that made the binding.
  private func isInOrder(_ uri: SIPURI, _ request: SIPMessage, at position: Int) -> Bool {
    guard let known = find(uri, at: position) else { return true }
    let binding = records[position].bindings[known]
    return binding.callID.bytes[...] != request.callID || request.cseq.number > binding.sequence
  }

  private func find(_ uri: SIPURI, at position: Int) -> Int? {
    records[position].bindings.firstIndex { $0.uri == uri || $0.uri.isEquivalent(to: uri) }
  }

  private mutating func bind(
    _ contact: NameAddress, seconds: Int, _ request: SIPMessage, flow: Flow, at position: Int, wall: WallTime,
    wire: inout Wire, now: Instant
  ) {
    let expires = now + .seconds(seconds)
    let user = records[position].user
    if let known = find(contact.uri, at: position) {
      let moved = records[position].bindings[known].source.isElsewhere(than: flow)
      records[position].bindings[known].refresh(request, flow: flow, until: expires, at: now)
      if moved {
        let reach = Self.reach(contact.uri, from: flow, addressing: wire.addressing)
        records[position].bindings[known].reach = reach
        logRegistered(user, flow, "moved", wire: &wire)
      } else if flow.connection != 0 {
        records[position].bindings[known].reach.connection = flow.connection
      }
      let left = records[position].bindings[known].persistedUntil - now
      // Flash is spared: storage may lag behind by half an expiry.
      if moved || left.nanoseconds * 2 < Interval.seconds(seconds).nanoseconds {
        persist(position, known, wall: wall, wire: &wire, now: now)
      }
      return
    }
    makeRoom(at: position, wire: &wire)
    records[position].bindings.append(
      Binding(
        contact: contact.uri.text, uri: contact.uri, callID: ByteString(request.callID),
        sequence: request.cseq.number, source: flow,
        reach: Self.reach(contact.uri, from: flow, addressing: wire.addressing),
        userAgent: request.value(.userAgent).map { ByteString($0.prefix(64)) } ?? "", expires: expires,
        persistedUntil: expires, refreshedAt: now))
    persist(position, records[position].bindings.count - 1, wall: wall, wire: &wire, now: now)
    logRegistered(user, flow, "registered", wire: &wire)
  }

  /// A phone that came back under another address must not be locked out by its former self.
  private mutating func makeRoom(at position: Int, wire: inout Wire) {
    while records[position].bindings.count >= records[position].limit {
      var oldest = 0
      for (candidate, binding) in records[position].bindings.enumerated()
      where binding.refreshedAt < records[position].bindings[oldest].refreshedAt {
        oldest = candidate
      }
      let gone = records[position].bindings.remove(at: oldest)
      wire.outbox.counters.contactsReplaced += 1
      wire.outbox.persist(.bindingRemoved(user: records[position].user, contact: gone.contact))
    }
  }

  private mutating func persist(_ position: Int, _ binding: Int, wall: WallTime, wire: inout Wire, now: Instant) {
    records[position].bindings[binding].persistedUntil = records[position].bindings[binding].expires
    let kept = records[position].bindings[binding]
    wire.outbox.persist(
      .binding(
        BindingFact(
          user: records[position].user, contact: kept.contact, callID: kept.callID, cseq: kept.sequence,
          source: kept.source.remote, listener: kept.source.listener, overStream: kept.source.transport != .udp,
          userAgent: kept.userAgent, expires: wall + (kept.expires - now))))
  }

  private func logRegistered(_ user: ByteString, _ flow: Flow, _ what: ByteString, wire: inout Wire) {
    wire.outbox.log(.info, "phone.registered") { user + " " + what + " from " + flow.remote.text }
  }
}

// MARK: - Removal

extension Registrar {
  private mutating func removeAll(_ position: Int, _ request: SIPMessage, wire: inout Wire) -> Answer {
    for binding in records[position].bindings
    where binding.callID.bytes[...] == request.callID && request.cseq.number <= binding.sequence {
      return .refused(status: 500)
    }
    let gone = records[position].bindings
    records[position].bindings = []
    for binding in gone {
      wire.outbox.persist(.bindingRemoved(user: records[position].user, contact: binding.contact))
    }
    finish(position, wasReachable: !gone.isEmpty, wire: &wire)
    return .registered
  }

  /// Whatever the phones say: by order of an operator.
  mutating func forget(_ user: ByteString, wire: inout Wire) {
    guard let position = index[user], !records[position].bindings.isEmpty else { return }
    for binding in records[position].bindings {
      wire.outbox.persist(.bindingRemoved(user: user, contact: binding.contact))
    }
    records[position].bindings = []
    finish(position, wasReachable: true, wire: &wire)
  }

  private mutating func remove(_ uri: SIPURI, at position: Int, wire: inout Wire) {
    guard let known = find(uri, at: position) else { return }
    let gone = records[position].bindings.remove(at: known)
    wire.outbox.persist(.bindingRemoved(user: records[position].user, contact: gone.contact))
  }

  /// A binding's time is up.
  mutating func expire(_ position: Int, wire: inout Wire, at now: Instant) {
    guard records.indices.contains(position) else { return }
    let wasReachable = !records[position].bindings.isEmpty
    for binding in records[position].bindings where binding.expires <= now {
      wire.outbox.persist(.bindingRemoved(user: records[position].user, contact: binding.contact))
    }
    records[position].bindings.removeAll { $0.expires <= now }
    finish(position, wasReachable: wasReachable, wire: &wire)
  }

  private mutating func finish(_ position: Int, wasReachable: Bool, wire: inout Wire) {
    setTimer(position, wire: &wire)
    let user = records[position].user
    let isReachable = !records[position].bindings.isEmpty
    guard isReachable != wasReachable else { return }
    wire.outbox.event(.reachable(user: user, isReachable))
    if !isReachable { wire.outbox.log(.info, "phone.unregistered") { user } }
  }

  private func setTimer(_ position: Int, wire: inout Wire) {
    var first: Instant?
    for binding in records[position].bindings where first.map({ binding.expires < $0 }) ?? true {
      first = binding.expires
    }
    // One that comes before is left, as refreshing moves the end ahead each time: it will find nothing and be set anew.
    if let first, let set = wire.timers.deadline(of: Self.timer(position)), set <= first { return }
    wire.timers.set(Self.timer(position), to: first)
  }
}

// MARK: - Reaching a contact

extension Registrar {
  /// The contact's own address where the phone really is there; otherwise, and on streams, back the way it came.
  static func reach(_ uri: SIPURI, from source: Flow, addressing: Addressing) -> Flow {
    guard let host = uri.hostAddress, host == source.remote.address else { return source }
    let contact = Endpoint(host, uri.port ?? 5060)
    let wished = uri.transport.flatMap { SIPTransport($0.bytes[...]) } ?? source.transport
    if source.transport == .udp && wished == .tcp {
      guard let listener = addressing.listener(of: .tcp, for: host) else { return source }
      return Flow(transport: .tcp, listener: listener.index, remote: contact)
    }
    var reach = source
    // A stream's far port is the phone's for this connection alone; for a new one its own is needed.
    if source.transport == .udp || source.connection == 0 { reach.remote = contact }
    return reach
  }

  /// What was reached over this connection needs a new one.
  mutating func closed(_ connection: UInt32, addressing: Addressing) {
    for position in records.indices {
      for binding in records[position].bindings.indices
      where records[position].bindings[binding].reach.connection == connection {
        var source = records[position].bindings[binding].source
        source.connection = 0
        let uri = records[position].bindings[binding].uri
        records[position].bindings[binding].reach = Self.reach(uri, from: source, addressing: addressing)
      }
    }
  }
}

extension Registrar.Binding {
  fileprivate mutating func refresh(_ request: SIPMessage, flow: Flow, until expires: Instant, at now: Instant) {
    if callID.bytes[...] != request.callID { callID = ByteString(request.callID) }
    sequence = request.cseq.number
    source = flow
    self.expires = expires
    refreshedAt = now
  }
}

extension Flow {
  /// Another socket of the phone or of us: what a NAT that forgot looks like.
  fileprivate func isElsewhere(than other: Flow) -> Bool {
    transport != other.transport || listener != other.listener || remote != other.remote
  }
}
