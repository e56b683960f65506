// Two layers and their users over a network that loses, doubles and reorders. Every failure names its seed.

import Basics
import SIPMessage
import SIPTransaction
import Testing

private struct Packet {
  var at: Instant
  var order: Int
  var isToServer: Bool
  var bytes: [UInt8]
}

/// The calling side, the called side, and what lies between them.
private struct Network {
  private var client = TransactionLayer(secret: (1, 2))
  private var server = TransactionLayer(secret: (3, 4))
  private var random: SeededRandom
  private var packets: [Packet] = []
  private var order = 0
  private(set) var now = Instant.zero
  let lossPercent: Int
  let isReliable: Bool

  /// Requests by user number; what happened to each.
  private var requests: [UInt64: [UInt8]] = [:]
  private(set) var outcomes: [UInt64: [Int]] = [:]
  private(set) var delivered: [ByteString: Int] = [:]
  private(set) var acknowledged: Set<ByteString> = []
  private(set) var unacknowledged = 0
  /// The called users: answers to be given, and 2xx being repeated until their ACK.
  private var answers: [(at: Instant, id: SlotID, status: Int, bytes: [UInt8])] = []
  private var repeating:
    [(at: Instant, interval: Interval, until: Instant, id: SlotID, branch: ByteString, bytes: [UInt8])] = []

  init(seed: UInt64, lossPercent: Int, isReliable: Bool = false) {
    random = SeededRandom(seed: seed)
    self.lossPercent = lossPercent
    self.isReliable = isReliable
  }

  var isIdle: Bool { client.clientCount == 0 && server.serverCount == 0 && packets.isEmpty }
  var retransmissions: UInt64 { client.counters.retransmissions + server.counters.retransmissions }

  mutating func start(_ method: SIPMethod, user: UInt64) {
    let branch = ByteString("z9hG4bK-\(user)")
    let bytes = request(method, branch: branch, number: UInt32(user), transport: isReliable ? .tcp : .udp)
    requests[user] = bytes
    let target = flow(isReliable ? .tcp : .udp, connection: isReliable ? 1 : 0)
    client.handle(.send(request: bytes, method: method, branch: branch, flow: target, user: user), at: now)
    drain()
  }

  /// Until nothing is left to do, from one event to the next.
  mutating func run() {
    var steps = 0
    while let next = nextEvent, steps < 100_000 {
      steps += 1
      now = max(now, next)
      client.advance(to: now)
      server.advance(to: now)
      deliver()
      answer()
      drain()
    }
  }

  private var nextEvent: Instant? {
    var all = packets.map(\.at) + answers.map(\.at) + repeating.map(\.at)
    if let deadline = client.nextDeadline { all.append(deadline) }
    if let deadline = server.nextDeadline { all.append(deadline) }
    return all.min()
  }

  private mutating func carry(_ bytes: [UInt8], toServer: Bool) {
    guard isReliable || !random.chance(percent: lossPercent) else { return }
    for _ in 0..<(!isReliable && random.chance(percent: 20) ? 2 : 1) {
      order += 1
      let delay = isReliable ? 10 : 1 + random.below(300)
      packets.append(Packet(at: now + .milliseconds(delay), order: order, isToServer: toServer, bytes: bytes))
    }
  }

  private mutating func deliver() {
    let due = packets.filter { $0.at <= now }.sorted { ($0.at, $0.order) < ($1.at, $1.order) }
    packets.removeAll { $0.at <= now }
    let transport = isReliable ? SIPTransport.tcp : .udp
    for packet in due {
      let source = flow(transport, to: packet.isToServer ? phone : branchOffice, connection: isReliable ? 1 : 0)
      if packet.isToServer {
        server.handle(.received(parsed(packet.bytes), source), at: now)
      } else {
        client.handle(.received(parsed(packet.bytes), source), at: now)
      }
      drain()
    }
  }

  private mutating func drain() {
    while let output = client.pollOutput() { handle(client: output) }
    while let output = server.pollOutput() { handle(server: output) }
  }

  private mutating func handle(client output: TransactionLayer.Output) {
    switch output {
    case .send(_, let bytes): carry(bytes, toServer: true)
    case .response(let user, let message, _):
      if message.status >= 200 { outcomes[user, default: []].append(message.status) }
      if message.status / 100 == 2, message.method == .invite { acknowledge(message, user) }
    case .strayResponse(let message, _):
      // A 2xx to INVITE after timer M, or for a transaction that timed out: still owed an ACK.
      if message.status / 100 == 2, message.method == .invite { acknowledge(message, UInt64(message.cseq.number)) }
    case .timedOut(let user): outcomes[user, default: []].append(408)
    case .transportFailed(let user): outcomes[user, default: []].append(503)
    default: Issue.record("the client side says \(output)")
    }
  }

  private mutating func acknowledge(_ message: SIPMessage, _ user: UInt64) {
    let branch = ByteString("z9hG4bK-\(user)-ack")
    carry(request(.ack, branch: branch, number: UInt32(user), toTag: "t1"), toServer: true)
  }

  private mutating func handle(server output: TransactionLayer.Output) {
    switch output {
    case .send(_, let bytes): carry(bytes, toServer: false)
    case .request(let id, let message, _): take(message, id)
    case .ack(let message, _):
      let branch = ByteString("z9hG4bK-\(message.cseq.number)")
      acknowledged.insert(branch)
      repeating.removeAll { $0.branch == branch }
    case .unacknowledged: unacknowledged += 1
    default: Issue.record("the server side says \(output)")
    }
  }

  private mutating func take(_ message: SIPMessage, _ id: SlotID) {
    delivered[ByteString(message.topVia.branch), default: 0] += 1
    let status = random.chance(percent: 50) ? 200 : 486
    let delay: Interval
    if message.method == .invite {
      answers.append((now, id, 100, response(100, to: message.bytes)))
      answers.append((now + .milliseconds(100), id, 180, response(180, to: message.bytes)))
      delay = .milliseconds(200 + random.below(20_000))
    } else {
      delay = .milliseconds(random.below(3_000))
    }
    answers.append((now + delay, id, status, response(status, to: message.bytes)))
  }

  private mutating func answer() {
    let due = answers.filter { $0.at <= now }
    answers.removeAll { $0.at <= now }
    for answer in due {
      server.handle(.respond(answer.id, status: answer.status, bytes: answer.bytes), at: now)
      let message = parsed(answer.bytes)
      if answer.status == 200, message.method == .invite {
        repeating.append(
          (
            now + .milliseconds(500), .milliseconds(500), now + .seconds(32), answer.id,
            ByteString(message.topVia.branch), answer.bytes
          ))
      }
    }
    for index in repeating.indices where repeating[index].at <= now {
      server.handle(.respond(repeating[index].id, status: 200, bytes: repeating[index].bytes), at: now)
      repeating[index].interval = min(repeating[index].interval * 2, .seconds(4))
      repeating[index].at = now + repeating[index].interval
    }
    repeating.removeAll { $0.at > $0.until }
  }
}

@Suite("Two layers over a faulty network")
struct FaultyNetworkTests {
  @Test("Each request is delivered once and has one final outcome; then nothing is left", arguments: [0, 10, 30, 50])
  func exactlyOnce(lossPercent: Int) {
    for seed in UInt64(1)...12 {
      var network = Network(seed: seed, lossPercent: lossPercent)
      for user in UInt64(1)...12 { network.start(user % 2 == 0 ? .invite : .options, user: user) }
      network.run()
      let seedText = "seed \(seed), loss \(lossPercent) %"
      #expect(network.isIdle, "\(seedText)")
      for user in UInt64(1)...12 {
        let outcomes = network.outcomes[user] ?? []
        #expect(Set(outcomes).count == 1, "\(seedText): request \(user) came to \(outcomes)")
        #expect(outcomes.first == 200 && user % 2 == 0 || outcomes.count == 1, "\(seedText): \(user) \(outcomes)")
        let deliveries = network.delivered[ByteString("z9hG4bK-\(user)")] ?? 0
        #expect(deliveries == 1 || deliveries == 0 && outcomes == [408], "\(seedText): \(user) \(deliveries) times")
        if outcomes.first == 200 && user % 2 == 0 {
          #expect(network.acknowledged.contains(ByteString("z9hG4bK-\(user)")), "\(seedText): \(user)")
        }
      }
      if lossPercent <= 30 {
        let answered = network.outcomes.values.filter { $0 != [408] }.count
        #expect(answered == 12, "\(seedText): \(answered) of 12 answered")
      }
    }
  }

  @Test("Without loss over a reliable transport nothing is ever sent twice")
  func reliable() {
    var network = Network(seed: 1, lossPercent: 0, isReliable: true)
    for user in UInt64(1)...20 { network.start(user % 2 == 0 ? .invite : .options, user: user) }
    network.run()
    #expect(network.isIdle)
    #expect(network.retransmissions == 0)
    #expect(network.outcomes.values.allSatisfy { $0.count == 1 })
    #expect(network.unacknowledged == 0)
  }

  @Test("The same seed gives the same run")
  func replay() {
    func outcome(_ seed: UInt64) -> (Instant, UInt64) {
      var network = Network(seed: seed, lossPercent: 30)
      for user in UInt64(1)...10 { network.start(.invite, user: user) }
      network.run()
      return (network.now, network.retransmissions)
    }
    #expect(outcome(7) == outcome(7))
    #expect(outcome(7) != outcome(8))
  }
}
