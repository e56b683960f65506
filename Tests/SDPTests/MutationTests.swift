import Basics
import Testing

@testable import SDP

@Suite struct MutationTests {
  static let seed: UInt64 = 0x5D9_0001

  @Test("10,000 mutated descriptions are read or refused, never trap; what is read is written and read again the same")
  func mutations() {
    var random = SeededRandom(seed: Self.seed)
    let bases = [
      Array(phoneOffer.utf8),
      Array("v=0\nc=IN IP6 ::1\nm=video 1 X 2\nm=audio 2 RTP/AVP 97\na=rtpmap:97 opus/48000/2\na=inactive\n".utf8),
    ]
    let pieces = [
      "\n", "\r", " ", "=", "/", ":", "0", "99999999999999999999", "\0", "a=rtpmap:8 ", "m=audio 1 RTP/AVP 0\n",
    ]
    .map { Array($0.utf8) }
    var accepted = 0
    for round in 0..<10_000 {
      var bytes = bases[round % 2]
      for _ in 0..<1 + random.below(4) {
        let position = random.below(bytes.count + 1)
        switch random.below(4) {
        case 0: bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: position)
        case 1: if position < bytes.count { bytes[position] = UInt8(truncatingIfNeeded: random.next()) }
        case 2: bytes.removeSubrange(position..<min(bytes.count, position + random.below(10)))
        default:
          let from = random.below(bytes.count)
          bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + random.below(40))]), at: position)
        }
        if bytes.isEmpty { bytes = bases[0] }
      }
      guard let description = try? SessionDescription(parsing: bytes[...]) else { continue }
      accepted += 1
      let again = try? SessionDescription(parsing: description.serialised()[...])
      #expect(again == description, "seed \(Self.seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
      let answer = description.answer(
        choosing: ["PCMU", "PCMA", "OPUS"], address: ours, port: 9, sessionID: 1, sessionVersion: 1)
      if let answer {
        #expect(answer.otherMedia.count == description.otherMedia.count, "seed \(Self.seed), round \(round)")
      }
    }
    #expect(accepted > 1_000 && accepted < 9_900, "accepted \(accepted), seed \(Self.seed)")
  }
}
