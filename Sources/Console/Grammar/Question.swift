// What the daemon can be asked: one table for the console's `show` and `monitor`, the command line and its help.

import Basics
import Configuration

public enum Question: UInt8, Named, Hashable, Sendable {
  case status, phones, calls, trunks, queues, agents, callbacks, waiting, alarms, audit, counters, limits, report,
    process, storage, network, audio, versions, log, commits, captures, blocked

  /// As it is typed.
  public var name: StaticString { entry.name }
  public var help: Help { entry.help }
  /// As the daemon is asked.
  public var line: ByteString {
    switch self {
    case .commits: "configuration revisions"
    case .captures: "capture list"
    default: ByteString(name)
    }
  }

  /// What changes by itself can be watched.
  public var isLive: Bool {
    switch self {
    case .status, .phones, .calls, .trunks, .queues, .agents, .callbacks, .waiting, .alarms, .limits, .log,
      .captures, .blocked:
      true
    case .audit, .counters, .report, .process, .storage, .network, .audio, .versions, .commits: false
    }
  }

  private var entry: (name: StaticString, help: Help) {
    switch self {
    case .status: ("status", Help("The box at a glance", "总览"))
    case .phones: ("phones", Help("Registered phones", "已注册的话机"))
    case .calls: ("calls", Help("Calls that are up", "当前通话"))
    case .trunks: ("trunks", Help("Lines to the carriers", "运营商中继"))
    case .queues: ("queues", Help("Queues, who waits, today's counts", "队列、排队情况与统计"))
    case .agents: ("agents", Help("Agents and their states", "坐席及其状态"))
    case .callbacks: ("callbacks", Help("Callbacks that are promised", "已登记的回呼"))
    case .waiting: ("waiting", Help("Callers who wait, with their items' numbers", "排队中的来电及其项目编号"))
    case .alarms: ("alarms", Help("What is wrong now, since when, and what helps", "当前告警、起始时间与处理办法"))
    case .audit: ("audit", Help("The latest acts of operators, refused ones too", "最近的操作记录，包括被拒绝的"))
    case .counters: ("counters", Help("What was refused or dropped, and how often", "各类拒绝与丢弃计数"))
    case .limits: ("limits", Help("What there may be, what there is, what was hit", "各项上限、用量与触顶次数"))
    case .report: ("report", Help("The numbers of the contact centre", "呼叫中心指标"))
    case .process: ("process", Help("Memory, sockets, storage and log of the program", "程序的内存、套接字、存储与日志"))
    case .storage: ("storage", Help("The database, its files and the disk", "数据库、文件与磁盘"))
    case .network: ("network", Help("Addresses, listeners, media ports, NAT", "地址、监听、媒体端口与 NAT"))
    case .audio: ("audio", Help("Streams and announcements", "媒体流与语音提示"))
    case .versions: ("versions", Help("Of the program, its libraries and the system", "程序、库与系统的版本"))
    case .log: ("log", Help("The latest lines of the log", "最近的日志"))
    case .commits: ("commits", Help("Configurations that are kept", "已保存的配置版本"))
    case .blocked: ("blocked", Help("Addresses that are not listened to, and for how long", "被封锁的地址及剩余时间"))
    case .captures: ("captures", Help("Captures of packets, running and kept", "抓包：进行中与已保存"))
    }
  }
}
