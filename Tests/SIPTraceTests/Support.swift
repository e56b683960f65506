import Basics
import SDP
import SIPMessage

@testable import SIPTrace

let phone = Endpoint(.v4(0xC0A8_0165), 5060)
let box = Endpoint(.v4(0xC0A8_0101), 5060)
let carrier = Endpoint(.v4(0xCB00_7109), 5060)

func sdp(_ address: IPAddress = .v4(0xC0A8_0165), port: UInt16 = 4_000, formats: String = "0 8 101") -> String {
  "v=0\r\no=- 1 1 IN IP4 \(address.text)\r\ns=-\r\nc=IN IP4 \(address.text)\r\nt=0 0\r\nm=audio \(port) RTP/AVP \(formats)\r\n"
    + "a=rtpmap:101 telephone-event/8000\r\n"
}

/// `start` is a request's method or a response's status and phrase.
func sip(
  _ start: String, cseq: String, call: String = "one@host", from: String = "101", to: String = "13812345678",
  body: String = "", extra: String = ""
) -> [UInt8] {
  let isResponse = start.first?.isNumber == true
  let line = isResponse ? "SIP/2.0 \(start)" : "\(start) sip:\(to)@192.168.1.1 SIP/2.0"
  return Array(
    """
    \(line)
    Via: SIP/2.0/UDP 192.168.1.101;branch=z9hG4bK1
    From: <sip:\(from)@192.168.1.1>;tag=a
    To: <sip:\(to)@192.168.1.1>
    Call-ID: \(call)
    CSeq: \(cseq)
    Max-Forwards: 70
    \(extra)\(body.isEmpty ? "" : "Content-Type: application/sdp\n")Content-Length: \(body.utf8.count)


    """.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8) + Array(body.utf8)
}

/// Milliseconds after 08:15:00 UTC.
func seen(_ milliseconds: Int, _ source: Endpoint, _ destination: Endpoint, _ bytes: [UInt8]) -> TracedMessage {
  TracedMessage(
    time: WallTime(seconds: 1_772_352_900) + .milliseconds(milliseconds), source: source, destination: destination,
    bytes: bytes)
}

func screen(_ lines: [ByteString]) -> String { lines.map(\.description).joined(separator: "\n") }
