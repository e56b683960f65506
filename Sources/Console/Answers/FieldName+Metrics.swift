// The names of the numbers, as people read them; programs have the ids of the definitions.

import Basics
import Configuration

extension FieldName {
  static var metricNames: [(key: StaticString, help: Help)] {
    [
      ("flow-out", Help("Sent on", "转出")), ("sl.answered", Help("SL of answered", "接听服务水平")),
      ("sl.offered", Help("SL of offered", "来电服务水平")),
      ("sl.ignore-abandoned", Help("SL without abandoned", "服务水平（不计放弃）")),
      ("sl.abandon-as-met", Help("SL, abandoned as met", "服务水平（放弃算达标）")),
      ("abandon.short", Help("Short abandons", "短放弃")), ("abandon.rate", Help("Abandon rate", "放弃率")),
      ("asa", Help("ASA", "平均应答时间")), ("waiting.longest", Help("Longest wait", "最长等待")),
      ("waiting.longest.callback", Help("Longest callback wait", "回呼最长等待")),
      ("overtakes", Help("Overtakes", "插队")), ("callback.offered", Help("Callbacks offered", "提供回呼")),
      ("callback.accepted", Help("Callbacks", "登记回呼")),
      ("callback.wait.request", Help("Callback wait since request", "回呼等待（自登记）")),
      ("callback.wait.entry", Help("Callback wait since entry", "回呼等待（自来电）")),
      ("callback.success", Help("Callback success", "回呼成功率")),
      ("callback.first-attempt", Help("At first attempt", "首次成功率")),
      ("callback.failed", Help("Callbacks failed", "回呼失败")), ("callback.expired", Help("Callbacks expired", "回呼过期")),
      ("callback.cancelled", Help("Callbacks cancelled", "回呼取消")),
      ("callback.failed.busy", Help("Attempts busy", "拨号遇忙")),
      ("callback.failed.no-answer", Help("Attempts unanswered", "拨号无应答")),
      ("callback.failed.final", Help("Attempts final", "拨号无效")),
      ("callback.failed.technical", Help("Attempts without network", "拨号线路故障")),
      ("callback.failed.other", Help("Attempts broken off", "拨号中断")),
      ("estimate.told", Help("Waits told", "已报等待")), ("estimate.error.median", Help("Estimate error", "估计误差中位数")),
      ("estimate.error.p90", Help("Estimate error, 90th", "估计误差 90 分位")),
      ("estimate.kept", Help("Estimates kept", "估计兑现率")), ("handled", Help("Handled", "处理")),
      ("aht", Help("AHT", "平均处理时间")), ("no-answer.rate", Help("No-answer rate", "未接率")),
      ("transfer.rate", Help("Transfer rate", "转接率")), ("occupancy", Help("Occupancy", "占用率")),
      ("utilisation", Help("Utilisation", "利用率")),
    ]
  }
}
