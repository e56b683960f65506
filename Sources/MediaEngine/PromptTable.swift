// The sounds in memory, as µ-law bytes by prompt number. Filled once by the shell before the engine starts; the prompts
// never change afterwards, so any thread may read them.

import Basics

/// Every prompt's samples: 8,000 µ-law bytes a second. A prompt that is missing has none and plays nothing.
public struct PromptTable: @unchecked Sendable {
  private var entries: [UnsafeRawBufferPointer]
  /// Keeps alive what was copied in.
  private var owned: [OwnedBytes] = []
  /// What callers say, behind the prompts.
  public let recordings = RecordingPool()

  /// - Parameter count: how many prompt numbers there are; samples for higher numbers are not taken.
  public init(count: Int = PromptID.count) {
    entries = Array(repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: max(0, count))
  }

  /// Uses `samples` where they lie (a mapped file costs no memory until it plays): they must outlive the table and all
  /// its copies.
  public mutating func set(_ prompt: PromptID, samples: UnsafeRawBufferPointer) {
    guard Int(prompt.index) < entries.count else { return }
    entries[Int(prompt.index)] = samples
  }

  /// Copies `samples`.
  public mutating func set(_ prompt: PromptID, copying samples: [UInt8]) {
    let copy = OwnedBytes(samples)
    owned.append(copy)
    set(prompt, samples: UnsafeRawBufferPointer(copy.bytes))
  }

  @inline(__always) func samples(_ prompt: PromptID) -> UnsafeRawBufferPointer {
    if Int(prompt.index) < entries.count { return entries[Int(prompt.index)] }
    return prompt.recording.map { recordings.samples($0) } ?? UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// How many samples a prompt has: 8 a millisecond.
  public func sampleCount(_ prompt: PromptID) -> Int { samples(prompt).count }
  /// How many prompts have any samples.
  public var filledCount: Int { entries.count { !$0.isEmpty } }
}

private final class OwnedBytes {
  let bytes: UnsafeMutableRawBufferPointer

  init(_ source: [UInt8]) {
    bytes = .allocate(byteCount: source.count, alignment: 1)
    bytes.copyBytes(from: source)
  }
  deinit { bytes.deallocate() }
}
