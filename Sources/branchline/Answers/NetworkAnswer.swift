// Where the box can be reached and how it is seen, as JSON.

import Appliance
import Basics
import BranchConfiguration
import LinuxIO
import SIPTransaction
import SIPUserAgent

struct NetworkAnswer {
  var interfaces: [NamedAddress]
  var settings: BranchSettings
  var trunks: [UserAgent.TrunkRoute]
  var streams: Int

  var bytes: [UInt8] {
    let agent = settings.userAgent
    var json = JSONWriter(capacity: 1_024)
    json.object { json in
      json.array("interfaces") { json in for interface in interfaces { Self.write(interface, to: &json) } }
      json.array("listeners") { json in for listener in agent.listeners { Self.write(listener, to: &json) } }
      json.object("mediaPorts") { json in
        json.field("first", Int(settings.mediaPorts.lowerBound))
        json.field("last", Int(settings.mediaPorts.upperBound))
        json.field("streamsOpen", streams)
        json.field("streamsFree", max(0, settings.mediaPorts.count / 2 - streams))
      }
      json.array("localNetworks") { json in for network in agent.localNetworks { json.value(network.text) } }
      json.array("otherNetworks") { json in for network in agent.networks { Self.write(network, to: &json) } }
      json.array("trunks") { json in for trunk in trunks { Self.write(trunk, to: &json) } }
    }
    return json.bytes
  }

  private static func write(_ interface: NamedAddress, to json: inout JSONWriter) {
    json.object { json in
      json.field("interface", interface.name)
      json.field("address", interface.address.map { $0.address.text + "/" + ByteString($0.prefixLength) })
      json.field("up", interface.isUp)
    }
  }

  private static func write(_ listener: UserAgent.ListenerSettings, to json: inout JSONWriter) {
    json.object { json in
      json.field("transport", ByteString(listener.transport.viaName))
      json.field("address", listener.endpoint.text)
      json.field(
        "seenAs",
        listener.externalAddress.map { Endpoint($0, listener.externalPort ?? listener.endpoint.port).text })
    }
  }

  private static func write(_ network: UserAgent.NetworkSettings, to json: inout JSONWriter) {
    json.object { json in
      json.array("subnets") { json in for subnet in network.subnets { json.value(subnet.text) } }
      json.field("seenAs", network.externalAddress.text)
    }
  }

  private static func write(_ trunk: UserAgent.TrunkRoute, to json: inout JSONWriter) {
    json.object { json in
      json.field("trunk", trunk.name)
      json.field("transport", ByteString(trunk.transport.viaName))
      json.field("peer", trunk.peer.text)
      json.field("own", trunk.own.text)
    }
  }
}
