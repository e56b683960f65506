// What a person may ask of the configurations that are kept, as one line of words behind `configuration`; the text of a
// commit comes beside it.

import Basics
import Configuration
import Revisions

public enum ConfigurationOrder: Equatable, Sendable {
  /// nil: the one that runs.
  case show(Int?, isSetForm: Bool)
  case revisions
  /// What the second has that the first has not; nil: the one that runs.
  case compare(Int, Int?)
  case commit(ConfigurationCommit)
  /// An older one again, as a new commit.
  case rollBack(Int, ConfigurationCommit)
  case confirm
  /// Take back what waits for its confirmation.
  case undo

  /// Begins such a line.
  public static var word: ByteString { "configuration" }

  /// What may follow.
  public static var usage: ByteString {
    "configuration show [REVISION] [set] | revisions | compare REVISION [REVISION] | check FILE | commit FILE"
      + " | rollback REVISION | confirm | undo; commit and rollback: [confirmed MINUTES] [base REVISION] [comment TEXT]"
  }

  /// Whether a text goes with the line: that of a file.
  public static func takesText(_ word: ByteString) -> Bool { word == "check" || word == "commit" }

  /// - Parameter words: those behind `configuration`.
  public init(_ words: [ByteString], text: [UInt8]) throws(Order.Fault) {
    let fault = Order.Fault.usage(Self.usage)
    let rest = words.dropFirst()
    switch (words.first, rest.count) {
    case ("show", 0...2):
      let number = rest.first?.decimalValue
      guard rest.dropFirst(number == nil ? 0 : 1).allSatisfy({ $0 == "set" }) else { throw fault }
      self = .show(number, isSetForm: rest.last == "set")
    case ("revisions", 0): self = .revisions
    case ("compare", 1...2):
      let numbers = rest.map { $0.decimalValue }
      guard let first = numbers[0], !numbers.contains(nil) else { throw fault }
      self = .compare(first, numbers.count > 1 ? numbers[1] : nil)
    case ("check", _): self = .commit(try ConfigurationCommit(rest, text: text, isTrial: true, fault))
    case ("commit", _): self = .commit(try ConfigurationCommit(rest, text: text, fault))
    case ("rollback", 1...):
      guard let number = rest.first?.decimalValue else { throw fault }
      self = .rollBack(number, try ConfigurationCommit(rest.dropFirst(), text: [], fault))
    case ("confirm", 0): self = .confirm
    case ("undo", 0): self = .undo
    default: throw fault
    }
  }
}

public struct ConfigurationCommit: Equatable, Sendable {
  public var text: [UInt8]
  /// Verified, and nothing else.
  public var isTrial: Bool
  public var confirmWithin: Interval?
  public var base: Int?
  public var comment: ByteString = ""
  /// For whom: the hub's link says so of what it brings; whoever is at this box is the branch.
  public var owner = Owner.branch

  public init(text: [UInt8], isTrial: Bool = false, confirmWithin: Interval? = nil, base: Int? = nil) {
    self.text = text
    self.isTrial = isTrial
    self.confirmWithin = confirmWithin
    self.base = base
  }

  /// `confirmed MINUTES`, `base REVISION`, and `comment`, which takes all words behind it.
  fileprivate init(
    _ words: ArraySlice<ByteString>, text: [UInt8], isTrial: Bool = false, _ fault: Order.Fault
  ) throws(Order.Fault) {
    self.init(text: text, isTrial: isTrial)
    var rest = words
    while let word = rest.popFirst() {
      switch word {
      case "confirmed":
        guard let minutes = rest.popFirst()?.decimalValue, minutes <= 1_440,
          RevisionLimits.confirmation.contains(.minutes(minutes))
        else { throw fault }
        confirmWithin = .minutes(minutes)
      case "base":
        guard let number = rest.popFirst()?.decimalValue else { throw fault }
        base = number
      case "comment":
        guard !rest.isEmpty else { throw fault }
        comment = rest.dropFirst().reduce(rest[rest.startIndex]) { $0 + " " + $1 }
        guard comment.count <= RevisionLimits.commentBytes, !comment.bytes.contains(where: { $0 < 0x20 }) else {
          throw fault
        }
        rest = []
      default: throw fault
      }
    }
  }
}
