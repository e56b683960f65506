import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Short texts to phones") struct MessageTests {
  let world = World()
  let box: Int
  let phone: RawPeer

  init() {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.50:5060")
  }

  private func register(_ contact: String, cseq: Int, from peer: RawPeer? = nil) throws {
    let peer = peer ?? phone
    peer.send("REGISTER", callID: "x\(cseq)", cseq: cseq)
    let challenge = try #require(peer.answer(.register, cseq))
    peer.send(
      "REGISTER", callID: "c\(cseq)", cseq: cseq,
      headers: ["Contact: <\(contact)>", peer.authorization(challenge, .register)])
    #expect(peer.answer(.register, cseq)?.status == 200)
  }

  @Test("one MESSAGE to each phone of the user, repeated until answered")
  func delivered() throws {
    try register("sip:101@10.0.0.50:5060", cseq: 1)
    world.command(box, .message(user: "101", text: "You missed a call."))
    let first = phone.receive()
    let message = try #require(first.first)
    #expect(first.count == 1 && message.method == .message)
    #expect(message.text(.contentType) == "text/plain;charset=UTF-8")
    #expect(String(decoding: message.body, as: UTF8.self) == "You missed a call.")
    #expect(String(decoding: message.requestURI, as: UTF8.self) == "sip:101@10.0.0.50:5060")
    #expect(phone.receive(after: .milliseconds(600)).count == 1, "timer E")
    phone.send(
      """
      SIP/2.0 200 OK\r
      Via: \(message.text(.via))\r
      From: \(message.text(.from))\r
      To: \(message.text(.to));tag=p\r
      Call-ID: \(message.text(.callID))\r
      CSeq: \(message.text(.cseq))\r
      Content-Length: 0\r
      \r

      """)
    #expect(phone.receive(after: .seconds(20)).isEmpty)
  }

  @Test("two phones of one user get one each; a user without a phone, and no text, get none")
  func each() throws {
    try register("sip:101@10.0.0.50:5060", cseq: 1)
    let other = RawPeer(world, "10.0.0.51:5060")
    try register("sip:101@10.0.0.51:5060", cseq: 2, from: other)
    world.command(box, .message(user: "101", text: "x"))
    let messages = phone.receive() + other.receive()
    #expect(messages.count == 2)
    #expect(Set(messages.map { $0.text(.callID) }).count == 2)
    let sent = world.sent.count
    world.command(box, .message(user: "102", text: "x"))
    world.command(box, .message(user: "101", text: ""))
    #expect(world.sent.count == sent)
  }

  @Test("a text that is too long is cut between characters")
  func cut() throws {
    try register("sip:101@10.0.0.50:5060", cseq: 1)
    let text = ByteString(String(repeating: "错", count: 400))
    world.command(box, .message(user: "101", text: text))
    let body = try #require(phone.receive().first).body
    #expect(body.count <= UserAgent.Limits.messageBytes && body.count % 3 == 0 && body.count > 490)
  }
}
