// The number plans that are known by name.

import Basics

extension NumberPlan.Settings {
  /// A plan by the word of the configuration: `cn`, else the generic one with the given codes.
  ///
  /// - Parameter extensionLengths: how many digits the branch's extensions have.
  public static func named(
    _ country: ByteString, countryCode: ByteString, areaCode: ByteString, extensionLengths: ClosedRange<Int> = 3...4
  ) -> Self {
    country == "cn"
      ? china(areaCode: areaCode, extensionLengths: extensionLengths)
      : generic(countryCode: countryCode, areaCode: areaCode, extensionLengths: extensionLengths)
  }

  /// Mainland China (+86): emergency first, then extensions, services, mobile and fixed numbers.
  public static func china(areaCode: ByteString, extensionLengths: ClosedRange<Int> = 3...4) -> Self {
    var rules: [NumberPlan.Rule] = []
    for number in ["110", "119", "120", "122", "112", "999"] as [ByteString] {
      rules.append(.init(.dialled, number, 3...3, .emergency))
    }
    rules.append(.init(.dialled, "12110", 5...5, .emergency))
    rules.append(.init(.dialled, "", extensionLengths, .internal))
    rules.append(.init(.dialled, "*", 2...32, .internal))
    // Information services, charged above the call.
    rules.append(.init(.dialled, "168", 3...8, .premium))
    rules.append(.init(.dialled, "160", 3...8, .premium))
    rules.append(.init(.dialled, "10800", 10...13, .tollFree))
    rules.append(.init(.dialled, "95", 5...8, .shortCode))
    rules.append(.init(.dialled, "96", 5...6, .shortCode))
    rules.append(.init(.dialled, "10", 5...9, .shortCode))
    rules.append(.init(.dialled, "11", 5...6, .shortCode))
    rules.append(.init(.dialled, "12", 5...8, .shortCode))
    for prefix in ["13", "14", "15", "16", "17", "18", "19"] as [ByteString] {
      rules.append(.init(.significantWithoutPrefix, prefix, 11...11, .mobile))
    }
    rules.append(.init(.significantWithoutPrefix, "800", 10...10, .tollFree))
    // Shared cost: the caller pays a local call.
    rules.append(.init(.significantWithoutPrefix, "400", 10...10, .national))
    rules.append(.init(.significant, "10", 10...10, .national))
    rules.append(.init(.significant, "2", 10...10, .national))
    for prefix in ["3", "4", "5", "6", "7", "8", "9"] as [ByteString] {
      rules.append(.init(.significant, prefix, 10...11, .national))
    }
    rules += international
    return Self(
      countryCode: "86", areaCode: areaCode, trunkPrefix: "0", internationalPrefix: "00", localLengths: 7...8,
      maximumSignificantLength: 11, rules: rules)
  }

  /// A country without a table of its own: emergency numbers common in the world, extensions, then by length alone.
  /// Mobile and premium ranges are not known here, so the configuration adds rules before these.
  public static func generic(
    countryCode: ByteString, areaCode: ByteString = "", trunkPrefix: ByteString = "0",
    internationalPrefix: ByteString = "00", extensionLengths: ClosedRange<Int> = 3...4
  ) -> Self {
    var rules: [NumberPlan.Rule] = []
    for number in ["112", "911", "999", "110", "118", "119", "000"] as [ByteString] {
      rules.append(.init(.dialled, number, 3...3, .emergency))
    }
    rules.append(.init(.dialled, "", extensionLengths, .internal))
    rules.append(.init(.dialled, "*", 2...32, .internal))
    rules.append(.init(.dialled, "1", 3...6, .shortCode))
    rules.append(.init(.significant, "800", 9...11, .tollFree))
    rules.append(.init(.significant, "900", 9...11, .premium))
    rules.append(.init(.significant, "", 7...12, .national))
    rules += international
    return Self(
      countryCode: countryCode, areaCode: areaCode, trunkPrefix: trunkPrefix,
      internationalPrefix: internationalPrefix, localLengths: 5...8, maximumSignificantLength: 12, rules: rules)
  }

  /// The ranges that no country owns (ITU-T E.164): freephone, shared cost, premium rate, satellites and others.
  private static var international: [NumberPlan.Rule] {
    [
      .init(.international, "800", 11...11, .tollFree),
      .init(.international, "979", 7...15, .premium),
      .init(.international, "870", 7...15, .premium),
      .init(.international, "881", 7...15, .premium),
      .init(.international, "882", 7...15, .premium),
      .init(.international, "883", 7...15, .premium),
      .init(.international, "", 7...15, .international),
    ]
  }
}
