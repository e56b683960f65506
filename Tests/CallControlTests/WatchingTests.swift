import ACD
import Basics
import Dialplan
import SIPUserAgent
import Testing

@testable import CallControl

/// What phones are told of people and mailboxes; lamps have tests of their own.
@Suite("Presence and message waiting") struct WatchingTests {
  private func watching(_ number: ByteString, by user: ByteString, _ package: EventPackage) -> Exchange {
    var exchange = Exchange()
    exchange.watch(1, number, by: user, package)
    return exchange
  }

  @Test("who has no phone is not reachable, then is, then is on the phone, and free again")
  func presence() {
    var exchange = watching("102", by: "101", .presence)
    #expect(exchange.takeNews() == ["presence 1 false"])
    exchange.agent(.reachable(user: "102", true))
    #expect(exchange.takeNews() == ["presence 1 true"])
    exchange.incoming(2, from: .user("102"), to: "101", caller: "102")
    #expect(exchange.takeNews().isEmpty, "it rings at the other side only")
    exchange.agent(.accepted(LegID(3), Exchange.sound(), remoteTag: "x"))
    #expect(exchange.takeNews() == ["presence 1 true onThePhone"])
    exchange.agent(.ended(LegID(2), .init(status: 200, byRemote: true)))
    #expect(exchange.takeNews() == ["presence 1 true"])
    exchange.agent(.reachable(user: "102", false))
    #expect(exchange.takeNews() == ["presence 1 false"])
  }

  @Test("an agent on a break is away")
  func away() {
    var exchange = watching("102", by: "101", .presence)
    exchange.agent(.reachable(user: "102", true))
    _ = exchange.takeNews()
    exchange.queue(.agentState("102", .notReady))
    #expect(exchange.takeNews() == ["presence 1 true away"])
    exchange.queue(.agentState("102", .ready))
    #expect(exchange.takeNews() == ["presence 1 true"])
  }

  @Test("a mailbox is shown to its owner, at once and with each change, and to nobody else")
  func mailbox() {
    var exchange = watching("101", by: "101", .messageSummary)
    exchange.watch(2, "101", by: "102", .messageSummary)
    #expect(exchange.takeNews() == ["mailbox 1 0/0", "no lamp 2"])
    exchange.tell(.mailbox(MailboxSummary(new: 2, old: 1), of: "101"))
    exchange.tell(.mailbox(MailboxSummary(new: 5), of: "102"))
    #expect(exchange.takeNews() == ["mailbox 1 2/1"])
    exchange.tell(.mailbox(MailboxSummary(), of: "101"))
    #expect(exchange.takeNews() == ["mailbox 1 0/0"])
  }

  @Test("feature codes, queues and outside numbers have neither", arguments: ["*45", "600", "02188880000"])
  func nothing(_ number: String) {
    for package in [EventPackage.presence, .messageSummary] {
      var exchange = watching(ByteString(number), by: "101", package)
      #expect(exchange.takeNews() == ["no lamp 1"])
    }
  }
}

extension Exchange {
  fileprivate mutating func takeNews() -> [String] {
    take().filter { ["presence", "mailbox", "no"].contains($0.split(separator: " ").first ?? "") }
  }
}
