// The statements about queues: who serves them, in which order, and how long callers wait. Their callbacks stand in a file
// of their own.

import ACD
import Basics
import Configuration

extension BranchSchema {
  static var queueBlock: SchemaNode {
    SchemaNode(
      block: "queue", [.init("name", .word(maximum: 32))], isKeyed: true,
      occurrence: .repeated(BranchLimits.queues), effect: .waiting,
      help: Help("Callers who wait for one of several agents", "等候坐席接听的来电队列"),
      queueNames + queueAgents + queueSkills + queueTimes + queueLimits + [callbackBlock])
  }

  private static var queueNames: [SchemaNode] {
    [
      SchemaNode(
        "title", .init("text", .text(1...64)), effect: .newCalls,
        help: Help("Shown to agents when it rings; otherwise the name", "振铃时显示给坐席；默认为队列名")),
      SchemaNode(
        "number", .init("number", .digits(2...8)), effect: .newCalls,
        help: Help("What phones inside dial to reach it", "内部话机拨打此队列的号码")),
      SchemaNode(
        "hours", .init("name", .reference(to: "hours")),
        help: Help("When it is open; otherwise always", "营业时间；默认始终开放")),
    ]
  }

  private static var queueAgents: [SchemaNode] {
    [
      SchemaNode(
        "agents", .init("extension", .reference(to: "extension"), count: 1...BranchLimits.agentsPerQueue),
        occurrence: .repeated(BranchLimits.agentsPerQueue),
        help: Help("Extensions that take its calls once they are logged in", "签入后接听其来电的分机")),
      SchemaNode(
        "reserve", after(1_000...3_600_000),
        .init("extension", .reference(to: "extension"), count: 1...BranchLimits.agentsPerQueue),
        help: Help("Agents who help out with callers who have waited so long", "后备坐席，仅接听已等候此时长的来电")),
      SchemaNode(
        "strategy", .init("strategy", .choice(strategies)), default: "longest-idle",
        help: Help("Which of several ready agents gets a call", "多名坐席空闲时由谁接听")),
      SchemaNode(
        "weight", .init("extension", .reference(to: "extension")), .init("number", .integer(1...100, unit: "")),
        occurrence: .repeated(BranchLimits.agentsPerQueue),
        help: Help(
          "For weighted-random: an agent's share of the calls; otherwise 1", "用于 weighted-random：坐席分得来电的权重；默认为 1")),
      SchemaNode(
        "priority", .init("number", .integer(0...255, unit: "")), default: "0",
        help: Help("Between queues of the same agent, less is served first", "同一坐席的多个队列中，数值小者优先")),
      SchemaNode(
        "share", .init("number", .integer(0...100, unit: "")), default: "0",
        help: Help(
          "Between queues of one priority: 3 is served three times where 1 is once; 0: by age",
          "同优先级队列之间的份额：3 与 1 即三比一；0 表示按等候时间")),
    ]
  }

  private static var queueSkills: [SchemaNode] {
    [
      SchemaNode(
        "skills", skillList,
        help: Help("What callers need; an agent has at least these levels", "来电所需技能；坐席须达到这些等级")),
      SchemaNode(
        "widen", after(1_000...14_400_000), skillList, occurrence: .repeated(BranchLimits.ringsPerQueue),
        help: Help("After waiting so long callers need only this", "等候此时长后，仅需这些技能")),
      SchemaNode(
        "anyone", after(1_000...14_400_000),
        help: Help("After waiting so long any agent of the queue will do", "等候此时长后，队列中任何坐席均可接听")),
      SchemaNode(
        "age", every(1_000...3_600_000),
        help: Help("A caller's priority gets one better each time so long has passed", "每等候此时长，来电优先级提高一级")),
      SchemaNode(
        "preferred-agent", .init("duration", .duration(0...1_800_000)), default: "0s",
        help: Help("How long a caller waits for the agent of last time alone", "仅等候上次坐席接听的时长")),
    ]
  }

  private static var queueTimes: [SchemaNode] {
    [
      SchemaNode(
        "ring", .init("duration", .duration(5_000...120_000)), default: "20s",
        help: Help("How long an agent's phone rings", "坐席话机振铃时长")),
      SchemaNode(
        "back-off", .init("duration", .duration(0...300_000)), default: "30s",
        help: Help("An agent who did not answer is left alone so long", "坐席未接听后的静默时长")),
      SchemaNode(
        "unreachable-after", .init("number", .integer(0...20, unit: "offers")), default: "0",
        help: Help(
          "Unanswered offers in a row until a phone is left alone for good; 0: never", "连续未接听此次数后不再振铃该话机；0 表示不限")),
      SchemaNode(
        "wrap-up", .init("duration", .duration(0...600_000)), default: "10s",
        help: Help("An agent's time for notes after a call", "通话后的整理时间")),
      SchemaNode(
        "announce", .init("duration", .duration(0...600_000)), default: "30s",
        help: Help("How often callers hear their place; 0s: once", "播报排队位置的间隔；0s 表示仅一次")),
      SchemaNode(
        "service-level", .init("duration", .duration(1_000...3_600_000)), default: "20s", effect: .noCall,
        help: Help("Answered within this, a call is within the service level", "在此时长内接听的来电计入服务水平")),
      SchemaNode(
        "short-abandon", .init("duration", .duration(0...60_000)), default: "5s", effect: .noCall,
        help: Help("Callers who hang up sooner are not counted as offered", "在此时长内挂机的来电不计入呼入量")),
      SchemaNode(
        "rejoin", .init("duration", .duration(0...3_600_000)), default: "0s", effect: .newCalls,
        help: Help("A caller whose line broke has so long to come back to the old place", "线路中断的来电在此时长内重拨可恢复原位置")),
      SchemaNode(
        "survey", .init("yes|no", .boolean), default: "no",
        help: Help("Callers rate the call from 1 to 5 when the agent has hung up", "坐席挂机后请来电者评分")),
    ]
  }

  private static var queueLimits: [SchemaNode] {
    [
      SchemaNode(
        "maximum-wait", .init("duration", .duration(0...14_400_000)), default: "30min",
        help: Help("Callers who waited so long go to the else destination; 0s: never", "等候超过此时长则转到 else 去向；0s 表示不限")),
      SchemaNode(
        "maximum-length", .init("number", .integer(1...500, unit: "callers")), default: "50", effect: .newCalls,
        help: Help("Callers that may wait at once", "同时等候的来电数上限")),
      SchemaNode(
        "join", .init("condition", .choice(emptyPolicies)), default: "logged-in", effect: .newCalls,
        help: Help("What must hold for callers to join", "允许来电进入队列的条件")),
      SchemaNode(
        "stay", .init("condition", .choice(emptyPolicies)), default: "always",
        help: Help("What must hold for callers to stay; otherwise the else destination", "允许来电留在队列的条件；否则转到 else 去向")),
      SchemaNode(
        "else", .init("destination", .choice(elseTargets)), default: "hang-up",
        help: Help("Where callers go whom the queue cannot take or kept too long", "队列无法接受或等候过久的来电去向")),
    ]
  }

  // MARK: Arguments

  /// `after 30s`.
  static func after(_ range: ClosedRange<Int>) -> Argument {
    Argument(
      "after", .choice([Choice("after", .init("duration", .duration(range)), help: Help("After so long", "经过此时长后"))]))
  }
  /// `every 15min`.
  static func every(_ range: ClosedRange<Int>) -> Argument {
    Argument(
      "every", .choice([Choice("every", .init("duration", .duration(range)), help: Help("Each time", "每隔此时长"))]))
  }
  static var skillList: Argument {
    Argument("skill:level", .level(maximum: 32, 1...10), count: 1...BranchLimits.skillsPerRing)
  }

  // MARK: Choices

  /// In the order of `ACD.Strategy`.
  private static var strategies: [Choice] {
    ACD.Strategy.allCases.map { Choice(ByteString($0.name), help: help(of: $0)) }
  }

  private static func help(of strategy: ACD.Strategy) -> Help {
    switch strategy {
    case .longestIdle: Help("Who has been idle longest", "空闲时间最长者")
    case .roundRobin: Help("The next of the list", "按名单轮流")
    case .fewestCalls: Help("Who has had the fewest calls", "接听次数最少者")
    case .leastTalkTime: Help("Who has talked least", "通话时间最短者")
    case .mostSkilled: Help("Who is best at what the caller needs", "所需技能等级最高者")
    case .linear: Help("The first of the list", "名单中最靠前者")
    case .ringAll: Help("All at once; the first to answer has it", "全部同时振铃，先接者得")
    case .weightedRandom: Help("By chance, by the weights", "按权重随机")
    }
  }

  /// In the order of `ACD.EmptyPolicy`.
  private static var emptyPolicies: [Choice] {
    [
      Choice("logged-in", help: Help("Somebody is logged in, if only on a break", "有坐席签入，休息中亦可")),
      Choice("working", help: Help("Somebody is logged in and not on a break", "有坐席签入且未休息")),
      Choice("always", help: Help("Nothing", "无条件")),
    ]
  }

  static var elseTargets: [Choice] {
    [
      Choice(
        "extension", .init("number", .reference(to: "extension")), help: Help("Rings that phone", "呼叫该分机")),
      Choice("queue", .init("name", .reference(to: "queue")), help: Help("Waits in that queue", "进入该队列等候")),
      Choice("number", .init("number", .number), help: Help("Calls a number outside", "呼叫外线号码")),
      Choice(
        "branch", .init("trunk", .reference(to: "trunk")), .init("number", .number),
        help: Help(
          "That number of another branch; callers whom it refuses wait on here",
          "经该中继转到其他分支的号码；被拒绝的来电继续在此等候")),
      Choice("hang-up", help: Help("Says that all are busy, and hangs up", "告知全忙后挂机")),
    ]
  }
}
