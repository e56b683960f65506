// The statements about what happens to calls besides ringing: forwards, groups, places to park, short numbers, codes.

import Basics
import Configuration
import Dialplan

extension BranchSchema {
  /// In a block of an extension.
  static var handlingStatements: [SchemaNode] {
    [
      SchemaNode(
        "forward-always", .init("number", .number),
        help: Help("Where all its calls go; its phone can choose another by code", "全部来电转移到的号码；话机可用功能码另行设置")),
      SchemaNode(
        "forward-busy", .init("number", .number),
        help: Help("Where calls go that find it busy, or not to be disturbed", "遇忙或免打扰时来电转移到的号码")),
      SchemaNode(
        "forward-no-answer", .init("number", .number),
        help: Help("Where calls go that nobody answers, or that reach no phone", "无应答或话机未注册时来电转移到的号码")),
      SchemaNode(
        "ring", .init("duration", .duration(5_000...180_000)), default: "1min",
        help: Help("How long it rings before that", "无应答前的振铃时长")),
      SchemaNode(
        "follow-me", .init("number", .number),
        help: Help("Rings as well; the first to answer has the call", "同时振铃的号码，先应答者接听")),
      SchemaNode(
        "follow-me-after", .init("duration", .duration(0...60_000)), default: "10s",
        help: Help("How long after the extension that number rings", "分机振铃多久后该号码振铃")),
      SchemaNode(
        "call-waiting", .init("yes-no", .boolean), default: "yes",
        help: Help("A second call rings; otherwise it finds the extension busy", "通话中允许第二路来电振铃；否则视为忙")),
      SchemaNode(
        "pickup-group", .init("name", .word(maximum: 32)),
        help: Help("Extensions of one group take each other's calls; otherwise all do", "同组分机可互相代接；不设则全部可代接")),
      SchemaNode(
        "intercom", .init("yes-no", .boolean), default: "no",
        help: Help("Colleagues may make its phone answer by itself", "允许同事呼叫时话机自动应答")),
    ] + callerStatements
  }

  /// Which callers are refused.
  private static var callerStatements: [SchemaNode] {
    [
      SchemaNode(
        "block", .init("pattern", .numberPattern, count: 1...32), occurrence: .repeated(BranchLimits.callerLists),
        help: Help("Callers who are refused", "拒接的主叫号码")),
      SchemaNode(
        "allow", .init("pattern", .numberPattern, count: 1...32), occurrence: .repeated(BranchLimits.callerLists),
        help: Help("Callers who are not refused although they fit", "拒接规则的例外号码")),
      SchemaNode(
        "reject-anonymous", .init("yes-no", .boolean), default: "no",
        help: Help("Callers who withhold their number are refused", "拒接隐藏号码的来电")),
    ]
  }

  static var callersBlock: SchemaNode {
    SchemaNode(
      block: "callers", effect: .newCalls,
      help: Help("Which callers from outside are refused by the whole branch", "整个分支拒接的外线主叫"), callerStatements)
  }

  static var ringGroupBlock: SchemaNode {
    SchemaNode(
      block: "ring-group", [.init("name", .word(maximum: 32))], isKeyed: true,
      occurrence: .repeated(BranchLimits.ringGroups), effect: .newCalls,
      help: Help("Phones that ring together for one number", "共用一个号码同时或依次振铃的分机组"),
      [
        SchemaNode(
          "number", .init("number", .digits(2...8)), occurrence: .required,
          help: Help("By which it is called", "分机组的号码")),
        SchemaNode(
          "extensions", .init("extension", .reference(to: "extension"), count: 1...BranchLimits.phonesPerGroup),
          occurrence: .required, help: Help("Whose phones ring", "组内分机")),
        SchemaNode(
          "strategy", .init("strategy", .choice(groupStrategies)), default: "all",
          help: Help("In which order they ring", "振铃方式")),
        SchemaNode(
          "delay", .init("duration", .duration(1_000...60_000)), default: "5s",
          help: Help("For delayed: between one phone and the next", "用于 delayed：相邻两台话机的间隔")),
        SchemaNode(
          "ring", .init("duration", .duration(5_000...180_000)), default: "20s",
          help: Help("How long each rings in turn, or the last one of all", "依次振铃时每台的时长，或最后一台的时长")),
        SchemaNode(
          "else", .init("destination", .choice(elseTargets)), default: "hang-up",
          help: Help("Where callers go whom nobody answers", "无人应答时的去向")),
      ])
  }

  /// In the order of `BranchReader.group`.
  static var groupStrategies: [Choice] {
    [
      Choice("all", help: Help("All at once", "同时振铃")),
      Choice("in-turn", help: Help("One after the other", "依次振铃")),
      Choice("delayed", help: Help("Each some time after the one before; all ring then", "逐台加入，最终全部振铃")),
    ]
  }

  static var parkBlock: SchemaNode {
    SchemaNode(
      block: "park", effect: .newCalls, help: Help("Places where any phone may take a call from", "通话驻留位，任何话机均可取回"),
      [
        SchemaNode(
          "slots", .init("number", .digits(2...8), count: 1...BranchLimits.parkSlots), occurrence: .required,
          help: Help(
            "Their numbers: calls are transferred there, and taken back by dialling them", "驻留位号码：转接至此即驻留，拨打即取回")),
        SchemaNode(
          "return-after", .init("duration", .duration(10_000...3_600_000)), default: "90s",
          help: Help("When a call that nobody took rings at whoever parked it", "无人取回时回呼驻留者的时间")),
      ])
  }

  static var speedDialStatement: SchemaNode {
    SchemaNode(
      "speed-dial", .init("code", .number), .init("number", .number), isKeyed: true,
      occurrence: .repeated(BranchLimits.speedDials), effect: .newCalls,
      help: Help(
        "A short number for a long one, such as *001; who may call the long one may call it", "缩位拨号，例如 *001；须有权拨打对应号码"))
  }

  static var callFeatures: [(name: ByteString, feature: Feature)] {
    [
      ("pickup", .pickup), ("forward-always", .forwardAlways), ("forward-busy", .forwardBusy),
      ("forward-no-answer", .forwardNoAnswer), ("do-not-disturb", .doNotDisturb),
      ("do-not-disturb-off", .doNotDisturbOff), ("park", .park), ("intercom", .intercom), ("call-back", .callBack),
      ("call-back-off", .callBackOff),
    ]
  }

  static var callFeatureCodes: [SchemaNode] {
    [
      SchemaNode(
        "pickup", .init("code", .number), default: "*8",
        help: Help("Takes a colleague's ringing call; the extension may follow", "代接同事的来电，后可加分机号")),
      SchemaNode(
        "forward-always", .init("code", .number), default: "*72",
        help: Help("Forwards all calls to the number that follows; alone: no more", "无条件转移到其后号码；单拨取消")),
      SchemaNode(
        "forward-busy", .init("code", .number), default: "*90",
        help: Help("Forwards calls that find the phone busy; alone: no more", "遇忙转移到其后号码；单拨取消")),
      SchemaNode(
        "forward-no-answer", .init("code", .number), default: "*92",
        help: Help("Forwards calls that nobody answers; alone: no more", "无应答转移到其后号码；单拨取消")),
      SchemaNode(
        "do-not-disturb", .init("code", .number), default: "*78",
        help: Help("Calls find the phone busy from now on", "开启免打扰")),
      SchemaNode(
        "do-not-disturb-off", .init("code", .number), default: "*79",
        help: Help("Calls ring again", "关闭免打扰")),
      SchemaNode(
        "park", .init("code", .number), default: "*68",
        help: Help("A call transferred there is parked at the first free place", "转接至此码即驻留到第一个空闲驻留位")),
      SchemaNode(
        "intercom", .init("code", .number), default: "*80",
        help: Help("The phone of the extension that follows answers by itself", "其后分机的话机自动应答")),
      SchemaNode(
        "call-back", .init("code", .number), default: "*66",
        help: Help("Rings when the extension that was busy is free", "遇忙回叫：对方空闲时回呼")),
      SchemaNode(
        "call-back-off", .init("code", .number), default: "*86",
        help: Help("Takes that wish back", "取消遇忙回叫")),
    ]
  }
}
