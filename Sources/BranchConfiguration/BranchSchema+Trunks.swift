// The statements about the world outside: trunks and the routes from and to them.

import Basics
import Configuration

extension BranchSchema {
  static var trunkBlock: SchemaNode {
    SchemaNode(
      block: "trunk", [.init("name", .word(maximum: 32))], isKeyed: true,
      occurrence: .repeated(BranchLimits.trunks), effect: .newCalls,
      help: Help("A line to a carrier or to another phone system", "到运营商或其他电话系统的中继"),
      [
        SchemaNode(
          block: "register", help: Help("This box logs in at the carrier", "本机向运营商注册"),
          [
            SchemaNode(
              "server", .init("address:port", .endpoint(defaultPort: 5060)), occurrence: .required,
              help: Help("The carrier's registrar", "运营商注册服务器")),
            SchemaNode(
              "user", .init("text", .text(1...64)), occurrence: .required,
              help: Help("The account, often the number", "账号，通常为号码")),
            SchemaNode(
              "auth-user", .init("text", .text(1...64)),
              help: Help("The name that goes with the password, where it is not the account", "认证用户名，与账号不同时填写")),
            SchemaNode(
              "secret", .init("text", .text(1...128)), occurrence: .required, isSecret: true,
              help: Help("The carrier's password", "运营商提供的密码")),
            SchemaNode(
              "expires", .init("duration", .duration(60_000...86_400_000)), default: "10min",
              help: Help("How long a registration is asked for", "请求的注册有效期")),
          ]),
        SchemaNode(
          block: "peer", help: Help("Both sides know each other by address", "双方以地址互认"),
          [
            SchemaNode(
              "address", .init("address:port", .endpoint(defaultPort: 5060)), occurrence: .required,
              help: Help("Where calls are sent", "呼叫发往的地址")),
            SchemaNode(
              "sources", .init("subnet", .subnet, count: 1...BranchLimits.sourcesPerTrunk),
              help: Help("Further addresses that its calls come from", "其来电的其他源地址")),
            SchemaNode(
              "auth-user", .init("text", .text(1...64)),
              help: Help("For peers that ask for a password", "对端要求认证时的用户名")),
            SchemaNode(
              "secret", .init("text", .text(1...128)), isSecret: true,
              help: Help("For peers that ask for a password", "对端要求认证时的密码")),
          ]),
        SchemaNode(
          "transport", .init("transport", .choice(transports)), default: "udp",
          help: Help("How messages travel", "消息传输方式")),
        verifyStatement,
        SchemaNode(
          "domain", .init("name", .word(maximum: 253)),
          help: Help("The host part of addresses, where it is not the peer's address", "地址的主机部分，与对端地址不同时填写")),
        SchemaNode(
          "from-user", .init("text", .text(1...64)),
          help: Help("The user part of From, where the carrier wants the account there", "From 的用户部分，运营商要求账号时填写")),
        SchemaNode(
          "caller-number", .init("number", .number),
          help: Help("The number presented on calls of extensions", "分机外呼时显示的主叫号码")),
        SchemaNode(
          "channels", .init("number", .integer(1...500, unit: "channels")), occurrence: .required, effect: .waiting,
          help: Help("Calls at once; callbacks need a trunk with 3 or more", "同时通话数；回呼需要至少 3 路的中继")),
        SchemaNode(
          "qualify", .init("duration", .duration(0...3_600_000)), default: "60s",
          help: Help("How often the peer is asked whether it is alive; 0s: never", "探测对端是否可用的间隔；0s 表示不探测")),
      ])
  }

  static var inboundBlock: SchemaNode {
    SchemaNode(
      block: "inbound", [.init("name", .word(maximum: 32))], isKeyed: true,
      occurrence: .repeated(BranchLimits.routes), effect: .newCalls,
      help: Help("Where calls from a trunk lead; the first that fits counts", "中继来电的去向；以第一个匹配者为准"),
      [
        SchemaNode(
          "trunk", .init("trunk", .reference(to: "trunk"), count: 1...BranchLimits.trunks),
          help: Help("From these trunks; otherwise from any", "来自这些中继；默认任意中继")),
        SchemaNode(
          "number", .init("pattern", .numberPattern, count: 1...32), occurrence: .repeated(32),
          help: Help("For these dialled numbers; otherwise for whatever was dialled", "被叫号码符合这些模式；默认任意号码")),
        SchemaNode(
          "to", .init("destination", .choice(inboundTargets)), occurrence: .required,
          help: Help("Where the call leads", "来电去向")),
      ])
  }

  static var outboundBlock: SchemaNode {
    SchemaNode(
      block: "outbound", [.init("name", .word(maximum: 32))], isKeyed: true,
      occurrence: .repeated(BranchLimits.routes), effect: .newCalls,
      help: Help("By which trunk numbers outside are called; the first that fits counts", "外线号码经哪条中继呼出；以第一个匹配者为准"),
      [
        SchemaNode(
          "number", .init("pattern", .numberPattern, count: 1...32), occurrence: .requiredRepeated(32),
          help: Help("For these dialled numbers", "所拨号码符合这些模式")),
        SchemaNode(
          "trunk", .init("trunk", .reference(to: "trunk"), count: 1...BranchLimits.trunks), occurrence: .required,
          help: Help("Tried in this order", "按此顺序尝试的中继")),
        SchemaNode(
          "strip", .init("digits", .integer(0...20, unit: "digits")), default: "0",
          help: Help("Digits taken off the front", "从号码开头去掉的位数")),
        SchemaNode(
          "prefix", .init("number", .number),
          help: Help("Put in front then; the class of the result decides", "随后加在前面；以结果的号码类别为准")),
        SchemaNode(
          "access-code", .init("number", .number),
          help: Help("Sent to the trunk in front of the number, not part of it", "发往中继时置于号码之前，不属于号码")),
      ])
  }

  static var inboundTargets: [Choice] {
    [
      Choice(
        "extension", .init("number", .reference(to: "extension")), help: Help("Rings that phone", "呼叫该分机")),
      Choice("queue", .init("name", .reference(to: "queue")), help: Help("Waits in that queue", "进入该队列等候")),
      Choice(
        "last-digits", .init("count", .integer(2...8, unit: "digits")),
        help: Help("Rings the extension that the number ends with", "呼叫与被叫号码末尾几位相同的分机")),
      Choice(
        "ring-group", .init("name", .reference(to: "ring-group")), help: Help("Rings the phones of the group", "呼叫该分机组")
      ),
    ]
  }
}
