// TLS for SIP: the box's certificate, whom it trusts, and whether phones must show certificates of their own.

import Basics
import Configuration
import SIPTransaction
import SIPUserAgent

extension BranchSettings {
  /// What listeners and trunks over TLS share.
  public struct TLS: Hashable, Sendable {
    public enum Certificate: Hashable, Sendable {
      /// The box makes one for itself.
      case own
      case given(certificate: ByteString, key: ByteString)
    }
    /// In the order of the choices.
    public enum ClientCertificates: Int, Hashable, Sendable {
      case off, request, require
    }
    public var certificate = Certificate.own
    public var clientCertificates = ClientCertificates.off
    /// The authorities of clients' certificates.
    public var clientAuthorities: ByteString = ""
    /// The authorities of carriers' certificates; empty: those that the system trusts.
    public var authorities: ByteString = ""

    public init() {}
  }
}

extension BranchSchema {
  static let tlsName: ByteString = "tls"

  static var tlsBlock: SchemaNode {
    SchemaNode(
      block: tlsName, effect: .newCalls,
      help: Help("Certificates for SIP over TLS; connections that are up keep theirs", "SIP TLS 证书；已建立的连接不受影响"),
      [
        SchemaNode(
          "certificate", .init("file", .path),
          help: Help(
            "In PEM, with those that lead to its authority; otherwise the box makes its own",
            "PEM 证书（含证书链）；未设置时由本机自签")),
        SchemaNode(
          "key", .init("file", .path), help: Help("The certificate's key, in PEM", "证书的私钥，PEM 格式")),
        SchemaNode(
          "authorities", .init("file", .path),
          help: Help(
            "In PEM, who may sign carriers' certificates; otherwise those that the system trusts",
            "可签发运营商证书的机构（PEM）；默认采用系统信任的机构")),
        SchemaNode(
          "client-certificates", .init("rule", .choice(clientCertificates)), default: "off",
          help: Help("Whether whoever connects must show a certificate", "是否要求连接方出示证书")),
        SchemaNode(
          "client-authorities", .init("file", .path),
          help: Help("In PEM, who may sign those certificates", "可签发上述证书的机构（PEM）")),
      ])
  }

  /// In the order of `BranchSettings.TLS.ClientCertificates`.
  private static var clientCertificates: [Choice] {
    [
      Choice("off", help: Help("Nobody is asked", "不要求")),
      Choice("request", help: Help("Whoever has one shows it; a bad one is refused", "有则出示，无效证书被拒绝")),
      Choice("require", help: Help("Nobody comes in without one", "没有证书不得接入")),
    ]
  }

  /// In the order of `SIPTransport`.
  static var transports: [Choice] {
    [
      Choice("udp", help: Help("Datagrams", "数据报")), Choice("tcp", help: Help("Streams", "流")),
      Choice("tls", help: Help("Streams that nobody else can read; usually port 5061", "加密流，通常使用端口 5061")),
    ]
  }

  /// Of a trunk: whether the carrier must prove who it is.
  static var verifyStatement: SchemaNode {
    SchemaNode(
      "verify", .init("yes|no", .boolean), default: "yes",
      help: Help(
        "Over TLS, whether the carrier's certificate must be good and name it; no is not safe",
        "TLS 时是否验证运营商证书及其域名；no 不安全"))
  }
}

extension BranchReader {
  func tls() -> BranchSettings.TLS {
    let section = root.sectionOrDefaults(BranchSchema.tlsName)
    var tls = BranchSettings.TLS()
    if let certificate = section.text("certificate"), let key = section.text("key") {
      tls.certificate = .given(certificate: certificate, key: key)
    }
    tls.authorities = section.text("authorities") ?? ""
    tls.clientAuthorities = section.text("client-authorities") ?? ""
    tls.clientCertificates = section.choice("client-certificates").flatMap { .init(rawValue: $0) } ?? .off
    return tls
  }

  /// In the order of `BranchSchema.transports`.
  static func transport(_ choice: Int?) -> SIPTransport { choice.flatMap { SIPTransport(rawValue: UInt8($0)) } ?? .udp }
}

extension BranchChecks {
  mutating func checkTLS() {
    let section = root.sectionOrDefaults(BranchSchema.tlsName)
    for (one, other) in [("certificate", "key"), ("key", "certificate")] as [(ByteString, ByteString)]
    where section.has(one) && !section.has(other) {
      report(
        .missing, at: section.valuePosition(of: one), in: BranchSchema.tlsName,
        found: Phrase(one) + Phrase(" without ", " 缺少 ") + other,
        expected: Phrase("both, or neither: then the box makes its own", "两者都设置，或都不设置（由本机自签）"))
    }
    if settings.tls.clientCertificates != .off, settings.tls.clientAuthorities.isEmpty {
      report(
        .missing, at: section.valuePosition(of: "client-certificates"), in: BranchSchema.tlsName,
        found: Phrase("client certificates that nobody may sign", "要求客户端证书，但未指定签发机构"),
        expected: Phrase("client-authorities FILE", "client-authorities 文件"))
    }
  }
}
