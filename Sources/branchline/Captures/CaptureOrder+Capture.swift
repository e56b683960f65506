// An order of a technician as libpcap and the ring of files take it.

import Appliance
import Basics
import BranchConfiguration
import Capture
import LinuxIO
import Packets
import SIPUserAgent

extension LiveCapture.Order {
  init(_ start: CaptureOrder.Start, _ folder: CaptureFolder, _ settings: BranchSettings) {
    self.init(
      interface: start.interface, prefix: folder.prefix(of: start.name),
      filter: start.filter.isEmpty ? settings.trafficFilter : start.filter,
      ring: .init(fileBytes: (start.megabytes << 20) / start.files, files: start.files),
      maxTime: .minutes(start.minutes), choice: FrameChoice(start.scope, settings))
  }
}

extension FrameChoice {
  /// nil: everything.
  fileprivate init?(_ scope: TrafficScope, _ settings: BranchSettings) {
    switch scope {
    case .all: return nil
    case .call: self.init()
    case .phone(let user): self.init(parties: Parties(user: user))
    case .trunk(let name):
      let trunk = settings.userAgent.trunks.first { $0.name == name }
      let own = trunk.flatMap { Subnet($0.endpoint.address, prefixLength: $0.endpoint.address.isV4 ? 32 : 128) }
      self.init(parties: Parties(addresses: (trunk?.sourceAddresses ?? []) + (own.map { [$0] } ?? [])))
    }
  }
}

extension BranchSettings {
  /// pcap-filter(7) for SIP and RTP of this box, so that nothing else that it does is looked at. Fragments behind the
  /// first carry no ports.
  var trafficFilter: ByteString {
    var ports = userAgent.listeners.map { $0.endpoint.port }
    ports += userAgent.trunks.map { $0.endpoint.port }
    var seen: Set<UInt16> = []
    let signalling = ports.filter { seen.insert($0).inserted }.prefix(PacketLimits.maxFilterEndpoints)
    var text: ByteString =
      "udp portrange " + ByteString(Int(mediaPorts.lowerBound)) + "-" + ByteString(Int(mediaPorts.upperBound))
    for port in signalling { text += " or port " + ByteString(Int(port)) }
    return text + " or ip[6:2] & 0x1fff != 0 or ip6 proto 44"
  }
}

extension LiveCapture.End {
  var text: ByteString {
    switch self {
    case .stopped: "stopped"
    case .size: "its size is reached"
    case .time: "its time is over"
    case .failed(let error): error.text
    }
  }
}
