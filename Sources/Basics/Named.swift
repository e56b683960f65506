// Closed sets whose members have words: in configurations, questions, orders and reports.

public protocol Named: CaseIterable {
  /// The word.
  var name: StaticString { get }
}

extension Named {
  /// nil: none of them is called so.
  public init?(name: ByteString) {
    for candidate in Self.allCases where ByteString(candidate.name) == name {
      self = candidate
      return
    }
    return nil
  }
}
