// `request` and `clear`: what may be ordered of the box itself.

import Basics
import Configuration

extension Command {
  static var requests: Command {
    Command(
      "request", Help("Something of the box itself", "整机操作"), nil,
      [
        Command(
          "shutdown", Help("Ends the program when calls are over", "通话结束后停止程序"), .order(confirmed: true),
          [Command("now", Help("Without waiting for calls", "不等待通话结束"), .order(confirmed: true))]),
        Command(
          "support-bundle", Help("A file for who helps, without secrets", "生成不含密码的支持文件"),
          .order(confirmed: false),
          [Command(.value("NAME", .anything), Help("Of the file", "文件名"), .order(confirmed: false))]),
      ])
  }

  static var clears: Command {
    Command(
      "clear", Help("Forgets something, or ends a call", "清除记录或结束通话"), nil,
      [
        Command("counters", Help("They count from nothing again", "计数重新开始"), .order(confirmed: false)),
        Command("log", Help("The lines in memory", "内存中的日志"), .order(confirmed: false)),
        Command(
          "phone", Help("Its registrations: it has to register anew", "清除注册，话机需重新注册"), nil,
          [Command(.value("PHONE", .answer(.phone)), Help("The extension", "分机"), .order(confirmed: true))]),
        Command(
          "call", Help("Hangs up a call", "挂断通话"), nil,
          [Command(.value("CALL", .answer(.call)), Help("The call's number", "通话编号"), .order(confirmed: true))]),
        Command(
          "lockout", Help("Wrong passwords of a name or a place", "清除名称或位置的登录锁定"), nil,
          [Command(.value("NAME", .answer(.lockout)), Help("The name or the place", "名称或位置"), .order(confirmed: false))]
        ),
        Command(
          "blocked", Help("An address that is not listened to", "解除被封锁的地址"), nil,
          [Command(.value("ADDRESS", .answer(.blocked)), Help("The address", "地址"), .order(confirmed: false))]),
      ])
  }
}
