// Numbers as people and carriers write them become one form, E.164 with `+` where the number has one, and get a class.
// It never dials and never guesses: what no rule knows is `unknown`.

import Basics

/// A number in the form in which it is compared, kept and dialled.
public struct Number: Hashable, Sendable {
  /// `+8613812345678`; without `+` the digits of an internal, short or emergency number, which have no E.164 form.
  public var digits: ByteString
  public var numberClass: NumberClass

  public init(digits: ByteString, numberClass: NumberClass) {
    self.digits = digits
    self.numberClass = numberClass
  }
}

///     let plan = NumberPlan(.china(areaCode: "10"))
///     plan.normalise("138-1234-5678")   // +8613812345678, mobile
public struct NumberPlan: Sendable {
  public enum Limits {
    /// Digits of any number that is looked at at all.
    public static let digits = 32
    /// Digits of an E.164 number (ITU-T E.164 §6.1).
    public static let e164Digits = 15
  }

  public let settings: Settings

  public init(_ settings: Settings) { self.settings = settings }

  /// The one form of a number and its class, or nil where no number stands (empty, letters, too long).
  ///
  /// Spaces, hyphens, dots, slashes and brackets are left out; a `+` counts at the start only.
  public func normalise(_ raw: ByteString) -> Number? {
    guard let (digits, hasPlus) = Self.digits(of: raw.bytes[...]) else { return nil }
    if hasPlus { return international(digits) }
    if let numberClass = firstMatch(.dialled, digits) {
      return Number(digits: ByteString(digits), numberClass: numberClass)
    }
    // Feature codes aside, a number is made of decimal digits alone.
    guard digits.allSatisfy({ $0.isASCIIDigit }) else {
      return Number(digits: ByteString(digits), numberClass: .unknown)
    }
    if let rest = Self.stripping(settings.internationalPrefix, from: digits) { return international(rest) }
    if let rest = Self.stripping(settings.trunkPrefix, from: digits) { return national(rest, digits) }
    return withoutPrefix(digits)
  }

  /// What somebody at the branch would dial to reach the number: the way back from `normalise`.
  public func dialString(of number: Number) -> ByteString { dialString(of: number.digits) }

  /// The same for digits in the form that `normalise` gives.
  public func dialString(of digits: ByteString) -> ByteString {
    guard digits.bytes.first == UInt8(ascii: "+") else { return digits }
    let digits = digits.bytes[1...]
    guard let significant = Self.stripping(settings.countryCode, from: digits) else {
      return settings.internationalPrefix + ByteString(digits)
    }
    if firstMatch(.significantWithoutPrefix, significant) != nil { return ByteString(significant) }
    if isLocal(significant) { return ByteString(significant.dropFirst(settings.areaCode.count)) }
    return settings.trunkPrefix + ByteString(significant)
  }

  // MARK: Forms

  /// Digits with the country code first.
  private func international(_ digits: ArraySlice<UInt8>) -> Number? {
    guard digits.allSatisfy({ $0.isASCIIDigit }), !digits.isEmpty, digits.count <= Limits.e164Digits else { return nil }
    if let significant = Self.stripping(settings.countryCode, from: digits) { return national(significant, digits) }
    return Number(digits: Self.plus(digits), numberClass: firstMatch(.international, digits) ?? .unknown)
  }

  /// A national significant number; what `asWritten` stands for remains where no rule knows it.
  private func national(_ significant: ArraySlice<UInt8>, _ asWritten: ArraySlice<UInt8>) -> Number {
    guard let numberClass = significantClass(significant) else {
      return Number(digits: ByteString(asWritten), numberClass: .unknown)
    }
    guard !settings.countryCode.isEmpty else {
      return Number(digits: settings.trunkPrefix + ByteString(significant), numberClass: numberClass)
    }
    return Number(digits: Self.plus(settings.countryCode.bytes + significant), numberClass: numberClass)
  }

  /// No prefix at all: a number that needs none, a local one, or one with the country code as carriers write it.
  private func withoutPrefix(_ digits: ArraySlice<UInt8>) -> Number {
    if firstMatch(.significantWithoutPrefix, digits) != nil { return national(digits, digits) }
    if settings.trunkPrefix.isEmpty, firstMatch(.significant, digits) != nil { return national(digits, digits) }
    if !settings.areaCode.isEmpty, settings.localLengths.contains(digits.count) {
      return national(settings.areaCode.bytes[...] + digits, digits)
    }
    if digits.count > settings.maximumSignificantLength,
      let significant = Self.stripping(settings.countryCode, from: digits)
    {
      return national(significant, digits)
    }
    return Number(digits: ByteString(digits), numberClass: .unknown)
  }

  // MARK: Classes

  private func significantClass(_ significant: ArraySlice<UInt8>) -> NumberClass? {
    guard significant.count + settings.countryCode.count <= Limits.e164Digits else { return nil }
    let found = firstMatch(significant) { $0 == .significant || $0 == .significantWithoutPrefix }
    return found == .national && isLocal(significant) ? .local : found
  }

  private func isLocal(_ significant: ArraySlice<UInt8>) -> Bool {
    let area = settings.areaCode
    return !area.isEmpty && significant.starts(with: area.bytes)
      && settings.localLengths.contains(significant.count - area.count)
  }

  private func firstMatch(_ scope: Rule.Scope, _ digits: ArraySlice<UInt8>) -> NumberClass? {
    firstMatch(digits) { $0 == scope }
  }

  private func firstMatch(_ digits: ArraySlice<UInt8>, in hasScope: (Rule.Scope) -> Bool) -> NumberClass? {
    let rules = settings.rules.span
    // Where they stand: a loop over the array would copy each.
    for index in rules.indices where hasScope(rules[index].scope) && rules[index].matches(digits) {
      return rules[index].numberClass
    }
    return nil
  }

  // MARK: Bytes

  private static func plus(_ digits: some Sequence<UInt8>) -> ByteString {
    var bytes: [UInt8] = [UInt8(ascii: "+")]
    bytes.append(contentsOf: digits)
    return ByteString(bytes)
  }

  private static func stripping(_ prefix: ByteString, from digits: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard !prefix.isEmpty, digits.count > prefix.count, digits.starts(with: prefix.bytes) else { return nil }
    return digits.dropFirst(prefix.count)
  }

  /// The digits (and `*`, `#`) without what people put between them, and whether a `+` stood first.
  private static func digits(of raw: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, hasPlus: Bool)? {
    var digits: [UInt8] = []
    var hasPlus = false
    for byte in raw {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "#"): digits.append(byte)
      case UInt8(ascii: "+"):
        guard digits.isEmpty, !hasPlus else { return nil }
        hasPlus = true
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "("),
        UInt8(ascii: ")"):
        continue
      default: return nil
      }
      guard digits.count <= Limits.digits else { return nil }
    }
    return digits.isEmpty ? nil : (digits[...], hasPlus)
  }
}
