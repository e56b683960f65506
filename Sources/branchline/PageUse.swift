// What the page's process uses of its limits: it writes a line of names and numbers whenever they have changed, and the
// daemon keeps the latest for whoever asks.

import Basics
import Supervision
import WebServer

struct PageUse {
  enum Limits {
    /// Between two such lines.
    static let every = Interval.seconds(1)
  }
  static var mark: ByteString { "uses " }

  /// `uses page-connections 3 0 page-sessions 2 1`: used, and hit since its start; `-` where nobody keeps count.
  static func line(_ uses: [LimitUse]) -> ByteString {
    uses.reduce(mark) { line, use in
      line + (line == mark ? "" : " ") + ByteString(use.name) + " " + number(use.used) + " " + number(use.hits)
    }
  }

  private static func number(_ value: Int?) -> ByteString { value.map { ByteString($0) } ?? "-" }

  static func uses(_ server: WebServer?, _ page: Supervision?) -> [LimitUse] {
    [WebServer.limitUse(of: server)] + Supervision.limitUses(of: page)
  }

  /// Says it in the page's process, whenever it has changed.
  struct Teller {
    private var told: ByteString = ""
    private var toldAt: Instant?

    /// When the next line is due; nil: there is nothing new.
    func deadline(_ server: WebServer, _ page: Supervision) -> Instant? {
      PageUse.line(PageUse.uses(server, page)) == told ? nil : toldAt.map { $0 + Limits.every }
    }

    /// nil: nothing is due.
    mutating func poll(_ server: WebServer, _ page: Supervision, at now: Instant) -> ByteString? {
      let line = PageUse.line(PageUse.uses(server, page))
      guard line != told, toldAt.map({ now - $0 >= Limits.every }) ?? true else { return nil }
      (told, toldAt) = (line, now)
      return line
    }
  }

  /// As the process that runs has said it; nil: none runs, or it has said nothing yet.
  private var latest: [ByteString: (used: Int?, hits: Int?)]?
  /// Of those that have ended.
  private var earlierHits: [ByteString: Int] = [:]

  mutating func hear(_ line: ByteString) {
    let words = line.bytes.dropFirst(Self.mark.count).split(separator: UInt8(ascii: " ")).map { ByteString($0) }
    let names = Self.uses(nil, nil).map { ByteString($0.name) }
    var new: [ByteString: (used: Int?, hits: Int?)] = [:]
    for place in stride(from: 0, to: words.count - 2, by: 3) where names.contains(words[place]) {
      new[words[place]] = (words[place + 1].decimalValue, words[place + 2].decimalValue)
    }
    latest = new
  }

  /// The process is no more.
  mutating func end() {
    for (name, said) in latest ?? [:] { earlierHits[name, default: 0] += said.hits ?? 0 }
    latest = nil
  }

  /// Hits count since the daemon's start.
  var limitUses: [LimitUse] {
    Self.uses(nil, nil).map { limit in
      let said = latest?[ByteString(limit.name)]
      let hits = said.map { $0.hits } ?? 0
      return LimitUse(
        limit.name, most: limit.most, used: said?.used ?? nil,
        hits: hits.map { $0 + earlierHits[ByteString(limit.name), default: 0] })
    }
  }
}
