import Appliance
import Basics
import BranchConfiguration
import Console
import Foundation
import Testing

@testable import branchline

@Suite struct SupportBundleTests {
  private static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Board/common/branch.conf")

  @Test("no secret of the sample configuration and no hash is in it, however they are written")
  func secrets() throws {
    let sample = try String(contentsOf: Self.sample, encoding: .utf8)
    let secrets = sample.matches(of: /secret "([^"]+)"/).map { String($0.1) }
    #expect(secrets.count > 3)
    let hash = "$argon2id$v=19$m=8192,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaA"
    let more = "\nuser lee { role technician; password \"\(hash)\" }\nextension 190 { secret $sealed1$AAAABBBBCCCC }\n"
    var bundle = SupportBundle(branch: "Branch", at: WallTime(seconds: 0))
    // What stands behind # is no statement, and goes as it is: there the sample has its examples.
    let text = sample.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n") + more
    bundle.add(configuration: ConfigurationKeeper.masked(Array(text.utf8)))
    let written = String(decoding: bundle.bytes, as: UTF8.self)
    #expect(written.contains("extension 101 {") && written.contains("secret ***") && written.contains("password ***"))
    for secret in secrets where text.contains(secret) { #expect(!written.contains(secret), "\(secret)") }
    #expect(!written.contains("argon2") && !written.contains("sealed1"))
  }

  @Test("each answer stands below its name, as a table")
  func sections() {
    var bundle = SupportBundle(branch: "Branch\u{1B}[2J", at: WallTime(seconds: 0))
    bundle.add(.agents, Array(#"[{"agent":"101","name":"Lee"}]"#.utf8))
    bundle.add(.log, Array(#"{"next":1,"lines":["1970 notice x"]}"#.utf8))
    bundle.add(.process, [])
    #expect(
      String(decoding: bundle.bytes, as: UTF8.self) == """
        Branchline support bundle of Branch?[2J, 1970-01-01T00:00:00Z

        ==== agents ====
        Agent  Name
        101    Lee

        ==== log ====
        1970 notice x

        ==== process ====
        no answer

        """)
  }

  @Test("numbers that somebody has typed are masked; times, extensions and revisions are not")
  func numbers() {
    var bundle = SupportBundle(branch: "B", at: WallTime(seconds: 0))
    let act = #"[{"at":"2026-03-01T08:15:00Z","by":"lee","act":"typed","subject":"test call 13812345678 by 101"}]"#
    bundle.add(.audit, Array(act.utf8))
    let written = String(decoding: bundle.bytes, as: UTF8.self)
    #expect(written.contains("2026-03-01T08:15:00Z") && written.contains("test call 138****5678 by 101"))
  }
}
