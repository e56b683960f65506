// A SIP message as it was seen on the wire: when, between whom, and what it says. Never changes it.

import Basics
import SDP
import SIPMessage

public struct TracedMessage: Sendable {
  public let time: WallTime
  public let source: Endpoint
  public let destination: Endpoint
  public let bytes: [UInt8]
  /// nil where it is malformed.
  public let message: SIPMessage?
  /// Of its body, where that is one.
  public let session: SessionDescription?

  public init(time: WallTime, source: Endpoint, destination: Endpoint, bytes: [UInt8]) {
    self.time = time
    self.source = source
    self.destination = destination
    self.bytes = bytes
    let message = try? SIPMessage(parsing: bytes)
    self.message = message
    guard let message, message.isContent("application/sdp") else {
      session = nil
      return
    }
    session = try? SessionDescription(parsing: message.body)
  }

  public var callID: ByteString? { message.map { ByteString($0.callID) } }

  /// Whether bytes are a SIP message, good or bad, and nothing else: `SIP/2.0` begins or ends the first line.
  public static func isLikely(_ bytes: ArraySlice<UInt8>) -> Bool {
    var start = bytes.startIndex
    while start < bytes.endIndex, bytes[start] == 0x0D || bytes[start] == 0x0A { start += 1 }
    guard start < bytes.endIndex, bytes[start].isASCIILetter else { return false }
    var end = start
    while end < bytes.endIndex, bytes[end] != 0x0D, bytes[end] != 0x0A { end += 1 }
    return isStartLine(bytes[start..<end])
  }

  static func isStartLine(_ line: ArraySlice<UInt8>) -> Bool {
    let version: [UInt8] = [0x53, 0x49, 0x50, 0x2F, 0x32, 0x2E, 0x30]
    return line.count > version.count
      && (line.starts(with: version) || line.suffix(version.count).elementsEqual(version))
  }
}
