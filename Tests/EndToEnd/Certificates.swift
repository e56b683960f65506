// Certificates for the tests' peers, by openssl: an authority, and those that it signs.

import Foundation
import Harness

struct Authority {
  let workspace: Workspace
  let name: String

  var certificate: String { workspace.path(name + ".pem") }
  private var key: String { workspace.path(name + ".key") }

  init(_ workspace: Workspace, _ name: String = "authority") throws {
    self.workspace = workspace
    self.name = name
    try Self.openssl(
      Self.request(key, certificate, subject: name) + ["-addext", "basicConstraints=critical,CA:TRUE"])
  }

  /// - Parameter names: as openssl has them: `DNS:box`, `IP:127.0.0.1`, `URI:sip:test.example`.
  func sign(_ name: String, _ names: String) throws -> (certificate: String, key: String) {
    let files = (workspace.path(name + ".pem"), workspace.path(name + ".key"))
    try Self.openssl(
      Self.request(files.1, files.0, subject: name)
        + ["-CA", certificate, "-CAkey", key, "-addext", "subjectAltName=" + names])
    return files
  }

  private static func request(_ key: String, _ certificate: String, subject: String) -> [String] {
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
      + ["-subj", "/CN=" + subject, "-keyout", key, "-out", certificate]
  }

  private static func openssl(_ arguments: [String]) throws {
    _ = try ChildProcess.run("/usr/bin/openssl", arguments)
  }
}

extension Site {
  static let securePort = 15061
  static let secureBox = "127.0.0.1:15061"

  /// What makes a box listen over TLS with this certificate.
  static func secure(_ files: (certificate: String, key: String), more: String = "") -> String {
    """
    listen tls 127.0.0.1:\(securePort)
    tls { certificate "\(files.certificate)"; key "\(files.key)"; \(more) }
    """
  }

  /// The certificate that the box shows to whoever connects now: its subject and number.
  func shownCertificate(authority: String? = nil) throws -> String {
    let trust = authority.map { ["-CAfile", $0, "-verify_return_error", "-verify_ip", "127.0.0.1"] } ?? []
    let text = try ChildProcess.run(
      "/bin/sh", ["-c", "exec openssl \"$@\" </dev/null 2>&1", "sh", "s_client", "-connect", Self.secureBox] + trust)
    let file = try workspace.write("shown.pem", text)
    return try ChildProcess.run("/usr/bin/openssl", ["x509", "-in", file, "-noout", "-subject", "-serial"])
  }
}
