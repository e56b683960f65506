// The latest lines of a text, numbered from 0 on: as many as there is room for. What was asked for and is gone is left
// out, so whoever follows it sees by the numbers what was missed.

public struct LineRing: Sendable {
  private var lines = Fifo<ByteString>()
  private let lineLimit: Int
  private let byteLimit: Int
  /// Of the lines that are kept.
  public private(set) var byteCount = 0
  /// The number that the next line will have.
  public private(set) var next = 0

  public init(lineLimit: Int, byteLimit: Int) {
    self.lineLimit = lineLimit
    self.byteLimit = byteLimit
  }

  public var count: Int { lines.count }
  /// The number of the oldest line that is kept.
  public var first: Int { next - lines.count }

  /// A line that is longer than all the room is left out, and has its number.
  public mutating func append(_ line: ByteString) {
    next += 1
    guard line.count <= byteLimit else { return clear() }
    lines.append(line)
    byteCount += line.count
    while lines.count > lineLimit || byteCount > byteLimit, let gone = lines.popFirst() { byteCount -= gone.count }
  }

  /// Numbers go on.
  public mutating func clear() {
    lines = Fifo()
    byteCount = 0
  }

  /// From this number on, oldest first.
  public func lines(from number: Int) -> [ByteString] { latest(next - max(first, min(number, next))) }

  /// Oldest first.
  public func latest(_ count: Int) -> [ByteString] { Array(lines.all.suffix(max(0, count))) }
}
