import Basics
import BranchConfiguration
import FlightRecorder
import Journal
import SIPTransaction
import Simulation
import SIPUserAgent
import Testing

@testable import Appliance

/// A core alone: what the shell tells it, and which alarms it has then.
private struct Box {
  var appliance = Appliance(
    recorder: FlightRecorder(
      SegmentStart(run: 1, startedAt: WallTime(seconds: 0), version: "test"), segmentBytes: 1 << 20))
  var now = Instant.zero
  var log: [String] = []

  init() { tell(.wall(WallTime(seconds: 1_767_225_600), trusted: true)) }

  mutating func tell(_ input: Appliance.Input) {
    appliance.handle(input, at: now)
    while let output = appliance.pollOutput() {
      if case .log(let entry) = output { log.append("\(entry.event) \(entry.text)") }
    }
  }

  mutating func pass(_ time: Interval) {
    now = now + time
    tell(.wall(WallTime(seconds: 1_767_225_600) + (now - .zero), trusted: true))
  }

  mutating func surroundings(_ change: (inout Surroundings) -> Void) {
    var new = appliance.surroundings
    change(&new)
    tell(.surroundings(new))
  }

  var raised: [AlarmKind] { appliance.alarms.raised.map { $0.cause.kind } }
}

@Suite struct AlarmTests {
  /// What begins an alarm, and what ends it.
  private struct Story: Sendable {
    var kind: AlarmKind
    var begins: @Sendable (inout Box) -> Void
    /// nil: it lasts until the next start.
    var ends: (@Sendable (inout Box) -> Void)?
  }

  private static let stories: [Story] = [
    Story(
      kind: .clockUntrusted, begins: { $0.tell(.wall(WallTime(seconds: 1), trusted: false)) },
      ends: { $0.tell(.wall(WallTime(seconds: 1_767_225_600), trusted: true)) }),
    Story(
      kind: .storageUnusable, begins: { $0.surroundings { $0.hasStorage = false } },
      ends: { $0.surroundings { $0.hasStorage = true } }),
    Story(
      kind: .storageFailing, begins: { $0.tell(.persistFailed(from: Ticket(1), .diskFull)) },
      ends: { $0.tell(.durable(upTo: Ticket(1))) }),
    Story(
      kind: .databaseDamaged,
      begins: {
        var restored = Restored()
        restored.wasDamaged = true
        $0.tell(.restored(restored))
      }),
    Story(
      kind: .diskNearlyFull,
      begins: { $0.surroundings { ($0.diskBytes, $0.diskFreeBytes) = (1 << 30, 50 << 20) } },
      ends: { $0.surroundings { $0.diskFreeBytes = 77 << 20 } }),
    Story(kind: .recorderEnded, begins: { $0.tell(.recordLost) }),
    Story(
      kind: .promptsUnusable, begins: { $0.surroundings { $0.unusablePrompts = 2 } },
      ends: { $0.surroundings { $0.unusablePrompts = 0 } }),
    Story(
      kind: .listenersMissing, begins: { $0.surroundings { $0.lacksListeners = true } },
      ends: { $0.surroundings { $0.lacksListeners = false } }),
    Story(kind: .powerFailing, begins: { $0.tell(.power(.failing)) }, ends: { $0.tell(.power(.good)) }),
    Story(kind: .powerUnreadable, begins: { $0.tell(.power(.unreadable)) }, ends: { $0.tell(.power(.good)) }),
    Story(
      kind: .brownOut, begins: { $0.tell(.order(1, .act(.brownOut(true)), by: "lee")) },
      ends: { $0.tell(.order(2, .act(.brownOut(false)), by: "lee")) }),
    Story(
      kind: .filesNotWritten, begins: { $0.surroundings { $0.failedFileWorks = 1 } },
      ends: { $0.pass(Alarms.Limits.recent) }),
    Story(
      kind: .mediaCommandsLost, begins: { $0.surroundings { $0.lostMediaCommands = 3 } },
      ends: { $0.pass(Alarms.Limits.recent) }),
    Story(
      kind: .logLinesDropped, begins: { $0.surroundings { $0.droppedLogLines = 7 } },
      ends: { $0.pass(Alarms.Limits.recent) }),
  ]

  /// Those that need phones and trunks have tests of their own, below.
  private static let others: Set<AlarmKind> = [
    .trunkDown, .promisesRefused, .commitUnconfirmed, .limitHit, .callbacksRest, .sourcesBlocked,
  ]

  @Test("each alarm begins with its cause and ends with it, and both are in the log", arguments: stories.indices)
  func each(_ index: Int) {
    let story = Self.stories[index]
    var box = Box()
    #expect(box.raised == [])
    story.begins(&box)
    #expect(box.raised.contains(story.kind))
    #expect(box.log.contains { $0.hasPrefix("alarm.raised \(story.kind.word)") }, "\(box.log)")
    story.begins(&box)
    box.pass(.seconds(60))
    #expect(box.raised.contains(story.kind) || story.kind == .clockUntrusted)
    #expect(box.log.count { $0.hasPrefix("alarm.raised \(story.kind.word)") } == 1, "\(box.log)")
    guard let ends = story.ends else { return }
    ends(&box)
    #expect(box.raised == [])
    #expect(box.log.contains { $0.hasPrefix("alarm.cleared \(story.kind.word)") }, "\(box.log)")
  }

  @Test("every kind has a story, words of its own in both languages, and a cure that fits a line")
  func complete() {
    #expect(Set(Self.stories.map { $0.kind }).union(Self.others) == Set(AlarmKind.allCases))
    #expect(Set(AlarmKind.allCases.map { "\($0.word)" }).count == AlarmKind.allCases.count)
    for kind in AlarmKind.allCases {
      let english = kind.text(.english, of: "carrier")
      let chinese = kind.text(.chinese, of: "carrier")
      #expect(english.bytes.allSatisfy { $0 < 0x80 } && english != chinese && !english.bytes.contains(0x25), "\(kind)")
      #expect(kind.cure(.english).count <= 72 && !kind.cure(.chinese).isEmpty, "\(kind)")
    }
  }

  @Test("a source that is blocked is an alarm for as long as it is")
  func blockedSource() {
    var box = Box()
    for number in 0...UserAgent.Limits.strangerBurst {
      let text =
        "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.6;branch=z9hG4bK\(number)\r\nFrom: <sip:a@b>;tag=1\r\n"
        + "To: <sip:a@b>\r\nCall-ID: \(number)\r\nCSeq: 1 OPTIONS\r\n\r\n"
      let from = Endpoint(.v4(0xCB00_7106), 5060)
      box.tell(.transport(.datagram(listener: 0, from: from, bytes: Array(text.utf8))))
    }
    box.pass(.seconds(1))
    #expect(box.raised.contains(.sourcesBlocked))
    #expect(box.log.contains { $0.hasPrefix("alarm.raised sources-blocked") })
    box.pass(.seconds(30))
    #expect(!box.raised.contains(.sourcesBlocked))
    #expect(box.log.contains { $0.hasPrefix("alarm.cleared sources-blocked") })
  }

  @Test("a disk that is nearly full is so until there is clearly more room")
  func disk() {
    var box = Box()
    func look(_ megabytes: Int) -> Bool {
      box.surroundings { ($0.diskBytes, $0.diskFreeBytes) = (1 << 30, megabytes << 20) }
      return box.raised == [.diskNearlyFull]
    }
    #expect(!look(60) && look(50) && look(60) && look(75) && !look(80) && !look(60))
    // What is little of a large disk is much, and a small one needs its share.
    box.surroundings { ($0.diskBytes, $0.diskFreeBytes) = (128 << 20, 33 << 20) }
    #expect(box.raised == [])
    box.surroundings { $0.diskFreeBytes = 31 << 20 }
    #expect(box.raised == [.diskNearlyFull])
    box.surroundings { $0.diskFreeBytes = nil }
    #expect(box.raised == [])
  }

  @Test("what happens again stays an alarm from then on; the newest stands first")
  func again() {
    var box = Box()
    box.surroundings { $0.droppedLogLines = 1 }
    box.pass(.minutes(5))
    box.tell(.power(.unreadable))
    let answer = String(decoding: box.appliance.answer(.alarms, at: box.now), as: UTF8.self)
    #expect(answer.hasPrefix(#"[{"alarm":"power-unreadable""#) && answer.contains(#""alarm":"log-lines-dropped""#))
    #expect(answer.contains(#""since":"2026-01-01T00:00:00Z","seconds":300"#), "\(answer)")
    box.surroundings { $0.droppedLogLines = 2 }
    box.pass(.minutes(6))
    #expect(box.raised == [.logLinesDropped, .powerUnreadable])
    box.pass(.minutes(4))
    #expect(box.raised == [.powerUnreadable])
    #expect(String(decoding: box.appliance.answer(.status, at: box.now), as: UTF8.self).contains(#""alarms":1"#))
  }

  @Test("a trunk that does not answer is an alarm until it does")
  func trunk() throws {
    let branch = try Branch(
      more: "trunk second { peer { address 10.8.0.7:5060 }; channels 3; qualify 10s; caller-number 02112345678 }\n")
    // Two questions without an answer, and some patience.
    branch.wait(35)
    #expect(branch.says(.alarms, #""alarm":"trunk-down","subject":"second","severity":"critical""#))
    #expect(branch.world.log.contains { $0.contains("alarm.raised 0 trunk-down second") })
    #expect(!branch.says(.alarms, "carrier"))
    branch.world.add(
      .carrier,
      SoftPhone.Setup(
        name: "second", account: .peer(authUser: "", secret: ""), own: Endpoint(.v4(0x0A08_0007), 5060),
        box: World.boxEndpoint, mediaPort: 30_000, number: "second", manner: .letsItRing))
    branch.wait(15)
    #expect(!branch.says(.alarms, "trunk-down"))
    #expect(branch.world.log.contains { $0.contains("alarm.cleared 0 trunk-down second, after ") })
  }

  @Test("a limit that is hit is an alarm for ten minutes")
  func limit() throws {
    let branch = try Branch(answers: false, more: "limits { calls 1 }\n")
    branch.call(0, "102")
    branch.wait(2)
    #expect(!branch.says(.alarms, "limit-hit"))
    branch.call(2, "102")
    branch.wait(2)
    #expect(branch.says(.alarms, #""alarm":"limit-hit","subject":"calls""#))
    branch.wait(700)
    #expect(!branch.says(.alarms, "limit-hit"))
  }

  @Test("a commit that waits for its confirmation is an alarm with its revision")
  func commit() throws {
    let branch = try Branch()
    branch.world.keepConfigurations(Branch.text().bytes)
    var commit = ConfigurationCommit(text: Branch.text(queue: "ring 5s").bytes)
    commit.confirmWithin = .minutes(10)
    _ = branch.world.order(.commit(commit))
    #expect(branch.says(.alarms, #""alarm":"commit-unconfirmed","subject":"2""#))
    _ = branch.world.order(.confirm)
    #expect(!branch.says(.alarms, "commit-unconfirmed"))
  }

  @Test("promises that a full disk refuses are an alarm")
  func promises() throws {
    let branch = try Branch(sound: true)
    branch.logIn()
    branch.world.plan(.fillDisk(true), after: .zero)
    CallbackTests.planned(branch)
    branch.wait(14)
    #expect(branch.says(.alarms, #""alarm":"promises-refused""#) && branch.says(.alarms, #""alarm":"storage-failing""#))
    branch.world.plan(.fillDisk(false), after: .zero)
    branch.wait(120)
    #expect(!branch.says(.alarms, "storage-failing") && branch.says(.alarms, "promises-refused"))
  }
}
