// Request methods (RFC 3261, 3262, 3311, 6086, 3515, 6665, 3428, 3903). Method names are case-sensitive (§7.1).

import Basics

public enum SIPMethod: Hashable, Sendable {
  case invite, ack, bye, cancel, options, register, prack, update, info, refer, subscribe, notify, message, publish
  /// Any other token.
  case other(ByteString)

  public init(_ bytes: ArraySlice<UInt8>) {
    self = Self(bytes.span, 0, bytes.count) ?? .other(ByteString(bytes))
  }

  /// nil where it is none of the methods named here.
  init?(_ span: Span<UInt8>, _ start: Int, _ end: Int) {
    func isText(_ text: StaticString) -> Bool {
      let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      var i = 0
      while i < expected.count {
        if span[start + i] != expected[i] { return false }
        i += 1
      }
      return true
    }
    switch end - start {
    case 3 where isText("ACK"): self = .ack
    case 3 where isText("BYE"): self = .bye
    case 4 where isText("INFO"): self = .info
    case 5 where isText("REFER"): self = .refer
    case 5 where isText("PRACK"): self = .prack
    case 6 where isText("INVITE"): self = .invite
    case 6 where isText("CANCEL"): self = .cancel
    case 6 where isText("NOTIFY"): self = .notify
    case 6 where isText("UPDATE"): self = .update
    case 7 where isText("OPTIONS"): self = .options
    case 7 where isText("MESSAGE"): self = .message
    case 7 where isText("PUBLISH"): self = .publish
    case 8 where isText("REGISTER"): self = .register
    case 9 where isText("SUBSCRIBE"): self = .subscribe
    default: return nil
    }
  }

  public var name: ByteString {
    if case .other(let name) = self { return name }
    return ByteString(knownName)
  }

  func write(to writer: inout ByteWriter) {
    if case .other(let name) = self { writer.append(name) } else { writer.append(knownName) }
  }

  private var knownName: StaticString {
    switch self {
    case .invite: "INVITE"
    case .ack: "ACK"
    case .bye: "BYE"
    case .cancel: "CANCEL"
    case .options: "OPTIONS"
    case .register: "REGISTER"
    case .prack: "PRACK"
    case .update: "UPDATE"
    case .info: "INFO"
    case .refer: "REFER"
    case .subscribe: "SUBSCRIBE"
    case .notify: "NOTIFY"
    case .message: "MESSAGE"
    case .publish: "PUBLISH"
    case .other: ""
    }
  }
}
