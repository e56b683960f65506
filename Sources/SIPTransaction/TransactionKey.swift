// What identifies a transaction: RFC 3261 §17.1.3 for responses, §17.2.3 for requests, those of RFC 2543 included.

import Basics
import SIPMessage

struct TransactionKey: Hashable, Sendable, BitwiseCopyable {
  let high: UInt64
  let low: UInt64

  /// The words are hashed already; one of them is enough for a dictionary.
  func hash(into hasher: inout Hasher) { hasher.combine(low) }

  private init(_ hash: consuming KeyedHash) { (high, low) = hash.finish() }

  /// Of a request that goes out, or of the response that comes back: branch and method.
  init(clientBranch branch: ArraySlice<UInt8>, _ method: SIPMethod, secret: (UInt64, UInt64)) {
    var hash = KeyedHash(secret: secret)
    hash.absorb(field: branch)
    hash.absorb(method)
    self.init(hash)
  }

  /// Of a request that came in: branch, sent-by and method. An ACK has the key of its INVITE; with `method`, a CANCEL
  /// that of what it cancels.
  init(serverOf request: SIPMessage, via: Via, method: SIPMethod, secret: (UInt64, UInt64)) {
    var hash = KeyedHash(secret: secret)
    let method = method == .ack ? SIPMethod.invite : method
    if via.hasMagicCookie {
      hash.absorb(field: via.branch)
      for byte in via.host.bytes { hash.absorb(byte.asciiLowercased) }
      let port = via.port ?? 5060
      hash.absorb(0)
      hash.absorb(UInt8(truncatingIfNeeded: port >> 8))
      hash.absorb(UInt8(truncatingIfNeeded: port))
    } else {
      // RFC 2543. The tag of To is left out: an ACK carries the one of the response, and what tells two requests of one
      // dialog apart is their CSeq.
      hash.absorb(field: request.requestURI)
      hash.absorb(field: request.fromTag ?? [])
      hash.absorb(field: request.callID)
      hash.absorb(field: via.text)
      let number = request.cseq.number
      for shift in [24, 16, 8, 0] as [UInt32] { hash.absorb(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    hash.absorb(method)
    self.init(hash)
  }

  /// A tag for a response that is sent without state: the same for every repetition of the request.
  var tag: ByteString {
    var writer = ByteWriter(capacity: 16)
    writer.append(hex: high, digits: 16)
    return ByteString(writer.bytes)
  }
}

extension KeyedHash {
  fileprivate mutating func absorb(_ method: SIPMethod) {
    switch method {
    case .invite: absorb(1)
    case .ack: absorb(2)
    case .bye: absorb(3)
    case .cancel: absorb(4)
    case .options: absorb(5)
    case .register: absorb(6)
    case .prack: absorb(7)
    case .update: absorb(8)
    case .info: absorb(9)
    case .refer: absorb(10)
    case .subscribe: absorb(11)
    case .notify: absorb(12)
    case .message: absorb(13)
    case .publish: absorb(14)
    case .other(let name):
      absorb(0)
      absorb(field: name.bytes[...])
    }
  }
}
