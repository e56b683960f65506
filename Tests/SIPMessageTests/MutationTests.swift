// Mutated messages: nothing traps, and what holds for every accepted message holds for these.

import Basics
import Testing

@testable import SIPMessage

@Suite struct MutationTests {
  static let seed: UInt64 = 0x5EED_0001
  private static let bases: [[UInt8]] = [
    InviteText().bytes,
    InviteText().startLine("SIP/2.0 200 OK").with("To", "\"B\" <sip:200@pbx.example;lr>;tag=9")
      .adding("Record-Route", "<sip:p1.example;lr>, <sip:p2.example;lr>").bytes,
    InviteText().startLine("REGISTER sip:pbx.example SIP/2.0").with("CSeq", "3 REGISTER")
      .with("Contact", "\"x\" <sip:1@[2001:db8::1]:5070;ob>;q=0.5;+sip.instance=\"<urn:uuid:1>\", *")
      .adding("Authorization", "Digest username=\"1\", realm=\"r\", nonce=\"n\", uri=\"sip:a\", response=\"f\"").bytes,
    InviteText().with("Content-Length", "4").with("From", "<sip:a%20b:c@d.example?x=y&z=>\n ;tag=1\n\t;q").bytes
      + Array("v=0\n".utf8),
    InviteText().with("Via", "SIP / 2.0 / TCP [::1] : 5060 ; rport ; received=1.1.1.1 , SIP/2.0/UDP b;branch=c").bytes,
  ]
  private static let pieces: [[UInt8]] = [
    "\r\n", "\r\n ", "\r", "\n", "\"", "\\", "<", ">", ";", ",", "=", ":", "@", "%", "%4", "%00", "[", "]", "[::1]",
    "?",
    "&", " ", "\t", "\0", "\u{7F}", "é", "*", "/", ";tag=", ";rport", ";received=", "\r\n\r\n", "SIP/2.0", "sip:",
    "tel:",
    "Content-Length: 5\r\n", "l: 99999999999999999999\r\n", "Via: SIP/2.0/UDP x\r\n", "CSeq: 1 INVITE\r\n",
    "2147483648",
  ].map { Array($0.utf8) }

  private static func mutate(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 + random.below(4) {
      let position = random.below(bytes.count + 1)
      switch random.below(6) {
      case 0: bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: position)
      case 1: if position < bytes.count { bytes[position] = UInt8(truncatingIfNeeded: random.next()) }
      case 2: if position < bytes.count { bytes[position] ^= 1 << UInt8(random.below(8)) }
      case 3: bytes.removeSubrange(position..<min(bytes.count, position + random.below(12)))
      case 4:
        let from = random.below(bytes.count)
        bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + random.below(60))]), at: position)
      default: if random.chance(percent: 20) { bytes.removeSubrange(position...) }
      }
    }
    return bytes
  }

  @Test("20,000 mutated messages are accepted or refused, never trap, and what is accepted is consistent")
  func mutations() {
    var random = SeededRandom(seed: Self.seed)
    var accepted = 0
    for round in 0..<20_000 {
      let bytes = Self.mutate(Self.bases[round % Self.bases.count], &random)
      do throws(SIPParseError) {
        let message = try SIPMessage(parsing: bytes)
        accepted += 1
        check(message, round)
      } catch {
        refuse(error, round)
      }
    }
    // Both ways are walked often enough to mean something.
    #expect(accepted > 2_000 && accepted < 18_000, "accepted \(accepted), seed \(Self.seed)")
  }

  /// As #expect, which would take most of the time here.
  private func hold(_ condition: Bool, _ place: () -> Comment, line: Int = #line) {
    if !condition { Issue.record("line \(line), \(place())") }
  }

  private func check(_ message: SIPMessage, _ round: Int) {
    func place() -> Comment { "seed \(Self.seed), round \(round): \(message.bytes.text)" }
    var total = message.body.count + message.callID.count + message.requestURI.count + message.reasonPhrase.count
    total += (message.fromTag?.count ?? 0) + (message.toTag?.count ?? 0) + message.topVia.branch.count
    total += message.topVia.host.count + (message.maxForwards ?? 0) + (message.expires ?? 0)
    total += message.hasMalformedContact || message.isWildcardContact ? 1 : 0
    for raw in 0...HeaderName.other.rawValue {
      if let name = HeaderName(rawValue: raw) { total += message.values(name).count + message.addresses(name).count }
    }
    if let value = message.value(.authorization) { total += AuthParameters(value)?["realm"]?.count ?? 0 }
    hold(total >= 0, place)
    for address in message.contacts + [message.from, message.to].compactMap({ $0 }) {
      hold(NameAddress(address.text)?.uri == address.uri, place)
      hold(address.uri.isEquivalent(to: address.uri), place)
    }
    var stamped = message
    stamped.setReceived(.v4(0x0102_0304), port: 65_000)
    stamped.setKeepAlive(seconds: 60)
    checkSame(message, stamped, place)
    if message.isRequest, message.method != .ack {
      let response = MessageWriter.response(200, to: stamped, toTag: "t").finish()
      let read = try? SIPMessage(parsing: response)
      hold(read?.status == 200, place)
      hold(read?.callID == message.callID, place)
      hold(read?.fromTag == message.fromTag, place)
      hold(read?.toTag != nil, place)
    }
  }

  /// Writing into the Via must leave every other part where a new reading finds it.
  private func checkSame(_ message: SIPMessage, _ stamped: SIPMessage, _ place: () -> Comment) {
    guard let again = try? SIPMessage(parsing: stamped.bytes) else {
      Issue.record(place())
      return
    }
    hold(again.callID == message.callID, place)
    hold(stamped.callID == message.callID, place)
    hold(stamped.fromTag == message.fromTag && again.fromTag == message.fromTag, place)
    hold(stamped.from == message.from && again.to == stamped.to, place)
    hold(stamped.body == message.body && again.body == message.body, place)
    hold(again.head.via == stamped.head.via, place)
    hold(again.fields.map(\.value) == stamped.fields.map(\.value), place)
    hold(again.cseq.number == message.cseq.number && stamped.method == message.method, place)
  }

  private func refuse(_ error: SIPParseError, _ round: Int) {
    let place: () -> Comment = { "seed \(Self.seed), round \(round)" }
    hold((error.partial == nil) == (error.suggestedStatus == nil), place)
    guard let partial = error.partial, let status = error.suggestedStatus else { return }
    var patched = partial
    patched.setReceived(.v4(0x0102_0304), port: 65_000)
    let bytes = MessageWriter.response(status, to: patched, toTag: "t", reason: error.reasonPhrase).finish()
    hold(bytes.starts(with: "SIP/2.0 ".utf8), place)
    hold(patched.topVia.branch == partial.topVia.branch, place)
  }

  @Test("mutated streams cut anywhere end in messages or an error, within bounds")
  func streams() {
    var random = SeededRandom(seed: Self.seed &+ 1)
    for _ in 0..<2_000 {
      var stream: [UInt8] = []
      for _ in 0..<3 { stream += Self.mutate(Self.bases[random.below(Self.bases.count)], &random) }
      var framer = StreamFramer()
      var rest = stream[...]
      var delivered = 0
      while !rest.isEmpty {
        let piece = rest.prefix(1 + random.below(400))
        rest = rest.dropFirst(piece.count)
        framer.push(piece)
        while let bytes = try? framer.next() {
          delivered += bytes.count
          _ = try? SIPMessage(parsing: bytes)
        }
      }
      #expect(delivered + framer.count <= stream.count, "seed \(Self.seed &+ 1)")
    }
  }
}
