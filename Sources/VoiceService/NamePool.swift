// Which places of the recording pool are in use, and which files this run has written. A place is taken for a time and
// is free again after it: nobody has to give it back.

import Basics
import MediaEngine

struct NamePool {
  private var takenUntil = [Instant](repeating: .zero, count: RecordingPool.slots)
  private var files = Fifo<ByteString>()
  /// Names not recorded or not played because all places were taken.
  private(set) var refused: UInt64 = 0

  var fileCount: Int { files.count }
  func taken(at now: Instant) -> Int { takenUntil.count { $0 > now } }

  mutating func slot(for time: Interval, at now: Instant) -> RecordingSlot? {
    guard let free = takenUntil.firstIndex(where: { $0 <= now }) else {
      refused &+= 1
      return nil
    }
    takenUntil[free] = now + time
    return RecordingSlot(index: UInt8(truncatingIfNeeded: free))
  }

  /// The file that must go for this one.
  mutating func noteFile(_ file: ByteString) -> ByteString? {
    files.append(file)
    return files.count > VoiceService.Limits.nameFiles ? files.popFirst() : nil
  }
}
