// The SIP side of the box as one machine: transport and transactions inside, registrar, digest authentication, trunks
// and legs above them (RFC 3261 §8, §10, §12–§15, §22). It knows no calls, only their legs, and touches no sound.

import Basics
import Digests
import Journal
import SIPMessage
import SIPTransaction

/// Handle an input or advance the time, then drain `pollOutput` until nil.
///
///     agent.handle(.entropy(bytes), at: now)
///     agent.handle(.configure(settings), at: now)
///     agent.handle(.transport(.datagram(listener: 0, from: source, bytes: bytes)), at: now)
///     while let output = agent.pollOutput() { … }
public struct UserAgent {
  var settings = Settings()
  var wire: Wire
  var digest = DigestAuthentication()
  var registrar = Registrar()
  var trunks = Trunks()
  var legs = Legs()
  var subscriptions = Subscriptions()
  var sourceGuard = SourceGuard()
  var isDraining = false
  /// Kept, since for a reader of something computed the compiler would copy the whole machine.
  public private(set) var nextDeadline: Instant?

  private var wallTime = WallTime(seconds: 0)
  private var wallSetAt = Instant.zero
  private var isWallTrusted = false

  public init(timing: TimerValues = TimerValues(slack: Limits.timerSlack)) { wire = Wire(timing: timing) }

  public mutating func handle(_ input: Input, at now: Instant) {
    switch input {
    case .configure(let settings): configure(settings, at: now)
    case .interfaces(let interfaces): wire.addressing.interfaces = interfaces
    case .entropy(let bytes): seed(bytes)
    case .wall(let time, let trusted):
      wallTime = time
      wallSetAt = now
      isWallTrusted = trusted
    case .restored(let facts):
      registrar.restore(facts, wall: isWallTrusted ? wall(at: now) : nil, wire: &wire, at: now)
    case .transport(let input):
      guard !isDropped(input, at: now) else { break }
      wire.transport.handle(input, at: now)
    case .command(let command): handle(command, at: now)
    }
    advance(to: now)
  }

  /// Lets every timer fire that is due.
  public mutating func advance(to now: Instant) {
    wire.transport.advance(to: now)
    wire.transactions.advance(to: now)
    while let key = wire.timers.popDue(at: now) { wake(key, at: now) }
    settle(at: now)
  }

  public mutating func pollOutput() -> Output? { wire.outbox.outputs.popFirst() }

  private mutating func wake(_ key: TimerKey, at now: Instant) {
    switch key.kind {
    case .trying, .retransmit, .unacknowledged, .ring, .cancelled, .glare, .reliable, .session, .reference:
      legs.wake(key, &wire, at: now)
    case .register, .registrationEnd, .qualify, .qualifyMissed: trunks.wake(key, &wire, at: now)
    case .binding: registrar.expire(Int(key.owner.slot), wire: &wire, at: now)
    case .subscription, .notify:
      subscriptions.change(key.owner, &wire) { one, wire in one.wake(key.kind, &wire, at: now) }
    }
  }

  /// Moves what transport and transactions say to each other and to us, until both are silent.
  private mutating func settle(at now: Instant) {
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      while let output = wire.transport.pollOutput() {
        isQuiet = false
        carry(output, at: now)
      }
      while let output = wire.transactions.pollOutput() {
        isQuiet = false
        carry(output, at: now)
      }
    }
    nextDeadline = wire.timers.nextDeadline.earlier(wire.transport.nextDeadline).earlier(wire.transactions.nextDeadline)
  }

  private mutating func carry(_ output: TransportLayer.Output, at now: Instant) {
    switch output {
    case .message(let message, let flow): wire.transactions.handle(.received(message, flow), at: now)
    case .failed(let flow):
      if flow.connection != 0 { lost(flow, at: now) }
      wire.transactions.handle(.failed(flow), at: now)
    case .log(let entry): wire.outbox.outputs.append(.log(entry))
    case .datagram, .connect, .write, .close: wire.outbox.outputs.append(.transport(output))
    }
  }

  private mutating func carry(_ output: TransactionLayer.Output, at now: Instant) {
    switch output {
    case .send(let flow, let bytes): wire.transport.handle(.send(flow, bytes), at: now)
    case .request(let server, let message, let flow): receive(server, message, flow, at: now)
    case .cancel(let server, let message, _, let invite): receiveCancel(server, message, of: invite, at: now)
    case .ack(let message, _): receiveAck(message, at: now)
    case .response(let user, let message, let flow):
      if !answered(user, message.status, message, at: now) { receiveStray(message, flow, isOfOurs: true, at: now) }
    case .timedOut(let user): _ = answered(user, 408, nil, at: now)
    case .transportFailed(let user): _ = answered(user, 503, nil, at: now)
    case .unacknowledged: break
    case .strayResponse(let message, let flow): receiveStray(message, flow, isOfOurs: false, at: now)
    case .log(let entry): wire.outbox.outputs.append(.log(entry))
    }
  }

  /// False where the leg is gone.
  private mutating func answered(_ user: UInt64, _ status: Int, _ response: SIPMessage?, at now: Instant) -> Bool {
    guard let use = ClientUse(packed: user) else { return true }
    switch use.purpose {
    case .register, .qualify: trunks.answered(use, status, response, &wire, at: now)
    case .ask:
      guard status >= 200 else { break }
      wire.outbox.event(.trunkAnswered(token: use.owner.generation, status: status))
    case .notify: subscriptions.change(use.owner, &wire) { one, wire in one.answered(status, &wire, at: now) }
    default:
      guard legs.contains(use.owner) else { return false }
      legs.answered(use, status, response, &wire, at: now)
    }
    return true
  }
}

// MARK: - Settings

extension UserAgent {
  /// As far as it is known; the start of 1970 before it is.
  func wall(at now: Instant) -> WallTime { wallTime + (now - wallSetAt) }

  private mutating func seed(_ bytes: [UInt8]) {
    wire.tokens = .init(entropy: bytes)
    digest.rekey(wire.tokens.token(bytes: 32).bytes)
    var secret: [UInt64] = []
    for _ in 0..<2 { secret.append(UInt64(wire.tokens.number31()) << 31 | UInt64(wire.tokens.number31())) }
    _ = wire.transactions.adopt(secret: (secret[0], secret[1]))
  }

  private mutating func configure(_ new: Settings, at now: Instant) {
    settings = new
    wire.agentName = new.userAgentName
    wire.sessionTimers = new.sessionTimers
    wire.addressing.listeners = new.listeners
    wire.addressing.localNetworks = new.localNetworks
    wire.addressing.networks = new.networks
    digest.configure(realm: new.realm, algorithms: new.digestAlgorithms, users: new.users)
    registrar.configure(users: new.users, settings: new.registrar, wire: &wire)
    subscriptions.keep(registrar.isKnown, &wire, at: now)
    trunks.configure(new.trunks, wire: &wire, at: now)
    configureGuard()
  }

  /// Lines below it are not formed.
  public var logLevel: LogLevel {
    get { wire.outbox.logLevel }
    set {
      wire.outbox.logLevel = newValue
      wire.transport.logLevel = newValue
    }
  }
}
