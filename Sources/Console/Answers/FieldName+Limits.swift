// The names of the bounds of the box, as people read them.

import Basics
import Configuration

extension FieldName {
  static var limits: [(key: StaticString, help: Help)] {
    [
      ("calls", Help("Calls at once", "同时通话")), ("media-streams", Help("Media streams", "媒体流")),
      ("test-calls", Help("Test calls at once", "同时测试呼叫")),
      ("trunk-channels", Help("Channels of all trunks", "全部中继通道")),
      ("callers-in-queues", Help("Callers in queues", "排队来电")), ("callbacks", Help("Open callbacks", "未完成回呼")),
      ("callbacks-to-number", Help("Callbacks to one number", "同一号码的回呼")),
      ("callbacks-of-caller", Help("Callbacks of one caller", "同一主叫的回呼")),
      ("unwritten-promises", Help("Promises on their way to the disk", "待写盘的承诺")),
      ("kept-places", Help("Places kept for who was cut off", "断线保留的位置")), ("queues", Help("Queues", "队列")),
      ("agents", Help("Agents", "坐席")), ("phones-watched", Help("Phones whose state is known", "掌握状态的话机")),
      ("requirement-classes", Help("Kinds of what callers need", "来电需求类别")),
      ("conversations-to-judge", Help("Conversations to be judged", "待评价的通话")),
      ("last-agents", Help("Customers with a latest agent", "记得上次坐席的客户")), ("legs", Help("Call legs", "通话分支")),
      ("server-transactions", Help("SIP server transactions", "SIP 服务端事务")),
      ("client-transactions", Help("SIP client transactions", "SIP 客户端事务")),
      ("connections", Help("SIP connections", "SIP 连接")),
      ("connections-of-source", Help("SIP connections of one address", "同一地址的 SIP 连接")),
      ("bytes-for-connection", Help("Bytes for a connection being opened", "待建连接的字节")),
      ("error-answers-a-second", Help("Answers to malformed requests a second", "每秒对畸形请求的应答")),
      ("malformed-on-connection", Help("Malformed messages on a connection", "同一连接的畸形消息")),
      ("phones-of-extension", Help("Phones of one extension", "同一分机的话机")),
      ("subscriptions", Help("Lamps watched", "状态灯订阅")),
      ("subscriptions-of-extension", Help("Lamps of one extension", "同一分机的状态灯")),
      ("watched-nonces", Help("Nonces watched for replays", "防重放随机数")),
      ("watched-sources", Help("Addresses with wrong passwords", "密码错误的地址")),
      ("wrong-credentials-of-source", Help("Wrong passwords of one address", "同一地址的密码错误")),
      ("digits-of-leg", Help("Keys that wait to be sent", "待发送的按键")),
      ("names-at-once", Help("Names recorded or played at once", "同时录放的姓名")),
      ("name-files", Help("Names of this run", "本次运行的姓名文件")),
      ("names-with-wrong-passwords", Help("Names and places with wrong log-ins", "登录失败的名称与位置")),
      ("password-checks", Help("Passwords being checked", "正在校验的密码")),
      ("people-editing", Help("People who change the configuration", "正在修改配置的人")),
      ("configuration-works", Help("Works on configurations", "配置任务")),
      ("acts-in-memory", Help("Audit lines in memory", "内存中的操作记录")),
      ("media-commands", Help("Commands for the media thread", "媒体线程命令")),
      ("batches-for-disk", Help("Batches for the disk", "待写盘的批次")),
      ("facts-for-disk", Help("Facts for the disk", "待写盘的记录")),
      ("facts-kept-for-retry", Help("Facts kept for another try", "待重写的记录")),
      ("file-works", Help("Works on files", "文件任务")),
      ("questions-for-numbers", Help("Questions for stored numbers", "统计查询")),
      ("events-kept", Help("Events in the database", "数据库事件")), ("calls-kept", Help("Calls in the database", "数据库通话")),
      ("acts-kept", Help("Audit lines in the database", "数据库操作记录")),
      ("quarters-kept", Help("Quarters of an hour in the database", "数据库刻钟指标")),
      ("finished-callbacks-kept", Help("Finished callbacks in the database", "数据库已完成回呼")),
      ("registrations-kept", Help("Registrations in the database", "数据库注册")),
      ("control-clients", Help("Programs at the control socket", "控制套接字的程序")),
      ("log-bytes-waiting", Help("Bytes of the log that wait", "待写日志字节")),
      ("log-lines-kept", Help("Lines of the log in memory", "内存中的日志行")),
      ("log-bytes-kept", Help("Bytes of the log in memory", "内存中的日志字节")),
    ]
  }
}
