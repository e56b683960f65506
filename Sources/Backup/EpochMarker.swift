// What ran here last, kept away from the database: an older copy of a database that somebody puts back is known by it, and
// so is one of another box. Without that such a database would have its callbacks made twice.

import Basics
import Configuration

public struct EpochMarker: Hashable, Sendable {
  public var number: UInt64
  public var identity: UInt64
  /// Starts of the box with this database.
  public var runs: UInt64

  public init(number: UInt64, identity: UInt64, runs: UInt64) {
    self.number = number
    self.identity = identity
    self.runs = runs
  }

  /// Whether callbacks of this database may have been made already by what ran here last.
  public func supersedes(_ found: EpochMarker) -> Bool {
    // A new database holds nothing yet.
    guard found.runs > 1 else { return false }
    if found.number != number { return found.number < number }
    return found.identity != identity || found.runs < runs
  }

  // MARK: As text

  /// nil where it is damaged.
  public init?(parsing bytes: [UInt8]) {
    let words = bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map { ByteString($0) }
    guard words.count == 6, words[0] == "epoch", words[2] == "identity", words[4] == "runs",
      let number = words[1].decimalValue, let identity = words[3].decimalValue, let runs = words[5].decimalValue
    else { return nil }
    self.init(number: UInt64(number), identity: UInt64(identity), runs: UInt64(runs))
  }

  public var text: [UInt8] {
    func number(_ value: UInt64) -> ByteString { ByteString(Int(clamping: value)) }
    let text = ByteString("epoch ") + number(self.number) + "\nidentity " + number(identity) + "\nruns " + number(runs)
    return text.bytes + [0x0A]
  }
}
