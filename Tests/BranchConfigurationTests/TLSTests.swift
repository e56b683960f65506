import Basics
import BranchConfiguration
import Configuration
import SIPTransaction
import Testing

@Suite("SIP over TLS in the configuration")
struct TLSTests {
  private static let listeners = "listen udp 0.0.0.0:5060\nlisten tls 0.0.0.0:5061\n"
  private static func trunk(_ more: String) -> String {
    "trunk carrier { peer { address 192.0.2.1:5061 }; transport tls; channels 4; \(more) }\n"
  }

  @Test("a listener and a trunk; certificates of the box's own, and whom the system trusts")
  func defaults() throws {
    let settings = try #require(reading(Self.listeners + Self.trunk("")).settings)
    #expect(settings.userAgent.listeners.map(\.transport) == [.udp, .tls])
    #expect(settings.userAgent.trunks[0].transport == .tls && settings.userAgent.trunks[0].verifiesCertificate)
    #expect(settings.tls == BranchSettings.TLS())
  }

  @Test("files, authorities, certificates of clients, and a trunk that is not verified")
  func given() throws {
    let block =
      "tls { certificate /c.pem; key /k.pem; authorities /a.pem; client-certificates require; client-authorities /b.pem }"
    let settings = try #require(reading(Self.listeners + Self.trunk("verify no") + block).settings)
    var expected = BranchSettings.TLS()
    expected.certificate = .given(certificate: "/c.pem", key: "/k.pem")
    expected.authorities = "/a.pem"
    expected.clientAuthorities = "/b.pem"
    expected.clientCertificates = .require
    #expect(settings.tls == expected && !settings.userAgent.trunks[0].verifiesCertificate)
  }

  @Test(
    "what cannot be is told",
    arguments: [
      "tls { certificate /c.pem }", "tls { key /k.pem }", "tls { client-certificates request }",
      "tls { authorities a.pem }", "listen tcp 192.0.2.7:5061", "web { listen 0.0.0.0:5061 }",
    ])
  func faults(_ block: String) {
    #expect(reading(Self.listeners + block).errors.count == 1)
  }

  @Test("a trunk over TLS needs a listener of TLS")
  func listener() {
    #expect(reading("listen udp 0.0.0.0:5060\n" + Self.trunk("")).errors.count == 1)
  }
}
