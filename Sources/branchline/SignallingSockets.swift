// The SIP sockets: listeners by their number in the configuration, connections by the number that the core knows them
// by. What happens to them becomes inputs of the core; its outputs are carried out.

import Basics
import LinuxIO
import SIPTransaction
import SIPUserAgent

final class SignallingSockets {
  enum Limits {
    /// Bytes the kernel keeps for a listener while the thread is busy: some hundred messages.
    static let receiveBufferBytes = 1_048_576
    static let datagramBytes = 65_535
    static let streamReadBytes = 65_536
    /// Connections accepted by one listener in one turn; more wait for the next.
    static let acceptsPerTurn = 16
    /// Steps of TLS handshakes in one turn, each of which costs a millisecond or so; more wait for the next
    /// (`Counters.handshakesDelayed`).
    static let handshakesPerTurn = 2
    /// Refused handshakes told in the log in a minute; of more, their count (`Counters.handshakesRefused`).
    static let refusalsToldPerMinute = 10
  }
  struct Counters {
    var datagramsReceived = 0
    var datagramsSent = 0
    var sendFailures = 0
    var handshakes = 0
    var handshakesDelayed = 0
    var handshakesRefused = 0
  }

  private enum Socket {
    case datagram(DatagramSocket)
    case stream(StreamListener)

    var descriptor: Int32 {
      switch self {
      case .datagram(let socket): socket.descriptor
      case .stream(let listener): listener.descriptor
      }
    }
  }
  private struct Listener {
    let settings: UserAgent.ListenerSettings
    let socket: Socket
  }

  var counters = Counters()
  /// What sessions of TLS are made with; those that were begun keep theirs.
  var secure = SecureContexts()
  /// Those whose handshake can go on, in their order.
  var waitingHandshakes = Fifo<UInt32>()
  var refusals = RefusalLog()
  let poller: Poller<PollSubject>
  private var listeners: [Listener] = []
  /// Opened for a configuration that is being committed.
  private var reserved: [Listener] = []
  var connections: [UInt32: SignallingConnection] = [:]
  /// Connections that peers open have even numbers.
  private var lastAccepted: UInt32 = 0
  var inputs = Fifo<TransportLayer.Input>()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.streamReadBytes, alignment: 16)

  init(_ poller: Poller<PollSubject>) { self.poller = poller }
  deinit { buffer.deallocate() }

  var connectionCount: Int { connections.count }

  /// What happened since, in order, nil when all has been told.
  func nextInput() -> TransportLayer.Input? { inputs.popFirst() }

  /// Listens where the settings say. Sockets that stay at their address are kept. When one cannot be opened, everything
  /// is as before.
  func listen(_ wanted: [UserAgent.ListenerSettings]) throws(SystemError) {
    defer { reserved = [] }
    let new = try sockets(for: wanted)
    for listener in listeners { poller.remove(listener.socket.descriptor) }
    listeners = new
    for listener in new { try poller.add(listener.socket.descriptor, .listener(listener.settings.index)) }
  }

  /// Takes the addresses that are not listened at yet, without listening; the next `listen` begins with them.
  func reserve(_ wanted: [UserAgent.ListenerSettings]) throws(SystemError) {
    reserved = []
    reserved = try sockets(for: wanted)
  }

  private func sockets(for wanted: [UserAgent.ListenerSettings]) throws(SystemError) -> [Listener] {
    var new: [Listener] = []
    for settings in wanted {
      let kept = (listeners + reserved).first {
        $0.settings.transport == settings.transport && $0.settings.endpoint == settings.endpoint
      }
      let socket: Socket
      if let kept { socket = kept.socket } else { socket = try Self.open(settings) }
      new.append(Listener(settings: settings, socket: socket))
    }
    return new
  }

  private static func open(_ settings: UserAgent.ListenerSettings) throws(SystemError) -> Socket {
    switch settings.transport {
    case .udp:
      .datagram(
        try DatagramSocket(
          bindingTo: settings.endpoint, serviceClass: .signalling, receiveBuffer: Limits.receiveBufferBytes))
    case .tcp, .tls: .stream(try StreamListener(bindingTo: settings.endpoint))
    }
  }

  private func socket(_ number: UInt16) -> Socket? {
    // They are numbered in their order, so the first look nearly always finds it.
    if Int(number) < listeners.count, listeners[Int(number)].settings.index == number {
      return listeners[Int(number)].socket
    }
    return listeners.first { $0.settings.index == number }?.socket
  }

  // MARK: - Events

  /// A listener is readable.
  func receive(onListener number: UInt16) {
    switch socket(number) {
    case .datagram(let socket):
      guard let datagram = socket.receive(into: buffer) else { return }
      counters.datagramsReceived += 1
      inputs.append(.datagram(listener: number, from: datagram.from, bytes: copy(datagram.count)))
    case .stream(let listener):
      for _ in 0..<Limits.acceptsPerTurn {
        guard let accepted = listener.accept() else { return }
        accept(accepted.connection, number: nextAccepted(), listener: number, from: accepted.from)
      }
    case nil: return
    }
  }

  private func nextAccepted() -> UInt32 {
    repeat {
      lastAccepted &+= 2
    } while lastAccepted == 0 || connections[lastAccepted] != nil
    return lastAccepted
  }

  private func accept(_ stream: StreamConnection, number: UInt32, listener: UInt16, from: Endpoint) {
    let isSecure = listeners.contains { $0.settings.index == listener && $0.settings.transport == .tls }
    let session = isSecure ? secure.accepting() : nil
    guard !isSecure || session != nil, (try? poller.add(stream.descriptor, .connection(number))) != nil else { return }
    connections[number] = SignallingConnection(stream, session, isAccepted: true, with: from)
    inputs.append(.accepted(connection: number, listener: listener, over: isSecure ? .tls : .tcp, from: from))
  }

  func copy(_ count: Int) -> [UInt8] { Array(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }

  // MARK: - The core's outputs

  func send(_ bytes: [UInt8], on number: UInt16, to remote: Endpoint) {
    guard case .datagram(let socket)? = socket(number), socket.send(bytes, to: remote) == 0 else {
      counters.sendFailures += 1
      return
    }
    counters.datagramsSent += 1
  }
}
