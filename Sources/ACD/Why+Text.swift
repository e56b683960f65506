// The lines of `why` in the languages of the product. Never compared to decide anything.

import Basics
import Journal

extension ACD.WhyLine {
  /// - Parameters:
  ///   - zone: in which times are shown.
  ///   - present: a time on another day is shown with its date.
  public func english(in zone: Zone, asOf present: WallTime) -> ByteString {
    let words = reason.english(ACD.LocalClock(zone: zone, present: present))
    guard !subject.isEmpty else { return words }
    return subject + (reason.isObstacle ? " skipped: " : ": ") + words
  }

  /// For the log, where no time is in it.
  public var plainEnglish: ByteString { english(in: Zone(minutes: 0), asOf: WallTime(seconds: 0)) }

  public func chinese(in zone: Zone, asOf present: WallTime) -> ByteString {
    let words = reason.chinese(ACD.LocalClock(zone: zone, present: present))
    guard !subject.isEmpty else { return words }
    return subject + (reason.isObstacle ? " 跳过：" : "：") + words
  }
}

extension ACD {
  /// The clock on the wall of whoever reads.
  struct LocalClock {
    let zone: Zone
    let present: WallTime
  }
}

extension ACD.Until {
  /// `10:02:11`, or `12 s from now`.
  fileprivate func english(_ clock: ACD.LocalClock) -> ByteString {
    switch self {
    case .time(let time): clock.zone.clock(time, asOf: clock.present)
    case .seconds(let count): ByteString(count) + " s from now"
    }
  }
  fileprivate func chinese(_ clock: ACD.LocalClock) -> ByteString {
    switch self {
    case .time(let time): clock.zone.clock(time, asOf: clock.present)
    case .seconds(let count): "此后 " + ByteString(count) + " 秒"
    }
  }
}

extension ACD.Reason {
  fileprivate func english(_ clock: ACD.LocalClock) -> ByteString {
    switch self {
    case .unknown: "not known here"
    case .waits(let queue, let position, let seconds):
      "waits in " + queue + " at position " + ByteString(position) + ", for " + ByteString(seconds) + " s"
    case .priority(let priority): "priority " + ByteString(Int(priority)) + ", not the queue's own"
    case .olderItems(let count): "waits: " + ByteString(count) + (count == 1 ? " item" : " items") + " before it"
    case .nothingWaits: "nothing waits"
    case .next(let item): "next would be item " + Self.number(item)
    case .others(let count): ByteString(count) + " wait that ask for somebody else"
    case .noAgents: "no agent serves the queue"
    case .offered(let item, let agent, let strategy, let ready, let ago):
      "item " + Self.number(item) + " offered to " + agent + " " + ByteString(ago) + " s ago: "
        + (strategy.map { ByteString($0.name) } ?? "its own agent") + " of " + ByteString(ready) + " ready"
    case .rings(let item, let agent, let until):
      "item " + Self.number(item) + " rings at " + agent + " until " + until.english(clock)
    case .more(let count): ByteString(count) + " more"
    case .ready: "ready"
    case .noRoom(let medium): "no room for another " + ByteString(medium.name)
    case .loggedOut: "logged out"
    case .paused(let reason): "not ready (" + reason + ")"
    case .wrapUp(let until): "wrap-up until " + until.english(clock)
    case .backoff(let until): "missed an offer, none until " + until.english(clock)
    case .unreachable: "the phone is unreachable"
    case .busyElsewhere: "on another call"
    case .ringing: "the phone rings"
    case .talking: "talking"
    case .reserved: "waits for a customer who is being called back"
    case .withdrawing: "the phone has not stopped ringing yet"
    case .noQueue: "serves no queue"
    case .joinsAfter(let seconds): "reserve, joins after a wait of " + ByteString(seconds) + " s"
    case .lacks(let skill, let level, let until):
      "below " + skill + " ≥ " + ByteString(Int(level)) + (until.map { " until " + ByteString($0) + " s" } ?? "")
    case .waitsForPreferred(let agent, let until): "waits for " + agent + " alone until " + until.english(clock)
    case .beingWritten: "its callback is being written"
    case .notBefore(let until): "not before " + until.english(clock)
    case .leased(let until): "the fate of an earlier attempt is unknown until " + until.english(clock)
    case .clockUntrusted: "callbacks may not go: the clock is not trusted"
    case .restsAs(let custody): Self.english(custody)
    case .noChannel: "callbacks may not go: no trunk channel"
    case .notOffered: "callbacks may not go: the queue has none"
    case .closed: "callbacks may not go: the queue is closed"
    case .heldByCaller: "its number has called in itself"
    case .dialling: "the customer is being called"
    case .inConversation: "in conversation"
    case .customerWaits: "its customer has confirmed and waits on the line"
    case .confirming: "the customer has answered and is asked to confirm"
    case .enoughDialled: "for each ready agent a customer is being called already"
    case .powerFails: "nothing is begun: the power is failing"
    }
  }

  fileprivate func chinese(_ clock: ACD.LocalClock) -> ByteString {
    switch self {
    case .unknown: "无此对象"
    case .waits(let queue, let position, let seconds):
      "在队列 " + queue + " 中排第 " + ByteString(position) + " 位，已等 " + ByteString(seconds) + " 秒"
    case .priority(let priority): "优先级 " + ByteString(Int(priority)) + "，与队列不同"
    case .olderItems(let count): "等待：前面还有 " + ByteString(count) + " 项"
    case .nothingWaits: "没有等待项"
    case .next(let item): "下一项为 " + Self.number(item)
    case .others(let count): "另有 " + ByteString(count) + " 项要求其他坐席"
    case .noAgents: "没有坐席服务此队列"
    case .offered(let item, let agent, let strategy, let ready, let ago):
      ByteString(ago) + " 秒前项目 " + Self.number(item) + " 分配给 " + agent + "："
        + (strategy.map { ByteString($0.name) } ?? "指定坐席") + "，空闲 "
        + ByteString(ready) + " 人"
    case .rings(let item, let agent, let until):
      "项目 " + Self.number(item) + " 正在 " + agent + " 振铃，至 " + until.chinese(clock)
    case .more(let count): "另有 " + ByteString(count) + " 项"
    case .ready: "空闲"
    case .noRoom(let medium): "已满，不能再接 " + ByteString(medium.name)
    case .loggedOut: "未登录"
    case .paused(let reason): "示忙（" + reason + "）"
    case .wrapUp(let until): "话后处理至 " + until.chinese(clock)
    case .backoff(let until): "未接来电，暂停至 " + until.chinese(clock)
    case .unreachable: "话机离线"
    case .busyElsewhere: "正在其他通话"
    case .ringing: "正在振铃"
    case .talking: "通话中"
    case .reserved: "等待回呼客户接通"
    case .withdrawing: "话机尚未停止振铃"
    case .noQueue: "不属于任何队列"
    case .joinsAfter(let seconds): "后备坐席，等待满 " + ByteString(seconds) + " 秒后加入"
    case .lacks(let skill, let level, let until):
      skill + " 低于 " + ByteString(Int(level)) + (until.map { "，要求至等待 " + ByteString($0) + " 秒" } ?? "")
    case .waitsForPreferred(let agent, let until): "仅等待 " + agent + "，至 " + until.chinese(clock)
    case .beingWritten: "回呼正在登记"
    case .notBefore(let until): "不早于 " + until.chinese(clock)
    case .leased(let until): "上次拨号结果未知，至 " + until.chinese(clock)
    case .clockUntrusted: "不能回呼：时钟不可信"
    case .restsAs(let custody): Self.chinese(custody)
    case .noChannel: "不能回呼：无空闲中继"
    case .notOffered: "不能回呼：队列未启用"
    case .closed: "不能回呼：队列已下班"
    case .heldByCaller: "客户已主动来电"
    case .dialling: "正在呼叫客户"
    case .inConversation: "通话中"
    case .customerWaits: "客户已确认，在线等待"
    case .confirming: "客户已接听，等待按键确认"
    case .enoughDialled: "每位空闲坐席已有客户在呼叫中"
    case .powerFails: "即将断电，不再分配"
    }
  }

  private static func english(_ custody: Custody) -> ByteString {
    switch custody {
    case .own: "its callbacks are this box's to make"
    case .handedOver: "callbacks rest: they went into a backup; take-over takes them back"
    case .unconfirmed: "callbacks rest: they came out of a backup; take-over once the old box is off"
    case .superseded: "callbacks rest: the database is older than what ran here last; take-over, if none is done"
    }
  }

  private static func chinese(_ custody: Custody) -> ByteString {
    switch custody {
    case .own: "回呼由本机执行"
    case .handedOver: "回呼暂停：已随备份移交；take-over 可收回"
    case .unconfirmed: "回呼暂停：来自备份；确认旧设备已关机后执行 take-over"
    case .superseded: "回呼暂停：数据库早于本机上次运行的数据；确认未执行过后 take-over"
    }
  }

  private static func number(_ item: UInt64) -> ByteString { ByteString(Int(clamping: item)) }
}
