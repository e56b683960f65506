// Who watches what, and what each lamp shows: of an extension its calls, of a feature code the state of the agent whose
// phone asks. Call control keeps it up to date; the user agent tells the phones.

import ACD
import Basics
import Dialplan
import SIPUserAgent

struct Lamps {
  /// What a lamp stands for.
  enum Subject: Hashable {
    case `extension`(ByteString)
    /// A place where calls are parked.
    case slot(ByteString)
    /// A key for a feature code, on the phone of this agent.
    case feature(Feature, argument: ByteString, agent: ByteString)
  }
  struct Watch {
    let user: ByteString
    let number: ByteString
    let subject: Subject
    var shown: Lamp
  }

  private(set) var watches: [SubscriptionID: Watch] = [:]
  /// In the order in which they came.
  private var watchersOfExtension: [ByteString: [SubscriptionID]] = [:]
  private var watchersOfAgent: [ByteString: [SubscriptionID]] = [:]
  /// Extensions whose calls have changed, to be looked at before the machine comes to rest.
  private var changed: [ByteString] = []
  private var states: [ByteString: ACD.AgentState] = [:]
  /// Why each is on a break; it says nothing of whether.
  private var pauseReasons: [ByteString: ByteString] = [:]

  mutating func add(_ id: SubscriptionID, _ watch: Watch) {
    remove(id)
    watches[id] = watch
    switch watch.subject {
    case .extension(let number), .slot(let number): watchersOfExtension[number, default: []].append(id)
    case .feature(_, _, let agent): watchersOfAgent[agent, default: []].append(id)
    }
  }

  mutating func remove(_ id: SubscriptionID) {
    guard let watch = watches.removeValue(forKey: id) else { return }
    switch watch.subject {
    case .extension(let number), .slot(let number):
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
  mutating func shows(_ id: SubscriptionID, _ lamp: Lamp) -> Bool {
    guard watches[id]?.shown != lamp else { return false }
    watches[id]?.shown = lamp
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

  // MARK: Agents

  mutating func set(_ state: ACD.AgentState, of agent: ByteString) {
    // A break that follows has a reason of its own.
    if states[agent] == .notReady, state != .notReady { pauseReasons[agent] = nil }
    states[agent] = state
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
