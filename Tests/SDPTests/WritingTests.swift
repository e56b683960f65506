import Basics
import Testing

@testable import SDP

@Suite struct WritingTests {
  @Test("an offer is written in the order of RFC 8866, byte for byte")
  func offer() {
    let d = SessionDescription.offer(
      codecs: ["PCMA", "PCMU"], address: ours, port: 40_000, sessionID: 18_446_744_073_709_551_615, sessionVersion: 0)
    #expect(
      d.text == """
        v=0\r
        o=- 18446744073709551615 0 IN IP4 192.0.2.1\r
        s=-\r
        c=IN IP4 192.0.2.1\r
        t=0 0\r
        m=audio 40000 RTP/AVP 8 0 101\r
        a=rtpmap:8 PCMA/8000\r
        a=rtpmap:0 PCMU/8000\r
        a=rtpmap:101 telephone-event/8000\r
        a=fmtp:101 0-16\r
        a=ptime:20\r
        a=sendrecv\r

        """)
  }

  @Test("what is written is read again the same")
  func roundTrip() throws {
    var texts = [phoneOffer]
    for direction in ["sendrecv", "sendonly", "recvonly", "inactive"] {
      texts.append(
        "v=0\nc=IN IP6 2001:db8::1\nm=audio 9 RTP/AVPF 97\na=rtpmap:97 opus/48000/2\na=rtcp:77\na=\(direction)")
    }
    texts.append("v=0\nc=IN IP4 0.0.0.0\nm=audio 0 RTP/AVP 0 97\na=ptime:30")
    for text in texts {
      let d = try read(text)
      #expect(try SessionDescription(parsing: d.serialised()[...]) == d)
    }
  }

  @Test("other media lines keep their place, with port 0")
  func order() throws {
    var d = SessionDescription.offer(codecs: ["PCMU"], address: ours, port: 9, sessionID: 1, sessionVersion: 1)
    func media() -> [String] {
      d.text.split(separator: "\r\n").filter { $0.hasPrefix("m=") }.map { String($0) }
    }
    for (before, expected) in [
      (0, ["m=audio 9 RTP/AVP 0 101", "m=video 0 RTP/AVP 31", "m=text 0 RTP/AVP 98"]),
      (1, ["m=video 0 RTP/AVP 31", "m=audio 9 RTP/AVP 0 101", "m=text 0 RTP/AVP 98"]),
      (2, ["m=video 0 RTP/AVP 31", "m=text 0 RTP/AVP 98", "m=audio 9 RTP/AVP 0 101"]),
    ] {
      let lines = ["m=video 9 RTP/AVP 31", "m=text 9 RTP/AVP 98"]
      let all = lines[..<before] + ["m=audio 9 RTP/AVP 0"] + lines[before...]
      d.keepMediaLines(of: try read("v=0\nc=IN IP4 1.2.3.4\n" + all.joined(separator: "\n")))
      #expect(media() == expected)
    }
  }
}
