// Counters with their names, in groups: shown since the start, or since somebody cleared them. The machines go on
// counting, so that nothing that watches them loses its place.

import Basics

struct CounterSheet {
  private struct Entry {
    var name: StaticString
    var value: Int
    /// Of something that only grows; the others say how much there is.
    var isCount: Bool
  }
  private struct Group {
    /// nil: of the whole.
    var name: StaticString?
    var entries: [Entry] = []
  }

  private var groups = [Group()]

  var values: [Int] { groups.flatMap { $0.entries.map { $0.value } } }

  mutating func beginGroup(_ name: StaticString) { groups.append(Group(name: name)) }

  mutating func add(_ name: StaticString, _ value: Int, isCount: Bool = true) {
    groups[groups.count - 1].entries.append(Entry(name: name, value: value, isCount: isCount))
  }

  /// - Parameter base: the values of then, or none.
  func write(to json: inout JSONWriter, since base: [Int]) {
    var next = 0
    func write(_ entries: [Entry], to json: inout JSONWriter) {
      for entry in entries {
        json.field(entry.name, entry.isCount && next < base.count ? entry.value - base[next] : entry.value)
        next += 1
      }
    }
    json.object { json in
      for group in groups {
        guard let name = group.name else {
          write(group.entries, to: &json)
          continue
        }
        json.object(name) { json in write(group.entries, to: &json) }
      }
    }
  }
}
