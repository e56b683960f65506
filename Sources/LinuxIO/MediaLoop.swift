// What the media thread does: waits for packets, commands and the engine's clock. A relayed packet costs one wait, one
// receive and one send; nothing is allocated for it.

import Basics
import CLinux
import MediaEngine

struct MediaLoop {
  private enum Limits {
    /// Longer datagrams are no RTP of ours and are dropped.
    static let packetBytes = 2_048
    /// How soon to try again while the signalling thread has not taken its events.
    static let eventRetry = Interval.milliseconds(10)
    /// Room of the event ring below which it is emptied for any event's sake.
    static let eventRoom = MediaThread.Limits.events / 2
  }

  private var engine: MediaEngine
  private let link: MediaLink
  private let poller: Poller<StreamToken>
  private var ports: MediaPorts
  private let buffer: UnsafeMutableRawBufferPointer

  init(_ engine: MediaEngine, _ link: MediaLink) throws(SystemError) {
    self.engine = engine
    self.link = link
    poller = try Poller()
    ports = MediaPorts(limit: engine.limits.streams)
    buffer = .allocate(byteCount: Limits.packetBytes, alignment: 16)
    try poller.add(link.commandSignal.descriptor, .commands)
  }

  /// Until `isStopping`.
  mutating func run() {
    var now = MonotonicClock.now
    while !link.isStopping {
      let count = poller.wait(until: nextDeadline(at: now), at: now)
      now = MonotonicClock.now
      // Before packets, even where nobody woke the thread for them: what a call hears ends with the call.
      takeCommands(at: now)
      for index in 0..<count {
        switch poller.event(index).token {
        case .commands:
          link.commandSignal.clear()
          takeCommands(at: now)
        case .port(let slot): receive(on: slot, at: now)
        }
      }
      if let deadline = engine.nextDeadline, deadline <= now { engine.advance(to: now, sink: &ports) }
      settle()
    }
    ports.closeAll()
    buffer.deallocate()
  }

  private func nextDeadline(at now: Instant) -> Instant? {
    guard link.events.room == 0 else { return engine.nextDeadline }
    let retry = now + Limits.eventRetry
    return min(engine.nextDeadline ?? retry, retry)
  }

  private mutating func takeCommands(at now: Instant) {
    while let command = link.commands.pop() {
      engine.handle(command, at: now)
      // At once: a port that is closed and opened again must go through both.
      bindAndClose()
    }
  }

  /// One datagram. If more wait, the next wait says so.
  private mutating func receive(on slot: UInt32, at now: Instant) {
    guard let (id, socket) = ports.socket(at: slot), let datagram = socket.receive(into: buffer), !datagram.isTruncated
    else { return }
    engine.receive(
      UnsafeMutableRawBufferPointer(rebasing: buffer[..<datagram.count]), on: id, from: datagram.from, at: now,
      to: &ports)
  }

  private mutating func settle() {
    bindAndClose()
    var hasNews = false
    while link.events.room > 0, let event = engine.pollEvent() {
      _ = link.events.push(event)
      hasNews = hasNews || !event.canWait || link.events.room < Limits.eventRoom
    }
    if hasNews { link.eventSignal.signal() }
  }

  private mutating func bindAndClose() {
    while let action = engine.pollPort() {
      switch action {
      case .bind(let id, let port, let v6):
        if !bind(id, port: port, v6: v6) { engine.portFailed(id) }
      case .close(let id): ports.close(id)
      }
    }
  }

  private mutating func bind(_ id: StreamID, port: UInt16, v6: Bool) -> Bool {
    if ports.reopen(id, port: port, v6: v6, draining: buffer) { return true }
    let address = v6 ? IPAddress.v6(high: 0, low: 0) : .anyV4
    do throws(SystemError) {
      let socket = try DatagramSocket(
        bindingTo: Endpoint(address, port), serviceClass: .voice, servesBoth: v6)
      try poller.add(socket.descriptor, .port(id.slot))
      ports.open(id, socket, port: port, v6: v6)
      return true
    } catch {
      return false
    }
  }
}

extension MediaEvent {
  /// Nobody waits for the statistics of a stream that has ended: they go with the next event.
  fileprivate var canWait: Bool { if case .closed = self { true } else { false } }
}

/// What an event of the media thread's poller is about.
private enum StreamToken: PollToken {
  case commands
  case port(UInt32)

  // No stream has the highest slot: slots are below the engine's limit.
  private static let commandsPacked = UInt64.max

  init(packed: UInt64) {
    self = packed == Self.commandsPacked ? .commands : .port(UInt32(truncatingIfNeeded: packed))
  }
  var packed: UInt64 {
    switch self {
    case .commands: Self.commandsPacked
    case .port(let slot): UInt64(slot)
    }
  }
}

/// The sockets of the streams, by slot: where the engine's packets leave. A slot's stream has always the same port, so
/// a closed stream leaves its socket bound for the next one; what comes in between is read and dropped.
private struct MediaPorts: PacketSink {
  private struct Port {
    var id: StreamID
    let socket: DatagramSocket
    let number: UInt16
    let v6: Bool
    var isOpen: Bool
  }
  /// Sockets that stay bound without a stream; more are closed.
  private static let idleLimit = 128
  /// Datagrams that may wait in a socket that is opened again; a flooded one is bound anew.
  private static let staleLimit = 64

  private var ports: [Port?]
  private var idleCount = 0

  init(limit: Int) { ports = Array(repeating: nil, count: limit) }

  /// The socket at a slot, and the stream it is open for or was open for last.
  func socket(at slot: UInt32) -> (StreamID, DatagramSocket)? {
    guard Int(slot) < ports.count, let port = ports[Int(slot)] else { return nil }
    return (port.id, port.socket)
  }

  mutating func open(_ id: StreamID, _ socket: DatagramSocket, port: UInt16, v6: Bool) {
    guard Int(id.slot) < ports.count else { return }
    ports[Int(id.slot)] = Port(id: id, socket: socket, number: port, v6: v6, isOpen: true)
  }

  /// Takes the socket that an earlier stream left, without what came for that one; false where there is none.
  mutating func reopen(_ id: StreamID, port: UInt16, v6: Bool, draining buffer: UnsafeMutableRawBufferPointer) -> Bool {
    let slot = Int(id.slot)
    guard slot < ports.count, let idle = ports[slot], !idle.isOpen else { return false }
    idleCount -= 1
    guard idle.number == port, idle.v6 == v6, Self.drain(idle.socket, into: buffer) else {
      ports[slot] = nil
      return false
    }
    ports[slot]?.id = id
    ports[slot]?.isOpen = true
    return true
  }

  private static func drain(_ socket: DatagramSocket, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
    for _ in 0..<staleLimit where socket.receive(into: buffer) == nil { return true }
    return false
  }

  mutating func close(_ id: StreamID) {
    let slot = Int(id.slot)
    guard slot < ports.count, let port = ports[slot], port.id == id, port.isOpen else { return }
    if idleCount < Self.idleLimit {
      idleCount += 1
      ports[slot]?.isOpen = false
    } else {
      ports[slot] = nil
    }
  }
  mutating func closeAll() { ports.removeAll() }

  func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) {
    guard Int(stream.slot) < ports.count, let port = ports[Int(stream.slot)], port.id == stream, port.isOpen
    else { return }
    port.socket.send(packet, to: remote)
  }
}
