// What the shell needs to answer the questions that are partly its own.

import Basics
import CallControl
import Revisions
import SIPUserAgent

extension Appliance {
  /// Streams of sound that calls have now.
  public var streamCount: Int { calls.streamCount }
  public var trunkRoutes: [UserAgent.TrunkRoute] { agent.trunkRoutes }
  /// Storage refused the latest promise, and nothing was written since.
  public var hasFailingStorage: Bool { storageIsFailing }

  /// The core's own answer to a question, which changes nothing; nil: it has none.
  public func answer(alone line: ByteString, at now: Instant) -> [UInt8]? {
    if line == "configuration revisions" { return configurations.revisions.map { ConfigurationKeeper.list($0) } }
    return Query(name: line).map { answer($0, at: now) }
  }

  public var runningRevision: Int? { configurations.revisions?.state.running }

  /// In this run.
  public func upSeconds(at now: Instant) -> Int { (now - (startedAt ?? now)).seconds }
}
