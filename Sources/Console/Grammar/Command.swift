// What may be typed at a prompt, as data: words with their help, and places where a value stands. One description serves
// the matching, the completion and the help.

import Basics
import Configuration

/// What stands at one place of a command line.
public struct Command: Sendable {
  public enum Place: Sendable {
    case word(StaticString)
    /// One word of a kind; the placeholder stands for it in help.
    case value(StaticString, ValueSource)
    /// Everything to the end of the line.
    case rest(StaticString, ValueSource = .anything)
    /// A statement of the configuration, from the edited block on.
    case path
  }

  public var place: Place
  public var help: Help
  /// What the line does when it ends here; nil: more has to follow.
  public var action: Action?
  public var next: [Command]

  public init(_ word: StaticString, _ help: Help, _ action: Action? = nil, _ next: [Command] = []) {
    self.init(.word(word), help, action, next)
  }
  public init(_ place: Place, _ help: Help, _ action: Action? = nil, _ next: [Command] = []) {
    self.place = place
    self.help = help
    self.action = action
    self.next = next
  }
}

/// Where the values of a place come from, for completion.
public enum ValueSource: Hashable, Sendable {
  /// Whatever is typed.
  case anything
  /// A field of the daemon's answer to a question: `queues` and `queue`.
  case answer(StaticQuestion)
  /// One of these words.
  case words([StaticWord])

  public struct StaticWord: Hashable, Sendable {
    public let text: ByteString
    public init(_ text: StaticString) { self.text = ByteString(text) }
  }

  /// What the daemon is asked, and which field of its answer names what can stand there.
  public enum StaticQuestion: Hashable, Sendable {
    case queue, agent, phone, trunk, call, item, callback, revision, capture, prompt, interface, lockout, blocked,
      pauseReason

    public var question: ByteString {
      switch self {
      case .queue: "queues"
      case .agent, .pauseReason: "agents"
      case .phone: "phones"
      case .trunk: "trunks"
      case .call: "calls"
      case .item: "waiting"
      case .callback: "callbacks"
      case .revision: "configuration revisions"
      case .capture: "capture list"
      case .prompt: "audio"
      case .interface: "network"
      case .lockout: "lockouts"
      case .blocked: "blocked"
      }
    }
    /// The member of its answer that has the rows; nil: it is the rows.
    public var list: ByteString? {
      switch self {
      case .prompt: "prompts"
      case .interface: "interfaces"
      default: nil
      }
    }
    /// What is not in the answer may stand there too.
    public var isOpen: Bool { self == .pauseReason }
    public var field: ByteString {
      switch self {
      case .queue: "queue"
      case .agent: "agent"
      case .phone: "user"
      case .trunk: "trunk"
      case .call: "call"
      case .item: "item"
      case .callback: "callback"
      case .revision: "revision"
      case .capture: "capture"
      case .prompt: "prompt"
      case .interface: "interface"
      case .lockout: "name"
      case .blocked: "address"
      case .pauseReason: "pauseReason"
      }
    }
  }

  static func words(_ texts: StaticString...) -> ValueSource { .words(texts.map { StaticWord($0) }) }
}

/// What a complete command line does.
public enum Action: Hashable, Sendable {
  case show(Shown)
  /// An order to the daemon in the line's own words; asked for first where it cannot be taken back.
  case order(confirmed: Bool)
  case configure
  case password
  case language
  case help
  case exit
  case monitor
  case trace
  /// As `order`, of words that may have spaces in them.
  case capture
  /// Configuration mode.
  case set, delete, edit, up, top, annotate, rename, copy, move, load, discard
  case compare, check, commit, confirm, undo, rollBack, update, showCandidate, run

  /// Where `show` words are not the question's own.
  public enum Shown: Hashable, Sendable {
    case question(Question)
    case configuration
    case compare
  }
}
