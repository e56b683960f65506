// The files of a ring as one file, in the order of time. Frames that were held back for a moment stand behind others in
// the ring: within a window they get their place again.

import Basics
import CPcap

public enum PacketFileJoin {
  /// - Parameter paths: the oldest first. One that has ended within a frame counts up to there.
  /// - Returns: how many frames the new file has. Where it cannot be written whole, there is none.
  public static func join(_ paths: [ByteString], into path: ByteString) throws(CaptureError) -> Int {
    guard let first = paths.first else { throw .file("no files") }
    let writer = try PacketFileWriter(path, linkType: try PacketFile(first).linkNumber)
    do throws(CaptureError) {
      var window = Window()
      for source in paths {
        let file = try PacketFile(source)
        while let frame = try? file.next() {
          if let next = window.push(frame) { try writer.write(next) }
        }
      }
      while let frame = window.pop() { try writer.write(frame) }
      try writer.force()
      try writer.close()
      return window.count
    } catch {
      _ = path.withCString { cpcap_remove($0) }
      throw error
    }
  }

  /// By time, ascending; what came first is first among equals.
  private struct Window {
    private var frames: [CapturedFrame] = []
    private var start = 0
    private(set) var count = 0

    /// The earliest one, when there are too many.
    mutating func push(_ frame: CapturedFrame) -> CapturedFrame? {
      var place = frames.count
      while place > start, frames[place - 1].time > frame.time { place -= 1 }
      frames.insert(frame, at: place)
      count += 1
      return frames.count - start > CaptureLimits.framesInOrder ? pop() : nil
    }

    mutating func pop() -> CapturedFrame? {
      guard start < frames.count else { return nil }
      let frame = frames[start]
      start += 1
      if start > CaptureLimits.framesInOrder {
        frames.removeFirst(start)
        start = 0
      }
      return frame
    }
  }
}
