// Checks of where calls go: trunks and routes.

import Basics
import Configuration
import Dialplan
import NumberPlan
import SIPTransaction
import SIPUserAgent

extension BranchChecks {
  // MARK: Trunks

  mutating func checkTrunks() {
    for section in root.sections("trunk") {
      let path = "trunk " + section.key
      switch (section.section("register"), section.section("peer")) {
      case (nil, nil):
        report(
          .missing, at: section.position, in: path, found: Phrase("neither register nor peer", "既无 register 也无 peer"),
          expected: Phrase("a block register { … } or peer { … }", "register { … } 或 peer { … } 块"))
      case (.some, let peer?):
        report(
          at: peer.position, in: path, found: Phrase("both register and peer", "同时有 register 和 peer"),
          expected: Phrase("one of them", "其中之一"))
      default: break
      }
      checkSources(of: section, path)
      checkTransport(of: section, path)
    }
  }

  /// Whoever calls from a trunk's addresses is taken for the carrier, without a password.
  private mutating func checkSources(of section: Section, _ path: ByteString) {
    guard let peer = section.section("peer") else { return }
    let own = peer.subnets("sources")
    let sourcesPosition = peer.valuePosition(of: "sources")
    for subnet in own where subnet.prefixLength < BranchLimits.sourcePrefixMin {
      report(
        .invalidValue, at: sourcesPosition, in: path + " / peer",
        found: Phrase("a source network as wide as ", "过宽的源网络 ") + subnet.address.text + "/"
          + ByteString(subnet.prefixLength),
        expected: Phrase("only the carrier's own addresses: they need no password", "仅运营商自己的地址，因其无需密码"))
    }
    for other in settings.userAgent.trunks.prefix(while: { $0.name != section.key }) {
      let clash = own.contains { subnet in
        other.sourceAddresses.contains { $0.contains(subnet.address) || subnet.contains($0.address) }
          || subnet.contains(other.endpoint.address)
      }
      let isSameAddress =
        peer.endpoint("address").map { own in
          own.address == other.endpoint.address || other.sourceAddresses.contains { $0.contains(own.address) }
        } ?? false
      guard clash || isSameAddress else { continue }
      report(
        at: clash ? sourcesPosition : peer.valuePosition(of: "address"), in: path + " / peer",
        found: Phrase("addresses that also belong to trunk ", "同时属于另一中继的地址：") + other.name,
        expected: Phrase("addresses of its own, so that it is clear whose call comes in", "独立的地址，以便区分来电所属中继"))
    }
  }

  private mutating func checkTransport(of section: Section, _ path: ByteString) {
    guard let trunk = settings.userAgent.trunks.first(where: { $0.name == section.key }),
      !settings.userAgent.listeners.isEmpty,
      !settings.userAgent.listeners.contains(where: {
        $0.transport == trunk.transport && $0.endpoint.address.isV4 == trunk.endpoint.address.isV4
      })
    else { return }
    report(
      at: section.has("transport") ? section.valuePosition(of: "transport") : section.position, in: path,
      found: Phrase("a transport without a listener", "没有对应监听地址的传输方式"),
      expected: Phrase("a listen statement of this transport and address family", "相同传输方式与地址族的 listen 语句"))
  }

  // MARK: Routes

  mutating func checkRoutes() {
    for section in root.sections("outbound") {
      let shortest = BranchReader.patterns(section).map { $0.minimumCount }.min() ?? 0
      guard shortest > 0, section.integer("strip") >= shortest else { continue }
      report(
        at: section.valuePosition(of: "strip"), in: "outbound " + section.key,
        found: Phrase("strip ", "strip ") + ByteString(section.integer("strip")),
        expected: Phrase("less than the shortest number of the route, ", "小于此路由最短号码的位数 ")
          + ByteString(shortest))
    }
    checkShadowedInbound()
  }

  /// A route that takes everything from every trunk hides those behind it.
  private mutating func checkShadowedInbound() {
    var catchAll: ByteString?
    for section in root.sections("inbound") {
      if let catchAll {
        report(
          at: section.position, in: "inbound " + section.key,
          found: Phrase("a route behind one that takes every call: ", "位于已接收全部来电的路由之后：") + catchAll,
          expected: Phrase("the route that takes every call last", "接收全部来电的路由放在最后"), severity: .warning)
      } else if !section.has("trunk"), !section.has("number") {
        // The extension that the last digits name may not exist: then the next route is asked.
        if section.choice("to") != 2 { catchAll = section.key }
      }
    }
    for trunk in settings.trunks {
      let isReached = root.sections("inbound").contains {
        !$0.has("trunk") || $0.texts("trunk").contains(trunk.name)
      }
      guard !isReached, let section = root.sections("trunk").first(where: { $0.key == trunk.name }) else { continue }
      report(
        at: section.position, in: "trunk " + trunk.name, found: Phrase("no inbound route for it", "没有对应的入局路由"),
        expected: Phrase("an inbound route, or its calls are refused", "入局路由，否则来电会被拒绝"), severity: .warning)
    }
  }
}
