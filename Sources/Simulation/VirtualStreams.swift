// Stream connections in virtual time: nothing is lost and nothing overtakes, but a lost segment delays all that follow.
// A machine that loses power answers nothing: the far end learns of it some seconds later.

import Basics
import SIPTransaction

struct VirtualStreams {
  /// One end of a connection, by its number on that machine. The box is machine -1, people count from 0.
  struct End: Hashable {
    let machine: Int
    let connection: UInt32
  }

  private var peers: [End: End] = [:]
  private var underWay: [UInt64: (to: End, input: TransportLayer.Input)] = [:]
  private var arrivals = DeadlineHeap<UInt64>()
  private var latestArrival: [End: Instant] = [:]
  private var sent: UInt64 = 0
  private var lastAccepted: UInt32 = 0
  private var random: SeededRandom
  var faults: VirtualNetwork.Faults

  init(faults: VirtualNetwork.Faults, seed: UInt64) {
    self.faults = faults
    random = SeededRandom(seed: seed)
  }

  var nextDeadline: Instant? { arrivals.nextDeadline }

  /// - Parameter listener: the machine that listens there, and its number for that; nil where nobody does.
  mutating func connect(
    _ near: End, from source: Endpoint, to listener: (machine: Int, listener: UInt16)?, at now: Instant
  ) {
    guard let listener else { return deliver(.connectFailed(connection: near.connection), to: near, at: now) }
    lastAccepted += 2
    let far = End(machine: listener.machine, connection: lastAccepted)
    peers[near] = far
    peers[far] = near
    deliver(.accepted(connection: far.connection, listener: listener.listener, from: source), to: far, at: now)
    deliver(.connected(connection: near.connection), to: near, at: now)
  }

  mutating func write(_ bytes: [UInt8], on end: End, at now: Instant) {
    guard let peer = peers[end] else { return }
    deliver(.received(connection: peer.connection, bytes: bytes), to: peer, at: now)
  }

  mutating func close(_ end: End, at now: Instant) {
    guard let peer = peers.removeValue(forKey: end) else { return }
    peers[peer] = nil
    deliver(.closed(connection: peer.connection), to: peer, at: now)
  }

  mutating func powerFails(on machine: Int, at now: Instant) {
    for (id, one) in underWay where one.to.machine == machine {
      underWay[id] = nil
      arrivals.cancel(id)
    }
    let own = peers.keys.filter { $0.machine == machine }.sorted { $0.connection < $1.connection }
    for end in own { close(end, at: now + .seconds(3)) }
  }

  mutating func arrival(at now: Instant) -> (machine: Int, input: TransportLayer.Input)? {
    guard let id = arrivals.popDue(at: now), let one = underWay.removeValue(forKey: id) else { return nil }
    return (one.to.machine, one.input)
  }

  private mutating func deliver(_ input: TransportLayer.Input, to end: End, at now: Instant) {
    var delay = faults.delay.lowerBound + random.below(faults.delay.count)
    if random.chance(percent: faults.lossPercent) { delay += 200 }
    let arrival = max(now + .milliseconds(delay), latestArrival[end] ?? .zero)
    latestArrival[end] = arrival
    sent += 1
    underWay[sent] = (end, input)
    arrivals.set(sent, to: arrival)
  }
}
