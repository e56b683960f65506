// Digest authentication of requests to us (RFC 3261 §22, RFC 7616, RFC 8760). Nonces carry their time and a seal, so a
// challenge leaves no state; an unknown user is answered exactly as a wrong password is, after the same work.

import Basics
import Digests
import SIPMessage

struct DigestAuthentication {
  enum Verdict: Hashable {
    case accepted(user: ByteString)
    /// No credentials for our realm.
    case missing
    /// The credentials are right, the nonce is too old or its count was used.
    case stale
    /// - isOfOurs: for a nonce that was made for the very address that they come from.
    case failed(user: ByteString, isOfOurs: Bool)
  }

  private struct SecretHashes {
    var sha256: [UInt8]
    var md5: [UInt8]
  }
  private struct Nonce {
    /// Milliseconds of its making in the upper 48 bits, a serial number below.
    var number: UInt64
    var seal: ArraySlice<UInt8>
    /// The same with the address that it was made for. Who comes from another one, as through some NATs, may use it all
    /// the same; but wrong credentials with it say nothing of that address.
    var addressSeal: ArraySlice<UInt8>
  }

  private var realm: ByteString = ""
  /// Offered in this order; no other is accepted.
  private var algorithms: [DigestAlgorithm] = []
  private var secrets: [ByteString: SecretHashes] = [:]
  /// Compared against where a user is unknown.
  private var nobody = SecretHashes(sha256: [], md5: [])
  /// Of one length, as the numbers of nonces are: a digest over both is a seal that nobody else can make.
  private var key: [UInt8] = []
  private var serial: UInt16 = 0
  private var window = NonceWindow(limit: UserAgent.Limits.watchedNonces)

  var nonceCount: Int { window.count }

  /// Digests calculated so far: as many for a user that is not there as for a wrong password.
  private(set) var hashCount: UInt64 = 0

  private static let sealBytes = 8
  private static let numberDigits = 16

  /// - Parameter entropy: what the seals are made with; nonces of an earlier key are stale.
  mutating func rekey(_ entropy: [UInt8]) { key = Digests.sha256(entropy) }

  mutating func configure(realm: ByteString, algorithms: [DigestAlgorithm], users: [UserAgent.UserSettings]) {
    self.realm = realm
    self.algorithms = algorithms
    secrets = [:]
    for user in users {
      secrets[user.name] = Self.hashes(user.name, realm, user.secret)
    }
    nobody = Self.hashes("", realm, "")
  }

  private static func hashes(_ user: ByteString, _ realm: ByteString, _ secret: ByteString) -> SecretHashes {
    SecretHashes(
      sha256: DigestCalculation.secretHash(.sha256, user: user, realm: realm, secret: secret),
      md5: DigestCalculation.secretHash(.md5, user: user, realm: realm, secret: secret))
  }
}

// MARK: - Checking

extension DigestAuthentication {
  mutating func check(
    _ request: SIPMessage, from source: IPAddress, counters: inout UserAgent.Counters, at now: Instant
  ) -> Verdict {
    for value in request.values(.authorization) {
      guard let credentials = AuthParameters(value), credentials.isDigest,
        credentials["realm"] == realm
      else { continue }
      if let verdict = check(credentials, of: request, counters: &counters, at: now) { return verdict }
      let isOfOurs = credentials["nonce"].map { isMade($0, for: source, at: now) } ?? false
      return .failed(user: credentials["username"] ?? "", isOfOurs: isOfOurs)
    }
    return .missing
  }

  /// nil where they are wrong.
  private mutating func check(
    _ credentials: AuthParameters, of request: SIPMessage, counters: inout UserAgent.Counters, at now: Instant
  ) -> Verdict? {
    let user = credentials["username"] ?? ""
    guard let nonce = credentials["nonce"], let uri = credentials["uri"], let response = credentials["response"],
      let algorithm = DigestAlgorithm(credentials["algorithm"]), algorithms.contains(algorithm),
      Self.names(uri, request.requestURI)
    else { return nil }
    var count: DigestCount?
    if let qop = credentials["qop"] {
      guard qop.equalsIgnoringCase("auth"), let digits = credentials["nc"], let clientNonce = credentials["cnonce"]
      else { return nil }
      count = DigestCount(count: digits, clientNonce: clientNonce)
    }
    let known = secrets[user]
    let hashes = known ?? nobody
    let expected = DigestCalculation.response(
      algorithm, secretHash: algorithm == .sha256 ? hashes.sha256 : hashes.md5, method: request.method, uri: uri,
      nonce: nonce, count: count)
    hashCount += 2
    let isRight = Digests.equal(expected, response.bytes.map { $0.asciiLowercased })
    guard isRight, known != nil else { return nil }
    guard isFresh(nonce, count: count.map { Self.number($0.count) } ?? 1, counters: &counters, at: now) else {
      counters.staleNonces += 1
      return .stale
    }
    return .accepted(user: user)
  }

  /// The URI in the credentials must name what the request asks for; proxies may have changed the rest of it.
  private static func names(_ uri: ByteString, _ requestURI: ArraySlice<UInt8>) -> Bool {
    if uri.bytes[...] == requestURI { return true }
    guard let a = SIPURI(uri.bytes[...]), let b = SIPURI(requestURI) else { return false }
    return a.user == b.user && a.host.equalsIgnoringCase(b.host)
  }

  private static func number(_ hex: ByteString) -> UInt32 {
    guard hex.count == 8 else { return 0 }
    var number: UInt32 = 0
    for byte in hex.bytes {
      guard let digit = byte.hexValue else { return 0 }
      number = number << 4 | UInt32(digit)
    }
    return number
  }
}

// MARK: - Nonces

extension DigestAuthentication {
  private static func milliseconds(_ now: Instant) -> UInt64 { UInt64(clamping: now.nanoseconds / 1_000_000) }

  private mutating func isFresh(
    _ text: ByteString, count: UInt32, counters: inout UserAgent.Counters, at now: Instant
  ) -> Bool {
    guard let nonce = Self.split(text), Digests.equal(seal(of: text.bytes[..<Self.numberDigits]), Array(nonce.seal))
    else { return false }
    let oldest = Self.oldest(at: now)
    guard nonce.number >> 16 >= oldest else { return false }
    counters.noncesForgotten += UInt64(window.trim(before: oldest << 16))
    return window.use(nonce.number, count: count)
  }

  /// In milliseconds, of the nonces that can be used.
  private static func oldest(at now: Instant) -> UInt64 {
    let time = milliseconds(now)
    return time - min(time, UInt64(UserAgent.Limits.nonceLifetime.milliseconds))
  }

  private mutating func isMade(_ text: ByteString, for source: IPAddress, at now: Instant) -> Bool {
    guard let nonce = Self.split(text) else { return false }
    let seal = seal(of: text.bytes[..<Self.numberDigits], for: source)
    return Digests.equal(seal, Array(nonce.addressSeal)) && nonce.number >> 16 >= Self.oldest(at: now)
  }

  private static func split(_ text: ByteString) -> Nonce? {
    guard text.count == numberDigits + 4 * sealBytes else { return nil }
    var number: UInt64 = 0
    for byte in text.bytes[..<numberDigits] {
      guard let digit = byte.hexValue else { return nil }
      number = number << 4 | UInt64(digit)
    }
    let middle = numberDigits + 2 * sealBytes
    return Nonce(number: number, seal: text.bytes[numberDigits..<middle], addressSeal: text.bytes[middle...])
  }

  /// In hexadecimal: H(time ":" secret), as RFC 7616 §3.3 has it, or H(time ":" secret ":" address).
  private mutating func seal(of number: ArraySlice<UInt8>, for source: IPAddress? = nil) -> [UInt8] {
    hashCount += 1
    var context = DigestContext(.sha256)
    context.update(number)
    context.update(":")
    context.update(key)
    if let source {
      context.update(":")
      context.update(source.text.bytes)
    }
    return DigestCalculation.hex(context.finish()[..<Self.sealBytes])
  }

  mutating func makeNonce(for source: IPAddress, at now: Instant) -> ByteString {
    serial &+= 1
    var writer = ByteWriter(capacity: Self.numberDigits + 4 * Self.sealBytes)
    writer.append(hex: Self.milliseconds(now) << 16 | UInt64(serial), digits: Self.numberDigits)
    let number = writer.bytes[...]
    writer.append(seal(of: number))
    writer.append(seal(of: number, for: source))
    return ByteString(writer.bytes)
  }

  /// One challenge an algorithm (RFC 8760 §2.4): a phone takes the first that it understands.
  func writeChallenge(_ nonce: ByteString, to writer: inout MessageWriter, isStale: Bool) {
    for algorithm in algorithms {
      var value = ByteWriter(capacity: 128 + realm.count)
      value.append("Digest realm=\"")
      value.append(realm.bytes)
      value.append("\", nonce=\"")
      value.append(nonce.bytes)
      value.append("\", algorithm=")
      value.append(algorithm.name)
      value.append(", qop=\"auth\"")
      if isStale { value.append(", stale=true") }
      writer.header(.wwwAuthenticate, ByteString(value.bytes))
    }
  }
}
