// The names of an answer's fields as people read them.

import Basics
import Configuration

enum FieldName {
  static func text(_ key: ByteString, _ language: Language) -> ByteString {
    for entry in names where ByteString(entry.key) == key { return entry.help.text(language) }
    return key
  }

  /// Whether a number under this name counts seconds.
  static func isSeconds(_ key: ByteString) -> Bool {
    let suffix: ByteString = "econds"
    return key.bytes.count >= suffix.count && key.bytes.suffix(suffix.count).elementsEqual(suffix.bytes)
  }

  private static var names: [(key: StaticString, help: Help)] {
    [
      ("branch", Help("Branch", "分支机构")), ("revision", Help("Configuration", "配置版本")),
      ("uptimeSeconds", Help("Up for", "运行时间")), ("clockTrusted", Help("Clock trusted", "时钟可信")),
      ("stopping", Help("Stopping", "正在停止")), ("phones", Help("Phones", "话机")),
      ("calls", Help("Calls", "通话")), ("trunksUp", Help("Trunks up", "可用中继")),
      ("trunks", Help("Trunks", "中继")), ("waiting", Help("Waiting", "等待")),
      ("callbacks", Help("Callbacks", "回呼")), ("agentsLoggedIn", Help("Agents logged in", "已登录坐席")),
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
      ("address", Help("Address", "地址")), ("expiresInSeconds", Help("Expires in", "有效期")),
      ("userAgent", Help("Device", "设备")), ("trunk", Help("Trunk", "中继")), ("isUp", Help("Up", "可用")),
      ("up", Help("Up", "可用")), ("residentKilobytes", Help("Resident kB", "常驻内存 kB")),
      ("error", Help("Error", "错误")),
    ]
  }
}
