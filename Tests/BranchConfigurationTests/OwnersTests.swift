import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("Statements about owners")
struct OwnersTests {
  private static let rest: ByteString = "listen udp 0.0.0.0:5060; extension 101 { secret \"correct horse\" }\n"

  private func problems(_ owners: ByteString, _ severity: ConfigurationError.Severity = .error) -> [String] {
    BranchSettings.parse((Self.rest + "owners { " + owners + " }").bytes).problems.filter { $0.severity == severity }
      .map { $0.text(.english).description }
  }

  @Test("sections of the hub and overrides arrive in the settings")
  func read() throws {
    let text =
      Self.rest + """
        queue service { agents 101 }
        owners {
          hub "queue service" outbound
          hub number-plan
          override "queue service / callback" { until 2026-12-24; reason "Christmas" }
        }
        """
    let reading = BranchSettings.parse(text.bytes)
    #expect(reading.problems.filter { $0.severity == .error }.isEmpty)
    let ownership = try #require(reading.settings?.ownership)
    #expect(ownership.hub == [["queue", "service"], ["outbound"], ["number-plan"]].map { SectionPath($0) })
    #expect(ownership.overrides == [.init(SectionPath(["queue", "service", "callback"]), until: 20_811)])
  }

  @Test("a section must be one that can be, and an override needs its last day")
  func checked() {
    #expect(problems("hub outbound \"queue service callback delay\" storage") == [])
    for wrong in ["owners", "schema", "quue", "\"queue service colour\"", "\"/\""] as [ByteString] {
      #expect(problems("hub " + wrong).count == 1, "\(wrong)")
    }
    #expect(problems("hub outbound; override outbound { reason x }").count == 1)
    #expect(problems("hub outbound; override outbound { until 2026-01-01..2026-01-05 }").count == 1)
    #expect(problems("hub outbound; override outbound { until 2026-01-01 }") == [])
    let warnings = problems("override outbound { until 2026-01-01 }", .warning)
    #expect(warnings.contains { $0.contains("an override of what the branch owns") })
  }
}
