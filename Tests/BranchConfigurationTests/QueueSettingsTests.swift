import ACD
import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("Settings of queues and agents")
struct QueueSettingsTests {
  static let phones = """
    listen udp 0.0.0.0:5060
    extension 101 { secret "a first secret"; name "Desk" }
    extension 102 { secret "a second secret" }
    extension 103 { secret "a third secret" }
    extension 104 { secret "a fourth secret" }
    trunk carrier { peer { address 198.51.100.1 }; channels 8 }
    inbound all { to queue q }
    outbound all { number 0X. 1X.; trunk carrier }

    """

  static let full =
    phones + """
      hours office { weekdays 09:00-18:00 }
      agent 101 { name "Agent Li"; skills french:5 english; capacity chat 3; capacity mail 0; calls-beside-text yes }
      agent 104 { skills french:2 }
      queue q {
        agents 101 102
        reserve after 45s 103 104
        strategy weighted-random
        weight 101 3; weight 103 7
        share 4
        hours office
        skills french:3 english:1
        widen after 30s french:1
        anyone after 1min
        age every 2min
        preferred-agent 40s
        unreachable-after 3
        service-level 25s; short-abandon 8s; rejoin 3min; survey yes
        join working; stay logged-in
        callback {
          mode customer-first; confirm 12s; offer-from 2min; other-number no; record-name yes
          closing drain 15min; closing-margin 10min; slots 6 every 30min
        }
      }
      """

  @Test("Everything that is written of a queue arrives in its settings")
  func everything() throws {
    let reading = reading(Self.full)
    for problem in reading.problems { Issue.record("\(problem.text())") }
    let settings = try #require(reading.settings)
    let rings: [ACD.SkillRing] = [
      .init([.init("french", 3), .init("english", 1)]), .init(afterSeconds: 30, [.init("french", 1)]),
      .init(afterSeconds: 60, []),
    ]
    #expect(
      settings.distributor.queues == [
        ACD.QueueSettings(
          name: "q",
          members: [
            .init("101", weight: 3), .init("102"), .init("103", isReserve: true, weight: 7),
            .init("104", isReserve: true),
          ],
          strategy: .weightedRandom, weight: 4, rings: rings, ageEverySeconds: 120, reserveAfterSeconds: 45,
          preferredAgentSeconds: 40, unreachableAfter: 3, joinPolicy: .working, stayPolicy: .loggedIn,
          serviceLevelSeconds: 25, shortAbandonSeconds: 8, rejoinSeconds: 180,
          callback: .init(
            mode: .customerFirst, offerFromSeconds: 120, allowsOtherNumber: false, recordsName: true,
            confirmSeconds: 12, closing: .drain, drainMinutes: 15, closingMarginSeconds: 600, perSlot: 6,
            slotMinutes: 30), survey: true)
      ])
    #expect(settings.queues.map { $0.hours } == ["office"])
  }

  @Test("An agent's block says what the agent can do; the others are agents with nothing of their own")
  func agents() throws {
    let agents = try #require(reading(Self.full).settings).distributor.agents
    #expect(
      agents == [
        ACD.AgentSettings(
          extension: "101", displayName: "Agent Li", skills: [.init("french", 5), .init("english", 1)],
          capacity: [.chat: 3, .mail: 0], takesCallsBesideText: true),
        .init(extension: "102"), .init(extension: "103"),
        .init(extension: "104", skills: [.init("french", 2)]),
      ])
  }

  @Test("What is not written is what the distributor's own settings say")
  func defaults() throws {
    let text = Self.phones + "agent 101 { }\nqueue q { agents 101; callback { } }"
    let distributor = try #require(reading(text).settings).distributor
    #expect(distributor.queues == [ACD.QueueSettings(name: "q", agents: ["101"], callback: .init())])
    #expect(distributor.agents == [ACD.AgentSettings(extension: "101", displayName: "Desk")])
  }

  @Test(
    "Each strategy, condition, mode and policy has a word, and the word means it",
    arguments: [
      ("longest-idle", .longestIdle), ("round-robin", .roundRobin), ("fewest-calls", .fewestCalls),
      ("least-talk-time", .leastTalkTime), ("most-skilled", .mostSkilled), ("linear", .linear),
      ("ring-all", .ringAll), ("weighted-random", .weightedRandom),
    ] as [(String, ACD.Strategy)])
  func strategies(word: String, strategy: ACD.Strategy) throws {
    #expect(try queue("strategy \(word)").strategy == strategy)
  }

  @Test("Conditions, modes and policies mean what they say")
  func words() throws {
    for (word, policy) in [("logged-in", .loggedIn), ("working", .working), ("always", .always)]
      as [(String, ACD.EmptyPolicy)]
    {
      #expect(try queue("join \(word)").joinPolicy == policy)
      #expect(try queue("stay \(word)").stayPolicy == policy)
    }
    for (word, mode) in [("agent-first", .agentFirst), ("customer-first", .customerFirst)]
      as [(String, ACD.CallbackMode)]
    {
      #expect(try queue("callback { mode \(word) }").callback?.mode == mode)
    }
    for (word, policy) in [("carry-over", .carryOver), ("drain 5min", .drain), ("cancel", .cancel)]
      as [(String, ACD.ClosingPolicy)]
    {
      #expect(try queue("callback { closing \(word) }").callback?.closing == policy)
    }
  }

  private func queue(_ statement: String) throws -> ACD.QueueSettings {
    let reading = reading(Self.phones + "queue q { agents 101; \(statement) }")
    return try #require(reading.settings?.distributor.queues.first, "\(reading.errors.map { $0.text() })")
  }
}
