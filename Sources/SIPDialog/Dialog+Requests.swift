// Writing the requests of a dialog (RFC 3261 §12.2.1.1) and the ACK to a 2xx (§13.2.2.4).

import Basics
import SIPMessage

/// The topmost Via of a request.
public struct ViaOrigin: Sendable {
  public var transport: StaticString
  public var sentBy: Endpoint
  public var branch: ByteString

  public init(transport: StaticString, sentBy: Endpoint, branch: ByteString) {
    self.transport = transport
    self.sentBy = sentBy
    self.branch = branch
  }
}

extension Dialog {
  /// A new request with the next sequence number, up to its Route headers: the rest is the caller's.
  public mutating func request(_ method: SIPMethod, via: ViaOrigin) -> MessageWriter {
    localSequence &+= 1
    return head(method, sequence: localSequence, via: via)
  }

  /// The ACK to a 2xx: the number of its INVITE, a branch of its own.
  public func acknowledgement(sequence: UInt32, via: ViaOrigin) -> MessageWriter {
    head(.ack, sequence: sequence, via: via)
  }

  /// The CANCEL of an INVITE that has no final answer: target, tags and branch of that INVITE (§9.1), which was sent
  /// before any dialog existed.
  public func cancellation(sequence: UInt32, via: ViaOrigin) -> MessageWriter {
    head(.cancel, sequence: sequence, via: via)
  }

  private func head(_ method: SIPMethod, sequence: UInt32, via: ViaOrigin) -> MessageWriter {
    let isStrict = routes.first.map { !Self.isLoose($0) } ?? false
    // A strict router wants itself in the Request-URI, and the target at the end of the route (§12.2.1.1).
    let target = isStrict ? routes.first.flatMap { NameAddress($0.bytes[...])?.uri.text } ?? remoteTarget : remoteTarget
    var writer = MessageWriter.request(method, target)
    writer.via(transport: via.transport, sentBy: via.sentBy, branch: via.branch)
    writer.header(.maxForwards, "70")
    writer.header(.from, localValue)
    writer.header(.to, remoteValue)
    writer.header(.callID, callID)
    writer.cseq(sequence, method)
    for route in isStrict ? routes[1...] : routes[...] { writer.header(.route, route) }
    if isStrict { writer.header(.route, "<" + remoteTarget + ">") }
    return writer
  }

  /// The URI that decides where a request goes: the first route, else the target.
  public var nextHop: SIPURI? {
    guard let first = routes.first else { return SIPURI(remoteTarget.bytes[...]) }
    return NameAddress(first.bytes[...])?.uri
  }

  private static func isLoose(_ route: ByteString) -> Bool {
    NameAddress(route.bytes[...])?.uri.isLooseRouter == true
  }
}
