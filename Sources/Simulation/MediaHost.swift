// A media core with an address: knows which stream has which port, as the sockets of a real machine do.

import Basics
import MediaEngine

struct MediaHost {
  struct Sink: PacketSink {
    var packets: [(stream: StreamID, to: Endpoint, bytes: [UInt8])] = []
    mutating func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) {
      packets.append((stream, remote, Array(packet)))
    }
  }

  let address: IPAddress
  var engine: MediaEngine
  private var ports: [StreamID: UInt16] = [:]
  private var streams: [UInt16: StreamID] = [:]

  init(address: IPAddress, engine: MediaEngine) {
    self.address = address
    self.engine = engine
  }

  var nextDeadline: Instant? { engine.nextDeadline }

  mutating func handle(_ command: MediaCommand, at now: Instant, on network: inout VirtualNetwork) -> [MediaEvent] {
    engine.handle(command, at: now)
    return drain()
  }

  mutating func receive(
    _ bytes: [UInt8], port: UInt16, from: Endpoint, at now: Instant, on network: inout VirtualNetwork
  )
    -> [MediaEvent]
  {
    guard let stream = streams[port] else { return [] }
    var sink = Sink()
    var packet = bytes
    packet.withUnsafeMutableBytes { engine.receive($0, on: stream, from: from, at: now, to: &sink) }
    carry(sink, at: now, on: &network)
    return drain()
  }

  mutating func advance(to now: Instant, on network: inout VirtualNetwork) -> [MediaEvent] {
    var sink = Sink()
    engine.advance(to: now, sink: &sink)
    carry(sink, at: now, on: &network)
    return drain()
  }

  private func carry(_ sink: Sink, at now: Instant, on network: inout VirtualNetwork) {
    for packet in sink.packets {
      guard let port = ports[packet.stream] else { continue }
      network.send(packet.bytes, from: Endpoint(address, port), to: packet.to, at: now)
    }
  }

  private mutating func drain() -> [MediaEvent] {
    while let action = engine.pollPort() {
      switch action {
      case .bind(let stream, let port, _):
        ports[stream] = port
        streams[port] = stream
      case .close(let stream):
        if let port = ports.removeValue(forKey: stream), streams[port] == stream { streams[port] = nil }
      }
    }
    var events: [MediaEvent] = []
    while let event = engine.pollEvent() { events.append(event) }
    return events
  }
}
