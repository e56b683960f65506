import Basics
import Testing

@testable import Packets

@Suite("Filters for the packets of a call") struct PacketFilterTests {
  @Test("endpoints of both families, and an address with all its ports")
  func text() {
    let endpoints = ["192.0.2.1:5060", "[2001:db8::1]:20000"].compactMap { Endpoint(ByteString($0)) }
    #expect(
      PacketFilter.text(for: endpoints)
        == "(host 192.0.2.1 and (port 5060 or ip[6:2] & 0x1fff != 0)) or (host 2001:db8::1 and (port 20000 or ip6 proto 44))"
    )
    #expect(PacketFilter.text(for: [Endpoint(.v4(0xC000_0201), 0)]) == "(host 192.0.2.1)")
    #expect(PacketFilter.text(for: []) == nil)
    let many = (0...PacketLimits.maxFilterEndpoints).map { Endpoint(.v4(1), UInt16($0)) }
    #expect(PacketFilter.text(for: many) == nil)
  }

  @Test("two of them: everything beside anything is everything")
  func either() {
    #expect(PacketFilter.either("a", "b") == "(a) or (b)")
    #expect(PacketFilter.either("a", nil) == nil)
  }
}
