import Basics
import Testing

@testable import branchline

@Suite struct ReportSpanTests {
  private let now = WallTime(seconds: 1_772_352_960)

  @Test("a moment is a time with its offset, or so long ago")
  func moments() {
    #expect(ReportSpan.Moment("2026-03-01T08:15:00Z") == .at(WallTime(seconds: 1_772_352_900)))
    #expect(ReportSpan.Moment("2026-03-01T16:15:00+08:00") == .at(WallTime(seconds: 1_772_352_900)))
    #expect(ReportSpan.Moment("-30d") == .ago(2_592_000))
    #expect(ReportSpan.Moment("-90min") == .ago(5_400))
    for word in ["", "-", "30d", "-d", "-1y", "-99999999h", "2026-03-01", "1969-01-01T00:00:00Z"] {
      #expect(ReportSpan.Moment(ByteString(word)) == nil, "\(word)")
    }
  }

  @Test("a span ends with the quarter that is under way, or where it is told to")
  func spans() {
    let quarter: Int64 = 1_772_352_900 / 900
    #expect(ReportSpan(from: .ago(60)).quarters(at: now) == quarter..<quarter + 1)
    #expect(ReportSpan(from: .ago(61)).quarters(at: now) == quarter..<quarter + 1)
    #expect(ReportSpan(from: .ago(960)).quarters(at: now) == quarter - 1..<quarter + 1)
    #expect(ReportSpan(from: .ago(0), to: .ago(7_200)).quarters(at: now).isEmpty)
    #expect(ReportSpan(from: ReportSpan.usual).quarters(at: now).count == 192)
  }
}
