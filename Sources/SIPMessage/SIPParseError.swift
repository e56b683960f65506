// Why a message was not accepted, what a server answers (RFC 3261 §8.2, §16.3, §21.4), and as much of the request as
// the answer needs.

import Basics

public struct SIPParseError: Error, Sendable {
  public enum Reason: Error, Equatable, Sendable {
    /// Nothing but line ends: a keep-alive.
    case empty
    case tooLarge
    case malformedStartLine
    case malformedRequestURI
    case unsupportedVersion
    case malformedHeaderLine
    /// No empty line ends the header section.
    case unterminatedHead
    case tooManyHeaders
    case missing(HeaderName)
    case duplicate(HeaderName)
    case malformed(HeaderName)
    /// The method of CSeq is not that of the request line.
    case methodMismatch
    /// Content-Length says more than came.
    case truncatedBody
  }

  public var reason: Reason
  /// The status to answer with; nil means drop: it was no request, or an ACK, or too little of it is intact.
  public var suggestedStatus: Int?
  /// What a response is built from, where `suggestedStatus` is not nil.
  public var partial: PartialRequest?

  init(_ reason: Reason, partial: PartialRequest? = nil) {
    self.reason = reason
    self.partial = partial
    guard partial != nil else { return }
    switch reason {
    case .unsupportedVersion: suggestedStatus = 505
    case .tooLarge, .tooManyHeaders: suggestedStatus = 513
    default: suggestedStatus = 400
    }
  }

  /// The reason phrase that names the cause, for the status line: `Malformed CSeq`.
  public var reasonPhrase: ByteString {
    func about(_ words: StaticString, _ name: HeaderName) -> ByteString { ByteString(words) + name.text }
    switch reason {
    case .empty: return "Empty Message"
    case .tooLarge: return "Message Too Large"
    case .malformedStartLine: return "Malformed Request Line"
    case .malformedRequestURI: return "Malformed Request-URI"
    case .unsupportedVersion: return "Version Not Supported"
    case .malformedHeaderLine: return "Malformed Header Line"
    case .unterminatedHead: return "Header Section Has No End"
    case .tooManyHeaders: return "Too Many Headers"
    case .missing(let name): return about("Missing ", name)
    case .duplicate(let name): return about("More Than One ", name)
    case .malformed(let name): return about("Malformed ", name)
    case .methodMismatch: return "CSeq Method Mismatch"
    case .truncatedBody: return "Content-Length Exceeds Message"
    }
  }
}

/// The intact parts of a request that was refused: the topmost Via is well formed, what else a response copies may be
/// what was wrong, or missing.
///
///     } catch { if let status = error.suggestedStatus, let partial = error.partial {
///       send(MessageWriter.response(status, to: partial, toTag: nil, reason: error.reasonPhrase).finish())
public struct PartialRequest: Sendable {
  var message: SIPMessage

  init(_ message: SIPMessage) { self.message = message }

  public var method: SIPMethod { message.method }
  public var topVia: Via { message.topVia }
  public func value(_ name: HeaderName) -> ArraySlice<UInt8>? { message.value(name) }

  /// As `SIPMessage.setReceived`.
  @discardableResult
  public mutating func setReceived(_ address: IPAddress, port: UInt16) -> Bool {
    message.setReceived(address, port: port)
  }
}
