import Basics
import Foundation
import SIPMessage
import SIPTransaction
import Testing

/// A connection of ours to the branch office, in virtual time.
private struct Line {
  var layer = TransportLayer()
  var now = Instant.zero
  /// What left, at which second.
  private(set) var seen: [String] = []

  init(_ transport: SIPTransport = .tcp, peer: UInt16 = 0, branch: ByteString = "z9hG4bKone") {
    layer.peerNames = [1: PeerName(domain: "carrier.example"), 2: PeerName(domain: "other.example")]
    send(transport, peer: peer)
  }

  mutating func send(_ transport: SIPTransport = .tcp, peer: UInt16 = 0) {
    handle(
      .send(
        Flow(transport: transport, listener: 0, remote: branchOffice, peer: peer),
        request(.register, transport: transport)))
  }
  mutating func handle(_ input: TransportLayer.Input) {
    layer.handle(input, at: now)
    drain()
  }
  mutating func receive(_ text: String) { handle(.received(connection: 1, bytes: Array(text.utf8))) }
  mutating func run(to second: Double) {
    while let deadline = layer.nextDeadline, deadline <= seconds(second) {
      now = max(now, deadline)
      layer.advance(to: now)
      drain()
    }
    now = seconds(second)
  }
  mutating func take() -> [String] {
    defer { seen = [] }
    return seen
  }

  private mutating func drain() {
    while let output = layer.pollOutput() {
      let time = inSeconds(now)
      switch output {
      case .connect(let connection, _, _, let expected):
        seen.append("\(time) connect \(connection)" + (expected.map { " to \($0.domain)" } ?? ""))
      case .write(_, let bytes):
        seen.append("\(time) " + (bytes.allSatisfy { $0 < 0x20 } ? "line ends \(bytes.count / 2)" : "message"))
      case .close(let connection): seen.append("\(time) close \(connection)")
      case .failed(let flow): seen.append("\(time) failed \(flow.connection)")
      case .message(let message, let flow): seen.append("\(time) message \(message.status) of \(flow.peer)")
      case .datagram, .log: seen.append("\(time) something else")
      }
    }
  }
}

@Suite("Connections of ours: keep-alives and whom they are to")
struct KeepAliveTests {
  @Test("a silent connection gets a ping every 30 s, and is left alone while nobody says that pongs are to be expected")
  func pings() {
    var line = Line()
    line.handle(.connected(connection: 1))
    line.run(to: 100)
    #expect(
      line.take() == ["0.0 connect 1", "0.0 message", "30.0 line ends 2", "60.0 line ends 2", "90.0 line ends 2"])
    #expect(line.layer.counters.pingsSent == 3 && line.layer.counters.pongsMissed == 0)
  }

  @Test("one that has sent a pong must go on: 10 s without one, and the connection is dead")
  func deadByPong() {
    var line = Line()
    line.handle(.connected(connection: 1))
    line.run(to: 31)
    line.receive("\r\n")
    _ = line.take()
    line.run(to: 70)
    #expect(line.take() == ["61.0 line ends 2"])
    line.run(to: 100)
    #expect(line.take() == ["71.0 close 1", "71.0 failed 1"])
    #expect(line.layer.counters.pongsMissed == 1)
  }

  @Test("a message in place of the pong shows that it lives, and the pong behind it is no ping")
  func message() {
    var line = Line()
    line.handle(.connected(connection: 1))
    line.run(to: 31)
    line.receive("\r\n")
    line.run(to: 61)
    _ = line.take()
    line.receive(text(response(200, to: request(.register, transport: .tcp))))
    line.receive("\r\n")
    line.run(to: 80)
    #expect(line.take() == ["61.0 message 200 of 0"])
  }

  @Test("a ping of the far end is answered, also while ours is out")
  func bothWays() {
    var line = Line()
    line.handle(.connected(connection: 1))
    line.receive("\r\n\r\n")
    #expect(line.take().last == "0.0 line ends 1")
    line.run(to: 30)
    _ = line.take()
    line.receive("\r\n\r\n\r\n")
    #expect(line.take() == ["30.0 line ends 1"])
  }

  @Test("a far end that wishes them more often in our Via gets them so, and owes pongs from then on (RFC 6223)")
  func agreed() {
    var line = Line()
    line.handle(.connected(connection: 1))
    _ = line.take()
    let answer = text(response(200, to: request(.register, transport: .tcp)))
      .replacingOccurrences(of: ";rport", with: ";rport;keep=12")
    line.receive(answer)
    line.run(to: 40)
    #expect(line.take() == ["0.0 message 200 of 0", "12.0 line ends 2", "22.0 close 1", "22.0 failed 1"])
  }

  @Test("a phone that asks by keep is told how often, over a stream only")
  func promised() throws {
    var layer = TransportLayer()
    layer.handle(.accepted(connection: 2, listener: 0, over: .tls, from: phone), at: .zero)
    let asking = text(request(.register, transport: .tls)).replacingOccurrences(of: ";rport", with: ";keep;rport")
    layer.handle(.received(connection: 2, bytes: Array(asking.utf8)), at: .zero)
    layer.handle(.datagram(listener: 1, from: phone, bytes: Array(asking.utf8)), at: .zero)
    var vias: [String] = []
    while let output = layer.pollOutput() {
      guard case .message(let message, let flow) = output else { continue }
      vias.append("\(flow.transport) \(ByteString(message.topVia.text))")
      #expect(message.callID.elementsEqual("call-1".utf8) && message.topVia.rport == 5060)
    }
    #expect(vias.count == 2 && vias[0].contains(";keep=60;rport=5060") && vias[0].hasPrefix("tls"))
    #expect(vias[1].contains(";keep;rport=5060"))
  }

  @Test("over TLS a connection is opened to whom is expected, is another's for another, and answers are known by it")
  func names() {
    var line = Line(.tls, peer: 1)
    line.send(.tls, peer: 2)
    line.send(.tls, peer: 1)
    #expect(line.take() == ["0.0 connect 1 to carrier.example", "0.0 connect 3 to other.example"])
    line.handle(.connected(connection: 1))
    #expect(line.take() == ["0.0 message", "0.0 message"])
    line.receive(text(response(200, to: request(.register, transport: .tls))))
    #expect(line.take() == ["0.0 message 200 of 1"])
  }

  @Test("a handshake may take 8 s, a plain connection 4")
  func timeouts() {
    for (transport, peer, limit) in [(SIPTransport.tls, 1 as UInt16, 8), (.tcp, 0, 4)] {
      var line = Line(transport, peer: peer)
      line.run(to: Double(limit) - 0.1)
      #expect(line.take().count == 1)
      line.run(to: Double(limit))
      #expect(line.take().contains("\(limit).0 close 1"))
    }
  }

  @Test("nobody is connected to over TLS of whom nothing is expected: a phone is reached as it came")
  func phones() {
    var line = Line(.tls)
    #expect(line.take() == ["0.0 failed 0"])
    line.handle(.accepted(connection: 2, listener: 0, over: .tls, from: branchOffice))
    line.send(.tls)
    #expect(line.take() == ["0.0 message"])
    // Plain TCP from the same port is somebody else.
    line.send(.tcp)
    #expect(line.take() == ["0.0 connect 1"])
  }

  @Test("where no stream could be opened is remembered for ten minutes")
  func refusals() {
    var line = Line()
    line.handle(.connectFailed(connection: 1))
    #expect(line.layer.refusesStreams(branchOffice, at: seconds(599)))
    #expect(!line.layer.refusesStreams(branchOffice, at: seconds(601)) && !line.layer.refusesStreams(phone, at: .zero))
    for port in 1...64 as ClosedRange<UInt16> {
      line.handle(.send(Flow(transport: .tcp, listener: 0, remote: Endpoint(phone.address, port)), [1]))
      line.handle(.connectFailed(connection: 1 + 2 * UInt32(port)))
    }
    #expect(!line.layer.refusesStreams(branchOffice, at: .zero))
  }
}

@Suite("A second way for a request")
struct AlternativeTests {
  private func start(_ driver: inout Driver) {
    let stream = request(.invite, transport: .tcp)
    driver.handle(
      .send(
        request: stream, method: .invite, branch: "z9hG4bKone", flow: flow(.tcp), user: 7,
        orElse: [.init(flow: flow(.udp), request: request(.invite))]))
  }

  @Test("is taken when the first fails before anything was heard, with the timers of its own transport")
  func taken() {
    var driver = Driver()
    start(&driver)
    driver.handle(.failed(flow(.tcp)))
    driver.run(to: 0.6)
    #expect(driver.sent.map(\.flow.transport) == [.tcp, .udp, .udp])
    driver.receive(response(200, to: request(.invite)))
    #expect(driver.takeSeen().last?.what == "response 200 for 7")
    #expect(driver.layer.counters.sentOtherwise == 1)
  }

  @Test("is not taken once somebody has answered, nor twice")
  func notTaken() {
    var driver = Driver()
    start(&driver)
    driver.receive(response(180, to: request(.invite, transport: .tcp)), flow(.tcp))
    driver.handle(.failed(flow(.tcp)))
    #expect(driver.sent.count == 1 && driver.layer.counters.sentOtherwise == 0)
    var other = Driver()
    start(&other)
    other.handle(.failed(flow(.tcp)))
    other.handle(.failed(flow(.udp)))
    #expect(other.takeSeen().last?.what == "transport failed 7")
  }
}
