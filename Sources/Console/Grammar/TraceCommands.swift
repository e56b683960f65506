// What can be typed behind `trace` and `capture`.

import Basics
import Configuration

extension Command {
  static var trace: Command {
    Command(
      "trace", Help("Shows messages as they come and go", "实时显示信令消息"), nil,
      [
        Command(
          "sip", Help("A ladder of SIP messages, until a key is pressed", "SIP 时序图，按任意键结束"), .trace, scopes(.trace))
      ])
  }

  static var capture: Command {
    Command(
      "capture", Help("Keeps packets in files, without credentials", "抓包到文件（去除凭据）"), nil,
      [
        Command(
          "start", Help("Begins one; it ends by itself", "开始抓包，到时自动结束"), nil,
          [
            Command(
              .value("NAME", .anything), Help("Letters, digits and hyphens", "字母、数字与连字符"), .capture,
              scopes(.capture, captureBounds)
                + [
                  Command(
                    "filter", Help("By an expression, as pcap-filter(7) has it", "按 pcap-filter(7) 表达式"), nil,
                    [
                      Command(
                        .value("\"EXPRESSION\"", .anything), Help("Between quotation marks", "置于引号内"), .capture,
                        captureBounds)
                    ])
                ] + captureBounds)
          ]),
        Command("stop", Help("Ends one; its files stay", "停止，保留文件"), nil, [captureName(.capture)]),
        Command("list", Help("Those that run, and those that are kept", "运行中与已保存的抓包"), .show(.question(.captures))),
        Command(
          "export", Help("Makes one file of it", "导出为单个文件"), nil,
          [
            captureName(
              .capture,
              [Command(.value("FILE", .anything), Help("Otherwise NAME.pcap", "默认 NAME.pcap"), .capture)])
          ]),
        Command("delete", Help("Removes its files", "删除其文件"), nil, [captureName(.order(confirmed: true))]),
      ])
  }

  private static func captureName(_ action: Action, _ next: [Command] = []) -> Command {
    Command(.value("NAME", .answer(.capture)), Help("The capture's name", "抓包名称"), action, next)
  }

  private static func scopes(_ action: Action, _ next: [Command] = []) -> [Command] {
    func scope(_ word: StaticString, _ value: StaticString, _ source: ValueSource.StaticQuestion, _ help: Help)
      -> Command
    { Command(word, help, nil, [Command(.value(value, .answer(source)), help, action, next)]) }
    return [
      scope("call", "NUMBER", .call, Help("All legs of one call", "某个通话的所有通路")),
      scope("phone", "EXTENSION", .phone, Help("A phone and its calls", "某部话机及其通话")),
      scope("trunk", "NAME", .trunk, Help("A trunk and its calls", "某条中继及其通话")),
    ]
  }

  /// In this order, each left out at will.
  private static var captureBounds: [Command] {
    let minutes = bound(
      "minutes", .value("COUNT", .anything), Help("It ends after so many, 1 to 1440; otherwise 15", "时长上限（分钟），默认 15"),
      [])
    let files = bound(
      "files", .value("COUNT", .anything), Help("Files of its ring, 1 to 100; otherwise 4", "环形文件数，默认 4"), [minutes])
    let size = bound(
      "size", .value("MB", .anything), Help("Of all its files, 1 to 128; otherwise 16", "文件总大小（MB），默认 16"),
      [files, minutes])
    let interface = bound(
      "interface", .value("NAME", .answer(.interface)), Help("Otherwise all of them", "网络接口，默认全部"),
      [size, files, minutes])
    return [interface, size, files, minutes]
  }

  private static func bound(_ word: StaticString, _ value: Place, _ help: Help, _ next: [Command]) -> Command {
    Command(word, help, nil, [Command(value, help, .capture, next)])
  }
}
