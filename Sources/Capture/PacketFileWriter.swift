// One capture file that is being written: the old format with nanoseconds, for its owner alone, never over another.

import Basics
import CPcap

final class PacketFileWriter {
  let path: ByteString
  private var file: OpaquePointer?

  /// - Parameter linkType: the number in the file.
  init(_ path: ByteString, linkType: Int) throws(CaptureError) {
    self.path = path
    let (made, words) = withWords { words in
      path.withCString {
        cpcap_create($0, Int32(truncatingIfNeeded: linkType), Int32(CaptureLimits.snapshotBytes), words)
      }
    }
    guard let made else { throw .disk(path + ": " + words) }
    file = made
  }
  deinit { if let file { _ = cpcap_finish(file) } }

  func write(_ frame: CapturedFrame) throws(CaptureError) {
    guard let file else { throw .disk("closed") }
    let isWritten = frame.bytes.withUnsafeBytes { buffer in
      var record = cpcap_frame()
      record.nanoseconds = frame.time.nanoseconds
      record.bytes = buffer.assumingMemoryBound(to: UInt8.self).baseAddress
      record.captured = UInt32(clamping: frame.bytes.count)
      record.length = UInt32(clamping: max(frame.length, frame.bytes.count))
      return cpcap_write(file, &record)
    }
    guard isWritten else { throw .disk("write " + path) }
  }

  /// What was written can be read by others.
  func flush() throws(CaptureError) {
    guard let file, cpcap_flush(file) else { throw .disk("write " + path) }
  }

  /// What was written is on the disk when this returns.
  func force() throws(CaptureError) {
    guard let file, cpcap_force(file) else { throw .disk("write " + path) }
  }

  func close() throws(CaptureError) {
    guard let open = file else { return }
    file = nil
    guard cpcap_finish(open) else { throw .disk("write " + path) }
  }
}
