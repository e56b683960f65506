// What a hostile or broken peer sends, made from a seed.

import Foundation
import Harness

/// splitmix64: the same rubbish for the same seed.
struct Random: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

func invite(from address: String, _ port: Int, extra: String = "", body: String = "", length: String? = nil) -> String {
  let id = UUID().uuidString
  return """
    INVITE sip:02155550102@\(Site.box) SIP/2.0\r
    Via: SIP/2.0/UDP \(address):\(port);branch=z9hG4bK\(id);rport\r
    From: <sip:13800000000@\(address)>;tag=1\r
    To: <sip:02155550102@\(Site.box)>\r
    Call-ID: \(id)\r
    CSeq: 1 INVITE\r
    Contact: <sip:x@\(address):\(port)>\r
    Max-Forwards: 70\r
    \(extra)Content-Type: application/sdp\r
    Content-Length: \(length ?? String(body.utf8.count))\r
    \r
    \(body)
    """
}

/// - Parameter nonce: nil: without credentials.
func registration(_ port: Int, number: Int, nonce: String?) -> String {
  let wrong = String(repeating: "0", count: 32 - String(number).count) + String(number)
  let credentials = nonce.map {
    "Authorization: Digest username=\"101\", realm=\"branchline\", nonce=\"\($0)\", uri=\"sip:\(Site.box)\", "
      + "response=\"\(wrong)\", algorithm=MD5, qop=auth, cnonce=\"abc\", nc=\(String(format: "%08x", number))\r\n"
  }
  return """
    REGISTER sip:\(Site.box) SIP/2.0\r
    Via: SIP/2.0/UDP 127.0.0.66:\(port);branch=z9hG4bKflood\(number);rport\r
    From: <sip:101@\(Site.box)>;tag=f\(number)\r
    To: <sip:101@\(Site.box)>\r
    Call-ID: flood\(number)\r
    CSeq: \(number + 1) REGISTER\r
    Contact: <sip:101@127.0.0.66:\(port)>\r
    \(credentials ?? "")Content-Length: 0\r
    \r

    """
}

/// Bytes that are no SIP, SIP that is cut short, changed or broken; what keeps an intact head is answered 400.
func throwDatagrams(seed: UInt64) throws {
  var random = Random(seed: seed)
  let address = "127.0.0.66"
  let socket = try RawSocket(.datagrams, from: address, to: Site.box)
  let whole = Array(invite(from: address, socket.localPort, body: "v=0\r\n").utf8)
  for _ in 0..<100 { socket.send(random.bytes(Int.random(in: 5...1400, using: &random))) }
  for _ in 0..<100 { socket.send(Array(whole.prefix(Int.random(in: 5..<whole.count, using: &random)))) }
  for _ in 0..<300 {
    var changed = whole
    for _ in 0..<8 {
      changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    socket.send(changed)
  }
  socket.send(random.bytes(60_000))
  socket.send(invite(from: address, socket.localPort, extra: "X: " + String(repeating: "y", count: 60_000) + "\r\n"))
  let crowd = (0..<2000).map { "X-\($0): y\r\n" }.joined()
  socket.send(invite(from: address, socket.localPort, extra: crowd))
  // At most so many answers in one second; the next has an allowance of its own.
  usleep(1_100_000)
  for (extra, length) in [("", "-5"), ("", "9999"), ("Content-Length: 3\r\n", "7"), ("CSeq: x\r\n", "0")] {
    let polite = try RawSocket(.datagrams, from: address, to: Site.box)
    polite.send(invite(from: address, polite.localPort, extra: extra, length: length))
    _ = try polite.receive(containing: "SIP/2.0 400")
  }
}
