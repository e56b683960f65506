// What the daemon says of the branch, cut into its parts, and which of them have changed. Numbers of seconds that pass are
// no change: a browser counts them on by itself.

import Basics

struct Snapshot {
  struct Part {
    var name: [UInt8]
    var json: [UInt8]
    /// Without the seconds.
    var essence: [UInt8]
  }

  private(set) var parts: [Part] = []

  /// The parts that differ from before. nil: it is no object, and nothing has changed.
  mutating func take(_ answer: [UInt8]) -> [Part]? {
    guard let members = JSONMembers.split(answer) else { return nil }
    let new = members.map { Part(name: $0.name, json: Array($0.value), essence: Self.essence($0.value)) }
    let changed = new.filter { part in
      !parts.contains { $0.name == part.name && $0.essence == part.essence }
    }
    parts = new
    return changed
  }

  /// The digits behind `econds":` are left out.
  private static func essence(_ json: ArraySlice<UInt8>) -> [UInt8] {
    let mark: StaticString = "econds\":"
    let pattern = UnsafeBufferPointer(start: mark.utf8Start, count: mark.utf8CodeUnitCount)
    var kept: [UInt8] = []
    kept.reserveCapacity(json.count)
    var matched = 0
    var skips = false
    for byte in json {
      if skips, byte.isASCIIDigit || byte == UInt8(ascii: "-") { continue }
      skips = false
      kept.append(byte)
      matched = byte == pattern[matched] ? matched + 1 : byte == pattern[0] ? 1 : 0
      if matched == pattern.count { (matched, skips) = (0, true) }
    }
    return kept
  }
}

/// Cuts an object into its members without understanding them.
enum JSONMembers {
  static func split(_ json: [UInt8]) -> [(name: [UInt8], value: ArraySlice<UInt8>)]? {
    guard json.first == UInt8(ascii: "{"), json.last == UInt8(ascii: "}") else { return nil }
    var members: [(name: [UInt8], value: ArraySlice<UInt8>)] = []
    var rest = json[1..<(json.count - 1)]
    while !rest.isEmpty {
      let nameEnd = end(of: rest)
      let name = rest[..<nameEnd]
      rest = rest[nameEnd...]
      guard name.count > 2, name.first == UInt8(ascii: "\""), rest.popFirst() == UInt8(ascii: ":") else { return nil }
      let valueEnd = end(of: rest)
      guard valueEnd > rest.startIndex else { return nil }
      members.append((Array(name.dropFirst().dropLast()), rest[..<valueEnd]))
      rest = rest[valueEnd...]
      guard let comma = rest.popFirst() else { break }
      guard comma == UInt8(ascii: ","), !rest.isEmpty else { return nil }
    }
    return members
  }

  /// Where the first value of some text ends.
  private static func end(of text: ArraySlice<UInt8>) -> Int {
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for index in text.indices {
      let byte = text[index]
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ","), UInt8(ascii: ":"): if depth == 0 { return index }
      default: break
      }
    }
    return text.endIndex
  }
}
