// One text file with all that somebody needs who helps from afar: every answer, the configuration, the latest of the log.
// Secrets are `***`, numbers of customers are masked, and there are neither recordings nor keys.

import Basics
import Configuration
import Console

struct SupportBundle {
  private var writer = ByteWriter(capacity: 65_536)

  init(branch: ByteString, at time: WallTime) {
    writer.append(
      ByteString("Branchline support bundle of ") + Table.printable(branch) + ", " + ByteString(time.rfc3339) + "\n")
  }

  var bytes: [UInt8] { writer.bytes }

  /// The answer to a question, as a person would see it on a wide screen.
  mutating func add(_ question: Question, _ answer: [UInt8]) {
    begin(ByteString(question.name))
    guard let value = JSONValue(parsing: answer) else { return writer.append("no answer\n") }
    switch question {
    // What people have typed or called may have numbers in it.
    case .audit, .commits, .log, .calls: append(Self.lines(value), masksNumbers: true)
    default: append(Self.lines(value), masksNumbers: false)
    }
  }

  /// - Parameter text: of the configuration, its secrets hidden already.
  mutating func add(configuration text: [UInt8]) {
    begin("configuration")
    append(text, masksNumbers: false)
  }

  private static func lines(_ value: JSONValue) -> [UInt8] {
    if let lines = Answer.toAlarms(value, .english) ?? Answer.toConfiguration(value) {
      return lines.reduce(into: []) { $0 += $1.bytes + [UInt8(ascii: "\n")] }
    }
    return Table(value, .english).text
  }

  private mutating func begin(_ title: ByteString) { writer.append(ByteString("\n==== ") + title + " ====\n") }

  private mutating func append(_ text: [UInt8], masksNumbers: Bool) {
    writer.append(ByteString(masksNumbers ? Self.maskingNumbers(text) : text))
  }

  /// Runs of seven digits or more, as numbers of telephones are.
  static func maskingNumbers(_ text: [UInt8]) -> [UInt8] {
    var masked: [UInt8] = []
    var index = 0
    while index < text.count {
      let digits = text[index...].prefix { $0.isASCIIDigit }
      if digits.isEmpty {
        masked.append(text[index])
        index += 1
      } else {
        masked += digits.count > 6 ? ByteString(digits).masked.bytes : Array(digits)
        index = digits.endIndex
      }
    }
    return masked
  }
}
