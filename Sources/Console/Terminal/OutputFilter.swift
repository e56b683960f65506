// What stands behind `|` on a command line, as a value: filters that lines run through, each one after the other. It
// keeps at most the last lines that were asked for.

import Basics
import Configuration

/// Give it every line, then `finish`:
///
///     var (command, filter) = try OutputFilter.split("show calls | match 101 | count")
public struct OutputFilter: Hashable, Sendable {
  /// The names of the filters, for completion and help. Each may be shortened to what no other begins with.
  public enum Verb: UInt8, Hashable, Sendable, CaseIterable {
    case match
    case except
    case find
    case count
    case last
    case noMore

    public var name: StaticString {
      switch self {
      case .match: "match"
      case .except: "except"
      case .find: "find"
      case .count: "count"
      case .last: "last"
      case .noMore: "no-more"
      }
    }

    /// What stands behind it; nil: nothing.
    var placeholder: StaticString? {
      switch self {
      case .match, .except, .find: "TEXT"
      case .last: "LINES"
      case .count, .noMore: nil
      }
    }

    public var help: Help {
      switch self {
      case .match: Help("lines that contain a text", "包含某文本的行")
      case .except: Help("lines that do not contain a text", "不包含某文本的行")
      case .find: Help("everything from the first line on that contains a text", "从首个包含某文本的行开始的全部内容")
      case .count: Help("how many lines there are", "行数")
      case .last: Help("the last lines", "最后若干行")
      case .noMore: Help("without a pause after each page", "不分页显示")
      }
    }
  }

  public enum Step: Hashable, Sendable {
    case match(LinePattern)
    case except(LinePattern)
    case find(LinePattern)
    case count
    case last(Int)
  }

  /// What a step remembers of the lines so far.
  private struct Memory: Hashable, Sendable {
    var hasFound = false
    var count = 0
    /// The last lines, the oldest at `count` modulo their number once there are as many as wanted.
    var lines: [ByteString] = []
  }

  public let steps: [Step]
  /// False with `| no-more`.
  public let isPaged: Bool
  private var memories: [Memory]

  public init(steps: [Step] = [], isPaged: Bool = true) {
    self.steps = steps
    self.isPaged = isPaged
    memories = [Memory](repeating: Memory(), count: steps.count)
  }

  /// The line if it comes through now.
  public mutating func pass(_ line: ByteString) -> ByteString? { pass(line, from: 0) }

  /// What the filters held back until the end.
  public mutating func finish(_ language: Language) -> [ByteString] {
    var out: [ByteString] = []
    for index in steps.indices {
      for line in held(by: index, language) {
        if let line = pass(line, from: index + 1) { out.append(line) }
      }
    }
    return out
  }

  private mutating func pass(_ line: ByteString, from start: Int) -> ByteString? {
    for index in steps.indices.dropFirst(start) {
      switch steps[index] {
      case .match(let pattern): if !pattern.matches(line) { return nil }
      case .except(let pattern): if pattern.matches(line) { return nil }
      case .find(let pattern):
        if !memories[index].hasFound && !pattern.matches(line) { return nil }
        memories[index].hasFound = true
      case .count:
        memories[index].count += 1
        return nil
      case .last(let wanted):
        keep(line, of: wanted, at: index)
        return nil
      }
    }
    return line
  }

  private mutating func keep(_ line: ByteString, of wanted: Int, at index: Int) {
    guard wanted > 0 else { return }
    if memories[index].lines.count < wanted {
      memories[index].lines.append(line)
    } else {
      memories[index].lines[memories[index].count % wanted] = line
    }
    memories[index].count += 1
  }

  private func held(by index: Int, _ language: Language) -> [ByteString] {
    let memory = memories[index]
    switch steps[index] {
    case .match, .except, .find: return []
    case .count:
      let isOne = memory.count == 1
      return [(Phrase(ByteString(memory.count)) + Phrase(isOne ? " line" : " lines", " 行")).text(language)]
    case .last:
      guard !memory.lines.isEmpty else { return [] }
      let oldest = memory.count % memory.lines.count
      return Array(memory.lines[oldest...] + memory.lines[..<oldest])
    }
  }
}
