import Basics
import SDP
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("What is refused, and how")
struct ProtocolTests {
  let world = World()
  let box: Int
  let peer: RawPeer

  init() {
    let trunk = UserAgent.TrunkSettings(
      name: "t", kind: .peer(authUser: "", secret: ""),
      endpoint: Endpoint(IPAddress("198.51.100.77") ?? .anyV4, 5060), qualifySeconds: 0)
    box = world.add(Fixture.box, Fixture.boxSettings(trunks: [trunk]))
    peer = RawPeer(world, "198.51.100.77:5060")
  }

  @Test("OPTIONS from anybody is answered with what we allow")
  func options() throws {
    let stranger = RawPeer(world, "203.0.113.5:5060")
    stranger.send("OPTIONS", cseq: 1)
    let answer = try #require(stranger.answer(.options, 1))
    #expect(answer.status == 200)
    #expect(answer.text(.allow) == "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REGISTER, SUBSCRIBE, REFER")
    #expect(answer.text(.acceptHeader) == "application/sdp")
  }

  @Test(
    "Methods that are not served", arguments: [("PUBLISH", 405), ("MESSAGE", 405), ("DANCE", 501)])
  func methods(name: String, status: Int) throws {
    peer.send(name, cseq: 1)
    let answer = try #require(peer.receive().last)
    #expect(answer.status == status)
    #expect(answer.value(.allow) != nil)
  }

  @Test("Required extensions are named as unsupported")
  func required() throws {
    peer.send("INVITE", cseq: 1, headers: ["Require: 100rel, precondition, timer, sec-agree"])
    let answer = try #require(peer.answer(.invite, 1))
    #expect(answer.status == 420)
    #expect(answer.text(.unsupported) == "precondition, sec-agree")
  }

  @Test("In-dialog requests without a dialog get 481", arguments: ["BYE", "INFO", "UPDATE", "PRACK", "INVITE"])
  func unknownDialog(name: String) throws {
    peer.send(name, toTag: "none", cseq: 1)
    #expect(peer.receive().last?.status == 481)
  }

  @Test("A CANCEL for nothing gets 481")
  func cancelOfNothing() {
    peer.send("CANCEL", cseq: 1)
    #expect(peer.receive().last?.status == 481)
  }

  @Test("Bodies that are no descriptions: 415 with Accept, broken ones 400")
  func bodies() throws {
    peer.send("INVITE", callID: "a", cseq: 1, headers: ["Content-Type: text/plain"], body: "hello")
    let text = try #require(peer.answer(.invite, 1))
    #expect(text.status == 415 && text.text(.acceptHeader) == "application/sdp")
    peer.send("INVITE", callID: "b", cseq: 2, headers: ["Content-Type: application/sdp"], body: "hello")
    #expect(peer.answer(.invite, 2)?.status == 400)
    #expect(world.incoming(box) == nil)
  }

  @Test("An INVITE hears 100 after 50 ms, and none where something else was said before", arguments: [true, false])
  func trying(isAnswered: Bool) throws {
    peer.send("INVITE", to: "102", callID: "a", cseq: 1, headers: ["Contact: <sip:gw@198.51.100.77>"])
    world.run(.milliseconds(40))
    let (leg, _) = try #require(world.incoming(box))
    #expect(peer.receive(after: .zero).isEmpty)
    if isAnswered { world.command(box, .progress(leg, status: 180, nil)) }
    let first = peer.receive(after: .milliseconds(40))
    #expect(first.map(\.status) == [isAnswered ? 180 : 100])
    #expect(peer.receive(after: .seconds(1)).isEmpty, "once")
    world.command(box, .accept(leg, Fixture.offer()))
    #expect(peer.answer(.invite, 1)?.status == 200)
  }

  @Test("While draining new INVITEs get 503 with Retry-After; what runs goes on")
  func draining() throws {
    peer.send("INVITE", to: "102", callID: "a", cseq: 1, headers: ["Contact: <sip:gw@198.51.100.77>"])
    world.run(.milliseconds(20))
    let (leg, _) = try #require(world.incoming(box))
    world.command(box, .drain)
    peer.send("INVITE", to: "102", callID: "b", cseq: 2)
    let refusal = try #require(peer.answer(.invite, 2))
    #expect(refusal.status == 503 && refusal.value(.retryAfter) != nil)
    world.command(box, .accept(leg, Fixture.offer()))
    #expect(peer.answer(.invite, 1)?.status == 200)
  }

  @Test("An offer in the 200 is answered in the ACK; out-of-order requests get 500")
  func lateOffer() throws {
    peer.send("INVITE", to: "102", cseq: 10, headers: ["Contact: <sip:gw@198.51.100.77>"])
    world.run(.milliseconds(20))
    let (leg, call) = try #require(world.incoming(box))
    #expect(call.offer == nil)
    world.command(box, .accept(leg, Fixture.offer()))
    let answer = try #require(peer.answer(.invite, 10))
    #expect(try answer.description()?.port == 40_000)
    let tag = String(decoding: answer.toTag ?? [], as: UTF8.self)
    let body = String(decoding: Fixture.answer(to: Fixture.offer()).serialised(), as: UTF8.self)
    peer.send("ACK", to: "102", toTag: tag, cseq: 10, headers: ["Content-Type: application/sdp"], body: body)
    world.run(.milliseconds(20))
    #expect(world.confirmed(box, leg))
    let answered = world.nodes[box].events.contains { event in
      if case .offerAnswered(leg, let description) = event { description?.port == 42_000 } else { false }
    }
    #expect(answered)
    peer.send("INFO", to: "102", toTag: tag, cseq: 9)
    #expect(peer.receive().last?.status == 500)
    peer.send("BYE", to: "102", toTag: tag, cseq: 11, headers: ["Reason: Q.850;cause=16;text=\"Normal\""])
    #expect(peer.receive().last?.status == 200)
    #expect(world.endings(box, leg).first?.q850 == 16)
  }

  /// A call from the peer with an offer, answered and acknowledged: our leg and our tag.
  func talk() throws -> (leg: LegID, tag: String) {
    peer.send(
      "INVITE", to: "102", cseq: 1,
      headers: ["Contact: <sip:gw@198.51.100.77>", "Content-Type: application/sdp"],
      body: String(decoding: Fixture.offer(41_000).serialised(), as: UTF8.self))
    world.run(.milliseconds(20))
    let (leg, call) = try #require(world.incoming(box))
    world.command(box, .accept(leg, Fixture.answer(to: call.offer)))
    let tag = String(decoding: try #require(peer.answer(.invite, 1)).toTag ?? [], as: UTF8.self)
    peer.send("ACK", to: "102", toTag: tag, cseq: 1)
    world.run(.milliseconds(20))
    #expect(world.confirmed(box, leg))
    return (leg, tag)
  }

  func description(_ port: UInt16, version: UInt64) -> String {
    var description = Fixture.offer(port, .sendonly)
    description.sessionVersion = version
    return String(decoding: description.serialised(), as: UTF8.self)
  }

  @Test("UPDATE with an offer is answered like a re-INVITE, but without an ACK; without one it is merely answered")
  func update() throws {
    let (leg, tag) = try talk()
    let sdp = ["Content-Type: application/sdp"]
    peer.send("UPDATE", to: "102", toTag: tag, cseq: 2, headers: sdp, body: description(41_000, version: 2))
    world.run(.milliseconds(20))
    let offered = world.nodes[box].events.compactMap { event -> SessionDescription? in
      if case .offered(leg, let description) = event { description } else { nil }
    }
    #expect(offered.map(\.direction) == [.sendonly])
    world.command(box, .answerOffer(leg, Fixture.answer(to: offered.first)))
    let answer = try #require(peer.receive().last)
    #expect(answer.status == 200 && answer.method == .update)
    #expect(try answer.description()?.direction == .recvonly)
    peer.send("UPDATE", to: "102", toTag: tag, cseq: 3)
    #expect(peer.receive().last?.status == 200)
    world.run(.seconds(40))
    #expect(world.endings(box, leg).isEmpty)
  }

  @Test("A second offer before the first is answered gets 500, one against ours 491")
  func offersCollide() throws {
    let (leg, tag) = try talk()
    let sdp = ["Contact: <sip:gw@198.51.100.77>", "Content-Type: application/sdp"]
    peer.send("INVITE", to: "102", toTag: tag, cseq: 2, headers: sdp, body: description(41_002, version: 2))
    peer.send("INVITE", to: "102", toTag: tag, cseq: 3, headers: sdp, body: description(41_004, version: 3))
    let early = try #require(peer.answer(.invite, 3))
    #expect(early.status == 500 && early.value(.retryAfter) != nil)
    world.command(box, .refuseOffer(leg, status: 488))
    #expect(peer.answer(.invite, 2)?.status == 488)
    world.command(box, .offer(leg, Fixture.offer(40_002)))
    world.run(.milliseconds(20))
    peer.send("INVITE", to: "102", toTag: tag, cseq: 4, headers: sdp, body: description(41_006, version: 4))
    #expect(peer.answer(.invite, 4)?.status == 491)
  }

  @Test("A CANCEL of a re-INVITE ends that offer and not the call")
  func cancelledOffer() throws {
    let (leg, tag) = try talk()
    let branch = "z9hG4bKre"
    let head = [
      "Via: SIP/2.0/UDP \(peer.endpoint.text);branch=\(branch)", "Max-Forwards: 70", "From: <sip:101@branch>;tag=t",
      "To: <sip:102@branch>;tag=\(tag)", "Call-ID: c1",
    ]
    let body = description(41_002, version: 2)
    peer.send(
      (["INVITE sip:branch SIP/2.0"] + head + [
        "CSeq: 2 INVITE", "Content-Type: application/sdp", "Content-Length: \(body.utf8.count)", "", body,
      ]).joined(separator: "\r\n"))
    world.run(.milliseconds(20))
    peer.send((["CANCEL sip:branch SIP/2.0"] + head + ["CSeq: 2 CANCEL", "", ""]).joined(separator: "\r\n"))
    #expect(peer.receive().map(\.status).sorted() == [200, 487])
    world.command(box, .answerOffer(leg, Fixture.offer()))
    #expect(peer.receive().isEmpty, "too late")
    peer.send("BYE", to: "102", toTag: tag, cseq: 3)
    #expect(peer.receive().last?.status == 200)
    #expect(world.endings(box, leg).count == 1)
  }

  @Test("A wrong remote tag is another dialog: 481, and the call stays")
  func foreignTag() throws {
    peer.send("INVITE", to: "102", cseq: 1, headers: ["Contact: <sip:gw@198.51.100.77>"])
    world.run(.milliseconds(20))
    let (leg, _) = try #require(world.incoming(box))
    world.command(box, .accept(leg, Fixture.offer()))
    let answer = try #require(peer.answer(.invite, 1))
    let tag = String(decoding: answer.toTag ?? [], as: UTF8.self)
    peer.send("BYE", to: "102", fromTag: "other", toTag: tag, cseq: 2)
    #expect(peer.receive().last { $0.method == .bye }?.status == 481)
    peer.send("BYE", to: "102", toTag: tag, callID: "other", cseq: 2)
    #expect(peer.receive().last { $0.method == .bye }?.status == 481)
    #expect(world.endings(box, leg).isEmpty)
  }

  @Test("The table of legs is bounded: one more gets 503")
  func full() throws {
    for number in 0..<UserAgent.Limits.legs {
      peer.send("INVITE", to: "102", fromTag: "f\(number)", callID: "full\(number)", cseq: 1)
    }
    world.run(.milliseconds(20))
    #expect(world.nodes[box].agent.legCount == UserAgent.Limits.legs)
    _ = peer.receive()
    peer.send("INVITE", to: "102", fromTag: "more", callID: "more", cseq: 1)
    #expect(peer.answer(.invite, 1)?.status == 503)
    #expect(world.nodes[box].agent.counters.legsRefused == 1)
  }
}
