// Every stored value of a distributor by reflection, one a line, in an order of its own: what a checkpoint forgets is seen
// here without anybody having named it. Tables without an order are sorted; how an ordered table is laid out in memory
// does not count.

import Basics

@testable import ACD

enum Portrait {
  static func lines(of acd: ACD) -> [String] {
    var lines: [String] = []
    for field in Mirror(reflecting: acd).children { add(field.value, field.label ?? "", &lines) }
    return lines
  }

  /// How many stored properties each structure has that is met.
  static func countFields(of value: Any, into counts: inout [String: Int]) {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .struct { counts[String(reflecting: mirror.subjectType)] = mirror.children.count }
    for child in mirror.children { countFields(of: child.value, into: &counts) }
  }

  private static func add(_ value: Any, _ path: String, _ lines: inout [String]) {
    if let heap = value as? DeadlineHeap<ACD.Timer> {
      for timer in heap.inOrder { lines.append("\(path): \(timer.key) at \(timer.deadline.nanoseconds)") }
      return
    }
    if let slab = value as? KeyedSlab<CallReference, WaitingCall> {
      return add(Dictionary(uniqueKeysWithValues: slab.map { ($0.key, $0.value) }), path, &lines)
    }
    let mirror = Mirror(reflecting: value)
    let type = "\(mirror.subjectType)"
    switch mirror.displayStyle {
    case .dictionary:
      var entries: [[String]] = []
      for child in mirror.children {
        var entry: [String] = []
        add(child.value, path, &entry)
        entries.append(entry)
      }
      for entry in entries.sorted(by: { $0.lexicographicallyPrecedes($1) }) { lines += entry }
    case .struct where type.hasPrefix("Fifo<"):
      let elements = mirror.children.first { $0.label == "elements" }?.value
      for element in Mirror(reflecting: elements ?? []).children where "\(element.value)" != "nil" {
        add(element.value, path, &lines)
      }
    case .struct where type.hasPrefix("OrderedKeys<"):
      let chunks = mirror.children.first { $0.label == "chunks" }?.value
      for chunk in Mirror(reflecting: chunks ?? []).children {
        for key in Mirror(reflecting: chunk.value).children { add(key.value, path, &lines) }
      }
    case nil: lines.append("\(path): \(value)")
    default:
      if let text = value as? ByteString { return lines.append("\(path): \(text)") }
      // An enumeration without payload, or an empty array, has no children.
      if mirror.children.isEmpty { return lines.append("\(path): \(value)") }
      for (index, child) in mirror.children.enumerated() {
        add(child.value, path + "." + (child.label ?? "\(index)"), &lines)
      }
    }
  }
}
