// Stream connections: accepting, opening, reuse by far end (RFC 3261 §18.1.1, §18.2.2), framing (§18.3), pongs to
// keep-alives (RFC 5626 §3.5.1), and closing those that are idle, slow or hostile.

import Basics
import SIPMessage

extension TransportLayer {
  mutating func accept(_ id: UInt32, _ peer: Peer, at now: Instant) {
    // An old one with this number or from this port cannot be alive any more.
    remove(id)
    if let old = connectionTo[peer] { close(old) }
    guard connections.count < limits.maxConnections,
      countAccepted(from: peer.remote.address) < limits.maxConnectionsPerSource
    else {
      counters.connectionsRefused += 1
      outputs.append(.close(connection: id))
      return
    }
    counters.connectionsAccepted += 1
    insert(Connection(peer: peer, isAccepted: true, startedAt: now, state: .open, lastActivity: now), id)
  }

  mutating func connected(_ id: UInt32, at now: Instant) {
    guard case .opening(let waiting) = connections[id]?.state else { return }
    connections[id]?.state = .open
    connections[id]?.lastActivity = now
    connections[id]?.keepAlive = KeepAlive(interval: limits.pingInterval, sentAt: now)
    for (_, bytes) in waiting { outputs.append(.write(connection: id, bytes: bytes)) }
    schedule(id)
  }

  mutating func write(_ bytes: [UInt8], _ flow: Flow, at now: Instant) {
    let peer = flow.farEnd
    let known = connections[flow.connection] != nil ? flow.connection : connectionTo[peer]
    guard let id = known ?? open(peer, at: now), hasRoom(id, for: bytes.count) else {
      counters.sendsRefused += 1
      outputs.append(.failed(flow))
      return
    }
    if case .opening(var waiting) = connections[id]?.state {
      waiting.append((flow, bytes))
      connections[id]?.state = .opening(waiting: waiting)
    } else {
      connections[id]?.lastActivity = now
      outputs.append(.write(connection: id, bytes: bytes))
    }
  }

  private func hasRoom(_ id: UInt32, for count: Int) -> Bool {
    guard case .opening(let waiting) = connections[id]?.state else { return true }
    return waiting.reduce(count) { $0 + $1.bytes.count } <= limits.maxPendingBytes
  }

  private mutating func open(_ peer: Peer, at now: Instant) -> UInt32? {
    guard connections.count < limits.maxConnections else { return nil }
    let expected = peer.transport == .tls ? peerNames[peer.name] : nil
    // A phone is reached over TLS by the connection that it opened, or not at all.
    guard peer.transport != .tls || expected != nil else { return nil }
    repeat { lastOpened &+= 2 } while connections[lastOpened] != nil
    counters.connectionsOpened += 1
    outputs.append(
      .connect(connection: lastOpened, listener: peer.listener, to: peer.remote, expecting: expected))
    insert(
      Connection(peer: peer, isAccepted: false, startedAt: now, state: .opening(waiting: []), lastActivity: now),
      lastOpened)
    return lastOpened
  }

  private mutating func insert(_ connection: Connection, _ id: UInt32) {
    connections[id] = connection
    connectionTo[connection.peer] = id
    schedule(id)
  }

  private func countAccepted(from address: IPAddress) -> Int {
    var count = 0
    for connection in connections.values where connection.isAccepted && connection.peer.remote.address == address {
      count += 1
    }
    return count
  }

  // MARK: Bytes that come

  mutating func receive(_ bytes: [UInt8], on id: UInt32, at now: Instant) {
    guard let connection = connections[id] else { return }
    let flow = connection.peer.flow(id)
    connections[id]?.lastActivity = now
    connections[id]?.framer.push(bytes[...])
    var isInStep = true
    var completed = 0
    do throws(SIPParseError) {
      while let message = try connections[id]?.framer.next() {
        completed += 1
        if !receive(message: message, flow, at: now) { connections[id]?.malformedCount += 1 }
      }
    } catch {
      refuse(error, flow, at: now)
      isInStep = false
    }
    guard isInStep, (connections[id]?.malformedCount ?? 0) < limits.maxMalformedPerConnection else {
      counters.connectionsHostile += 1
      return close(id)
    }
    answerPings(id)
    noteLife(id)
    note(id, completed: completed, at: now)
  }

  private mutating func answerPings(_ id: UInt32) {
    guard let pings = connections[id]?.framer.pendingPings, pings > 0 else { return }
    counters.keepAlives += UInt64(pings)
    connections[id]?.framer.pendingPings = 0
    var pongs: [UInt8] = []
    for _ in 0..<pings { pongs += [0x0D, 0x0A] }
    outputs.append(.write(connection: id, bytes: pongs))
  }

  /// Notes whether a message has begun or come to its end.
  private mutating func note(_ id: UInt32, completed: Int, at now: Instant) {
    guard let connection = connections[id] else { return }
    if completed > 0 { connections[id]?.hasBroughtMessage = true }
    if connection.framer.count == 0 {
      connections[id]?.partialSince = nil
    } else if completed > 0 || connection.partialSince == nil {
      connections[id]?.partialSince = now
    }
    schedule(id)
  }

  // MARK: Time and the end

  /// Looks at the connection again when its time may be up. Deadlines that moved away are found out about then.
  private mutating func schedule(_ id: UInt32) {
    guard let connection = connections[id] else { return }
    let deadline = connection.deadline(limits)
    guard deadline < connection.checkAt else { return }
    connections[id]?.checkAt = deadline
    checks.set(id, to: deadline)
  }

  mutating func check(_ id: UInt32, at now: Instant) {
    guard let connection = connections[id] else { return }
    guard connection.deadline(limits) <= now else {
      connections[id]?.checkAt = .never
      return schedule(id)
    }
    if connection.keepAlive != nil, connection.lapse(limits) > now {
      guard !keepAlive(id, at: now) else { return close(id) }
      connections[id]?.checkAt = .never
      return schedule(id)
    }
    if case .opening = connection.state {
      counters.connectTimeouts += 1
      noteRefusal(id, at: now)
    } else {
      counters.connectionsExpired += 1
    }
    close(id)
  }

  private mutating func close(_ id: UInt32) {
    outputs.append(.close(connection: id))
    remove(id)
  }

  /// Forgets it and says so to whoever had something on it.
  mutating func remove(_ id: UInt32) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    checks.cancel(id)
    if connectionTo[connection.peer] == id { connectionTo[connection.peer] = nil }
    let own = connection.peer.flow(id)
    outputs.append(.failed(own))
    guard case .opening(let waiting) = connection.state else { return }
    var told = own
    for (flow, _) in waiting where flow != told && flow.connection != 0 {
      outputs.append(.failed(flow))
      told = flow
    }
  }
}
