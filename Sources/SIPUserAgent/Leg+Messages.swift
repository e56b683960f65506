// What the messages of a leg have in common: headers, descriptions with the right address, ACK and BYE.

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

enum Allowed {
  /// The methods that we understand, as Allow has them.
  static let methods: StaticString =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REGISTER, SUBSCRIBE, REFER"
  /// The option tags that we know, as Supported has them, and without what a trunk does not want.
  static let extensions: StaticString = "100rel, timer, replaces, norefersub"
  static let extensionsWithoutReliability: StaticString = "timer, replaces, norefersub"
  static let descriptions: StaticString = "application/sdp"

  static func isExtension(_ option: ByteString) -> Bool {
    option.equalsIgnoringCase("100rel") || option.equalsIgnoringCase("timer") || option.equalsIgnoringCase("replaces")
      || option.equalsIgnoringCase("norefersub")
  }
}

extension Leg {
  func contact(_ wire: Wire) -> ByteString {
    wire.contact(contactUser, on: flow, for: dialog?.remoteTarget ?? "")
  }

  /// The description with the address that this leg's peer can reach.
  func addressed(_ description: SessionDescription, _ wire: Wire) -> SessionDescription {
    var description = description
    description.address = wire.addressing.advertised(for: flow).address
    return description
  }

  /// A response of ours that can carry a description.
  mutating func response(
    _ status: Int, to request: SIPMessage, _ description: SessionDescription?, _ wire: inout Wire
  ) -> [UInt8] {
    var writer = wire.response(status, to: request, tag: localTag)
    if status < 300 {
      writer.header(.contact, contact(wire))
      writer.header(.allow, ByteString(Allowed.methods))
    }
    if status == 200 { writeClock(to: request, in: &writer, wire) }
    guard let description else { return writer.finish() }
    return writer.finish(contentType: ByteString(Allowed.descriptions), body: description.serialised())
  }

  /// A request inside the dialog up to its own headers; nil before there is one.
  mutating func request(_ method: SIPMethod, branch: ByteString, _ wire: Wire) -> MessageWriter? {
    guard var writer = dialog?.request(method, via: wire.via(branch, on: flow)) else { return nil }
    if method == .invite || method == .update {
      writer.header(.contact, contact(wire))
      writer.header(.allow, ByteString(Allowed.methods))
      writer.header(.supported, ByteString(Allowed.extensions))
      clock.write(to: &writer)
    }
    writer.header(.userAgent, wire.agentName)
    return writer
  }

  /// Sends the ACK to a 2xx of `sequence` and keeps it for repetitions.
  mutating func acknowledge(_ sequence: UInt32, _ wire: inout Wire, at now: Instant) {
    guard let dialog else { return }
    let branch = wire.branch()
    var writer = dialog.acknowledgement(sequence: sequence, via: wire.via(branch, on: flow))
    writer.header(.userAgent, wire.agentName)
    let bytes = writer.finish()
    acknowledged = Acknowledged(sequence: sequence, bytes: bytes)
    wire.sendAlone(bytes, on: flow, at: now)
  }

  mutating func sendBye(
    _ cause: Cause?, authorization: DigestClient.Answer? = nil, _ wire: inout Wire, at now: Instant
  ) {
    let branch = wire.branch()
    guard var writer = request(.bye, branch: branch, wire) else { return }
    if let header = cause?.header { writer.header(.reason, header) }
    if let authorization { writer.header(authorization.header, authorization.value) }
    isByePending = true
    wire.send(writer.finish(), .bye, branch: branch, on: flow, for: ClientUse(.bye, of: slot).packed, at: now)
  }

  /// The header that answers a 401 or 407 to a request inside the dialog, if it may be answered once more.
  func answer(
    _ response: SIPMessage, _ method: SIPMethod, uri: ByteString, used: inout Int, _ wire: inout Wire
  ) -> DigestClient.Answer? {
    guard let credentials,
      let answer = DigestClient.answer(
        response, method: method, uri: uri, credentials: credentials, clientNonce: wire.tag()),
      used == 0 || answer.isStale && used < UserAgent.Limits.credentialsPerRequest
    else { return nil }
    used += 1
    return answer
  }

  mutating func reportEnd(_ ending: UserAgent.Ending, _ wire: inout Wire) {
    guard !isEndReported else { return }
    isEndReported = true
    wire.outbox.event(.ended(id, ending))
  }

  func timer(_ kind: TimerKey.Kind) -> TimerKey { TimerKey(kind, of: slot) }
}

extension SIPMessage {
  /// The session description in the body: nil without one, an error where it cannot be understood.
  func description() throws(BodyError) -> SessionDescription? {
    guard !body.isEmpty else { return nil }
    if let type = contentType, !Self.isType(type, Allowed.descriptions) { throw .unsupportedType }
    do { return try SessionDescription(parsing: body) } catch { throw .malformed }
  }

  /// Whether a body of this type, an `application/…` one, may be sent back. Without Accept the usual one is meant
  /// (RFC 3261 §20.1, RFC 4235 §3.5).
  func accepts(_ type: StaticString) -> Bool {
    guard has(.acceptHeader) else { return true }
    let ranges = values(.acceptHeader)
    return ranges.isEmpty
      || ranges.contains {
        Self.isType($0, type) || Self.isType($0, "application/*") || Self.isType($0, "*/*")
      }
  }

  static func isType(_ value: ArraySlice<UInt8>, _ type: StaticString) -> Bool {
    let end = value.firstIndex { $0 == UInt8(ascii: ";") || $0 == 0x20 || $0 == 0x09 } ?? value.endIndex
    return ByteString(value[..<end]).equalsIgnoringCase(type)
  }
}

enum BodyError: Error {
  /// 415
  case unsupportedType
  /// 400
  case malformed

  var status: Int { self == .unsupportedType ? 415 : 400 }
}

extension Leg {
  var isTrunk: Bool { if case .trunk = party { true } else { false } }

  /// Where requests of a dialog over `flow` go: to the host its route names, as far as that is an address and no
  /// translation stands before it; else back the way its messages came.
  func nextFlow(_ dialog: Dialog, over flow: Flow) -> Flow {
    let known = flow.remote.address
    guard flow.transport == .udp, let next = dialog.nextHop, let host = next.hostAddress,
      host == known || isTrunk && (!Addressing.isPrivate(host) || Addressing.isPrivate(known))
    else { return flow }
    if let wished = next.transport, SIPTransport(wished.bytes[...]) != .udp { return flow }
    var flow = flow
    flow.remote = Endpoint(host, next.port ?? 5060)
    return flow
  }
}
