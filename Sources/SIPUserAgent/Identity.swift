// Who calls and who is called, in both directions: From and P-Asserted-Identity (RFC 3325), Privacy (RFC 3323), and the
// number that an INVITE asks for.

import Basics
import SIPDialog
import SIPMessage
import SIPTransaction

/// The headers by which an INVITE of ours introduces the caller.
struct CallerIdentity {
  /// Without tag.
  var from: ByteString
  var assertedIdentity: ByteString
  var isWithheld: Bool

  static func toUser(_ invitation: UserAgent.Invitation, host: Endpoint) -> CallerIdentity {
    guard !invitation.callerNumber.isEmpty else { return withheld(name: invitation.callerName) }
    let uri = SIPURI(user: invitation.callerNumber, host: host.address.text, port: host.port == 5060 ? nil : host.port)
    let address = NameAddress(displayName: invitation.callerName, uri: uri).text
    return CallerIdentity(from: address, assertedIdentity: address, isWithheld: false)
  }

  static func toTrunk(number: ByteString, name: ByteString, _ trunk: Trunk) -> CallerIdentity {
    guard !number.isEmpty else {
      guard let account = trunk.settings.fromUser else { return withheld(name: "") }
      // A provider that wants the account in From finds the caller there even if it is withheld; privacy hides it.
      return CallerIdentity(
        from: NameAddress(displayName: "Anonymous", uri: trunk.bareURI(account)).text, assertedIdentity: "",
        isWithheld: true)
    }
    let asserted = NameAddress(displayName: name, uri: trunk.bareURI(number)).text
    let shown = trunk.settings.fromUser ?? number
    return CallerIdentity(
      from: NameAddress(displayName: name, uri: trunk.bareURI(shown)).text,
      assertedIdentity: asserted, isWithheld: false)
  }

  /// RFC 3323 §4.1.1.3. A name alone (of a queue, say) may be shown to our own phones.
  private static func withheld(name: ByteString) -> CallerIdentity {
    let uri = SIPURI(user: "anonymous", host: "anonymous.invalid")
    let from = NameAddress(displayName: name.isEmpty ? "Anonymous" : name, uri: uri).text
    return CallerIdentity(from: from, assertedIdentity: "", isWithheld: true)
  }
}

extension UserAgent.Invitation.Origin {
  /// `"Sales" <sip:600@192.0.2.1>;reason=no-answer;counter=1`
  func diversion(host: Endpoint) -> ByteString {
    let uri = SIPURI(user: number, host: host.address.text, port: host.port == 5060 ? nil : host.port)
    return NameAddress(displayName: displayName, uri: uri).text + ";reason=" + reason + ";counter=1"
  }
}

extension Trunk {
  /// For From and To: without the transport, which is a matter of the way.
  func bareURI(_ user: ByteString) -> SIPURI { SIPURI(user: user, host: domain) }
}

extension SIPMessage {
  /// Number and name of the caller, as a trusted peer gives them; empty where they are withheld.
  var assertedCaller: (number: ByteString, name: ByteString) {
    let from = from
    var asserted: NameAddress?
    for value in values(.assertedIdentity) {
      guard let address = NameAddress(value), !address.uri.user.isEmpty else { continue }
      asserted = address
      break
    }
    let isWithheld =
      values(.privacy).contains { value in
        value.split(separator: UInt8(ascii: ";")).contains { part in
          let word = ByteString(part.filter { $0 != 0x20 })
          return word.equalsIgnoringCase("id") || word.equalsIgnoringCase("user")
        }
      } || asserted == nil && from.map { Self.isAnonymous($0.uri) } ?? true
    if isWithheld { return ("", "") }
    let caller = asserted ?? from
    return (caller?.uri.user ?? "", caller?.displayName ?? "")
  }

  private static func isAnonymous(_ uri: SIPURI) -> Bool {
    uri.user.isEmpty || uri.user.equalsIgnoringCase("anonymous") || uri.host.equalsIgnoringCase("anonymous.invalid")
      || uri.user.equalsIgnoringCase("unavailable") || uri.user.equalsIgnoringCase("restricted")
  }

  /// The number called: of the Request-URI, or of To where the Request-URI is our own registered contact.
  func calledNumber(account: ByteString?) -> ByteString {
    let requested = SIPURI(requestURI)?.user ?? ""
    if let account, requested == account || requested.isEmpty, let to, !to.uri.user.isEmpty { return to.uri.user }
    return requested
  }
}
