// The branch's number plan as data: prefixes and an ordered list of rules. The tables of known countries stand in
// `Settings+Tables.swift`.

import Basics

extension NumberPlan {
  public struct Settings: Hashable, Sendable {
    /// Without `+`: `86`. Empty where the branch has none; then nothing is made international.
    public var countryCode: ByteString
    /// Without the trunk prefix: `10` for Beijing. Empty where local numbers are not dialled without it.
    public var areaCode: ByteString
    /// What stands before a national number: `0` in China; may be empty.
    public var trunkPrefix: ByteString
    /// What stands before a country code: `00`.
    public var internationalPrefix: ByteString
    /// How many digits a number has that is dialled without its area code.
    public var localLengths: ClosedRange<Int>
    /// The most digits of a national significant number: longer ones that begin with the country code are taken to
    /// carry it, as some carriers deliver them.
    public var maximumSignificantLength: Int
    /// Tried in order; the first that matches decides.
    public var rules: [Rule]

    public init(
      countryCode: ByteString, areaCode: ByteString = "", trunkPrefix: ByteString = "",
      internationalPrefix: ByteString = "00", localLengths: ClosedRange<Int> = 6...8,
      maximumSignificantLength: Int = 12, rules: [Rule]
    ) {
      self.countryCode = countryCode
      self.areaCode = areaCode
      self.trunkPrefix = trunkPrefix
      self.internationalPrefix = internationalPrefix
      self.localLengths = localLengths
      self.maximumSignificantLength = maximumSignificantLength
      self.rules = rules
    }
  }

  /// `prefix` and a range of whole lengths lead to a class.
  public struct Rule: Hashable, Sendable {
    /// Which digits the rule looks at.
    public enum Scope: UInt8, Hashable, Sendable {
      /// The digits as dialled, before any prefix is taken off: emergency numbers, short codes, extensions.
      case dialled
      /// The national significant number: no country code, no trunk prefix, with its area code.
      case significant
      /// The same, and the number may be dialled without the trunk prefix (mobile and service numbers).
      case significantWithoutPrefix
      /// Country code first, no `+`: international freephone and premium ranges.
      case international
    }
    public var scope: Scope
    public var prefix: ByteString
    /// Whole length in digits, the prefix included.
    public var lengths: ClosedRange<Int>
    public var numberClass: NumberClass

    public init(_ scope: Scope, _ prefix: ByteString, _ lengths: ClosedRange<Int>, _ numberClass: NumberClass) {
      self.scope = scope
      self.prefix = prefix
      self.lengths = lengths
      self.numberClass = numberClass
    }

    /// `*` and `#` match only where the rule names them.
    func matches(_ digits: ArraySlice<UInt8>) -> Bool {
      guard lengths.contains(digits.count), digits.starts(with: prefix.bytes) else { return false }
      return prefix.bytes.first?.isASCIIDigit == false || digits.allSatisfy { $0.isASCIIDigit }
    }
  }
}
