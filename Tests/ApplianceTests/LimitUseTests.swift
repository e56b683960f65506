import Basics
import BranchConfiguration
import Foundation
import Simulation
import Testing

@testable import Appliance

@Suite struct LimitUseTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources")

  /// Numbers that are no room that fills: sizes of one thing, tries, and what only the distributor counts with.
  private static let others: Set<String> = [
    // Of one thing.
    "ringAll", "dialogsPerInvite", "credentialsPerRequest", "glareRetries", "messageBytes", "reasonBytes",
    "dispositionBytes", "whyLines", "whyDecisions", "openSpans", "estimateClasses", "technicalFailures",
    "qualifyMisses", "restoredActs", "flightFileNumber", "channelsKept", "subscriptionMinimum", "subscriptionMaximum",
    "mediaRoomForNewCall", "numbersPerRun", "numbersSkipped", "ownTestKeys", "testKeys", "testKeyMilliseconds",
    // Of the storage's own housekeeping.
    "quarterRowsPerTurn", "quarterRowsPerAnswer", "uncountedEvents", "rowsBetweenTrims", "flightFiles",
    "flightSegments", "waitingRecordBytes", "eventsPerPage", "cachePages", "softHeapBytes", "logPages",
    "damagedDatabases", "threadStackBytes", "results", "copiedPagesPerTurn",
    // What a box with few extensions lets a stranger ask at once, and what each extension adds.
    "strangerBurst", "strangerBurstPerUser",
    // Of one call, message or turn.
    "reliableAnswersWaiting", "longestSession", "repetitionsPerInvite", "notifiesPerInterval", "maxRefusals",
    "largeRequestBytes",
    // Of one request or answer, of a thread, and what is left to others.
    "messagesAtOnce", "questions", "nameBytes", "passwordBytes", "subjectBytes", "tokenBytes", "headerBytes",
    "bodyBytes", "streamBytes", "answerBytes", "certificateBytes", "stackBytes", "freeBytes", "answerMilliseconds",
    "connectionsOfAddress", "connectionsOfPreferred",
  ]

  @Test("every room that can be full is among the limits that are shown")
  func complete() throws {
    let files = [
      "ACD/Limits.swift", "SIPUserAgent/Limits.swift", "SIPTransaction/Limits.swift", "Storage/StorageLimits.swift",
      "CallControl/CallControl.swift", "Appliance/SignallingTrace.swift", "Supervision/SupervisionLimits.swift",
      "WebServer/WebServer.swift", "branchline/Captures/CaptureDesk.swift", "branchline/Captures/CaptureRoom.swift",
      "branchline/ConsoleCommand.swift",
    ]
    var shown = ""
    for file in [
      "ACD/ACD+LimitUse", "SIPUserAgent/UserAgent+LimitUse", "Storage/JournalWriter+LimitUse",
      "CallControl/CallControl+LimitUse", "Supervision/Supervision+LimitUse", "Appliance/SignallingTrace",
      "WebServer/WebServer+LimitUse", "branchline/Captures/CaptureDesk", "branchline/Daemon+Questions",
    ] {
      let text = try String(contentsOf: Self.sources.appendingPathComponent(file + ".swift"), encoding: .utf8)
      shown += text.split(separator: "\n").filter { $0.contains("most:") }.joined(separator: "\n")
    }
    let declaration = /(?:static let|public var) (\w+)(?:: \w+)? = [0-9(]/
    var found = 0
    for file in files {
      let text = try String(contentsOf: Self.sources.appendingPathComponent(file), encoding: .utf8)
      for match in text.matches(of: declaration) {
        let name = String(match.1)
        // Counters begin at nothing; times are no room.
        guard !text[match.range].hasSuffix("= 0"), !name.hasSuffix("Seconds"), !name.hasSuffix("SecondsMax") else {
          continue
        }
        found += 1
        let isShown = shown.contains("imits.\(name),") || shown.contains("imits.\(name))")
        #expect(isShown != Self.others.contains(name), "\(file): \(name) is \(isShown ? "" : "not ")shown")
      }
    }
    #expect(found > 30, "the declarations are written otherwise now")
  }

  @Test("what is used and what was hit is what is there")
  func used() throws {
    let branch = try Branch(answers: false, more: "limits { calls 1 }\n")
    #expect(try Self.limit("calls", branch) == [1, 0, 0] && Self.limit("phones-of-extension", branch) == [8, 1, 0])
    branch.call(0, "102")
    branch.wait(3)
    branch.call(2, "102")
    branch.wait(3)
    #expect(try Self.limit("calls", branch) == [1, 1, 1] && Self.limit("legs", branch) == [512, 2, 0])
    #expect(branch.status(2) == 503)
  }

  /// Most, used, hits.
  private static func limit(_ name: String, _ branch: Branch) throws -> [Int] {
    let bytes = branch.world.request("limits")
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
    let row = try #require(rows.first { $0["limit"] as? String == name })
    return ["most", "used", "hits"].map { row[$0] as? Int ?? -1 }
  }
}
