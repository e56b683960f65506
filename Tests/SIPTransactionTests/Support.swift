// Messages and a driver in virtual time for the tests of this module.

import Basics
import SIPMessage
import SIPTransaction

let phone = Endpoint(.v4(0xC000_0201), 5060)  // 192.0.2.1
let branchOffice = Endpoint(.v4(0xC000_0202), 5060)  // 192.0.2.2

func flow(_ transport: SIPTransport = .udp, to remote: Endpoint = branchOffice, connection: UInt32 = 0) -> Flow {
  Flow(transport: transport, listener: 0, connection: connection, remote: remote)
}

func seconds(_ value: Double) -> Instant { Instant(nanoseconds: Int64(value * 1_000) * 1_000_000) }
func inSeconds(_ instant: Instant) -> Double { Double(instant.nanoseconds / 1_000_000) / 1_000 }

func request(
  _ method: SIPMethod, branch: ByteString = "z9hG4bKone", number: UInt32 = 1, toTag: ByteString? = nil,
  from sender: Endpoint = phone, transport: SIPTransport = .udp, callID: ByteString = "call-1", route: ByteString? = nil
) -> [UInt8] {
  var writer = MessageWriter.request(method, "sip:202@192.0.2.2")
  if branch.isEmpty {
    writer.header(.via, "SIP/2.0/UDP " + sender.text)
  } else {
    writer.via(transport: transport.viaName, sentBy: sender, branch: branch)
  }
  if let route { writer.header(.route, route) }
  writer.header(.maxForwards, number: 70)
  writer.header(.from, "<sip:201@192.0.2.2>;tag=f1")
  writer.header(.to, toTag.map { "<sip:202@192.0.2.2>;tag=" + $0 } ?? "<sip:202@192.0.2.2>")
  writer.header(.callID, callID)
  writer.cseq(number, method)
  return writer.finish()
}

func response(_ status: Int, to request: [UInt8], tag: ByteString = "t1") -> [UInt8] {
  MessageWriter.response(status, to: parsed(request), toTag: status == 100 ? nil : tag).finish()
}

func parsed(_ bytes: [UInt8]) -> SIPMessage {
  do { return try SIPMessage(parsing: bytes) } catch { fatalError("test message: \(error.reason)") }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// An output in a form that can be compared and printed.
struct Seen: Equatable, CustomStringConvertible {
  var at: Double
  var what: String
  var description: String { "\(at): \(what)" }
}

/// One layer, driven in virtual time; what comes out is written down with its time.
struct Driver {
  var layer: TransactionLayer
  private(set) var now = Instant.zero
  private(set) var seen: [Seen] = []
  private(set) var sent: [(flow: Flow, bytes: [UInt8])] = []
  /// The server transactions that came out, oldest first.
  private(set) var servers: [SlotID] = []

  init(timers: TimerValues = TimerValues(), limits: TransactionLimits = TransactionLimits()) {
    layer = TransactionLayer(timers: timers, limits: limits, secret: (1, 2))
  }

  /// Stops at every deadline up to `second`, so that each timer fires at its very time.
  mutating func run(to second: Double) {
    while let deadline = layer.nextDeadline, deadline <= seconds(second) {
      now = max(now, deadline)
      layer.advance(to: now)
      drain()
    }
    now = seconds(second)
  }

  mutating func handle(_ input: TransactionLayer.Input) {
    layer.handle(input, at: now)
    drain()
  }
  mutating func receive(_ bytes: [UInt8], _ flow: Flow = flow(to: phone)) { handle(.received(parsed(bytes), flow)) }
  mutating func send(
    _ method: SIPMethod, branch: ByteString = "z9hG4bKone", over transport: SIPTransport = .udp, user: UInt64 = 7
  ) -> [UInt8] {
    let bytes = request(method, branch: branch, transport: transport)
    handle(.send(request: bytes, method: method, branch: branch, flow: flow(transport), user: user))
    return bytes
  }
  mutating func respond(_ status: Int, to request: [UInt8], server index: Int = 0) {
    handle(.respond(servers[index], status: status, bytes: response(status, to: request)))
  }
  /// What was seen since the last call.
  mutating func takeSeen() -> [Seen] {
    defer { seen = [] }
    return seen
  }

  private mutating func drain() {
    while let output = layer.pollOutput() {
      seen.append(Seen(at: inSeconds(now), what: describe(output)))
      switch output {
      case .send(let flow, let bytes): sent.append((flow, bytes))
      case .request(let id, _, _), .cancel(let id, _, _, _): servers.append(id)
      default: break
      }
    }
  }

  private func describe(_ output: TransactionLayer.Output) -> String {
    switch output {
    case .send(_, let bytes):
      let message = parsed(bytes)
      return "send " + (message.isRequest ? message.method.name.description : "\(message.status)")
    case .request(_, let message, _): return "request \(message.method.name)"
    case .cancel(_, _, _, let matching): return matching == nil ? "cancel nothing" : "cancel"
    case .ack: return "ack"
    case .response(let user, let message, _): return "response \(message.status) for \(user)"
    case .timedOut(let user): return "timed out \(user)"
    case .transportFailed(let user): return "transport failed \(user)"
    case .unacknowledged: return "unacknowledged"
    case .strayResponse(let message, _): return "stray \(message.status)"
    case .log(let entry): return "log \(entry.event)"
    }
  }
}

extension Array where Element == Seen {
  func times(_ what: String) -> [Double] { filter { $0.what == what }.map(\.at) }
  var whats: [String] { map(\.what) }
}
