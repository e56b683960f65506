// Of a report as many columns as fit on a screen. Programs get all.

import ACD
import Basics

public enum ReportColumns {
  private static let shown: [ByteString] =
    ["from", "queue", "agent"]
    + [
      Metric.offered, .answered, .abandoned, .flowOut, .waiting, .serviceLevelOffered, .abandonRate,
      .averageSpeedOfAnswer, .longestWaiting, .callbackSuccess, .estimateErrorMedian, .estimateErrorP90, .overtakes,
      .handled, .averageHandlingTime, .noAnswerRate, .transferRate, .occupancy, .utilisation,
    ].map { ByteString($0.id) }

  public static func of(_ value: JSONValue) -> JSONValue {
    guard case .array(let rows) = value else { return value }
    return .array(
      rows.map { row in
        guard case .object(let members) = row else { return row }
        return .object(members.filter { shown.contains($0.key) })
      })
  }
}
