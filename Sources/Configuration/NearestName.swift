// The known name that a mistyped one most likely meant.

import Basics

public enum NearestName {
  /// Longer words are not compared: nobody mistypes them into a name.
  private static let longest = 40

  /// The candidate with the fewest edits, at most a third of its length (and two); the first of equals.
  public static func of(_ word: ByteString, among candidates: [ByteString]) -> ByteString? {
    guard word.count <= longest else { return nil }
    var best: (name: ByteString, edits: Int)?
    for candidate in candidates where candidate.count <= longest {
      let allowed = min(2, (max(candidate.count, word.count) + 1) / 3)
      let edits = distance(word.bytes, candidate.bytes)
      if edits <= allowed, edits < best?.edits ?? .max { best = (candidate, edits) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours, without regard to case.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var older = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for (j, y) in b.enumerated() {
        let isSame = x.asciiLowercased == y.asciiLowercased
        var edits = min(previous[j] + (isSame ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { edits = min(edits, older[j - 1] + 1) }
        row.append(edits)
      }
      older = previous
      previous = row
    }
    return previous[b.count]
  }
}
