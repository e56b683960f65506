import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

/// A box, and the phone 101 as text, in a call that it has begun.
private struct Transferor {
  let world = World()
  let box: Int
  let phone: RawPeer
  let leg: LegID
  let tag: String
  private(set) var cseq = 2

  init(_ callID: String = "c1") throws {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.11:5060")
    (leg, tag) = try Self.call(world, box, phone, callID)
  }

  /// A call of the phone's, answered.
  static func call(
    _ world: World, _ box: Int, _ phone: RawPeer, _ callID: String, answers: Bool = true, headers: [String] = []
  ) throws -> (LegID, String) {
    let before = world.nodes[box].events.count
    phone.send("INVITE", to: "102", callID: callID, cseq: 1, headers: sdpHeaders + headers, body: Line.sdp(41_000))
    let challenge = try #require(phone.answer(.invite, 1))
    phone.send("ACK", to: "102", toTag: Line.tag(challenge), callID: callID, cseq: 1)
    phone.send(
      "INVITE", to: "102", callID: callID, cseq: 2,
      headers: sdpHeaders + headers + [phone.authorization(challenge, .invite)], body: Line.sdp(41_000))
    world.run(.milliseconds(20))
    var found: (LegID, UserAgent.IncomingCall)?
    for case .incoming(let leg, let call) in world.nodes[box].events[before...] { found = (leg, call) }
    let (leg, call) = try #require(found)
    guard answers else {
      world.command(box, .progress(leg, status: 180, nil))
      let ringing = try #require(phone.receive().last { $0.status == 180 })
      return (leg, Line.tag(ringing))
    }
    world.command(box, .accept(leg, Fixture.answer(to: call.offer)))
    let answer = try #require(phone.answer(.invite, 2))
    phone.send("ACK", to: "102", toTag: Line.tag(answer), callID: callID, cseq: 2)
    world.run(.milliseconds(20))
    return (leg, Line.tag(answer))
  }
  static let sdpHeaders = ["Contact: <sip:101@10.0.0.11>", "Content-Type: application/sdp"]

  mutating func send(_ method: String, headers: [String] = []) {
    cseq += 1
    phone.send(method, to: "102", toTag: tag, cseq: cseq, headers: headers)
  }
  mutating func refer(_ target: String, headers: [String] = []) -> Int? {
    send("REFER", headers: ["Refer-To: \(target)", "Contact: <sip:101@10.0.0.11>"] + headers)
    return phone.answer(.refer, cseq)?.status
  }

  var referrals: [UserAgent.Referral] {
    world.nodes[box].events.compactMap { if case .referred(leg, let referral) = $0 { referral } else { nil } }
  }
  /// The statuses that NOTIFYs told since, answered with 200, and whether the last one ended the subscription.
  func told(_ answer: Int = 200) -> ([String], isOver: Bool) {
    var told: [String] = []
    var isOver = false
    for _ in 0..<4 {
      let notifies = phone.receive().filter { $0.isRequest && $0.method == .notify }
      for notify in notifies {
        told.append(String(decoding: notify.body, as: UTF8.self).split(separator: "\r\n").joined())
        isOver = String(decoding: notify.value(named: "Subscription-State") ?? [], as: UTF8.self).hasPrefix(
          "terminated")
        phone.answer(notify, answer)
      }
    }
    return (told, isOver)
  }
}

@Suite("REFER and Replaces")
struct ReferTests {
  @Test("REFER is answered with 202, and each step is told until the final one (RFC 3515 §2.4.4)")
  func progress() throws {
    var phone = try Transferor()
    #expect(phone.refer("<sip:103@branch>") == nil, "call control decides")
    #expect(phone.referrals == [.init(number: "103")])
    phone.world.command(phone.box, .acceptReferral(phone.leg))
    #expect(phone.told() == (["SIP/2.0 100 Trying"], isOver: false))
    #expect(phone.world.responses(202, to: .refer) == 1)
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 180))
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 180))
    #expect(phone.told() == (["SIP/2.0 180 Ringing"], isOver: false))
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 200))
    #expect(phone.told() == (["SIP/2.0 200 OK"], isOver: true))
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 486))
    #expect(phone.told().0.isEmpty, "final is final")
  }

  @Test("what changes while a NOTIFY is unanswered is told in one, the final status before all")
  func inTurn() throws {
    var phone = try Transferor()
    _ = phone.refer("<sip:103@branch>")
    phone.world.command(phone.box, .acceptReferral(phone.leg))
    for status in [180, 200, 180] { phone.world.command(phone.box, .tellReferral(phone.leg, status: status)) }
    #expect(phone.told() == (["SIP/2.0 100 Trying", "SIP/2.0 200 OK"], isOver: true))
  }

  @Test("Refer-Sub: false: 200 that says so, and nothing is told (RFC 4488)")
  func withoutSubscription() throws {
    var phone = try Transferor()
    _ = phone.refer("<sip:103@branch>", headers: ["Refer-Sub: false", "Require: norefersub"])
    phone.world.command(phone.box, .acceptReferral(phone.leg))
    let answer = try #require(phone.phone.receive().last)
    #expect(answer.status == 200)
    #expect(String(decoding: answer.value(named: "Refer-Sub") ?? [], as: UTF8.self) == "false")
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 200))
    #expect(phone.told().0.isEmpty)
    #expect(phone.refer("<sip:104@branch>") == nil)
    #expect(phone.referrals.count == 2, "another one may follow")
  }

  @Test(
    "what no REFER may ask for",
    arguments: [
      ("", 400), ("<sip:103@branch;method=BYE>", 403), ("<sip:103@branch?Replaces=x>", 400), ("<http://x/>", 400),
    ])
  func refused(target: String, status: Int) throws {
    var phone = try Transferor()
    #expect(phone.refer(target) == status)
    #expect(phone.referrals.isEmpty)
  }

  @Test("a second REFER before the first is decided gets 491; outside of a call it gets nowhere")
  func atOnce() throws {
    var phone = try Transferor()
    _ = phone.refer("<sip:103@branch>")
    #expect(phone.refer("<sip:104@branch>") == 491)
    phone.phone.send("REFER", callID: "other", cseq: 1, headers: ["Refer-To: <sip:103@branch>"])
    let challenge = try #require(phone.phone.answer(.refer, 1))
    #expect(challenge.status == 401)
    let credentials = phone.phone.authorization(challenge, .refer)
    phone.phone.send("REFER", callID: "other", cseq: 2, headers: ["Refer-To: <sip:103@branch>", credentials])
    #expect(phone.phone.answer(.refer, 2)?.status == 403)
  }

  @Test("BYE right after REFER: the outcome is told all the same, and then nothing is left")
  func byeAfterRefer() throws {
    var phone = try Transferor()
    _ = phone.refer("<sip:103@branch>")
    phone.world.command(phone.box, .acceptReferral(phone.leg))
    #expect(phone.told().0 == ["SIP/2.0 100 Trying"])
    phone.send("BYE")
    #expect(phone.world.endings(phone.box, phone.leg).isEmpty)
    phone.world.run(.milliseconds(20))
    #expect(phone.world.endings(phone.box, phone.leg).map(\.status) == [200])
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 200))
    #expect(phone.told() == (["SIP/2.0 200 OK"], isOver: true))
    phone.world.run(.seconds(1))
    #expect(phone.world.nodes[phone.box].agent.legCount == 0)
    #expect(phone.refer("<sip:103@branch>") == 481)
  }

  @Test("a phone that knows nothing of the NOTIFY is told no more, and the call goes on")
  func notifyRefused() throws {
    var phone = try Transferor()
    _ = phone.refer("<sip:103@branch>")
    phone.world.command(phone.box, .acceptReferral(phone.leg))
    #expect(phone.told(481).0.count == 1)
    phone.world.command(phone.box, .tellReferral(phone.leg, status: 200))
    #expect(phone.told().0.isEmpty)
    #expect(phone.world.endings(phone.box, phone.leg).isEmpty)
  }

  @Test("Replaces in Refer-To names another call of the phone's, answered or ringing, either tag first")
  func replaces() throws {
    for (answers, isSwapped) in [(true, false), (false, false), (true, true)] {
      var phone = try Transferor()
      let (other, tag) = try Transferor.call(phone.world, phone.box, phone.phone, "c2", answers: answers)
      let tags = isSwapped ? "to-tag%3Dt%3Bfrom-tag%3D\(tag)" : "to-tag%3D\(tag)%3Bfrom-tag%3Dt"
      _ = phone.refer("<sip:103@branch?Require=replaces&Replaces=c2%3B\(tags)>")
      #expect(phone.referrals.map(\.replaced) == [.leg(other)])
    }
    var phone = try Transferor()
    _ = phone.refer("<sip:103@branch?Replaces=c9%3Bto-tag%3Da%3Bfrom-tag%3Db>")
    #expect(phone.referrals.map(\.replaced) == [.unknown])
  }

  @Test("an INVITE with Replaces takes over an answered call of the same extension, and no other (RFC 3891 §3)")
  func inviteReplaces() throws {
    let phone = try Transferor()
    let name = "c1;to-tag=\(phone.tag);from-tag=t"
    let (leg, _) = try Transferor.call(
      phone.world, phone.box, phone.phone, "c2", answers: false, headers: ["Require: replaces", "Replaces: \(name)"])
    #expect(incoming(phone.world, phone.box, leg)?.replaced == .leg(phone.leg))
    for (value, status) in [("\(name);early-only", 486), ("c1;to-tag=\(phone.tag)x;from-tag=t", 481), ("c1", 400)] {
      #expect(try answer(phone, "c-\(status)", ["Replaces: \(value)"]) == status)
    }
    #expect(try answer(phone, "c3", ["Replaces: \(name)"], user: "102") == 481, "of another extension")
    let (_, early) = try Transferor.call(phone.world, phone.box, phone.phone, "c4", answers: false)
    #expect(try answer(phone, "c5", ["Replaces: c4;to-tag=\(early);from-tag=t"]) == 481, "not begun by us")
  }

  @Test("what rings at a colleague's lamp can be taken by its name")
  func pickup() throws {
    let phone = try Transferor()
    let (leg, _) = try Transferor.call(
      phone.world, phone.box, phone.phone, "c2", answers: false,
      headers: ["Replaces: pickup-102;to-tag=lamp;from-tag=lamp"])
    #expect(incoming(phone.world, phone.box, leg)?.replaced == .ringing("102"))
  }

  private func incoming(_ world: World, _ box: Int, _ leg: LegID) -> UserAgent.IncomingCall? {
    for case .incoming(leg, let call) in world.nodes[box].events { return call }
    return nil
  }

  private func answer(_ phone: Transferor, _ callID: String, _ headers: [String], user: String = "101") throws -> Int? {
    phone.phone.send("INVITE", from: user, to: "102", callID: callID, cseq: 1, headers: Transferor.sdpHeaders + headers)
    let challenge = try #require(phone.phone.answer(.invite, 1))
    let name = ByteString(user)
    phone.phone.send(
      "INVITE", from: user, to: "102", callID: callID, cseq: 2,
      headers: Transferor.sdpHeaders + headers
        + [phone.phone.authorization(challenge, .invite, user: name, secret: "secret-" + name)],
      body: Line.sdp(41_000))
    return phone.phone.answer(.invite, 2)?.status
  }
}
