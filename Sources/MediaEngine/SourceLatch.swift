// Symmetric RTP (RFC 4961): which address a stream's packets are taken from and sent to. Behind NAT the signalled
// address is not the one that packets come from, so the first source is believed and followed.
//
// Believing every later source too would let anybody who guesses a port take over a call, or listen to it (the "RTP
// bleed" attacks), with a single packet. So a stream moves only to a source that sends several consecutive packets
// while the old one is silent, as after a real change of address. The signalled address itself need not wait for
// silence: a thief who came first loses the stream to it.

import Basics
import RTP

struct SourceLatch {
  enum Verdict { case followed, moved, stranger }

  /// The followed source; nil before the first packet.
  private(set) var source: Endpoint?
  private var lastAt = Instant.zero
  private var candidate: Endpoint?
  private var candidateSSRC: UInt32 = 0
  private var candidateNext: UInt16 = 0
  private var candidateCount = 0

  init() {}

  /// Believes whoever comes first again: the signalled address has changed.
  mutating func reset() { self = SourceLatch() }

  mutating func judge(
    _ from: Endpoint, _ header: RTPHeader, signalled: Endpoint, limits: MediaEngine.Limits, at now: Instant
  ) -> Verdict {
    guard let source else {
      follow(from, at: now)
      return .followed
    }
    if from == source {
      lastAt = now
      return .followed
    }
    guard from == signalled || now - lastAt >= limits.silenceToMove else {
      // Only packets that arrive during the silence count.
      if candidate != signalled { candidate = nil }
      return .stranger
    }
    if candidate == from, candidateSSRC == header.ssrc, candidateNext == header.sequence {
      candidateCount += 1
    } else {
      // The signalled address is not displaced as a candidate by others who are trying.
      guard candidate != signalled || from == signalled else { return .stranger }
      candidate = from
      candidateSSRC = header.ssrc
      candidateCount = 1
    }
    candidateNext = header.sequence &+ 1
    guard candidateCount >= limits.packetsToMove else { return .stranger }
    follow(from, at: now)
    return .moved
  }

  private mutating func follow(_ from: Endpoint, at now: Instant) {
    source = from
    lastAt = now
    candidate = nil
    candidateCount = 0
  }
}
