// One direction of a TCP connection, put in order (RFC 9293 §3.4): what came twice is left out, what came early waits,
// bounded; a gap that is not filled is stepped over and told.

import Basics

public struct StreamOrder: Sendable {
  public enum Piece: Hashable, Sendable {
    case bytes([UInt8])
    /// Bytes are missing before the next piece: a reader must find its place again.
    case gap
  }

  private struct Early {
    var sequence: UInt32
    var bytes: [UInt8]
  }

  /// Of the next byte; nil before the first segment.
  private var next: UInt32?
  private var early: [Early] = []
  private var earlyBytes = 0
  /// Gaps that were stepped over.
  public private(set) var gaps = 0

  public init() {}

  public mutating func add(_ header: Datagram.TCPHeader, _ bytes: ArraySlice<UInt8>, isCut: Bool = false) -> [Piece] {
    if header.isSyn {
      // A new connection between the same ports, or its first sign once more.
      let start = header.sequence &+ 1
      if next != start || !early.isEmpty { self = StreamOrder(next: start, gaps: gaps) }
      return []
    }
    guard !bytes.isEmpty else { return [] }
    var pieces: [Piece] = []
    let expected = next ?? header.sequence
    if next == nil { next = expected }
    let distance = Int(Int32(bitPattern: header.sequence &- expected))
    if distance > 0 {
      keep(header.sequence, bytes)
      if earlyBytes > PacketLimits.maxUnorderedBytes || early.count > PacketLimits.maxUnorderedSegments {
        stepOverGap(&pieces)
      }
    } else {
      take(bytes.dropFirst(-distance), &pieces)
      takeEarly(&pieces)
    }
    if isCut, distance <= 0 { stepOverGap(&pieces) }
    return pieces
  }

  /// What still waits, when nothing more will come.
  public mutating func finish() -> [Piece] {
    var pieces: [Piece] = []
    while !early.isEmpty { stepOverGap(&pieces) }
    return pieces
  }

  private init(next: UInt32, gaps: Int) {
    self.next = next
    self.gaps = gaps
  }

  private mutating func keep(_ sequence: UInt32, _ bytes: ArraySlice<UInt8>) {
    let place = early.firstIndex { Int32(bitPattern: $0.sequence &- sequence) > 0 } ?? early.count
    early.insert(Early(sequence: sequence, bytes: Array(bytes)), at: place)
    earlyBytes += bytes.count
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, _ pieces: inout [Piece]) {
    guard !bytes.isEmpty, let place = next else { return }
    pieces.append(.bytes(Array(bytes)))
    next = place &+ UInt32(truncatingIfNeeded: bytes.count)
  }

  private mutating func takeEarly(_ pieces: inout [Piece]) {
    while let first = early.first, let place = next {
      let distance = Int(Int32(bitPattern: first.sequence &- place))
      guard distance <= 0 else { return }
      early.removeFirst()
      earlyBytes -= first.bytes.count
      take(first.bytes.dropFirst(-distance), &pieces)
    }
  }

  private mutating func stepOverGap(_ pieces: inout [Piece]) {
    gaps += 1
    pieces.append(.gap)
    guard let first = early.first else {
      // The end of a segment was not captured: what comes next begins behind it, wherever that is.
      next = nil
      return
    }
    next = first.sequence
    takeEarly(&pieces)
  }
}
