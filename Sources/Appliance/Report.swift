// The numbers of the contact centre as JSON, under the ids of their definitions: ratios in ten-thousandths, times in
// milliseconds, null for what does not exist.

import ACD
import Basics

public enum Report: UInt8, CaseIterable, Sendable {
  /// Since the start of the run, or of the log.
  case queues, agents
  /// By quarters of an hour, oldest first.
  case queueIntervals, agentIntervals

  public var isOfAgents: Bool { self == .agents || self == .agentIntervals }
  public var isByInterval: Bool { self == .queueIntervals || self == .agentIntervals }

  public enum Limits {
    /// Rows of one answer. The oldest are left out.
    public static let rows = 1_000
  }

  /// - Parameter now: for the longest waits; nil: of a log, in which nobody waits any more.
  public func write(_ reports: Reports, to json: inout JSONWriter, at now: WallTime?) {
    switch self {
    case .queues:
      json.array { json in for queue in reports.queues { write(queue, of: reports, to: &json, at: now) } }
    case .agents:
      let rows = reports.agents.map { Reports.NamedRow(quarter: 0, name: $0.name, numbers: $0.total) }
      write(rows, to: &json, withQuarter: false)
    case .queueIntervals: write(reports.queueRows, to: &json, withQuarter: true)
    case .agentIntervals: write(reports.agentRows, to: &json, withQuarter: true)
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

  /// Of these quarters alone.
  public func write(_ reports: Reports, in quarters: Range<Int64>, to json: inout JSONWriter) {
    func chosen<Numbers: StoredNumbers>(_ rows: [Reports.NamedRow<Numbers>]) -> [Reports.NamedRow<Numbers>] {
      Reports.select(rows, in: quarters, isByQuarter: isByInterval)
    }
    if isOfAgents {
      write(chosen(reports.agentRows), to: &json, withQuarter: isByInterval)
    } else {
      write(chosen(reports.queueRows), to: &json, withQuarter: isByInterval)
    }
  }

  /// Rows that were counted already, each with its quarter or without.
  public func write<Numbers: StoredNumbers>(
    _ rows: [Reports.NamedRow<Numbers>], to json: inout JSONWriter, withQuarter: Bool
  ) {
    json.array { json in
      for row in withQuarter ? Reports.latest(rows, Limits.rows) : rows {
        json.object { json in
          if withQuarter { json.field("from", ByteString(row.start.rfc3339)) }
          json.field(isOfAgents ? "agent" : "queue", row.name)
          for metric in Numbers.metrics where metric != .longestWaiting && metric != .longestWaitingCallback {
            json.field(metric.id, row.numbers.value(metric).map { Int($0) })
          }
        }
      }
    }
  }
}
