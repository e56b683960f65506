// The statements about the people who operate the box: their roles, and how they prove who they are.

import Basics
import Configuration

extension BranchSchema {
  static var userBlock: SchemaNode {
    SchemaNode(
      block: "user", [.init("name", .word(maximum: 32))], isKeyed: true, occurrence: .repeated(BranchLimits.users),
      effect: .noCall,
      help: Help("Somebody who operates this box", "本机的操作人员"),
      [
        SchemaNode(
          "role", .init("role", .choice(roles)), occurrence: .required,
          help: Help("What the person may do", "此人的权限")),
        SchemaNode(
          "password", .init("hash", .text(1...256)), isSecret: true,
          help: Help(
            "As the console writes it ($argon2id$...); without one only the system's own log-in counts",
            "由控制台写入（$argon2id$…）；没有则只认系统自身的登录")),
        SchemaNode(
          "language", .init("language", .choice(languages)),
          help: Help("Of the console and the page; otherwise the branch's", "控制台与网页的语言；默认与分支相同")),
      ])
  }

  /// In the order of `Role`.
  private static var roles: [Choice] {
    [
      Choice("read-only", help: Help("Sees everything but secrets", "可查看除密码外的一切")),
      Choice("supervisor", help: Help("Directs agents, queues and callbacks too", "还可管理坐席、队列与回呼")),
      Choice("technician", help: Help("Changes the configuration too", "还可修改配置")),
    ]
  }
}
