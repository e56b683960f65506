// What a technician may order to see of the network, as one line of words: the same reader serves the command line, which
// complains early, and the daemon, which believes nobody.

import Basics
import BranchConfiguration

public enum ObservingOrder: Hashable, Sendable {
  /// The messages from a number on; nil: those that come from now on.
  case trace(TrafficScope, since: UInt64?)
  case capture(CaptureOrder)

  /// Words that begin such a line.
  public static var names: [StaticString] { ["trace", "capture"] }

  public static var traceUsage: ByteString { "trace sip [call NUMBER | phone EXTENSION | trunk NAME]" }
  public static var captureUsage: ByteString {
    "capture start NAME [call NUMBER | phone EXTENSION | trunk NAME | filter \"EXPRESSION\"] [interface NAME]"
      + " [size MB] [files COUNT] [minutes COUNT] | capture stop NAME | capture list | capture export NAME [FILE]"
      + " | capture delete NAME"
  }

  public init(_ words: [ByteString]) throws(Order.Fault) {
    if words.first == "capture" {
      self = .capture(try CaptureOrder(Array(words.dropFirst())))
      return
    }
    let fault = Order.Fault.usage(Self.traceUsage)
    guard words.count >= 2, words[0] == "trace", words[1] == "sip" else { throw fault }
    var rest = words.dropFirst(2)
    var scope = TrafficScope.all
    var since: UInt64?
    while let word = rest.popFirst() {
      guard let value = rest.popFirst() else { throw fault }
      if word == "since", since == nil, let number = value.decimalValue {
        since = UInt64(number)
      } else if scope == .all, let named = TrafficScope(word, value) {
        scope = named
      } else {
        throw fault
      }
    }
    self = .trace(scope, since: since)
  }

  var role: Role { self == .capture(.list) ? .readOnly : .technician }
}

extension TrafficScope {
  init?(_ word: ByteString, _ value: ByteString) {
    switch word {
    case "call":
      guard let number = value.decimalValue else { return nil }
      self = .call(UInt64(number))
    case "phone": self = .phone(value)
    case "trunk": self = .trunk(value)
    default: return nil
    }
  }

  /// `call 7`; empty for all.
  public var text: ByteString {
    switch self {
    case .all: ""
    case .call(let number): "call " + ByteString(Int(clamping: number))
    case .phone(let user): "phone " + user
    case .trunk(let name): "trunk " + name
    }
  }
}
