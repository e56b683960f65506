import Basics
import SDP
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Reliable provisional answers (RFC 3262)")
struct ReliabilityTests {
  let supported = ["Supported: 100rel"]
  let required = ["Require: 100rel"]

  // MARK: Called

  @Test("Early media to a caller who supports it is numbered, sent again at T1, 2 T1 … until its PRACK")
  func earlyMediaIsReliable() throws {
    let line = Line()
    let (leg, call) = try line.ring(headers: supported)
    line.world.command(line.box, .progress(leg, status: 183, Fixture.answer(to: call.offer)))
    let first = try #require(line.peer.receive().last)
    #expect(first.status == 183 && first.text(.require) == "100rel" && !first.body.isEmpty)
    #expect(first.reliableSequence.map { $0 > 0 && $0 < 1 << 31 } == true)
    // 0.5, 1.5 and 3.5 s after the first.
    let again = line.peer.receive(after: .seconds(4))
    #expect(again.map(\.status) == [183, 183, 183])
    #expect(Set(again.map { $0.text(.rseq) }) == [first.text(.rseq)])
    line.prack(first, cseq: 2)
    #expect(line.peer.receive().map(\.status) == [200])
    #expect(line.peer.receive(after: .seconds(10)).isEmpty)
    line.world.command(line.box, .accept(leg, Fixture.answer(to: call.offer)))
    let answer = try #require(line.peer.answer(.invite, 1))
    #expect(answer.status == 200 && answer.body.isEmpty, "the description was acknowledged")
  }

  @Test("Ringing is said without it, but where it is required", arguments: [true, false])
  func ringing(isRequired: Bool) throws {
    let line = Line()
    let (leg, _) = try line.ring(headers: isRequired ? required : supported)
    line.world.command(line.box, .progress(leg, status: 180, nil))
    let ringing = try #require(line.peer.receive().last)
    #expect(ringing.status == 180)
    #expect((ringing.reliableSequence != nil) == isRequired)
  }

  @Test("A trunk may be told to leave it; what is required is done all the same", arguments: [true, false])
  func switchedOff(isRequired: Bool) throws {
    let line = Line { $0.reliableProvisionals = false }
    let (leg, call) = try line.ring(headers: isRequired ? required : supported)
    line.world.command(line.box, .progress(leg, status: 183, Fixture.answer(to: call.offer)))
    #expect((try #require(line.peer.receive().last).reliableSequence != nil) == isRequired)
    #expect(try Line { $0.reliableProvisionals = false }.dial().text(.supported) == "timer, replaces, norefersub")
    #expect(try Line().dial().text(.supported) == "100rel, timer, replaces, norefersub")
  }

  @Test("The 200 waits for the PRACK of a description, and not for one of a ringing tone")
  func acceptanceWaits() throws {
    let line = Line()
    let (leg, call) = try line.ring(headers: required)
    let answer = Fixture.answer(to: call.offer)
    line.world.command(line.box, .progress(leg, status: 183, answer))
    line.world.command(line.box, .accept(leg, answer))
    let first = line.peer.receive()
    #expect(first.map(\.status) == [183])
    line.prack(first[0], cseq: 2)
    #expect(line.peer.receive().map(\.status) == [200, 200])

    let other = Line()
    let (ringing, offer) = try other.ring(headers: required)
    other.world.command(other.box, .progress(ringing, status: 180, nil))
    other.world.command(other.box, .accept(ringing, Fixture.answer(to: offer.offer)))
    let both = other.peer.receive()
    #expect(both.map(\.status) == [180, 200])
    #expect(!both[1].body.isEmpty)
    // The PRACK comes late, and is answered.
    other.prack(both[0], cseq: 2)
    #expect(other.peer.receive().contains { $0.method == .prack && $0.status == 200 })
  }

  @Test("Several go out in order, each after the PRACK of the one before; the same ringing is said once")
  func inOrder() throws {
    let line = Line()
    let (leg, call) = try line.ring(headers: required)
    for status in [180, 180, 181] { line.world.command(line.box, .progress(leg, status: status, nil)) }
    line.world.command(line.box, .progress(leg, status: 183, Fixture.answer(to: call.offer)))
    var heard: [Int] = []
    var numbers: [UInt32] = []
    for cseq in 2...4 {
      let response = try #require(line.peer.receive().last { $0.method == .invite })
      heard.append(response.status)
      numbers.append(response.reliableSequence ?? 0)
      line.prack(response, cseq: cseq)
    }
    #expect(heard == [180, 181, 183])
    #expect(numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2])
  }

  @Test("A PRACK for nothing, or for another number, gets 481")
  func wrongPrack() throws {
    let line = Line()
    let (leg, _) = try line.ring(headers: required)
    line.world.command(line.box, .progress(leg, status: 180, nil))
    let ringing = try #require(line.peer.receive().last)
    let tag = Line.tag(ringing)
    for (cseq, rack) in [(2, "RAck: 1 1 INVITE"), (3, "RAck: \(ringing.text(.rseq)) 2 INVITE"), (4, "X: y")] {
      line.peer.send("PRACK", to: "102", toTag: tag, cseq: cseq, headers: [rack])
      #expect(line.peer.answer(.prack, cseq)?.status == 481)
    }
    line.prack(ringing, cseq: 5)
    #expect(line.peer.answer(.prack, 5)?.status == 200)
    line.prack(ringing, cseq: 6)
    #expect(line.peer.answer(.prack, 6)?.status == 481, "acknowledged already")
  }

  @Test("Without a PRACK for 64 T1 the call is refused with 504")
  func neverAcknowledged() throws {
    let line = Line()
    let (leg, _) = try line.ring(headers: required)
    line.world.command(line.box, .progress(leg, status: 180, nil))
    line.world.run(.seconds(31))
    #expect(line.statuses(leg).isEmpty)
    line.world.run(.seconds(2))
    #expect(line.statuses(leg) == [504])
    #expect(line.peer.receive().contains { $0.status == 504 })
    #expect(line.counters.unacknowledgedProvisionals == 1)
    line.world.run(.seconds(40))
    #expect(line.world.nodes[line.box].agent.legCount == 0)
  }

  @Test("An INVITE without an offer: the first reliable answer carries ours, the PRACK the answer")
  func lateOffer() throws {
    let line = Line()
    let (leg, call) = try line.ring(headers: required, body: "")
    #expect(call.offer == nil)
    line.world.command(line.box, .progress(leg, status: 180, nil))
    #expect(line.peer.receive().map(\.status) == [100], "there is nothing to offer yet")
    line.world.command(line.box, .progress(leg, status: 183, Fixture.offer()))
    let offer = try #require(line.peer.receive().last)
    #expect(try offer.description()?.port == 40_000)
    line.prack(offer, cseq: 2, headers: ["Content-Type: application/sdp"], body: Line.answer(41_000))
    #expect(line.peer.answer(.prack, 2)?.status == 200)
    #expect(line.answers(leg).map(\.port) == [41_000])
    line.world.command(line.box, .accept(leg, Fixture.offer()))
    #expect(line.peer.answer(.invite, 1)?.body.isEmpty == true)
  }

  @Test("An offer in the PRACK is answered in its 200, or refused, and then what was agreed stays")
  func offerInPrack() throws {
    for isTaken in [true, false] {
      let line = Line()
      let (leg, call) = try line.ring(headers: supported)
      line.world.command(line.box, .progress(leg, status: 183, Fixture.answer(to: call.offer)))
      let early = try #require(line.peer.receive().last)
      line.prack(
        early, cseq: 2, headers: ["Content-Type: application/sdp"], body: Line.sdp(41_002, .sendonly, version: 2))
      line.world.run(.milliseconds(20))
      #expect(line.offers(leg).map(\.port) == [41_002])
      line.world.command(
        line.box, isTaken ? .answerOffer(leg, Fixture.answer(to: line.offers(leg)[0])) : .refuseOffer(leg, status: 488))
      let answer = try #require(line.peer.answer(.prack, 2))
      #expect(answer.status == (isTaken ? 200 : 488))
      #expect(try answer.description()?.direction == (isTaken ? .recvonly : nil))
      line.world.command(line.box, .accept(leg, Fixture.answer(to: call.offer)))
      #expect(line.peer.answer(.invite, 1)?.status == 200)
    }
  }

  // MARK: Calling

  @Test("Each is acknowledged in order, once; repetitions and gaps are passed over")
  func acknowledged() throws {
    let line = Line()
    let invite = try line.dial()
    func say(_ status: Int, _ number: Int, body: String = "") {
      line.peer.answer(invite, status, headers: ["Require: 100rel", "RSeq: \(number)"], body: body)
    }
    say(183, 7, body: Line.answer(42_000))
    let first = try #require(line.got(.prack).last)
    #expect(first.text(.rack) == "7 \(invite.cseq.number) INVITE")
    #expect(first.cseq.number == invite.cseq.number + 1)
    #expect(first.toTag.map { ByteString($0) } == "p")
    line.peer.answer(first, 200)
    say(183, 7, body: Line.answer(42_000))
    say(180, 9)
    #expect(line.got(.prack).isEmpty)
    say(180, 8)
    let second = try #require(line.got(.prack).last)
    #expect(second.text(.rack).hasPrefix("8 "))
    line.peer.answer(second, 200)
    #expect(line.world.progress(line.box, Line.leg) == [183, 180])
    #expect(line.counters.provisionalsIgnored == 2)
    // Agreed: what the 200 says about it changes nothing, and requests go on counting.
    line.peer.answer(invite, 200, body: Line.answer(42_000))
    #expect(line.got(.ack).count == 1)
    #expect(line.heard() == [42_000, 42_000])
    line.world.command(line.box, .hangUp(Line.leg, status: 200, q850: nil))
    #expect(line.got(.bye).first?.cseq.number == invite.cseq.number + 3)
  }

  @Test("A PRACK is sent again by itself, and with credentials where they are asked for")
  func prackAgain() throws {
    let line = Line()
    let invite = try line.dial()
    line.peer.answer(invite, 180, headers: ["Require: 100rel", "RSeq: 1"])
    let sent = line.got(.prack, after: .seconds(2))
    #expect(sent.count == 3, "at 0, 0.5 and 1.5 s")
    line.peer.answer(sent[0], 407, headers: ["Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""])
    let again = try #require(line.got(.prack).last)
    #expect(again.value(.proxyAuthorization) != nil && again.text(.rack) == sent[0].text(.rack))
    #expect(again.cseq.number == sent[0].cseq.number + 1)
  }

  @Test("Two boxes: early media, answer and end get through loss, doubling and disorder", arguments: 1...12)
  func faulty(seed: UInt64) throws {
    let office = Office(seed: seed)
    let world = office.world
    world.lossPercent = 15
    world.doublePercent = 20
    world.delay = (1, 250)
    office.ring()
    guard world.run(atMost: .seconds(30), until: { world.incoming(office.anna) != nil }),
      let (leg, call) = world.incoming(office.anna)
    else {
      Issue.record("no call came in, seed \(seed)")
      return
    }
    let answer = Fixture.answer(to: call.offer)
    world.command(office.anna, .progress(leg, status: 180, nil))
    world.command(office.anna, .progress(leg, status: 183, answer))
    world.command(office.anna, .accept(leg, answer))
    let isUp = world.run(atMost: .seconds(40)) {
      world.accepted(office.box, Office.boxLeg) && world.confirmed(office.anna, leg)
    }
    #expect(isUp, "seed \(seed)")
    #expect(world.requests(.prack) > 0, "seed \(seed)")
    world.command(office.box, .hangUp(Office.boxLeg, status: 200, q850: nil))
    world.run(.seconds(80))
    #expect(world.endings(office.anna, leg).count == 1, "seed \(seed)")
    #expect(world.nodes[office.anna].agent.legCount + world.nodes[office.box].agent.legCount == 0, "seed \(seed)")
  }
}
