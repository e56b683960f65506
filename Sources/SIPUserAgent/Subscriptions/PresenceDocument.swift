// The body of a NOTIFY about a person: application/pidf+xml (RFC 3863 §4), with the activity as RFC 4480 §3.2 says it.

import Basics

extension Presence {
  func document(of entity: ByteString) -> [UInt8] {
    var writer = ByteWriter(capacity: 520 + entity.count)
    writer.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n")
    writer.append("<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\"")
    writer.append(" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"")
    writer.append(xml: entity)
    writer.append("\">\r\n<tuple id=\"phone\"><status><basic>")
    writer.append(isReachable ? "open" : "closed")
    writer.append("</basic></status></tuple>\r\n")
    if let activity {
      writer.append("<dm:person id=\"person\"><rpid:activities><rpid:")
      writer.append(activity.word)
      writer.append("/></rpid:activities></dm:person>\r\n")
    }
    writer.append("</presence>\r\n")
    return writer.bytes
  }
}

extension Presence.Activity {
  fileprivate var word: StaticString {
    switch self {
    case .onThePhone: "on-the-phone"
    case .away: "away"
    case .busy: "busy"
    }
  }
}
