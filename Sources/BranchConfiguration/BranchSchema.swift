// The statements of a branch's configuration, with their help: data for the checker, the box's console and the hub.

import Basics
import Configuration
import Dialplan
import NumberPlan

public enum BranchSchema {
  public static var root: [SchemaNode] {
    general + media + [
      powerBlock, webBlock, tlsBlock, userBlock, ownersBlock, extensionBlock, agentBlock, trunkBlock, hoursBlock,
      queueBlock, ringGroupBlock, parkBlock, speedDialStatement, callersBlock, featureCodes,
      inboundBlock, outboundBlock, assertStatement,
    ]
  }

  private static var general: [SchemaNode] {
    [
      SchemaNode(
        Migration.statement, .init("version", .integer(Migration.firstVersion...9_999, unit: "")), effect: .noCall,
        help: Help("The version of the language that this is written in; otherwise 1", "本配置所用语言的版本；默认为 1")),
      SchemaNode(
        "name", .init("text", .text(1...64)), default: "Branch", effect: .noCall,
        help: Help("The branch's name in status and logs", "分支机构名称，用于状态和日志")),
      SchemaNode(
        "language", .init("language", .choice(languages)), default: "zh", effect: .waiting,
        help: Help("The language of announcements", "语音提示的语言")),
      zone,
      SchemaNode(
        block: "log", effect: .noCall, help: Help("What is logged, and where", "日志级别与输出位置"),
        [
          SchemaNode(
            "level", .init("level", .choice(logLevels)), default: "info",
            help: Help("The least level that is written", "写入日志的最低级别")),
          SchemaNode(
            "target", .init("target", .choice(logTargets)), default: "stderr",
            help: Help("Where lines go", "日志写到哪里")),
        ]),
      SchemaNode(
        "listen", .init("transport", .choice(transports)), .init("address:port", .endpoint(defaultPort: 5060)),
        occurrence: .repeated(BranchLimits.listeners), effect: .runningCalls,
        help: Help("Where phones and trunks reach this box by SIP", "话机与中继通过 SIP 访问本机的地址")),
      SchemaNode(
        block: "network", effect: .newCalls, help: Help("How this box is seen from outside", "外部网络如何访问本机"),
        [
          SchemaNode(
            "local", .init("subnet", .subnet, count: 1...BranchLimits.localSubnets),
            help: Help(
              "Networks reached without address translation; otherwise those of the interfaces",
              "无需地址转换即可到达的网络；默认取各网口所在网络")),
          SchemaNode(
            "trusted", .init("subnet", .subnet, count: 1...BranchLimits.localSubnets),
            help: Help(
              "Networks that are never blocked for wrong passwords or floods; trunks never are",
              "从不因密码错误或泛洪而封锁的网络；中继从不封锁")),
          SchemaNode(
            "external-address", .init("address", .address),
            help: Help("The address that peers outside must use", "外部对端应使用的地址")),
          SchemaNode(
            "external-port", .init("port", .integer(1...65_535, unit: "")),
            help: Help("The SIP port outside, where the NAT changes it", "NAT 改变端口时，外部使用的 SIP 端口")),
          towardBlock,
          SchemaNode(
            "realm", .init("word", .word(maximum: 64)), default: "branchline",
            help: Help("The realm of passwords, and the SIP domain shown to phones", "密码认证域，也是话机看到的 SIP 域")),
          SchemaNode(
            "digest", .init("algorithm", .choice(digestAlgorithms), count: 1...2), default: "sha-256 md5",
            help: Help(
              "How phones prove their secret, first choice first; some old ones want to see md5 alone",
              "话机密码认证算法，按优先顺序；部分旧话机只接受单独的 md5")),
        ]),
      SchemaNode(
        block: "number-plan", effect: .newCalls, help: Help("How numbers are read", "号码的解释方式"),
        [
          SchemaNode(
            "country", .init("country", .choice(countries)), default: "cn",
            help: Help("The table of number classes", "号码类别表")),
          SchemaNode(
            "country-code", .init("digits", .digits(1...3)),
            help: Help("For the generic table: the country code without +", "用于通用表：国家代码，不带 +")),
          SchemaNode(
            "area-code", .init("digits", .digits(1...5)),
            help: Help("The branch's own area, without the leading 0", "本地区号，不带开头的 0")),
        ]),
      SchemaNode(
        block: "limits", effect: .newCalls, help: Help("Bounds of the whole box", "整机限制"),
        [
          SchemaNode(
            "calls", .init("number", .integer(1...2_000, unit: "calls")), default: "250",
            help: Help("Calls at once; more are refused", "同时通话数上限，超出则拒绝")),
          SchemaNode(
            "callbacks", .init("number", .integer(0...2_000, unit: "callbacks")), default: "500",
            help: Help("Callbacks of all queues that may wait at once", "所有队列等待中的回呼总数上限")),
          SchemaNode(
            "shutdown", .init("duration", .duration(0...600_000)), default: "30s", effect: .noCall,
            help: Help("How long running calls may go on when the program is stopped", "程序停止时允许通话继续的时间")),
        ]),
    ]
  }

  private static var towardBlock: SchemaNode {
    SchemaNode(
      block: "toward", [.init("name", .word(maximum: 32))], isKeyed: true, occurrence: .repeated(BranchLimits.networks),
      help: Help("A network that sees this box at another address: a VPN, a second line", "以其他地址访问本机的网络，如 VPN 或第二条线路"),
      [
        SchemaNode(
          "subnet", .init("subnet", .subnet, count: 1...BranchLimits.localSubnets), occurrence: .required,
          help: Help("Where its peers are", "其对端所在网段")),
        SchemaNode(
          "external-address", .init("address", .address), occurrence: .required,
          help: Help("The address that they must use", "它们应使用的地址")),
        SchemaNode(
          "external-port", .init("port", .integer(1...65_535, unit: "")),
          help: Help("The SIP port there, where the NAT changes it", "NAT 改变端口时，该处使用的 SIP 端口")),
      ])
  }

  private static var media: [SchemaNode] {
    [
      SchemaNode(
        block: "media", effect: .newCalls, help: Help("Sound", "语音"),
        [
          SchemaNode(
            "ports", .init("first-last", .portRange), default: "10000-10999",
            help: Help("UDP ports for RTP; a stream takes two", "RTP 使用的 UDP 端口，每路占用两个")),
          SchemaNode(
            "prompts", .init("directory", .path), default: "/usr/share/branchline/prompts", effect: .nextStart,
            help: Help("Where the announcements are", "语音提示文件目录")),
        ]),
      SchemaNode(
        block: "storage", effect: .nextStart, help: Help("What outlives a restart", "重启后保留的数据"),
        [
          SchemaNode(
            "path", .init("file", .path), default: "/var/lib/branchline/branchline.db",
            help: Help("The database file", "数据库文件")),
          SchemaNode(
            "flight-recorder", .init("size", .size(0...BranchLimits.flightRecorderBytes)), default: "32MiB",
            help: Help(
              "Room for recordings of what the queues heard, to be replayed; 0MiB: none",
              "队列输入记录可占用的空间，可用于重放；0MiB 表示不记录")),
        ]),
      SchemaNode(
        block: "control", effect: .nextStart, help: Help("How tools on this box ask for status", "本机工具查询状态的方式"),
        [
          SchemaNode(
            "socket", .init("path", .path), default: "/run/branchline/control.sock",
            help: Help("The local socket", "本地套接字"))
        ]),
    ]
  }

  private static var extensionBlock: SchemaNode {
    SchemaNode(
      block: "extension", [.init("number", .digits(2...8))], isKeyed: true,
      occurrence: .repeated(BranchLimits.extensions), effect: .newCalls, help: Help("A phone and its user", "分机及其用户"),
      [
        SchemaNode(
          "name", .init("text", .text(1...64)), help: Help("Shown to those who are called", "显示给被叫方的名称")),
        SchemaNode(
          "secret", .init("text", .text(1...128)), occurrence: .required, isSecret: true,
          help: Help("The password the phone registers with, at least 8 characters", "话机注册密码，至少 8 个字符")),
        SchemaNode(
          "may-call", .init("class", .choice(classes(forCallbacks: false)), count: 1...8),
          default: "local national mobile toll-free",
          help: Help(
            "Number classes it may call outside; emergency is always allowed", "允许拨打的外线号码类别；紧急号码始终允许")),
        SchemaNode(
          "devices", .init("number", .integer(1...10, unit: "devices")), default: "4",
          help: Help("Devices that may register as this extension at once", "可同时注册为此分机的设备数")),
      ] + handlingStatements)
  }

  /// The codes by their names in the schema.
  static var features: [(name: ByteString, feature: Feature)] {
    [
      ("agent-login", .agentLogin), ("agent-logout", .agentLogout), ("agent-pause", .agentPause),
      ("agent-ready", .agentReady), ("agent-end-wrap-up", .agentEndWrapUp), ("agent-disposition", .agentDisposition),
    ] + callFeatures
  }

  private static var featureCodes: SchemaNode {
    SchemaNode(
      block: "feature-codes", effect: .newCalls, help: Help("Codes that phones dial", "话机拨打的功能码"),
      [
        SchemaNode(
          "agent-login", .init("code", .number), default: "*45",
          help: Help("Takes calls of the queues from now on", "坐席签入，开始接听队列来电")),
        SchemaNode(
          "agent-logout", .init("code", .number), default: "*46",
          help: Help("Takes no more calls of the queues", "坐席签出，不再接听队列来电")),
        SchemaNode(
          "agent-pause", .init("code", .number), default: "*47",
          help: Help("A break; a digit behind the code is its reason", "示忙；功能码后加一位数字表示原因")),
        SchemaNode(
          "agent-ready", .init("code", .number), default: "*48",
          help: Help("Ready again, from a break or from wrap-up", "示闲，结束示忙或话后处理")),
        SchemaNode(
          "agent-end-wrap-up", .init("code", .number), default: "*49",
          help: Help("Done with the notes on the latest call", "结束话后处理")),
        SchemaNode(
          "agent-disposition", .init("code", .number), default: "*44",
          help: Help("The digits behind the code say how the latest call ended", "功能码后的数字为最近一次通话的处理结果代码")),
      ] + callFeatureCodes)
  }
}

// MARK: - Choices

extension BranchSchema {
  static var languages: [Choice] {
    [Choice("zh", help: Help("Chinese", "中文")), Choice("en", help: Help("English", "英文"))]
  }

  /// In the order of `LogLevel`.
  static var logLevels: [Choice] {
    [
      Choice("debug", help: Help("Everything", "全部")),
      Choice("info", help: Help("Each call", "每次通话")),
      Choice("notice", help: Help("Changes of state", "状态变化")),
      Choice("warning", help: Help("What somebody should look at", "需要关注的情况")),
      Choice("alarm", help: Help("What needs a person", "需要人工处理的情况")),
    ]
  }

  static var logTargets: [Choice] {
    [
      Choice("stderr", help: Help("The standard error stream", "标准错误输出")),
      Choice("syslog", help: Help("The system's log", "系统日志")),
      Choice("file", .init("path", .path), help: Help("A file, appended to", "追加写入文件")),
    ]
  }

  /// In the order of `DigestAlgorithm`.
  static var digestAlgorithms: [Choice] {
    [
      Choice("md5", help: Help("What every phone can do", "所有话机都支持")),
      Choice("sha-256", help: Help("The stronger one", "安全性更高")),
    ]
  }

  static var countries: [Choice] {
    [
      Choice("cn", help: Help("Mainland China", "中国大陆")),
      Choice("generic", help: Help("Any country, by length alone", "其他国家，仅按号码长度判断")),
    ]
  }

  /// The classes that can be allowed, in the order of the choices.
  static func allowedClasses(forCallbacks: Bool) -> [NumberClass] {
    let both: [NumberClass] = [.local, .national, .mobile, .international, .tollFree]
    return forCallbacks ? both : both + [.shortCode, .premium, .unknown]
  }

  static func classes(forCallbacks: Bool) -> [Choice] {
    allowedClasses(forCallbacks: forCallbacks).map { Choice(ByteString($0.name), help: help(of: $0)) }
  }

  private static func help(of numberClass: NumberClass) -> Help {
    switch numberClass {
    case .internal: Help("Inside the branch", "内部号码")
    case .local: Help("The branch's own area", "本地号码")
    case .national: Help("The same country", "国内长途")
    case .mobile: Help("Mobile phones", "手机")
    case .international: Help("Other countries", "国际号码")
    case .tollFree: Help("Free for the caller", "免费电话")
    case .premium: Help("Charged above the call", "声讯等收费号码")
    case .shortCode: Help("Services with short numbers", "短号服务")
    case .emergency: Help("Emergency", "紧急号码")
    case .unknown: Help("Any other number: no rule knows what it costs", "其他号码：费用未知")
    }
  }
}
