// The names of what is told of the box itself: its disk, its network, its sounds, its versions, its bounds.

import Basics
import Configuration

extension FieldName {
  static var boxNames: [(key: StaticString, help: Help)] {
    [
      ("branchline", Help("Branchline", "Branchline")),
      ("configurationSchema", Help("Configuration language", "配置语言版本")),
      ("databaseSchema", Help("Database schema", "数据库结构版本")), ("sqlite", Help("SQLite", "SQLite")),
      ("libcrypto", Help("libcrypto", "libcrypto")), ("libsodium", Help("libsodium", "libsodium")),
      ("libpcap", Help("libpcap", "libpcap")), ("kernel", Help("Kernel", "内核")),
      ("architecture", Help("Architecture", "架构")),
      ("machineUptimeSeconds", Help("Machine up for", "系统运行时间")),
      ("database", Help("Database", "数据库")), ("diskFreeBytes", Help("Disk free", "磁盘剩余")),
      ("diskBytes", Help("Disk", "磁盘容量")), ("databaseBytes", Help("Database size", "数据库大小")),
      ("writeAheadBytes", Help("Write-ahead log", "预写日志")),
      ("flightRecorderFiles", Help("Flight recorder files", "飞行记录文件数")),
      ("flightRecorderBytes", Help("Flight recorder", "飞行记录大小")),
      ("nameFiles", Help("Recorded names", "录制的姓名")), ("nameBytes", Help("Recorded names size", "姓名录音大小")),
      ("events", Help("Events kept", "保存的事件")), ("eventsMost", Help("Events at most", "事件上限")),
      ("sinceCommitSeconds", Help("Since the latest commit", "距最近提交")),
      ("interfaces", Help("Interfaces", "接口")), ("interface", Help("Interface", "接口")),
      ("address", Help("Address", "地址")), ("reason", Help("Reason", "原因")), ("times", Help("Times", "次数")),
      ("dropped", Help("Dropped", "丢弃")), ("listeners", Help("SIP listeners", "SIP 监听")),
      ("seenAs", Help("Seen from outside as", "外部地址")), ("mediaPorts", Help("Media ports", "媒体端口")),
      ("first", Help("First", "起始")), ("last", Help("Last", "截止")),
      ("streamsOpen", Help("Streams open", "打开的媒体流")), ("streamsFree", Help("Streams free", "空闲的媒体流")),
      ("codecs", Help("Codecs", "编解码")), ("sip", Help("SIP", "SIP")), ("streamsMost", Help("Streams at most", "媒体流上限")),
      ("localNetworks", Help("Local networks", "本地网络")), ("otherNetworks", Help("Networks behind a NAT", "其他网络")),
      ("subnets", Help("Subnets", "子网")), ("peer", Help("Peer", "对端")), ("own", Help("Own address", "本端地址")),
      ("promptsDirectory", Help("Announcements", "语音提示目录")), ("promptLanguage", Help("Language", "语言")),
      ("promptsLoaded", Help("Announcements loaded", "已加载的提示")),
      ("promptsUnusable", Help("Not usable", "无法使用的提示")), ("prompts", Help("Announcements", "语音提示")),
      ("prompt", Help("Announcement", "提示")), ("milliseconds-zh", Help("Chinese ms", "中文 ms")),
      ("milliseconds-en", Help("English ms", "英文 ms")),
      ("limit", Help("Limit", "上限项")), ("most", Help("Most", "上限")), ("used", Help("Used", "用量")),
      ("hits", Help("Hit", "触顶")),
    ]
  }
}
