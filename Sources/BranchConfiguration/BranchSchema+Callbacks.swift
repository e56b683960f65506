// The statements about a queue's callbacks.

import Basics
import Configuration

extension BranchSchema {
  static var callbackBlock: SchemaNode {
    SchemaNode(
      block: "callback", help: Help("Callers may hang up, keep their place and be called back", "来电者可挂机保留位置，等待回呼"),
      callbackOffer + callbackDialling + callbackLife)
  }

  private static var callbackOffer: [SchemaNode] {
    [
      SchemaNode(
        "may-call", .init("class", .choice(classes(forCallbacks: true)), count: 1...5),
        default: "local national mobile",
        help: Help("Number classes that are called back", "允许回呼的号码类别")),
      SchemaNode(
        "offer-from", .init("duration", .duration(0...14_400_000)), default: "3min",
        help: Help("Offered unasked from this estimated wait on; the key works at any time", "预计等候达到此时长即主动提供；按键随时有效")),
      SchemaNode(
        "other-number", .init("yes|no", .boolean), default: "yes",
        help: Help("Callers may key in another number", "来电者可输入其他号码")),
      SchemaNode(
        "record-name", .init("yes|no", .boolean), default: "no",
        help: Help("Callers say their name, and agents hear it", "录下来电者姓名并播放给坐席")),
      SchemaNode(
        "slots", .init("number", .integer(1...100, unit: "callbacks")), every(300_000...86_400_000),
        default: "4 every 15min",
        help: Help("Callbacks for a chosen time that may be due within one stretch", "同一时段内可预约的回呼数")),
      SchemaNode(
        "maximum-pending", .init("number", .integer(1...1_000, unit: "callbacks")), default: "50",
        help: Help("Callbacks of this queue that may wait at once", "此队列等待中的回呼数上限")),
    ]
  }

  private static var callbackDialling: [SchemaNode] {
    [
      SchemaNode(
        "mode", .init("mode", .choice(callbackModes)), default: "agent-first",
        help: Help("Who is called first", "先呼叫哪一方")),
      SchemaNode(
        "delay", .init("duration", .duration(0...600_000)), default: "10s",
        help: Help("From the request to the first call at the earliest", "从请求到首次回呼的最短时间")),
      SchemaNode(
        "ring", .init("duration", .duration(10_000...120_000)), default: "25s",
        help: Help("How long the customer's phone rings", "客户电话振铃时长")),
      SchemaNode(
        "confirm", .init("duration", .duration(3_000...60_000)), default: "10s",
        help: Help("Customer first: how long the customer may take to press 1", "customer-first 时，客户按 1 确认的时限")),
      SchemaNode(
        "attempts", .init("number", .integer(1...10, unit: "attempts")), default: "3",
        help: Help("How often each cause may occur before it is given up", "每种失败原因允许的次数")),
      SchemaNode(
        "busy-retry", .init("duration", .duration(10_000...14_400_000)), default: "5min",
        help: Help("Tried again so long after busy", "忙线后再次尝试的间隔")),
      SchemaNode(
        "no-answer-retry", .init("duration", .duration(10_000...14_400_000)), default: "15min",
        help: Help("Tried again so long after no answer", "无人接听后再次尝试的间隔")),
      SchemaNode(
        "done-after", .init("duration", .duration(1_000...60_000)), default: "5s",
        help: Help("A conversation at least so long keeps the promise", "通话达到此时长即视为完成")),
    ]
  }

  private static var callbackLife: [SchemaNode] {
    [
      SchemaNode(
        "expiry", .init("duration", .duration(60_000...604_800_000)), default: "4h",
        help: Help("A promise older than this is given up", "超过此时长的回呼请求作废")),
      SchemaNode(
        "closing", .init("policy", .choice(closingPolicies)), default: "carry-over",
        help: Help("What becomes of open callbacks when the queue closes", "队列关闭时未完成回呼的处理")),
      SchemaNode(
        "closing-margin", .init("duration", .duration(0...14_400_000)), default: "5min",
        help: Help("Not offered when it could come later than so long before closing", "若回呼可能晚于关闭前此时长，则不提供")),
    ]
  }

  // MARK: Choices

  /// In the order of `ACD.CallbackMode`.
  private static var callbackModes: [Choice] {
    [
      Choice("agent-first", help: Help("An agent hears what is coming, then the customer is dialled", "先通知坐席，再呼叫客户")),
      Choice("customer-first", help: Help("The customer presses 1, then an agent is connected", "客户按 1 确认后接通坐席")),
    ]
  }

  /// In the order of `ACD.ClosingPolicy`.
  private static var closingPolicies: [Choice] {
    [
      Choice("carry-over", help: Help("They wait for the next opening, in their order", "按顺序留待下次开放")),
      Choice(
        "drain", .init("duration", .duration(60_000...28_800_000)),
        help: Help("They are worked off for so long; the rest waits for the next opening", "继续处理此时长，其余留待下次开放")),
      Choice("cancel", help: Help("They are cancelled", "取消")),
    ]
  }
}
