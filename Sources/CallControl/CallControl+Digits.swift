// Keys that somebody presses in a call: to the other side of a conversation, in the way that it understands, or to the
// script that speaks.

import Basics
import MediaEngine
import SDP
import SIPUserAgent
import VoiceService

extension CallControl {
  /// Digits of INFO are numbers, those of RTP are characters; here all are characters.
  mutating func heardByInfo(_ digit: UInt8, on id: LegID, at now: Instant) {
    let characters: StaticString = "0123456789*#ABCD"
    guard digit < 16 else { return }
    heard(characters.utf8Start[Int(digit)], on: id, isAlreadyRelayed: false, at: now)
  }

  mutating func heard(_ digit: UInt8, on id: LegID, isAlreadyRelayed: Bool, at now: Instant) {
    guard let leg = legs[id], let call = calls[leg.call] else { return }
    guard call.phase != .testing else { return testHeard(digit, on: id, leg.call, at: now) }
    guard call.phase == .talking, let other = otherLeg(of: id) else { return say(.digit(digit), to: id) }
    let otherTakesEvents =
      legs[other]?.remote?.format(named: Self.eventName) != nil
      && legs[other]?.local?.format(named: Self.eventName) != nil
    switch (otherTakesEvents, isAlreadyRelayed) {
    case (true, true): break
    case (true, false):
      guard let stream = legs[other]?.stream else { return }
      outputs.append(.media(.sendDigit(stream, digit: digit, milliseconds: 160)))
    case (false, _):
      outputs.append(.agent(.sendDigit(other, digit: Self.infoDigit(digit))))
    }
  }

  private static func infoDigit(_ character: UInt8) -> UInt8 {
    switch character {
    case UInt8(ascii: "*"): 10
    case UInt8(ascii: "#"): 11
    case UInt8(ascii: "A")...UInt8(ascii: "D"): character - UInt8(ascii: "A") + 12
    default: character & 0xF
    }
  }
}
