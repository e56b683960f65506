// The body of a NOTIFY: application/dialog-info+xml (RFC 4235 §4). It tells that somebody is in a call, never with whom:
// a colleague's lamp is no place for customers' numbers.

import Basics

/// One document about one dialog, the sum of all that go on at what is watched.
struct DialogInfo: Hashable {
  /// Counts the documents of a subscription from 0.
  var version: UInt32
  /// All there is, and not only what has changed since the version before.
  var isFull: Bool
  /// The URI of what is watched.
  var entity: ByteString
  /// Another number: another dialog.
  var dialog: UInt32
  var lamp: Lamp

  func serialised() -> [UInt8] {
    var writer = ByteWriter(capacity: 260 + entity.count)
    writer.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n")
    writer.append("<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"")
    writer.append(decimal: Int(version))
    writer.append(isFull ? "\" state=\"full\" entity=\"" : "\" state=\"partial\" entity=\"")
    writer.append(xml: entity)
    writer.append("\">\r\n<dialog id=\"")
    writer.append(decimal: Int(dialog))
    switch lamp.direction {
    case .initiator?: writer.append("\" direction=\"initiator")
    case .recipient?: writer.append("\" direction=\"recipient")
    case nil: break
    }
    writer.append("\">\r\n<state>")
    writer.append(lamp.state.word)
    writer.append("</state>\r\n</dialog>\r\n</dialog-info>\r\n")
    return writer.bytes
  }
}

extension Lamp.State {
  var word: StaticString {
    switch self {
    case .terminated: "terminated"
    case .early: "early"
    case .confirmed: "confirmed"
    }
  }
}
