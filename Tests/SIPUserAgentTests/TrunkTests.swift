import Basics
import Journal
import SDP
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Trunks")
struct TrunkTests {
  static let provider = Endpoint(IPAddress("198.51.100.77") ?? .anyV4, 5060)

  static func peer(_ endpoint: Endpoint = provider, qualify: Int = 30, secret: ByteString = "")
    -> UserAgent.TrunkSettings
  {
    .init(
      name: "carrier", kind: .peer(authUser: "branch", secret: secret), endpoint: endpoint, domain: "carrier.example",
      qualifySeconds: qualify)
  }
  static func account(expires: Int = 600) -> UserAgent.TrunkSettings {
    .init(
      name: "carrier", kind: .registered(user: "101", authUser: "101", secret: "secret-101", expires: expires),
      endpoint: provider, qualifySeconds: 0)
  }

  /// A box with one trunk to a bare peer.
  struct Bench {
    let world = World()
    let box: Int
    let carrier: RawPeer

    init(_ trunk: UserAgent.TrunkSettings) {
      carrier = RawPeer(world, "198.51.100.77:5060")
      box = world.add(Fixture.box, Fixture.boxSettings(trunks: [trunk]))
    }
    /// Answers a request as its headers have it.
    func answer(
      _ request: SIPMessage, _ status: Int, _ headers: [(HeaderName, ByteString)] = [], tag: ByteString = "rt",
      body: [UInt8] = []
    ) {
      var writer = MessageWriter.response(status, to: request, toTag: tag)
      for (name, value) in headers { writer.header(name, value) }
      let bytes = writer.finish(contentType: body.isEmpty ? nil : "application/sdp", body: body)
      world.send(bytes, from: carrier.endpoint, to: Fixture.boxEndpoint)
    }
    func dial(_ leg: LegID = LegID(1), identity: CallbackFact.Leg? = nil, from caller: ByteString = "02066668888") {
      world.command(
        box,
        .invite(
          leg,
          .init(
            target: .trunk("carrier", number: "13900001111"), callerNumber: caller, callerName: "Branch",
            offer: Fixture.offer(), identity: identity)))
    }
  }

  // MARK: Registration

  @Test("A registrar of ours as provider: the trunk registers, refreshes, and is up")
  func registers() {
    let world = World()
    _ = world.add("198.51.100.77", Fixture.boxSettings())
    let box = world.add(Fixture.box, Fixture.boxSettings(trunks: [Self.account()]))
    world.run(.seconds(1))
    #expect(world.trunkStates(box, "carrier") == [false, true])
    world.run(.seconds(4000))
    #expect(world.trunkStates(box, "carrier") == [false, true])
    // Every 480 s, each with a challenge.
    #expect(world.responses(200, to: .register) == 9)
  }

  @Test("423 raises the wish, the answer's expiry rules the refresh")
  func intervalTooBrief() throws {
    let bench = Bench(Self.account(expires: 100))
    let first = try #require(bench.carrier.receive().first)
    #expect(first.expires == 100)
    bench.answer(first, 423, [(.minExpires, "900")])
    let second = try #require(bench.carrier.receive().first)
    #expect(second.expires == 900)
    #expect(second.cseq.number == first.cseq.number + 1)
    #expect(Array(second.callID) == Array(first.callID))
    bench.answer(second, 200, [(.contact, ByteString(second.value(.contact) ?? []) + ";expires=50")])
    #expect(bench.carrier.receive(after: .seconds(39)).isEmpty)
    #expect(bench.carrier.receive(after: .seconds(2)).first?.expires == 900)
  }

  @Test("Silence keeps the trunk until its registration ends; then it is down, and up again when the provider is back")
  func silence() throws {
    let bench = Bench(Self.account())
    let first = try #require(bench.carrier.receive().first)
    bench.answer(first, 200, [(.contact, ByteString(first.value(.contact) ?? []) + ";expires=100")])
    bench.world.run(.seconds(95))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [false, true])
    bench.world.run(.seconds(10))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [false, true, false])
    _ = bench.carrier.receive()
    bench.world.run(.seconds(120))
    let again = try #require(bench.carrier.receive().last)
    bench.answer(again, 200)
    bench.world.run(.milliseconds(20))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [false, true, false, true])
  }

  // MARK: OPTIONS

  @Test("Two unanswered OPTIONS take a peer down, an answer brings it up; a 404 is an answer")
  func qualify() throws {
    let bench = Bench(Self.peer())
    #expect(bench.world.trunkStates(bench.box, "carrier") == [true])
    let first = try #require(bench.carrier.receive().first)
    #expect(first.method == .options)
    bench.answer(first, 404)
    bench.world.run(.seconds(42))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [true])
    bench.world.run(.seconds(5))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [true, false])
    _ = bench.carrier.receive()
    bench.world.run(.seconds(30))
    let next = try #require(bench.carrier.receive().last)
    bench.answer(next, 200)
    bench.world.run(.milliseconds(20))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [true, false, true])
  }

  // MARK: Calls out

  @Test("An INVITE presents the number with the trunk's domain, and answers a challenge once")
  func challenged() throws {
    let bench = Bench(Self.peer(qualify: 0, secret: "s"))
    bench.dial()
    let first = try #require(bench.carrier.receive().first)
    #expect(String(decoding: first.requestURI, as: UTF8.self) == "sip:13900001111@carrier.example")
    #expect(first.from?.uri.text == "sip:02066668888@carrier.example")
    #expect(first.text(.assertedIdentity) == "\"Branch\" <sip:02066668888@carrier.example>")
    let challenge: [(HeaderName, ByteString)] = [
      (.proxyAuthenticate, "Digest realm=\"c\", nonce=\"n1\", algorithm=MD5"),
      (.proxyAuthenticate, "Digest realm=\"c\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth,auth-int\""),
    ]
    bench.answer(first, 407, challenge)
    let received = bench.carrier.receive()
    #expect(received.map(\.method) == [.ack, .invite])
    let second = try #require(received.last)
    #expect(second.cseq.number == first.cseq.number + 1)
    #expect(Array(second.callID) == Array(first.callID))
    #expect(second.toTag == nil)
    let credentials = try #require(second.value(.proxyAuthorization).flatMap { AuthParameters($0) })
    #expect(credentials["algorithm"] == "SHA-256" && credentials["nonce"] == "n2" && credentials["qop"] == "auth")
    bench.answer(second, 407, challenge)
    bench.world.run(.milliseconds(20))
    #expect(bench.world.endings(bench.box, LegID(1)).map(\.status) == [407], "not tried for ever")
  }

  @Test("A caller whom a queue sends on comes with it: Diversion and the wait, also in the repetition with credentials")
  func diverted() throws {
    let bench = Bench(Self.peer(qualify: 0, secret: "s"))
    let origin = UserAgent.Invitation.Origin(
      number: "600", queue: "sales", displayName: "Sales \"A\"", waitedSeconds: 83, reason: "no-answer")
    bench.world.command(
      bench.box,
      .invite(
        LegID(1),
        .init(
          target: .trunk("carrier", number: "700"), callerNumber: "13812345678", callerName: "Li",
          offer: Fixture.offer(), origin: origin)))
    let first = try #require(bench.carrier.receive().first)
    bench.answer(first, 407, [(.proxyAuthenticate, "Digest realm=\"c\", nonce=\"n1\", algorithm=MD5")])
    let second = try #require(bench.carrier.receive().last)
    for invite in [first, second] {
      #expect(invite.method == .invite)
      #expect(invite.text(.assertedIdentity) == "\"Li\" <sip:13812345678@carrier.example>")
      let diversion = invite.text(.diversion)
      #expect(diversion.hasPrefix(#""Sales \"A\"" <sip:600@"#) && diversion.hasSuffix(">;reason=no-answer;counter=1"))
      #expect(invite.value(named: "X-Queue").map { ByteString($0) } == "sales;waited=83")
    }
    bench.dial(LegID(2))
    #expect(bench.carrier.receive().last?.value(.diversion) == nil)
  }

  @Test("A withheld number is withheld: anonymous in From, Privacy, no asserted identity")
  func withheld() throws {
    let bench = Bench(Self.peer(qualify: 0))
    bench.dial(from: "")
    let invite = try #require(bench.carrier.receive().first)
    #expect(invite.from?.uri.text == "sip:anonymous@anonymous.invalid")
    #expect(invite.text(.privacy) == "id")
    #expect(invite.value(.assertedIdentity) == nil)
  }

  @Test("A redirect and a cause are reported")
  func redirected() throws {
    let bench = Bench(Self.peer(qualify: 0))
    bench.dial()
    let invite = try #require(bench.carrier.receive().first)
    bench.answer(invite, 302, [(.contact, "<sip:13711112222@elsewhere.example>"), (.reason, "Q.850 ;cause=22")])
    bench.world.run(.milliseconds(20))
    let ending = try #require(bench.world.endings(bench.box, LegID(1)).first)
    #expect(ending.status == 302 && ending.redirect?.user == "13711112222" && ending.q850 == 22)
  }

  @Test("Two answers to one INVITE, forked by the carrier: the second is acknowledged and ended")
  func forkedBehindUs() throws {
    let bench = Bench(Self.peer(qualify: 0))
    bench.dial()
    let invite = try #require(bench.carrier.receive().first)
    let body = Fixture.answer(to: Fixture.offer()).serialised()
    let contact: [(HeaderName, ByteString)] = [(.contact, "<sip:gw@198.51.100.77>")]
    bench.answer(invite, 200, contact, tag: "one", body: body)
    bench.answer(invite, 200, contact, tag: "two", body: body)
    bench.answer(invite, 200, contact, tag: "two", body: body)
    let received = bench.carrier.receive()
    #expect(received.filter { $0.method == .ack }.compactMap { $0.to?.tag } == ["one", "two", "two"])
    #expect(received.filter { $0.method == .bye }.compactMap { $0.to?.tag } == ["two"])
    #expect(bench.world.endings(bench.box, LegID(1)).isEmpty)
  }

  @Test("In-dialog requests follow the route set to the address that it names")
  func recordRoute() throws {
    let bench = Bench(Self.peer(qualify: 0))
    bench.dial()
    let invite = try #require(bench.carrier.receive().first)
    let proxy = RawPeer(bench.world, "198.51.100.78:5062")
    bench.answer(
      invite, 200,
      [(.recordRoute, "<sip:198.51.100.78:5062;lr>"), (.contact, "<sip:gw@198.51.100.99:5080>")],
      body: Fixture.answer(to: Fixture.offer()).serialised())
    let ack = try #require(proxy.receive().first)
    #expect(ack.method == .ack)
    #expect(String(decoding: ack.requestURI, as: UTF8.self) == "sip:gw@198.51.100.99:5080")
    #expect(ack.text(.route) == "<sip:198.51.100.78:5062;lr>")
  }

  // MARK: Durable attempts

  @Test(
    "A prepared identity is used to the letter, and after a restart it is cancelled, by every branch it can have had")
  func prepared() throws {
    let bench = Bench(Self.peer(qualify: 0))
    bench.world.command(bench.box, .prepare(token: 9, target: .trunk("carrier", number: "1")))
    let identity = try #require(
      bench.world.nodes[bench.box].events.compactMap { event -> CallbackFact.Leg? in
        if case .prepared(token: 9, let leg) = event { leg } else { nil }
      }.first)
    #expect(identity.trunk == "carrier")
    bench.dial(identity: identity)
    let invite = try #require(bench.carrier.receive().first)
    #expect(ByteString(invite.callID) == identity.callID)
    #expect(invite.fromTag.map { ByteString($0) } == identity.localTag)
    #expect(ByteString(invite.topVia.branch) == identity.branch)
    #expect(invite.cseq.number == identity.cseq)

    let restarted = Bench(Self.peer(qualify: 0))
    var known = identity
    known.remoteTag = "rt"
    restarted.world.command(restarted.box, .endOrphan(known, number: "13900001111", presenting: "02066668888"))
    let received = restarted.carrier.receive()
    let cancels = received.filter { $0.method == .cancel }
    #expect(cancels.first.map { ByteString($0.topVia.branch) } == identity.branch)
    #expect(cancels.first?.topVia.host == invite.topVia.host)
    #expect(cancels.map { Int($0.cseq.number) } == [1, 2, 3, 4])
    #expect(cancels.first?.requestURI == invite.requestURI)
    #expect(cancels.first?.from?.uri == invite.from?.uri && cancels.first?.fromTag == invite.fromTag)
    #expect(cancels.first?.text(.to) == invite.text(.to))
    let bye = try #require(received.first { $0.method == .bye })
    #expect(bye.toTag.map { ByteString($0) } == "rt")
    #expect(bye.cseq.number == 5)
  }

  @Test("An orphan that is answered after the restart is acknowledged and hung up")
  func orphanAnswered() throws {
    let before = Bench(Self.peer(qualify: 0))
    before.dial()
    let invite = try #require(before.carrier.receive().first)
    let after = Bench(Self.peer(qualify: 0))
    after.answer(invite, 200, [(.contact, "<sip:gw@198.51.100.77>")])
    #expect(after.carrier.receive().map(\.method) == [.ack, .bye])
  }

  @Test("The refusal of a cancelled orphan is acknowledged by the branch of its INVITE")
  func orphanRefused() throws {
    let before = Bench(Self.peer(qualify: 0))
    before.dial()
    let invite = try #require(before.carrier.receive().first)
    let after = Bench(Self.peer(qualify: 0))
    after.answer(invite, 487, [])
    let received = after.carrier.receive()
    #expect(received.map(\.method) == [.ack])
    #expect(received.first?.topVia.branch == invite.topVia.branch)
    #expect(received.first?.cseq.number == invite.cseq.number)
    #expect(received.first.map { String(decoding: $0.requestURI, as: UTF8.self) }?.contains("13900001111") == true)
  }

  // MARK: Calls in

  @Test("A call from the peer's address needs no credentials; its caller is the asserted one")
  func inbound() throws {
    let bench = Bench(Self.peer(qualify: 0))
    bench.carrier.send(
      "INVITE", uri: "sip:02066668888@10.0.0.1", from: "anything", to: "x", cseq: 1,
      headers: ["P-Asserted-Identity: \"Li\" <sip:13812345678@carrier>", "Contact: <sip:gw@198.51.100.77>"])
    #expect(bench.carrier.receive(after: .milliseconds(60)).map(\.status) == [100])
    let (_, call) = try #require(bench.world.incoming(bench.box))
    #expect(call.source == .trunk("carrier"))
    #expect(call.number == "02066668888" && call.callerNumber == "13812345678" && call.callerName == "Li")
    #expect(!call.flowIsLocal)
    #expect(call.offer == nil)
  }

  @Test("Withheld callers have no number", arguments: ["Privacy: id", "Privacy: header;id", ""])
  func inboundWithheld(privacy: String) throws {
    let bench = Bench(Self.peer(qualify: 0))
    var headers = ["Contact: <sip:gw@198.51.100.77>"]
    if !privacy.isEmpty { headers += [privacy, "P-Asserted-Identity: <sip:13812345678@carrier>"] }
    bench.carrier.send("INVITE", from: privacy.isEmpty ? "anonymous" : "1", to: "x", cseq: 1, headers: headers)
    bench.world.run(.milliseconds(20))
    let (_, call) = try #require(bench.world.incoming(bench.box))
    #expect(call.callerNumber.isEmpty && call.callerName.isEmpty)
  }

  @Test("Where the Request-URI is our own account the number is that of To")
  func accountCalled() throws {
    let bench = Bench(Self.account())
    bench.carrier.send("INVITE", uri: "sip:101@10.0.0.1", from: "1", to: "02066668888", cseq: 1)
    bench.world.run(.milliseconds(20))
    #expect(bench.world.incoming(bench.box)?.call.number == "02066668888")
  }

  @Test("A phone on the trunk's own host is a phone still, and strangers are challenged")
  func sameHost() throws {
    let bench = Bench(Self.peer(qualify: 0))
    let phone = RawPeer(bench.world, "198.51.100.77:6000")
    phone.send("INVITE", uri: "sip:102@branch", from: "101", to: "102", cseq: 1)
    #expect(phone.answer(.invite, 1)?.status == 401)
    let stranger = RawPeer(bench.world, "198.51.100.99:5060")
    stranger.send("INVITE", uri: "sip:102@branch", from: "02066668888", to: "102", cseq: 1)
    #expect(stranger.answer(.invite, 1)?.status == 401)
    #expect(bench.world.incoming(bench.box) == nil)
  }

  @Test("Reconfiguration keeps an unchanged trunk and says when one is gone")
  func reconfigured() {
    let bench = Bench(Self.peer(qualify: 0))
    bench.world.handle(bench.box, .configure(Fixture.boxSettings(trunks: [Self.peer(qualify: 0)])))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [true])
    bench.world.handle(bench.box, .configure(Fixture.boxSettings()))
    #expect(bench.world.trunkStates(bench.box, "carrier") == [true, false])
  }
}
