// Checks of a queue's callbacks: whether a trunk can carry them, and whether their times fit together.

import Basics
import Configuration

extension BranchChecks {
  /// Rule: of a trunk's channels one stays for emergency and one for a live caller.
  mutating func checkCallbacks() {
    let needed = ByteString(BranchLimits.channelsForCallback)
    for section in root.sections("queue") {
      guard let callback = section.section("callback") else { continue }
      let path = "queue " + section.key + " / callback"
      checkLife(of: callback, queue: section, path)
      checkSlots(of: callback, path)
      if settings.trunks.isEmpty {
        report(
          at: callback.position, in: path, found: Phrase("callbacks without any trunk", "没有中继却启用回呼"),
          expected: Phrase("a trunk of at least ", "至少一条中继，通道数不少于 ") + needed + Phrase(" channels", ""),
          severity: .warning)
      } else if !settings.trunks.contains(where: { $0.channels >= BranchLimits.channelsForCallback }) {
        let most = settings.trunks.map { $0.channels }.max() ?? 0
        report(
          at: callback.position, in: path,
          found: Phrase("trunks of at most ", "中继通道数最多 ") + ByteString(most) + Phrase(" channels", ""),
          expected: Phrase("a trunk of at least ", "至少一条中继，通道数不少于 ") + needed
            + Phrase(
              ": one channel stays for emergency calls, one for a live caller", "：一路留给紧急呼叫，一路留给来电"))
      } else if root.sections("outbound").isEmpty {
        report(
          at: callback.position, in: path, found: Phrase("callbacks without an outbound route", "没有出局路由却启用回呼"),
          expected: Phrase("an outbound route", "至少一条出局路由"), severity: .warning)
      }
    }
  }

  private mutating func checkLife(of callback: Section, queue: Section, _ path: ByteString) {
    let expiry = callback.seconds("expiry")
    for name in ["busy-retry", "no-answer-retry"] as [ByteString] where callback.seconds(name) >= expiry {
      report(
        at: callback.has(name) ? callback.valuePosition(of: name) : callback.valuePosition(of: "expiry"), in: path,
        found: Phrase(name) + Phrase(" not shorter than expiry", " 不短于 expiry"),
        expected: Phrase("a retry before the callback is given up", "在回呼作废之前重试"), severity: .warning)
    }
    for name in ["closing", "closing-margin"] as [ByteString] where callback.has(name) && !queue.has("hours") {
      report(
        at: callback.position(of: name), in: path,
        found: Phrase(name) + Phrase(" of a queue that never closes", "：此队列从不关闭"),
        expected: Phrase("hours for the queue", "为队列设置 hours"), severity: .warning)
    }
    checkWholeMinutes(of: "closing", in: callback, path)
  }

  /// Slots lie at the same times every day.
  private mutating func checkSlots(of callback: Section, _ path: ByteString) {
    checkWholeMinutes(of: "slots", in: callback, path)
    let minutes = BranchReader.seconds(in: callback.values("slots")) / 60
    if minutes > 0, 1_440 % minutes != 0 {
      report(
        .invalidValue, at: callback.valuePosition(of: "slots"), in: path,
        found: Phrase("slots of ", "时段长度 ") + Value.durationText(minutes * 60_000),
        expected: Phrase("a length that divides a day, such as 15min or 1h", "能整除一天的长度，例如 15min 或 1h"))
    }
    let pending = callback.integer("maximum-pending")
    guard callback.has("slots"), callback.integer("slots") > pending else { return }
    report(
      at: callback.valuePosition(of: "slots"), in: path,
      found: Phrase("more callbacks in a slot than may wait at all, ", "单个时段的回呼数超过总上限 ") + ByteString(pending),
      expected: Phrase("at most maximum-pending", "不超过 maximum-pending"), severity: .warning)
  }

  private mutating func checkWholeMinutes(of name: ByteString, in callback: Section, _ path: ByteString) {
    let seconds = BranchReader.seconds(in: callback.values(name))
    guard seconds % 60 != 0 else { return }
    report(
      .invalidValue, at: callback.valuePosition(of: name), in: path,
      found: Phrase("a duration of ", "时长 ") + Value.durationText(seconds * 1_000),
      expected: Phrase("whole minutes", "整分钟"))
  }
}
