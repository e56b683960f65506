// Capture files in a ring: a new one when the newest is full, the oldest goes when there are too many. Writes what it is
// given, so credentials are taken out before.

import Basics
import CPcap

public final class FrameRing {
  public struct Size: Hashable, Sendable {
    /// Of one file, in bytes; it may be exceeded by one frame.
    public var fileBytes: Int
    public var files: Int

    public init(fileBytes: Int, files: Int) {
      self.files = max(1, min(files, CaptureLimits.maxFiles))
      let most = CaptureLimits.maxRingBytes / self.files
      self.fileBytes = max(CaptureLimits.minFileBytes, min(fileBytes, most))
    }
  }

  private let prefix: ByteString
  private let link: Int32
  private let size: Size
  private var file: OpaquePointer?
  private var fileBytes = 0
  private var framesInFile = 0
  private var number = 0
  /// Oldest first; the last is being written.
  public private(set) var paths: [ByteString] = []
  /// All that was written, what went with old files included.
  public private(set) var bytesWritten = 0
  public private(set) var framesWritten = 0

  /// - Parameters:
  ///   - prefix: of the paths: `…/call7` makes `…/call7-000001.pcap` and so on.
  ///   - linkType: the number in the files.
  public init(prefix: ByteString, linkType: Int, size: Size) throws(CaptureError) {
    self.prefix = prefix
    link = Int32(truncatingIfNeeded: linkType)
    self.size = size
    try begin()
  }
  deinit { if let file { _ = cpcap_finish(file) } }

  public func write(_ frame: CapturedFrame) throws(CaptureError) {
    let bytes = 16 + frame.bytes.count
    if fileBytes + bytes > size.fileBytes, framesInFile > 0 { try begin() }
    guard let file else { throw .disk("closed") }
    let isWritten = frame.bytes.withUnsafeBytes { buffer in
      var record = cpcap_frame()
      record.nanoseconds = frame.time.nanoseconds
      record.bytes = buffer.assumingMemoryBound(to: UInt8.self).baseAddress
      record.captured = UInt32(clamping: frame.bytes.count)
      record.length = UInt32(clamping: max(frame.length, frame.bytes.count))
      return cpcap_write(file, &record)
    }
    guard isWritten else { throw .disk("write " + (paths.last ?? prefix)) }
    fileBytes += bytes
    bytesWritten += bytes
    framesInFile += 1
    framesWritten += 1
  }

  /// What was written can be read by others.
  public func flush() throws(CaptureError) {
    guard let file, cpcap_flush(file) else { throw .disk("write " + (paths.last ?? prefix)) }
  }

  public func close() throws(CaptureError) {
    guard let open = file else { return }
    file = nil
    guard cpcap_finish(open) else { throw .disk("write " + (paths.last ?? prefix)) }
  }

  private func begin() throws(CaptureError) {
    try close()
    number += 1
    let digits = ByteString(number)
    let zeros = ByteString([UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count)))
    let path = prefix + "-" + zeros + digits + ".pcap"
    let (made, words) = withWords { words in
      path.withCString { cpcap_create($0, link, Int32(CaptureLimits.snapshotBytes), words) }
    }
    guard let made else { throw .disk(path + ": " + words) }
    file = made
    fileBytes = 24
    bytesWritten += 24
    framesInFile = 0
    paths.append(path)
    while paths.count > size.files {
      _ = paths.removeFirst().withCString { cpcap_remove($0) }
    }
  }
}
