// A dialog (RFC 3261 §12): who talks to whom, in which order, along which route. It holds what a request inside the
// dialog is made of; it knows no transaction, no transport and no media.

import Basics
import SIPMessage

/// Made by the caller from its own INVITE and completed by the answers, or by the callee from the INVITE it got.
public struct Dialog: Sendable {
  public struct ID: Hashable, Sendable {
    public var callID: ByteString
    public var localTag: ByteString
    public var remoteTag: ByteString

    public init(callID: ByteString, localTag: ByteString, remoteTag: ByteString) {
      self.callID = callID
      self.localTag = localTag
      self.remoteTag = remoteTag
    }
  }

  public let callID: ByteString
  public let localTag: ByteString
  /// Empty until the first answer with a tag.
  public internal(set) var remoteTag: ByteString
  /// We made the Call-ID.
  public let isCaller: Bool
  /// The number of our latest request.
  public internal(set) var localSequence: UInt32
  /// The number of the peer's latest request, nil before the first one.
  public internal(set) var remoteSequence: UInt32?
  /// The Request-URI of what we send.
  public internal(set) var remoteTarget: ByteString
  /// The values of the Route headers, nearest first.
  public internal(set) var routes: [ByteString]

  /// The whole values of From (our side) and To (theirs) in our requests, tags included.
  let localValue: ByteString
  var remoteValue: ByteString

  public var id: ID { ID(callID: callID, localTag: localTag, remoteTag: remoteTag) }
}

// MARK: - The caller's side

extension Dialog {
  /// What an INVITE is made of before anybody answered.
  /// - Parameters:
  ///   - target: the Request-URI.
  ///   - local: From without its tag, `"Name" <sip:…>`.
  ///   - remote: To.
  ///   - sequence: the number that the first request will carry.
  public init(
    calling target: ByteString, callID: ByteString, localTag: ByteString, sequence: UInt32, local: ByteString,
    remote: ByteString
  ) {
    self.init(
      calling: target, callID: callID, localTag: localTag, sequence: sequence,
      localValue: Self.value(local, tag: localTag), remote: remote)
  }

  /// The same where From stands ready with its tag, as in an answer that somebody got to an INVITE long forgotten.
  public init(
    calling target: ByteString, callID: ByteString, localTag: ByteString, sequence: UInt32, localValue: ByteString,
    remote: ByteString
  ) {
    self.callID = callID
    self.localTag = localTag
    remoteTag = ""
    isCaller = true
    localSequence = sequence &- 1
    remoteTarget = target
    routes = []
    self.localValue = localValue
    remoteValue = remote
  }

  /// The dialog that a 101–299 answer to our INVITE makes, early or confirmed (§12.1.2); nil if it has no tag.
  ///
  /// Of a 2xx the route set is taken anew even if an early dialog had one (§13.2.2.4).
  public func established(by response: SIPMessage) -> Dialog? {
    guard let tag = response.toTag, !tag.isEmpty else { return nil }
    var dialog = self
    dialog.remoteTag = ByteString(tag)
    if let to = response.value(.to) { dialog.remoteValue = ByteString(to) }
    dialog.routes = response.values(.recordRoute).reversed().map { ByteString($0) }
    dialog.refreshTarget(from: response)
    return dialog
  }
}

// MARK: - The callee's side

extension Dialog {
  /// The dialog that our answer to `request` makes (§12.1.1). `localTag` goes into To of the answer.
  public init(answering request: SIPMessage, localTag: ByteString) {
    callID = ByteString(request.callID)
    self.localTag = localTag
    remoteTag = request.fromTag.map { ByteString($0) } ?? ""
    isCaller = false
    localSequence = 0
    remoteSequence = request.cseq.number
    routes = request.values(.recordRoute).map { ByteString($0) }
    localValue = Self.value(request.value(.to).map { ByteString($0) } ?? "", tag: localTag)
    remoteValue = request.value(.from).map { ByteString($0) } ?? ""
    remoteTarget = request.from.map { $0.uri.text } ?? ""
    refreshTarget(from: request)
  }

  /// Whether a request of the peer comes in order (§12.2.2); if not, it is answered with 500. ACK and CANCEL carry the
  /// number of their INVITE and are not asked about.
  public mutating func accepts(sequence: UInt32) -> Bool {
    if let last = remoteSequence, sequence <= last { return false }
    remoteSequence = sequence
    return true
  }
}

// MARK: - Both sides

extension Dialog {
  /// A Contact in a target refresh request or its answer replaces the remote target; the route set stays.
  public mutating func refreshTarget(from message: SIPMessage) {
    guard let contact = message.contacts.first else { return }
    remoteTarget = contact.uri.text
  }

  /// A party with its tag: `"Name" <sip:…>;tag=…`.
  public static func value(_ party: ByteString, tag: ByteString) -> ByteString {
    var writer = ByteWriter(capacity: party.count + tag.count + 5)
    writer.append(party.bytes)
    writer.append(";tag=")
    writer.append(tag.bytes)
    return ByteString(writer.bytes)
  }
}
