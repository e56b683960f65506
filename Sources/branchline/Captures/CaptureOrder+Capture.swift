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
    let everything = settings.signallingFilter + " or " + settings.soundFilter
    let ofScope = start.scope == .all ? everything : settings.signallingFilter
    self.init(
      interface: start.interface, prefix: folder.prefix(of: start.name),
      filter: start.filter.isEmpty ? ofScope : start.filter,
      ring: .init(fileBytes: (start.megabytes << 20) / start.files, files: start.files),
      maxTime: .minutes(start.minutes), choice: FrameChoice(start.scope, settings),
      soundFilter: settings.soundFilter)
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
  /// pcap-filter(7) for the SIP of this box, so that nothing else that it does is looked at. Fragments behind the first
  /// carry no ports.
  var signallingFilter: ByteString {
    var ports = userAgent.listeners.map { $0.endpoint.port }
    ports += userAgent.trunks.map { $0.endpoint.port }
    var seen: Set<UInt16> = []
    return ports.filter { seen.insert($0).inserted }.prefix(PacketLimits.maxFilterEndpoints)
      .reduce("ip[6:2] & 0x1fff != 0 or ip6 proto 44") { $0 + " or port " + ByteString(Int($1)) }
  }

  /// The same for its RTP.
  var soundFilter: ByteString {
    "udp portrange " + ByteString(Int(mediaPorts.lowerBound)) + "-" + ByteString(Int(mediaPorts.upperBound))
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
