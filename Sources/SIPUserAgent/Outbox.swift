// What leaves the user agent, in order, with the counters and the threshold of the log.

import Basics
import Journal

struct Outbox {
  var outputs = Fifo<UserAgent.Output>()
  var counters = UserAgent.Counters()
  /// Lines below it are not formed.
  var logLevel = LogLevel.info

  mutating func event(_ event: UserAgent.Event) { outputs.append(.event(event)) }
  mutating func persist(_ fact: Fact) { outputs.append(.persist(fact)) }

  mutating func log(_ level: LogLevel, _ event: StaticString, _ text: () -> ByteString) {
    guard level >= logLevel else { return }
    outputs.append(.log(LogEntry(level, event, text())))
  }
}
