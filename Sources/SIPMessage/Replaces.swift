// The Replaces header (RFC 3891 §6.1): which dialog a new call takes the place of. It stands in an INVITE, or escaped in
// the URI of a Refer-To.

import Basics

public struct Replaces: Hashable, Sendable {
  public var callID: ByteString
  /// The local tag of whoever gets the INVITE.
  public var toTag: ByteString
  public var fromTag: ByteString
  /// Not if it is answered already.
  public var isEarlyOnly: Bool

  public init(callID: ByteString, toTag: ByteString, fromTag: ByteString, isEarlyOnly: Bool = false) {
    self.callID = callID
    self.toTag = toTag
    self.fromTag = fromTag
    self.isEarlyOnly = isEarlyOnly
  }

  /// nil where the call's name or a tag is missing.
  public init?(_ text: ArraySlice<UInt8>) {
    let end = text.firstIndex(of: UInt8(ascii: ";")) ?? text.endIndex
    let callID = ByteString(text[..<end].filter { $0 != 0x20 && $0 != 0x09 })
    // Blanks may stand around the semicolons, where parameters are read without.
    let parameters = Parameters(raw: ByteString(text[end...].filter { $0 != 0x20 && $0 != 0x09 }))
    guard !callID.isEmpty, let toTag = parameters["to-tag"], let fromTag = parameters["from-tag"], !toTag.isEmpty,
      !fromTag.isEmpty
    else { return nil }
    self.init(callID: callID, toTag: toTag, fromTag: fromTag, isEarlyOnly: parameters["early-only"] != nil)
  }
}

extension SIPURI {
  /// A header that the URI asks for (RFC 3261 §19.1.1), unescaped; nil without it.
  public func header(_ name: StaticString) -> ByteString? {
    for field in headers.bytes.split(separator: UInt8(ascii: "&")) {
      guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { continue }
      if ByteString(unescaping: ByteString(field[..<equals])).equalsIgnoringCase(ByteString(name)) {
        return ByteString(unescaping: ByteString(field[(equals + 1)...]))
      }
    }
    return nil
  }
}
