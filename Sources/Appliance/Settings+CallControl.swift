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
    for one in handling where settings.handling[one.extension] == nil {
      settings.handling[one.extension] = one.callControl
    }
    settings.callers = CallControl.Handling(callers)
    settings.groups = groups.map { group in
      .init(
        name: group.name, extensions: group.extensions, isInTurn: group.isInTurn, delay: group.delay,
        ringTime: group.ringTime, otherwise: destination(of: group.otherwise))
    }
    settings.parking = .init(slots: parkSlots, returnAfter: parkReturn)
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

extension BranchSettings.Handling {
  fileprivate var callControl: CallControl.Handling {
    var handling = CallControl.Handling(callers)
    handling.forwardAlways = forwardAlways
    handling.forwardBusy = forwardBusy
    handling.forwardNoAnswer = forwardNoAnswer
    handling.ringTime = ringTime
    handling.followMe = followMe
    handling.followMeAfter = followMeAfter
    handling.hasCallWaiting = hasCallWaiting
    handling.pickupGroup = pickupGroup
    handling.answersIntercom = answersIntercom
    return handling
  }
}

extension CallControl.Handling {
  fileprivate init(_ callers: BranchSettings.Callers) {
    self.init()
    blocked = callers.blocked
    allowed = callers.allowed
    rejectsAnonymous = callers.rejectsAnonymous
  }
}
