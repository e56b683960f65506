// What the program says about itself, in both languages.

import Basics
import Configuration
import Console

enum HelpText {
  static let hint = Phrase("Try: branchline --help", "请参阅：branchline --help")

  static var usage: Phrase {
    var text = Phrase(
      """
      usage: branchline COMMAND [options]

        run              be the phone system, in the foreground
        check [FILE]     read a configuration and tell all that is wrong with it
        replay FILE      decide again what a flight recorder's file (or a directory of them) holds; tell what differs
        pcap FILE        the ladder of each call in a capture file, and what its streams were like
        backup FILE      configuration, callbacks, names, prompts and history into one file; a daemon goes on
        restore FILE     the same out of it, while no daemon runs
        console          a person's session: here, at --device DEVICE [--speed BAUD], or at --listen PATH; -c COMMAND

      """,
      """
      用法：branchline 命令 [选项]

        run              在前台运行电话系统
        check [文件]     检查配置文件并列出全部问题
        replay 文件      重放飞行记录器文件（或其目录），并指出不一致之处
        pcap 文件        抓包文件中每个通话的信令时序图与媒体流质量
        backup 文件      把配置、回呼、姓名录音、提示音与历史备份到一个文件；守护进程继续运行
        restore 文件     从备份恢复；须先停止守护进程
        console          控制台：在此处，或 --device 串口 [--speed 波特率]，或 --listen 路径；-c 命令

      """)
    for question in Question.allCases {
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

          agent login|logout|pause|ready|end-wrap-up EXTENSION [REASON]
          agent disposition EXTENSION CODE
          item move ITEM QUEUE, item prioritise ITEM 0-255, item take-out ITEM
                           for those who wait; ITEM as `waiting` and `callbacks` tell it; 0 goes first
          callback cancel|dial-now ID, callback move ID QUEUE
          callback reschedule ID TIME
                           TIME as 2026-03-01T10:05:00+08:00 or +30min
          brown-out on|off the power is failing: promise callbacks to all who wait; it is back
          take-over        the callbacks are this box's to make: no other box makes them any more
          why ITEM|AGENT   why an item waits, why an agent is offered nothing
          test loop        the box calls itself: both ends must hear the keys of the other
          test call EXTENSION, test call NUMBER via TRUNK
                           rings, plays to whoever answers until # or for 20 s; tells times, keys and packets
          test trunk NAME, test prompt NAME [to EXTENSION]
          request shutdown [now]
                           ends the program when calls are over, or at once
          request support-bundle [NAME]
                           a file for who helps, without secrets and numbers of customers
          clear counters|log, clear phone EXTENSION, clear call NUMBER, clear lockout NAME,
          clear blocked ADDRESS
          trace sip [call NUMBER|phone EXTENSION|trunk NAME]
                           the messages as they come and go, as a ladder, until it is interrupted
          capture start NAME [call NUMBER|phone EXTENSION|trunk NAME|filter "EXPRESSION"]
                           with [interface NAME] [size MB] [files COUNT] [minutes COUNT]; credentials are removed
          capture stop|delete NAME, capture list, capture export NAME [FILE]
          configuration show [REVISION] [set], configuration revisions
          configuration compare REVISION [REVISION], configuration check FILE
          configuration commit FILE, configuration rollback REVISION
                           with [confirmed MINUTES] [comment TEXT]; what is not confirmed in time is undone
          configuration confirm, configuration undo

        options:
          --config FILE    the configuration (/etc/branchline/branchline.conf)
          --socket PATH    where the daemon listens; otherwise what the configuration says
          --json           JSON for programs in place of a table for people
          --agent, --interval
                           report: agents in place of queues, quarters of an hour in place of the whole
          --from TIME, --to TIME
                           report: that time alone, from what is stored; TIME as 2026-03-01T00:00:00+08:00, -24h or -30d
          --from-log FILE  report: counted again from the events in a database that no daemon has open
          --trace          replay: everything that was heard and said, in words
          --call CALL-ID   pcap: that call alone
          --passphrase-file FILE
                           backup, restore: of the key to the secrets; otherwise asked for
          --without-secrets
                           backup, restore: all but that key
          --hand-over      backup: this box calls nobody back any more, the one that is restored from it does
          --old-box-is-off restore: no other box can call those customers back
          --accept-paths   restore: also into places that only the backup names
          --clock synchronised|plausible
                           run: whether callbacks need a clock that NTP keeps (the default), or a battery-backed one
                           is enough that does not stand in the past

        SIGHUP reads the configuration again, SIGTERM lets calls finish, SIGUSR1 logs the counters.
        Exit status: 0 done, 1 failed, refused or the configuration has errors, 2 wrong usage, 3 no daemon answers.
        """,
        """
          version          程序版本

          agent login|logout|pause|ready|end-wrap-up 分机 [原因]
                           坐席签入、签出、示忙、示闲、结束话后处理
          agent disposition 分机 代码
                           登记最近一次通话的处理结果
          item move 项目 队列，item prioritise 项目 0-255，item take-out 项目
                           移动、调整优先级、移出排队项；项目编号见 waiting 与 callbacks，0 最优先
          callback cancel|dial-now 编号，callback move 编号 队列
          callback reschedule 编号 时间
                           取消、立即拨打、移动、改期；时间如 2026-03-01T10:05:00+08:00 或 +30min
          brown-out on|off 电力告警：为所有排队者登记回呼；恢复
          take-over        回呼由本机执行：其他设备不再回呼
          why 项目|坐席    项目为何等待，坐席为何没有来电
          test loop        本机自呼：双向校验按键音
          test call 分机，test call 号码 via 中继
                           呼叫并播放声音，按 # 或 20 秒后结束；给出用时、按键与包数
          test trunk 名称，test prompt 名称 [to 分机]
          request shutdown [now]，request support-bundle [名称]
                           通话结束后（或立即）停止程序；生成不含密码与客户号码的支持文件
          clear counters|log，clear phone 分机，clear call 编号，clear lockout 名称，clear blocked 地址
                           清除计数、日志、话机注册、通话、登录锁定、被封锁的地址
          trace sip [call 编号|phone 分机|trunk 名称]
                           实时显示信令时序图，直到中断
          capture start 名称 [call 编号|phone 分机|trunk 名称|filter "表达式"]
                           可加 [interface 接口] [size MB] [files 个数] [minutes 分钟]；自动去除凭据
          capture stop|delete 名称，capture list，capture export 名称 [文件]
                           抓包：开始、停止、删除、列出、导出
          configuration show [版本] [set]，configuration revisions
          configuration compare 版本 [版本]，configuration check 文件
          configuration commit 文件，configuration rollback 版本
                           可加 [confirmed 分钟] [comment 说明]；未按时确认则自动撤销
          configuration confirm，configuration undo
                           查看、比较、检查、提交、回退、确认、撤销配置

        选项：
          --config 文件    配置文件（/etc/branchline/branchline.conf）
          --socket 路径    守护进程的控制套接字；默认取自配置
          --json           输出 JSON 而不是表格
          --agent, --interval
                           用于 report：按坐席而不是队列，按每刻钟而不是总计
          --from 时间，--to 时间
                           用于 report：只统计该时段；时间如 2026-03-01T00:00:00+08:00、-24h 或 -30d
          --from-log 文件  用于 report：从未被占用的数据库中的事件重新统计
          --trace          用于 replay：逐条列出输入与输出
          --call CALL-ID   用于 pcap：只显示该通话
          --passphrase-file 文件
                           用于 backup、restore：设备密钥的口令；否则在终端输入
          --without-secrets
                           用于 backup、restore：不含设备密钥
          --hand-over      用于 backup：本机不再回呼，由恢复后的设备执行
          --old-box-is-off 用于 restore：没有其他设备会回呼这些客户
          --accept-paths   用于 restore：也写入仅由备份指定的位置
          --clock synchronised|plausible
                           用于 run：回呼是否要求 NTP 同步的时钟（默认），
                           或只要求带电池的时钟没有停在过去

        SIGHUP 重新读取配置，SIGTERM 等待通话结束后退出，SIGUSR1 把计数写入日志。
        退出码：0 成功，1 失败、被拒绝或配置有误，2 用法错误，3 守护进程无应答。
        """)
  }
}
