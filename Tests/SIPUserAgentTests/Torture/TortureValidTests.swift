// RFC 4475 §3.1.1 and §3.4: unusual messages that are valid, and what the box does with them. The messages are our own.

import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("RFC 4475 §3.1.1: valid messages")
struct TortureValidTests {
  let torture = TortureWorld()

  @Test("3.1.1.1 a short tortuous INVITE: folds, odd capitals, escapes and empty headers; it is a call")
  func section3_1_1_1() throws {
    let answers = torture.say(
      #"""
      INVITE sip:8100@branch.example;colour=green SIP/2.0
      tO :
       sip:8100@branch.example ;   tag_is_not = here
      FroM   : "O. \\\" Brien"       <sip:139000@carrier.example>
        ;
        tag = 7fa1
      MaX-fOrWaRdS: 0070
      CALL-id: folded.and.odd@198.51.100.77
      cSeq: 0042
        INVITE
      Via  : SIP  /   2.0
       /UDP
          198.51.100.77 ;rport ; branch=z9hG4bKfold1
      s :
      New-Header:
       folded text
       with : colons
      v:  SIP  / 2.0  / TCP     relay.example   ;
        branch  =   z9hG4bKfold2  ,
       SIP  /    2.0   / UDP  192.0.2.5   ; branch=
       z9hG4bKfold3
      m:"Quoted \"text\"" <sip:gw@198.51.100.77> ; newparam =
            newvalue ;
        q = 0.33
      route:
       <sip:192.0.2.1;lr>
      l: 0
      """#)
    #expect(answers.map(\.status) == [100])
    let answer = try #require(answers.first)
    #expect(answer.all(.via).count == 3)
    #expect(answer.cseq.number == 42)
    #expect(torture.calls.map(\.number) == ["8100"])
    #expect(torture.calls.first?.callerName == "O. \\\" Brien")
  }

  @Test("3.1.1.2 every character that the grammar allows: a method nobody knows gets 501, with what is known")
  func section3_1_1_2() throws {
    let answers = torture.say(
      #"""
      !strange.Way_%*+`'~-9 sip:a_b-c.d~(e!f)&g'h=i+j$k,l;m?n/o:p&q=r+s,t$@branch.example:5060;x-[/]:&+$=$[]/:&+ SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bK-.!%66*_+`'~;rport
      To: "\␇ \" \\ ~`!" <sip:a_b-c.d~(e!f)&g'h=i+j$k,l;m?n/o@branch.example>
      From: tok~1` tok'2+_ *%!.- <sip:m@branch.example>;pp''~+*_!.-%="оба";tag=_t~1'+`*%!-.
      Call-ID: w%ZK-!.*_+'@w`~)(><:\/"][?}{
      CSeq: 31337 !strange.Way_%*+`'~-9
      Max-Forwards: 255
      x-!.%*_+`'~: 停電
      Content-Length: 0
      """#)
    let answer = try #require(answers.first)
    #expect(answer.status == 501 && answer.value(.allow) != nil)
    #expect(String(decoding: answer.callID, as: UTF8.self) == #"w%ZK-!.*_+'@w`~)(><:\/"][?}{"#)
    #expect(answer.fromTag.map { String(decoding: $0, as: UTF8.self) } == "_t~1'+`*%!-.")
  }

  @Test("3.1.1.3 % escapes: a user part that looks like a URI is one user")
  func section3_1_1_3() {
    let answers = torture.say(
      """
      INVITE sip:sips%3Aann%40other.example@branch.example SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKesc1;rport
      To: sip:%61nn@branch.example
      From: <sip:I%20have%20spaces@carrier.example>;tag=esc
      Call-ID: esc1
      CSeq: 1 INVITE
      Max-Forwards: 70
      Contact: <sip:gw%3B@198.51.100.77>
      Content-Length: 0
      """)
    #expect(answers.map(\.status) == [100])
    #expect(torture.calls.map(\.number) == ["sips:ann@other.example"])
    #expect(torture.calls.first?.callerNumber == "I have spaces")
  }

  @Test("3.1.1.4 escaped NULs in URIs: %00 and %00%00 are two contacts")
  func section3_1_1_4() throws {
    let answer = torture.register(
      """
      REGISTER sip:branch SIP/2.0
      Via: SIP/2.0/UDP 10.0.0.61;branch=z9hG4bKnull;rport
      To: <sip:101@branch>
      From: <sip:null-%00-null@branch>;tag=nul
      Call-ID: nul
      CSeq: 1 REGISTER
      Max-Forwards: 70
      Contact: <sip:%00@10.0.0.61>, <sip:%00%00@10.0.0.61>
      Content-Length: 0
      """, uri: "sip:branch")
    #expect(answer?.status == 200)
    #expect(torture.contacts == ["sip:%00@10.0.0.61", "sip:%00%00@10.0.0.61"])
  }

  @Test("3.1.1.5 a % that is no escape: RE%47ISTER is another method than REGISTER")
  func section3_1_1_5() {
    #expect(
      torture.status(
        """
        RE%47ISTER sip:branch SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKesc2;rport
        To: "%Z%45" <sip:101@branch>
        From: "%Z%45" <sip:101@branch>;tag=esc2
        Call-ID: esc2
        CSeq: 1 RE%47ISTER
        Max-Forwards: 70
        Contact: <sip:al%69ce@198.51.100.77>
        Content-Length: 0
        """) == 501)
    #expect(torture.agent.counters.challenges == 0)
  }

  @Test("3.1.1.6 no space between a display name and its bracket")
  func section3_1_1_6() {
    #expect(
      torture.status(
        """
        OPTIONS sip:branch.example SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKlws;rport
        To: sip:branch.example
        From: reception<sip:ann@branch.example>;tag=323
        Call-ID: lws
        CSeq: 60 OPTIONS
        Max-Forwards: 70
        Content-Length: 0
        """) == 200)
  }

  @Test("3.1.1.7 long values everywhere: a name of 900 bytes, 34 Via, long tags and header names")
  func section3_1_1_7() throws {
    let long = String(repeating: "long", count: 225)
    let vias = (0..<33).map { "\nv: SIP/2.0/TCP hop\($0).example;branch=z9hG4bK\($0)" }.joined()
    let answers = torture.say(
      """
      INVITE sip:7000@branch.example;unknown\(long)=\(long) SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bK\(long);rport\(vias)
      To: "\(long)" <sip:\(long)@branch.example>
      F: "\(long)" <sip:13900139000@carrier.example>;tag=\(long);p\(long)=\(long);v
      Call-ID: \(long)
      CSeq: 3882340 INVITE
      Unknown-\(long)-Header: unknown-\(long)-value; unknown-\(long)-parameter
      Max-Forwards: 70
      Contact: <sip:gw@198.51.100.77>
      Content-Length: 0
      """)
    #expect(answers.map(\.status) == [100])
    #expect(answers.first?.all(.via).count == 34)
    #expect(answers.first?.callID.count == 900)
    #expect(torture.calls.map(\.number) == ["7000"])
  }

  @Test("3.1.1.8 octets behind the message in its datagram are no second message")
  func section3_1_1_8() {
    let head = """
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKdbl;rport
      To: sip:101@branch
      From: sip:101@branch;tag=dbl
      Call-ID: dbl
      Max-Forwards: 70
      Content-Length: 0
      """
    let first = "REGISTER sip:branch SIP/2.0\nCSeq: 8 REGISTER\n" + head
    let second = "INVITE sip:102@branch SIP/2.0\nCSeq: 9 INVITE\n" + head + "\n\n"
    let answers = torture.say(first, body: second.replacing("\n", with: "\r\n"))
    #expect(answers.map(\.status) == [401])
    #expect(torture.calls.isEmpty)
  }

  @Test("3.1.1.9 semicolons in the user part: they are part of the user, not parameters")
  func section3_1_1_9() {
    _ = torture.say(
      """
      INVITE sip:9000;par=u%40other.example@branch.example SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKsemi;rport
      To: sip:9000@branch.example
      From: sip:1@carrier.example;tag=semi
      Call-ID: semi
      CSeq: 1 INVITE
      Max-Forwards: 70
      Contact: <sip:gw@198.51.100.77>
      Content-Length: 0
      """)
    #expect(torture.calls.map(\.number) == ["9000;par=u@other.example"])
  }

  @Test("3.1.1.10 known and unknown transports in Via are all copied")
  func section3_1_1_10() throws {
    let names = ["SCTP", "TLS", "WSS", "PIGEON"]
    let further = names.map { "\nVia: SIP/2.0/\($0) \($0).example;branch=z9hG4bK\($0)" }.joined()
    let answer = try #require(
      torture.say(
        """
        OPTIONS sip:branch.example SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKtrans;rport\(further)
        To: sip:branch.example
        From: <sip:a@carrier.example>;tag=trans
        Call-ID: trans
        CSeq: 5 OPTIONS
        Max-Forwards: 70
        Content-Length: 0
        """
      ).first)
    #expect(answer.status == 200)
    #expect(answer.all(.via).dropFirst().compactMap { Via(ByteString($0))?.transport.description } == names)
  }

  @Test("3.1.1.11 a multipart body with bytes of any kind: read whole; 415 says what is understood instead")
  func section3_1_1_11() throws {
    let body =
      "--seam\r\nContent-Type: text/plain\r\n\r\nhello\r\n--seam\r\nContent-Type: application/octet-stream\r\n\r\n"
    let bytes: [UInt8] = Array(body.utf8) + [0, 0x0D, 0x80, 0xFF, 0x0A, 0x82] + Array("\r\n--seam--\r\n".utf8)
    let head = """
      INVITE sip:9000@branch.example SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77;branch=z9hG4bKpart;rport
      To: sip:9000@branch.example
      From: sip:1@carrier.example;tag=part
      Call-ID: part
      CSeq: 1 INVITE
      MIME-Version: 1.0
      Max-Forwards: 70
      Content-Type: multipart/mixed;boundary=seam
      Content-Length: \(bytes.count)
      """
    let text = Array(head.replacing("\n", with: "\r\n").utf8) + [13, 10, 13, 10] + bytes
    let answer = try #require(torture.say(text).first)
    #expect(answer.status == 415 && answer.text(.acceptHeader) == "application/sdp")
  }

  /// An INVITE of the box to the carrier, and what the box makes of an answer with that line.
  private func events(answering line: String) throws -> [UserAgent.Event] {
    let offer = Fixture.offer()
    torture.world.command(
      torture.box,
      .invite(
        LegID(1), .init(target: .trunk("carrier", number: "13800138000"), callerNumber: "102", offer: offer)))
    let invite = try #require(torture.world.sent.last?.message)
    let copied = [HeaderName.via, .from, .callID, .cseq].map { "\($0.text): \(invite.text($0))" }.joined(
      separator: "\n")
    _ = torture.say(line + "\n" + copied + "\nTo: \(invite.text(.to));tag=far\nContent-Length: 0")
    return torture.world.nodes[torture.box].events
  }

  @Test("3.1.1.12 an unusual reason phrase, of signs and UTF-8: the status counts")
  func section3_1_1_12() throws {
    let events = try events(answering: "SIP/2.0 486 = 2*3**5; но занято 忙")
    #expect(events.contains { if case .ended(LegID(1), let ending) = $0 { ending.status == 486 } else { false } })
  }

  @Test("3.1.1.13 an empty reason phrase")
  func section3_1_1_13() throws {
    let events = try events(answering: "SIP/2.0 180 ")
    #expect(events.contains { if case .progress(LegID(1), 180, _) = $0 { true } else { false } })
  }

  @Test("3.4.1 an INVITE as RFC 2543 had it: no branch, no tags, no Max-Forwards; its repetition is no second call")
  func section3_4_1() throws {
    let invite = """
      INVITE sip:6000@branch.example SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77
      From: <sip:021555@carrier.example>
      To: sip:6000@branch.example
      Call-ID: 5678.3@198.51.100.77
      CSeq: 10 INVITE
      Contact: sip:gw@198.51.100.77
      Content-Type: application/sdp
      """
    let body = String(decoding: Fixture.offer(41_000).serialised(), as: UTF8.self)
    #expect(torture.say(invite, body: body).map(\.status) == [100])
    #expect(torture.say(invite, body: body).map(\.status) == [100])
    #expect(torture.calls.map(\.number) == ["6000"])
    let (leg, call) = try #require(torture.world.incoming(torture.box))
    torture.world.command(torture.box, .accept(leg, Fixture.answer(to: call.offer)))
    let accepted = try #require(torture.world.sent.last?.message)
    let tag = String(decoding: accepted.toTag ?? [], as: UTF8.self)
    _ = torture.say(
      """
      ACK sip:6000@branch.example SIP/2.0
      Via: SIP/2.0/UDP 198.51.100.77
      From: <sip:021555@carrier.example>
      To: sip:6000@branch.example;tag=\(tag)
      Call-ID: 5678.3@198.51.100.77
      CSeq: 10 ACK
      """)
    #expect(torture.world.confirmed(torture.box, leg))
  }
}
