// The rules of numbers, field by field, as they are kept. Whoever adds a field there adds it here.

import Basics

extension NumberClass: Recorded {}
extension NumberPlan.Rule.Scope: Recorded {}

extension NumberClasses: Recorded {
  @inlinable public func write(to sink: inout some Sink) { sink.put(rawValue) }
  public init(from source: inout Source) throws(RecordError) { self.init(rawValue: try source.take()) }
}

extension NumberPlan.Settings: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(countryCode)
    sink.put(areaCode)
    sink.put(trunkPrefix)
    sink.put(internationalPrefix)
    sink.put(localLengths)
    sink.put(maximumSignificantLength)
    sink.put(rules)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(
      countryCode: try source.take(), areaCode: try source.take(), trunkPrefix: try source.take(),
      internationalPrefix: try source.take(), localLengths: try source.take(),
      maximumSignificantLength: try source.take(), rules: try source.take())
  }
}

extension NumberPlan.Rule: Recorded {
  @inlinable public func write(to sink: inout some Sink) {
    sink.put(scope)
    sink.put(prefix)
    sink.put(lengths)
    sink.put(numberClass)
  }
  public init(from source: inout Source) throws(RecordError) {
    self.init(try source.take(), try source.take(), try source.take(), try source.take())
  }
}
