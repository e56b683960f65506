// What an item of work is made of: its medium, what it requires of an agent, and who brings it.

import Basics

extension ACD {
  /// How a customer is served. A callback is a medium of its own because more than an agent is needed for it.
  public enum Medium: UInt8, Hashable, Sendable, CaseIterable {
    case call, callback, chat, message, mail, task

    /// Takes the whole agent: one conversation, no other medium beside it unless the agent's settings say so.
    public var isVoice: Bool { self == .call || self == .callback }
    public var name: StaticString {
      switch self {
      case .call: "call"
      case .callback: "callback"
      case .chat: "chat"
      case .message: "message"
      case .mail: "mail"
      case .task: "task"
      }
    }
  }

  /// What an agent can do, and how well: 1 is little, 10 is most.
  public struct Skill: Hashable, Sendable {
    public var name: ByteString
    public var level: UInt8

    public init(_ name: ByteString, _ level: UInt8 = 1) {
      self.name = name
      self.level = level
    }
  }

  /// From `after` seconds of waiting on, these levels are asked for, at least. Rings widen: a later one replaces the one
  /// before it. An empty ring asks for nothing.
  public struct SkillRing: Hashable, Sendable {
    public var afterSeconds: Int
    public var skills: [Skill]

    public init(afterSeconds: Int = 0, _ skills: [Skill]) {
      self.afterSeconds = afterSeconds
      self.skills = skills
    }
  }

  /// An item that enters a queue.
  public struct Entry: Hashable, Sendable {
    public var reference: CallReference
    public var medium: Medium
    public var queue: ByteString
    /// As the carrier delivered it, empty if withheld.
    public var callerNumber: ByteString
    public var callerName: ByteString
    public var dialledNumber: ByteString
    /// Who the customer is, where something knows; otherwise the normalised number stands for it.
    public var customer: ByteString
    /// Less is served first; nil takes the queue's.
    public var priority: UInt8?
    /// In place of the queue's where not empty.
    public var rings: [SkillRing]
    /// An extension that is offered this item alone for `QueueSettings.preferredAgentSeconds`.
    public var preferredAgent: ByteString
    /// Handed back in offers, never read: a reason, a menu choice.
    public var attributes: [ByteString]

    public init(
      _ reference: CallReference, medium: Medium = .call, queue: ByteString, callerNumber: ByteString = "",
      callerName: ByteString = "", dialledNumber: ByteString = "", customer: ByteString = "",
      priority: UInt8? = nil, rings: [SkillRing] = [], preferredAgent: ByteString = "", attributes: [ByteString] = []
    ) {
      self.reference = reference
      self.medium = medium
      self.queue = queue
      self.callerNumber = callerNumber
      self.callerName = callerName
      self.dialledNumber = dialledNumber
      self.customer = customer
      self.priority = priority
      self.rings = rings
      self.preferredAgent = preferredAgent
      self.attributes = attributes
    }
  }
}
