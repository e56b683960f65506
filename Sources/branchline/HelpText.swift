// What the program says about itself, in both languages.

import Basics
import Configuration

enum HelpText {
  struct Question: Sendable {
    let name: StaticString
    let help: Help
  }

  /// What a running daemon can be asked, in the order of the help.
  static var questions: [Question] {
    [
      Question(name: "status", help: Help("the box at a glance", "总览")),
      Question(name: "phones", help: Help("registered phones", "已注册的话机")),
      Question(name: "trunks", help: Help("lines to the carriers", "运营商中继")),
      Question(name: "calls", help: Help("calls that are up", "当前通话")),
      Question(name: "queues", help: Help("queues, who waits, today's counts", "队列、排队情况与统计")),
      Question(name: "agents", help: Help("agents and their states", "坐席及其状态")),
      Question(name: "callbacks", help: Help("callbacks that are promised", "已登记的回呼")),
      Question(name: "counters", help: Help("what was refused or dropped, and how often", "各类拒绝与丢弃计数")),
      Question(name: "process", help: Help("memory, sockets, storage and log of the program", "程序的内存、套接字、存储与日志")),
    ]
  }

  static let hint = Phrase("Try: branchline --help", "请参阅：branchline --help")

  static var usage: Phrase {
    var text = Phrase(
      """
      usage: branchline COMMAND [options]

        run              be the phone system, in the foreground
        check [FILE]     read a configuration and tell all that is wrong with it

      """,
      """
      用法：branchline 命令 [选项]

        run              在前台运行电话系统
        check [文件]     检查配置文件并列出全部问题

      """)
    for question in questions {
      let name = ByteString(question.name)
      let gap = ByteString([UInt8](repeating: UInt8(ascii: " "), count: 17 - name.count))
      text =
        text + ByteString("  ") + name + gap
        + Phrase(question.help.text(.english), question.help.text(.chinese)) + ByteString("\n")
    }
    return text
      + Phrase(
        """
          version          the program's version

        options:
          --config FILE    the configuration (/etc/branchline/branchline.conf)
          --socket PATH    where the daemon listens; otherwise what the configuration says
          --json           JSON for programs in place of a table for people
          --clock synchronised|plausible
                           run: whether callbacks need a clock that NTP keeps (the default), or a battery-backed one
                           is enough that does not stand in the past

        SIGHUP reads the configuration again, SIGTERM lets calls finish, SIGUSR1 logs the counters.
        Exit status: 0 done, 1 failed or the configuration has errors, 2 wrong usage, 3 no daemon answers.
        """,
        """
          version          程序版本

        选项：
          --config 文件    配置文件（/etc/branchline/branchline.conf）
          --socket 路径    守护进程的控制套接字；默认取自配置
          --json           输出 JSON 而不是表格
          --clock synchronised|plausible
                           用于 run：回呼是否要求 NTP 同步的时钟（默认），
                           或只要求带电池的时钟没有停在过去

        SIGHUP 重新读取配置，SIGTERM 等待通话结束后退出，SIGUSR1 把计数写入日志。
        退出码：0 成功，1 失败或配置有误，2 用法错误，3 守护进程无应答。
        """)
  }
}
