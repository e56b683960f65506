import ACD
import Basics
import BranchConfiguration
import Configuration
import Dialplan
import NumberPlan
import SIPTransaction
import SIPUserAgent
import Testing

func reading(_ text: String) -> BranchSettings.Reading { BranchSettings.parse(Array(text.utf8)) }

@Suite("Branch settings")
struct BranchSettingsTests {
  static let full = """
    name "上海分公司"
    language en
    log { level debug; target file /var/log/branchline.log }
    listen udp 192.168.1.2:5060
    listen tcp 0.0.0.0:5061
    listen udp [::]:5060
    network { local 192.168.0.0/16 10.0.0.0/8; trusted 192.0.2.0/24; external-address 203.0.113.7; external-port 5070; realm example.org
      toward vpn { subnet 10.8.0.0/16 100.64.0.0/10; external-address 10.8.0.2 } }
    number-plan { country cn; area-code 21 }
    limits { calls 20; callbacks 7; shutdown 5s }
    media { ports 20000-20099; prompts /p }
    storage { path /s.db; flight-recorder 3 }
    control { socket /c.sock }
    extension 101 { name Desk; secret "correct horse"; may-call international; contacts 2 }
    extension 102 { secret "battery staple" }
    trunk carrier {
      register { server 203.0.113.10; user 02161234567; secret "pass word"; expires 5min }
      transport tcp
      domain carrier.example
      caller-number 02161234567
      channels 8
      qualify 0s
    }
    trunk peer {
      peer { address 198.51.100.1:5080; sources 198.51.100.0/28 2001:db8::/64 }
      channels 2
      from-user branch
    }
    queue service {
      title "Service"
      number 600
      agents 101
      agents 102
      priority 3
      ring 15s; back-off 1min; wrap-up 0s; maximum-wait 5min; maximum-length 9; announce 45s
      else queue overflow
      callback { may-call mobile; delay 1s; ring 30s; attempts 5; busy-retry 1min; no-answer-retry 2min
        expiry 1h; maximum-pending 4; done-after 6s }
    }
    queue overflow { agents 102; else number 13812345678 }
    feature-codes { agent-login *1; agent-logout *2; agent-pause *3; agent-disposition *6 }
    inbound main { trunk carrier peer; number 02161234567 +862161234567; to queue service }
    inbound direct { to last-digits 3 }
    outbound all { number 0X. ZX.; trunk carrier peer; strip 0 }
    """

  @Test("Everything that is written arrives in the settings")
  func everything() throws {
    let reading = reading(Self.full)
    for problem in reading.problems { Issue.record("\(problem.text())") }
    let settings = try #require(reading.settings)
    #expect(settings.name == "上海分公司")
    #expect(settings.language == .english)
    #expect(settings.logLevel == .debug)
    #expect(settings.logTarget == .file("/var/log/branchline.log"))
    #expect(settings.mediaPorts == 20000...20099)
    #expect(
      [settings.promptsDirectory, settings.storagePath, settings.controlSocketPath] == ["/p", "/s.db", "/c.sock"])
    #expect(settings.flightRecorderBytes == 3 << 20)
    #expect(settings.callLimit == 20)
    #expect(settings.shutdownSeconds == 5)
    #expect(
      settings.trunks == [
        .init(name: "carrier", channels: 8, callerNumber: "02161234567"), .init(name: "peer", channels: 2),
      ])
    #expect(
      settings.queues == [
        .init(name: "service", number: "600", otherwise: .queue("overflow"), offersCallback: true),
        .init(name: "overflow", otherwise: .number("13812345678")),
      ])
    #expect(settings.otherwise(of: settings.queues[0]) == .queue("overflow"))
    #expect(settings.distributor.queues.map(\.triesElsewhere) == [false, false])
    #expect(settings.otherwise(of: settings.queues[1]) == .trunk(["carrier", "peer"], "13812345678"))
  }

  @Test(
    "The log goes where it is told",
    arguments: [
      ("", .standardError), ("log { target stderr }", .standardError), ("log { target syslog }", .systemLog),
      ("log { target file /var/log/b }", .file("/var/log/b")),
    ] as [(String, BranchSettings.LogTarget)])
  func logTarget(text: String, expected: BranchSettings.LogTarget) throws {
    let least = "listen udp 127.0.0.1:5060\nextension 101 { secret \"correct horse\" }\n"
    #expect(try #require(reading(least + text).settings).logTarget == expected)
  }

  @Test("The user agent gets listeners, users and trunks")
  func userAgent() throws {
    let agent = try #require(reading(Self.full).settings).userAgent
    #expect(agent.realm == "example.org")
    #expect(agent.localNetworks.count == 2 && agent.trustedNetworks.map { $0.text } == ["192.0.2.0/24"])
    let vpn = agent.networks.first
    #expect(agent.networks.count == 1 && vpn?.externalAddress.text == "10.8.0.2" && vpn?.externalPort == nil)
    #expect(vpn?.subnets == [Subnet("10.8.0.0/16"), Subnet("100.64.0.0/10")].compactMap { $0 })
    #expect(agent.listeners.map { $0.index } == [0, 1, 2])
    #expect(agent.listeners.map { $0.transport } == [.udp, .tcp, .udp])
    #expect(agent.listeners.map { $0.endpoint.text } == ["192.168.1.2:5060", "0.0.0.0:5061", "[::]:5060"])
    // The external address counts for listeners of its family.
    #expect(agent.listeners.map { $0.externalAddress?.text } == ["203.0.113.7", "203.0.113.7", nil])
    #expect(agent.listeners.map { $0.externalPort } == [5070, 5070, nil])
    #expect(
      agent.users == [
        .init(name: "101", displayName: "Desk", secret: "correct horse", maxContacts: 2),
        .init(name: "102", secret: "battery staple", maxContacts: 4),
      ])
    #expect(
      agent.trunks == [
        .init(
          name: "carrier",
          kind: .registered(user: "02161234567", authUser: "02161234567", secret: "pass word", expires: 300),
          endpoint: Endpoint("203.0.113.10:5060")!, transport: .tcp, domain: "carrier.example", qualifySeconds: 0),
        .init(
          name: "peer", kind: .peer(authUser: "", secret: ""), endpoint: Endpoint("198.51.100.1:5080")!,
          sourceAddresses: [Subnet("198.51.100.0/28")!, Subnet("2001:db8::/64")!], fromUser: "branch",
          qualifySeconds: 60),
      ])
  }

  @Test("The distributor gets queues, agents and callbacks")
  func distributor() throws {
    let settings = try #require(reading(Self.full).settings)
    let distributor = settings.distributor
    #expect(distributor.maximumCallbacks == 7)
    #expect(distributor.agents.map { $0.extension } == ["101", "102"])
    #expect(distributor.agents[0].displayName == "Desk")
    #expect(distributor.numberPlan == .china(areaCode: "21", extensionLengths: 3...3))
    #expect(
      distributor.queues[0]
        == ACD.QueueSettings(
          name: "service", displayName: "Service", agents: ["101", "102"], priority: 3, ringSeconds: 15,
          noAnswerBackoffSeconds: 60, wrapUpSeconds: 0, maximumWaitSeconds: 300, maximumLength: 9,
          announceEverySeconds: 45,
          callback: .init(
            allowedClasses: .init(.mobile), minimumDelaySeconds: 1, ringSeconds: 30, attempts: 5,
            busyRetrySeconds: 60, noAnswerRetrySeconds: 120, expirySeconds: 3_600, maximumPending: 4,
            doneAfterSeconds: 6)))
  }

  @Test("The dialplan gets extensions, queues, codes and routes")
  func dialplan() throws {
    let dialplan = try #require(reading(Self.full).settings).dialplan
    #expect(dialplan.destination(of: "600", from: .extension("101")) == .queue("service"))
    #expect(dialplan.destination(of: "*1", from: .extension("101")) == .feature(.agentLogin))
    #expect(dialplan.destination(of: "*35", from: .extension("101")) == .feature(.agentPause, argument: "5"))
    #expect(dialplan.destination(of: "*48", from: .extension("101")) == .feature(.agentReady))
    #expect(dialplan.destination(of: "*49", from: .extension("101")) == .feature(.agentEndWrapUp))
    #expect(dialplan.destination(of: "*612", from: .extension("101")) == .feature(.agentDisposition, argument: "12"))
    #expect(dialplan.destination(of: "*45", from: .extension("101")) == .unavailable(.unknownNumber))
    #expect(
      dialplan.destination(of: "0044201234567", from: .extension("101"))
        == .trunk(["carrier", "peer"], "0044201234567"))
    #expect(dialplan.destination(of: "13812345678", from: .extension("101")) == .unavailable(.classNotAllowed))
    #expect(
      dialplan.destination(of: "13812345678", from: .extension("102")) == .trunk(["carrier", "peer"], "13812345678"))
    #expect(dialplan.destination(of: "02161234567", from: .trunk("carrier")) == .queue("service"))
    #expect(dialplan.destination(of: "77102", from: .trunk("peer")) == .extension("102"))
  }

  @Test("One listener and nothing else is a configuration: all the rest are defaults, those of the machines")
  func defaults() throws {
    let settings = try #require(reading("listen udp 127.0.0.1:5060").settings)
    let untouched = BranchSettings()
    #expect(settings.name == untouched.name)
    #expect(settings.language == untouched.language)
    #expect(settings.logLevel == untouched.logLevel)
    #expect(settings.mediaPorts == untouched.mediaPorts)
    #expect(settings.promptsDirectory == untouched.promptsDirectory)
    #expect(settings.storagePath == untouched.storagePath)
    #expect(settings.controlSocketPath == untouched.controlSocketPath)
    #expect(settings.callLimit == untouched.callLimit)
    #expect(settings.shutdownSeconds == untouched.shutdownSeconds)
    #expect(settings.userAgent.registrar == untouched.userAgent.registrar)
    #expect(settings.userAgent.realm == untouched.userAgent.realm)

    let text = "listen udp 0.0.0.0:5060\nextension 101 { secret abcdefgh1 }\nqueue q { agents 101; callback { } }"
    let queue = try #require(reading(text).settings).distributor.queues[0]
    #expect(queue == ACD.QueueSettings(name: "q", agents: ["101"], callback: ACD.CallbackSettings()))
  }
}
