// A box with one trunk, whose far end is a test that writes every message itself.

import Basics
import SDP
import SIPDialog
import SIPMessage
import Testing

@testable import SIPUserAgent

struct Line {
  let world = World()
  let box: Int
  let peer: RawPeer

  static let leg = LegID(3)

  init(timers: SessionTimerPolicy = SessionTimerPolicy(), change: (inout UserAgent.TrunkSettings) -> Void = { _ in }) {
    var trunk = UserAgent.TrunkSettings(
      name: "t", kind: .peer(authUser: "box", secret: "secret"),
      endpoint: Endpoint(IPAddress("198.51.100.77") ?? .anyV4, 5060), qualifySeconds: 0)
    change(&trunk)
    var settings = Fixture.boxSettings(trunks: [trunk])
    settings.sessionTimers = timers
    box = world.add(Fixture.box, settings)
    peer = RawPeer(world, "198.51.100.77:5060")
  }

  static func sdp(_ port: UInt16, _ direction: SessionDescription.Direction = .sendrecv, version: UInt64 = 1) -> String
  {
    var description = Fixture.offer(port, direction)
    description.sessionVersion = version
    return String(decoding: description.serialised(), as: UTF8.self)
  }
  static func answer(_ port: UInt16, version: UInt64 = 1) -> String {
    var description = Fixture.answer(to: Fixture.offer(), port)
    description.sessionVersion = version
    return String(decoding: description.serialised(), as: UTF8.self)
  }
  static let sdpHeaders = ["Contact: <sip:gw@198.51.100.77>", "Content-Type: application/sdp"]

  // MARK: The box calls

  /// Our INVITE as it reaches the peer.
  func dial() throws -> SIPMessage {
    world.command(
      box,
      .invite(
        Self.leg, .init(target: .trunk("t", number: "10086"), callerNumber: "02112345678", offer: Fixture.offer())))
    return try #require(peer.receive().last { $0.method == .invite })
  }

  /// What the peer got since, of one method.
  func got(_ method: SIPMethod, after length: Interval = .milliseconds(20)) -> [SIPMessage] {
    peer.receive(after: length).filter { $0.isRequest && $0.method == method }
  }

  /// A call of ours that was answered with `headers` in the 200: the INVITE.
  func talk(headers: [String] = []) throws -> SIPMessage {
    let invite = try dial()
    peer.answer(invite, 200, headers: headers, body: Self.answer(42_000))
    #expect(got(.ack).count == 1)
    #expect(world.accepted(box, Self.leg))
    return invite
  }

  /// A request of the peer's inside the dialog of our INVITE.
  func send(
    _ method: String, in invite: SIPMessage, tag: String = "p", cseq: Int, headers: [String] = [], body: String = ""
  ) {
    peer.send(
      method, from: "10086", to: "02112345678", fromTag: tag,
      toTag: String(decoding: invite.fromTag ?? [], as: UTF8.self), callID: invite.text(.callID), cseq: cseq,
      headers: headers, body: body)
  }

  // MARK: The peer calls

  /// Their INVITE; our leg and what came with it.
  func ring(headers: [String] = [], body: String = Line.sdp(41_000)) throws -> (
    leg: LegID, call: UserAgent.IncomingCall
  ) {
    peer.send(
      "INVITE", to: "102", cseq: 1,
      headers: ["Contact: <sip:gw@198.51.100.77>"] + (body.isEmpty ? [] : ["Content-Type: application/sdp"]) + headers,
      body: body)
    world.run(.milliseconds(20))
    return try #require(world.incoming(box))
  }

  func prack(_ response: SIPMessage, cseq: Int, headers: [String] = [], body: String = "") {
    peer.send(
      "PRACK", to: "102", toTag: Self.tag(response), cseq: cseq,
      headers: ["RAck: \(response.text(.rseq)) 1 INVITE"] + headers, body: body)
  }

  static func tag(_ response: SIPMessage) -> String { String(decoding: response.toTag ?? [], as: UTF8.self) }

  /// A call of theirs, answered and acknowledged: our leg and our tag.
  func answered(headers: [String] = []) throws -> (leg: LegID, tag: String, answer: SIPMessage) {
    let (leg, call) = try ring(headers: headers)
    world.command(box, .accept(leg, Fixture.answer(to: call.offer)))
    let answer = try #require(peer.answer(.invite, 1))
    peer.send("ACK", to: "102", toTag: Self.tag(answer), cseq: 1)
    world.run(.milliseconds(20))
    #expect(world.confirmed(box, leg))
    return (leg, Self.tag(answer), answer)
  }

  // MARK: What call control heard

  func offers(_ leg: LegID) -> [SessionDescription] {
    world.nodes[box].events.compactMap { event in
      if case .offered(leg, let description?) = event { description } else { nil }
    }
  }
  func answers(_ leg: LegID) -> [SessionDescription] {
    world.nodes[box].events.compactMap { event in
      if case .offerAnswered(leg, let description?) = event { description } else { nil }
    }
  }
  /// The ports in what call control was told of early media and in the answer.
  func heard(_ leg: LegID = Line.leg) -> [UInt16] {
    world.nodes[box].events.compactMap { event in
      switch event {
      case .progress(leg, _, let description): description?.port
      case .accepted(leg, let description, _): description?.port
      default: nil
      }
    }
  }
  func statuses(_ leg: LegID) -> [Int] { world.endings(box, leg).map(\.status) }
  var counters: UserAgent.Counters { world.nodes[box].agent.counters }
}
