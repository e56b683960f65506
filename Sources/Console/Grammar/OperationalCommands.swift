// What can be typed at the first prompt.

import Basics
import Configuration

extension Command {
  static var operational: [Command] {
    [
      Command("show", Help("Shows the state of the box", "显示本机状态"), nil, shows),
      Command("monitor", Help("Shows it again and again until a key is pressed", "持续刷新显示，按任意键结束"), nil, monitors),
      trace, capture, why, agents, items, callbacks, tests, requests, clears,
      Command(
        "brown-out", Help("The power is failing, or is back", "断电告警或恢复"), nil,
        [
          Command("on", Help("Callbacks are promised to all who wait", "为所有排队者登记回呼"), .order(confirmed: true)),
          Command("off", Help("The power is back", "电力恢复"), .order(confirmed: false)),
        ]),
      Command(
        "take-over", Help("The callbacks are this box's: no other box makes them", "回呼由本机执行：其他设备不再回呼"),
        .order(confirmed: true)),
      Command("configure", Help("Changes the configuration", "进入配置模式"), .configure),
      Command(
        "commit", Help("About the commit that waits to be confirmed", "处理等待确认的提交"), nil,
        [
          Command("confirm", Help("It stays", "确认"), .confirm), Command("undo", Help("It is taken back", "撤销"), .undo),
        ]),
      Command("password", Help("Changes your password", "修改自己的密码"), .password),
      Command(
        "language", Help("Of this console", "本控制台的语言"), nil,
        [Command(.value("LANGUAGE", .words("en", "zh")), Help("English or Chinese", "英文或中文"), .language)]),
      Command("help", Help("How this console is used", "本控制台的用法"), .help),
      Command("exit", Help("Ends the session", "结束会话"), .exit),
      Command("quit", Help("Ends the session", "结束会话"), .exit),
    ]
  }

  private static var shows: [Command] {
    Question.allCases.map { Command($0.name, $0.help, .show(.question($0)), details(of: $0)) }
      + [
        Command(
          "configuration", Help("What runs", "运行中的配置"), .show(.configuration),
          [
            Command("set", Help("As set lines", "以 set 行显示"), .show(.configuration)),
            Command(
              .value("REVISION", .answer(.revision)), Help("An older one", "较早的版本"), .show(.configuration),
              [Command("set", Help("As set lines", "以 set 行显示"), .show(.configuration))]),
          ]),
        Command(
          "compare", Help("What changed since a revision", "自某版本以来的变更"), nil,
          [
            Command(
              .value("REVISION", .answer(.revision)), Help("From this one", "起始版本"), .show(.compare),
              [Command(.value("REVISION", .answer(.revision)), Help("To this one", "截止版本"), .show(.compare))])
          ]),
      ]
  }

  /// What may follow.
  private static func details(of question: Question) -> [Command] {
    switch question {
    case .report:
      [
        Command("agents", Help("By agent", "按坐席"), .show(.question(.report))),
        Command("intervals", Help("By quarters of an hour", "按每刻钟"), .show(.question(.report))),
      ]
    case .log:
      [Command(.value("LINES", .anything), Help("How many of them", "行数"), .show(.question(.log)))]
    default: []
    }
  }

  private static var monitors: [Command] {
    Question.allCases.filter { $0.isLive }.map { Command($0.name, $0.help, .monitor) }
  }

  private static var why: Command {
    Command(
      "why", Help("Why an item waits, why an agent is offered nothing", "项目为何等待，坐席为何没有来电"), nil,
      [
        Command(.value("AGENT", .answer(.agent)), Help("An agent's extension", "坐席分机"), .order(confirmed: false)),
        Command(.value("ITEM", .answer(.item)), Help("A waiting item's number", "等待项编号"), .order(confirmed: false)),
      ])
  }

  private static var agents: Command {
    func act(_ word: StaticString, _ help: Help, _ more: [Command] = []) -> Command {
      Command(
        word, help, nil,
        [Command(.value("AGENT", .answer(.agent)), Help("The extension", "分机"), .order(confirmed: false), more)])
    }
    return Command(
      "agent", Help("Directs an agent", "管理坐席"), nil,
      [
        act("login", Help("Takes calls of the queues from now on", "签入")),
        act("logout", Help("Takes no more calls of the queues", "签出")),
        act(
          "pause", Help("A break", "示忙"),
          [Command(.rest("REASON", .answer(.pauseReason)), Help("Why", "原因"), .order(confirmed: false))]),
        act("ready", Help("Ready again", "示闲")),
        act("end-wrap-up", Help("Done with the notes", "结束话后处理")),
        Command(
          "disposition", Help("How the latest call ended", "最近一次通话的处理结果"), nil,
          [
            Command(
              .value("AGENT", .answer(.agent)), Help("The extension", "分机"), nil,
              [Command(.value("CODE", .anything), Help("Digits", "数字代码"), .order(confirmed: false))])
          ]),
      ])
  }

  private static var items: Command {
    let item = ValueSource.answer(.item)
    return Command(
      "item", Help("Directs those who wait", "管理等待项"), nil,
      [
        Command(
          "move", Help("To another queue", "移到其他队列"), nil,
          [
            Command(
              .value("ITEM", item), Help("The item's number", "等待项编号"), nil,
              [Command(.value("QUEUE", .answer(.queue)), Help("Where to", "目标队列"), .order(confirmed: false))])
          ]),
        Command(
          "prioritise", Help("0 goes first", "调整优先级，0 最优先"), nil,
          [
            Command(
              .value("ITEM", item), Help("The item's number", "等待项编号"), nil,
              [Command(.value("0-255", .anything), Help("The priority", "优先级"), .order(confirmed: false))])
          ]),
        Command(
          "take-out", Help("Ends its waiting", "移出队列"), nil,
          [Command(.value("ITEM", item), Help("The item's number", "等待项编号"), .order(confirmed: true))]),
      ])
  }

  private static var callbacks: Command {
    func act(_ word: StaticString, _ help: Help, _ more: [Command]) -> Command {
      Command(
        word, help, nil,
        [
          Command(
            .value("CALLBACK", .answer(.callback)), Help("Its number", "回呼编号"),
            more.isEmpty ? .order(confirmed: true) : nil, more)
        ])
    }
    return Command(
      "callback", Help("Directs a promised callback", "管理回呼"), nil,
      [
        act("cancel", Help("Calls nobody back", "取消"), []),
        act("dial-now", Help("At once", "立即拨打"), []),
        act(
          "move", Help("To another queue", "移到其他队列"),
          [Command(.value("QUEUE", .answer(.queue)), Help("Where to", "目标队列"), .order(confirmed: false))]),
        act(
          "reschedule", Help("To another time", "改期"),
          [
            Command(
              .value("TIME", .anything), Help("2026-03-01T10:05:00+08:00 or +30min", "例如 +30min"),
              .order(confirmed: false))
          ]),
      ])
  }
}
