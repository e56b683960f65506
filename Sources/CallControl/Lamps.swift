// Who watches what, and what is shown: of an extension its calls or whether somebody can be reached there, of a feature
// code the state of the agent whose phone asks, of a mailbox its messages. Call control keeps it up to date; the user
// agent tells the phones.

import ACD
import Basics
import Dialplan
import SIPUserAgent

struct Lamps {
  /// What is watched.
  enum Subject: Hashable {
    case `extension`(ByteString)
    /// A place where calls are parked.
    case slot(ByteString)
    /// A key for a feature code, on the phone of this agent.
    case feature(Feature, argument: ByteString, agent: ByteString)
    case person(ByteString)
    case mailbox(ByteString)

    /// The extension whose changes count.
    var `extension`: ByteString? {
      switch self {
      case .extension(let number), .slot(let number), .person(let number), .mailbox(let number): number
      case .feature: nil
      }
    }
  }
  struct Watch {
    let user: ByteString
    let number: ByteString
    let package: EventPackage
    let subject: Subject
    var shown: WatchedState
  }

  private(set) var watches: [SubscriptionID: Watch] = [:]
  /// In the order in which they came.
  private var watchersOfExtension: [ByteString: [SubscriptionID]] = [:]
  private var watchersOfAgent: [ByteString: [SubscriptionID]] = [:]
  /// Users with a phone that is registered.
  private var reachable: Set<ByteString> = []
  /// Of the mailboxes that hold something.
  private var mailboxes: [ByteString: MailboxSummary] = [:]
  /// Extensions of which something has changed, to be looked at before the machine comes to rest.
  private var changed: [ByteString] = []
  private var states: [ByteString: ACD.AgentState] = [:]
  /// Why each is on a break; it says nothing of whether.
  private var pauseReasons: [ByteString: ByteString] = [:]

  mutating func add(_ id: SubscriptionID, _ watch: Watch) {
    remove(id)
    watches[id] = watch
    switch watch.subject {
    case .extension(let number), .slot(let number), .person(let number), .mailbox(let number):
      watchersOfExtension[number, default: []].append(id)
    case .feature(_, _, let agent): watchersOfAgent[agent, default: []].append(id)
    }
  }

  mutating func remove(_ id: SubscriptionID) {
    guard let watch = watches.removeValue(forKey: id) else { return }
    switch watch.subject {
    case .extension(let number), .slot(let number), .person(let number), .mailbox(let number):
      watchersOfExtension[number]?.removeAll { $0 == id }
      if watchersOfExtension[number]?.isEmpty == true { watchersOfExtension[number] = nil }
    case .feature(_, _, let agent):
      watchersOfAgent[agent]?.removeAll { $0 == id }
      if watchersOfAgent[agent]?.isEmpty == true { watchersOfAgent[agent] = nil }
    }
  }

  func watchers(ofExtension number: ByteString) -> [SubscriptionID] { watchersOfExtension[number] ?? [] }
  func watchers(ofAgent number: ByteString) -> [SubscriptionID] { watchersOfAgent[number] ?? [] }

  /// False where it shows that already.
  mutating func shows(_ id: SubscriptionID, _ state: WatchedState) -> Bool {
    guard watches[id]?.shown != state else { return false }
    watches[id]?.shown = state
    return true
  }

  // MARK: Extensions

  mutating func touched(_ number: ByteString) {
    guard watchersOfExtension[number] != nil, !changed.contains(number) else { return }
    changed.append(number)
  }

  mutating func takeChanged() -> [ByteString] {
    guard !changed.isEmpty else { return [] }
    defer { changed = [] }
    return changed
  }

  mutating func set(reachable isReachable: Bool, of user: ByteString) {
    if isReachable { reachable.insert(user) } else { reachable.remove(user) }
    touched(user)
  }

  mutating func set(mailbox: MailboxSummary, of number: ByteString) {
    mailboxes[number] = mailbox == MailboxSummary() ? nil : mailbox
    touched(number)
  }

  func mailbox(of number: ByteString) -> MailboxSummary { mailboxes[number] ?? MailboxSummary() }

  func presence(of number: ByteString, isInCall: Bool, wantsNoCalls: Bool) -> Presence {
    let activity: Presence.Activity? =
      isInCall ? .onThePhone : wantsNoCalls ? .busy : states[number] == .notReady ? .away : nil
    return Presence(isReachable: reachable.contains(number), activity: activity)
  }

  // MARK: Agents

  mutating func set(_ state: ACD.AgentState, of agent: ByteString) {
    // A break that follows has a reason of its own.
    if states[agent] == .notReady, state != .notReady { pauseReasons[agent] = nil }
    states[agent] = state
    touched(agent)
  }
  /// - Parameter reason: nil: no break is meant any more.
  mutating func set(pauseReason reason: ByteString?, of agent: ByteString) { pauseReasons[agent] = reason }

  /// What the key of a feature code shows; nil where there is nothing to show.
  func lamp(of feature: Feature, argument: ByteString, agent: ByteString) -> Lamp? {
    let state = states[agent] ?? .loggedOut
    switch feature {
    case .agentLogin:
      switch state {
      case .loggedOut: return .off
      case .notReady, .unreachable, .backoff: return Lamp(.early)
      default: return Lamp(.confirmed)
      }
    case .agentLogout: return state == .loggedOut ? Lamp(.confirmed) : .off
    case .agentPause:
      let isMeant = argument.isEmpty || pauseReasons[agent] == argument
      return state == .notReady && isMeant ? Lamp(.confirmed) : .off
    case .agentReady: return state == .ready ? Lamp(.confirmed) : .off
    case .agentEndWrapUp: return state == .wrapUp ? Lamp(.confirmed) : .off
    case .agentDisposition, .pickup, .forwardAlways, .forwardBusy, .forwardNoAnswer, .doNotDisturb, .doNotDisturbOff,
      .park, .intercom, .callBack, .callBackOff:
      return nil
    }
  }
}
