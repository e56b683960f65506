// The branch's settings as call control and the announcements need them.

import ACD
import Basics
import BranchConfiguration
import CallControl
import Configuration
import MediaEngine
import SIPUserAgent

extension BranchSettings {
  var callControl: CallControl.Settings {
    var settings = CallControl.Settings()
    settings.dialplan = dialplan
    settings.mediaPorts = CallControl.MediaPorts(first: mediaPorts.lowerBound, last: mediaPorts.upperBound)
    settings.servesIPv6 = userAgent.listeners.contains { !$0.endpoint.address.isV4 }
    settings.extensions = userAgent.users.map { .init(number: $0.name, displayName: $0.displayName) }
    settings.trunks = trunks.map { .init(name: $0.name, channels: $0.channels, callerNumber: $0.callerNumber) }
    settings.callLimit = callLimit
    settings.language = promptLanguage
    settings.queues = queues.map { queue in
      let engine = distributor.queues.first { $0.name == queue.name }
      return .init(
        name: queue.name, displayName: engine?.displayName ?? queue.name,
        callback: engine?.callback.map { rules in
          .init(
            allowsOtherNumber: rules.allowsOtherNumber, recordsName: rules.recordsName,
            offersSchedule: rules.perSlot > 0)
        }, survey: engine?.survey ?? false, otherwise: otherwise(of: queue),
        elsewhere: queue.elsewhere)
    }
    return settings
  }

  public var promptLanguage: PromptLanguage { language == .chinese ? .zh : .en }
}

extension BranchSettings.Queue {
  fileprivate var elsewhere: CallControl.Elsewhere? {
    guard case .branch(let trunk, let number) = otherwise else { return nil }
    return CallControl.Elsewhere(trunk: trunk, number: number)
  }
}
