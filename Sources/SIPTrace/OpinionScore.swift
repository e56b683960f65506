// An estimate of how a listener would judge a stream (ITU-T G.107, the E-model; G.113 for what codecs and losses do), by
// losses alone: the delay from mouth to ear is not to be seen in a capture, and is taken for short. Whole numbers only.

import Basics

public enum OpinionScore {
  /// In hundredths, 100 to 441; nil for a codec whose impairment is not known here.
  /// - Parameter lostTenThousandths: hundredths of a per cent.
  public static func estimate(codec: ByteString, lostTenThousandths lost: Int) -> Int? {
    guard let (impairment, robustness) = impairment(codec) else { return nil }
    let lost = max(0, min(lost, 10_000))
    // R = 93.2 − Ie,eff, and Ie,eff = Ie + (95 − Ie) · Ppl / (Ppl + Bpl) for losses at random (G.107 §7.3.2), in
    // thousandths.
    let effective = impairment * 1_000 + (95 - impairment) * 1_000 * lost / (lost + robustness * 10)
    return score(rating: 93_200 - effective)
  }

  /// G.107 annex B. The rating is in thousandths.
  private static func score(rating: Int) -> Int {
    guard rating > 0 else { return 100 }
    let curve = 7 * rating * (rating - 60_000) * (100_000 - rating) / 1_000_000_000_000
    return max(100, (1_000 + 35 * rating / 1_000 + curve + 5) / 10)
  }

  /// Ie, and Bpl in tenths (G.113 appendix I; G.711 with concealment, as every phone has).
  private static func impairment(_ codec: ByteString) -> (Int, Int)? {
    switch codec {
    case "PCMU", "PCMA": (0, 251)
    case "G729": (11, 190)
    case "GSM": (20, 430)
    default: nil
    }
  }
}
