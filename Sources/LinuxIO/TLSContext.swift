// What sessions of TLS are made with: our certificate and whom we trust, from files in PEM. Sessions that were begun keep
// theirs when another takes its place.

import Basics
import CTLS

public struct TLSFault: Error, Equatable, Sendable {
  public let text: ByteString

  public init(text: ByteString) { self.text = text }
}

/// In PEM. The certificate is followed by those that lead to its authority.
public struct TLSIdentity: Equatable, Sendable {
  public enum Limits {
    static let certificateBytes = 4_096
  }
  public var certificate: [UInt8]
  public var key: [UInt8]

  public init(certificate: [UInt8], key: [UInt8]) {
    self.certificate = certificate
    self.key = key
  }

  /// A P-256 key and a certificate for it that it has signed itself, in one text. nil: there was no entropy.
  public static func made() -> [UInt8]? {
    var text = [CChar](repeating: 0, count: Limits.certificateBytes)
    let count = tls_make_certificate(&text, text.count)
    return count == 0 ? nil : text.prefix(count).map { UInt8(bitPattern: $0) }
  }

  fileprivate func withCIdentity(_ body: (borrowing tls_identity) -> OpaquePointer?) -> OpaquePointer? {
    certificate.withUnsafeBufferPointer { certificate in
      key.withUnsafeBufferPointer { key in
        body(
          tls_identity(
            certificate: certificate.baseAddress, certificate_count: certificate.count, key: key.baseAddress,
            key_count: key.count))
      }
    }
  }
}

public final class TLSContext {
  /// Whether those who connect to us are asked for certificates.
  public enum Clients: UInt32, Sendable {
    case off, request, require
  }
  private enum Limits {
    static let faultBytes = 256
  }

  let settings: OpaquePointer
  let listens: Bool

  private init(_ settings: OpaquePointer, listens: Bool) {
    self.settings = settings
    self.listens = listens
  }
  deinit { tls_free_settings(settings) }

  /// For those who connect to us.
  /// - Parameter authorities: of the clients' certificates; one that none of them has signed is refused.
  public static func listening(
    _ identity: TLSIdentity, clients: Clients = .off, authorities: [UInt8] = []
  ) throws(TLSFault) -> TLSContext {
    try make(listens: true) { error, size in
      identity.withCIdentity { identity in
        var identity = copy identity
        return tls_listening_settings(
          &identity, tls_clients(clients.rawValue), authorities, authorities.count, error, size)
      }
    }
  }

  /// For those whom we connect to.
  /// - Parameters:
  ///   - identity: shown to those who ask for one.
  ///   - authorities: none: nobody is trusted whose certificate is looked at.
  public static func calling(_ identity: TLSIdentity?, authorities: [UInt8]) throws(TLSFault) -> TLSContext {
    try make(listens: false) { error, size in
      (identity ?? TLSIdentity(certificate: [], key: [])).withCIdentity { identity in
        var identity = copy identity
        return tls_calling_settings(&identity, authorities, authorities.count, error, size)
      }
    }
  }

  private static func make(
    listens: Bool, _ body: (UnsafeMutablePointer<CChar>, Int) -> OpaquePointer?
  ) throws(TLSFault) -> TLSContext {
    var text = [CChar](repeating: 0, count: Limits.faultBytes)
    let settings = text.withUnsafeMutableBufferPointer { text in text.baseAddress.flatMap { body($0, text.count) } }
    guard let settings else { throw TLSFault(text: ByteString(text)) }
    return TLSContext(settings, listens: listens)
  }
}

extension ByteString {
  /// Up to the end of a text of C's.
  init(_ text: [CChar]) { self.init(text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }) }
}
