// What a sequence number says about a packet (RFC 3550 appendix A.1): in order, after a gap, late, doubled, or from a
// sender that started anew. Counts nothing: its owner does.

public struct SequenceTracker: Sendable, BitwiseCopyable {
  /// A gap longer than this is a sender that started anew, not a loss (about a minute of 20 ms packets).
  public static let maximumGap = 3_000
  /// A packet further back than this is a sender that started anew, not a late packet.
  public static let maximumLateness = 100

  public enum Arrival: Hashable, Sendable {
    /// The first packet of this source.
    case first
    /// Newer than all before; `lost` numbers are missing between.
    case newest(lost: Int)
    /// Older than the newest: reordered on the way.
    case late
    /// The newest once more.
    case duplicate
    /// The same source with numbers that do not continue.
    case restarted
  }

  private var ssrc: UInt32 = 0
  private var newest: UInt16 = 0
  private var hasBegun = false

  public init() {}

  public mutating func note(_ header: RTPHeader) -> Arrival {
    guard hasBegun, header.ssrc == ssrc else {
      begin(header)
      return .first
    }
    let distance = Int(Int16(truncatingIfNeeded: header.sequence &- newest))
    switch distance {
    case 0:
      return .duplicate
    case 1...Self.maximumGap:
      newest = header.sequence
      return .newest(lost: distance - 1)
    case (-Self.maximumLateness)..<0:
      return .late
    default:
      begin(header)
      return .restarted
    }
  }

  private mutating func begin(_ header: RTPHeader) {
    hasBegun = true
    ssrc = header.ssrc
    newest = header.sequence
  }
}
