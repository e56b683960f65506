// Answering the challenges of others (RFC 3261 §22.2, RFC 7616, RFC 8760): the best algorithm that is offered.

import Basics
import SIPMessage

struct Credentials: Hashable, Sendable {
  var user: ByteString
  var secret: ByteString
}

enum DigestClient {
  struct Answer {
    var header: HeaderName
    var value: ByteString
    /// Our last nonce was merely too old: the credentials were not refused.
    var isStale: Bool
  }

  private struct Challenge {
    var algorithm: DigestAlgorithm
    var parameters: AuthParameters
    var hasQop: Bool
  }

  /// The header that answers a 401 or 407; nil where nothing in it can be answered.
  static func answer(
    _ response: SIPMessage, method: SIPMethod, uri: ByteString, credentials: Credentials, clientNonce: ByteString
  ) -> Answer? {
    let isProxy = response.status == 407
    guard let challenge = best(of: response.values(isProxy ? .proxyAuthenticate : .wwwAuthenticate)),
      let realm = challenge.parameters["realm"], let nonce = challenge.parameters["nonce"]
    else { return nil }
    let count = challenge.hasQop ? DigestCount(count: "00000001", clientNonce: clientNonce) : nil
    let hash = DigestCalculation.secretHash(
      challenge.algorithm, user: credentials.user, realm: realm, secret: credentials.secret)
    let digest = DigestCalculation.response(
      challenge.algorithm, secretHash: hash, method: method, uri: uri, nonce: nonce, count: count)
    var value = ByteWriter(capacity: 320)
    value.append("Digest username=\"")
    value.append(credentials.user.bytes)
    value.append("\", realm=\"")
    value.append(realm.bytes)
    value.append("\", nonce=\"")
    value.append(nonce.bytes)
    value.append("\", uri=\"")
    value.append(uri.bytes)
    value.append("\", response=\"")
    value.append(digest)
    value.append("\", algorithm=")
    value.append(challenge.algorithm.name)
    if let count {
      value.append(", qop=auth, nc=")
      value.append(count.count.bytes)
      value.append(", cnonce=\"")
      value.append(count.clientNonce.bytes)
      value.append("\"")
    }
    if let opaque = challenge.parameters["opaque"] {
      value.append(", opaque=\"")
      value.append(opaque.bytes)
      value.append("\"")
    }
    return Answer(
      header: isProxy ? .proxyAuthorization : .authorization, value: ByteString(value.bytes),
      isStale: challenge.parameters["stale"]?.equalsIgnoringCase("true") == true)
  }

  private static func best(of values: [ArraySlice<UInt8>]) -> Challenge? {
    var best: Challenge?
    for value in values {
      guard let parameters = AuthParameters(value), parameters.isDigest,
        let algorithm = DigestAlgorithm(parameters["algorithm"])
      else { continue }
      let qop = parameters["qop"]
      if let qop, !offersAuth(qop) { continue }
      if let best, best.algorithm.rawValue >= algorithm.rawValue { continue }
      best = Challenge(algorithm: algorithm, parameters: parameters, hasQop: qop != nil)
    }
    return best
  }

  private static func offersAuth(_ qop: ByteString) -> Bool {
    qop.bytes.split(separator: UInt8(ascii: ",")).contains { part in
      ByteString(part.filter { $0 != 0x20 }).equalsIgnoringCase("auth")
    }
  }
}
