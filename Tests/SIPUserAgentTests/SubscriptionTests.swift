import Basics
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Subscriptions to lamps") struct SubscriptionTests {
  let world = World()
  let box: Int
  let phone: RawPeer

  init() {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.50:5060")
  }

  private func watcher(_ number: String = "102", callID: String = "s1", from peer: RawPeer? = nil) -> Watcher {
    Watcher(world, box, peer ?? phone, number: number, callID: callID)
  }

  private var agent: UserAgent { world.nodes[box].agent }

  /// Those that were asked for and have not ended.
  private var open: [SubscriptionID] {
    var ids: [SubscriptionID] = []
    for event in world.nodes[box].events {
      if case .subscribed(let id, _, _, _) = event { ids.append(id) }
      if case .unsubscribed(let id) = event { ids.removeAll { $0 == id } }
    }
    return ids
  }

  private func show(_ lamp: Lamp, on id: SubscriptionID? = nil) {
    if let id = id ?? open.last { world.command(box, .show(id, .lamp(lamp))) }
  }

  /// Subscribed, told that the lamp is off, and that was answered.
  private func watching(_ number: String = "102", expires: Int? = 600) -> Watcher {
    let watcher = watcher(number)
    watcher.subscribe(expires: expires)
    show(.off)
    watcher.confirm()
    return watcher
  }

  // MARK: SUBSCRIBE

  @Test("after the challenge 200 with Expires and Contact, and a full NOTIFY at once")
  func granted() throws {
    let watcher = watcher()
    #expect(watcher.subscribe())
    show(Lamp(.confirmed, .recipient))
    watcher.listen()
    #expect(watcher.status == 200 && watcher.answers.last?.expires == 600)
    #expect(watcher.answers.last?.text(.contact) == "<sip:102@10.0.0.1:5060>")
    let notify = try #require(watcher.notifies.first)
    #expect(watcher.notifies.count == 1 && notify.method == .notify)
    #expect(notify.text(.event) == "dialog" && notify.text(.contentType) == "application/dialog-info+xml")
    #expect(watcher.subscriptionState == "active;expires=600")
    #expect(String(decoding: notify.requestURI, as: UTF8.self) == "sip:101@10.0.0.50:5060")
    let body = String(decoding: notify.body, as: UTF8.self)
    #expect(body.contains("version=\"0\" state=\"full\" entity=\"sip:102@branch\""))
    #expect(body.contains("direction=\"recipient\"") && watcher.state == "confirmed")
    #expect(agent.subscriptionCount == 1 && agent.counters.subscriptions == 1)
  }

  @Test("each change is told in part, with the next version")
  func changes() {
    let watcher = watching()
    for (state, lamp) in [
      ("early", Lamp(.early, .recipient)), ("confirmed", Lamp(.confirmed, .recipient)), ("terminated", .off),
    ] {
      world.run(.seconds(2))
      show(lamp)
      watcher.confirm()
      #expect(watcher.state == state)
    }
    #expect(watcher.notifies.count == 4 && watcher.faults.isEmpty)
    #expect(String(decoding: watcher.notifies[2].body, as: UTF8.self).contains("state=\"partial\""))
    let count = watcher.notifies.count
    show(.off)
    watcher.listen(.seconds(5))
    #expect(watcher.notifies.count == count, "nothing new, nothing told")
  }

  @Test("a refresh is answered with 200 and a full NOTIFY of the next version")
  func refresh() {
    let watcher = watching()
    world.run(.seconds(300))
    #expect(watcher.subscribe(expires: 120))
    #expect(watcher.status == 200 && watcher.answers.last?.expires == 120)
    #expect(watcher.notifies.count == 2 && watcher.subscriptionState == "active;expires=120")
    #expect(String(decoding: watcher.notifies[1].body, as: UTF8.self).contains("version=\"1\" state=\"full\""))
    #expect(agent.subscriptionCount == 1)
  }

  @Test("Expires 0 ends it with a last NOTIFY; afterwards there is no such dialog")
  func unsubscribed() {
    let watcher = watching()
    #expect(watcher.subscribe(expires: 0))
    #expect(watcher.status == 200 && watcher.answers.last?.expires == 0)
    #expect(watcher.subscriptionState == "terminated;reason=timeout")
    #expect(agent.subscriptionCount == 0 && open.isEmpty)
    watcher.subscribe()
    #expect(watcher.status == 481)
  }

  @Test("Expires 0 from the start asks once")
  func fetched() {
    let watcher = watcher()
    watcher.subscribe(expires: 0)
    show(Lamp(.early, .initiator))
    watcher.listen()
    #expect(watcher.status == 200 && watcher.state == "early")
    #expect(watcher.subscriptionState == "terminated;reason=timeout" && agent.subscriptionCount == 0)
  }

  @Test("without a refresh it ends when its time is up, with a last NOTIFY")
  func expired() {
    let watcher = watching(expires: 60)
    watcher.listen(.seconds(59))
    #expect(watcher.notifies.count == 1)
    watcher.listen(.seconds(2))
    #expect(watcher.subscriptionState == "terminated;reason=timeout")
    #expect(agent.subscriptionCount == 0 && open.isEmpty)
  }

  @Test("too short a time gets 423 with Min-Expires, too long a one is cut, none is an hour")
  func bounds() {
    let brief = watcher()
    brief.subscribe(expires: 59)
    #expect(brief.status == 423 && brief.answers.last?.text(.minExpires) == "60" && open.isEmpty)
    for (number, wish) in [90_000, nil].enumerated() {
      let long = watcher(callID: "l\(number)")
      long.subscribe(expires: wish)
      show(.off)
      long.confirm()
      #expect(long.answers.last?.expires == 3600)
    }
    let short = watching()
    short.subscribe(expires: 5)
    #expect(short.status == 423 && agent.subscriptionCount == 3, "and a refresh that is refused ends nothing")
  }

  @Test("another package gets 489 with Allow-Events", arguments: ["conference", "reg", "dialogs", ""])
  func otherPackage(_ event: String) {
    let watcher = watcher()
    watcher.event = event
    watcher.subscribe()
    #expect(watcher.status == 489)
    #expect(
      watcher.answers.last?.value(named: "Allow-Events").map { Array($0) }
        == Array("dialog, message-summary, presence".utf8))
  }

  @Test("an id of the event is repeated, other parameters are not; a body that we do not make gets 406")
  func headers() {
    let first = watcher()
    first.event = "Dialog ; sla; id=42"
    first.subscribe()
    show(.off)
    first.confirm()
    #expect(first.notifies.last?.text(.event) == "dialog;id=42")
    let second = watcher(callID: "s2")
    second.accept = "application/pidf+xml, text/plain"
    second.subscribe()
    #expect(second.status == 406 && second.answers.last?.text(.acceptHeader) == "application/dialog-info+xml")
    second.accept = "application/pidf+xml, application/dialog-info+xml;q=0.5"
    second.subscribe()
    show(.off)
    second.confirm()
    #expect(second.status == 200)
    let third = watcher(callID: "s3")
    third.contact = ""
    third.subscribe()
    #expect(third.status == 400)
  }

  @Test("only who proves an extension's secret, and speaks as that extension, is heard")
  func authorised() {
    let wrong = watcher()
    wrong.subscribe(secret: "wrong-one")
    #expect(wrong.status == 401)
    let other = watcher(callID: "s2")
    other.subscribe(as: "102")
    #expect(other.status == 403)
    #expect(open.isEmpty && agent.subscriptionCount == 0)
    // Nor may another extension prolong, or end, what is not its own.
    let own = watching()
    let thief = Watcher(world, box, phone, user: "102", number: "102", callID: "s1")
    thief.read(own.answers)
    thief.subscribe(expires: 0)
    #expect(thief.status != 200 && agent.subscriptionCount == 1)
  }

  @Test("what does not exist gets 404; what ceases to exist ends with noresource, an extension that does with rejected")
  func gone() throws {
    let none = watcher("999")
    none.subscribe()
    world.command(box, .endSubscription(try #require(open.last)))
    none.listen()
    #expect(none.status == 404 && none.notifies.isEmpty && agent.subscriptionCount == 0)
    let ceasing = watcher(callID: "s2")
    ceasing.subscribe()
    show(Lamp(.confirmed))
    ceasing.confirm()
    world.command(box, .endSubscription(try #require(open.last)))
    ceasing.listen()
    #expect(ceasing.subscriptionState == "terminated;reason=noresource" && ceasing.state == "terminated")
    let third = watcher(callID: "s3")
    third.subscribe()
    show(.off)
    third.confirm()
    var settings = Fixture.boxSettings()
    settings.users.removeFirst()
    world.handle(box, .configure(settings))
    third.listen()
    #expect(third.subscriptionState == "terminated;reason=rejected")
    #expect(agent.subscriptionCount == 0 && open.isEmpty)
  }

  // MARK: NOTIFY

  @Test("one NOTIFY is under way at a time; what changes meanwhile is told in one, with the newest state")
  func coalesced() {
    let watcher = watching()
    world.run(.seconds(2))
    show(Lamp(.early, .recipient))
    for lamp in [Lamp(.confirmed, .recipient), .off, Lamp(.early, .initiator), Lamp(.confirmed, .initiator)] {
      show(lamp)
      world.run(.milliseconds(300))
    }
    watcher.listen()
    #expect(watcher.notifies.count == 2 && watcher.state == "early", "the answer to it is waited for")
    watcher.answer(watcher.notifies[1])
    watcher.listen()
    #expect(watcher.notifies.count == 3 && watcher.state == "confirmed")
    #expect(String(decoding: watcher.notifies[2].body, as: UTF8.self).contains("state=\"full\""), "an end was missed")
    #expect(watcher.faults.isEmpty && watcher.dialogs.count == 1)
  }

  @Test("changes in quick succession are told once a second")
  func paused() {
    let watcher = watching()
    world.run(.seconds(2))
    show(Lamp(.early, .recipient))
    watcher.confirm()
    let count = watcher.notifies.count
    show(Lamp(.confirmed, .recipient))
    watcher.listen(.milliseconds(900))
    #expect(watcher.notifies.count == count)
    watcher.listen(.milliseconds(200))
    #expect(watcher.notifies.count == count + 1 && watcher.state == "confirmed")
  }

  @Test("a NOTIFY that fails ends it without another", arguments: [481, 500, 404, 489])
  func refused(_ status: Int) {
    let watcher = watching()
    world.run(.seconds(2))
    show(Lamp(.confirmed))
    watcher.listen()
    watcher.answer(watcher.notifies[1], status)
    watcher.listen(.seconds(2))
    #expect(agent.subscriptionCount == 0 && open.isEmpty && agent.counters.notifiesFailed == 1)
    #expect(watcher.notifies.count == 2)
  }

  @Test("a phone that answers no more loses it after timer F")
  func silent() {
    let watcher = watching()
    show(Lamp(.confirmed))
    watcher.listen(.seconds(31))
    #expect(agent.subscriptionCount == 1)
    watcher.listen(.seconds(4))
    #expect(agent.subscriptionCount == 0 && open.isEmpty && watcher.notifies.count == 2)
  }

  @Test("what ends while a NOTIFY is under way has its last one after the answer")
  func endsUnderWay() {
    let watcher = watching()
    world.run(.seconds(2))
    show(Lamp(.confirmed))
    watcher.listen()
    watcher.subscribe(expires: 0)
    #expect(watcher.status == 200 && watcher.notifies.count == 2)
    watcher.confirm()
    watcher.listen()
    #expect(watcher.notifies.count == 3 && watcher.subscriptionState == "terminated;reason=timeout")
    #expect(agent.subscriptionCount == 0 && open.isEmpty)
  }

  // MARK: Ways

  @Test("behind a NAT it is told where the SUBSCRIBE came from, and follows the phone's registration")
  func translated() throws {
    let outside = RawPeer(world, "203.0.113.9:40001")
    let watcher = watcher(from: outside)
    watcher.contact = "<sip:101@192.168.1.20:5060>"
    watcher.subscribe()
    show(.off)
    watcher.confirm()
    #expect(watcher.notifies.count == 1)
    let moved = RawPeer(world, "203.0.113.9:40777")
    moved.send("REGISTER", callID: "r", cseq: 1)
    let challenge = try #require(moved.answer(.register, 1))
    moved.send(
      "REGISTER", callID: "r", cseq: 2,
      headers: ["Contact: <sip:101@192.168.1.20:5060>", moved.authorization(challenge, .register)])
    #expect(moved.answer(.register, 2)?.status == 200)
    world.run(.seconds(2))
    show(Lamp(.confirmed))
    #expect(moved.receive().contains { $0.method == .notify })
    #expect(!outside.receive().contains { $0.method == .notify })
  }

  @Test("over a stream that closes it goes with it")
  func closed() throws {
    let source = try #require(Endpoint("10.0.0.60:50001"))
    world.handle(box, .transport(.accepted(connection: 8, listener: 1, from: source)))
    let watcher = watcher()
    watcher.subscribe()
    show(.off)
    watcher.confirm()
    // The phone refreshes over the stream from now on: its answer is of no account here.
    let text = { (headers: String, cseq: Int) in
      "SUBSCRIBE sip:102@branch SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.60:50001;branch=z9hG4bKs\(cseq)\r\n"
        + "Max-Forwards: 70\r\nFrom: <sip:101@branch>;tag=ts\r\nTo: <sip:102@branch>\r\nCall-ID: stream\r\n"
        + "CSeq: \(cseq) SUBSCRIBE\r\nContact: <sip:101@10.0.0.60:50001;transport=tcp>\r\nEvent: dialog\r\n"
        + "\(headers)Content-Length: 0\r\n\r\n"
    }
    world.handle(box, .transport(.received(connection: 8, bytes: Array(text("", 1).utf8))))
    phone.send("SUBSCRIBE", uri: "sip:102@branch", callID: "other", cseq: 9)
    let challenge = try #require(phone.receive().last { $0.status == 401 })
    let proof = phone.authorization(challenge, .subscribe, algorithm: "MD5", uri: "sip:102@branch")
    world.handle(box, .transport(.received(connection: 8, bytes: Array(text(proof + "\r\n", 2).utf8))))
    show(.off)
    #expect(agent.subscriptionCount == 2)
    world.handle(box, .transport(.closed(connection: 8)))
    world.run(.seconds(1))
    #expect(agent.subscriptionCount == 1 && open.count == 1)
  }

  // MARK: Limits

  @Test("an extension has so many lamps; a phone that restarted replaces its own, a further one gets 503")
  func limited() {
    for number in 0..<UserAgent.Limits.subscriptionsPerUser {
      let one = watcher("\(200 + number)", callID: "n\(number)")
      one.subscribe()
      show(.off)
      one.confirm()
    }
    #expect(agent.subscriptionCount == UserAgent.Limits.subscriptionsPerUser)
    let further = watcher("900", callID: "further")
    further.subscribe()
    #expect(further.status == 503 && !(further.answers.last?.text(.retryAfter) ?? "").isEmpty)
    #expect(agent.counters.subscriptionsRefused == 1)
    #expect(world.nodes[box].logs.contains { ByteString($0.event) == "sip.subscription-limit" })
    let again = watcher("207", callID: "again")
    again.subscribe()
    show(.off)
    again.confirm()
    #expect(again.status == 200 && agent.counters.subscriptionsReplaced == 1)
    #expect(agent.subscriptionCount == UserAgent.Limits.subscriptionsPerUser)
  }
}
