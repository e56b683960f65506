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
  private let linkType: Int
  private let size: Size
  private var file: PacketFileWriter?
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
    self.linkType = linkType
    self.size = size
    try begin()
  }

  public func write(_ frame: CapturedFrame) throws(CaptureError) {
    let bytes = 16 + frame.bytes.count
    if fileBytes + bytes > size.fileBytes, framesInFile > 0 { try begin() }
    guard let file else { throw .disk("closed") }
    try file.write(frame)
    fileBytes += bytes
    bytesWritten += bytes
    framesInFile += 1
    framesWritten += 1
  }

  /// What was written can be read by others.
  public func flush() throws(CaptureError) { try file?.flush() }

  public func close() throws(CaptureError) {
    let open = file
    file = nil
    try open?.close()
  }

  private func begin() throws(CaptureError) {
    try close()
    number += 1
    let digits = ByteString(number)
    let zeros = ByteString([UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count)))
    let path = prefix + "-" + zeros + digits + ".pcap"
    file = try PacketFileWriter(path, linkType: linkType)
    fileBytes = 24
    bytesWritten += 24
    framesInFile = 0
    paths.append(path)
    while paths.count > size.files {
      _ = paths.removeFirst().withCString { cpcap_remove($0) }
    }
  }
}
