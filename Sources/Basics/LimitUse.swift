// One bound of the box as a person may want to see it: how much there may be, how much there is, how often that was too
// little.

public struct LimitUse: Sendable {
  /// A fixed word: `subscriptions-of-extension`.
  public let name: StaticString
  public let most: Int
  /// nil where nobody keeps count.
  public let used: Int?
  /// Since the start; nil where nobody keeps count.
  public let hits: Int?

  public init(_ name: StaticString, most: Int, used: Int? = nil, hits: Int? = nil) {
    self.name = name
    self.most = most
    self.used = used
    self.hits = hits
  }
}

extension LimitUse {
  /// As rows of JSON.
  public static func json(_ uses: [LimitUse]) -> [UInt8] {
    var json = JSONWriter(capacity: 4_096)
    json.array { json in
      for use in uses {
        json.object { json in
          json.field("limit", ByteString(use.name))
          json.field("most", use.most)
          json.field("used", use.used)
          json.field("hits", use.hits)
        }
      }
    }
    return json.bytes
  }
}
