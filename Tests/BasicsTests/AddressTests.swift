import Basics
import Testing

@Suite struct AddressTests {
  @Test(
    "an address that is read is written in its canonical form",
    arguments: [
      ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::1", "::1"),
      ("::", "::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("[fe80::1]", "fe80::1"),
      ("1:0:2:0:0:3:0:4", "1:0:2::3:0:4"), ("::ffff:192.0.2.1", "::ffff:c000:201"), ("1::", "1::"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ])
  func canonical(text: String, expected: String) {
    #expect(IPAddress(ByteString(text))?.text.description == expected)
  }

  @Test(
    "what is no address is refused",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.x", "1..2.3", ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "12345::",
      "::1::", "g::1", "1:2:3:4:5:6:7:8::", "1:", "0001.2.3.4",
    ])
  func refused(text: String) { #expect(IPAddress(ByteString(text)) == nil) }

  @Test("an endpoint keeps its port, in brackets for IPv6")
  func endpoints() {
    #expect(Endpoint("192.0.2.1:5060")?.port == 5060)
    #expect(Endpoint("[2001:db8::1]:5061")?.text == "[2001:db8::1]:5061")
    #expect(Endpoint("192.0.2.1", defaultPort: 5060)?.text == "192.0.2.1:5060")
    for bad in ["192.0.2.1", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "[::1", "[::1]5060"] {
      #expect(Endpoint(ByteString(bad)) == nil, "\(bad)")
    }
  }

  @Test("a subnet contains exactly the addresses that share its prefix")
  func subnets() throws {
    let net = try #require(Subnet("192.168.4.0/22"))
    #expect(net.contains(.v4(0xC0A8_0400)) && net.contains(.v4(0xC0A8_07FF)))
    #expect(!net.contains(.v4(0xC0A8_0800)) && !net.contains(.v4(0xC0A8_03FF)))
    let v6 = try #require(Subnet("2001:db8:0:8000::/49"))
    #expect(v6.contains(.v6(high: 0x2001_0db8_0000_8001, low: 7)))
    #expect(!v6.contains(.v6(high: 0x2001_0db8_0000_7001, low: 7)))
    #expect(!v6.contains(.v4(1)))
    #expect(Subnet("10.0.0.0/33") == nil && Subnet("10.0.0.0/x") == nil)
    #expect(Subnet("0.0.0.0/0")?.contains(.v4(.max)) == true)
    #expect(Subnet("10.1.2.3")?.contains(.v4(0x0A01_0204)) == false)
  }
}
