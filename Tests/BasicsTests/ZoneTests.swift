import Basics
import Testing

@Suite struct ZoneTests {
  private let time = WallTime(seconds: 1_791_802_931)  // 2026-10-12T11:02:11Z

  @Test(
    "A time is written with the distance of its zone",
    arguments: [
      (480, "2026-10-12T19:02:11+08:00"), (0, "2026-10-12T11:02:11+00:00"), (-570, "2026-10-12T01:32:11-09:30"),
    ])
  func text(minutes: Int, text: String) {
    #expect("\(Zone(minutes: minutes).text(time))" == text)
    #expect(WallTime(rfc3339: ByteString(text)) == time)
  }

  @Test("The clock on the wall shows the date only of another day there")
  func clock() {
    let zone = Zone(minutes: 480)
    #expect(zone.clock(time, asOf: time + .hours(4)) == "19:02:11")
    #expect(zone.clock(time, asOf: time + .hours(5)) == "2026-10-12 19:02:11")
    #expect(Zone.utc.clock(time, asOf: time + .hours(5)) == "11:02:11")
  }
}
