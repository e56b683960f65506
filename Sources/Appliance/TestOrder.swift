// `test …`: what a technician tries out, as one line of words.

import Basics
import MediaEngine

public enum TestOrder: Equatable, Sendable {
  /// A call of the box to itself.
  case loop
  case call(extension: ByteString)
  /// To a number outside, over one trunk, whatever the routes say.
  case number(ByteString, trunk: ByteString)
  case trunk(ByteString)
  /// What is loaded of it, or, to an extension, how it sounds there.
  case prompt(Prompt, to: ByteString?)

  static var usage: StaticString {
    "test loop | test call EXTENSION | test call NUMBER via TRUNK | test trunk NAME | test prompt NAME [to EXTENSION]"
  }

  /// - Parameter words: from `test` on.
  init(_ words: [ByteString]) throws(Order.Fault) {
    let rest = words.dropFirst(2)
    switch (words.count > 1 ? words[1] : "", rest.count) {
    case ("loop", 0): self = .loop
    case ("call", 1): self = .call(extension: words[2])
    case ("call", 3) where words[3] == "via" && Self.canBeDialled(words[2]):
      self = .number(words[2], trunk: words[4])
    case ("trunk", 1): self = .trunk(words[2])
    case ("prompt", 1): self = .prompt(try Self.prompt(words[2]), to: nil)
    case ("prompt", 3) where words[3] == "to": self = .prompt(try Self.prompt(words[2]), to: words[4])
    default: throw .usage(ByteString(Self.usage))
    }
  }

  /// As the audit log has it.
  var subject: ByteString {
    switch self {
    case .loop: "itself"
    case .call(let user): user
    case .number(let number, let trunk): number.masked + " via " + trunk
    case .trunk(let name): name
    case .prompt(let prompt, let user): ByteString(prompt.name) + (user.map { " to " + $0 } ?? "")
    }
  }

  private static func canBeDialled(_ number: ByteString) -> Bool {
    let digits = number.hasPrefix("+") ? number.dropFirst(1) : number
    return (1...32).contains(digits.count) && digits.bytes.allSatisfy { $0.isASCIIDigit }
  }

  private static func prompt(_ name: ByteString) throws(Order.Fault) -> Prompt {
    guard let prompt = Prompt(name: name) else {
      throw .usage("test prompt NAME [to EXTENSION]; NAME as the file's, such as beep or all-busy")
    }
    return prompt
  }
}
