// The lines that were entered, oldest first, bounded. Empty lines are left out, and a line equal to the one before it.

import Basics

public struct LineHistory: Hashable, Sendable {
  public private(set) var lines: [ByteString] = []

  public init(_ lines: [ByteString] = []) {
    for line in lines.suffix(ConsoleLimits.historyLines) { add(EditedLine(line).text) }
  }

  mutating func add(_ line: ByteString) {
    guard line.bytes.contains(where: { $0 != 0x20 }), line != lines.last else { return }
    if lines.count >= ConsoleLimits.historyLines { lines.removeFirst() }
    lines.append(line)
  }

  /// The latest line before `end` that contains `text`, and where in it.
  func search(_ text: [UInt8], before end: Int) -> (index: Int, offset: Int)? {
    for index in lines[..<min(end, lines.count)].indices.reversed() {
      if let offset = LinePattern.find(text, in: lines[index].bytes) { return (index, offset) }
    }
    return nil
  }
}
