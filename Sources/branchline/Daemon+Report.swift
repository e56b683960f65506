// Reports of some time: what storage has kept, answered by its thread. Without storage the appliance answers of what it
// has counted itself since it began.

import ACD
import Appliance
import Basics
import LinuxIO

extension Daemon {
  /// True: the request was for numbers of some time, and is or will be answered.
  mutating func answersReport(_ line: ByteString, for client: UInt64) -> Bool {
    let words = line.bytes.split(separator: UInt8(ascii: " ")).map { ByteString($0) }
    guard let name = words.first, let query = Query(name: name), let report = query.report, words.count <= 3,
      words.count > 1 || report.isByInterval
    else { return false }
    let moments = words.dropFirst().map { ReportSpan.Moment($0) }
    guard moments.allSatisfy({ $0 != nil }) else { return false }
    let span = ReportSpan(
      from: (moments.first ?? nil) ?? ReportSpan.usual, to: moments.count > 1 ? moments.last ?? nil : nil)
    if storage.ask(report, span.quarters(at: WallClock.now), for: client) { return true }
    guard words.count > 1 else { return false }
    var json = JSONWriter()
    json.object { $0.field("error", "the stored numbers cannot be asked for now") }
    control.answer(client, json.bytes)
    return true
  }
}

extension Query {
  fileprivate var report: Report? {
    switch self {
    case .report: .queues
    case .reportAgents: .agents
    case .reportIntervals: .queueIntervals
    case .reportAgentIntervals: .agentIntervals
    default: nil
    }
  }
}
