// The supervisor's page: where it listens, by what certificate, and who may read the metrics.

import Basics
import Configuration
import SIPTransaction
import SIPUserAgent

extension BranchSettings {
  /// The page of this box for supervisors, and the metrics.
  public struct Web: Hashable, Sendable {
    public enum Certificate: Hashable, Sendable {
      /// The box makes one for itself.
      case own
      case given(certificate: ByteString, key: ByteString)
    }
    public var listen: Endpoint
    public var certificate: Certificate
    /// Who reads the metrics without a log-in.
    public var metricsFrom: [Subnet]

    public init(listen: Endpoint, certificate: Certificate = .own, metricsFrom: [Subnet] = []) {
      self.listen = listen
      self.certificate = certificate
      self.metricsFrom = metricsFrom
    }
  }
}

extension BranchSchema {
  static let webName: ByteString = "web"

  static var webBlock: SchemaNode {
    SchemaNode(
      block: webName, effect: .noCall,
      help: Help("A page for supervisors on the local network, by HTTPS, and metrics", "供主管在本地网络使用的 HTTPS 页面与监控指标"),
      [
        SchemaNode(
          "listen", .init("address:port", .endpoint(defaultPort: 8443)), default: "0.0.0.0:8443",
          help: Help("Where browsers reach it", "浏览器访问的地址")),
        SchemaNode(
          "certificate", .init("file", .path),
          help: Help(
            "In PEM, with those that lead to its authority; otherwise the box makes its own",
            "PEM 证书（含证书链）；未设置时由本机自签")),
        SchemaNode(
          "key", .init("file", .path), help: Help("The certificate's key, in PEM", "证书的私钥，PEM 格式")),
        SchemaNode(
          "metrics-from", .init("subnet", .subnet, count: 1...BranchLimits.metricsSubnets),
          help: Help("Networks that may read /metrics without a log-in", "无需登录即可读取 /metrics 的网段")),
      ])
  }
}

extension BranchReader {
  func web() -> BranchSettings.Web? {
    guard let section = root.section(BranchSchema.webName), let listen = section.endpoint("listen") else { return nil }
    var web = BranchSettings.Web(listen: listen, metricsFrom: section.subnets("metrics-from"))
    if let certificate = section.text("certificate"), let key = section.text("key") {
      web.certificate = .given(certificate: certificate, key: key)
    }
    return web
  }
}

extension BranchChecks {
  mutating func checkWeb() {
    guard let web = settings.web, let section = root.section(BranchSchema.webName) else { return }
    for (one, other) in [("certificate", "key"), ("key", "certificate")] as [(ByteString, ByteString)]
    where section.has(one) && !section.has(other) {
      report(
        .missing, at: section.valuePosition(of: one), in: BranchSchema.webName,
        found: Phrase(one) + Phrase(" without ", " 缺少 ") + other,
        expected: Phrase("both, or neither: then the box makes its own", "两者都设置，或都不设置（由本机自签）"))
    }
    for listener in settings.userAgent.listeners
    where listener.transport != .udp && Self.overlaps(listener.endpoint, web.listen) {
      report(
        .duplicate, at: section.has("listen") ? section.valuePosition(of: "listen") : section.position,
        in: BranchSchema.webName,
        found: Phrase("the address of a SIP listener, ", "与 SIP 监听地址相同：") + listener.endpoint.text,
        expected: Phrase("another address or port", "其他地址或端口"))
    }
  }
}
