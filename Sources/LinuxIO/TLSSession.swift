// One session of TLS between two buffers in memory: what comes from the network is fed in, what is for the network is
// taken out. It touches no socket. A handshake goes on only when it is told to, since each step costs a millisecond or so.

import Basics
import CTLS

///     session.feed(bytes)
///     if session.step() == .ready { … }
///     send(session.take())
public final class TLSSession {
  public enum Step: Equatable {
    /// For what the other side says next.
    case waits
    /// The handshake is done, and the other side is who it should be.
    case ready
    case refused(ByteString)
  }
  public enum Received: Equatable {
    case bytes(count: Int)
    case nothing
    /// The other side is done, or has broken the rules.
    case closed
  }
  private enum Limits {
    static let faultBytes = 256
  }

  private let session: OpaquePointer
  /// The handshake goes on.
  public private(set) var isShakingHands = true

  /// For one who has connected to us; nil without memory.
  public init?(accepting context: TLSContext) {
    guard let session = tls_accept(context.settings) else { return nil }
    self.session = session
  }

  /// For one whom we have connected to; nil without memory.
  /// - Parameter domain: whom the certificate must name (RFC 5922 §7); nil: it is not looked at.
  public init?(calling context: TLSContext, expecting domain: ByteString?) {
    let session =
      if let domain { domain.withCString { tls_call(context.settings, $0) } } else { tls_call(context.settings, nil) }
    guard let session else { return nil }
    self.session = session
  }
  deinit { tls_free(session) }

  public func feed(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    // Without memory the session is refused or closed with its next step: the record is not whole.
    _ = tls_feed(session, start, bytes.count)
  }

  public func step() -> Step {
    switch tls_go_on(session) {
    case TLS_WAITS: return .waits
    case TLS_READY:
      isShakingHands = false
      return .ready
    default:
      var text = [CChar](repeating: 0, count: Limits.faultBytes)
      tls_fault(session, &text, text.count)
      return .refused(ByteString(text))
    }
  }

  /// What the other side has said, as far as it is whole.
  public func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
    guard let start = buffer.baseAddress else { return .nothing }
    let count = tls_read(session, start, buffer.count)
    return count > 0 ? .bytes(count: count) : count == 0 ? .nothing : .closed
  }

  /// False when the session is over.
  public func write(_ bytes: [UInt8]) -> Bool { tls_write(session, bytes, bytes.count) }

  /// Tells the other side that nothing more will come.
  public func finish() { tls_finish(session) }

  /// For the network.
  public func take() -> [UInt8] {
    let count = tls_waiting(session)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
      taken = buffer.baseAddress.map { tls_take(session, $0, count) } ?? 0
    }
  }

  /// `TLSv1.3`
  public var version: ByteString { ByteString(cString: tls_version(session)) }
}
