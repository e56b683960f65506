import Basics
import Testing

@testable import SDP

@Suite struct ParsingTests {
  @Test("what a desk phone offers is understood, with any line ends")
  func phone() throws {
    for lineEnd in ["\r\n", "\n", "\r"] {
      let d = try read(phoneOffer, lineEnd: lineEnd)
      #expect(d.sessionID == 8000)
      #expect(d.sessionVersion == 8001)
      #expect(d.address == theirs)
      #expect(d.port == 12_000)
      #expect(d.formats.map(\.payloadType) == [9, 8, 0, 18, 96])
      #expect(d.formats.map(\.name) == ["G722", "PCMA", "PCMU", "G729", "telephone-event"])
      #expect(d.format(named: "g729")?.fmtp == "annexb=no")
      #expect(d.format(named: "TELEPHONE-EVENT")?.payloadType == 96)
      #expect(d.format(payloadType: 96)?.fmtp == "0-15")
      #expect(d.packetMilliseconds == 20)
      #expect(d.direction == .sendrecv)
      #expect(!d.isHold)
      #expect(d.otherMedia.isEmpty)
    }
  }

  @Test("static payload types need no rtpmap, dynamic ones without it have no name")
  func staticTypes() throws {
    let d = try read("v=0\nc=IN IP4 198.51.100.2\nm=audio 5004 RTP/AVP 0 8 9 18 3 13 97")
    #expect(d.formats.map(\.name) == ["PCMU", "PCMA", "G722", "GSM", "CN", ""].prefix(3) + ["G729", "GSM", "CN", ""])
    #expect(d.format(named: "PCMU")?.clockRate == 8000)
    #expect(d.firstCodec?.name == "PCMU")
    #expect(d.format(named: "") == d.format(payloadType: 97))
  }

  @Test("the media level overrides the session level for address, direction and ptime")
  func levels() throws {
    let session = "v=0\no=- 1 1 IN IP4 0\nc=IN IP4 192.0.2.9\na=sendonly\na=ptime:30\nm=audio 5004 RTP/AVP 0\n"
    let outer = try read(session)
    #expect(outer.address == .v4(0xC000_0209))
    #expect(outer.direction == .sendonly)
    #expect(outer.packetMilliseconds == 30)
    let inner = try read(session + "c=IN IP4 198.51.100.2\na=recvonly\na=ptime:10\n")
    #expect(inner.address == theirs)
    #expect(inner.direction == .recvonly)
    #expect(inner.packetMilliseconds == 10)
  }

  @Test("attributes of other media lines do not touch the audio stream")
  func otherSections() throws {
    let d = try read(
      """
      v=0
      c=IN IP4 198.51.100.2
      m=video 6000 RTP/AVP 31
      c=IN IP4 203.0.113.1
      a=inactive
      a=rtpmap:31 H261/90000
      m=audio 5004 RTP/AVP 0
      m=application 7000 TCP/BFCP *
      a=sendonly
      a=ptime:60
      """)
    #expect(d.address == theirs)
    #expect(d.direction == .sendrecv)
    #expect(d.packetMilliseconds == nil)
    #expect(d.audioIndex == 1)
    #expect(d.otherMedia.map(\.media) == ["video", "application"])
    #expect(d.otherMedia.map(\.formats) == ["31", "*"])
  }

  @Test("the first audio line that is on and that we can speak is the stream")
  func choosesAudio() throws {
    let d = try read(
      """
      v=0
      c=IN IP4 198.51.100.2
      m=audio 4000 RTP/SAVP 0
      m=audio 0 RTP/AVP 0
      m=audio 5004/2 RTP/AVP 8
      m=audio 6004 RTP/AVP 0
      """)
    #expect(d.port == 5004)
    #expect(d.audioIndex == 2)
    #expect(d.otherMedia.count == 3)
    #expect(try read("v=0\nm=audio 0 RTP/AVP 0").port == 0)
  }

  @Test("an address of 0.0.0.0 is hold, whatever the direction says")
  func hold() throws {
    let d = try read("v=0\nc=IN IP4 0.0.0.0\nm=audio 5004 RTP/AVP 0\n")
    #expect(d.isHold)
    #expect(d.direction == .sendrecv)
    #expect(d.effectiveDirection == .sendonly)
    #expect(try read("v=0\nc=IN IP4 0.0.0.0\nm=audio 5004 RTP/AVP 0\na=recvonly").effectiveDirection == .inactive)
    #expect(try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 5004 RTP/AVP 0\na=inactive").isHold)
    #expect(!(try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 5004 RTP/AVP 0\na=recvonly").isHold))
  }

  @Test("IPv6, rtcp ports, channels and multicast scopes are read")
  func details() throws {
    let d = try read(
      "v=0\nc=IN IP6 2001:db8::5/127\nm=audio 5004 RTP/AVP 97\na=rtcp:5010 IN IP6 2001:db8::5\na=rtpmap:97 opus/48000/2"
    )
    #expect(d.address == .v6(high: 0x2001_0db8_0000_0000, low: 5))
    #expect(d.rtcpPort == 5010)
    #expect(d.formats[0].name == "OPUS")
    #expect(d.formats[0].channels == 2)
    #expect(d.formats[0].clockRate == 48_000)
  }

  @Test("an rtpmap may give a static number another meaning")
  func redefined() throws {
    let d = try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 5004 RTP/AVP 8\na=rtpmap:8 L16/16000")
    #expect(d.format(named: "PCMA") == nil)
    #expect(d.format(named: "L16")?.clockRate == 16_000)
  }

  @Test("unknown lines, empty lines, malformed attributes and huge numbers are passed over")
  func tolerance() throws {
    let d = try read(
      """
      v=0

      o=- 99999999999999999999999999999999 2 IN IP4 x
      z=whatever
      nonsense
      c=IN IP4 198.51.100.2
      b=AS:64
      m=audio 5004 RTP/AVP 0 0 101
      a=rtpmap:
      a=rtpmap:101
      a=rtpmap:101 telephone-event
      a=rtpmap:101 telephone-event/x
      a=rtpmap:999 x/8000
      a=fmtp:
      a=ptime:0
      a=ptime:99999999999999999999
      a=rtcp:70000
      a=
      a
      =
      """)
    #expect(d.sessionVersion == 2)
    #expect(d.formats.map(\.payloadType) == [0, 101])
    #expect(d.formats[1].name == "")
    #expect(d.packetMilliseconds == nil)
    #expect(d.rtcpPort == nil)
  }

  @Test("why a description is refused")
  func errors() {
    let cases: [(String, SDPError)] = [
      ("", .notASessionDescription), ("v=1\n", .notASessionDescription),
      ("o=- 1 1 IN IP4 x\nv=0", .notASessionDescription),
      ("v=0\nc=IN IP4 1.2.3.4\n", .noAudio), ("v=0\nc=IN IP4 1.2.3.4\nm=video 9 RTP/AVP 31\n", .noAudio),
      ("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/SAVP 0\n", .noAudio), ("v=0\nm=audio 9 RTP/AVP 0\n", .noAddress),
      ("v=0\nc=IN IP4 host.example\nm=audio 9 RTP/AVP 0\n", .malformedAddress),
      ("v=0\nc=IN IP6 1.2.3.4\nm=audio 9 RTP/AVP 0\n", .malformedAddress),
      ("v=0\nc=IN IP4 ::1\nm=audio 9 RTP/AVP 0\n", .malformedAddress),
      ("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 0\nc=IN\n", .malformedAddress),
      ("v=0\nm=audio\n", .malformedMediaLine), ("v=0\nm=audio 65536 RTP/AVP 0\n", .malformedMediaLine),
      ("v=0\nm=audio -1 RTP/AVP 0\n", .malformedMediaLine), ("v=0\nm=audio 9 RTP/AVP\n", .malformedMediaLine),
      ("v=0\nm=audio 9 RTP/AVP 128\n", .malformedMediaLine), ("v=0\nm=audio 9 RTP/AVP x\n", .malformedMediaLine),
      ("v=0\n" + String(repeating: "m=video 0 RTP/AVP 31\n", count: 17), .tooManyMediaLines),
      ("v=0\n" + String(repeating: "a=x\n", count: 5000), .tooLarge),
    ]
    for (text, error) in cases { #expect(failure(text) == error, "\(text.prefix(60))") }
  }

  @Test("payload types past the limit are left out")
  func manyFormats() throws {
    let types = (0..<128).map { "\($0)" }.joined(separator: " ")
    let d = try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP " + types)
    #expect(d.formats.count == SDPLimits.maxFormats)
  }
}
