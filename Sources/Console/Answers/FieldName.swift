// The names of an answer's fields, and the words for states in them, as people read them.

import Basics
import Configuration

public enum FieldName {
  public static func text(_ key: ByteString, _ language: Language) -> ByteString {
    if let name = lookUp(key, in: names, language) ?? lookUp(key, in: metricNames, language) { return name }
    for table in [captureNames, testNames, boxNames] {
      if let name = lookUp(key, in: table, language) { return name }
    }
    if language == .chinese {
      for entry in counterNames where ByteString(entry.key) == key { return ByteString(entry.chinese) }
    }
    return words(of: key)
  }

  /// Whether a number under this name counts seconds.
  public static func isSeconds(_ key: ByteString) -> Bool {
    let ending: ByteString = "Seconds"
    return key == "seconds" || key.bytes.suffix(ending.count).elementsEqual(ending.bytes)
  }

  /// Whether a number under this name counts bytes.
  public static func isBytes(_ key: ByteString) -> Bool { key.bytes.suffix(5).elementsEqual(ByteString("Bytes").bytes) }

  /// Values of these fields are words of a closed set, which have a translation.
  public static func value(_ value: ByteString, of key: ByteString, _ language: Language) -> ByteString {
    switch key {
    case "state", "custody": lookUp(value, in: states, language) ?? value
    case "failure", "detail", "error": Sentence.phrase(value).text(language)
    case "comment": Sentence.phrase(comment: value).text(language)
    case "powerLine": lookUp(value, in: powerLevels, language) ?? value
    case "refusal": lookUp(value, in: refusals, language) ?? value
    case "severity": lookUp(value, in: severities, language) ?? value
    case "limit": lookUp(value, in: limits, language) ?? value
    default: value
    }
  }

  static func lookUp(
    _ word: ByteString, in table: [(key: StaticString, help: Help)], _ language: Language
  ) -> ByteString? {
    for entry in table where ByteString(entry.key) == word { return entry.help.text(language) }
    return nil
  }

  private static var names: [(key: StaticString, help: Help)] {
    [
      ("branch", Help("Branch", "分支机构")), ("revision", Help("Configuration", "配置版本")),
      ("uptimeSeconds", Help("Up for", "运行时间")), ("clockTrusted", Help("Clock trusted", "时钟可信")),
      ("epoch", Help("Epoch", "纪元")), ("custody", Help("Callbacks are", "回呼归属")),
      ("callbacksUnderWay", Help("Being called", "正在回呼")),
      ("stopping", Help("Stopping", "正在停止")), ("powerLine", Help("Power line", "电源信号")),
      ("brownOut", Help("Brown-out", "断电模式")), ("phones", Help("Phones", "话机")),
      ("subscriptions", Help("Lamps watched", "状态灯订阅")), ("calls", Help("Calls", "通话")),
      ("trunksUp", Help("Trunks up", "可用中继")),
      ("trunks", Help("Trunks", "中继")), ("waiting", Help("Waiting", "等待")),
      ("callbacks", Help("Callbacks", "回呼")), ("agentsLoggedIn", Help("Logged in", "已登录坐席")),
      ("alarms", Help("Alarms", "告警")),
      ("call", Help("Call", "通话")), ("from", Help("From", "主叫")), ("to", Help("To", "被叫")),
      ("destination", Help("Destination", "去向")), ("state", Help("State", "状态")),
      ("seconds", Help("For", "时长")), ("answered", Help("Answered", "已接")),
      ("queue", Help("Queue", "队列")), ("name", Help("Name", "名称")), ("draining", Help("Draining", "收尾")),
      ("longestWaitSeconds", Help("Longest wait", "最长等待")), ("callbacksDue", Help("Due", "到期回呼")),
      ("callbacksOpen", Help("Open callbacks", "未完成回呼")), ("agentsReady", Help("Ready", "空闲坐席")),
      ("offered", Help("Offered", "来电")), ("abandoned", Help("Abandoned", "放弃")),
      ("overflowed", Help("Overflowed", "溢出")), ("callbacksTaken", Help("Callbacks taken", "登记回呼")),
      ("callbacksDone", Help("Done", "回呼成功")), ("callbacksFailed", Help("Failed", "回呼失败")),
      ("refused", Help("Refused", "拒绝")), ("agent", Help("Agent", "坐席")),
      ("unansweredInARow", Help("Missed in a row", "连续未接")), ("queues", Help("Queues", "队列")),
      ("callback", Help("Callback", "回呼")), ("number", Help("Number", "号码")),
      ("attempts", Help("Attempts", "次数")), ("lastStatus", Help("Last status", "最近结果")),
      ("waitingSince", Help("Waiting since", "排队起始")), ("dueInSeconds", Help("Due in", "距回呼")),
      ("user", Help("Extension", "分机")), ("contact", Help("Contact", "联系地址")),
      ("source", Help("From", "来源地址")), ("transport", Help("Transport", "传输")),
      ("expiresInSeconds", Help("Expires in", "有效期")), ("userAgent", Help("Device", "设备")),
      ("trunk", Help("Trunk", "中继")), ("up", Help("Up", "可用")),
      ("refusedAtLimit", Help("Refused at the limit", "超限拒绝")), ("withoutPort", Help("Without a port", "无可用端口")),
      ("journalWaiting", Help("Waiting for the disk", "等待写盘")),
      ("version", Help("Version", "版本")), ("residentKilobytes", Help("Resident kB", "常驻内存 kB")),
      ("mediaCommandRoom", Help("Room for media commands", "媒体命令余量")),
      ("logLinesDropped", Help("Log lines dropped", "丢弃的日志行")),
      ("datagramsReceived", Help("Datagrams received", "收到数据报")),
      ("datagramsSent", Help("Datagrams sent", "发出数据报")), ("sendFailures", Help("Send failures", "发送失败")),
      ("handshakes", Help("TLS handshakes", "TLS 握手")),
      ("handshakesDelayed", Help("Handshakes that waited", "排队的 TLS 握手")),
      ("handshakesRefused", Help("Handshakes refused", "失败的 TLS 握手")),
      ("connections", Help("Connections", "连接")), ("storage", Help("Storage", "存储")),
      ("usable", Help("Usable", "可用")), ("commits", Help("Commits", "提交")), ("facts", Help("Facts", "记录")),
      ("failedCommits", Help("Failed commits", "提交失败")), ("checkpoints", Help("Checkpoints", "检查点")),
      ("countedEvents", Help("Counted events", "已统计事件")), ("failedRollUps", Help("Failed countings", "统计失败")),
      ("refusedPromises", Help("Refused promises", "未能保证的承诺")),
      ("overflowedBatches", Help("Overflowed batches", "溢出批次")), ("droppedFacts", Help("Dropped facts", "丢弃记录")),
      ("failedFileWorks", Help("Files not written", "未写入的文件")),
      ("longestCommitMicroseconds", Help("Longest commit µs", "最长提交 µs")),
      ("lost", Help("Lost", "丢包")), ("jitterMilliseconds", Help("Jitter ms", "抖动 ms")), ("web", Help("Page", "主管页面")),
      ("process", Help("Process", "进程号")), ("starts", Help("Starts", "启动次数")),
      ("fingerprint", Help("Certificate SHA-256", "证书 SHA-256")),
      ("control", Help("Control socket", "控制套接字")), ("served", Help("Served", "已应答")),
      ("timedOut", Help("Timed out", "超时")), ("error", Help("Error", "错误")),
      ("portsTaken", Help("Ports taken", "端口被占用")), ("trunkFull", Help("Trunk full", "中继满")),
      ("item", Help("Item", "项目")), ("position", Help("Position", "位置")), ("waitedSeconds", Help("Waited", "已等待")),
      ("offeredTo", Help("Offered to", "正在振铃")), ("at", Help("At", "时间")), ("by", Help("By", "操作者")),
      ("act", Help("Act", "操作")), ("subject", Help("Subject", "对象")), ("detail", Help("Detail", "说明")),
      ("done", Help("Done", "完成")), ("comment", Help("Comment", "说明")), ("pauseReason", Help("Reason", "原因")),
      ("movedIn", Help("Moved in", "移入")),
      ("movedOut", Help("Moved out", "移出")), ("actsRefused", Help("Acts refused", "被拒绝的操作")),
      ("legsLost", Help("Legs lost", "未结束的通路")), ("streams", Help("Streams", "媒体流")),
      ("signalling", Help("Signalling", "信令")), ("queueing", Help("Queues", "队列")),
      ("legs", Help("Legs", "通路")), ("legsIn", Help("Legs in", "呼入通路")), ("legsOut", Help("Legs out", "呼出通路")),
      ("legsRefused", Help("Legs refused", "拒绝的通路")), ("registrations", Help("Registrations", "注册")),
      ("registrationsRefused", Help("Registrations refused", "拒绝的注册")),
      ("contactsReplaced", Help("Contacts replaced", "替换的联系地址")), ("challenges", Help("Challenges", "认证质询")),
      ("failedAuthentications", Help("Failed authentications", "认证失败")),
      ("blockedSources", Help("Blocked sources", "封禁来源")),
      ("requestsOfBlocked", Help("Requests of blocked", "封禁来源的请求")),
      ("noncesForgotten", Help("Nonces forgotten", "遗忘的随机数")), ("unknownDialogs", Help("Unknown dialogs", "未知会话")),
      ("unacknowledged", Help("Answers unacknowledged", "未确认的应答")), ("lateAnswers", Help("Late answers", "迟到的应答")),
      ("glares", Help("Glares", "协商冲突")), ("digitsDropped", Help("Digits dropped", "丢弃的按键")),
      ("malformed", Help("Malformed", "格式错误")), ("connectionsAccepted", Help("Connections accepted", "接受的连接")),
      ("connectionsRefused", Help("Connections refused", "拒绝的连接")),
      ("connectionsExpired", Help("Connections expired", "超时的连接")),
      ("connectionsHostile", Help("Connections hostile", "恶意连接")), ("sendsRefused", Help("Sends refused", "拒绝的发送")),
      ("offers", Help("Offers", "振铃次数")), ("offersUnanswered", Help("Offers unanswered", "无人接听")),
      ("offersRefused", Help("Offers refused", "拒接")), ("offersWithdrawn", Help("Offers withdrawn", "撤回振铃")),
      ("acceptedTooLate", Help("Accepted too late", "接听过晚")), ("attemptsFailed", Help("Attempts failed", "回呼未成")),
      ("callbacksRequested", Help("Callbacks requested", "请求回呼")),
      ("callbacksRefused", Help("Callbacks refused", "拒绝回呼")),
      ("persistFailures", Help("Writes failed", "写入失败")), ("durableTooLate", Help("Written too late", "写入过晚")),
      ("callLimitHit", Help("Caller limit hit", "来电数达上限")), ("callbackLimitHit", Help("Callback limit hit", "回呼数达上限")),
      ("unwrittenLimitHit", Help("Unwritten limit hit", "待写数达上限")), ("staleInputs", Help("Stale inputs", "过期输入")),
    ]
  }

  private static var severities: [(key: StaticString, help: Help)] {
    [("critical", Help("CRITICAL", "严重")), ("warning", Help("warning ", "警告"))]
  }

  private static var powerLevels: [(key: StaticString, help: Help)] {
    [
      ("unwatched", Help("not watched", "未监视")), ("good", Help("good", "正常")),
      ("failing", Help("failing", "断电")), ("unreadable", Help("cannot be read", "无法读取")),
    ]
  }

  private static var states: [(key: StaticString, help: Help)] {
    [
      ("logged-out", Help("logged out", "未登录")), ("ready", Help("ready", "空闲")),
      ("backoff", Help("missed a call", "未接暂停")), ("offered", Help("ringing", "振铃")),
      ("withdrawing", Help("ringing", "振铃")), ("reserved", Help("reserved", "预留")),
      ("talking", Help("talking", "通话中")), ("wrap-up", Help("wrap-up", "话后处理")),
      ("busy-elsewhere", Help("busy", "忙")), ("unreachable", Help("unreachable", "话机离线")),
      ("creating", Help("being written", "登记中")), ("resting", Help("not yet due", "未到期")),
      ("own", Help("this box's", "本机")), ("handed-over", Help("handed over", "已移交")),
      ("unconfirmed", Help("of a backup, unconfirmed", "来自备份，待确认")), ("superseded", Help("of older data", "数据较旧")),
      ("due", Help("due", "到期")), ("dialling", Help("dialling", "正在拨号")),
      ("routing", Help("routing", "选路")), ("ringing", Help("ringing", "振铃")), ("queued", Help("queued", "排队")),
      ("announcing", Help("hears an announcement", "播放提示")), ("calling-back", Help("calling back", "回呼中")),
      ("ending", Help("ending", "正在结束")), ("not-ready", Help("not ready", "示忙")),
      ("running", Help("running", "运行中")), ("to-be-confirmed", Help("to be confirmed", "待确认")),
      ("kept", Help("kept", "已保存")), ("undone", Help("undone", "已撤销")),
      ("exported", Help("exported", "已导出")),
      ("rating", Help("gives a score", "评分中")), ("testing", Help("a test", "测试中")),
      ("usable", Help("usable", "可用")), ("failing", Help("cannot write", "写入失败")),
      ("unusable", Help("not usable", "不可用")),
      ("held", Help("on hold", "保持中")), ("outbound", Help("calls out", "外呼")),
    ]
  }

  private static var refusals: [(key: StaticString, help: Help)] {
    [
      ("unknown agent", Help("there is no such agent", "没有此坐席")), ("not logged in", Help("not logged in", "未登录")),
      ("not in wrap-up", Help("not in wrap-up", "不在话后处理")),
      ("no conversation", Help("no conversation since the start", "启动后没有通话")),
      ("bad text", Help("the text is empty, longer than 32 bytes or not printable", "文字为空、超过 32 字节或不可显示")),
      ("unknown item", Help("no such item waits", "没有此等待项")),
      ("unknown callback", Help("no such callback is open", "没有此回呼")),
      ("unknown queue", Help("there is no such queue", "没有此队列")),
      ("same queue", Help("it waits there already", "已在此队列")),
      ("queue full", Help("that queue is full", "队列已满")),
      ("nobody there", Help("nobody could serve it there", "那里无人可接")),
      ("in progress", Help("a callback is being written for it", "正在登记回呼")),
      ("outside hours", Help("the queue is closed at that time", "该时间队列不开放")),
      ("has errors", Help("it has errors", "配置有错误")),
      ("nothing changed", Help("nothing is different", "没有变更")),
      ("owned by another", Help("it changes what is somebody else's", "更改了不属于己方的配置")),
      ("nothing to confirm", Help("no commit waits to be confirmed", "没有等待确认的提交")),
      ("waits for confirmation", Help("that one waits to be confirmed or undone", "该提交正等待确认或撤销")),
      ("stale", Help("somebody has committed meanwhile", "期间已有他人提交")),
      ("busy", Help("another is being committed", "另一提交正在进行")),
      ("unknown revision", Help("there is no such revision", "没有此版本")),
      ("unreadable", Help("its text cannot be read", "无法读取其内容")),
      ("unavailable", Help("no configuration is kept", "未保存配置")),
      ("cannot listen", Help("its addresses cannot be taken", "无法监听其地址")),
      ("cannot write", Help("it cannot be written", "无法写入")),
      ("worse", Help("it is worse than before", "比之前更差")), ("not allowed", Help("not allowed", "权限不足")),
      ("unknown extension", Help("there is no such extension", "没有此分机")),
      ("being written", Help("an earlier one is being written", "前一操作正在写入")),
      ("too many tests", Help("too many tests at once", "同时进行的测试过多")),
      ("unknown trunk", Help("there is no such trunk", "没有此中继")),
      ("not its own", Help("the callbacks are not its own: take-over before", "回呼不归本机，请先 take-over")),
      ("wrong", Help("wrong", "不正确")),
      ("not registered", Help("no phone is registered there", "没有话机注册")),
      ("unknown call", Help("there is no such call", "没有此通话")),
      ("not locked out", Help("it has no wrong passwords", "没有密码错误记录")),
      ("unknown capture", Help("there is no such capture", "没有此抓包")),
      ("name taken", Help("there is one of that name", "名称已被使用")),
      ("too many captures", Help("as many run as may run", "同时抓包数已达上限")),
      ("no room", Help("there is no room for it", "空间不足")),
      ("still running", Help("it is still running: stop it first", "仍在运行，请先停止")),
      ("cannot capture", Help("it cannot be captured", "无法抓包")),
      ("another is at work", Help("another one is listed, exported or deleted now; try again", "正在处理另一抓包，请重试")),
      ("not possible", Help("its state or its rules do not allow it", "当前状态或规则不允许")),
    ]
  }
}
