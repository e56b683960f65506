import Basics
import SDP
import SIPDialog
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Session timers (RFC 4028)")
struct SessionTimerTests {
  let timer = ["Supported: timer"]

  // MARK: Calling

  @Test("An INVITE of ours asks for a session of 1800 s; where the answer agrees we refresh at half the time by UPDATE")
  func refreshByUpdate() throws {
    let line = Line()
    let invite = try line.talk(headers: [
      "Session-Expires: 1800;refresher=uac", "Require: timer", "Allow: INVITE, UPDATE",
    ])
    #expect(invite.text(.sessionExpires) == "1800" && invite.list(.supported, contains: "timer"))
    #expect(line.got(.update, after: .seconds(899)).isEmpty)
    for _ in 0..<3 {
      let update = try #require(line.got(.update, after: .seconds(2)).first)
      #expect(update.body.isEmpty && update.text(.sessionExpires) == "1800;refresher=uac")
      line.peer.answer(update, 200, headers: ["Session-Expires: 1800;refresher=uac"])
      #expect(line.got(.update, after: .seconds(899)).isEmpty)
    }
    #expect(line.statuses(Line.leg).isEmpty)
  }

  @Test("Without UPDATE the refresh is a re-INVITE with the same description")
  func refreshByInvite() throws {
    let line = Line()
    let invite = try line.talk(headers: ["Session-Expires: 200;refresher=uac", "Allow: INVITE, ACK, BYE"])
    let refresh = try #require(line.got(.invite, after: .seconds(101)).last)
    #expect(Array(refresh.body) == Array(invite.body), "not even the version changed")
    line.peer.answer(refresh, 200, headers: ["Session-Expires: 200;refresher=uac"], body: Line.answer(42_000))
    #expect(line.got(.ack).count == 1)
    #expect(line.got(.bye, after: .seconds(90)).isEmpty)
  }

  @Test("No Session-Expires in the answer: no timer runs")
  func noTimer() throws {
    let line = Line()
    _ = try line.talk()
    line.world.run(.hours(5))
    #expect(line.statuses(Line.leg).isEmpty)
    #expect(line.got(.update).isEmpty && line.got(.invite).isEmpty)
  }

  @Test("The peer is to refresh: its UPDATE keeps the call, silence ends it shortly before the time")
  func peerRefreshes() throws {
    let line = Line()
    let invite = try line.talk(headers: ["Session-Expires: 180;refresher=uas"])
    line.world.run(.seconds(90))
    line.send("UPDATE", in: invite, cseq: 1, headers: timer + ["Session-Expires: 180;refresher=uac"])
    let answer = try #require(line.peer.answer(.update, 1))
    #expect(answer.status == 200 && answer.text(.sessionExpires) == "180;refresher=uac")
    #expect(answer.text(.require) == "timer")
    line.world.run(.seconds(147))
    #expect(line.statuses(Line.leg).isEmpty)
    #expect(!line.got(.bye, after: .seconds(2)).isEmpty)
    #expect(line.statuses(Line.leg) == [408])
    #expect(line.counters.sessionsExpired == 1)
  }

  @Test("422 to our INVITE: once more with what is wanted at least; a second one is the end")
  func tooSmallForThem() throws {
    let line = Line()
    let invite = try line.dial()
    line.peer.answer(invite, 422, headers: ["Min-SE: 3600"])
    let again = try #require(line.got(.invite).last)
    #expect(again.text(.sessionExpires) == "3600" && again.text(.minSE) == "3600")
    #expect(again.cseq.number == invite.cseq.number + 1)
    line.peer.answer(again, 422, headers: ["Min-SE: 7200"])
    line.world.run(.seconds(1))
    #expect(line.statuses(Line.leg) == [422])
  }

  @Test("422 to a refresh: sent again with the longer time, and that holds from then on")
  func refreshRefused() throws {
    let line = Line()
    _ = try line.talk(headers: ["Session-Expires: 100;refresher=uac", "Allow: UPDATE"])
    let refresh = try #require(line.got(.update, after: .seconds(51)).last)
    line.peer.answer(refresh, 422, headers: ["Min-SE: 300"])
    let again = try #require(line.got(.update).last)
    #expect(again.text(.sessionExpires) == "300;refresher=uac" && again.text(.minSE) == "300")
    line.peer.answer(again, 200, headers: ["Session-Expires: 300;refresher=uac"])
    #expect(line.got(.update, after: .seconds(149)).isEmpty)
    #expect(!line.got(.update, after: .seconds(2)).isEmpty)
  }

  @Test("A refresh that nobody knows of ends the call: 481", arguments: ["UPDATE", "INVITE"])
  func forgotten(allowed: String) throws {
    let line = Line()
    _ = try line.talk(headers: ["Session-Expires: 100;refresher=uac", "Allow: \(allowed)"])
    let refresh = try #require(
      line.peer.receive(after: .seconds(51)).last {
        $0.isRequest && $0.method == (allowed == "INVITE" ? .invite : .update)
      })
    line.peer.answer(refresh, 481)
    #expect(line.got(.bye).count == 1)
    #expect(line.statuses(Line.leg) == [481])
  }

  @Test("A refresh without any answer ends the call after 64 T1")
  func silent() throws {
    let line = Line()
    _ = try line.talk(headers: ["Session-Expires: 100;refresher=uac", "Allow: UPDATE"])
    line.world.run(.seconds(80))
    #expect(line.statuses(Line.leg).isEmpty)
    line.world.run(.seconds(4))
    #expect(line.statuses(Line.leg) == [408])
  }

  @Test("A refused refresh is tried again until the time is over; UPDATE that is not known gives way to INVITE")
  func refusedOtherwise() throws {
    let line = Line()
    _ = try line.talk(headers: ["Session-Expires: 100;refresher=uac", "Allow: UPDATE"])
    let refresh = try #require(line.got(.update, after: .seconds(51)).last)
    line.peer.answer(refresh, 500)
    let second = try #require(line.got(.update, after: .seconds(5)).last)
    line.peer.answer(second, 405)
    let invite = try #require(line.got(.invite).last)
    line.peer.answer(invite, 200, headers: ["Session-Expires: 100;refresher=uac"], body: Line.answer(42_000))
    line.world.run(.seconds(40))
    #expect(line.statuses(Line.leg).isEmpty)
  }

  // MARK: Called

  @Test("What our 200 says, by what the INVITE says: RFC 4028, table 2")
  func table() throws {
    let rows: [(headers: [String], answer: String, required: String)] = [
      ([], "", ""),
      (["Session-Expires: 600"], "600;refresher=uas", ""),
      (["Session-Expires: 600;refresher=uac"], "600;refresher=uas", ""),
      (["Supported: timer"], "1800;refresher=uac", "timer"),
      (["Supported: timer", "Session-Expires: 600"], "600;refresher=uac", "timer"),
      (["k: 100rel, timer", "x: 600;refresher=uac"], "600;refresher=uac", "timer"),
      (["Supported: timer", "Session-Expires: 600;refresher=uas"], "600;refresher=uas", ""),
      (["Supported: timer", "Session-Expires: 7200", "Min-SE: 3600"], "3600;refresher=uac", "timer"),
      (["Session-Expires: 30"], "", ""),
    ]
    for (number, row) in rows.enumerated() {
      let answer = try Line().answered(headers: row.headers).answer
      #expect(answer.text(.sessionExpires) == row.answer, "row \(number)")
      #expect(answer.text(.require) == row.required, "row \(number)")
    }
  }

  @Test("Too short for us: 422 with Min-SE, for an INVITE, a re-INVITE and an UPDATE; the call stays")
  func tooSmallForUs() throws {
    let line = Line()
    line.peer.send("INVITE", to: "102", callID: "short", cseq: 1, headers: timer + ["Session-Expires: 60"])
    let refusal = try #require(line.peer.answer(.invite, 1))
    #expect(refusal.status == 422 && refusal.text(.minSE) == "90")
    #expect(line.world.incoming(line.box) == nil)
    let (leg, tag, _) = try line.answered()
    for (cseq, method) in [(2, "INVITE"), (3, "UPDATE")] {
      line.peer.send(
        method, to: "102", toTag: tag, cseq: cseq,
        headers: timer + ["Contact: <sip:gw@198.51.100.77>", "Session-Expires: 60"])
      let refusal = try #require(line.peer.receive().last)
      #expect(refusal.status == 422 && refusal.text(.minSE) == "90")
      if method == "INVITE" { line.peer.send("ACK", to: "102", toTag: tag, cseq: cseq) }
    }
    #expect(line.statuses(leg).isEmpty)
  }

  @Test("We refresh where a proxy wants it of a caller who cannot")
  func refresherIsUAS() throws {
    let line = Line()
    let (leg, tag, _) = try line.answered(headers: ["Session-Expires: 200", "Allow: INVITE, UPDATE"])
    let refresh = try #require(line.got(.update, after: .seconds(101)).last)
    #expect(refresh.toTag.map { ByteString($0) } == "t" && refresh.text(.sessionExpires) == "200;refresher=uac")
    line.peer.answer(refresh, 200, headers: ["Session-Expires: 200;refresher=uac"])
    line.world.run(.seconds(90))
    #expect(line.statuses(leg).isEmpty && !tag.isEmpty)
  }

  @Test("Two boxes keep a call for a day, and end it within the interval when one is gone")
  func aDay() throws {
    let office = Office()
    let world = office.world
    let leg = try #require(office.talk())
    world.run(.hours(24))
    #expect(world.endings(office.box, Office.boxLeg).isEmpty && world.endings(office.anna, leg).isEmpty)
    #expect(world.requests(.update) == 95, "each half of an hour twice, but for the last")
    world.nodes[office.anna].agent.legs = Legs()
    world.run(.seconds(1800))
    #expect(world.endings(office.box, Office.boxLeg).map(\.status) == [481])
  }

  @Test("The interval is a setting; at 0 nobody is asked, but who asks is served")
  func settings() throws {
    let longer = Line(timers: SessionTimerPolicy(interval: 3600, minimum: 600))
    #expect(try longer.dial().text(.sessionExpires) == "3600")
    let off = Line(timers: SessionTimerPolicy(interval: 0))
    #expect(try off.dial().value(.sessionExpires) == nil)
    #expect(
      try off.answered(headers: timer + ["Session-Expires: 600"]).answer.text(.sessionExpires) == "600;refresher=uac")
  }
}
