// What the shell needs to answer the questions that are partly its own.

import Basics
import SIPUserAgent

extension Appliance {
  /// Streams of sound that calls have now.
  public var streamCount: Int { calls.streamCount }
  public var trunkRoutes: [UserAgent.TrunkRoute] { agent.trunkRoutes }
  /// Storage refused the latest promise, and nothing was written since.
  public var hasFailingStorage: Bool { storageIsFailing }

  /// In this run.
  public func upSeconds(at now: Instant) -> Int { (now - (startedAt ?? now)).seconds }
}
