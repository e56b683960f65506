// The names of the counters in Chinese. In English a counter's key says it, once it is cut into words.

import Basics

extension FieldName {
  static var counterNames: [(key: StaticString, chinese: StaticString)] {
    [
      ("signalling", "信令"), ("queueing", "排队"), ("streams", "媒体流"), ("portsTaken", "端口被占用"),
      ("trunkFull", "中继已满"), ("legsLost", "丢失的通话分支"), ("legs", "通话分支"), ("legsIn", "呼入分支"),
      ("legsOut", "呼出分支"), ("legsRefused", "拒绝的分支"), ("registered", "已注册"), ("registrations", "注册"),
      ("registrationsRefused", "拒绝的注册"), ("contactsReplaced", "替换的联系地址"), ("challenges", "认证质询"),
      ("failedAuthentications", "认证失败"), ("blockedSources", "封锁的来源"), ("requestsOfBlocked", "封锁来源的请求"),
      ("noncesForgotten", "遗忘的随机数"), ("unknownDialogs", "未知会话"), ("unacknowledged", "未确认的应答"),
      ("testsRefused", "拒绝的测试"), ("lateAnswers", "迟到的应答"), ("glares", "同时改动"), ("digitsDropped", "丢弃的按键"),
      ("malformed", "格式错误"),
      ("connectionsAccepted", "接受的连接"), ("connectionsRefused", "拒绝的连接"), ("connectionsExpired", "超时的连接"),
      ("connectionsHostile", "恶意连接"), ("sendsRefused", "拒绝的发送"), ("offers", "派送"),
      ("offersUnanswered", "派送未接"), ("offersRefused", "派送被拒"), ("offersWithdrawn", "撤回的派送"),
      ("acceptedTooLate", "过迟的接听"), ("attemptsFailed", "失败的回呼拨号"), ("callbacksRequested", "请求的回呼"),
      ("callbacksRefused", "拒绝的回呼"), ("persistFailures", "写盘失败"), ("durableTooLate", "过迟的写盘"),
      ("callLimitHit", "通话数达上限"), ("callbackLimitHit", "回呼数达上限"), ("unwrittenLimitHit", "待写数达上限"),
      ("staleInputs", "过时的输入"), ("recorder", "飞行记录器"), ("records", "记录数"), ("recordedBytes", "记录字节数"),
      ("missed", "未记录"), ("segments", "分段数"), ("checkpointBytes", "检查点字节数"), ("namesRefused", "未录制的姓名"),
      ("tracedMessagesDropped", "跟踪时丢弃的消息"), ("notifies", "状态通知"), ("notifiesFailed", "失败的状态通知"),
      ("notifiesDelayed", "稍后发出的状态通知"),
      ("subscriptionsRefused", "拒绝的状态灯订阅"), ("subscriptionsReplaced", "替换的状态灯订阅"),
    ]
  }

  /// `failedAuthentications` as `Failed authentications`.
  static func words(of key: ByteString) -> ByteString {
    var words: [UInt8] = []
    for byte in key.bytes {
      let isCapital = byte.isASCIILetter && byte.asciiLowercased != byte
      if words.isEmpty {
        words.append(byte.isASCIILetter ? byte & ~0x20 : byte)
      } else {
        if isCapital { words.append(UInt8(ascii: " ")) }
        words.append(byte.asciiLowercased)
      }
    }
    return ByteString(words)
  }
}
