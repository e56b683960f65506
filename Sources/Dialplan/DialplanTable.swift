// Number to destination: a table built when the configuration is applied, asked once a call. It holds no state of calls
// and reads no clock; the same question always has the same answer.

import Basics
import NumberPlan

/// Emergency numbers first, then what the branch itself has, then routes:
///
///     let table = DialplanTable(settings)
///     table.destination(of: "600", from: .extension("101"))            // .queue("service")
///     table.destination(of: "013812345678", from: .extension("101"))   // .trunk(["carrier"], "013812345678")
public struct DialplanTable: Sendable {
  private enum Inside: Sendable {
    case `extension`
    case queue(ByteString)
    case group(ByteString)
    case slot
    case speedDial(ByteString)
    case feature(Feature)
  }

  private let plan: NumberPlan
  private var inside: [ByteString: Inside] = [:]
  private var extensionClasses: [ByteString: NumberClasses] = [:]
  /// Codes that digits may follow, the longest first.
  private var openCodes: [DialplanSettings.FeatureCode] = []
  private let inbound: [DialplanSettings.InboundRoute]
  private let outbound: [DialplanSettings.OutboundRoute]
  private let trunks: [ByteString]

  /// Where two claim a number, the first does: extensions, then queues, ring groups, places to park, short numbers, then
  /// feature codes, each in their order.
  public init(_ settings: DialplanSettings = DialplanSettings()) {
    plan = NumberPlan(settings.numberPlan)
    inbound = Array(settings.inbound.prefix(DialplanSettings.Limits.routes))
    outbound = Array(settings.outbound.prefix(DialplanSettings.Limits.routes))
    trunks = settings.trunks
    for one in settings.extensions where inside[one.number] == nil {
      inside[one.number] = .extension
      extensionClasses[one.number] = one.classes
    }
    for queue in settings.queues where !queue.number.isEmpty && inside[queue.number] == nil {
      inside[queue.number] = .queue(queue.name)
    }
    for group in settings.groups where inside[group.number] == nil { inside[group.number] = .group(group.name) }
    for slot in settings.slots where inside[slot] == nil { inside[slot] = .slot }
    for short in settings.speedDials where inside[short.code] == nil { inside[short.code] = .speedDial(short.number) }
    for code in settings.featureCodes where !code.code.isEmpty && inside[code.code] == nil {
      if code.feature.argumentDigits.contains(0) { inside[code.code] = .feature(code.feature) }
      if code.feature.argumentDigits.upperBound > 0 { openCodes.append(code) }
    }
    openCodes.sort { ($1.code.count, $0.code) < ($0.code.count, $1.code) }
  }

  /// - Parameter dialled: the user part of a request, as it came.
  public func destination(of dialled: ByteString, from origin: DialplanOrigin) -> Destination {
    switch origin {
    case .extension(let number):
      guard let classes = extensionClasses[number] else { return .unavailable(.unknownOrigin) }
      if plan.normalise(dialled)?.numberClass == .emergency { return outward(dialled, allowed: classes) }
      if case .speedDial(let meant)? = inside[dialled] {
        return inward(meant) ?? outward(meant, allowed: classes)
      }
      return inward(dialled) ?? outward(dialled, allowed: classes)
    case .trunk(let name): return arriving(dialled, on: name)
    }
  }

  /// Where a number leads that the configuration itself names, such as a queue's `else`: whatever its class.
  public func internalDestination(of number: ByteString) -> Destination {
    inward(number) ?? outward(number, allowed: Self.allClasses)
  }

  /// By which trunks to call somebody back. The class was judged before; here only what is never called back is
  /// refused: emergency numbers and the branch's own.
  public func outboundDestination(of number: ByteString) -> Destination {
    guard plan.normalise(number)?.numberClass != .emergency, inside[number] == nil else {
      return .unavailable(.classNotAllowed)
    }
    return outward(number, allowed: Self.allClasses, mayBeEmergency: false)
  }

  private static let allClasses = NumberClasses(rawValue: .max)

  /// What the branch itself has under that number.
  private func inward(_ dialled: ByteString) -> Destination? {
    switch inside[dialled] {
    case .extension?: .extension(dialled)
    case .queue(let name)?: .queue(name)
    case .group(let name)?: .group(name)
    case .slot?: .slot(dialled)
    // One short number does not lead to another.
    case .speedDial?: nil
    case .feature(let feature)?: .feature(feature)
    case nil: featureWithArgument(dialled)
    }
  }

  private func featureWithArgument(_ dialled: ByteString) -> Destination? {
    for code in openCodes where dialled.hasPrefix(code.code) {
      let argument = dialled.dropFirst(code.code.count)
      guard code.feature.argumentDigits.contains(argument.count), argument.bytes.allSatisfy({ $0.isASCIIDigit })
      else { continue }
      return .feature(code.feature, argument: argument)
    }
    return nil
  }

  // MARK: From a trunk

  /// Only inbound routes lead inside: a trunk can dial neither feature codes nor other trunks.
  private func arriving(_ dialled: ByteString, on trunk: ByteString) -> Destination {
    guard trunks.contains(trunk) else { return .unavailable(.unknownOrigin) }
    let normalised = plan.normalise(dialled)?.digits
    for route in inbound where route.trunks.isEmpty || route.trunks.contains(trunk) {
      guard
        route.patterns.isEmpty
          || route.patterns.contains(where: { pattern in
            pattern.matches(dialled) || normalised.map { pattern.matches($0) } ?? false
          })
      else { continue }
      switch route.target {
      case .extension(let number): return .extension(number)
      case .queue(let name): return .queue(name)
      case .group(let name): return .group(name)
      case .lastDigits(let count):
        let number = ByteString(dialled.bytes.suffix(count))
        guard case .extension? = inside[number] else { continue }
        return .extension(number)
      }
    }
    return .unavailable(.unknownNumber)
  }

  // MARK: To a trunk

  private func outward(
    _ dialled: ByteString, allowed: NumberClasses, mayBeEmergency: Bool = true
  ) -> Destination {
    guard let number = plan.normalise(dialled) else { return .unavailable(.notANumber) }
    if number.numberClass == .emergency {
      return trunks.isEmpty ? .unavailable(.unknownNumber) : .trunk(trunks, number.digits)
    }
    // A number in international form is routed as somebody here would dial it.
    let hasPlus = dialled.bytes.contains(UInt8(ascii: "+"))
    let digits = hasPlus ? plan.dialString(of: number) : Self.withoutPunctuation(dialled)
    for route in outbound where route.patterns.contains(where: { $0.matches(digits) }) {
      guard route.strip < digits.count else { continue }
      return outward(digits, by: route, allowed: allowed, mayBeEmergency: mayBeEmergency)
    }
    return .unavailable(.unknownNumber)
  }

  private func outward(
    _ digits: ByteString, by route: DialplanSettings.OutboundRoute, allowed: NumberClasses, mayBeEmergency: Bool
  ) -> Destination {
    let stripped = digits.dropFirst(route.strip)
    // Behind the code for an outside line an emergency number is one too, whatever the route puts in front.
    if plan.normalise(stripped)?.numberClass == .emergency {
      guard mayBeEmergency else { return .unavailable(.classNotAllowed) }
      return .trunk(route.trunks + trunks.filter { !route.trunks.contains($0) }, stripped)
    }
    let sent = route.prefix + stripped
    guard let number = plan.normalise(sent) else { return .unavailable(.notANumber) }
    switch number.numberClass {
    case .emergency: return .unavailable(.classNotAllowed)
    case .internal: return .unavailable(.unknownNumber)
    default: break
    }
    guard allowed.contains(number.numberClass) else { return .unavailable(.classNotAllowed) }
    return .trunk(route.trunks, route.accessCode + sent)
  }

  private static func withoutPunctuation(_ dialled: ByteString) -> ByteString {
    ByteString(dialled.bytes.filter { $0.isASCIIDigit || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "#") })
  }
}
