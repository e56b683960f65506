// Unusual messages that the grammar allows, in the spirit of RFC 4475 §3.1.1 and RFC 5118.

import Basics
import Testing

@testable import SIPMessage

@Suite struct ValidMessageTests {
  @Test("folds, space around separators, compact names and odd capitals mean the same as the plain form")
  func whitespaceEverywhere() throws {
    let m = try parse(
      message(
        """
        INVITE sip:liu@branch.example;unknown-parameter SIP/2.0
        TO :
         sip:liu@branch.example ;   tag    = 48151623
        from   : "R. \\\\\\""       <sip:ruth@remote.example>
          ;
          tag = 98ab
        mAX-fORWARDS: 0068
        Call-ID: odd.spacing@192.0.2.1
        CSeq: 0009
          INVITE
        Via  : SIP  /   2.0
         /UDP
            192.0.2.2 : 5062 ;branch=z9hG4bK390
        s :
        Private-Header:
         continues here
         and : here
        v:  SIP  / 2.0  / TCP     relay.example   ;
          branch  =   z9hG4bK9i  ,
         SIP  /    2.0   / UDP  192.0.2.111   ; branch=
         z9hG4bK30
        m:"Quoted \\"text\\"" <sip:ruth@remote.example> ; newparam =
              newvalue ;
          secondparam ; q = 0.33
        """))
    #expect(m.method == .invite)
    #expect(m.toTag?.text == "48151623")
    #expect(m.fromTag?.text == "98ab")
    #expect(m.from?.displayName == "R. \\\"")
    #expect(m.maxForwards == 68)
    #expect(m.cseq.number == 9)
    #expect(m.topVia.host == "192.0.2.2")
    #expect(m.topVia.port == 5062)
    #expect(m.topVia.isTransport("udp"))
    let vias = m.values(.via)
    #expect(vias.count == 3)
    #expect(Via(vias[1])?.branch.text == "z9hG4bK9i")
    #expect(Via(vias[2])?.branch.text == "z9hG4bK30")
    #expect(m.value(.subject)?.text == "")
    #expect(m.value(named: "private-header")?.text == "continues here   and : here")
    let contact = try #require(m.contacts.first)
    #expect(contact.displayName == "Quoted \"text\"")
    #expect(contact.q == 330)
    #expect(contact.parameter("newparam") == "newvalue")
    #expect(contact.parameter("secondparam") == "")
    #expect(contact.parameter("third") == nil)
  }

  @Test("every character that tokens, user parts and quoted strings may hold is taken")
  func wideCharacterSets() throws {
    let m = try parse(
      message(
        """
        !odd-Method.%*_+`'~09 sip:a_b.c~(d!e)&f'g+h=$/i?j,/;k:p&q=r+s,t$u@branch.example;x=[/]:&+$ SIP/2.0
        Via: SIP/2.0/UDP gate.example;branch=z9hG4bK-.!%66*_+`'~
        To: "bell \\\u{7} nul \\\0 del \\\u{7F}" <sip:a_b.c~(d!e)@branch.example>
        From: tok~1` tok'2+_ *%!.- <sip:m@branch.example>;p''~+*_!.-%="работа";tag=_t~1'+`*%!-.
        Call-ID: w%ZK-!.*_+'@w`~)(><:\\/"][?}{
        CSeq: 139122385 !odd-Method.%*_+`'~09
        extensionHeader-!.%*_+`'~: 大停電
        Max-Forwards: 255
        """))
    #expect(m.method == .other("!odd-Method.%*_+`'~09"))
    let uri = try #require(SIPURI(m.requestURI))
    #expect(uri.user == "a_b.c~(d!e)&f'g+h=$/i?j,/;k")
    #expect(uri.password == "p&q=r+s,t$u")
    #expect(uri.parameter("X") == "[/]:&+$")
    #expect(m.to?.displayName.bytes == Array("bell \u{7} nul \0 del \u{7F}".utf8))
    #expect(m.from?.displayName == "tok~1` tok'2+_ *%!.-")
    #expect(m.from?.parameter("p''~+*_!.-%").map { "\($0)" } == "работа")
    #expect(m.fromTag?.text == "_t~1'+`*%!-.")
    #expect(m.value(named: "EXTENSIONHEADER-!.%*_+`'~")?.text == "大停電")
  }

  @Test("escapes in a user part are decoded, and an escaped scheme is no scheme")
  func escapedUser() throws {
    let invite = InviteText().startLine("INVITE sip:sips%3Auser%40other.example@pbx.example SIP/2.0")
    let uri = try #require(SIPURI(try parse(invite.bytes).requestURI))
    #expect(uri.user == "sips:user@other.example")
    #expect(uri.host == "pbx.example")
    #expect(!uri.isSecure)
    #expect(uri.text == "sip:sips%3Auser%40other.example@pbx.example")
  }

  @Test("an escaped NUL in a user part is one byte of it")
  func escapedNul() throws {
    let m = try parse(InviteText().with("To", "sip:null-%00-null@pbx.example").bytes)
    #expect(m.to?.uri.user.bytes == Array("null-\0-null".utf8))
    #expect(m.to?.uri.text == "sip:null-%00-null@pbx.example")
  }

  @Test("percent signs in a method are part of its name, so it is another method")
  func escapesInMethod() throws {
    let m = try parse(InviteText().startLine("INV%49TE sip:200@pbx.example SIP/2.0").with("CSeq", "1 INV%49TE").bytes)
    #expect(m.method == .other("INV%49TE"))
  }

  @Test("a display name may touch the angle bracket")
  func noSpaceBeforeBracket() throws {
    let m = try parse(InviteText().with("From", "caller<sip:c@pbx.example>;tag=3").bytes)
    #expect(m.from?.displayName == "caller")
  }

  @Test("UTF-8 display names pass with and without quotes")
  func utf8Names() throws {
    for name in ["\"李伟\"", "李伟", "José Núñez"] {
      let m = try parse(InviteText().with("From", "\(name) <sip:c@pbx.example>;tag=3").bytes)
      #expect(m.from?.displayName == ByteString(name.replacing("\"", with: "")))
    }
  }

  @Test("long values, long lists and many Via are taken whole")
  func longValues() throws {
    let user = String(repeating: "u", count: 5_000)
    var invite = InviteText().with("To", "<sip:\(user)@pbx.example>")
    for index in 0..<40 { invite = invite.adding("Via", "SIP/2.0/TCP h\(index).example;branch=z9hG4bK\(index)") }
    let m = try parse(invite.bytes)
    #expect(m.to?.uri.user.count == 5_000)
    #expect(m.values(.via).count == 41)
  }

  @Test("what follows the announced body is ignored, also a second message")
  func secondMessageBehind() throws {
    let m = try parse(InviteText().bytes + InviteText().startLine("BYE sip:x@y SIP/2.0").bytes)
    #expect(m.method == .invite)
    #expect(m.body.isEmpty)
    let short = try parse(InviteText().with("Content-Length", "3").bytes(body: "abcdef"))
    #expect(short.body.text == "abc")
  }

  @Test("without Content-Length the body reaches to the end of the datagram")
  func noContentLength() throws {
    let m = try parse(InviteText().with("Content-Length", nil).bytes + Array("v=0".utf8))
    #expect(m.body.text == "v=0")
  }

  @Test("a semicolon in the user part belongs to the user")
  func semicolonInUser() throws {
    let uri = try #require(SIPURI("sip:user;par=u%40a.example@pbx.example"))
    #expect(uri.user == "user;par=u@a.example")
    #expect(uri.parameters.isEmpty)
  }

  @Test("unknown transports in Via are carried along")
  func unknownTransport() throws {
    let m = try parse(InviteText().with("Via", "SIP/2.0/QUIC t5.example;branch=z9hG4bK1").bytes)
    #expect(m.topVia.transport == "QUIC")
  }

  @Test("reason phrases may be empty or UTF-8")
  func reasonPhrases() throws {
    for (line, reason) in [("SIP/2.0 200 ", ""), ("SIP/2.0 100 = 2**3 * 5**2 но сто", "= 2**3 * 5**2 но сто")] {
      let m = try parse(InviteText().startLine(line).bytes)
      #expect(!m.isRequest)
      #expect(m.reasonPhrase.text == reason)
      #expect(m.method == .invite)
      #expect(m.requestURI.isEmpty)
    }
  }

  @Test("an unknown URI scheme parses; its address is nil")
  func unknownScheme() throws {
    let m = try parse(
      InviteText().startLine("OPTIONS nobody-knows:tell.me?x=1 SIP/2.0").with("CSeq", "1 OPTIONS")
        .with("To", "isbn:2983792873").with("From", "<http://www.example>;tag=9").bytes)
    #expect(SIPURI(m.requestURI) == nil)
    #expect(m.requestURI.text == "nobody-knows:tell.me?x=1")
    #expect(m.to == nil)
    #expect(m.fromTag?.text == "9")
  }

  @Test("an RFC 2543 peer sends neither branch nor tag nor Max-Forwards")
  func oldPeer() throws {
    let m = try parse(
      InviteText().with("Via", "SIP/2.0/UDP old.example").with("From", "<sip:a@old.example>").with("Max-Forwards", nil)
        .bytes)
    #expect(m.topVia.branch.isEmpty)
    #expect(!m.topVia.hasMagicCookie)
    #expect(m.fromTag == nil)
    #expect(m.maxForwards == nil)
  }

  @Test("a branch of the magic cookie alone parses but identifies nothing")
  func bareCookie() throws {
    let m = try parse(InviteText().with("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK").bytes)
    #expect(m.topVia.branch.text == "z9hG4bK")
    #expect(!m.topVia.hasMagicCookie)
  }

  @Test("unknown URI parameters inside and outside angle brackets fall on the right side")
  func contactParameters() throws {
    let outside = try parse(InviteText().with("Contact", "sip:+1972555@gw.example;unknownparam").bytes).contacts
    #expect(outside.first?.parameter("unknownparam") == "")
    #expect(outside.first?.uri.parameter("unknownparam") == nil)
    let inside = try parse(InviteText().with("Contact", "<sip:+1972555@gw.example;unknownparam>").bytes).contacts
    #expect(inside.first?.parameter("unknownparam") == nil)
    #expect(inside.first?.uri.parameter("unknownparam") == "")
  }

  @Test("a Contact with escaped headers in its URI is kept as written")
  func contactWithHeaders() throws {
    let m = try parse(InviteText().with("Contact", "<sip:u@a.example?Route=%3Csip:b.example%3E>").bytes)
    #expect(m.contacts.first?.uri.headers == "Route=%3Csip:b.example%3E")
    #expect(!m.hasMalformedContact)
  }

  @Test("numbers too large for a second count are clamped, nonsense is none")
  func largeExpires() throws {
    let m = try parse(
      InviteText().adding("Expires", "10000000000000").with("Contact", "<sip:a@b.example>;expires=280297596632815")
        .bytes)
    #expect(m.expires == 0xFFFF_FFFF)
    #expect(m.contacts.first?.expires == 0xFFFF_FFFF)
    #expect(try parse(InviteText().adding("Expires", "0 1").bytes).expires == nil)
  }

  @Test("line ends in front of the start line are skipped")
  func leadingLineEnds() throws {
    #expect(try parse([13, 10, 13, 10] + InviteText().bytes).method == .invite)
  }

  @Test("the wildcard Contact is recognised and is no address")
  func wildcard() throws {
    let m = try parse(InviteText().with("Contact", "*").bytes)
    #expect(m.isWildcardContact)
    #expect(m.contacts.isEmpty)
    #expect(!m.hasMalformedContact)
    #expect(!(try parse(InviteText().bytes).isWildcardContact))
  }

  @Test("IPv6 references in Request-URI, Via and Contact (RFC 5118 §4.1)")
  func ipv6Everywhere() throws {
    let m = try parse(
      InviteText().startLine("INVITE sip:200@[2001:db8::10]:5070 SIP/2.0")
        .with("Via", "SIP/2.0/UDP [2001:db8::9:1]:5065;received=[2001:db8::9:255];branch=z9hG4bKas3")
        .with("Contact", "\"Caller\" <sip:caller@[2001:db8::1]>").bytes)
    let uri = try #require(SIPURI(m.requestURI))
    #expect(uri.host == "2001:db8::10")
    #expect(uri.port == 5070)
    #expect(uri.hostAddress == .v6(high: 0x2001_0db8_0000_0000, low: 0x10))
    #expect(uri.text == "sip:200@[2001:db8::10]:5070")
    #expect(m.topVia.host == "2001:db8::9:1")
    #expect(m.topVia.port == 5065)
    #expect(m.topVia.received == .v6(high: 0x2001_0db8_0000_0000, low: 0x9_0255))
    #expect(m.contacts.first?.uri.hostAddress == .v6(high: 0x2001_0db8_0000_0000, low: 1))
  }

  @Test("a port that could be part of the address is part of it inside the brackets (RFC 5118 §4.3, §4.4)")
  func ipv6Port() {
    #expect(SIPURI("sip:[2001:db8::10:5070]")?.port == nil)
    #expect(SIPURI("sip:[2001:db8::10]:5070")?.port == 5070)
  }

  @Test("received is an IPv6 address with or without brackets (RFC 5118 §4.5), or with IPv4 inside (§4.10)")
  func ipv6Received() {
    let address = IPAddress.v6(high: 0x2001_0db8_0000_0000, low: 0x9_0255)
    #expect(Via("SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z")?.received == address)
    #expect(Via("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z")?.received == address)
    #expect(Via("SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z")?.hostAddress == .v6(high: 0, low: 0xFFFF_C000_020A))
  }
}
