// Datagrams and streams to messages with their flows, and messages to bytes on a flow (RFC 3261 §18, RFC 3581).
// This file: what goes in and out, datagrams, and malformed messages. It opens no socket and resolves no name.

import Basics
import SIPMessage

/// Handle an input or advance the time, then drain `pollOutput` until nil.
public struct TransportLayer {
  public enum Input {
    case datagram(listener: UInt16, from: Endpoint, bytes: [UInt8])
    /// The shell numbers accepted connections even, from 2 on; a number is not used again while it is open.
    case accepted(connection: UInt32, listener: UInt16, over: SIPTransport = .tcp, from: Endpoint)
    /// Over TLS when the handshake is done and the far end is who it should be.
    case connected(connection: UInt32)
    case connectFailed(connection: UInt32)
    case received(connection: UInt32, bytes: [UInt8])
    /// By the far end or by an error; not after `Output.close`.
    case closed(connection: UInt32)
    case send(Flow, [UInt8])
  }

  public enum Output {
    /// Requests carry `received` and `rport` in their topmost Via, so responses copied from them do too.
    case message(SIPMessage, Flow)
    case datagram(listener: UInt16, to: Endpoint, bytes: [UInt8])
    /// Numbered odd. Over TLS where somebody is expected, over TCP otherwise.
    case connect(connection: UInt32, listener: UInt16, to: Endpoint, expecting: PeerName? = nil)
    case write(connection: UInt32, bytes: [UInt8])
    /// Also of one that is still being opened. Nothing more comes from it.
    case close(connection: UInt32)
    /// What was sent there did not leave, or the connection is gone.
    case failed(Flow)
    case log(LogEntry)
  }

  /// How often things happened since the start.
  public struct Counters: Sendable {
    public var datagramsReceived: UInt64 = 0
    public var keepAlives: UInt64 = 0
    public var malformed: UInt64 = 0
    /// Malformed requests that could have been answered, beyond the limit.
    public var malformedUnanswered: UInt64 = 0
    public var connectionsOpened: UInt64 = 0
    public var connectionsAccepted: UInt64 = 0
    /// Accepted beyond a limit and closed at once.
    public var connectionsRefused: UInt64 = 0
    public var connectTimeouts: UInt64 = 0
    public var connectFailures: UInt64 = 0
    /// Closed here: idle, or too slow with a message.
    public var connectionsExpired: UInt64 = 0
    /// Closed here: too much that is malformed.
    public var connectionsHostile: UInt64 = 0
    /// Messages not sent because a table or a buffer was full.
    public var sendsRefused: UInt64 = 0
    /// To keep connections of ours alive, and those that were found dead by them.
    public var pingsSent: UInt64 = 0
    public var pongsMissed: UInt64 = 0
  }

  public let limits: TransportLimits
  var connections: [UInt32: Connection] = [:]
  var connectionTo: [Peer: UInt32] = [:]
  /// Where no stream could be opened lately.
  var refusals = StreamRefusals()
  /// What `Flow.peer` means.
  public var peerNames: [UInt16: PeerName] = [:]
  var checks = DeadlineHeap<UInt32>()
  /// Odd; the first is 1.
  var lastOpened: UInt32 = .max
  var outputs = Fifo<Output>()
  private var answersInSecond = (second: Int64(0), count: 0)
  public internal(set) var counters = Counters()
  /// Entries below it are not formed.
  public var logLevel: LogLevel

  public init(limits: TransportLimits = TransportLimits(), logLevel: LogLevel = .info) {
    self.limits = limits
    self.logLevel = logLevel
  }

  public var connectionCount: Int { connections.count }
  public func ends(ofConnection number: UInt32) -> (listener: UInt16, remote: Endpoint)? {
    connections[number].map { ($0.peer.listener, $0.peer.remote) }
  }
  public var nextDeadline: Instant? { checks.nextDeadline }
  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ input: Input, at now: Instant) {
    advance(to: now)
    switch input {
    case .datagram(let listener, let from, let bytes):
      receive(datagram: bytes, Flow(transport: .udp, listener: listener, remote: from), at: now)
    case .accepted(let connection, let listener, let transport, let from):
      accept(connection, Peer(transport: transport, listener: listener, remote: from, name: 0), at: now)
    case .connected(let connection): connected(connection, at: now)
    case .connectFailed(let connection):
      guard connections[connection] != nil else { return }
      counters.connectFailures += 1
      noteRefusal(connection, at: now)
      remove(connection)
    case .received(let connection, let bytes): receive(bytes, on: connection, at: now)
    case .closed(let connection): remove(connection)
    case .send(let flow, let bytes): send(bytes, flow, at: now)
    }
  }

  /// Closes the connections whose time is up.
  public mutating func advance(to now: Instant) {
    while let id = checks.popDue(at: now) { check(id, at: now) }
  }

  mutating func send(_ bytes: [UInt8], _ flow: Flow, at now: Instant) {
    switch flow.transport {
    case .udp: outputs.append(.datagram(listener: flow.listener, to: flow.remote, bytes: bytes))
    case .tcp, .tls: write(bytes, flow, at: now)
    }
  }

  private mutating func receive(datagram bytes: [UInt8], _ flow: Flow, at now: Instant) {
    counters.datagramsReceived += 1
    // What phones send to keep a binding of a NAT alive.
    if bytes.count <= 4, bytes.allSatisfy({ $0 == 0x0D || $0 == 0x0A || $0 == 0x20 || $0 == 0 }) {
      counters.keepAlives += 1
      return
    }
    receive(message: bytes, flow, at: now)
  }

  /// False where it is malformed.
  @discardableResult
  mutating func receive(message bytes: [UInt8], _ flow: Flow, at now: Instant) -> Bool {
    do throws(SIPParseError) {
      var message = try SIPMessage(parsing: bytes)
      if message.isRequest {
        message.setReceived(flow.remote.address, port: flow.remote.port)
        if flow.transport.isReliable { agreeToKeepAlive(&message) }
      } else if flow.connection != 0 {
        heed(message, on: flow.connection)
      }
      outputs.append(.message(message, flow))
      return true
    } catch {
      refuse(error, flow, at: now)
      return false
    }
  }

  /// Answers 400 or the like where enough of the request is intact, so that an honest peer learns what is wrong.
  mutating func refuse(_ error: SIPParseError, _ flow: Flow, at now: Instant) {
    counters.malformed += 1
    if logLevel <= .debug {
      outputs.append(.log(LogEntry(.debug, "sip.malformed", flow.remote.text + ": " + error.reasonPhrase)))
    }
    guard let status = error.suggestedStatus, var request = error.partial else { return }
    guard mayAnswer(at: now) else {
      counters.malformedUnanswered += 1
      return
    }
    request.setReceived(flow.remote.address, port: flow.remote.port)
    let via = request.topVia
    let writer = MessageWriter.response(status, to: request, toTag: Self.tag(via), reason: error.reasonPhrase)
    send(writer.finish(), flow.forResponse(via: via), at: now)
  }

  /// Without state, and the same for each repetition of the request.
  private static func tag(_ via: Via) -> ByteString {
    var hash = KeyedHash(secret: (0, 0))
    hash.absorb(field: via.text)
    var writer = ByteWriter(capacity: 16)
    writer.append(hex: hash.finish().0, digits: 16)
    return ByteString(writer.bytes)
  }

  private mutating func mayAnswer(at now: Instant) -> Bool {
    let second = now.nanoseconds / 1_000_000_000
    if second != answersInSecond.second { answersInSecond = (second, 0) }
    answersInSecond.count += 1
    return answersInSecond.count <= limits.maxErrorAnswersPerSecond
  }
}
