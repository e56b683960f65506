// The latest lines of the log, as JSON: `log`, `log 20`, or `log since 1234` with the number that an answer gave as `next`.

import Basics

enum LogAnswer {
  enum Limits {
    /// Lines where nobody says how many.
    static let usual = 100
  }

  /// nil: that is no question for lines.
  static func bytes(_ words: [ByteString], _ recent: LineRing) -> [UInt8]? {
    let lines: [ByteString]
    switch (words.count, words.last?.decimalValue) {
    case (0, _): lines = recent.latest(Limits.usual)
    case (1, let count?): lines = recent.latest(count)
    case (2, let number?) where words[0] == "since": lines = recent.lines(from: number)
    default: return nil
    }
    var json = JSONWriter(capacity: 8_192)
    json.object { json in
      json.field("next", recent.next)
      json.array("lines") { json in for line in lines { json.value(line) } }
    }
    return json.bytes
  }
}
