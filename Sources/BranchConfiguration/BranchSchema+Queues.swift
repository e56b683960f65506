// The statements about queues and their callbacks.

import Basics
import Configuration

extension BranchSchema {
  static var queueBlock: SchemaNode {
    SchemaNode(
      block: "queue", [.init("name", .word(maximum: 32))], isKeyed: true,
      occurrence: .repeated(BranchLimits.queues),
      help: Help("Callers who wait for one of several agents", "等候坐席接听的来电队列"),
      [
        SchemaNode(
          "title", .init("text", .text(1...64)),
          help: Help("Shown to agents when it rings; otherwise the name", "振铃时显示给坐席；默认为队列名")),
        SchemaNode(
          "number", .init("number", .digits(2...8)),
          help: Help("What phones inside dial to reach it", "内部话机拨打此队列的号码")),
        SchemaNode(
          "agents", .init("extension", .reference(to: "extension"), count: 1...BranchLimits.agentsPerQueue),
          occurrence: .repeated(BranchLimits.agentsPerQueue),
          help: Help("Extensions that take its calls once they are logged in", "签入后接听其来电的分机")),
        SchemaNode(
          "priority", .init("number", .integer(0...255, unit: "")), default: "0",
          help: Help("Between queues of the same agent, less is served first", "同一坐席的多个队列中，数值小者优先")),
        SchemaNode(
          "ring", .init("duration", .duration(5_000...120_000)), default: "20s",
          help: Help("How long an agent's phone rings", "坐席话机振铃时长")),
        SchemaNode(
          "back-off", .init("duration", .duration(0...300_000)), default: "30s",
          help: Help("An agent who did not answer is left alone so long", "坐席未接听后的静默时长")),
        SchemaNode(
          "wrap-up", .init("duration", .duration(0...600_000)), default: "10s",
          help: Help("An agent's time for notes after a call", "通话后的整理时间")),
        SchemaNode(
          "maximum-wait", .init("duration", .duration(0...14_400_000)), default: "30min",
          help: Help("Callers who waited so long go to the else destination; 0s: never", "等候超过此时长则转到 else 去向；0s 表示不限")),
        SchemaNode(
          "maximum-length", .init("number", .integer(1...500, unit: "callers")), default: "50",
          help: Help("Callers that may wait at once", "同时等候的来电数上限")),
        SchemaNode(
          "announce", .init("duration", .duration(0...600_000)), default: "30s",
          help: Help("How often callers hear their place; 0s: once", "播报排队位置的间隔；0s 表示仅一次")),
        SchemaNode(
          "else", .init("destination", .choice(elseTargets)), default: "hang-up",
          help: Help("Where callers go whom the queue cannot take or kept too long", "队列无法接受或等候过久的来电去向")),
        callbackBlock,
      ])
  }

  private static var callbackBlock: SchemaNode {
    SchemaNode(
      block: "callback", help: Help("Callers may hang up, keep their place and be called back", "来电者可挂机保留位置，等待回呼"),
      [
        SchemaNode(
          "may-call", .init("class", .choice(classes(forCallbacks: true)), count: 1...5),
          default: "local national mobile",
          help: Help("Number classes that are called back", "允许回呼的号码类别")),
        SchemaNode(
          "delay", .init("duration", .duration(0...600_000)), default: "10s",
          help: Help("From the request to the first call at the earliest", "从请求到首次回呼的最短时间")),
        SchemaNode(
          "ring", .init("duration", .duration(10_000...120_000)), default: "25s",
          help: Help("How long the customer's phone rings", "客户电话振铃时长")),
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
          "expiry", .init("duration", .duration(60_000...604_800_000)), default: "4h",
          help: Help("A promise older than this is given up", "超过此时长的回呼请求作废")),
        SchemaNode(
          "maximum-pending", .init("number", .integer(1...1_000, unit: "callbacks")), default: "50",
          help: Help("Callbacks of this queue that may wait at once", "此队列等待中的回呼数上限")),
        SchemaNode(
          "done-after", .init("duration", .duration(1_000...60_000)), default: "5s",
          help: Help("A conversation at least so long keeps the promise", "通话达到此时长即视为完成")),
      ])
  }

  static var elseTargets: [Choice] {
    [
      Choice(
        "extension", .init("number", .reference(to: "extension")), help: Help("Rings that phone", "呼叫该分机")),
      Choice("queue", .init("name", .reference(to: "queue")), help: Help("Waits in that queue", "进入该队列等候")),
      Choice("number", .init("number", .number), help: Help("Calls a number outside", "呼叫外线号码")),
      Choice("hang-up", help: Help("Says that all are busy, and hangs up", "告知全忙后挂机")),
    ]
  }
}
