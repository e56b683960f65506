// Two sessions of TLS, each fed with what the other has for the network.

import Basics
import Testing

@testable import LinuxIO

private final class Pair {
  let server: TLSSession
  let client: TLSSession
  private(set) var steps: (server: TLSSession.Step, client: TLSSession.Step) = (.waits, .waits)

  init(_ listening: TLSContext, _ calling: TLSContext, expecting domain: ByteString?) throws {
    server = try #require(TLSSession(accepting: listening))
    client = try #require(TLSSession(calling: calling, expecting: domain))
  }

  /// Until nobody has anything to say.
  func shakeHands() {
    for _ in 0..<8 {
      if client.isShakingHands { steps.client = client.step() }
      move(client, server)
      if server.isShakingHands { steps.server = server.step() }
      move(server, client)
    }
  }

  func move(_ from: TLSSession, _ to: TLSSession) { from.take().withUnsafeBytes { to.feed($0) } }

  func heard(_ session: TLSSession) -> (TLSSession.Received, [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let received = buffer.withUnsafeMutableBytes { session.receive(into: $0) }
    guard case .bytes(let count) = received else { return (received, []) }
    return (received, Array(buffer.prefix(count)))
  }
}

@Suite("Sessions of TLS in memory")
struct TLSSessionTests {
  private static func identity(_ certificate: [UInt8]) -> TLSIdentity {
    TLSIdentity(certificate: certificate, key: Certificates.key)
  }

  private static func pair(
    _ certificate: [UInt8], expecting domain: ByteString?, authorities: [UInt8] = Certificates.authority
  ) throws -> Pair {
    let pair = try Pair(
      try .listening(identity(certificate)), try .calling(nil, authorities: authorities), expecting: domain)
    pair.shakeHands()
    return pair
  }

  @Test("what one says the other hears, by TLS 1.3; then one is done")
  func talk() throws {
    let pair = try Self.pair(Certificates.uri, expecting: "carrier.example")
    #expect(pair.steps.server == .ready && pair.steps.client == .ready)
    #expect(pair.client.version == "TLSv1.3" && !pair.client.isShakingHands)
    #expect(pair.client.write(bytes("REGISTER")))
    let onTheWire = pair.client.take()
    #expect(!ByteString(onTheWire).description.contains("REGISTER"))
    onTheWire.withUnsafeBytes { pair.server.feed($0) }
    #expect(pair.heard(pair.server).1 == bytes("REGISTER") && pair.heard(pair.server).0 == .nothing)
    #expect(pair.server.write(bytes("200")))
    pair.move(pair.server, pair.client)
    #expect(pair.heard(pair.client).1 == bytes("200"))
    pair.client.finish()
    pair.move(pair.client, pair.server)
    #expect(pair.heard(pair.server).0 == .closed)
  }

  @Test("bytes may come one by one")
  func pieces() throws {
    let pair = try Pair(
      try .listening(Self.identity(Certificates.dns)), try .calling(nil, authorities: Certificates.authority),
      expecting: "carrier.example")
    func moveBytewise(_ from: TLSSession, _ to: TLSSession) -> TLSSession.Step {
      var last = TLSSession.Step.waits
      for byte in from.take() {
        [byte].withUnsafeBytes { to.feed($0) }
        if to.isShakingHands { last = to.step() }
      }
      return last
    }
    #expect(pair.client.step() == .waits)
    #expect(moveBytewise(pair.client, pair.server) == .waits)
    #expect(moveBytewise(pair.server, pair.client) == .ready)
    #expect(moveBytewise(pair.client, pair.server) == .ready)
  }

  @Test(
    "names count as RFC 5922 has them: SIP URIs of a domain, hosts, and a common name where there is nothing else",
    arguments: [
      (Certificates.uri, "carrier.example", true), (Certificates.uri, "CARRIER.example", true),
      (Certificates.uri, "other.example", true), (Certificates.uri, "example", false),
      (Certificates.dns, "carrier.example", true), (Certificates.dns, "a.carrier.example", false),
      (Certificates.common, "carrier.example", true), (Certificates.common, "other.example", false),
      (Certificates.hidden, "carrier.example", false), (Certificates.hidden, "other.example", true),
      (Certificates.wild, "carrier.example", false), (Certificates.person, "carrier.example", false),
      (Certificates.address, "192.0.2.1", true), (Certificates.address, "192.0.2.2", false),
    ] as [([UInt8], ByteString, Bool)])
  func names(_ certificate: [UInt8], _ domain: ByteString, _ isGood: Bool) throws {
    let pair = try Self.pair(certificate, expecting: domain)
    let refusal = TLSSession.Step.refused("the certificate does not name " + domain)
    #expect(pair.steps.client == (isGood ? .ready : refusal))
    #expect((pair.steps.server == .ready) == isGood)
  }

  @Test("an expired certificate, one that signed itself, and one of a stranger's are refused, and it is said why")
  func untrusted() throws {
    #expect(
      try Self.pair(Certificates.expired, expecting: "carrier.example").steps.client
        == .refused("the certificate: certificate has expired"))
    let own = try #require(TLSIdentity.made())
    let pair = try Pair(
      try .listening(TLSIdentity(certificate: own, key: own)), try .calling(nil, authorities: Certificates.authority),
      expecting: "branchline")
    pair.shakeHands()
    #expect(pair.steps.client == .refused("the certificate: self-signed certificate"))
    #expect(
      try Self.pair(Certificates.dns, expecting: "carrier.example", authorities: own).steps.client
        == .refused("the certificate: unable to get local issuer certificate"))
    // Unless it is that very one which is trusted.
    let trusting = try Pair(
      try .listening(TLSIdentity(certificate: own, key: own)), try .calling(nil, authorities: own),
      expecting: "branchline")
    trusting.shakeHands()
    #expect(trusting.steps.client == .ready)
  }

  @Test("who does not look at the certificate takes any")
  func unverified() throws {
    #expect(try Self.pair(Certificates.expired, expecting: nil).steps.client == .ready)
  }

  @Test(
    "a client may be asked for a certificate: bad ones are refused, and none where one is required",
    arguments: [
      (.off, nil, true), (.request, nil, true), (.require, nil, false), (.off, Certificates.expired, true),
      (.request, Certificates.dns, true), (.request, Certificates.expired, false), (.require, Certificates.dns, true),
      (.require, Certificates.expired, false),
    ] as [(TLSContext.Clients, [UInt8]?, Bool)])
  func clients(_ rule: TLSContext.Clients, _ certificate: [UInt8]?, _ isGood: Bool) throws {
    let pair = try Pair(
      try .listening(Self.identity(Certificates.uri), clients: rule, authorities: Certificates.authority),
      try .calling(certificate.map(Self.identity), authorities: Certificates.authority), expecting: "carrier.example")
    pair.shakeHands()
    #expect((pair.steps.server == .ready) == isGood)
    if !isGood { #expect(pair.steps.server != .waits) }
  }

  @Test("a session goes on with the certificate that it was begun with")
  func exchanged() throws {
    var listening = try TLSContext.listening(Self.identity(Certificates.dns))
    let calling = try TLSContext.calling(nil, authorities: Certificates.authority)
    let old = try Pair(listening, calling, expecting: "carrier.example")
    listening = try .listening(Self.identity(Certificates.hidden))
    old.shakeHands()
    #expect(old.steps.client == .ready)
    #expect(old.server.write(bytes("still here")))
    let new = try Pair(listening, calling, expecting: "other.example")
    new.shakeHands()
    #expect(new.steps.client == .ready)
  }

  @Test("what is no PEM is told")
  func faults() {
    func fault(_ body: () throws(TLSFault) -> TLSContext) -> ByteString? {
      do throws(TLSFault) {
        _ = try body()
        return nil
      } catch {
        return error.text
      }
    }
    #expect(
      fault { () throws(TLSFault) in try .listening(TLSIdentity(certificate: bytes("x"), key: Certificates.key)) }
        == "the certificate is no PEM certificate")
    #expect(
      fault { () throws(TLSFault) in try .listening(TLSIdentity(certificate: Certificates.dns, key: [])) }
        == "the key is no PEM key without a passphrase, or not the certificate's")
    #expect(
      fault { () throws(TLSFault) in try .calling(nil, authorities: bytes("nobody")) }
        == "the authorities are no PEM certificates")
    #expect(
      fault { () throws(TLSFault) in try .listening(Self.identity(Certificates.dns), clients: .require) }
        == "the authorities of the clients are no PEM certificates")
  }

  @Test("what speaks no TLS is refused", arguments: ["OPTIONS sip:box SIP/2.0\r\n\r\n", "\u{17}\u{3}\u{3}\u{0}\u{1}x"])
  func rubbish(_ text: String) throws {
    let server = try #require(TLSSession(accepting: try .listening(Self.identity(Certificates.dns))))
    bytes(text).withUnsafeBytes { server.feed($0) }
    guard case .refused = server.step() else {
      Issue.record("it goes on")
      return
    }
  }
}
