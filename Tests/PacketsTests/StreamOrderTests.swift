import Testing

@testable import Packets

@Suite("TCP in order") struct StreamOrderTests {
  var order = StreamOrder()

  mutating func add(_ sequence: UInt32, _ text: String, syn: Bool = false, isCut: Bool = false) -> [StreamOrder.Piece] {
    order.add(.init(sequence: sequence, isSyn: syn, ends: false), Array(text.utf8)[...], isCut: isCut)
  }
  func bytes(_ text: String) -> StreamOrder.Piece { .bytes(Array(text.utf8)) }

  @Test("late, doubled and overlapping segments, across the wrap of the numbers")
  mutating func ordering() {
    #expect(add(UInt32.max - 2, "", syn: true).isEmpty)
    #expect(add(UInt32.max - 1, "ab") == [bytes("ab")])
    #expect(add(2, "ef").isEmpty)
    #expect(add(4, "gh").isEmpty)
    #expect(add(0, "cd") == [bytes("cd"), bytes("ef"), bytes("gh")])
    #expect(add(2, "ef").isEmpty)
    #expect(add(4, "ghij") == [bytes("ij")])
    #expect(order.gaps == 0)
  }

  @Test("a capture that begins amid a connection, and a new connection of the same ports")
  mutating func beginnings() {
    #expect(add(1_000, "x") == [bytes("x")])
    #expect(add(5, "", syn: true).isEmpty)
    #expect(add(6, "y") == [bytes("y")])
  }

  @Test("a gap that is not filled is stepped over when too much waits, or at the end")
  mutating func gaps() {
    #expect(add(0, "a") == [bytes("a")])
    var pieces: [StreamOrder.Piece] = []
    for index in 0...PacketLimits.maxUnorderedSegments { pieces += add(UInt32(10 + index), "b") }
    #expect(pieces.first == .gap && pieces.count == PacketLimits.maxUnorderedSegments + 2)
    #expect(order.gaps == 1)
    #expect(add(500, "c").isEmpty)
    #expect(order.finish() == [.gap, bytes("c")])
  }

  @Test("behind a segment whose end was not captured the place is unknown")
  mutating func cut() {
    #expect(add(0, "a", isCut: true) == [bytes("a"), .gap])
    #expect(add(100, "b") == [bytes("b")])
  }
}
