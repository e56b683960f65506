// Several user agents and bare sockets on one seeded network in virtual time: datagrams may be lost, doubled and
// delayed; streams keep their order. Address translation stands before the nodes that ask for it.

import Basics
import Journal
import SDP
import SIPMessage
import SIPTransaction

@testable import SIPUserAgent

final class World {
  struct Node {
    var agent: UserAgent
    var address: IPAddress
    var events: [UserAgent.Event] = []
    var facts: [Fact] = []
    var logs: [LogEntry] = []
  }
  struct Packet {
    var from: Endpoint
    var to: Endpoint
    var bytes: [UInt8]
    var message: SIPMessage? { try? SIPMessage(parsing: bytes) }
  }
  private enum Delivery {
    case datagram(Packet)
    case stream(node: Int, TransportLayer.Input)
  }
  private struct Stream {
    var near: (node: Int, connection: UInt32)
    var far: (node: Int, connection: UInt32)
  }

  var now = Instant(nanoseconds: 1_000_000_000)
  var nodes: [Node] = []
  /// Everything sent as datagrams, as the sender sent it.
  var sent: [Packet] = []
  /// What reached endpoints that belong to no node.
  var mailboxes: [Endpoint: [Packet]] = [:]
  var lossPercent = 0
  var doublePercent = 0
  var delay = (least: 5, most: 5)
  /// Inside addresses with the address and the port offset that the outside sees.
  var translations: [IPAddress: (outside: IPAddress, offset: UInt16)] = [:]

  let seed: UInt64
  private var random: SeededRandom
  private var queue: [(at: Instant, order: Int, delivery: Delivery)] = []
  private var order = 0
  private var streams: [Stream] = []
  private var lastAccepted: UInt32 = 0

  init(seed: UInt64 = 1) {
    self.seed = seed
    random = SeededRandom(seed: seed)
  }

  // MARK: Nodes

  func add(_ address: StaticString, _ settings: UserAgent.Settings, timing: TimerValues = TimerValues()) -> Int {
    var agent = UserAgent(timing: timing)
    let own = IPAddress(ByteString(address)) ?? .loopbackV4
    agent.handle(.entropy((0..<32).map { _ in UInt8(random.below(256)) }), at: now)
    agent.handle(.interfaces([Interface(address: own, prefixLength: 24)]), at: now)
    nodes.append(Node(agent: agent, address: own))
    handle(nodes.count - 1, .configure(settings))
    return nodes.count - 1
  }

  func handle(_ node: Int, _ input: UserAgent.Input) {
    nodes[node].agent.handle(input, at: now)
    drain(node)
  }
  func command(_ node: Int, _ command: UserAgent.Command) { handle(node, .command(command)) }

  private func drain(_ node: Int) {
    while let output = nodes[node].agent.pollOutput() {
      switch output {
      case .event(let event): nodes[node].events.append(event)
      case .persist(let fact): nodes[node].facts.append(fact)
      case .log(let entry): nodes[node].logs.append(entry)
      case .transport(let output): carry(output, from: node)
      }
    }
  }

  private func carry(_ output: TransportLayer.Output, from node: Int) {
    switch output {
    case .datagram(let listener, let to, let bytes):
      let port = nodes[node].agent.settings.listeners.first { $0.index == listener }?.endpoint.port ?? 5060
      send(bytes, from: Endpoint(nodes[node].address, port), to: to)
    case .connect(let connection, _, let to, let expected): connect(node, connection, to, expected)
    case .write(let connection, let bytes):
      guard let far = other(end: (node, connection)) else { return }
      later(.stream(node: far.node, .received(connection: far.connection, bytes: bytes)), 5)
    case .close(let connection):
      guard let far = other(end: (node, connection)) else { return }
      streams.removeAll { $0.near == far || $0.far == far }
      later(.stream(node: far.node, .closed(connection: far.connection)), 5)
    case .message, .failed, .log: break
    }
  }

  // MARK: The network

  func send(_ bytes: [UInt8], from: Endpoint, to: Endpoint) {
    sent.append(Packet(from: from, to: to, bytes: bytes))
    if random.chance(percent: lossPercent) { return }
    let copies = random.chance(percent: doublePercent) ? 2 : 1
    var packet = Packet(from: from, to: to, bytes: bytes)
    if let outside = translations[from.address], !isInside(to.address, from.address) {
      packet.from = Endpoint(outside.outside, from.port &+ outside.offset)
    }
    for (inside, outside) in translations where packet.to.address == outside.outside {
      packet.to = Endpoint(inside, packet.to.port &- outside.offset)
    }
    for _ in 0..<copies {
      later(.datagram(packet), delay.least + random.below(delay.most - delay.least + 1))
    }
  }

  /// Behind the same translation nothing is translated.
  private func isInside(_ a: IPAddress, _ b: IPAddress) -> Bool {
    Subnet(b, prefixLength: 24)?.contains(a) == true
  }

  private func later(_ delivery: Delivery, _ milliseconds: Int) {
    order += 1
    queue.append((now + .milliseconds(milliseconds), order, delivery))
  }

  private func deliver(_ delivery: Delivery) {
    switch delivery {
    case .stream(let node, let input): handle(node, .transport(input))
    case .datagram(let packet):
      for index in nodes.indices where nodes[index].address == packet.to.address {
        let listeners = nodes[index].agent.settings.listeners
        guard let listener = listeners.first(where: { $0.endpoint.port == packet.to.port && $0.transport == .udp })
        else { continue }
        return handle(
          index, .transport(.datagram(listener: listener.index, from: packet.from, bytes: packet.bytes)))
      }
      mailboxes[packet.to, default: []].append(packet)
    }
  }

  private func connect(_ node: Int, _ connection: UInt32, _ to: Endpoint, _ expected: PeerName?) {
    let transport: SIPTransport = expected == nil ? .tcp : .tls

    for far in nodes.indices where nodes[far].address == to.address {
      let listeners = nodes[far].agent.settings.listeners
      guard let listener = listeners.first(where: { $0.transport == transport && $0.endpoint.port == to.port }) else {
        continue
      }
      lastAccepted += 2
      streams.append(Stream(near: (node, connection), far: (far, lastAccepted)))
      let source = Endpoint(nodes[node].address, 40_000 + UInt16(lastAccepted))
      later(
        .stream(
          node: far, .accepted(connection: lastAccepted, listener: listener.index, over: transport, from: source)), 5)
      return later(.stream(node: node, .connected(connection: connection)), 5)
    }
    later(.stream(node: node, .connectFailed(connection: connection)), 5)
  }

  private func other(end: (node: Int, connection: UInt32)) -> (node: Int, connection: UInt32)? {
    for stream in streams {
      if stream.near == end { return stream.far }
      if stream.far == end { return stream.near }
    }
    return nil
  }

  /// Cuts every stream of a node, as a failing network does.
  func cutStreams(of node: Int) {
    for stream in streams where stream.near.node == node || stream.far.node == node {
      later(.stream(node: stream.near.node, .closed(connection: stream.near.connection)), 1)
      later(.stream(node: stream.far.node, .closed(connection: stream.far.connection)), 1)
    }
    streams.removeAll { $0.near.node == node || $0.far.node == node }
  }

  // MARK: Time

  private var nextTime: Instant? {
    (queue.map(\.at) + nodes.compactMap(\.agent.nextDeadline)).min()
  }

  private func step(to time: Instant) {
    now = max(now, time)
    queue.sort { ($0.at, $0.order) < ($1.at, $1.order) }
    while let first = queue.first, first.at <= now {
      queue.removeFirst()
      deliver(first.delivery)
    }
    for index in nodes.indices where nodes[index].agent.nextDeadline.map({ $0 <= now }) ?? false {
      nodes[index].agent.advance(to: now)
      drain(index)
    }
  }

  func run(_ length: Interval) { _ = run(atMost: length) { false } }

  /// Lets time pass until something holds; false if it never did.
  func run(atMost length: Interval = .seconds(5), until isDone: () -> Bool) -> Bool {
    let end = now + length
    while true {
      if isDone() { return true }
      guard let next = nextTime, next <= end else {
        now = end
        return isDone()
      }
      step(to: next)
    }
  }
}
