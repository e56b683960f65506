// What a phone answers to a challenge: digest with MD5 and qop=auth (RFC 2617 §3.2.2), as phones in the field do.

import Digests
import Foundation

/// The phones' answers for one kind of request.
struct PhoneCredentials {
  /// Of user, realm and secret, by phone.
  private let accountHashes: [[UInt8]]
  private let requestHash: [UInt8]
  private let uri: [UInt8]

  init(request: String, uri: String) {
    accountHashes = (0..<BenchedBranch.phoneCount).map { phone in
      let user = BenchedBranch.firstExtension + phone
      return hexadecimal(Digests.md5(Array("\(user):\(BenchedBranch.realm):\(BenchedBranch.secret)".utf8)))
    }
    requestHash = hexadecimal(Digests.md5(Array("\(request):\(uri)".utf8)))
    self.uri = Array(uri.utf8)
  }

  /// The whole header line.
  func write(of phone: Int, _ nonce: UnsafeRawBufferPointer, to message: inout [UInt8]) {
    let clientNonce = [UInt8]("0a4f113b")
    let count = [UInt8]("00000001")
    let colon = [UInt8](":")
    let response = hexadecimal(
      Digests.md5(
        accountHashes[phone], colon, Array(nonce), colon, count, colon, clientNonce, colon, [UInt8]("auth"), colon,
        requestHash))
    message.add("Authorization: Digest username=\"")
    message.add(BenchedBranch.firstExtension + phone)
    message.add("\", realm=\"branchline\", nonce=\"")
    message.add(nonce)
    message.add("\", uri=\"")
    message += uri
    message.add("\", response=\"")
    message += response
    message.add("\", algorithm=MD5, cnonce=\"")
    message += clientNonce
    message.add("\", qop=auth, nc=")
    message += count
    message.add("\r\n")
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
  let digits = [UInt8]("0123456789abcdef")
  return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
}
