// Sections to what happens to calls besides ringing.

import Basics
import Configuration
import Dialplan

extension BranchReader {
  func features(into settings: inout BranchSettings) {
    settings.handling = root.sections("extension").compactMap(handling)
    settings.callers = callers(root.sectionOrDefaults("callers"))
    settings.groups = root.sections("ring-group").map(group)
    let park = root.sectionOrDefaults("park")
    settings.parkSlots = park.texts("slots")
    settings.parkReturn = .milliseconds(park.milliseconds("return-after"))
  }

  /// nil where the extension just rings.
  private func handling(_ section: Section) -> BranchSettings.Handling? {
    var handling = BranchSettings.Handling(extension: section.key)
    handling.forwardAlways = section.text("forward-always") ?? ""
    handling.forwardBusy = section.text("forward-busy") ?? ""
    handling.forwardNoAnswer = section.text("forward-no-answer") ?? ""
    if section.has("ring") { handling.ringTime = .milliseconds(section.milliseconds("ring")) }
    handling.followMe = section.text("follow-me") ?? ""
    if !handling.followMe.isEmpty { handling.followMeAfter = .milliseconds(section.milliseconds("follow-me-after")) }
    handling.hasCallWaiting = section.boolean("call-waiting")
    handling.pickupGroup = section.text("pickup-group") ?? ""
    handling.answersIntercom = section.boolean("intercom")
    handling.callers = callers(section)
    return handling == BranchSettings.Handling(extension: section.key) ? nil : handling
  }

  private func callers(_ section: Section) -> BranchSettings.Callers {
    BranchSettings.Callers(
      blocked: Self.patterns(section, "block"), allowed: Self.patterns(section, "allow"),
      rejectsAnonymous: section.boolean("reject-anonymous"))
  }

  private func group(_ section: Section) -> BranchSettings.RingGroup {
    let strategy = section.choice("strategy")
    return BranchSettings.RingGroup(
      name: section.key, number: section.text("number") ?? "", extensions: section.texts("extensions"),
      isInTurn: strategy == 1, delay: strategy == 2 ? .milliseconds(section.milliseconds("delay")) : .seconds(0),
      ringTime: .milliseconds(section.milliseconds("ring")), otherwise: otherwise(section))
  }

  func speedDials() -> [DialplanSettings.SpeedDial] {
    root.allValues("speed-dial").compactMap { statement in
      guard statement.values.count == 2, case .text(let code) = statement.values[0],
        case .text(let number) = statement.values[1]
      else { return nil }
      return .init(code: code, number: number)
    }
  }
}
