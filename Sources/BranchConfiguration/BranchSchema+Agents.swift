// The statements about agents: what they can do, and how much at once.

import ACD
import Basics
import Configuration

extension BranchSchema {
  static var agentBlock: SchemaNode {
    SchemaNode(
      block: "agent", [.init("extension", .reference(to: "extension"))], isKeyed: true,
      occurrence: .repeated(BranchLimits.extensions), effect: .waiting,
      help: Help("What an agent of the queues can do; those without are agents all the same", "坐席的技能与容量；不写亦可作为坐席"),
      [
        SchemaNode(
          "name", .init("text", .text(1...64)), effect: .noCall,
          help: Help("Shown in lists of agents; otherwise the extension's name", "坐席列表中显示的名称；默认为分机名称")),
        SchemaNode(
          "skills", skillList, help: Help("What the agent can do: 1 is little, 10 is most", "坐席的技能：1 最低，10 最高")),
        SchemaNode(
          "capacity", .init("medium", .choice(mediumChoices)), .init("number", .integer(0...20, unit: "conversations")),
          occurrence: .repeated(BranchSchema.textMedia.count),
          help: Help("Conversations at once; otherwise 1", "同时进行的会话数；默认为 1")),
        SchemaNode(
          "calls-beside-text", .init("yes|no", .boolean), default: "no",
          help: Help("Is called although text conversations go on", "文字会话进行中仍可接听来电")),
      ])
  }

  private static var mediumChoices: [Choice] { textMedia.map { Choice(ByteString($0.name), help: help(of: $0)) } }

  private static func help(of medium: ACD.Medium) -> Help {
    switch medium {
    case .call: Help("Calls", "来电")
    case .callback: Help("Callbacks", "回呼")
    case .chat: Help("Live chats", "在线聊天")
    case .message: Help("Messages", "消息")
    case .mail: Help("Mails", "邮件")
    case .task: Help("Tasks", "任务")
    }
  }

  /// Media of which an agent may have several at once, in the order of the choices.
  static let textMedia: [ACD.Medium] = ACD.Medium.allCases.filter { !$0.isVoice }
}
