// The alarms there are, in the words of both languages: what is wrong, and in a few words what helps.

import Basics
import Configuration

enum AlarmKind: UInt8, CaseIterable, Hashable {
  case trunkDown, clockUntrusted, storageUnusable, storageFailing, promisesRefused, databaseDamaged, diskNearlyFull,
    filesNotWritten, recorderEnded, promptsUnusable, listenersMissing, powerFailing, powerUnreadable, brownOut,
    commitUnconfirmed, mediaCommandsLost, logLinesDropped, limitHit, callbacksRest, sourcesBlocked

  /// As programs read it.
  var word: StaticString { entry.word }
  /// Callers feel it, or will soon.
  var isCritical: Bool { entry.isCritical }

  /// - Parameter subject: which trunk, which limit, how many; stands where the text has `%`.
  func text(_ language: Language, of subject: ByteString) -> ByteString {
    let text = entry.text.text(language)
    guard let place = text.bytes.firstIndex(of: UInt8(ascii: "%")) else { return text }
    return ByteString(text.bytes[..<place]) + subject + ByteString(text.bytes[(place + 1)...])
  }

  func cure(_ language: Language) -> ByteString { entry.cure.text(language) }

  private var entry: (word: StaticString, isCritical: Bool, text: Help, cure: Help) {
    switch self {
    case .trunkDown:
      (
        "trunk-down", true, Help("Trunk % cannot be used.", "中继 % 不可用。"),
        Help("Look at the line, the trunk's address and its account.", "请检查线路、中继地址与账号。")
      )
    case .clockUntrusted:
      (
        "clock-untrusted", true, Help("Nobody vouches for the clock: nobody is called back.", "时钟不可信，暂停回呼。"),
        Help("Give the box a time server, or start it with --clock plausible.", "请配置时间服务器，或以 --clock plausible 启动。")
      )
    case .storageUnusable:
      (
        "storage-unusable", true, Help("The database cannot be opened: no callback is promised.", "数据库无法打开，不登记回呼。"),
        Help("Look at the log and the disk, then start again.", "请查看日志与磁盘，然后重新启动。")
      )
    case .storageFailing:
      (
        "storage-failing", true, Help("The disk takes nothing: no callback is promised.", "磁盘无法写入，不登记回呼。"),
        Help("Make room on the disk, or replace it.", "请清理或更换磁盘。")
      )
    case .promisesRefused:
      (
        "promises-refused", true, Help("Callbacks were refused, for they could not be written.", "有回呼因无法写盘而被拒绝。"),
        Help("Look at show storage and the disk.", "请查看 show storage 与磁盘。")
      )
    case .databaseDamaged:
      (
        "database-damaged", true, Help("The database was damaged and set aside at this start.", "数据库已损坏，启动时已另存。"),
        Help("Keep NAME.damaged-… beside it; restore a backup.", "请保留旁边的 NAME.damaged-… 文件，并恢复备份。")
      )
    case .diskNearlyFull:
      (
        "disk-nearly-full", true, Help("The disk is nearly full.", "磁盘空间不足。"),
        Help("Remove what is not needed; look at show storage.", "请删除不需要的文件，并查看 show storage。")
      )
    case .filesNotWritten:
      (
        "files-not-written", false, Help("Files could not be written.", "有文件未能写入。"),
        Help("Look at the log and at show storage.", "请查看日志与 show storage。")
      )
    case .recorderEnded:
      (
        "recorder-ended", false, Help("The flight recorder has ended until the next start.", "飞行记录已停止，直到下次启动。"),
        Help("Look at show storage; start again when it is quiet.", "请查看 show storage，并在空闲时重新启动。")
      )
    case .promptsUnusable:
      (
        "prompts-unusable", true, Help("% announcements cannot be played: callers hear nothing there.", "% 段语音提示无法播放。"),
        Help("Look at show audio, put the files there, start again.", "请查看 show audio，补齐文件后重新启动。")
      )
    case .listenersMissing:
      (
        "listeners-missing", true, Help("The box does not listen where the configuration says.", "未能在配置的地址上监听。"),
        Help("Look at the log for who has the address; commit again.", "请在日志中查看占用者，然后重新提交。")
      )
    case .powerFailing:
      (
        "power-failing", true, Help("The power line says that the power is failing.", "电源信号表明即将断电。"),
        Help("Bring the power back.", "请恢复供电。")
      )
    case .powerUnreadable:
      (
        "power-unreadable", true, Help("The power line cannot be read: a failing power goes unnoticed.", "电源信号无法读取。"),
        Help("Look at power warning in the configuration, and at the wire.", "请检查配置 power warning 与接线。")
      )
    case .brownOut:
      (
        "brown-out", true, Help("Brown-out: callers who wait are offered callbacks at once.", "断电模式：立即为排队者登记回呼。"),
        Help("It ends with the power's return, or by brown-out off.", "供电恢复或执行 brown-out off 后结束。")
      )
    case .commitUnconfirmed:
      (
        "commit-unconfirmed", false,
        Help("Revision % waits to be confirmed, and is undone otherwise.", "版本 % 等待确认，否则将被撤销。"),
        Help("commit confirm, or commit undo.", "请执行 commit confirm 或 commit undo。")
      )
    case .mediaCommandsLost:
      (
        "media-commands-lost", true, Help("Commands for the sound were lost: calls may be silent.", "媒体命令丢失，通话可能无声。"),
        Help("The box is overloaded: fewer calls at once, or a faster box.", "设备过载，请减少并发通话或更换设备。")
      )
    case .logLinesDropped:
      (
        "log-lines-dropped", false, Help("Lines of the log were lost.", "日志有丢失。"),
        Help("Whatever reads the log is too slow; or log less.", "日志接收端过慢，请减少日志量。")
      )
    case .limitHit:
      (
        "limit-hit", false, Help("A limit was reached: %.", "达到上限：%。"),
        Help("Look at show limits.", "请查看 show limits。")
      )
    case .callbacksRest:
      (
        "callbacks-rest", true, Help("Nobody is called back: another box may do it (%).", "暂停回呼：可能由其他设备执行（%）。"),
        Help("If no other box does, take-over.", "如无其他设备执行，请执行 take-over。")
      )
    case .sourcesBlocked:
      (
        "sources-blocked", false, Help("Addresses that guess or flood are not listened to.", "已封锁猜测密码或泛洪的地址。"),
        Help("Look at show blocked; clear blocked ADDRESS ends one.", "请查看 show blocked；clear blocked 地址 可解除。")
      )
    }
  }
}
