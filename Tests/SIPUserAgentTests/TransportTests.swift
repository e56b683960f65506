// Trunks over streams, phones over TLS, and requests too long for a datagram.

import Basics
import Journal
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Transports of the user agent")
struct TransportTests {
  private static let providerAddress: StaticString = "198.51.100.77"
  private static let secure = Endpoint(IPAddress(ByteString(providerAddress)) ?? .anyV4, 5061)

  private static func withTLS(_ settings: UserAgent.Settings) -> UserAgent.Settings {
    var settings = settings
    settings.listeners.append(.init(index: 2, transport: .tls, endpoint: Endpoint(.anyV4, 5061)))
    return settings
  }

  private static func trunk(_ transport: SIPTransport = .tls) -> UserAgent.TrunkSettings {
    .init(
      name: "carrier", kind: .registered(user: "101", authUser: "101", secret: "secret-101", expires: 600),
      endpoint: transport == .tls ? secure : Endpoint(secure.address, 5060), transport: transport,
      domain: "carrier.example", qualifySeconds: 0)
  }

  /// A box whose trunk is at a provider that is a box too.
  private struct Pair {
    let world = World()
    let provider: Int
    let box: Int

    init(_ transport: SIPTransport = .tls) {
      provider = world.add(TransportTests.providerAddress, TransportTests.withTLS(Fixture.boxSettings()))
      box = world.add(
        Fixture.box, TransportTests.withTLS(Fixture.boxSettings(trunks: [TransportTests.trunk(transport)])))
    }
  }

  @Test("a trunk over TLS registers at 5061 as TLS; its calls go over that connection, and it calls by its own")
  func registers() throws {
    let pair = Pair()
    pair.world.run(.seconds(1))
    #expect(pair.world.trunkStates(pair.box, "carrier") == [false, true])
    let binding = try #require(pair.world.nodes[pair.provider].agent.registrar.bindings(of: "101").first)
    #expect(binding.source.transport == .tls && binding.uri.transport == "tls" && binding.uri.port == 5061)
    #expect(pair.world.nodes[pair.box].agent.trunks.trunks[0].flow.peer == 1)
    let opened = pair.world.nodes[pair.provider].agent.transportCounters.connectionsOpened
    pair.world.command(
      pair.provider,
      .invite(LegID(1), .init(target: .user("101"), callerNumber: "13800001111", offer: Fixture.offer())))
    pair.world.run(.seconds(1))
    let call = try #require(pair.world.incoming(pair.box)?.call)
    #expect(call.source == .trunk("carrier"))
    #expect(pair.world.nodes[pair.provider].agent.transportCounters.connectionsOpened == opened)
  }

  @Test("another domain or none that is verified is another peer; the same one keeps its number")
  func peers() {
    var wire = Wire(timing: TimerValues())
    var other = Self.trunk()
    other.verifiesCertificate = false
    #expect(wire.peerNumber(of: Self.trunk()) == 1 && wire.peerNumber(of: other) == 2)
    #expect(wire.peerNumber(of: Self.trunk()) == 1 && wire.peerNumber(of: Self.trunk(.tcp)) == 0)
    #expect(wire.transport.peerNames[2] == PeerName(domain: "carrier.example", isVerified: false))
  }

  @Test("a trunk whose connection breaks registers anew at once", arguments: [SIPTransport.tcp, .tls])
  func reconnects(_ transport: SIPTransport) {
    let pair = Pair(transport)
    pair.world.run(.seconds(10))
    let before = pair.world.nodes[pair.provider].agent.counters.registrations
    #expect(pair.world.nodes[pair.box].agent.transportCounters.connectionsOpened == 1)
    pair.world.handle(pair.box, .transport(.closed(connection: 1)))
    pair.world.run(.seconds(2))
    #expect(pair.world.nodes[pair.provider].agent.counters.registrations == before + 1)
    #expect(pair.world.nodes[pair.box].agent.transportCounters.connectionsOpened == 2)
    #expect(pair.world.trunkStates(pair.box, "carrier") == [false, true])
  }

  @Test(
    "the box tells its trunk's provider that it pings; a provider that is a box answers, and nothing is lost in an hour"
  )
  func keptAlive() {
    let pair = Pair(.tcp)
    pair.world.run(.seconds(3_600))
    let counters = pair.world.nodes[pair.box].agent.transportCounters
    #expect(counters.connectionsOpened == 1 && counters.pongsMissed == 0 && counters.pingsSent > 100)
    #expect(pair.world.nodes[pair.provider].agent.transportCounters.keepAlives >= counters.pingsSent - 1)
  }

  @Test("a phone over TLS is known again after a restart, but not called before it comes back")
  func restored() {
    let world = World()
    let box = world.add(Fixture.box, Self.withTLS(Fixture.boxSettings()))
    let fact = BindingFact(
      user: "101", contact: "sip:101@10.0.0.11:5070;transport=tls", callID: "c", cseq: 1,
      source: Endpoint(IPAddress("10.0.0.11") ?? .anyV4, 40_000), listener: 2, overStream: true, userAgent: "",
      expires: WallTime(seconds: 0))
    world.handle(box, .wall(WallTime(seconds: 0), trusted: false))
    world.handle(box, .restored([fact]))
    #expect(world.nodes[box].agent.registrar.bindings(of: "101").first?.reach.transport == .tls)
    world.command(
      box, .invite(LegID(1), .init(target: .user("101"), callerNumber: "102", offer: Fixture.offer())))
    world.run(.seconds(1))
    #expect(world.endings(box, LegID(1)).map(\.status) == [503])
    #expect(world.nodes[box].agent.transportCounters.connectionsOpened == 0)
  }

  // MARK: Requests too long for a datagram

  /// A box with a trunk by UDP whose domain makes an INVITE long.
  private static func longTrunk(_ endpoint: Endpoint) -> UserAgent.TrunkSettings {
    var trunk = TrunkTests.peer(endpoint, qualify: 0)
    trunk.domain = ByteString(String(repeating: "long.", count: 40) + "example")
    return trunk
  }

  private static func call(_ world: World, _ box: Int) {
    world.command(
      box,
      .invite(
        LegID(1),
        .init(target: .trunk("carrier", number: "101"), callerNumber: "02066668888", offer: Fixture.offer())))
  }

  @Test("an INVITE of more than 1,300 bytes goes over TCP, its Via says so, and the call is as any other")
  func overTCP() throws {
    let world = World()
    let carrier = world.add(
      Self.providerAddress, Fixture.boxSettings(trunks: [TrunkTests.peer(Fixture.boxEndpoint, qualify: 0)]))
    let box = world.add(Fixture.box, Fixture.boxSettings(trunks: [Self.longTrunk(TrunkTests.provider)]))
    Self.call(world, box)
    world.run(.milliseconds(500))
    let incoming = try #require(world.incoming(carrier))
    #expect(world.requests(.invite) == 0 && world.nodes[box].agent.counters.largeOverStream == 1)
    world.command(carrier, .accept(incoming.leg, Fixture.answer(to: incoming.call.offer)))
    world.run(.milliseconds(500))
    #expect(world.accepted(box, LegID(1)) && world.confirmed(carrier, incoming.leg))
    world.command(box, .hangUp(LegID(1), status: 487, q850: nil))
    world.run(.milliseconds(500))
    #expect(world.endings(carrier, incoming.leg).count == 1)
  }

  @Test("where TCP is refused it goes as a datagram, and the next one does at once")
  func refused() {
    let bench = TrunkTests.Bench(Self.longTrunk(TrunkTests.provider))
    for round in 1...2 {
      bench.dial(LegID(UInt32(2 * round - 1)))
      let invites = bench.carrier.receive(after: .milliseconds(50)).filter { $0.method == .invite }
      #expect(invites.count == 1 && invites.first?.topVia.transport == "UDP")
    }
    let agent = bench.world.nodes[bench.box].agent
    #expect(agent.counters.largeOverStream == 1 && agent.counters.largeAsDatagram == 1)
    #expect(agent.transactionCounters.sentOtherwise == 1)
  }
}

@Suite("Phones over TLS")
struct SecurePhoneTests {
  private static let listeners: [UserAgent.ListenerSettings] = [
    .init(index: 2, transport: .tls, endpoint: Endpoint(.anyV4, 5061))
  ]

  @Test("who is called by a sips URI is told a sips Contact, others are not", arguments: ["sips", "sip"])
  func contacts(_ scheme: String) {
    var wire = Wire(timing: TimerValues())
    wire.addressing.listeners = Self.listeners
    let flow = Flow(
      transport: .tls, listener: 2, connection: 2, remote: Endpoint(IPAddress("10.0.0.11") ?? .anyV4, 40_000))
    let text = wire.contact("102", on: flow, for: ByteString(scheme + ":101@10.0.0.11")).description
    #expect(text.hasPrefix("<\(scheme):102@") && text.hasSuffix(":5061;transport=tls>"))
  }

  @Test("a phone whose connection broke in a call goes on over the one that it opened then, and hears the BYE there")
  func follows() throws {
    let world = World()
    var settings = Fixture.boxSettings()
    settings.listeners += Self.listeners
    let box = world.add(Fixture.box, settings)
    let phone = world.add("10.0.0.11", Fixture.phone("101", transport: .tcp))
    world.run(.seconds(1))
    world.command(
      box, .invite(LegID(1), .init(target: .user("101"), callerNumber: "102", offer: Fixture.offer())))
    world.run(.milliseconds(200))
    let call = try #require(world.incoming(phone))
    world.command(phone, .accept(call.leg, Fixture.answer(to: call.call.offer)))
    world.run(.milliseconds(200))
    // The phone's end of the connection is gone; it re-registers by another one.
    world.handle(phone, .transport(.closed(connection: 1)))
    world.run(.seconds(3))
    world.command(phone, .offer(call.leg, Fixture.offer(44_000)))
    world.run(.milliseconds(100))
    world.command(box, .answerOffer(LegID(1), Fixture.answer(to: Fixture.offer(44_000))))
    world.run(.milliseconds(200))
    world.command(box, .hangUp(LegID(1), status: 200, q850: nil))
    world.run(.milliseconds(200))
    #expect(world.endings(phone, call.leg).count == 1)
  }
}
