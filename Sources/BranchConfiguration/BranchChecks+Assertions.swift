// Assertions that can be judged without a phone or a carrier: where numbers lead.

import Basics
import Configuration
import Dialplan

extension BranchSettings {
  public enum Assertion: Hashable, Sendable {
    /// The first trunk that is tried for a dialled number.
    case route(ByteString, via: ByteString)
    case registered(ByteString)
    case up(ByteString)

    /// As it stands in the configuration.
    public var text: ByteString {
      switch self {
      case .route(let number, let trunk): "route " + number + " via " + trunk
      case .registered(let number): "registered " + number
      case .up(let trunk): "up " + trunk
      }
    }
  }
}

extension BranchReader {
  func assertions() -> [BranchSettings.Assertion] {
    root.allValues("assert").compactMap { statement in
      let texts = statement.values.compactMap { if case .text(let text) = $0 { text } else { nil } }
      // In the order of `BranchSchema.assertions`.
      switch (statement.values.first, texts.count) {
      case (.choice(0), 2): return .route(texts[0], via: texts[1])
      case (.choice(1), 1): return .registered(texts[0])
      case (.choice(2), 1): return .up(texts[0])
      default: return nil
      }
    }
  }
}

extension BranchChecks {
  mutating func checkAssertions() {
    let statements = root.allValues("assert")
    for (statement, assertion) in zip(statements, settings.assertions) {
      guard case .route(let number, let trunk) = assertion else { continue }
      var found = Phrase("it leads to no trunk", "未通向任何中继")
      if case .trunk(let trunks, _) = settings.dialplan.internalDestination(of: number), let first = trunks.first {
        guard first != trunk else { continue }
        found = Phrase("trunk ", "中继 ") + first
      }
      report(
        at: statement.position, in: "assert", found: Phrase(number + ": ") + found,
        expected: Phrase("trunk ", "中继 ") + trunk)
    }
  }
}
