// Sections to the settings of the user agent and the dialplan.

import Basics
import Configuration
import Dialplan
import NumberPlan
import SIPTransaction
import SIPUserAgent

// MARK: - User agent

extension BranchReader {
  func userAgent() -> UserAgent.Settings {
    let network = root.sectionOrDefaults("network")
    var settings = UserAgent.Settings(
      listeners: listeners(network), localNetworks: network.subnets("local"),
      users: root.sections("extension").map { section in
        UserAgent.UserSettings(
          name: section.key, displayName: section.text("name") ?? "", secret: section.text("secret") ?? "",
          maxContacts: section.integer("devices"))
      },
      realm: network.text("realm") ?? "branchline", trunks: root.sections("trunk").compactMap(trunk))
    settings.networks = network.sections("toward").compactMap { section in
      section.address("external-address").map { address in
        UserAgent.NetworkSettings(
          subnets: section.subnets("subnet"), externalAddress: address,
          externalPort: section.has("external-port") ? UInt16(clamping: section.integer("external-port")) : nil)
      }
    }
    settings.trustedNetworks = network.subnets("trusted")
    settings.digestAlgorithms = network.choices("digest").compactMap { DigestAlgorithm(rawValue: UInt8(clamping: $0)) }
    return settings
  }

  private func listeners(_ network: Section) -> [UserAgent.ListenerSettings] {
    let externalAddress = network.address("external-address")
    let externalPort = network.has("external-port") ? UInt16(clamping: network.integer("external-port")) : nil
    var listeners: [UserAgent.ListenerSettings] = []
    for (values, _) in root.allValues("listen") {
      guard values.count == 2, case .choice(let transport) = values[0], case .endpoint(let endpoint) = values[1]
      else { continue }
      let isSameFamily = externalAddress?.isV4 == endpoint.address.isV4
      listeners.append(
        UserAgent.ListenerSettings(
          index: UInt16(listeners.count), transport: Self.transport(transport), endpoint: endpoint,
          externalAddress: isSameFamily ? externalAddress : nil, externalPort: isSameFamily ? externalPort : nil))
    }
    return listeners
  }

  private func trunk(_ section: Section) -> UserAgent.TrunkSettings? {
    let kind: UserAgent.TrunkSettings.Kind
    let endpoint: Endpoint
    var sources: [Subnet] = []
    if let register = section.section("register"), let server = register.endpoint("server") {
      let user = register.text("user") ?? ""
      kind = .registered(
        user: user, authUser: register.text("auth-user") ?? user, secret: register.text("secret") ?? "",
        expires: register.seconds("expires"))
      endpoint = server
    } else if let peer = section.section("peer"), let address = peer.endpoint("address") {
      kind = .peer(authUser: peer.text("auth-user") ?? "", secret: peer.text("secret") ?? "")
      endpoint = address
      sources = peer.subnets("sources")
    } else {
      return nil
    }
    var trunk = UserAgent.TrunkSettings(
      name: section.key, kind: kind, endpoint: endpoint, transport: Self.transport(section.choice("transport")),
      sourceAddresses: sources, domain: section.text("domain") ?? "", fromUser: section.text("from-user"),
      qualifySeconds: section.seconds("qualify"))
    trunk.verifiesCertificate = section.boolean("verify")
    return trunk
  }
}

// MARK: - Dialplan

extension BranchReader {
  func dialplan(_ settings: BranchSettings) -> DialplanSettings {
    var dialplan = DialplanSettings(numberPlan: settings.numberPlan)
    dialplan.extensions = root.sections("extension").map {
      .init(number: $0.key, classes: Self.classes($0, "may-call", forCallbacks: false))
    }
    dialplan.queues = settings.queues.map { .init(name: $0.name, number: $0.number) }
    dialplan.groups = settings.groups.map { .init(name: $0.name, number: $0.number) }
    dialplan.slots = settings.parkSlots
    dialplan.speedDials = speedDials()
    let codes = root.sectionOrDefaults("feature-codes")
    dialplan.featureCodes = BranchSchema.features.map {
      .init(code: codes.text($0.name) ?? "", feature: $0.feature)
    }
    dialplan.trunks = settings.trunks.map { $0.name }
    dialplan.inbound = root.sections("inbound").compactMap(inboundRoute)
    dialplan.outbound = root.sections("outbound").map(outboundRoute)
    return dialplan
  }

  static func patterns(_ section: Section, _ name: ByteString = "number") -> [NumberPattern] {
    section.allValues(name).flatMap { statement in
      statement.values.compactMap { if case .pattern(let pattern) = $0 { pattern } else { nil } }
    }
  }

  /// Targets in the order of `BranchSchema.inboundTargets`.
  private func inboundRoute(_ section: Section) -> DialplanSettings.InboundRoute? {
    let values = section.values("to")
    guard case .choice(let index)? = values.first, let argument = values.dropFirst().first else { return nil }
    let target: DialplanSettings.InboundRoute.Target
    switch (index, argument) {
    case (0, .text(let number)): target = .extension(number)
    case (1, .text(let name)): target = .queue(name)
    case (2, .integer(let count)): target = .lastDigits(count)
    case (3, .text(let name)): target = .group(name)
    default: return nil
    }
    return .init(trunks: section.texts("trunk"), patterns: Self.patterns(section), target: target)
  }

  private func outboundRoute(_ section: Section) -> DialplanSettings.OutboundRoute {
    .init(
      patterns: Self.patterns(section), trunks: section.texts("trunk"), strip: section.integer("strip"),
      prefix: section.text("prefix") ?? "", accessCode: section.text("access-code") ?? "")
  }
}
