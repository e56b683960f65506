// The numbers of reliable provisional responses (RFC 3262 §7): RSeq in the response, RAck in the PRACK.

import Basics
import SIPMessage

/// A RAck header, `776656 1 INVITE`.
public struct ProvisionalAcknowledgement: Hashable, Sendable {
  /// The RSeq of the response.
  public var response: UInt32
  /// The CSeq number of the request that was answered.
  public var request: UInt32
  public var method: SIPMethod

  public init(response: UInt32, request: UInt32, method: SIPMethod = .invite) {
    self.response = response
    self.request = request
    self.method = method
  }

  public init?(_ value: ArraySlice<UInt8>) {
    let words = value.split { $0 == 0x20 || $0 == 0x09 }
    guard words.count == 3, let response = Int(decimalDigits: words[0]), let request = Int(decimalDigits: words[1]),
      let numbers = Self.both(response, request)
    else { return nil }
    (self.response, self.request) = numbers
    method = SIPMethod(words[2])
  }

  private static func both(_ a: Int, _ b: Int) -> (UInt32, UInt32)? {
    guard let first = UInt32(exactly: a), let second = UInt32(exactly: b) else { return nil }
    return (first, second)
  }

  public var text: ByteString {
    var writer = ByteWriter(capacity: 32)
    writer.append(decimal: Int(response))
    writer.append(" ")
    writer.append(decimal: Int(request))
    writer.append(" ")
    writer.append(method.name)
    return ByteString(writer.bytes)
  }
}

extension SIPMessage {
  /// The RSeq of a provisional response that wants a PRACK; nil of any other (§4).
  public var reliableSequence: UInt32? {
    guard status > 100, status < 200, list(.require, contains: "100rel") else { return nil }
    return value(.rseq).flatMap { Int(decimalDigits: $0) }.flatMap { UInt32(exactly: $0) }
  }

  public var provisionalAcknowledgement: ProvisionalAcknowledgement? {
    value(.rack).flatMap { ProvisionalAcknowledgement($0) }
  }
}
