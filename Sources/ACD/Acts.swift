// What operators may do, in the words of the audit log, and why an act may be refused.

import Basics

extension ACD {
  /// Why an act changed nothing.
  public enum ActRefusal: UInt8, Hashable, Sendable, CaseIterable {
    case unknownAgent
    case notLoggedIn
    case notInWrapUp
    /// Nobody was served by this agent in this run.
    case noConversation
    /// A reason or a code is empty, too long, or no text.
    case badText
    case unknownItem
    case unknownCallback
    case unknownQueue
    case sameQueue
    case queueFull
    /// Nobody could serve it there, and it could not stay.
    case nobodyThere
    /// A callback of this item is being written at this moment.
    case inProgress
    /// The rules of the callback or its state do not allow it now.
    case notPossible
    /// The queue is closed at that time.
    case outsideHours

    public var name: StaticString {
      switch self {
      case .unknownAgent: "unknown agent"
      case .notLoggedIn: "not logged in"
      case .notInWrapUp: "not in wrap-up"
      case .noConversation: "no conversation"
      case .badText: "bad text"
      case .unknownItem: "unknown item"
      case .unknownCallback: "unknown callback"
      case .unknownQueue: "unknown queue"
      case .sameQueue: "same queue"
      case .queueFull: "queue full"
      case .nobodyThere: "nobody there"
      case .inProgress: "in progress"
      case .notPossible: "not possible"
      case .outsideHours: "outside hours"
      }
    }
  }
}

extension ACD.Act {
  /// As a command would say it.
  public var word: StaticString {
    switch self {
    case .login: "login"
    case .logout: "logout"
    case .pause: "pause"
    case .ready: "ready"
    case .endWrapUp: "end-wrap-up"
    case .disposition: "disposition"
    case .move: "move"
    case .prioritise: "prioritise"
    case .takeOut: "take-out"
    case .cancelCallback: "cancel-callback"
    case .dialNow: "dial-now"
    case .reschedule: "reschedule"
    case .brownOut: "brown-out"
    case .moveCallback: "move-callback"
    }
  }

  /// To what it is done: an extension, the number of an item or of a callback, `on` or `off`.
  public var subject: ByteString {
    switch self {
    case .login(let number), .logout(let number), .ready(let number), .endWrapUp(let number): number
    case .pause(let number, _), .disposition(let number, _): number
    case .move(let item, _), .prioritise(let item, _), .takeOut(let item): ByteString(Int(clamping: item))
    case .cancelCallback(let id), .dialNow(let id), .reschedule(let id, _), .moveCallback(let id, _):
      ByteString(Int(clamping: id))
    case .brownOut(let isOn): isOn ? "on" : "off"
    }
  }

  /// What else was said.
  var detail: ByteString {
    switch self {
    case .pause(_, let reason): reason
    case .disposition(_, let code): code
    case .move(_, let queue), .moveCallback(_, let queue): queue
    case .prioritise(_, let priority): ByteString(Int(priority))
    case .reschedule(_, let time): ByteString(time.rfc3339)
    case .login, .logout, .ready, .endWrapUp, .takeOut, .cancelCallback, .dialNow, .brownOut: ""
    }
  }
}
