// Captures as they are ordered: names, scopes and bounds are looked at here; the shell carries them out.

import Basics

public enum CaptureOrder: Hashable, Sendable {
  public enum Limits {
    public static let nameBytes = 32
    public static let filterBytes = 400
    public static let interfaceBytes = 15
    /// Of all files of one capture, in MB (1,048,576 bytes).
    public static let megabytes = 1...128
    public static let megabytesUsually = 16
    public static let files = 1...100
    public static let filesUsually = 4
    public static let minutes = 1...1_440
    public static let minutesUsually = 15
  }

  public struct Start: Hashable, Sendable {
    public var name: ByteString
    public var scope = TrafficScope.all
    /// pcap-filter(7); empty: all that is UDP or TCP.
    public var filter: ByteString = ""
    public var interface: ByteString = "any"
    public var megabytes = Limits.megabytesUsually
    public var files = Limits.filesUsually
    public var minutes = Limits.minutesUsually

    public init(name: ByteString) { self.name = name }
  }

  case start(Start)
  case stop(ByteString)
  case list
  /// Into one file of this name, in the directory of the captures. The one that is there may be deleted by it.
  case export(ByteString, file: ByteString)
  case delete(ByteString)

  /// - Parameter words: those behind `capture`. Words of a filter stand between quotation marks, or are the last ones.
  public init(_ words: [ByteString]) throws(Order.Fault) {
    let fault = Order.Fault.usage(ObservingOrder.captureUsage)
    guard let verb = words.first else { throw fault }
    guard words.count > 1 else {
      guard verb == "list" else { throw fault }
      self = .list
      return
    }
    let name = words[1]
    guard Self.isName(name) || verb == "delete" && Self.isFileName(name) else {
      throw .usage("the name of a capture has letters, digits and hyphens, at most " + ByteString(Limits.nameBytes))
    }
    switch (verb, words.count) {
    case ("start", _): self = .start(try Self.start(name, words.dropFirst(2)))
    case ("stop", 2): self = .stop(name)
    case ("delete", 2): self = .delete(name)
    case ("export", 2): self = .export(name, file: name + ".pcap")
    case ("export", 3):
      guard Self.isFileName(words[2]) else {
        throw .usage("the file of an export is a name that ends in .pcap: it stands in the directory of the captures")
      }
      self = .export(name, file: words[2])
    default: throw fault
    }
  }

  private static func start(_ name: ByteString, _ words: ArraySlice<ByteString>) throws(Order.Fault) -> Start {
    let fault = Order.Fault.usage(ObservingOrder.captureUsage)
    var start = Start(name: name)
    var rest = words
    var seen: [ByteString] = []
    while let word = rest.popFirst() {
      guard !seen.contains(word) else { throw fault }
      seen.append(word)
      if word == "filter" {
        start.filter = try expression(&rest)
        continue
      }
      guard let value = rest.popFirst() else { throw fault }
      switch word {
      case "interface":
        guard value.count <= Limits.interfaceBytes, value.bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2F })
        else { throw fault }
        start.interface = value
      case "size": start.megabytes = try number(value, within: Limits.megabytes, of: word)
      case "files": start.files = try number(value, within: Limits.files, of: word)
      case "minutes": start.minutes = try number(value, within: Limits.minutes, of: word)
      default:
        guard start.scope == .all, let scope = TrafficScope(word, value) else { throw fault }
        start.scope = scope
      }
    }
    guard start.scope == .all || start.filter.isEmpty else { throw fault }
    return start
  }

  private static func number(
    _ word: ByteString, within range: ClosedRange<Int>, of what: ByteString
  ) throws(Order.Fault) -> Int {
    guard let value = word.decimalValue, range.contains(value) else {
      throw .usage(what + " is from " + ByteString(range.lowerBound) + " to " + ByteString(range.upperBound))
    }
    return value
  }

  private static func expression(_ rest: inout ArraySlice<ByteString>) throws(Order.Fault) -> ByteString {
    let quote = UInt8(ascii: "\"")
    let isQuoted = rest.first?.bytes.first == quote
    var text: ByteString = ""
    while let word = rest.popFirst() {
      text += (text.isEmpty ? "" : " ") + word
      if isQuoted, text.count > 1, text.bytes.last == quote { break }
    }
    if isQuoted { text = ByteString(text.bytes.filter { $0 != quote }) }
    guard !text.isEmpty, text.count <= Limits.filterBytes else {
      throw .usage("filter EXPRESSION, as pcap-filter(7) has it, at most " + ByteString(Limits.filterBytes) + " bytes")
    }
    return text
  }

  /// It is a directory's name too.
  public static func isName(_ word: ByteString) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return !word.isEmpty && word.count <= Limits.nameBytes && word.bytes.first != hyphen
      && word.bytes.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == hyphen }
  }

  private static func isFileName(_ word: ByteString) -> Bool {
    let ending = ByteString(".pcap")
    return word.bytes.suffix(ending.count).elementsEqual(ending.bytes)
      && isName(ByteString(word.bytes.dropLast(ending.count)))
  }
}

extension CaptureOrder {
  /// As it stands in answers: `capture-start`.
  public var act: ByteString {
    switch self {
    case .start: "capture-start"
    case .stop: "capture-stop"
    case .list: "capture-list"
    case .export: "capture-export"
    case .delete: "capture-delete"
    }
  }
  public var subject: ByteString {
    switch self {
    case .start(let start): start.name
    case .stop(let name), .export(let name, _), .delete(let name): name
    case .list: ""
    }
  }
}
