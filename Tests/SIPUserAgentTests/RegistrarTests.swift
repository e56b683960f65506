import Basics
import Journal
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("The registrar, REGISTER by REGISTER")
struct RegistrarTests {
  let world = World()
  let box: Int
  let phone: RawPeer

  init() {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.50:5060")
  }

  /// Sends a REGISTER with fresh credentials and gives its final answer.
  func register(_ headers: [String], callID: String = "c1", cseq: Int, from peer: RawPeer? = nil) throws -> SIPMessage {
    let peer = peer ?? phone
    peer.send("REGISTER", callID: callID + "x", cseq: cseq)
    let response = try #require(peer.answer(.register, cseq))
    peer.send("REGISTER", callID: callID, cseq: cseq, headers: headers + [peer.authorization(response, .register)])
    return try #require(peer.answer(.register, cseq))
  }
  var contacts: [String] { world.nodes[box].agent.registrations(at: world.now).map(\.contact.description) }

  @Test("The answer lists every contact with the seconds left")
  func lists() throws {
    _ = try register(["Contact: <sip:101@10.0.0.50:5060>", "Expires: 300"], cseq: 1)
    world.run(.seconds(100))
    let answer = try register(["Contact: <sip:101@10.0.0.50:6000;ob>;expires=200"], cseq: 2)
    #expect(answer.status == 200)
    #expect(answer.text(.contact) == "<sip:101@10.0.0.50:5060>;expires=199, <sip:101@10.0.0.50:6000;ob>;expires=200")
  }

  @Test("Too short an expiry gets 423 with the minimum, too long a one is cut, none gets the default")
  func expiries() throws {
    let brief = try register(["Contact: <sip:101@10.0.0.50>;expires=59"], cseq: 1)
    #expect(brief.status == 423 && brief.text(.minExpires) == "60")
    #expect(contacts.isEmpty)
    let long = try register(["Contact: <sip:101@10.0.0.50>;expires=99999"], cseq: 2)
    #expect(long.text(.contact).hasSuffix(";expires=3600"))
    let plain = try register(["Contact: <sip:101@10.0.0.50>"], cseq: 3)
    #expect(plain.text(.contact).hasSuffix(";expires=600"))
  }

  @Test("A refreshed contact ends at its own time, later or sooner than it would have", arguments: [300, 60])
  func refreshed(seconds: Int) throws {
    _ = try register(["Contact: <sip:101@10.0.0.50>;expires=200"], cseq: 1)
    world.run(.seconds(100))
    _ = try register(["Contact: <sip:101@10.0.0.50>;expires=\(seconds)"], cseq: 2)
    world.run(.seconds(seconds - 1))
    #expect(world.reachable(box, "101") == [true])
    world.run(.seconds(2))
    #expect(world.reachable(box, "101") == [true, false])
    #expect(contacts.isEmpty)
  }

  @Test("expires=0 removes one contact, * removes all")
  func removal() throws {
    for (cseq, port) in [(1, 5060), (2, 5061), (3, 5062)] {
      _ = try register(["Contact: <sip:101@10.0.0.50:\(port)>"], cseq: cseq)
    }
    _ = try register(["Contact: <sip:101@10.0.0.50:5061>;expires=0"], cseq: 4)
    #expect(contacts == ["sip:101@10.0.0.50:5060", "sip:101@10.0.0.50:5062"])
    let all = try register(["Contact: *", "Expires: 0"], cseq: 5)
    #expect(all.status == 200 && all.values(.contact).isEmpty)
    #expect(contacts.isEmpty)
    #expect(world.reachable(box, "101") == [true, false])
    let removed = world.nodes[box].facts.count { if case .bindingRemoved = $0 { true } else { false } }
    #expect(removed == 3)
  }

  @Test("* with another expiry or another contact is refused and removes nothing")
  func badWildcard() throws {
    _ = try register(["Contact: <sip:101@10.0.0.50>"], cseq: 1)
    #expect(try register(["Contact: *", "Expires: 10"], cseq: 2).status == 400)
    #expect(try register(["Contact: *"], cseq: 3).status == 400)
    #expect(contacts.count == 1)
  }

  @Test("Of one Call-ID an older or equal CSeq changes nothing; another Call-ID may")
  func order() throws {
    _ = try register(["Contact: <sip:101@10.0.0.50>;expires=100"], cseq: 5)
    let old = try register(["Contact: <sip:101@10.0.0.50>;expires=0"], cseq: 4)
    #expect(old.status == 500)
    #expect(try register(["Contact: <sip:101@10.0.0.50>;expires=90"], cseq: 5).status == 500)
    #expect(try register(["Contact: *", "Expires: 0"], cseq: 5).status == 500)
    #expect(contacts.count == 1)
    let rebooted = try register(["Contact: <sip:101@10.0.0.50>;expires=200"], callID: "c2", cseq: 1)
    #expect(rebooted.text(.contact).hasSuffix("expires=200"))
    #expect(contacts.count == 1)
  }

  @Test("One bad contact among several changes nothing at all")
  func allOrNothing() throws {
    let answer = try register(["Contact: <sip:101@10.0.0.50>, <sip:101@10.0.0.51>;expires=5"], cseq: 1)
    #expect(answer.status == 423)
    #expect(contacts.isEmpty)
  }

  @Test("Without Contact the bindings are only asked for")
  func query() throws {
    _ = try register(["Contact: <sip:101@10.0.0.50>"], cseq: 1)
    let answer = try register([], cseq: 2)
    #expect(answer.status == 200 && answer.values(.contact).count == 1)
  }

  @Test("Behind a NAT a contact is reached through the source of its REGISTER")
  func translated() throws {
    let outside = RawPeer(world, "203.0.113.9:31000")
    _ = try register(["Contact: <sip:101@192.168.7.7:5060>"], cseq: 1, from: outside)
    world.command(
      box,
      .invite(LegID(1), .init(target: .user("101"), callerNumber: "102", offer: Fixture.offer())))
    let invite = outside.receive().first { $0.method == .invite }
    #expect(invite.map { String(decoding: $0.requestURI, as: UTF8.self) } == "sip:101@192.168.7.7:5060")
  }

  @Test("A refresh from another port, as of a NAT that forgot, moves the contact and is written")
  func moved() throws {
    let before = RawPeer(world, "203.0.113.9:31000")
    let after = RawPeer(world, "203.0.113.9:32000")
    _ = try register(["Contact: <sip:101@192.168.7.7:5060>"], cseq: 1, from: before)
    let written = world.nodes[box].facts.count
    _ = try register(["Contact: <sip:101@192.168.7.7:5060>"], cseq: 2, from: before)
    #expect(world.nodes[box].facts.count == written, "nothing new")
    _ = try register(["Contact: <sip:101@192.168.7.7:5060>"], cseq: 3, from: after)
    #expect(world.nodes[box].facts.count == written + 1)
    #expect(world.nodes[box].agent.registrations(at: world.now).map(\.source.port) == [32000])
  }

  @Test("Where the contact is at the source's address its own port is used")
  func reach() {
    let source = Flow(transport: .udp, listener: 0, remote: Endpoint(IPAddress("10.0.0.50") ?? .anyV4, 40_000))
    func port(_ uri: ByteString) -> UInt16? {
      SIPURI(uri.bytes[...]).map { Registrar.reach($0, from: source, addressing: Addressing()).remote.port }
    }
    #expect(port("sip:101@10.0.0.50") == 5060)
    #expect(port("sip:101@10.0.0.50:5070") == 5070)
    #expect(port("sip:101@10.0.0.51:5070") == 40_000)
    #expect(port("sip:101@phone.example") == 40_000)
  }

  @Test("A user that is removed from the settings loses its bindings, the others keep theirs")
  func reconfigured() throws {
    _ = try register(["Contact: <sip:101@10.0.0.50>"], cseq: 1)
    var settings = Fixture.boxSettings()
    settings.users.removeLast()
    world.handle(box, .configure(settings))
    #expect(contacts.count == 1)
    settings.users = []
    world.handle(box, .configure(settings))
    #expect(contacts.isEmpty)
    #expect(world.reachable(box, "101") == [true, false])
  }
}
