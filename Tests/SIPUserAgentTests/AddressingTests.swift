import Basics
import SDP
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Addresses that each side can reach")
struct AddressingTests {
  let external = IPAddress("198.51.100.1") ?? .anyV4

  func addressing(_ bound: ByteString = "0.0.0.0", localNetworks: [ByteString] = []) -> Addressing {
    Addressing(
      listeners: [
        .init(
          index: 0, transport: .udp, endpoint: Endpoint(IPAddress(bound) ?? .anyV4, 5060), externalAddress: external)
      ], localNetworks: localNetworks.compactMap { Subnet($0) },
      interfaces: [
        Interface(address: .loopbackV4, prefixLength: 8),
        Interface(address: IPAddress("10.0.0.1") ?? .anyV4, prefixLength: 24),
        Interface(address: IPAddress("192.168.9.1") ?? .anyV4, prefixLength: 24),
      ])
  }
  func advertised(_ addressing: Addressing, _ remote: ByteString) -> String {
    let flow = Flow(transport: .udp, listener: 0, remote: Endpoint(IPAddress(remote) ?? .anyV4, 6000))
    return addressing.advertised(for: flow).text.description
  }

  @Test("Near ones see the interface they are on, far ones the external address")
  func nearAndFar() {
    let both = addressing()
    #expect(advertised(both, "10.0.0.50") == "10.0.0.1:5060")
    #expect(advertised(both, "192.168.9.50") == "192.168.9.1:5060")
    #expect(advertised(both, "127.0.0.1") == "127.0.0.1:5060")
    #expect(advertised(both, "203.0.113.9") == "198.51.100.1:5060")
  }

  @Test("Configured local networks replace those of the interfaces")
  func configured() {
    let one = addressing(localNetworks: ["192.168.9.0/24", "172.16.0.0/12"])
    #expect(advertised(one, "10.0.0.50") == "198.51.100.1:5060", "as under user-mode networking")
    #expect(advertised(one, "192.168.9.50") == "192.168.9.1:5060")
    #expect(advertised(one, "172.16.5.5") == "10.0.0.1:5060", "routed, so any of our own")
  }

  @Test("A network with a translation of its own sees its own address and port, even inside a local one")
  func severalNetworks() {
    var one = addressing(localNetworks: ["10.0.0.0/8"])
    one.networks = [
      .init(
        subnets: [Subnet("10.8.0.0/16"), Subnet("100.64.0.0/10")].compactMap { $0 },
        externalAddress: IPAddress("10.8.0.2") ?? .anyV4, externalPort: 5090)
    ]
    #expect(advertised(one, "10.8.3.3") == "10.8.0.2:5090")
    #expect(advertised(one, "100.64.1.1") == "10.8.0.2:5090")
    #expect(advertised(one, "10.9.3.3") == "10.0.0.1:5060")
    #expect(advertised(one, "203.0.113.9") == "198.51.100.1:5060")
  }

  @Test("A bound address is what it is; without an external one everybody sees it")
  func bound() {
    var one = addressing("10.0.0.1")
    #expect(advertised(one, "192.168.9.50") == "10.0.0.1:5060")
    one.listeners[0].externalAddress = nil
    #expect(advertised(one, "203.0.113.9") == "10.0.0.1:5060")
  }

  @Test("Box and phone behind different NATs: both are reached, and each description has the right address")
  func bothBehindNAT() throws {
    let world = World()
    world.translations[IPAddress("10.0.0.1") ?? .anyV4] = (external, 0)
    world.translations[IPAddress("192.168.7.7") ?? .anyV4] = (IPAddress("203.0.113.9") ?? .anyV4, 26_000)
    let box = world.add(Fixture.box, Fixture.boxSettings(external: external))
    let near = world.add("10.0.0.12", Fixture.phone("102"))
    let far = world.add("192.168.7.7", Fixture.phone("101", box: Endpoint(external, 5060)))
    world.run(.seconds(1))
    let registered = world.nodes[box].agent.registrations(at: world.now)
    #expect(registered.first?.source.text == "203.0.113.9:31060")

    for (phone, user, leg) in [(far, "101", LegID(1)), (near, "102", LegID(3))] as [(Int, ByteString, LegID)] {
      world.command(box, .invite(leg, .init(target: .user(user), callerNumber: "7", offer: Fixture.offer())))
      #expect(world.run { world.incoming(phone) != nil })
      let (answering, call) = try #require(world.incoming(phone))
      #expect(call.offer?.address == (phone == far ? external : IPAddress("10.0.0.1")))
      world.command(phone, .accept(answering, Fixture.answer(to: call.offer)))
      #expect(world.run { world.accepted(box, leg) && world.confirmed(phone, answering) })
      world.command(box, .sendDigit(leg, digit: 5))
      let heard = world.run {
        world.nodes[phone].events.contains { if case .digit(answering, 5, _) = $0 { true } else { false } }
      }
      #expect(heard)
      world.command(phone, .hangUp(answering, status: 200, q850: nil))
      #expect(world.run { !world.endings(box, leg).isEmpty })
      #expect(world.endings(box, leg).first?.status == 200)
    }
  }
}
