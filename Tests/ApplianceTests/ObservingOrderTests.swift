import Appliance
import Basics
import Testing

@Suite("Orders about traces and captures")
struct ObservingOrderTests {
  private func read(_ line: String) throws(Order.Fault) -> ObservingOrder {
    try ObservingOrder(line.split(separator: " ").map { ByteString(String($0)) })
  }

  private func start(_ change: (inout CaptureOrder.Start) -> Void) -> ObservingOrder {
    var start = CaptureOrder.Start(name: "tap")
    change(&start)
    return .capture(.start(start))
  }

  @Test("each is read from its line; bounds come in any order")
  func reads() throws {
    #expect(try read("trace sip") == .trace(.all, since: nil))
    #expect(try read("trace sip call 7 since 12") == .trace(.call(7), since: 12))
    #expect(try read("trace sip since 3 trunk carrier") == .trace(.trunk("carrier"), since: 3))
    #expect(try read("capture start tap") == start { _ in })
    #expect(
      try read("capture start tap minutes 5 phone 101 size 32 files 2 interface eth0.7")
        == start {
          ($0.minutes, $0.megabytes, $0.files) = (5, 32, 2)
          ($0.scope, $0.interface) = (.phone("101"), "eth0.7")
        })
    let filtered = start {
      $0.filter = "udp port 5060"
      $0.minutes = 9
    }
    #expect(try read("capture start tap filter \"udp port 5060\" minutes 9") == filtered)
    #expect(try read("capture start tap minutes 9 filter udp port 5060") == filtered)
    #expect(try read("capture list") == .capture(.list))
    #expect(try read("capture export tap") == .capture(.export("tap", file: "tap.pcap")))
    #expect(try read("capture export tap for-lee.pcap") == .capture(.export("tap", file: "for-lee.pcap")))
    #expect(try read("capture delete tap.pcap") == .capture(.delete("tap.pcap")))
  }

  @Test(
    "what is not whole, too much, or leads out of the directory is refused",
    arguments: [
      "trace", "trace rtp", "trace sip call", "trace sip call x", "trace sip phone 101 phone 102", "capture",
      "capture start", "capture start ../x", "capture start -x", "capture start a.b",
      "capture start abcdefghijklmnopqrstuvwxyz0123456", "capture start tap call", "capture start tap size 0",
      "capture start tap size 129", "capture start tap files 101", "capture start tap minutes 1441",
      "capture start tap size 1 size 2", "capture start tap phone 101 filter udp", "capture start tap filter",
      "capture start tap interface a/b", "capture stop", "capture stop tap now", "capture export tap /etc/passwd",
      "capture export tap ../tap.pcap", "capture export tap .pcap", "capture export tap text", "capture list all",
      "capture delete ../tap.pcap",
    ])
  func refuses(_ line: String) {
    let fault = #expect(throws: Order.Fault.self) { try read(line) }
    guard case .usage? = fault else {
      Issue.record("\(line): \(String(describing: fault))")
      return
    }
  }
}
