import Testing

@testable import Basics

@Suite struct LineRingTests {
  @Test("the latest lines are kept within both limits, and keep their numbers")
  func limits() {
    var ring = LineRing(lineLimit: 3, byteLimit: 10)
    for line in ["1", "22", "333", "4444"] as [ByteString] { ring.append(line) }
    #expect(ring.latest(9) == ["22", "333", "4444"] && ring.byteCount == 9)
    #expect(ring.first == 1 && ring.next == 4)
    ring.append("55555")
    #expect(ring.latest(9) == ["4444", "55555"] && ring.lines(from: 0) == ["4444", "55555"])
    #expect(ring.lines(from: 4) == ["55555"] && ring.lines(from: 5) == [] && ring.latest(1) == ["55555"])
  }

  @Test("a line without room has its number all the same; after clearing, numbers go on")
  func tooLong() {
    var ring = LineRing(lineLimit: 3, byteLimit: 4)
    ring.append("a")
    ring.append("too long")
    #expect(ring.count == 0 && ring.next == 2)
    ring.append("b")
    #expect(ring.lines(from: 0) == ["b"] && ring.first == 2)
    ring.clear()
    #expect(ring.count == 0 && ring.byteCount == 0 && ring.next == 3)
  }
}
