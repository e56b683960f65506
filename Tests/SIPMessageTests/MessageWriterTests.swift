import Basics
import Testing

@testable import SIPMessage

@Suite struct MessageWriterTests {
  @Test("a request is written line by line and reads back")
  func request() throws {
    var writer = MessageWriter.request(.invite, "sip:200@192.0.2.7")
    writer.via(transport: "UDP", sentBy: Endpoint(.v4(0xC000_0201), 5060), branch: "z9hG4bK-1")
    writer.header(.maxForwards, number: 70)
    writer.header(.from, NameAddress(displayName: "Ann", uri: SIPURI(user: "100", host: "pbx.example"), tag: "a"))
    writer.header(.to, "<sip:200@192.0.2.7>")
    writer.header(.callID, "xyz")
    writer.cseq(17, .invite)
    writer.header(named: "X-Queue", "sales")
    let bytes = writer.finish(contentType: "application/sdp", body: Array("v=0\r\n".utf8))
    #expect(
      bytes.text == """
        INVITE sip:200@192.0.2.7 SIP/2.0\r
        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1;rport\r
        Max-Forwards: 70\r
        From: "Ann" <sip:100@pbx.example>;tag=a\r
        To: <sip:200@192.0.2.7>\r
        Call-ID: xyz\r
        CSeq: 17 INVITE\r
        X-Queue: sales\r
        Content-Type: application/sdp\r
        Content-Length: 5\r
        \r
        v=0\r

        """)
    let m = try parse(bytes)
    #expect(m.isContent("application/SDP"))
    #expect(m.value(named: "x-queue")?.text == "sales")
  }

  private let invite = InviteText().adding("Via", "SIP/2.0/TCP p.example;branch=z9hG4bK2")
    .adding("Record-Route", "<sip:p.example;lr>").adding("Timestamp", "54.21")

  @Test("a response copies what RFC 3261 §8.2.6.2 demands and adds the tag")
  func response() throws {
    let request = try parse(invite.bytes)
    let m = try parse(MessageWriter.response(180, to: request, toTag: "b2").finish())
    #expect(m.status == 180)
    #expect(m.reasonPhrase.text == "Ringing")
    #expect(m.values(.via) == request.values(.via))
    #expect(m.value(.from) == request.value(.from))
    #expect(m.value(.to)?.text == "<sip:200@pbx.example>;tag=b2")
    #expect(m.callID == request.callID)
    #expect(m.value(.cseq) == request.value(.cseq))
    #expect(m.value(.recordRoute)?.text == "<sip:p.example;lr>")
    #expect(m.value(named: "Timestamp") == nil)
    #expect(m.value(.contentLength)?.text == "0")
  }

  @Test("100 and refusals carry no Record-Route; 100 returns the Timestamp")
  func withoutRecordRoute() throws {
    let request = try parse(invite.bytes)
    for status in [100, 302, 486, 603] {
      let m = try parse(MessageWriter.response(status, to: request, toTag: nil).finish())
      #expect(m.value(.recordRoute) == nil)
      #expect((m.value(named: "Timestamp") != nil) == (status == 100))
      #expect(m.toTag == nil)
    }
  }

  @Test("a tag that To has is kept")
  func keepsTag() throws {
    let request = try parse(InviteText().with("To", "<sip:200@pbx.example>;tag=old").bytes)
    let m = try parse(MessageWriter.response(200, to: request, toTag: "new").finish())
    #expect(m.toTag?.text == "old")
  }

  @Test("a To without brackets gets its tag as a header parameter")
  func tagOfBareURI() throws {
    let request = try parse(InviteText().with("To", "sip:200@pbx.example").bytes)
    let m = try parse(MessageWriter.response(200, to: request, toTag: "new").finish())
    #expect(m.toTag?.text == "new")
    #expect(m.to?.uri.text == "sip:200@pbx.example")
  }

  @Test("a folded header of the request is copied as one line")
  func folded() throws {
    let request = try parse(InviteText().with("From", "<sip:1@a.example>\n ;tag=f").bytes)
    let bytes = MessageWriter.response(200, to: request, toTag: nil).finish()
    #expect(!bytes.text.contains("\r\n "))
    #expect(try parse(bytes).fromTag?.text == "f")
  }

  @Test("no value can add a header or a line")
  func noInjection() throws {
    let evil: ByteString = "x\r\nContact: <sip:evil@h>\r\n\r\n\0"
    let request = try parse(InviteText().bytes)
    var writer = MessageWriter.response(404, to: request, toTag: "t", reason: evil)
    writer.header(.subject, evil)
    writer.header(named: "X-Evil", evil)
    let m = try parse(writer.finish(contentType: evil))
    #expect(m.contacts.isEmpty)
    #expect(m.value(named: "X-Evil")?.text == "x  Contact: <sip:evil@h>")
  }

  @Test("statuses without a phrase of their own get that of their class")
  func phrases() {
    #expect("\(ReasonPhrase.text(for: 481))" == "Call/Transaction Does Not Exist")
    #expect("\(ReasonPhrase.text(for: 499))" == "Bad Request")
    #expect("\(ReasonPhrase.text(for: 599))" == "Server Internal Error")
    #expect("\(ReasonPhrase.text(for: 188))" == "Session Progress")
  }
}
