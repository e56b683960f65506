import Basics
import Testing

@testable import SDP

@Suite struct OfferAnswerTests {
  typealias Direction = SessionDescription.Direction

  private func answer(
    _ offer: SessionDescription, _ codecs: [ByteString] = ["PCMA", "PCMU"], _ direction: Direction = .sendrecv
  ) -> SessionDescription? {
    offer.answer(
      choosing: codecs, address: ours, port: 40_002, sessionID: 5, sessionVersion: 6, direction: direction)
  }

  @Test("the answer has the first of our codecs that was offered, and events, with the offerer's numbers")
  func answers() throws {
    let a = try #require(answer(try read(phoneOffer)))
    #expect(a.formats.map(\.payloadType) == [8, 96])
    #expect(a.formats.map(\.name) == ["PCMA", "telephone-event"])
    #expect(a.formats[1].fmtp == "0-15")
    #expect(a.address == ours)
    #expect(a.port == 40_002)
    #expect(a.sessionID == 5)
    #expect(a.sessionVersion == 6)
    #expect(a.packetMilliseconds == 20)
    #expect(a.direction == .sendrecv)
  }

  @Test("our order of preference decides")
  func preference() throws {
    let offer = try read(phoneOffer)
    #expect(answer(offer, ["PCMU", "PCMA"])?.formats[0].payloadType == 0)
    #expect(answer(offer, ["OPUS", "g722"])?.formats[0].payloadType == 9)
  }

  @Test("a codec at a dynamic number keeps that number")
  func dynamicNumber() throws {
    let offer = try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 110\na=rtpmap:110 PCMA/8000")
    let a = try #require(answer(offer))
    #expect(a.formats.map(\.payloadType) == [110])
    #expect(a.text.contains("a=rtpmap:110 PCMA/8000"))
  }

  @Test("no common codec, or no audio, means no answer")
  func refused() throws {
    #expect(answer(try read(phoneOffer), ["OPUS"]) == nil)
    #expect(answer(try read(phoneOffer), []) == nil)
    #expect(answer(try read(phoneOffer), [""]) == nil)
    #expect(answer(try read(phoneOffer), ["telephone-event"]) == nil)
    #expect(answer(try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 0 RTP/AVP 0 8")) == nil)
    #expect(answer(try read("v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 97")) == nil)
  }

  @Test("telephone-event is answered at the codec's clock rate, and only if offered")
  func events() throws {
    let head = "v=0\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 8 101 102\n"
    let wide = "a=rtpmap:101 telephone-event/48000\n"
    let narrow = "a=rtpmap:102 telephone-event/8000\n"
    #expect(try #require(answer(try read(head + wide + narrow))).formats.map(\.payloadType) == [8, 102])
    #expect(try #require(answer(try read(head + wide + narrow))).formats[1].fmtp == "0-15")
    #expect(try #require(answer(try read(head + wide))).formats.map(\.payloadType) == [8])
  }

  @Test("directions: what the offer allows, reversed, and what we want")
  func directions() throws {
    let table: [(offered: Direction, wanted: Direction, answered: Direction)] = [
      (.sendrecv, .sendrecv, .sendrecv), (.sendrecv, .sendonly, .sendonly), (.sendrecv, .recvonly, .recvonly),
      (.sendrecv, .inactive, .inactive), (.sendonly, .sendrecv, .recvonly), (.sendonly, .sendonly, .inactive),
      (.sendonly, .recvonly, .recvonly), (.sendonly, .inactive, .inactive), (.recvonly, .sendrecv, .sendonly),
      (.recvonly, .sendonly, .sendonly), (.recvonly, .recvonly, .inactive), (.recvonly, .inactive, .inactive),
      (.inactive, .sendrecv, .inactive), (.inactive, .sendonly, .inactive), (.inactive, .recvonly, .inactive),
      (.inactive, .inactive, .inactive),
    ]
    for row in table {
      var offer = try read(phoneOffer)
      offer.direction = row.offered
      #expect(answer(offer, ["PCMA"], row.wanted)?.direction == row.answered, "\(row)")
      #expect(row.offered.reversed.reversed == row.offered)
    }
  }

  @Test("old-style hold is answered as hold")
  func oldHold() throws {
    var offer = try read(phoneOffer)
    offer.address = .anyV4
    #expect(answer(offer)?.direction == .recvonly)
  }

  @Test("every other media line is refused in its place")
  func otherMedia() throws {
    let offer = try read(
      """
      v=0
      c=IN IP4 1.2.3.4
      m=video 6000 RTP/AVP 31 32
      m=audio 5004 RTP/AVP 8
      m=audio 5006 RTP/SAVP 8
      """)
    let lines = try #require(answer(offer)).text.split(separator: "\r\n").filter { $0.hasPrefix("m=") }
    #expect(lines == ["m=video 0 RTP/AVP 31 32", "m=audio 40002 RTP/AVP 8", "m=audio 0 RTP/SAVP 8"])
  }

  @Test("an answer over the profile that was offered, and packet lengths that we can keep")
  func profileAndPackets() throws {
    let head = "v=0\nc=IN IP4 1.2.3.4\nm=audio 5004 RTP/AVPF 8\n"
    #expect(answer(try read(head))?.transport == "RTP/AVPF")
    for (offered, answered) in [("", nil), ("a=ptime:30", 30), ("a=ptime:25", 20), ("a=ptime:200", 20)]
      as [(String, Int?)]
    {
      #expect(answer(try read(head + offered))?.packetMilliseconds == answered)
    }
  }

  @Test("an offer lists what we know in our order, each once, then events")
  func offers() {
    let offer = SessionDescription.offer(
      codecs: ["pcma", "PCMU", "PCMA", "unheard-of", "telephone-event", "G722", "opus"], address: ours, port: 9,
      sessionID: 1, sessionVersion: 2, direction: .sendonly)
    #expect(offer.formats.map(\.payloadType) == [8, 0, 9, 96, 101])
    #expect(offer.direction == .sendonly)
    #expect(offer.firstCodec?.name == "PCMA")
  }

  @Test("the answer to our own offer is one that we would read")
  func symmetric() throws {
    let offer = SessionDescription.offer(
      codecs: ["PCMA"], address: theirs, port: 9, sessionID: 1, sessionVersion: 2)
    let a = try #require(answer(try SessionDescription(parsing: offer.serialised()[...])))
    #expect(try SessionDescription(parsing: a.serialised()[...]) == a)
    #expect(a.formats == offer.formats)
  }
}
