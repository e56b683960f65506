// The event packages that a phone can subscribe to (RFC 6665 §4.1): which words name them, and what their documents are.

import Basics
import SIPMessage

public enum EventPackage: UInt8, Hashable, Sendable, CaseIterable {
  /// The calls of a number, or the state of a feature code (RFC 4235).
  case dialog
  /// Messages that wait in a mailbox (RFC 3842).
  case messageSummary
  /// Whether somebody can be reached (RFC 3856, RFC 3863).
  case presence

  var name: StaticString {
    switch self {
    case .dialog: "dialog"
    case .messageSummary: "message-summary"
    case .presence: "presence"
    }
  }

  var contentType: StaticString {
    switch self {
    case .dialog: "application/dialog-info+xml"
    case .messageSummary: "application/simple-message-summary"
    case .presence: "application/pidf+xml"
    }
  }

  /// As Allow-Events has them.
  static let names: StaticString = "dialog, message-summary, presence"
}

/// The Event header of a subscription: the package, perhaps with an id (RFC 6665 §8.2.1). Other parameters are not ours
/// to repeat.
struct SubscribedEvent: Hashable {
  var package: EventPackage
  /// As the NOTIFYs carry it.
  var text: ByteString

  /// nil for another package.
  init?(_ value: ArraySlice<UInt8>) {
    let parts = value.split(separator: UInt8(ascii: ";")).map { Self.trimmed($0) }
    guard let first = parts.first,
      let package = EventPackage.allCases.first(where: { ByteString(first).equalsIgnoringCase(ByteString($0.name)) })
    else { return nil }
    self.package = package
    text = ByteString(package.name)
    for part in parts.dropFirst() where ByteString(part.prefix(3)).equalsIgnoringCase("id=") && part.count <= 67 {
      text += ";" + ByteString(part)
      return
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
    return text
  }
}
