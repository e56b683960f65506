// A peer made of text: it sends exactly what a test writes and keeps what comes back.

import Basics
import SIPMessage

@testable import SIPUserAgent

final class RawPeer {
  let world: World
  let endpoint: Endpoint
  let box: Endpoint
  private var branch = 0

  init(_ world: World, _ endpoint: ByteString, box: Endpoint = Fixture.boxEndpoint) {
    self.world = world
    self.endpoint = Endpoint(endpoint) ?? Endpoint(.loopbackV4, 5060)
    self.box = box
  }

  /// A request with the usual headers; `headers` are added as they stand.
  func send(
    _ method: String, uri: String = "sip:branch", from: String = "101", to: String = "101", fromTag: String = "t",
    toTag: String = "", callID: String = "c1", cseq: Int, headers: [String] = [], body: String = ""
  ) {
    branch += 1
    let lines =
      [
        "\(method) \(uri) SIP/2.0",
        "Via: SIP/2.0/UDP \(endpoint.text);branch=z9hG4bK\(endpoint.port)x\(branch);rport",
        "Max-Forwards: 70", "From: <sip:\(from)@branch>;tag=\(fromTag)",
        "To: <sip:\(to)@branch>" + (toTag.isEmpty ? "" : ";tag=\(toTag)"), "Call-ID: \(callID)",
        "CSeq: \(cseq) \(method)",
      ] + headers + ["Content-Length: \(body.utf8.count)", "", body]
    send(lines.joined(separator: "\r\n"))
  }

  /// An answer to a request that came here; `tag` goes into To where there is none.
  func answer(
    _ request: SIPMessage, _ status: Int, tag: String = "p", headers: [String] = [], body: String = ""
  ) {
    var lines = ["SIP/2.0 \(status) Answer"]
    lines += request.values(.via).map { "Via: " + String(decoding: $0, as: UTF8.self) }
    lines += ["From: \(request.text(.from))", "To: \(request.text(.to))" + (request.toTag == nil ? ";tag=\(tag)" : "")]
    lines += ["Call-ID: \(request.text(.callID))", "CSeq: \(request.text(.cseq))"]
    lines += ["Contact: <sip:gw@\(endpoint.text)>"] + headers
    if !body.isEmpty { lines.append("Content-Type: application/sdp") }
    send((lines + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n"))
  }

  func send(_ text: String) { world.send(Array(text.utf8), from: endpoint, to: box) }

  /// The messages that came since the last call, after a while.
  func receive(after length: Interval = .milliseconds(20)) -> [SIPMessage] {
    world.run(length)
    defer { world.mailboxes[endpoint] = [] }
    return (world.mailboxes[endpoint] ?? []).compactMap(\.message)
  }

  /// The answer to `method` with `cseq`, provisional ones passed over.
  func answer(_ method: SIPMethod, _ cseq: Int) -> SIPMessage? {
    receive().last { $0.status >= 200 && $0.method == method && Int($0.cseq.number) == cseq }
  }

  /// An Authorization header for the challenge with that algorithm.
  func authorization(
    _ response: SIPMessage, _ method: SIPMethod, user: ByteString = "101", secret: ByteString = "secret-101",
    algorithm: String = "SHA-256", uri: ByteString = "sip:branch", count: ByteString = "00000001"
  ) -> String {
    let value = response.values(.wwwAuthenticate).first { String(decoding: $0, as: UTF8.self).contains(algorithm) }
    let parameters = value.flatMap { AuthParameters($0) }
    let kind = DigestAlgorithm(parameters?["algorithm"]) ?? .md5
    let nonce = parameters?["nonce"] ?? ""
    let digest = DigestCalculation.response(
      kind, secretHash: DigestCalculation.secretHash(kind, user: user, realm: "branch", secret: secret),
      method: method, uri: uri, nonce: nonce, count: DigestCount(count: count, clientNonce: "cn"))
    let text = String(decoding: digest, as: UTF8.self)
    return
      "Authorization: Digest username=\"\(user)\", realm=\"branch\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
      + "response=\"\(text)\", algorithm=\(kind.name), qop=auth, nc=\(count), cnonce=\"cn\""
  }
}

extension SIPMessage {
  func text(_ name: HeaderName) -> String {
    values(name).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
  }
}
