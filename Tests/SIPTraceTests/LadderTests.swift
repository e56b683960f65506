import Basics
import Configuration
import Testing

@testable import SIPTrace

@Suite("Ladder diagrams") struct LadderTests {
  static let digest =
    #"Proxy-Authorization: Digest username="101", realm="r", nonce="n0nce", uri="sip:b", response="5ec4e7""# + "\n"

  static var call: [TracedMessage] {
    let offer = sdp()
    let answer = sdp(.v4(0xC0A8_0101), port: 20_000, formats: "0 101")
    return [
      seen(0, phone, box, sip("INVITE", cseq: "1 INVITE", body: offer)),
      seen(500, phone, box, sip("INVITE", cseq: "1 INVITE", body: offer)),
      seen(501, box, phone, sip("407 Proxy Authentication Required", cseq: "1 INVITE")),
      seen(503, phone, box, sip("ACK", cseq: "1 ACK")),
      seen(510, phone, box, sip("INVITE", cseq: "2 INVITE", body: offer, extra: digest)),
      seen(512, box, carrier, sip("INVITE", cseq: "7 INVITE", call: "two@box", body: answer)),
      seen(530, carrier, box, sip("183 Session Progress", cseq: "7 INVITE", call: "two@box", body: answer)),
      seen(531, box, phone, sip("180 Ringing", cseq: "2 INVITE")),
      seen(2_000, box, phone, sip("200 OK", cseq: "2 INVITE", body: answer)),
      seen(2_010, phone, box, sip("ACK", cseq: "2 ACK")),
      seen(9_000, carrier, box, sip("BYE", cseq: "3 BYE", call: "two@box")),
      seen(9_001, box, carrier, sip("200 OK", cseq: "3 BYE", call: "two@box")),
    ]
  }

  @Test("a call by the trunk: challenge, retransmission, two legs, names")
  func wholeCall() {
    var ladder = Ladder(language: .english)
    ladder.name(box, "box")
    ladder.name(Endpoint(carrier.address, 0), "carrier")
    let expected = """
      Time               192.168.1.101             box                carrier
                             :5060          192.168.1.1:5060     203.0.113.9:5060
      -- a: 101 > 138****5678, Call-ID one@host
      08:15:00.000 a           |-1 INVITE (PCMU+1)->|                    |
      08:15:00.500 a           |- INVITE (SDP) x2 ->|                    |
      08:15:00.501 a           |<------ 407 --------|                    |
      08:15:00.503 a           |------ 1 ACK ------>|                    |
      08:15:00.510 a           |-2 INVITE (PCMU+1)->|                    |
      -- b: 101 > 138****5678, Call-ID two@box
      08:15:00.512 b           |                    |- 7 INVITE (PCMU) ->|
      08:15:00.530 b           |                    |<--- 183 (SDP) -----|
      08:15:00.531 a           |<-- 180 Ringing ----|                    |
      08:15:02.000 a           |<- 200 OK (PCMU) ---|                    |
      08:15:02.010 a           |------ 2 ACK ------>|                    |
      08:15:09.000 b           |                    |<----- 3 BYE -------|
      08:15:09.001 b           |                    |-- 200 OK, 3 BYE -->|
      """
    #expect(screen(ladder.lines(of: Self.call)) == expected)
  }

  @Test("live, in Chinese, east of Greenwich: the second heading when the carrier appears")
  func live() {
    var ladder = Ladder(language: .chinese, zone: Zone(minutes: 480))
    ladder.name(phone, "前台")
    var lines: [ByteString] = []
    for traced in Self.call.prefix(6) { lines += ladder.add(traced) }
    let expected = """
      时间                         前台                        192.168.1.1
                            192.168.1.101:5060                    :5060
      -- a: 101 > 138****5678, Call-ID one@host
      16:15:00.000 a                 |------ 1 INVITE (PCMU+1) ----->|
      16:15:00.500 a                 |---- 1 INVITE (PCMU+1) x2 ---->|
      16:15:00.501 a                 |<------------ 407 -------------|
      16:15:00.503 a                 |------------ 1 ACK ----------->|
      16:15:00.510 a                 |------ 2 INVITE (PCMU+1) ----->|
      时间                   前台              192.168.1.1          203.0.113.9
                      192.168.1.101:5060          :5060                :5060
      -- b: 101 > 138****5678, Call-ID two@box
      16:15:00.512 b           |                    |- 7 INVITE (PCMU) ->|
      """
    #expect(screen(lines) == expected)
  }

  @Test("one call alone needs no letter; a phone's calls; a trunk's")
  func filters() {
    func count(_ filter: Ladder.Filter) -> Int {
      var ladder = Ladder(language: .english, filter: filter)
      ladder.name(Endpoint(carrier.address, 0), "carrier")
      return ladder.lines(of: Self.call).count { $0.bytes.contains(UInt8(ascii: "|")) }
    }
    #expect(count(.all) == 12)
    #expect(count(.call("two@box")) == 4)
    #expect(count(.call("none")) == 0)
    #expect(count(.phone("101")) == 12)
    #expect(count(.phone("102")) == 0)
    #expect(count(.trunk("carrier")) == 4)
    var ladder = Ladder(language: .english, filter: .call("two@box"))
    #expect(ladder.lines(of: Self.call)[2] == "-- 101 > 138****5678, Call-ID two@box")
    #expect(ladder.lines(of: Self.call).last?.bytes.starts(with: Array("08:15:09.001    ".utf8)) == true)
  }

  @Test("the fifth participant takes the column of whom nothing was heard for longest")
  func manyParticipants() {
    var ladder = Ladder(language: .english)
    func endpoint(_ number: Int) -> Endpoint { Endpoint(.v4(0x0A00_0000 + UInt32(number)), 5060) }
    var lines: [ByteString] = []
    for number in [1, 2, 3, 1, 4, 1] {
      lines += ladder.add(seen(0, box, endpoint(number), sip("OPTIONS", cseq: "1 OPTIONS", call: "\(number)")))
    }
    let expected = """
      Time             192.168.1.1       10.0.0.1        10.0.0.4        10.0.0.3
                          :5060           :5060           :5060           :5060
      -- d: 101 > 138****5678, Call-ID 4
      08:15:00.000 d         |---------- 1 OPTIONS --------->|               |
      08:15:00.000 a         |-1 OPTIONS x3->|               |               |
      """
    #expect(screen(Array(lines.suffix(5))) == expected)
  }

  @Test("nothing that a peer says steers the terminal, shows a secret or a number, or makes a line longer than 80")
  func hostile() {
    var ladder = Ladder(language: .english)
    ladder.name(phone, "\u{1B}[2J\u{202E}前台前台前台前台前台前台前台前台前台前台前台前台前台前台前台前台前台")
    let six = Endpoint(.v6(high: 0x2001_0DB8_FFFF_FFFF, low: 0xFFFF_FFFF_FFFF_FFFF), 65_535)
    let long = String(repeating: "长", count: 60)
    var lines: [ByteString] = []
    for (index, peer) in [box, carrier, six, phone].enumerated() {
      let others = [
        sip("INVITE", cseq: "\(index) INVITE", call: long, body: sdp(), extra: Self.digest),
        sip("200 \u{1B}[31m\(long)", cseq: "1 SUBSCRIBE", call: "\u{9B}x"),
        Array("GARBAGE\u{07} x SIP/2.0\r\n\r\n".utf8),
        sip("VERYLONGMETHODTHATNOBODYHASEVERHEARDOF", cseq: "4294967295 VERYLONGMETHODTHATNOBODYHASEVERHEARDOF"),
      ]
      for bytes in others { lines += ladder.add(seen(index, phone, peer, bytes)) }
    }
    #expect(lines.count > 16)
    for line in lines {
      #expect(Canvas.width(line) <= 80, "\(line)")
      #expect(!line.bytes.contains { $0 < 0x20 || $0 == 0x7F })
      #expect(!line.description.contains("\u{9B}") && !line.description.contains("\u{202E}"))
      #expect(!line.description.contains("5ec4e7") && !line.description.contains("13812345678"))
    }
  }
}
