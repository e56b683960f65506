// What can be typed while the configuration is being changed.

import Basics
import Configuration

extension Command {
  static var configuring: [Command] {
    let path = Command.Place.path
    return [
      Command(
        "set", Help("Adds a statement or gives it new values", "添加语句或更改其值"), nil,
        [Command(path, Help("A statement", "语句"), .set)]),
      Command(
        "delete", Help("Takes statements away", "删除语句"), nil, [Command(path, Help("A statement", "语句"), .delete)]),
      Command(
        "edit", Help("Goes into a block", "进入块"), nil, [Command(path, Help("A block", "块"), .edit)]),
      Command("up", Help("Out of the block", "返回上一层"), .up),
      Command("top", Help("Out of all blocks", "返回顶层"), .top),
      Command(
        "show", Help("The candidate, or a part of it", "显示候选配置"), .showCandidate,
        [
          Command("set", Help("As set lines", "以 set 行显示"), .showCandidate),
          Command(path, Help("A statement", "语句"), .showCandidate),
        ]),
      Command("compare", Help("What the candidate changes", "候选配置的变更"), .compare),
      Command("check", Help("Tells all that is wrong with it", "检查候选配置"), .check),
      Command("commit", Help("Lets the candidate run", "提交候选配置"), .commit, options(of: .commit)),
      Command("confirm", Help("Keeps the commit that waits for it", "确认等待中的提交"), .confirm),
      Command("undo", Help("Takes back the commit that waits to be confirmed", "撤销等待确认的提交"), .undo),
      Command(
        "rollback", Help("Lets an older one run again", "恢复较早的版本"), nil,
        [Command(.value("REVISION", .answer(.revision)), Help("Its number", "版本号"), .rollBack, options(of: .rollBack))]),
      Command("update", Help("Brings in what others have committed meanwhile", "并入他人已提交的变更"), .update),
      Command("discard", Help("Forgets what was changed", "放弃变更"), .discard),
      rename("rename", Help("Another name for a block, also where it is referred to", "重命名块及其引用"), .rename),
      rename("copy", Help("Another block with the same content", "复制块"), .copy),
      Command(
        "move", Help("Another place among its like: move outbound a before b", "调整顺序，例如 move outbound a before b"), nil,
        [
          Command(
            path, Help("A statement, then first|last|before KEY|after KEY", "语句，其后 first|last|before|after"), .move)
        ]),
      Command(
        "annotate", Help("A comment: above, beside or at the end of a statement", "注释：语句上方、旁边或末尾"), nil,
        [
          Command(
            .value("PLACE", .words("above", "beside", "end")), Help("Where it stands", "注释位置"), nil,
            [
              Command(
                .value("TEXT", .anything), Help("In quotation marks; \"\" takes it away", "放在引号内；\"\" 表示删除"), .annotate,
                [Command(path, Help("A statement", "语句"), .annotate)])
            ])
        ]),
      Command("run", Help("A command of the other mode", "执行操作模式命令"), nil, operational.filter { !$0.leavesMode }),
      Command("exit", Help("Back to the other mode", "返回操作模式"), .exit),
      Command("quit", Help("Back to the other mode", "返回操作模式"), .exit),
    ]
  }

  private static func options(of action: Action) -> [Command] {
    let comment = Command(
      "comment", Help("Why", "说明"), nil, [Command(.rest("TEXT"), Help("Why", "说明"), action)])
    return [
      Command(
        "confirmed", Help("Undone unless confirmed in time", "未按时确认则撤销"), nil,
        [Command(.value("MINUTES", .anything), Help("1 to 1440", "1 到 1440 分钟"), action, [comment])]),
      comment,
    ]
  }

  private static func rename(_ word: StaticString, _ help: Help, _ action: Action) -> Command {
    Command(
      word, help, nil,
      [Command(.path, Help("A block, then to NAME", "块，其后 to 新名称"), action)])
  }

  private var leavesMode: Bool {
    switch action {
    case .configure, .exit, .confirm, .undo: true
    default: false
    }
  }
}
