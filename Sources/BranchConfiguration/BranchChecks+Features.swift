// Checks of forwards and groups: numbers that lead somewhere, and not to where they come from.

import Basics
import Configuration
import Dialplan

extension BranchChecks {
  mutating func checkFeatures() {
    for section in root.sections("extension") {
      for name in ["forward-always", "forward-busy", "forward-no-answer", "follow-me"] as [ByteString] {
        guard section.has(name), let target = section.text(name) else { continue }
        checkForward(target, of: section.key, at: section.valuePosition(of: name))
      }
    }
    for section in root.sections("ring-group") {
      guard section.choice("else") == 2, case .text(let number)? = section.values("else").dropFirst().first,
        case .unavailable = settings.dialplan.internalDestination(of: number)
      else { continue }
      report(
        .danglingReference, at: section.valuePosition(of: "else"), in: "ring-group " + section.key,
        found: Phrase("the number ", "号码 ") + number,
        expected: Phrase("a number that an outbound route or the branch has", "有出局路由或内部存在的号码"))
    }
  }

  private mutating func checkForward(_ target: ByteString, of number: ByteString, at position: Position) {
    let path = "extension " + number
    guard target != number else {
      return report(
        at: position, in: path, found: Phrase("the extension itself", "分机自身"),
        expected: Phrase("another number", "其他号码"))
    }
    switch settings.dialplan.destination(of: target, from: .extension(number)) {
    case .extension, .queue, .group, .trunk: break
    case .feature, .slot, .unavailable:
      report(
        .danglingReference, at: position, in: path, found: Phrase("the number ", "号码 ") + target,
        expected: Phrase("a number that this extension may call", "此分机有权拨打的号码"))
    }
  }
}
