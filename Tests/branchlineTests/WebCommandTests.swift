import Appliance
import Basics
import BranchConfiguration
import Testing

@testable import branchline

@Suite("The page's process")
struct WebCommandTests {
  @Test("what the daemon starts it with is what it understands")
  func arguments() throws {
    let listen = try #require(Endpoint("192.0.2.1:8443"))
    let subnets = [try #require(Subnet("192.168.0.0/16")), try #require(Subnet("fd00::/8"))]
    for certificate in [BranchSettings.Web.Certificate.own, .given(certificate: "/c.pem", key: "/k.pem")] {
      let web = BranchSettings.Web(listen: listen, certificate: certificate, metricsFrom: subnets)
      let arguments = WebCommand.Arguments(web, socket: "/run/control.sock", ownCertificate: "/own.pem")
      #expect(try Invocation(arguments.words).command == .web(arguments))
      #expect(arguments.isOwn == (certificate == .own) && arguments.metricsFrom == subnets)
    }
  }

  @Test(
    "what it does not understand it refuses",
    arguments: [
      "web", "web /s 1.2.3.4:1 own", "web /s nowhere own /f", "web /s 1.2.3.4:1 given /f",
      "web /s 1.2.3.4:1 other /f /g",
      "web /s 1.2.3.4:1 own /f 1.2.3",
    ])
  func refused(_ line: String) {
    let words = line.split(separator: " ").map { ByteString(String($0)) }
    #expect(throws: UsageError.usage(WebCommand.Arguments.usage)) { try Invocation(words) }
  }

  @Test("questions about calls are known behind a name too")
  func concerns() {
    for line in ["calls", "overview", "as lee@1.2.3.4 overview"] as [ByteString] { #expect(Measurement.concerns(line)) }
    for line in ["", "status", "calls of", "as calls@overview status"] as [ByteString] {
      #expect(!Measurement.concerns(line))
    }
  }

  @Test("who asks while figures are awaited waits for the same ones; only the first makes the media thread count")
  func measurement() {
    let now = Instant.zero
    var measurement = Measurement()
    let requests = (1...2).map { OperatorRequest(client: $0, line: "calls", peer: .trusted(0)) }
    #expect(measurement.add(requests[0], at: now) && !measurement.add(requests[1], at: now + .milliseconds(50)))
    #expect(measurement.nextDeadline == now + Measurement.Limits.patience)
    #expect(measurement.takeAll().map { $0.client } == [1, 2] && measurement.nextDeadline == nil)
    #expect(measurement.takeAll().isEmpty && measurement.add(requests[0], at: now))
  }
}
