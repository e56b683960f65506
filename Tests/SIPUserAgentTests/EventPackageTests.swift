import Basics
import Foundation
import SIPMessage
import SIPTransaction
import Testing

@testable import SIPUserAgent

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Event packages") struct EventPackageTests {
  let world = World()
  let box: Int
  let phone: RawPeer

  init() {
    box = world.add(Fixture.box, Fixture.boxSettings())
    phone = RawPeer(world, "10.0.0.50:5060")
  }

  private func watcher(_ package: EventPackage, number: String, callID: String = "s1") -> Watcher {
    let watcher = Watcher(world, box, phone, number: number, callID: callID)
    watcher.event = "\(package.name)"
    watcher.accept = "\(package.contentType)"
    return watcher
  }

  private func subscribed(_ node: Int) -> [SubscriptionID] {
    world.nodes[node].events.compactMap { if case .subscribed(let id, _, _, _) = $0 { id } else { nil } }
  }

  private func show(_ state: WatchedState) {
    for id in subscribed(box) { world.command(box, .show(id, state)) }
  }

  private func text(_ message: SIPMessage?) -> String { String(decoding: message?.body ?? [], as: UTF8.self) }

  @Test("a mailbox: the lines of RFC 3842, at once and at each change")
  func messageSummary() {
    let watcher = watcher(.messageSummary, number: "101")
    watcher.subscribe()
    show(.mailbox(MailboxSummary()))
    watcher.confirm()
    #expect(watcher.notifies.last?.text(.event) == "message-summary")
    #expect(watcher.notifies.last?.text(.contentType) == "application/simple-message-summary")
    #expect(
      text(watcher.notifies.last)
        == "Messages-Waiting: no\r\nMessage-Account: sip:101@branch\r\nVoice-Message: 0/0 (0/0)\r\n")
    world.run(.seconds(2))
    show(.mailbox(MailboxSummary(new: 2, old: 8)))
    watcher.confirm()
    #expect(
      text(watcher.notifies.last)
        == "Messages-Waiting: yes\r\nMessage-Account: sip:101@branch\r\nVoice-Message: 2/8 (0/0)\r\n")
    world.run(.seconds(2))
    show(.mailbox(MailboxSummary(new: 2, old: 8)))
    watcher.listen(.seconds(3))
    #expect(watcher.notifies.count == 2, "nothing new, nothing told")
  }

  @Test("presence: open or closed, with what stands in the way", arguments: Presence.Activity.allCases)
  func presence(_ activity: Presence.Activity) {
    let watcher = watcher(.presence, number: "102")
    watcher.subscribe()
    show(.presence(Presence(isReachable: true, activity: activity)))
    watcher.confirm()
    let word = ["on-the-phone", "away", "busy"][Int(activity.rawValue)]
    #expect(watcher.notifies.last?.text(.contentType) == "application/pidf+xml")
    #expect(text(watcher.notifies.last).contains("<basic>open</basic>"))
    #expect(text(watcher.notifies.last).contains("<rpid:\(word)/>"))
    let isWellFormed = XMLParser(data: Data(watcher.notifies.last?.body ?? [])).parse()
    #expect(isWellFormed)
    world.run(.seconds(2))
    show(.presence(Presence(isReachable: false)))
    watcher.confirm()
    #expect(
      text(watcher.notifies.last).contains("<basic>closed</basic>")
        && !text(watcher.notifies.last).contains("rpid:activities>"))
  }

  @Test("what belongs to another package is not told")
  func mismatch() {
    let watcher = watcher(.messageSummary, number: "101")
    watcher.subscribe()
    show(.lamp(Lamp(.confirmed)))
    watcher.confirm()
    #expect(text(watcher.notifies.last).hasPrefix("Messages-Waiting: no"))
  }

  @Test("an unknown package gets 489 with those there are, a body that is not its own 406")
  func refused() {
    let other = watcher(.presence, number: "102")
    other.event = "conference"
    other.subscribe()
    #expect(other.status == 489)
    #expect(
      other.answers.last?.value(named: "Allow-Events").map { String(decoding: $0, as: UTF8.self) }
        == "dialog, message-summary, presence")
    let wrong = watcher(.presence, number: "102", callID: "s2")
    wrong.accept = "application/dialog-info+xml"
    wrong.subscribe()
    #expect(wrong.status == 406 && wrong.answers.last?.text(.acceptHeader) == "application/pidf+xml")
  }

  @Test("of a thousand watchers all hear of a change within a quarter of a second, and never 65 within 10 ms")
  func thousand() {
    var settings = Fixture.boxSettings()
    let users = (0..<10).map { ByteString("2\($0)0") }
    settings.users += users.map { UserAgent.UserSettings(name: $0, secret: ByteString("secret-") + $0) }
    let world = World()
    let box = world.add(Fixture.box, settings)
    let phone = RawPeer(world, "10.0.0.50:5060")
    let watchers = (0..<1000).map { index in
      Watcher(world, box, phone, user: "\(users[index / 100])", number: "102", callID: "w\(index)")
    }
    for watcher in watchers {
      watcher.subscribe(expires: 3600)
      for event in world.nodes[box].events.suffix(4) {
        if case .subscribed(let id, _, _, _) = event { world.command(box, .show(id, .lamp(.off))) }
      }
      watcher.confirm()
    }
    #expect(world.nodes[box].agent.subscriptionCount == 1000)
    world.run(.seconds(5))
    _ = phone.receive(after: .zero)
    for event in world.nodes[box].events {
      if case .subscribed(let id, _, _, _) = event { world.command(box, .show(id, .lamp(Lamp(.early, .recipient)))) }
    }
    var told: Set<String> = []
    var most = 0
    for _ in 0..<25 {
      let came = Set(phone.receive(after: .milliseconds(10)).map { $0.text(.callID) }).subtracting(told)
      most = max(most, came.count)
      told.formUnion(came)
    }
    #expect(told.count == 1000 && most <= UserAgent.Limits.notifiesPerInterval * 2)
    #expect(world.nodes[box].agent.counters.notifiesDelayed > 0)
  }
}
