// What libpcap or the disk refused, in their own words.

import Basics
import CPcap

public enum CaptureError: Error, Hashable, Sendable {
  /// The file is missing, is no capture, or ends within a frame.
  case file(ByteString)
  /// The interface does not exist, or may not be listened to.
  case interface(ByteString)
  /// The filter is none.
  case filter(ByteString)
  /// Frames of this link-layer type (tcpdump.org/linktypes.html) are not understood.
  case linkType(Int)
  /// A file of the ring cannot be made or written.
  case disk(ByteString)

  public var text: ByteString {
    switch self {
    case .file(let words), .interface(let words), .filter(let words), .disk(let words): words
    case .linkType(let number): "link type " + ByteString(number)
    }
  }
}

/// Calls `body` with room for libpcap's words, and hands back both.
func withWords<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> (Result, ByteString) {
  let count = Int(CPCAP_ERROR_BYTES)
  let words = UnsafeMutablePointer<CChar>.allocate(capacity: count)
  words.initialize(repeating: 0, count: count)
  defer { words.deallocate() }
  let result = body(words)
  return (result, ByteString(cString: words, limit: count))
}

extension ByteString {
  init(cString: UnsafePointer<CChar>, limit: Int) {
    var bytes: [UInt8] = []
    while bytes.count < limit, cString[bytes.count] != 0 {
      bytes.append(UInt8(truncatingIfNeeded: cString[bytes.count]))
    }
    self.init(bytes)
  }

  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated = bytes + [0]
    return terminated.withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped) }
  }
}
