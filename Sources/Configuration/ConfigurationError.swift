// What is wrong with a configuration, and where: every problem of a file at once, in the order of the file.

import Basics

/// A place in a file: lines and columns count from 1, columns in characters.
public struct Position: Hashable, Comparable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
  public static let start = Position(line: 1, column: 1)
  public static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

public struct ConfigurationError: Error, Hashable, Sendable {
  public enum Severity: UInt8, Sendable {
    /// The settings can be used; a person should look.
    case warning
    case error
  }
  public enum Kind: UInt8, Sendable {
    case syntax
    case unknownName
    case missing
    case duplicate
    case invalidValue
    case danglingReference
    /// Each value is right, together they are not.
    case conflict
    case limit
  }

  public var severity: Severity
  public var kind: Kind
  public var position: Position
  /// The blocks around it: `queue service / callback`; empty at the top.
  public var path: ByteString
  /// What stood there; secrets are not repeated.
  public var found: Phrase
  public var expected: Phrase
  /// The known name nearest to what stood there, empty if none is near.
  public var suggestion: ByteString

  public init(
    _ kind: Kind, at position: Position, path: ByteString = "", found: Phrase, expected: Phrase,
    suggestion: ByteString = "", severity: Severity = .error
  ) {
    self.severity = severity
    self.kind = kind
    self.position = position
    self.path = path
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }

  /// One line: `line 12, column 5: in queue service: found "rign", expected …; did you mean "ring"?`
  public func text(_ language: Language = .english) -> ByteString {
    var writer = ByteWriter(capacity: 120)
    switch language {
    case .english: writeEnglish(to: &writer)
    case .chinese: writeChinese(to: &writer)
    }
    return Self.oneLine(writer.bytes)
  }

  /// The same without the place, for those who give it in a form of their own.
  public func message(_ language: Language) -> ByteString {
    var writer = ByteWriter(capacity: 100)
    switch language {
    case .english: writeEnglishMessage(to: &writer)
    case .chinese: writeChineseMessage(to: &writer)
    }
    return Self.oneLine(writer.bytes)
  }

  /// With `?` for what a file had in it that is no text, or would end the line.
  private static func oneLine(_ bytes: [UInt8]) -> ByteString {
    var line: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let length = byte < 0x80 ? 1 : UTF8.sequenceLength(in: bytes, at: index)
      if let length, byte >= 0x20, byte != 0x7F {
        line += bytes[index..<index + length]
      } else {
        line.append(UInt8(ascii: "?"))
      }
      index += length ?? 1
    }
    return ByteString(line)
  }

  private func writeEnglish(to writer: inout ByteWriter) {
    writer.append("line ")
    writer.append(decimal: position.line)
    writer.append(", column ")
    writer.append(decimal: position.column)
    writer.append(": ")
    writeEnglishMessage(to: &writer)
  }

  private func writeEnglishMessage(to writer: inout ByteWriter) {
    if severity == .warning { writer.append("warning: ") }
    if !path.isEmpty {
      writer.append("in ")
      writer.append(path)
      writer.append(": ")
    }
    writer.append("found ")
    writer.append(found.english)
    writer.append(", expected ")
    writer.append(expected.english)
    if !suggestion.isEmpty {
      writer.append("; did you mean \"")
      writer.append(suggestion)
      writer.append("\"?")
    }
  }

  private func writeChinese(to writer: inout ByteWriter) {
    writer.append("第 ")
    writer.append(decimal: position.line)
    writer.append(" 行第 ")
    writer.append(decimal: position.column)
    writer.append(" 列：")
    writeChineseMessage(to: &writer)
  }

  private func writeChineseMessage(to writer: inout ByteWriter) {
    if severity == .warning { writer.append("警告：") }
    if !path.isEmpty {
      writer.append("在 ")
      writer.append(path)
      writer.append(" 中：")
    }
    // What is missing is not there.
    if kind != .missing { writer.append("此处是 ") }
    writer.append(found.chinese)
    writer.append("，应为")
    writer.append(expected.chinese)
    if !suggestion.isEmpty {
      writer.append("；是否想写 \"")
      writer.append(suggestion)
      writer.append("\"？")
    }
  }
}

/// The problems of one file, bounded; what exceeds the bound is counted.
public struct Problems: Sendable {
  private var list: [ConfigurationError] = []
  /// Problems that were found after the list was full.
  public private(set) var dropped = 0
  /// Also true of errors that were only counted.
  public private(set) var hasErrors = false

  public init() {}

  public mutating func add(_ error: ConfigurationError) {
    if error.severity == .error { hasErrors = true }
    guard !isFull else {
      dropped += 1
      return
    }
    list.append(error)
  }

  public var isEmpty: Bool { list.isEmpty }
  /// What is added now is only counted.
  public var isFull: Bool { list.count >= ConfigurationLimits.maximumProblems }

  /// All of them by position, those of one place in the order they were found.
  public var sorted: [ConfigurationError] {
    let order = list.indices.sorted { a, b in
      (list[a].position, a) < (list[b].position, b)
    }
    return order.map { list[$0] }
  }
}

extension ByteString {
  /// In double quotes, as it would be written in a file.
  public var quoted: ByteString {
    var writer = ByteWriter(capacity: count + 2)
    ConfigurationFormatter.writeQuoted(self, to: &writer)
    return ByteString(writer.bytes)
  }
}

extension Phrase {
  /// A word of the file, in quotation marks.
  public init(quoting word: ByteString) { self.init(word.quoted) }
}
