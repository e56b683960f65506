// What a ladder shows of one message and nothing else, so that it can be kept and sent on: the numbers of customers are
// masked, and of header values there is nothing but CSeq.

import Basics
import SIPMessage

public struct LadderEntry: Hashable, Sendable {
  public var time: WallTime
  public var source: Endpoint
  public var destination: Endpoint
  /// nil where the message is malformed.
  public var callID: ByteString?
  /// The user parts of From and To, masked; empty where there are none.
  public var from: ByteString
  public var to: ByteString
  /// The same for the same bytes between the same two.
  public var fingerprint: UInt64
  /// What the arrow may say, the longest first.
  public var labels: [ByteString]

  public init(
    time: WallTime, source: Endpoint, destination: Endpoint, callID: ByteString?, from: ByteString, to: ByteString,
    fingerprint: UInt64, labels: [ByteString]
  ) {
    self.time = time
    self.source = source
    self.destination = destination
    self.callID = callID
    self.from = from
    self.to = to
    self.fingerprint = fingerprint
    self.labels = labels
  }

  public init(_ traced: TracedMessage) {
    // Whatever somebody may have sent: an entry stays small.
    let id = traced.callID.flatMap { $0.count <= TraceLimits.callIDBytes ? $0 : nil }
    self.init(
      time: traced.time, source: traced.source, destination: traced.destination, callID: id,
      from: Self.short(traced.message?.fromUser?.masked ?? ""), to: Self.short(traced.message?.toUser?.masked ?? ""),
      fingerprint: Self.fingerprint(traced), labels: LadderLabel.texts(traced).map(Self.short))
  }

  /// Cut before a character, not in it.
  private static func short(_ text: ByteString) -> ByteString {
    guard text.count > TraceLimits.labelBytes else { return text }
    var bytes = Array(text.bytes.prefix(TraceLimits.labelBytes))
    while let last = bytes.last, last >= 0x80 { bytes.removeLast() }
    return ByteString(bytes)
  }

  /// FNV-1a, and the endpoints: a relay passes on what another has sent.
  private static func fingerprint(_ traced: TracedMessage) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for byte in traced.source.text.bytes { add(byte) }
    for byte in traced.destination.text.bytes { add(byte) }
    for byte in traced.bytes { add(byte) }
    return hash
  }
}
