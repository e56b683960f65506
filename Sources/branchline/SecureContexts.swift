// What sessions of TLS for SIP are made with: read from files when the configuration is applied, and with SIGHUP. What
// cannot be used leaves in force what was.

import Basics
import BranchConfiguration
import LinuxIO
import SIPTransaction
import SIPUserAgent

struct SecureContexts {
  enum Limits {
    static let identityBytes = 65_536
    static let authoritiesBytes = 1_048_576
  }
  private static var systemAuthorities: ByteString { "/etc/ssl/certs/ca-certificates.crt" }

  private var listening: TLSContext?
  private var calling: TLSContext?

  /// For one who has connected; nil: there is no certificate to show.
  func accepting() -> TLSSession? { listening.flatMap { TLSSession(accepting: $0) } }

  /// For one whom we connect to.
  func calling(_ expected: PeerName) -> TLSSession? {
    calling.flatMap { TLSSession(calling: $0, expecting: expected.isVerified ? expected.domain : nil) }
  }

  /// - Parameter own: the file of the certificate that the box makes for itself.
  /// - Returns: what is to be told.
  mutating func configure(_ settings: BranchSettings, own: ByteString) -> [LogEntry] {
    let listens = settings.userAgent.listeners.contains { $0.transport == .tls }
    let trunks = settings.userAgent.trunks.filter { $0.transport == .tls }
    guard listens || !trunks.isEmpty else {
      (listening, calling) = (nil, nil)
      return []
    }
    var log = trunks.filter { !$0.verifiesCertificate }.map {
      LogEntry(.warning, "tls.unverified", "trunk " + $0.name + ": anybody in between can read and change its calls")
    }
    do throws(TLSFault) {
      let identity = try Self.identity(settings.tls.certificate, own: own)
      listening = try .listening(
        identity, clients: .init(rawValue: UInt32(settings.tls.clientCertificates.rawValue)) ?? .off,
        authorities: settings.tls.clientCertificates == .off ? [] : try Self.read(settings.tls.clientAuthorities))
      calling = try .calling(identity, authorities: trunks.isEmpty ? [] : try Self.authorities(settings, trunks))
    } catch {
      log.append(
        LogEntry(
          .alarm, "tls.certificate",
          error.text + (listening == nil ? "; nobody can connect" : "; what was in force before stays")))
    }
    return log
  }

  /// Where nobody is verified, nobody is needed to trust.
  private static func authorities(
    _ settings: BranchSettings, _ trunks: [UserAgent.TrunkSettings]
  ) throws(TLSFault) -> [UInt8] {
    if !settings.tls.authorities.isEmpty { return try read(settings.tls.authorities) }
    return trunks.contains { $0.verifiesCertificate } ? try read(systemAuthorities) : []
  }

  private static func identity(
    _ certificate: BranchSettings.TLS.Certificate, own: ByteString
  ) throws(TLSFault) -> TLSIdentity {
    switch certificate {
    case .given(let certificate, let key):
      return TLSIdentity(
        certificate: try read(certificate, Limits.identityBytes), key: try read(key, Limits.identityBytes))
    case .own:
      if let kept = try? FileReader.read(own, limit: Limits.identityBytes) {
        return TLSIdentity(certificate: kept, key: kept)
      }
      guard let made = TLSIdentity.made() else { throw TLSFault(text: "no certificate can be made") }
      do throws(SystemError) {
        try WholeFile.write(made, to: own)
      } catch {
        throw TLSFault(text: error.text)
      }
      return TLSIdentity(certificate: made, key: made)
    }
  }

  private static func read(
    _ path: ByteString, _ limit: Int = Limits.authoritiesBytes
  ) throws(TLSFault) -> [UInt8] {
    do throws(FileReadError) {
      return try FileReader.read(path, limit: limit)
    } catch {
      throw TLSFault(text: error.text)
    }
  }
}

extension Daemon {
  /// With every configuration, and with SIGHUP: a certificate that was renewed under its name is shown to those who
  /// connect from now on.
  mutating func configureTLS(_ settings: BranchSettings) {
    for entry in sockets.secure.configure(settings, own: revisionFiles.sipCertificatePath) { note(entry) }
  }
}
