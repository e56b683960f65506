import Basics
import Testing

@testable import SDP

func read(_ text: String, lineEnd: String = "\r\n") throws -> SessionDescription {
  let bytes = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
  return try SessionDescription(parsing: Array(bytes.utf8)[...])
}

func failure(_ text: String) -> SDPError? {
  do throws(SDPError) {
    _ = try SessionDescription(parsing: Array(text.utf8)[...])
    return nil
  } catch {
    return error
  }
}

extension SessionDescription {
  var text: String { String(decoding: serialised(), as: UTF8.self) }
}

let ours = IPAddress.v4(0xC000_0201)
let theirs = IPAddress.v4(0xC633_6402)

/// What a desk phone offers.
let phoneOffer = """
  v=0
  o=phone 8000 8001 IN IP4 198.51.100.2
  s=call
  c=IN IP4 198.51.100.2
  t=0 0
  m=audio 12000 RTP/AVP 9 8 0 18 96
  a=rtpmap:9 G722/8000
  a=rtpmap:8 pcma/8000
  a=rtpmap:0 PCMU/8000
  a=rtpmap:18 G729/8000
  a=fmtp:18 annexb=no
  a=rtpmap:96 Telephone-Event/8000
  a=fmtp:96 0-15
  a=ptime:20
  a=sendrecv

  """
