// Reading what happened in a world, and the settings that most tests share.

import Basics
import Journal
import SDP
import SIPMessage
import SIPTransaction

@testable import SIPUserAgent

extension World {
  func incoming(_ node: Int) -> (leg: LegID, call: UserAgent.IncomingCall)? {
    for event in nodes[node].events { if case .incoming(let leg, let call) = event { return (leg, call) } }
    return nil
  }
  func endings(_ node: Int, _ leg: LegID) -> [UserAgent.Ending] {
    nodes[node].events.compactMap { event in
      if case .ended(leg, let ending) = event { ending } else { nil }
    }
  }
  func accepted(_ node: Int, _ leg: LegID) -> Bool {
    nodes[node].events.contains { if case .accepted(leg, _, _) = $0 { true } else { false } }
  }
  func confirmed(_ node: Int, _ leg: LegID) -> Bool {
    nodes[node].events.contains { if case .confirmed(leg) = $0 { true } else { false } }
  }
  func progress(_ node: Int, _ leg: LegID) -> [Int] {
    nodes[node].events.compactMap { event in
      if case .progress(leg, let status, _) = event { status } else { nil }
    }
  }
  func trunkStates(_ node: Int, _ name: ByteString) -> [Bool] {
    nodes[node].events.compactMap { event in
      if case .trunk(name, let isUp) = event { isUp } else { nil }
    }
  }
  func reachable(_ node: Int, _ user: ByteString) -> [Bool] {
    nodes[node].events.compactMap { event in
      if case .reachable(user, let isReachable) = event { isReachable } else { nil }
    }
  }
  /// Messages sent so far that fit.
  func count(_ fits: (SIPMessage) -> Bool) -> Int {
    sent.count { $0.message.map(fits) ?? false }
  }
  func requests(_ method: SIPMethod) -> Int { count { $0.isRequest && $0.method == method } }
  func responses(_ status: Int, to method: SIPMethod) -> Int { count { $0.status == status && $0.method == method } }
}

enum Fixture {
  static let box: StaticString = "10.0.0.1"
  static let boxEndpoint = Endpoint(IPAddress(ByteString(box)) ?? .anyV4, 5060)

  static func listeners(
    external: IPAddress? = nil, port: UInt16 = 5060
  ) -> [UserAgent.ListenerSettings] {
    [
      .init(index: 0, transport: .udp, endpoint: Endpoint(.anyV4, port), externalAddress: external),
      .init(index: 1, transport: .tcp, endpoint: Endpoint(.anyV4, port), externalAddress: external),
    ]
  }

  static func boxSettings(
    trunks: [UserAgent.TrunkSettings] = [], external: IPAddress? = nil, localNetworks: [Subnet] = []
  ) -> UserAgent.Settings {
    UserAgent.Settings(
      listeners: listeners(external: external), localNetworks: localNetworks,
      users: [
        .init(name: "101", displayName: "Anna", secret: "secret-101", maxContacts: 3),
        .init(name: "102", displayName: "Bert", secret: "secret-102", maxContacts: 2),
      ], realm: "branch", trunks: trunks, registrar: .init(minimumExpiry: 60, maximumExpiry: 3600, defaultExpiry: 600))
  }

  /// A phone is a user agent whose only trunk is the box.
  static func phone(
    _ user: ByteString, secret: ByteString? = nil, expires: Int = 300, transport: SIPTransport = .udp,
    registers: Bool = true, box: Endpoint = boxEndpoint
  ) -> UserAgent.Settings {
    let secret = secret ?? "secret-" + user
    let kind: UserAgent.TrunkSettings.Kind =
      registers
      ? .registered(user: user, authUser: user, secret: secret, expires: expires)
      : .peer(authUser: user, secret: secret)
    return UserAgent.Settings(
      listeners: listeners(), realm: "phone",
      trunks: [
        .init(
          name: "box", kind: kind, endpoint: box, transport: transport, listener: transport == .udp ? 0 : 1,
          sourceAddresses: [Subnet("10.0.0.0/24"), Subnet("198.51.100.1")].compactMap { $0 }, fromUser: user,
          qualifySeconds: 0)
      ])
  }

  static func offer(_ port: UInt16 = 40_000, _ direction: SessionDescription.Direction = .sendrecv)
    -> SessionDescription
  {
    .offer(
      codecs: ["PCMU", "PCMA"], address: .anyV4, port: port, sessionID: 7, sessionVersion: 1, direction: direction)
  }

  static func answer(to offer: SessionDescription?, _ port: UInt16 = 42_000) -> SessionDescription {
    offer?.answer(
      choosing: ["PCMU"], address: .anyV4, port: port, sessionID: 9, sessionVersion: 1, direction: .sendrecv)
      ?? Self.offer(port)
  }
}

/// A box with the phones 101 and 102, registered.
struct Office {
  let world: World
  let box: Int
  let anna: Int
  let bert: Int

  init(seed: UInt64 = 1, trunks: [UserAgent.TrunkSettings] = []) {
    world = World(seed: seed)
    box = world.add(Fixture.box, Fixture.boxSettings(trunks: trunks))
    anna = world.add("10.0.0.11", Fixture.phone("101"))
    bert = world.add("10.0.0.12", Fixture.phone("102"))
    world.run(.seconds(1))
  }

  static let boxLeg = LegID(3)
  static let phoneLeg = LegID(1)

  /// The box calls a phone.
  func ring(_ user: ByteString = "101", _ leg: LegID = boxLeg, callerName: ByteString = "Caller") {
    world.command(
      box,
      .invite(
        leg,
        .init(target: .user(user), callerNumber: "13812345678", callerName: callerName, offer: Fixture.offer())))
  }

  /// Anna calls the box.
  func dial(_ number: ByteString = "102", from phone: Int? = nil) {
    world.command(
      phone ?? anna,
      .invite(
        Self.phoneLeg, .init(target: .trunk("box", number: number), callerNumber: "101", offer: Fixture.offer())))
  }

  /// The box calls Anna, who answers. Returns her leg.
  func talk() -> LegID? {
    ring()
    guard world.run(until: { world.incoming(anna) != nil }), let (leg, call) = world.incoming(anna) else { return nil }
    world.command(anna, .accept(leg, Fixture.answer(to: call.offer)))
    return world.run(until: { world.accepted(box, Self.boxLeg) && world.confirmed(anna, leg) }) ? leg : nil
  }
}
