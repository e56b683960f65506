// A libpcap filter text (pcap-filter(7)) for the packets of some endpoints: the signalling and media of one call, found
// by its ports. Fragments behind the first carry no ports, so those of the same addresses come along.

import Basics

public enum PacketFilter {
  /// nil where there are none, or more than `PacketLimits.maxFilterEndpoints`. A port of 0 stands for all of its address.
  public static func text(for endpoints: [Endpoint]) -> ByteString? {
    guard !endpoints.isEmpty, endpoints.count <= PacketLimits.maxFilterEndpoints else { return nil }
    var writer = ByteWriter(capacity: 64 * endpoints.count)
    for (index, endpoint) in endpoints.enumerated() {
      if index > 0 { writer.append(" or ") }
      writer.append("(host ")
      endpoint.address.write(to: &writer)
      if endpoint.port != 0 {
        writer.append(" and (port ")
        writer.append(decimal: Int(endpoint.port))
        writer.append(endpoint.address.isV4 ? " or ip[6:2] & 0x1fff != 0)" : " or ip6 proto 44)")
      }
      writer.append(")")
    }
    return ByteString(writer.bytes)
  }

  /// One alternative beside another: nil stands for everything.
  public static func either(_ a: ByteString?, _ b: ByteString?) -> ByteString? {
    guard let a, let b else { return nil }
    return "(" + a + ") or (" + b + ")"
  }
}
