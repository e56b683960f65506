import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Digest authentication")
struct DigestTests {
  let world = World()
  let box: Int
  let phone: RawPeer

  init() {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.50:5060")
  }

  let contact = "Contact: <sip:101@10.0.0.50:5060>"

  func challenge() throws -> SIPMessage {
    phone.send("REGISTER", cseq: 1, headers: [contact])
    return try #require(phone.answer(.register, 1))
  }

  @Test("The examples of RFC 7616 §3.9.1 come out right, for both algorithms")
  func publishedExamples() {
    let count = DigestCount(count: "00000001", clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    func response(_ algorithm: DigestAlgorithm) -> String {
      let hash = DigestCalculation.secretHash(
        algorithm, user: "Mufasa", realm: "http-auth@example.org", secret: "Circle of Life")
      let digest = DigestCalculation.response(
        algorithm, secretHash: hash, method: .other("GET"), uri: "/dir/index.html",
        nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", count: count)
      return String(decoding: digest, as: UTF8.self)
    }
    #expect(response(.md5) == "8ca523f5e9506fed4657c9700eebdbec")
    #expect(response(.sha256) == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")
  }

  @Test("The challenge offers SHA-256 first, then MD5, with qop")
  func twoChallenges() throws {
    let response = try challenge()
    #expect(response.status == 401)
    let values = response.values(.wwwAuthenticate).compactMap { AuthParameters($0) }
    #expect(values.map { $0["algorithm"] } == ["SHA-256", "MD5"])
    #expect(values.allSatisfy { $0["qop"] == "auth" && $0["realm"] == "branch" && $0["stale"] == nil })
  }

  @Test("Both algorithms are accepted", arguments: ["SHA-256", "MD5"])
  func algorithms(name: String) throws {
    let response = try challenge()
    phone.send(
      "REGISTER", cseq: 2, headers: [contact, phone.authorization(response, .register, algorithm: name)])
    #expect(phone.answer(.register, 2)?.status == 200)
  }

  @Test("Only the configured algorithms are offered, and no other is accepted")
  func configuredAlgorithms() throws {
    var settings = Fixture.boxSettings()
    settings.digestAlgorithms = [.md5]
    let world = World()
    _ = world.add(Fixture.box, settings)
    let phone = RawPeer(world, "10.0.0.50:5060")
    phone.send("REGISTER", cseq: 1, headers: [contact])
    let response = try #require(phone.answer(.register, 1))
    #expect(response.values(.wwwAuthenticate).compactMap { AuthParameters($0)?["algorithm"] } == ["MD5"])
    let challenge = try #require(response.value(.wwwAuthenticate))
    let nonce = try #require(AuthParameters(challenge)?["nonce"])
    for (cseq, algorithm, status) in [(2, DigestAlgorithm.sha256, 401), (3, .md5, 200)] {
      let digest = DigestCalculation.response(
        algorithm,
        secretHash: DigestCalculation.secretHash(algorithm, user: "101", realm: "branch", secret: "secret-101"),
        method: .register, uri: "sip:branch", nonce: nonce, count: DigestCount(count: "00000001", clientNonce: "cn"))
      let credentials =
        "Authorization: Digest username=\"101\", realm=\"branch\", nonce=\"\(nonce)\", uri=\"sip:branch\", "
        + "response=\"\(String(decoding: digest, as: UTF8.self))\", algorithm=\(algorithm.name), qop=auth, "
        + "nc=00000001, cnonce=\"cn\""
      phone.send("REGISTER", cseq: cseq, headers: [contact, credentials])
      #expect(phone.answer(.register, cseq)?.status == status, "\(algorithm)")
    }
  }

  @Test("A used count is stale, the next one is not; counts may come out of order")
  func replay() throws {
    let response = try challenge()
    let answers = zip(2..., ["00000001", "00000001", "00000005", "00000003", "00000003", "00000002"] as [ByteString])
      .map { cseq, count -> (Int, String) in
        phone.send(
          "REGISTER", cseq: cseq, headers: [contact, phone.authorization(response, .register, count: count)])
        let answer = phone.answer(.register, cseq)
        return (answer?.status ?? 0, answer?.text(.wwwAuthenticate) ?? "")
      }
    #expect(answers.map(\.0) == [200, 401, 200, 200, 401, 200])
    #expect(answers[1].1.contains("stale=true"))
    #expect(world.nodes[box].agent.counters.failedAuthentications == 0)
  }

  @Test("A nonce grows stale after ten minutes; with the right password the phone is told so")
  func stale() throws {
    let response = try challenge()
    world.run(.seconds(601))
    phone.send("REGISTER", cseq: 2, headers: [contact, phone.authorization(response, .register)])
    let answer = try #require(phone.answer(.register, 2))
    #expect(answer.status == 401)
    #expect(answer.text(.wwwAuthenticate).contains("stale=true"))
    phone.send("REGISTER", cseq: 3, headers: [contact, phone.authorization(answer, .register)])
    #expect(phone.answer(.register, 3)?.status == 200)
  }

  @Test("A nonce that was never ours is stale, not accepted")
  func foreignNonce() throws {
    let response = try challenge()
    var forged = phone.authorization(response, .register)
    let nonce = AuthParameters(try #require(response.values(.wwwAuthenticate).first))?["nonce"] ?? ""
    let other = "f" + nonce.description.dropFirst()
    let digest = DigestCalculation.response(
      .sha256, secretHash: DigestCalculation.secretHash(.sha256, user: "101", realm: "branch", secret: "secret-101"),
      method: .register, uri: "sip:branch", nonce: ByteString(other),
      count: DigestCount(count: "00000001", clientNonce: "cn"))
    forged =
      "Authorization: Digest username=\"101\", realm=\"branch\", nonce=\"\(other)\", uri=\"sip:branch\", "
      + "response=\"\(String(decoding: digest, as: UTF8.self))\", algorithm=SHA-256, qop=auth, nc=00000001, "
      + "cnonce=\"cn\""
    phone.send("REGISTER", cseq: 2, headers: [contact, forged])
    let answer = try #require(phone.answer(.register, 2))
    #expect(answer.status == 401 && answer.text(.wwwAuthenticate).contains("stale=true"))
  }

  @Test("A wrong password and an unknown user get the same answer")
  func sameAnswer() throws {
    func answer(user: ByteString, secret: ByteString, cseq: Int) throws -> [String] {
      let name = String(decoding: user.bytes, as: UTF8.self)
      phone.send("REGISTER", from: name, to: name, callID: "d\(cseq)", cseq: cseq, headers: [contact])
      let response = try #require(phone.answer(.register, cseq))
      let header = phone.authorization(response, .register, user: user, secret: secret)
      phone.send("REGISTER", from: name, to: name, callID: "d\(cseq)", cseq: cseq + 1, headers: [contact, header])
      let refusal = try #require(phone.answer(.register, cseq + 1))
      // All but what differs by chance or was in the request.
      return String(decoding: refusal.bytes, as: UTF8.self).split(separator: "\r\n").map { line in
        let line = String(line)
        if line.hasPrefix("WWW-Authenticate") {
          return line.split(separator: ",").filter { !$0.hasPrefix(" nonce") }.joined(separator: ",")
        }
        return ["Via:", "From:", "To:", "Call-ID:", "CSeq:"].first { line.hasPrefix($0) } ?? line
      }
    }
    let wrong = try answer(user: "101", secret: "guess", cseq: 1)
    let unknown = try answer(user: "555", secret: "guess", cseq: 11)
    #expect(wrong == unknown)
    #expect(wrong.first == "SIP/2.0 401 Unauthorized")
  }

  @Test("Credentials for one method or user do not serve another")
  func bound() throws {
    let response = try challenge()
    phone.send("REGISTER", cseq: 2, headers: [contact, phone.authorization(response, .invite)])
    #expect(phone.answer(.register, 2)?.status == 401)
    let other = phone.authorization(response, .register, user: "102", secret: "secret-102")
    phone.send("REGISTER", cseq: 3, headers: [contact, other])
    #expect(phone.answer(.register, 3)?.status == 403)
    let elsewhere = phone.authorization(response, .register, uri: "sip:other", count: "00000002")
    phone.send("REGISTER", cseq: 4, headers: [contact, elsewhere])
    #expect(phone.answer(.register, 4)?.status == 401)
  }

  @Test("Who guesses too much is not listened to for a while, others are")
  func blocked() throws {
    var response = try challenge()
    for cseq in 2..<32 {
      let guess = phone.authorization(response, .register, secret: "guess")
      phone.send("REGISTER", cseq: cseq, headers: [contact, guess])
      response = try #require(phone.answer(.register, cseq))
      #expect(response.status == 401)
    }
    let right = phone.authorization(response, .register)
    phone.send("REGISTER", cseq: 40, headers: [contact, right])
    #expect(phone.answer(.register, 40) == nil)
    let neighbour = RawPeer(world, "10.0.0.51:5060")
    neighbour.send("REGISTER", cseq: 1)
    #expect(neighbour.answer(.register, 1)?.status == 401)
    world.run(.seconds(31))
    phone.send("REGISTER", cseq: 41, headers: [contact, right])
    #expect(phone.answer(.register, 41)?.status == 200)
    #expect(world.nodes[box].agent.counters.blockedSources == 1)
  }

  @Test("The replay window forgets towards safety")
  func window() {
    var window = NonceWindow(limit: 2)
    let first = [window.use(10, count: 1), window.use(11, count: 1), window.use(12, count: 1)]
    #expect(first == [true, true, true])
    let forced = window.trim(before: 0)
    #expect(forced == 1)
    let forgotten = window.use(10, count: 2)
    #expect(!forgotten)
    let later = [window.use(12, count: 100), window.use(12, count: 36), window.use(12, count: 37)]
    #expect(later == [true, false, true], "36 is too far behind to be known")
    let zero = window.use(12, count: 0)
    #expect(!zero)
    #expect(window.count == 2)
  }
}
