// Places for a few seconds of recorded sound each, in memory that was set aside before the engine started: the media
// thread fills a place between `record` and `recorded`, the signalling thread may read and fill it at any other time.
// The rings between the threads order the two, so a place has one user at a time and needs no lock.

/// A place in the pool.
public struct RecordingSlot: Hashable, Sendable, BitwiseCopyable {
  public let index: UInt8
  public init(index: UInt8) { self.index = index }
}

public final class RecordingPool: @unchecked Sendable {
  public static let slots = 16
  /// Five seconds.
  public static let samplesPerSlot = 40_000

  private let bytes: UnsafeMutableRawBufferPointer
  private let counts: UnsafeMutableBufferPointer<Int>

  public init() {
    bytes = .allocate(byteCount: Self.slots * Self.samplesPerSlot, alignment: 16)
    counts = .allocate(capacity: Self.slots)
    counts.initialize(repeating: 0)
  }
  deinit {
    bytes.deallocate()
    counts.deallocate()
  }

  /// What lies there, as µ-law; empty for a place that there is not.
  public func samples(_ slot: RecordingSlot) -> UnsafeRawBufferPointer {
    guard Int(slot.index) < Self.slots else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let start = Int(slot.index) * Self.samplesPerSlot
    return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + counts[Int(slot.index)])])
  }

  public func clear(_ slot: RecordingSlot) {
    if Int(slot.index) < Self.slots { counts[Int(slot.index)] = 0 }
  }

  /// Takes as much as there is room for; what is beyond is left out. Returns how many samples the place has now.
  @discardableResult
  public func append(_ samples: UnsafeRawBufferPointer, to slot: RecordingSlot) -> Int {
    guard Int(slot.index) < Self.slots else { return 0 }
    let filled = counts[Int(slot.index)]
    let count = min(samples.count, Self.samplesPerSlot - filled)
    if count > 0 {
      let start = Int(slot.index) * Self.samplesPerSlot + filled
      UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + count)]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: samples[..<count]))
      counts[Int(slot.index)] = filled + count
    }
    return counts[Int(slot.index)]
  }
}

extension PromptID {
  /// What was recorded plays like a prompt: the places follow the prompts.
  public init(_ slot: RecordingSlot) { self.init(index: UInt16(Self.count) + UInt16(slot.index)) }

  var recording: RecordingSlot? {
    let place = Int(index) - Self.count
    return place >= 0 && place < RecordingPool.slots ? RecordingSlot(index: UInt8(place)) : nil
  }
}
