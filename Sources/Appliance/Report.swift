// The numbers of the contact centre as JSON, under the ids of their definitions: ratios in ten-thousandths, times in
// milliseconds, null for what does not exist.

import ACD
import Basics

public enum Report: UInt8, CaseIterable, Sendable {
  /// Since the start of the run, or of the log.
  case queues, agents
  /// By quarters of an hour, oldest first.
  case queueIntervals, agentIntervals

  public enum Limits {
    /// Rows of one answer. The oldest are left out.
    public static let rows = 1_000
  }

  /// - Parameter now: for the longest waits; nil: of a log, in which nobody waits any more.
  public func write(_ reports: Reports, to json: inout JSONWriter, at now: WallTime?) {
    json.array { json in
      switch self {
      case .queues: for queue in reports.queues { write(queue, of: reports, to: &json, at: now) }
      case .agents: for agent in reports.agents { write(agent.name, agent.total, to: &json, from: nil) }
      case .queueIntervals, .agentIntervals: writeIntervals(reports, to: &json)
      }
    }
  }

  private func write(
    _ queue: Reports.Named<QueueNumbers>, of reports: Reports, to json: inout JSONWriter, at now: WallTime?
  ) {
    let longest = now.map { reports.longestWaiting(in: queue.name, at: $0) }
    json.object { json in
      json.field("queue", queue.name)
      for metric in QueueNumbers.metrics {
        switch metric {
        case .longestWaiting: json.field(metric.id, (longest?.live).map { Int($0) })
        case .longestWaitingCallback: json.field(metric.id, (longest?.callback).map { Int($0) })
        default: json.field(metric.id, queue.total.value(metric).map { Int($0) })
        }
      }
    }
  }

  private func write(_ name: ByteString, _ numbers: AgentNumbers, to json: inout JSONWriter, from start: WallTime?) {
    json.object { json in
      if let start { json.field("from", ByteString(start.rfc3339)) }
      json.field("agent", name)
      for metric in AgentNumbers.metrics { json.field(metric.id, numbers.value(metric).map { Int($0) }) }
    }
  }

  private func writeIntervals(_ reports: Reports, to json: inout JSONWriter) {
    var first = reports.intervals.count
    var rows = 0
    while first > 0 {
      let quarter = reports.intervals[first - 1]
      rows += self == .queueIntervals ? quarter.queues.count : quarter.agents.count
      guard rows <= Limits.rows else { break }
      first -= 1
    }
    for quarter in reports.intervals[first...] {
      if self == .agentIntervals {
        for row in quarter.agents {
          write(reports.agents[row.index].name, row.numbers, to: &json, from: quarter.start)
        }
        continue
      }
      for row in quarter.queues {
        json.object { json in
          json.field("from", ByteString(quarter.start.rfc3339))
          json.field("queue", reports.queues[row.index].name)
          for metric in QueueNumbers.metrics where metric != .longestWaiting && metric != .longestWaitingCallback {
            json.field(metric.id, row.numbers.value(metric).map { Int($0) })
          }
        }
      }
    }
  }
}
