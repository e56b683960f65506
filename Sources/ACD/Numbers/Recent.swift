// The latest values of something, up to a bound.

struct Recent: Hashable, Sendable {
  let limit: Int
  /// In no order once the bound is reached.
  var values: [Int64] = []
  var next = 0
  var sum: Int64 = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { values.count }
  var mean: Int64? { values.isEmpty ? nil : sum / Int64(values.count) }

  mutating func add(_ value: Int64) {
    sum += value
    if values.count < limit { return values.append(value) }
    sum -= values[next]
    values[next] = value
    next = (next + 1) % limit
  }

  /// The one that will make room for the next.
  var oldest: Int64? { values.count < limit ? values.first : values[next] }
}
