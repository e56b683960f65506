// The trunks: registration with a provider (RFC 3261 §10.2), OPTIONS to see whether a peer is alive, and which trunk a
// request came from. It carries no call.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

struct Trunk {
  enum Registration: UInt8 {
    /// Nothing is to be registered.
    case none
    case waiting
    case trying
    case registered
  }

  var settings: UserAgent.TrunkSettings
  var flow: Flow
  /// Changes when a trunk is replaced by another one in the same place.
  var generation: UInt32
  var isUp = false
  var since: Instant
  /// The latest status heard, 0 before one.
  var lastStatus = 0

  var registration = Registration.none
  var callID: ByteString = ""
  var localTag: ByteString = ""
  var sequence: UInt32 = 0
  var branch: ByteString = ""
  /// Answers to challenges of the request under way.
  var credentialsUsed = 0
  /// Seconds wished for; a 423 raises them.
  var wish = 0
  /// The registration holds until then, refreshed or not.
  var registeredUntil: Instant?
  var failures = 0

  var misses = 0
  var isAlive = true

  var credentials: Credentials? {
    switch settings.kind {
    case .registered(let user, let authUser, let secret, _):
      secret.isEmpty ? nil : Credentials(user: authUser.isEmpty ? user : authUser, secret: secret)
    case .peer(let authUser, let secret):
      secret.isEmpty ? nil : Credentials(user: authUser, secret: secret)
    }
  }
  /// The account that we register as.
  var account: ByteString? {
    if case .registered(let user, _, _, _) = settings.kind { user } else { nil }
  }
  /// The host of its URIs.
  var domain: ByteString {
    if !settings.domain.isEmpty { return settings.domain }
    return settings.endpoint.address.text
  }
  /// A number at the trunk as a URI.
  func uri(_ user: ByteString) -> SIPURI {
    let isOwnHost = settings.domain.isEmpty && settings.endpoint.port != settings.transport.defaultPort
    var uri = SIPURI(user: user, host: domain, port: isOwnHost ? settings.endpoint.port : nil)
    if settings.transport != .udp { uri.parameters.append("transport", ByteString(settings.transport.uriName)) }
    return uri
  }
}

struct Trunks {
  var trunks: [Trunk] = []
  private var lastGeneration: UInt32 = 0

  func position(of name: ByteString) -> Int? { trunks.firstIndex { $0.settings.name == name } }
  func named(_ name: ByteString) -> Trunk? { position(of: name).map { trunks[$0] } }

  func id(_ position: Int) -> SlotID { SlotID(slot: UInt32(position), generation: trunks[position].generation) }
  /// nil where another trunk has taken the place.
  func position(of id: SlotID) -> Int? {
    let position = Int(id.slot)
    return trunks.indices.contains(position) && trunks[position].generation == id.generation ? position : nil
  }
}

// MARK: - Configuration

extension Trunks {
  /// Trunks whose settings did not change go on undisturbed; others begin anew.
  mutating func configure(_ settings: [UserAgent.TrunkSettings], wire: inout Wire, at now: Instant) {
    let old = trunks
    for position in old.indices {
      for kind in TimerKey.Kind.ofTrunks { wire.timers.cancel(TimerKey(kind, of: id(position))) }
    }
    trunks = []
    for wanted in settings where position(of: wanted.name) == nil {
      let listener =
        wanted.listener ?? wire.addressing.listener(of: wanted.transport, for: wanted.endpoint.address)?.index ?? 0
      let flow = Flow(
        transport: wanted.transport, listener: listener, remote: wanted.endpoint,
        peer: wire.peerNumber(of: wanted))
      lastGeneration &+= 1
      if var kept = old.first(where: { $0.settings == wanted && $0.flow == flow }) {
        // Its place may have changed, so its requests under way are asked again.
        kept.generation = lastGeneration
        trunks.append(kept)
      } else {
        trunks.append(Trunk(settings: wanted, flow: flow, generation: lastGeneration, since: now))
      }
      let isNew = !old.contains { $0.settings.name == wanted.name }
      start(trunks.count - 1, isNew: isNew, wasUp: old.first { $0.settings.name == wanted.name }?.isUp, &wire, at: now)
    }
    for gone in old where position(of: gone.settings.name) == nil && gone.isUp {
      wire.outbox.event(.trunk(name: gone.settings.name, isUp: false))
    }
  }

  private mutating func start(_ position: Int, isNew: Bool, wasUp: Bool?, _ wire: inout Wire, at now: Instant) {
    if case .registered(_, _, _, let expires) = trunks[position].settings.kind {
      if trunks[position].callID.isEmpty {
        trunks[position].callID = wire.callID()
        trunks[position].wish = max(60, expires)
      }
      if trunks[position].registration != .registered { trunks[position].registration = .waiting }
      wire.timers.set(TimerKey(.register, of: id(position)), to: now)
      wire.timers.set(TimerKey(.registrationEnd, of: id(position)), to: trunks[position].registeredUntil)
    }
    if trunks[position].settings.qualifySeconds > 0 {
      wire.timers.set(TimerKey(.qualify, of: id(position)), to: now)
    }
    let isUp = trunks[position].isUsable
    trunks[position].isUp = isUp
    if wasUp != isUp { wire.outbox.event(.trunk(name: trunks[position].settings.name, isUp: isUp)) }
  }
}

// MARK: - Up and down

extension Trunk {
  /// A registered trunk is usable while its registration holds; a peer until it stops answering.
  fileprivate var isUsable: Bool { isAlive && (account == nil || registeredUntil != nil) }
}

extension Trunks {
  mutating func update(_ position: Int, why: ByteString, _ wire: inout Wire, at now: Instant) {
    let isUp = trunks[position].isUsable
    guard isUp != trunks[position].isUp else { return }
    trunks[position].isUp = isUp
    trunks[position].since = now
    let name = trunks[position].settings.name
    wire.outbox.event(.trunk(name: name, isUp: isUp))
    wire.outbox.log(isUp ? .info : .warning, isUp ? "trunk.up" : "trunk.down") { name + ": " + why }
  }

  mutating func wake(_ key: TimerKey, _ wire: inout Wire, at now: Instant) {
    guard let position = position(of: key.owner) else { return }
    switch key.kind {
    case .register: register(position, &wire, at: now)
    case .registrationEnd: registrationEnded(position, &wire, at: now)
    case .qualify: qualify(position, &wire, at: now)
    default: missed(position, "no answer", &wire, at: now)
    }
  }

  /// An answer, a time-out (408) or a transport failure (503) to a request of ours; nil response for the latter two.
  mutating func answered(
    _ use: ClientUse, _ status: Int, _ response: SIPMessage?, _ wire: inout Wire, at now: Instant
  ) {
    guard let position = position(of: use.owner), status >= 200 else { return }
    trunks[position].lastStatus = status
    if use.purpose == .register {
      registerAnswered(position, status, response, &wire, at: now)
    } else if response == nil || status == 408 || status == 503 {
      missed(position, response == nil ? "not reachable" : "status " + ByteString(status), &wire, at: now)
    } else {
      alive(position, &wire, at: now)
    }
  }
}

// MARK: - OPTIONS

extension Trunks {
  private mutating func qualify(_ position: Int, _ wire: inout Wire, at now: Instant) {
    wire.timers.set(TimerKey(.qualifyMissed, of: id(position)), to: now + UserAgent.Limits.qualifyTimeout)
    sendOptions(trunks[position], for: ClientUse(.qualify, of: id(position)), &wire, at: now)
  }

  /// Nobody minds the answer but who asked.
  func ask(_ name: ByteString, token: UInt32, _ wire: inout Wire, at now: Instant) {
    guard let trunk = named(name) else { return }
    sendOptions(trunk, for: ClientUse(.ask, of: SlotID(slot: 0, generation: token)), &wire, at: now)
  }

  private func sendOptions(_ trunk: Trunk, for use: ClientUse, _ wire: inout Wire, at now: Instant) {
    let branch = wire.branch()
    let own = wire.via(branch, on: trunk.flow)
    let uri = trunk.uri("").text
    var writer = MessageWriter.request(.options, uri)
    writer.via(transport: own.transport, sentBy: own.sentBy, branch: branch)
    writer.header(.maxForwards, "70")
    writer.header(.from, NameAddress(uri: trunk.uri(trunk.account ?? "ping"), tag: wire.tag()))
    writer.header(.to, NameAddress(uri: trunk.uri("")))
    writer.header(.callID, wire.callID())
    writer.cseq(1, .options)
    writer.header(.contact, wire.contact(trunk.account ?? "ping", on: trunk.flow))
    writer.header(.userAgent, wire.agentName)
    wire.send(writer.finish(), .options, branch: branch, on: trunk.flow, for: use.packed, at: now)
  }

  private mutating func alive(_ position: Int, _ wire: inout Wire, at now: Instant) {
    trunks[position].misses = 0
    trunks[position].isAlive = true
    wire.timers.cancel(TimerKey(.qualifyMissed, of: id(position)))
    wire.timers.set(
      TimerKey(.qualify, of: id(position)), to: now + .seconds(trunks[position].settings.qualifySeconds))
    update(position, why: "answers", &wire, at: now)
  }

  /// Asked again at once until it counts as down, then at the usual pace.
  private mutating func missed(_ position: Int, _ why: ByteString, _ wire: inout Wire, at now: Instant) {
    wire.timers.cancel(TimerKey(.qualifyMissed, of: id(position)))
    wire.transactions.handle(.abandon(user: ClientUse(.qualify, of: id(position)).packed), at: now)
    trunks[position].misses += 1
    let isDown = trunks[position].misses >= UserAgent.Limits.qualifyMisses
    let pause = isDown ? Interval.seconds(trunks[position].settings.qualifySeconds) : UserAgent.Limits.qualifyTimeout
    wire.timers.set(TimerKey(.qualify, of: id(position)), to: now + pause)
    guard isDown else { return }
    trunks[position].isAlive = false
    update(position, why: why, &wire, at: now)
  }
}

// MARK: - Where a request comes from

extension Trunks {
  /// The trunk that a request came from. An exact endpoint and a configured source network are the trunk's beyond
  /// doubt; its address with another port is only where the sender does not claim to be one of our users.
  func source(of request: SIPMessage, _ flow: Flow, isUser: (ByteString) -> Bool) -> Int? {
    var candidates = trunks.indices.filter { position in
      let settings = trunks[position].settings
      return settings.transport == flow.transport && settings.endpoint == flow.remote
        || flow.peer != 0 && flow.peer == trunks[position].flow.peer
        || settings.sourceAddresses.contains { $0.contains(flow.remote.address) }
    }
    if candidates.isEmpty {
      let near = trunks.indices.filter { trunks[$0].settings.endpoint.address == flow.remote.address }
      guard !near.isEmpty, request.from.map({ !isUser($0.uri.user) }) ?? false else { return nil }
      candidates = near
    }
    guard candidates.count > 1, let called = SIPURI(request.requestURI)?.user else { return candidates.first }
    return candidates.first { trunks[$0].account == called } ?? candidates.first
  }
}
