import Basics
import SIPMessage
import SIPTransaction
import Testing

/// One transport layer, driven in virtual time.
private struct Wire {
  var layer: TransportLayer
  var now = Instant.zero
  private(set) var messages: [(message: SIPMessage, flow: Flow)] = []
  private(set) var log: [LogEntry] = []
  /// Everything else, in words.
  private(set) var seen: [String] = []
  private(set) var lastBytes: [UInt8] = []

  init(_ limits: TransportLimits = TransportLimits(), logLevel: LogLevel = .info) {
    layer = TransportLayer(limits: limits, logLevel: logLevel)
  }

  mutating func handle(_ input: TransportLayer.Input) {
    layer.handle(input, at: now)
    drain()
  }
  mutating func datagram(_ bytes: [UInt8], from: Endpoint = phone) {
    handle(.datagram(listener: 3, from: from, bytes: bytes))
  }
  mutating func run(to second: Double) {
    while let deadline = layer.nextDeadline, deadline <= seconds(second) {
      now = max(now, deadline)
      layer.advance(to: now)
      drain()
    }
    now = seconds(second)
  }
  mutating func takeSeen() -> [String] {
    defer { seen = [] }
    return seen
  }

  private mutating func drain() {
    while let output = layer.pollOutput() {
      switch output {
      case .message(let message, let flow): messages.append((message, flow))
      case .datagram(_, let to, let bytes):
        seen.append("datagram to \(to.text)")
        lastBytes = bytes
      case .connect(let connection, _, let to, _): seen.append("connect \(connection) to \(to.text)")
      case .write(let connection, let bytes):
        seen.append("write \(connection)")
        lastBytes = bytes
      case .close(let connection): seen.append("close \(connection)")
      case .failed(let flow): seen.append("failed \(flow.connection) \(flow.remote.text)")
      case .log(let entry): log.append(entry)
      }
    }
  }
}

private let stranger = Endpoint(.v4(0xC633_6407), 40_007)  // 198.51.100.7:40007

@Suite("TransportLayer: datagrams")
struct DatagramTests {
  @Test("A request behind a NAT gets received and rport in its topmost Via, and so does its response")
  func receivedAndRPort() {
    var wire = Wire()
    wire.datagram(request(.options), from: stranger)
    let (message, flow) = wire.messages[0]
    #expect(message.topVia.received == stranger.address)
    #expect(message.topVia.rport == stranger.port)
    #expect(flow == Flow(transport: .udp, listener: 3, remote: stranger))
    let answer = parsed(MessageWriter.response(200, to: message, toTag: "t").finish())
    #expect(answer.topVia.received == stranger.address)
    #expect(answer.topVia.rport == stranger.port)
    #expect(answer.topVia.branch.elementsEqual(message.topVia.branch))
    #expect(flow.forResponse(via: message.topVia).remote == stranger)
  }

  @Test("Without rport the response goes to the port in sent-by, 5060 if there is none; maddr leads nowhere")
  func withoutRPort() {
    var wire = Wire()
    let base = text(request(.options)).replacing(";rport", with: ";maddr=203.0.113.9")
    wire.datagram(Array(base.utf8), from: stranger)
    wire.datagram(Array(base.replacing("192.0.2.1:5060", with: "192.0.2.1:5088").utf8), from: stranger)
    wire.datagram(Array(base.replacing("192.0.2.1:5060", with: "192.0.2.1").utf8), from: stranger)
    let targets = wire.messages.map { $0.flow.forResponse(via: $0.message.topVia).remote }
    #expect(targets == [5060, 5088, 5060].map { Endpoint(stranger.address, $0) })
    #expect(wire.messages[0].message.topVia.received == stranger.address)
    #expect(!wire.messages[0].message.topVia.hasRPort)
  }

  @Test("Responses are left as they came")
  func responses() {
    var wire = Wire()
    let bytes = response(200, to: request(.options))
    wire.datagram(bytes, from: stranger)
    #expect(wire.messages[0].message.bytes == bytes)
  }

  @Test("Keep-alives of phones are counted, not answered")
  func keepAlives() {
    var wire = Wire()
    for bytes in [[], [0x0D, 0x0A], [0x0D, 0x0A, 0x0D, 0x0A], [0]] as [[UInt8]] { wire.datagram(bytes) }
    #expect(wire.seen.isEmpty && wire.messages.isEmpty)
    #expect(wire.layer.counters.keepAlives == 4)
    #expect(wire.layer.counters.malformed == 0)
  }

  @Test(
    "A malformed request that can be answered is answered 400 with its reason; an ACK, a response and noise are not")
  func malformed() {
    var wire = Wire(logLevel: .debug)
    let base = text(request(.options))
    wire.datagram(Array(base.replacing("CSeq: 1 OPTIONS", with: "CSeq: one OPTIONS").utf8), from: stranger)
    #expect(wire.takeSeen() == ["datagram to \(stranger.text)"])
    let refusal = text(wire.lastBytes)
    #expect(refusal.hasPrefix("SIP/2.0 400 Malformed CSeq\r\n"))
    #expect(refusal.contains("received=198.51.100.7"))
    #expect(refusal.contains("\r\nTo: <sip:202@192.0.2.2>;tag="))
    wire.datagram(Array(base.replacing("SIP/2.0\r\nVia", with: "SIP/3.0\r\nVia").utf8))
    #expect(text(wire.lastBytes).hasPrefix("SIP/2.0 505 "))
    _ = wire.takeSeen()
    wire.datagram(Array(text(request(.ack)).replacing("CSeq: 1 ACK", with: "CSeq: one ACK").utf8))
    wire.datagram(Array(text(response(200, to: request(.options))).replacing("CSeq: 1", with: "CSeq: x").utf8))
    wire.datagram([1, 2, 3, 4, 5, 6, 7])
    #expect(wire.seen.isEmpty)
    #expect(wire.layer.counters.malformed == 5)
    #expect(wire.log.count == 5)
    #expect(wire.log.allSatisfy { $0.level == .debug && $0.event.description == "sip.malformed" })
    #expect(wire.log[0].text == stranger.text + ": Malformed CSeq")
  }

  @Test("A flood of malformed requests gets so many answers a second and no more; no log entry is formed in vain")
  func flood() {
    var limits = TransportLimits()
    limits.maxErrorAnswersPerSecond = 5
    var wire = Wire(limits)
    let bad = Array(text(request(.options)).replacing("CSeq: 1", with: "CSeq: x").utf8)
    for _ in 0..<20 { wire.datagram(bad) }
    #expect(wire.seen.count == 5)
    #expect(wire.layer.counters.malformedUnanswered == 15)
    wire.run(to: 1)
    wire.datagram(bad)
    #expect(wire.seen.count == 6)
    #expect(wire.log.isEmpty)
  }

  @Test("Datagrams go out as they are")
  func sending() {
    var wire = Wire()
    wire.handle(.send(flow(to: phone), [1, 2]))
    #expect(wire.seen == ["datagram to 192.0.2.1:5060"])
    #expect(wire.lastBytes == [1, 2])
  }
}

@Suite("TransportLayer: streams")
struct StreamTests {
  private let hello = request(.options, transport: .tcp)

  @Test("A message cut anywhere is put together; two in one read come out as two")
  func framing() {
    for cut in 1..<hello.count {
      var wire = Wire()
      wire.handle(.accepted(connection: 2, listener: 1, from: stranger))
      wire.handle(.received(connection: 2, bytes: Array(hello[..<cut])))
      #expect(wire.messages.isEmpty)
      wire.handle(.received(connection: 2, bytes: Array(hello[cut...]) + hello))
      #expect(wire.messages.count == 2, "cut at \(cut)")
      #expect(wire.messages.first?.flow == Flow(transport: .tcp, listener: 1, connection: 2, remote: stranger))
      #expect(wire.messages.first?.message.topVia.received == stranger.address)
    }
  }

  @Test("What is sent to a far end goes over the connection that is there, by number or by address")
  func reuse() {
    var wire = Wire()
    wire.handle(.accepted(connection: 2, listener: 0, from: phone))
    wire.handle(.send(flow(.tcp, to: stranger, connection: 2), [1]))
    wire.handle(.send(flow(.tcp, to: phone, connection: 77), [1]))
    wire.handle(.send(flow(.tcp, to: phone), [1]))
    #expect(wire.seen == ["write 2", "write 2", "write 2"])
    wire.handle(.send(Flow(transport: .tcp, listener: 1, remote: phone), [1]))
    #expect(wire.seen.last == "connect 1 to 192.0.2.1:5060")
  }

  @Test("Without a connection one is opened, numbered odd; what waits leaves in order when it is there")
  func opening() {
    var wire = Wire()
    wire.handle(.send(flow(.tcp, to: phone), [1]))
    wire.handle(.send(flow(.tcp, to: phone), [2]))
    #expect(wire.takeSeen() == ["connect 1 to 192.0.2.1:5060"])
    wire.handle(.connected(connection: 1))
    #expect(wire.takeSeen() == ["write 1", "write 1"])
    #expect(wire.lastBytes == [2])
    wire.handle(.send(flow(.tcp, to: stranger), [3]))
    #expect(wire.seen == ["connect 3 to \(stranger.text)"])
    wire.run(to: 20)
    #expect(wire.layer.connectionCount == 1)
  }

  @Test("A connection that cannot be opened, or not in time, fails every flow that waited for it")
  func connectFailure() {
    var wire = Wire()
    wire.handle(.send(flow(.tcp, to: phone), [1]))
    wire.handle(.send(flow(.tcp, to: phone, connection: 9), [1]))
    wire.handle(.connectFailed(connection: 1))
    #expect(wire.takeSeen().dropFirst() == ["failed 1 192.0.2.1:5060", "failed 9 192.0.2.1:5060"])
    wire.handle(.send(flow(.tcp, to: phone), [1]))
    wire.run(to: 7.9)
    #expect(wire.layer.connectionCount == 1)
    wire.run(to: 8)
    #expect(wire.seen == ["connect 3 to 192.0.2.1:5060", "close 3", "failed 3 192.0.2.1:5060"])
    #expect(wire.layer.counters.connectTimeouts == 1)
    #expect(wire.layer.nextDeadline == nil)
  }

  @Test("A response whose connection is gone goes to the port in sent-by over a new one")
  func lostConnection() {
    var wire = Wire()
    wire.handle(.accepted(connection: 2, listener: 0, from: stranger))
    wire.handle(.received(connection: 2, bytes: hello))
    wire.handle(.closed(connection: 2))
    #expect(wire.takeSeen() == ["failed 2 \(stranger.text)"])
    let (message, flow) = wire.messages[0]
    wire.handle(.send(flow.forResponse(via: message.topVia), [1]))
    #expect(wire.seen == ["connect 1 to 198.51.100.7:5060"])
  }

  @Test("Pings are answered with pongs and keep the connection")
  func pongs() {
    var wire = Wire()
    wire.handle(.accepted(connection: 2, listener: 0, from: phone))
    wire.handle(.received(connection: 2, bytes: hello + [0x0D, 0x0A, 0x0D, 0x0A]))
    #expect(wire.seen == ["write 2"])
    #expect(wire.lastBytes == [0x0D, 0x0A])
    wire.run(to: 7000)
    wire.handle(.received(connection: 2, bytes: [0x0D, 0x0A, 0x0D, 0x0A]))
    wire.run(to: 14_000)
    #expect(wire.layer.connectionCount == 1)
    wire.run(to: 14_200)
    #expect(wire.seen.suffix(2) == ["close 2", "failed 2 192.0.2.1:5060"])
    #expect(wire.layer.counters.connectionsExpired == 1)
  }

  @Test("Who connects and says nothing, or never ends what he says, is closed after 30 s")
  func slow() {
    var wire = Wire()
    wire.handle(.accepted(connection: 2, listener: 0, from: phone))
    wire.run(to: 10)
    wire.handle(.accepted(connection: 4, listener: 0, from: stranger))
    wire.handle(.received(connection: 4, bytes: hello))
    wire.run(to: 20)
    wire.handle(.received(connection: 4, bytes: Array(hello[..<40])))
    wire.run(to: 29.9)
    #expect(wire.layer.connectionCount == 2)
    wire.run(to: 30)
    #expect(wire.layer.connectionCount == 1)
    // A byte now and then does not help.
    for second in 31...49 {
      wire.run(to: Double(second))
      wire.handle(.received(connection: 4, bytes: [hello[second + 9]]))
    }
    wire.run(to: 49.9)
    #expect(wire.layer.connectionCount == 1)
    wire.run(to: 50)
    #expect(wire.layer.connectionCount == 0)
  }

  @Test("A stream out of step is answered if that is possible, then closed; so is one with too much that is malformed")
  func hostile() {
    var wire = Wire()
    wire.handle(.accepted(connection: 2, listener: 0, from: phone))
    let bad = text(hello).replacing("Content-Length: 0", with: "Content-Length: zero")
    wire.handle(.received(connection: 2, bytes: Array(bad.utf8)))
    #expect(wire.takeSeen() == ["write 2", "close 2", "failed 2 192.0.2.1:5060"])
    wire.handle(.received(connection: 2, bytes: hello))
    #expect(wire.messages.isEmpty)
    wire.handle(.accepted(connection: 4, listener: 0, from: phone))
    let odd = Array(text(hello).replacing("CSeq: 1", with: "CSeq: x").utf8)
    wire.handle(.received(connection: 4, bytes: odd + hello + odd))
    #expect(wire.layer.connectionCount == 1)
    #expect(wire.messages.count == 1)
    wire.handle(.received(connection: 4, bytes: odd))
    #expect(wire.layer.connectionCount == 0)
    #expect(wire.layer.counters.connectionsHostile == 2)
  }

  @Test("Tables have limits: in all, for one source, and for what waits")
  func limits() {
    var limits = TransportLimits()
    limits.maxConnections = 4
    limits.maxConnectionsPerSource = 2
    limits.maxPendingBytes = 10
    var wire = Wire(limits)
    for number in UInt32(1)...3 {
      wire.handle(.accepted(connection: 2 * number, listener: 0, from: Endpoint(phone.address, UInt16(number))))
    }
    #expect(wire.takeSeen() == ["close 6"])
    wire.handle(.send(flow(.tcp, to: branchOffice), [UInt8](repeating: 1, count: 8)))
    wire.handle(.send(flow(.tcp, to: branchOffice), [UInt8](repeating: 1, count: 8)))
    #expect(wire.takeSeen() == ["connect 1 to 192.0.2.2:5060", "failed 0 192.0.2.2:5060"])
    wire.handle(.accepted(connection: 8, listener: 0, from: stranger))
    wire.handle(.accepted(connection: 10, listener: 0, from: Endpoint(stranger.address, 1)))
    wire.handle(.send(flow(.tcp, to: stranger, connection: 99), [1]))
    wire.handle(.send(flow(.tcp, to: Endpoint(stranger.address, 9)), [1]))
    #expect(wire.seen == ["close 10", "write 8", "failed 0 198.51.100.7:9"])
    #expect(wire.layer.counters.connectionsRefused == 2)
    #expect(wire.layer.counters.sendsRefused == 2)
  }

  @Test("A new connection from the same port replaces the old one, which must be dead")
  func replacement() {
    var wire = Wire()
    wire.handle(.accepted(connection: 2, listener: 0, from: phone))
    wire.handle(.accepted(connection: 4, listener: 0, from: phone))
    #expect(wire.takeSeen() == ["close 2", "failed 2 192.0.2.1:5060"])
    wire.handle(.send(flow(.tcp, to: phone, connection: 2), [1]))
    #expect(wire.seen == ["write 4"])
  }

  @Test("Inputs for connections that are not there change nothing")
  func strangers() {
    var wire = Wire()
    for input: TransportLayer.Input in [
      .connected(connection: 5), .connectFailed(connection: 5), .received(connection: 5, bytes: hello),
      .closed(connection: 5),
    ] { wire.handle(input) }
    wire.handle(.accepted(connection: 2, listener: 0, from: phone))
    wire.handle(.connected(connection: 2))
    #expect(wire.seen.isEmpty && wire.messages.isEmpty)
    #expect(wire.layer.connectionCount == 1)
  }
}
