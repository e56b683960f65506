import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("The supervisor's page in the configuration")
struct WebTests {
  private func web(_ block: String) throws -> BranchSettings.Web? {
    try #require(reading("listen udp 0.0.0.0:5060\n" + block).settings).web
  }

  @Test("there is none unless it is said; then at port 8443, with a certificate of the box's own")
  func defaults() throws {
    #expect(try web("") == nil)
    let listen = try #require(Endpoint("0.0.0.0:8443"))
    #expect(try web("web { }") == BranchSettings.Web(listen: listen))
  }

  @Test("a certificate with its key, and networks that read the metrics")
  func given() throws {
    let block = "web { listen 192.0.2.1:443; certificate /c.pem; key /k.pem; metrics-from 192.168.0.0/16 10.1.2.3 }"
    let expected = BranchSettings.Web(
      listen: try #require(Endpoint("192.0.2.1:443")), certificate: .given(certificate: "/c.pem", key: "/k.pem"),
      metricsFrom: [try #require(Subnet("192.168.0.0/16")), try #require(Subnet("10.1.2.3"))])
    #expect(try web(block) == expected)
  }

  @Test(
    "what cannot be is told",
    arguments: [
      "web { certificate /c.pem }", "web { key /k.pem }", "web { listen nowhere }", "web { metrics-from 1.2.3 }",
      "listen tcp 0.0.0.0:8443\nweb { }", "listen tcp 192.0.2.1:443\nweb { listen 0.0.0.0:443 }",
      "web { certificate c.pem; key /k.pem }",
    ])
  func faults(_ block: String) {
    #expect(reading("listen udp 0.0.0.0:5060\n" + block).errors.count == 1)
  }
}
