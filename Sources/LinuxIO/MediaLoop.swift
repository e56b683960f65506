// What the media thread does: waits for packets, commands and the engine's clock. A relayed packet costs one wait, one
// receive and one send; nothing is allocated for it.

import Basics
import CLinux
import MediaEngine

struct MediaLoop {
  private enum Limits {
    /// Longer datagrams are no RTP of ours and are dropped.
    static let packetBytes = 2_048
    static let receiveBufferBytes = 65_536
    /// How soon to try again while the signalling thread has not taken its events.
    static let eventRetry = Interval.milliseconds(10)
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
      for index in 0..<count {
        switch poller.event(index).token {
        case .commands: takeCommands(at: now)
        case .stream(let id): receive(on: id, at: now)
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
    link.commandSignal.clear()
    while let command = link.commands.pop() {
      engine.handle(command, at: now)
      // At once: a port that is closed and opened again must go through both.
      bindAndClose()
    }
  }

  /// One datagram. If more wait, the next wait says so.
  private mutating func receive(on id: StreamID, at now: Instant) {
    guard let socket = ports.socket(of: id), let datagram = socket.receive(into: buffer), !datagram.isTruncated
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
      hasNews = true
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
    let address = v6 ? IPAddress.v6(high: 0, low: 0) : .anyV4
    do throws(SystemError) {
      let socket = try DatagramSocket(
        bindingTo: Endpoint(address, port), serviceClass: .voice, receiveBuffer: Limits.receiveBufferBytes)
      try poller.add(socket.descriptor, .stream(id))
      ports.open(id, socket)
      return true
    } catch {
      return false
    }
  }
}

/// What an event of the media thread's poller is about.
private enum StreamToken: PollToken {
  case commands
  case stream(StreamID)

  // No stream has the highest slot: slots are below the engine's limit.
  private static let commandsPacked = UInt64.max

  init(packed: UInt64) { self = packed == Self.commandsPacked ? .commands : .stream(StreamID(packed: packed)) }
  var packed: UInt64 {
    switch self {
    case .commands: Self.commandsPacked
    case .stream(let id): id.packed
    }
  }
}

/// The sockets of the open streams, by slot: where the engine's packets leave.
private struct MediaPorts: PacketSink {
  private var ports: [(id: StreamID, socket: DatagramSocket)?]

  init(limit: Int) { ports = Array(repeating: nil, count: limit) }

  func socket(of id: StreamID) -> DatagramSocket? {
    guard Int(id.slot) < ports.count, let port = ports[Int(id.slot)], port.id == id else { return nil }
    return port.socket
  }
  mutating func open(_ id: StreamID, _ socket: DatagramSocket) {
    guard Int(id.slot) < ports.count else { return }
    ports[Int(id.slot)] = (id, socket)
  }
  mutating func close(_ id: StreamID) {
    guard socket(of: id) != nil else { return }
    ports[Int(id.slot)] = nil
  }
  mutating func closeAll() { ports.removeAll() }

  func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) {
    socket(of: stream)?.send(packet, to: remote)
  }
}
