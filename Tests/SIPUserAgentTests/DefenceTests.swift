// What somebody can learn, use up or break who has no password.

import Basics
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

@Suite("Defence")
struct DefenceTests {
  let world = World()
  let box: Int
  let phone: RawPeer
  let attacker: RawPeer

  init() {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.50:5060")
    attacker = RawPeer(world, "203.0.113.66:5060")
  }

  private var agent: UserAgent { world.nodes[box].agent }
  private let contact = "Contact: <sip:101@10.0.0.50:5060>"

  /// A REGISTER with that password, for a challenge that is got before.
  private func register(
    _ peer: RawPeer, cseq: Int, user: String = "101", secret: ByteString = "secret-101", from other: RawPeer? = nil
  ) -> Int? {
    peer.send("REGISTER", from: user, to: user, callID: "c\(peer.endpoint.port)", cseq: cseq)
    guard let challenge = peer.answer(.register, cseq) else { return nil }
    let header = peer.authorization(challenge, .register, user: ByteString(user), secret: secret)
    let speaker = other ?? peer
    speaker.send(
      "REGISTER", from: user, to: user, callID: "c\(peer.endpoint.port)", cseq: cseq + 1, headers: [contact, header])
    return speaker.answer(.register, cseq + 1)?.status
  }

  // MARK: What the answers tell

  /// Everything but what differs by chance or was in the request.
  private func told(_ message: SIPMessage?) -> [String] {
    guard let message else { return [] }
    return String(decoding: message.bytes, as: UTF8.self).split(separator: "\r\n").map { line in
      guard line.hasPrefix("WWW-Authenticate"), let start = line.range(of: "nonce=\"")?.upperBound,
        let end = line[start...].firstIndex(of: "\"")
      else { return ["Via:", "From:", "To:", "Call-ID:"].first { line.hasPrefix($0) } ?? String(line) }
      return line[..<start] + "\(line[start..<end].count) digits" + line[end...]
    }
  }

  @Test(
    "Answers and the work for them are the same for users that there are and that there are not",
    arguments: ["REGISTER", "INVITE", "SUBSCRIBE", "OPTIONS", "MESSAGE", "BYE"])
  func sameAnswers(name: String) throws {
    let method = SIPMethod(Array(name.utf8)[...])
    func ask(_ user: String, asking called: String, cseq: Int) -> (told: [[String]], sizes: [Int], hashes: UInt64) {
      let before = agent.digest.hashCount
      let uri = "sip:\(called)@branch"
      attacker.send(name, uri: uri, from: user, to: user, callID: "x\(cseq)", cseq: 7)
      let first = attacker.receive().last
      guard let challenge = first, challenge.status == 401 else {
        return ([told(first)], [first?.bytes.count ?? 0], agent.digest.hashCount - before)
      }
      let guess = attacker.authorization(
        challenge, method, user: ByteString(user), secret: "wrong", uri: ByteString(uri))
      attacker.send(
        name, uri: uri, from: user, to: user, callID: "x\(cseq)", cseq: 8, headers: [guess, "Event: dialog"])
      let second = attacker.receive().last
      return (
        [told(first), told(second)], [first?.bytes.count ?? 0, second?.bytes.count ?? 0],
        agent.digest.hashCount - before
      )
    }
    let known = ask("101", asking: "102", cseq: 1)
    let unknown = ask("999", asking: "998", cseq: 2)
    #expect(!known.told.contains([]))
    #expect(known.told == unknown.told)
    #expect(known.sizes == unknown.sizes, "of the same length")
    #expect(known.hashes == unknown.hashes)
    let needsPassword = ["REGISTER", "INVITE", "SUBSCRIBE"].contains(name)
    #expect(known.told.count == (needsPassword ? 2 : 1), "a challenge, and another for the guess")
    #expect(known.hashes == (needsPassword ? 7 : 0), "two seals each challenge, three digests for the guess")
  }

  // MARK: What they can use up

  @Test("6,000 INVITEs and REGISTERs of strangers, from as many addresses, leave nothing behind and are answered once")
  func noState() throws {
    for number in 0..<3000 {
      for method in ["INVITE", "REGISTER"] {
        let source = Endpoint(.v4(0xC633_0000 + UInt32(number)), 5060)
        let text = """
          \(method) sip:102@branch SIP/2.0
          Via: SIP/2.0/UDP \(source.text);branch=z9hG4bKf\(number)
          Max-Forwards: 70
          From: <sip:101@branch>;tag=f
          To: <sip:102@branch>
          Call-ID: f\(number)
          CSeq: 1 \(method)
          Content-Length: 0


          """
        let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
        world.handle(box, .transport(.datagram(listener: 0, from: source, bytes: bytes)))
      }
    }
    #expect(agent.wire.transactions.serverCount == 0 && agent.legCount == 0)
    #expect(agent.nextDeadline == nil, "nothing is waited for")
    let answers = world.responses(401, to: .invite)
    #expect(answers == 3000)
    world.run(.seconds(40))
    #expect(world.responses(401, to: .invite) == answers, "said once each")
    #expect(agent.sourceGuard.count == UserAgent.Limits.watchedSources)
    #expect(register(phone, cseq: 1) == 200)
  }

  @Test("A repetition of an INVITE gets the challenge again, with the same tag; its ACK is nobody's")
  func repetition() throws {
    let invite = { attacker.send("INVITE", callID: "again", cseq: 1) }
    invite()
    let first = try #require(attacker.receive().last)
    let text = String(decoding: world.sent.first { $0.message?.method == .invite }?.bytes ?? [], as: UTF8.self)
    attacker.send(text)
    let second = try #require(attacker.receive().last)
    #expect(first.status == 401 && second.status == 401)
    #expect(first.toTag != nil && first.toTag == second.toTag)
    attacker.send("ACK", toTag: String(decoding: first.toTag ?? [], as: UTF8.self), callID: "again", cseq: 1)
    #expect(attacker.receive().isEmpty)
  }

  @Test(
    "Refusals that need no password are as stateless",
    arguments: ["Max-Forwards: 0", "Require: magic", "To: <sip:102@branch>;tag=none"])
  func statelessRefusals(line: String) {
    let name = line.prefix { $0 != ":" }
    attacker.send(
      """
      INVITE sip:102@branch SIP/2.0
      Via: SIP/2.0/UDP 203.0.113.66:5060;branch=z9hG4bKr1
      From: <sip:1@x>;tag=1
      Call-ID: refusal
      CSeq: 1 INVITE
      \(name == "To" ? "" : "To: <sip:102@branch>\n")\(line)


      """.replacing("\n\n\n", with: "\n\n").replacing("\n", with: "\r\n"))
    #expect(attacker.receive(after: .seconds(10)).count == 1)
    #expect(agent.wire.transactions.serverCount == 0)
  }

  // MARK: Blocking

  /// Guesses until nothing is answered any more: how many guesses were.
  private func guessUntilBlocked(_ peer: RawPeer) -> Int {
    for count in 0..<100 where register(peer, cseq: 2 * count + 1, secret: "guess") == nil { return count }
    return 100
  }

  @Test("Who guesses is blocked, whatever comes from there; others and, later, the same address are served")
  func blocked() {
    #expect(guessUntilBlocked(attacker) == UserAgent.Limits.failuresPerSource)
    let parsed = agent.transportCounters.datagramsReceived
    attacker.send("OPTIONS", cseq: 900)
    #expect(attacker.answer(.options, 900) == nil)
    #expect(agent.transportCounters.datagramsReceived == parsed, "not even looked at")
    #expect(register(phone, cseq: 1) == 200)
    let seen = agent.blockedSources(at: world.now)
    #expect(seen.map(\.address) == [attacker.endpoint.address] && seen.first?.isForCredentials == true)
    #expect((seen.first?.dropped ?? 0) >= 2)
    world.run(.seconds(31))
    #expect(agent.blockedSources(at: world.now).isEmpty)
    attacker.send("OPTIONS", cseq: 901)
    #expect(attacker.answer(.options, 901)?.status == 200)
  }

  @Test("An operator's word ends a block")
  func unblock() {
    _ = guessUntilBlocked(attacker)
    #expect(agent.isBlocked(attacker.endpoint.address, at: world.now))
    world.command(box, .unblock(attacker.endpoint.address))
    #expect(!agent.isBlocked(attacker.endpoint.address, at: world.now))
    #expect(register(attacker, cseq: 900) == 200)
  }

  @Test("Wrong passwords with a forged address do not lock out who has it: the nonce was made for another")
  func forged() {
    for count in 0..<100 {
      #expect(register(attacker, cseq: 2 * count + 1, secret: "guess", from: phone) == 401)
    }
    #expect(agent.blockedSources(at: world.now).isEmpty)
    #expect(agent.counters.failedAuthentications == 100)
    #expect(register(phone, cseq: 900) == 200)
  }

  @Test("A right password with a nonce that another address got is taken: some NATs have several")
  func wandering() {
    #expect(register(attacker, cseq: 1, from: phone) == 200)
  }

  @Test("Behind one NAT a phone that guesses is blocked, and the registered ones beside it are not")
  func neighbours() {
    let good = RawPeer(world, "203.0.113.66:31000")
    #expect(register(good, cseq: 1) == 200)
    #expect(guessUntilBlocked(attacker) == UserAgent.Limits.failuresPerSource)
    #expect(register(good, cseq: 3) == 200)
    let late = RawPeer(world, "203.0.113.66:31001")
    #expect(register(late, cseq: 1) == nil, "nobody knows it")
  }

  @Test("Trunks and what is configured as trusted are never blocked")
  func trusted() {
    var settings = Fixture.boxSettings(trunks: [
      .init(
        name: "t", kind: .peer(authUser: "", secret: ""),
        endpoint: Endpoint(IPAddress("198.51.100.7") ?? .anyV4, 5060), qualifySeconds: 0)
    ])
    settings.trustedNetworks = [Subnet("203.0.113.0/24")].compactMap { $0 }
    world.handle(box, .configure(settings))
    #expect(guessUntilBlocked(attacker) == 100)
    let trunk = RawPeer(world, "198.51.100.7:5099")
    #expect(guessUntilBlocked(trunk) == 100)
  }

  @Test("A flood without credentials is answered so far and no further; nobody else feels it")
  func flood() {
    for number in 0..<1300 { attacker.send("OPTIONS", callID: "o\(number)", cseq: 1) }
    #expect(attacker.receive().count == UserAgent.Limits.strangerBurst)
    let blocked = agent.blockedSources(at: world.now)
    #expect(blocked.map(\.isForCredentials) == [false] && (29...30).contains(blocked.first?.seconds ?? 0))
    #expect(register(phone, cseq: 1) == 200)
  }

  @Test("A flood in the name of a phone that is registered neither blocks it nor keeps its credentials out")
  func forgedFlood() throws {
    phone.send("REGISTER", cseq: 1)
    let challenge = try #require(phone.answer(.register, 1))
    phone.send("REGISTER", cseq: 2, headers: [contact, phone.authorization(challenge, .register)])
    #expect(phone.answer(.register, 2)?.status == 200)
    for number in 0..<1300 { phone.send("OPTIONS", callID: "o\(number)", cseq: 1) }
    _ = phone.receive()
    #expect(agent.blockedSources(at: world.now).isEmpty && agent.counters.requestsLimited > 250)
    phone.send(
      "REGISTER", cseq: 3, headers: [contact, phone.authorization(challenge, .register, count: "00000002")])
    #expect(phone.answer(.register, 3)?.status == 200)
  }

  @Test("Over a stream each wrong password counts; a blocked source's connections are closed, and no new one is taken")
  func streams() {
    _ = guessUntilBlocked(attacker)
    world.command(box, .unblock(attacker.endpoint.address))
    let remote = Endpoint(attacker.endpoint.address, 40_001)
    var outputs: [TransportLayer.Output] = []
    func tell(_ input: TransportLayer.Input) {
      world.nodes[box].agent.handle(.transport(input), at: world.now)
      while let output = world.nodes[box].agent.pollOutput() {
        if case .transport(let output) = output { outputs.append(output) }
      }
    }
    tell(.accepted(connection: 2, listener: 1, from: remote))
    let forged =
      "Authorization: Digest username=\"101\", realm=\"branch\", nonce=\"x\", uri=\"sip:branch\", response=\"0\""
    for number in 0..<UserAgent.Limits.failuresPerSource {
      let text =
        "REGISTER sip:branch SIP/2.0\r\nVia: SIP/2.0/TCP 1.1.1.1;branch=z9hG4bKt\(number)\r\nFrom: <sip:101@branch>;tag=t\r\n"
        + "To: <sip:101@branch>\r\nCall-ID: t\r\nCSeq: \(number + 1) REGISTER\r\n\(forged)\r\nContent-Length: 0\r\n\r\n"
      tell(.received(connection: 2, bytes: Array(text.utf8)))
    }
    #expect(agent.isBlocked(remote.address, at: world.now))
    outputs = []
    tell(.received(connection: 2, bytes: Array("REGISTER".utf8)))
    tell(.accepted(connection: 4, listener: 1, from: Endpoint(remote.address, 40_002)))
    let closed = outputs.compactMap { if case .close(let connection) = $0 { connection } else { nil } }
    #expect(closed == [2, 4])
    #expect(agent.wire.transport.connectionCount == 0)
  }

  @Test("Of IPv6 from outside the network of a site is one source")
  func ipv6() {
    let first = RawPeer(world, "[2001:db8:1:1::1]:5060")
    #expect(guessUntilBlocked(first) == UserAgent.Limits.failuresPerSource)
    let second = RawPeer(world, "[2001:db8:1:1::2]:5060")
    let other = RawPeer(world, "[2001:db8:1:2::1]:5060")
    second.send("OPTIONS", cseq: 1)
    other.send("OPTIONS", cseq: 1)
    #expect(second.answer(.options, 1) == nil && other.answer(.options, 1)?.status == 200)
  }
}
