// A network in virtual time: datagrams are delayed, lost, doubled and overtake each other, all by one seed.

import Basics

public struct VirtualNetwork {
  public struct Faults: Equatable, Sendable {
    public var lossPercent: Int
    public var duplicatePercent: Int
    public var delay: ClosedRange<Int>

    /// - Parameter delay: milliseconds; a wide range reorders.
    public init(lossPercent: Int, duplicatePercent: Int, delay: ClosedRange<Int>) {
      self.lossPercent = lossPercent
      self.duplicatePercent = duplicatePercent
      self.delay = delay
    }
    public static let none = Faults(lossPercent: 0, duplicatePercent: 0, delay: 1...1)
  }

  public struct Datagram: Sendable {
    public let from: Endpoint
    public let to: Endpoint
    public let bytes: [UInt8]
  }

  public var faults: Faults
  /// Machines whose cable is out.
  public var unplugged: Set<IPAddress> = []
  private var random: SeededRandom
  private var underWay: [UInt64: Datagram] = [:]
  private var arrivals = DeadlineHeap<UInt64>()
  private var sent: UInt64 = 0
  public private(set) var lost = 0
  public private(set) var doubled = 0

  public init(faults: Faults, seed: UInt64) {
    self.faults = faults
    random = SeededRandom(seed: seed)
  }

  public var nextDeadline: Instant? { arrivals.nextDeadline }

  public mutating func send(_ bytes: [UInt8], from: Endpoint, to: Endpoint, at now: Instant) {
    guard unplugged.isEmpty || !unplugged.contains(from.address) && !unplugged.contains(to.address) else { return }
    if random.chance(percent: faults.lossPercent) {
      lost += 1
      return
    }
    let copies = random.chance(percent: faults.duplicatePercent) ? 2 : 1
    doubled += copies - 1
    for _ in 0..<copies {
      sent += 1
      underWay[sent] = Datagram(from: from, to: to, bytes: bytes)
      let delay = faults.delay.lowerBound + random.below(faults.delay.count)
      arrivals.set(sent, to: now + .milliseconds(delay))
    }
  }

  public mutating func arrival(at now: Instant) -> Datagram? {
    arrivals.popDue(at: now).flatMap { underWay.removeValue(forKey: $0) }
  }
}
