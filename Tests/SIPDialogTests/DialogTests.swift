import Basics
import SIPMessage
import Testing

@testable import SIPDialog

@Suite("Dialogs")
struct DialogTests {
  func message(_ lines: String...) throws -> SIPMessage {
    try SIPMessage(parsing: Array((lines + ["Content-Length: 0", "", ""]).joined(separator: "\r\n").utf8))
  }
  func invite(routes: [String] = []) throws -> SIPMessage {
    let head = [
      "INVITE sip:200@10.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1", "Max-Forwards: 70",
      "From: \"Anna\" <sip:101@branch>;tag=a", "To: <sip:200@branch>", "Call-ID: c", "CSeq: 7 INVITE",
      "Contact: <sip:101@10.0.0.9:5070>",
    ]
    let lines = head + routes.map { "Record-Route: \($0)" } + ["Content-Length: 0", "", ""]
    return try SIPMessage(parsing: Array(lines.joined(separator: "\r\n").utf8))
  }
  func answer(_ status: Int = 200, tag: String = "b", routes: [String] = []) throws -> SIPMessage {
    let lines =
      [
        "SIP/2.0 \(status) Fine", "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2", "From: <sip:200@branch>;tag=l",
        "To: <sip:101@branch>" + (tag.isEmpty ? "" : ";tag=\(tag)"), "Call-ID: c", "CSeq: 1 INVITE",
        "Contact: <sip:101@10.0.0.9:5070>",
      ] + routes.map { "Record-Route: \($0)" } + ["Content-Length: 0", "", ""]
    return try SIPMessage(parsing: Array(lines.joined(separator: "\r\n").utf8))
  }
  var caller: Dialog {
    Dialog(
      calling: "sip:101@10.0.0.9", callID: "c", localTag: "l", sequence: 1, local: "<sip:200@branch>",
      remote: "<sip:101@branch>")
  }
  var via: ViaOrigin {
    ViaOrigin(transport: "UDP", sentBy: Endpoint(IPAddress("10.0.0.1") ?? .anyV4, 5060), branch: "z9hG4bKx")
  }
  func written(_ writer: consuming MessageWriter) throws -> SIPMessage { try SIPMessage(parsing: writer.finish()) }

  @Test("The INVITE carries the given number and no tag in To; its CANCEL is the same in all that matters")
  func callerBegins() throws {
    var dialog = caller
    let invite = try written(dialog.request(.invite, via: via))
    #expect(invite.cseq.number == 1)
    #expect(invite.toTag == nil)
    #expect(invite.fromTag.map { ByteString($0) } == "l")
    let cancel = try written(dialog.cancellation(sequence: dialog.localSequence, via: via))
    #expect(cancel.method == .cancel && cancel.cseq.number == 1)
    #expect(cancel.requestURI == invite.requestURI)
    #expect(ByteString(cancel.topVia.text) == ByteString(invite.topVia.text))
  }

  @Test("The answer completes the caller's dialog: tag, target, routes in reverse; numbers count up")
  func callerAnswered() throws {
    var template = caller
    _ = try written(template.request(.invite, via: via))
    let response = try answer(routes: ["<sip:p2;lr>, <sip:p1;lr>", "<sip:p0;lr>"])
    var dialog = try #require(template.established(by: response))
    #expect(dialog.id == Dialog.ID(callID: "c", localTag: "l", remoteTag: "b"))
    #expect(dialog.remoteTarget == "sip:101@10.0.0.9:5070")
    #expect(dialog.routes == ["<sip:p0;lr>", "<sip:p1;lr>", "<sip:p2;lr>"])
    let bye = try written(dialog.request(.bye, via: via))
    #expect(bye.cseq.number == 2)
    #expect(bye.toTag.map { ByteString($0) } == "b")
    #expect(ByteString(bye.requestURI) == "sip:101@10.0.0.9:5070")
    #expect(bye.values(.route).count == 3)
    let ack = try written(dialog.acknowledgement(sequence: 1, via: via))
    #expect(ack.method == .ack && ack.cseq.number == 1)
  }

  @Test("An answer without a tag makes no dialog")
  func noTag() throws {
    #expect(try caller.established(by: answer(tag: "")) == nil)
  }

  @Test("Each tag is a dialog of its own, and the 2xx's routes replace those of the 18x")
  func forks() throws {
    let early = try #require(try caller.established(by: answer(180, tag: "x", routes: ["<sip:old;lr>"])))
    let confirmed = try #require(try early.established(by: answer(tag: "y", routes: ["<sip:new;lr>"])))
    #expect(early.id != confirmed.id)
    #expect(confirmed.routes == ["<sip:new;lr>"])
  }

  @Test("The called side: routes in order, From and To swapped, numbers from 1")
  func callee() throws {
    var dialog = Dialog(answering: try invite(routes: ["<sip:p1;lr>", "<sip:p2;lr>"]), localTag: "mine")
    #expect(dialog.id == Dialog.ID(callID: "c", localTag: "mine", remoteTag: "a"))
    #expect(dialog.nextHop?.host == "p1")
    let bye = try written(dialog.request(.bye, via: via))
    #expect(bye.cseq.number == 1)
    #expect(bye.value(.from).map { ByteString($0) } == "<sip:200@branch>;tag=mine")
    #expect(bye.value(.to).map { ByteString($0) } == "\"Anna\" <sip:101@branch>;tag=a")
    #expect(bye.values(.route).map { ByteString($0) } == ["<sip:p1;lr>", "<sip:p2;lr>"])
    #expect(!dialog.isCaller)
  }

  @Test("A strict router gets itself as Request-URI and the target at the end of the route")
  func strictRouter() throws {
    var dialog = Dialog(answering: try invite(routes: ["<sip:strict.example>", "<sip:p2;lr>"]), localTag: "mine")
    let bye = try written(dialog.request(.bye, via: via))
    #expect(ByteString(bye.requestURI) == "sip:strict.example")
    #expect(bye.values(.route).map { ByteString($0) } == ["<sip:p2;lr>", "<sip:101@10.0.0.9:5070>"])
  }

  @Test("The peer's numbers must grow, gaps are allowed")
  func order() throws {
    var dialog = Dialog(answering: try invite(), localTag: "mine")
    let verdicts = [7, 6, 8, 8, 100, 99].map { dialog.accepts(sequence: $0) }
    #expect(verdicts == [false, false, true, false, true, false])
    var first = try #require(try caller.established(by: answer()))
    let any = first.accepts(sequence: 0)
    #expect(any, "the caller takes the callee's first number as it comes")
  }

  @Test("A target refresh moves the target and leaves the route")
  func refresh() throws {
    var dialog = Dialog(answering: try invite(routes: ["<sip:p1;lr>"]), localTag: "mine")
    dialog.refreshTarget(
      from: try message(
        "INVITE sip:200@10.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK3", "From: <sip:101@branch>;tag=a",
        "To: <sip:200@branch>;tag=mine", "Call-ID: c", "CSeq: 8 INVITE", "Contact: <sip:101@10.0.0.77>"))
    #expect(dialog.remoteTarget == "sip:101@10.0.0.77")
    #expect(dialog.routes == ["<sip:p1;lr>"])
  }
}
