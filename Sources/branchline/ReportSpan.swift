// From when until when a report reaches, as people write it. Quarters of an hour count whole.

import ACD
import Basics

struct ReportSpan: Equatable {
  enum Moment: Equatable {
    case at(WallTime)
    /// Seconds before now.
    case ago(Int64)

    /// `2026-03-01T00:00:00+08:00`; `-90min`, `-24h`, `-30d`.
    init?(_ word: ByteString) {
      if let time = WallTime(rfc3339: word), Self.times.contains(time) {
        self = .at(time)
        return
      }
      guard word.hasPrefix("-") else { return nil }
      let digits = word.bytes.dropFirst().prefix { $0.isASCIIDigit }
      guard let count = Int(decimalDigits: digits), count <= 1_000_000 else { return nil }
      switch word.dropFirst(1 + digits.count) {
      case "min": self = .ago(Int64(count) * 60)
      case "h": self = .ago(Int64(count) * 3_600)
      case "d": self = .ago(Int64(count) * 86_400)
      default: return nil
      }
    }

    /// The years from 1970 to 2199.
    private static var times: Range<WallTime> { WallTime(seconds: 0)..<WallTime(seconds: 7_258_118_400) }

    func time(at now: WallTime) -> WallTime {
      switch self {
      case .at(let time): time
      case .ago(let seconds): WallTime(seconds: max(0, now.seconds - seconds))
      }
    }
  }

  /// Two days: as much as a daemon without storage has.
  static let usual = Moment.ago(Int64(Reports.Limits.intervals) * 900)

  var from: Moment
  var to: Moment?

  /// The quarter that is under way belongs to it.
  func quarters(at now: WallTime) -> Range<Int64> {
    Reports.quarters(from: from.time(at: now), to: to?.time(at: now) ?? WallTime(seconds: now.seconds + 1))
  }
}
