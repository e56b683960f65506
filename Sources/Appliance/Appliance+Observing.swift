// Traces are answered here; captures are the shell's, which has the packets. It asks `traffic` for what belongs together.

import Basics
import BranchConfiguration
import CallControl
import Configuration
import Journal
import SIPTrace
import SIPTransaction
import SIPUserAgent

extension Appliance {
  mutating func accept(_ order: ObservingOrder, from client: UInt64, by who: ByteString, at now: Instant) {
    switch order {
    case .trace(let scope, let since):
      // A call that is watched may end meanwhile: who has begun to watch goes on.
      guard since != nil || exists(scope) else { return refuse("trace-sip", scope, client) }
      outputs.append(.answer(client, answerTrace(scope, since: since, at: now)))
    case .capture(.start(let start)) where !exists(start.scope):
      note(who, "capture-start", start.name, isDone: false)
      refuse("capture-start", start.scope, client)
    case .capture(let capture): outputs.append(.capture(client, capture, by: who))
    }
  }

  private mutating func refuse(_ act: ByteString, _ scope: TrafficScope, _ client: UInt64) {
    let refusal: ByteString =
      switch scope {
      case .all, .call: "unknown call"
      case .phone: "unknown extension"
      case .trunk: "unknown trunk"
      }
    outputs.append(.answer(client, JSONWriter.outcome(of: act, scope.text, refusal: refusal)))
  }

  // MARK: Trace

  private mutating func answerTrace(_ scope: TrafficScope, since: UInt64?, at now: Instant) -> [UInt8] {
    trace.watch(at: now)
    trace.learn(traffic(within: .all))
    // A name is looked up once for each endpoint.
    var names: [Endpoint: ByteString?] = [:]
    func name(_ endpoint: Endpoint) -> ByteString? {
      if let known = names[endpoint] { return known }
      let found = self.name(of: endpoint, at: now)
      names[endpoint] = found
      return found
    }
    let found = trace.messages(since: since ?? trace.nextNumber, within: scope, name: name)
    trace.note(missed: found.missed)
    var json = JSONWriter(capacity: 4_096)
    json.object { json in
      json.field("next", Int(clamping: found.next))
      json.field("missed", Int(clamping: found.missed))
      json.field("more", found.next < trace.nextNumber)
      json.field("zoneMinutes", settings.zone.minutes)
      json.array("messages") { json in for message in found.messages { write(message, name, to: &json) } }
    }
    return json.bytes
  }

  private func write(
    _ message: SignallingTrace.Message, _ name: (Endpoint) -> ByteString?, to json: inout JSONWriter
  ) {
    let entry = message.entry
    var fingerprint = ByteWriter(capacity: 16)
    fingerprint.append(hex: entry.fingerprint, digits: 16)
    json.object { json in
      json.field("number", Int(clamping: message.number))
      json.field("atMicroseconds", Int(entry.time.microseconds))
      json.field("direction", message.isOutgoing ? ByteString("out") : ByteString("in"))
      json.field("transport", ByteString(message.transport.viaName))
      json.field("source", entry.source.text)
      json.field("sourceName", name(entry.source))
      json.field("target", entry.destination.text)
      json.field("targetName", name(entry.destination))
      json.field("call", trace.call(of: message).map { Int(clamping: $0) })
      json.field("callID", entry.callID)
      json.field("from", entry.from)
      json.field("to", entry.to)
      json.field("fingerprint", ByteString(fingerprint.bytes))
      json.array("labels") { json in for label in entry.labels { json.value(label) } }
    }
  }

  /// Called only while somebody watches.
  mutating func watch(_ input: TransportLayer.Input) {
    switch input {
    case .datagram(let listener, let from, let bytes):
      trace.note(bytes, from: from, to: own(listener), .udp, isOutgoing: false)
    case .received(let connection, let bytes):
      guard let ends = agent.ends(ofConnection: connection) else { return }
      trace.note(received: bytes, on: connection, from: ends.remote, to: own(ends.listener))
    case .closed(let connection): trace.forget(connection: connection)
    default: break
    }
  }

  mutating func watch(_ output: TransportLayer.Output) {
    switch output {
    case .datagram(let listener, let remote, let bytes):
      trace.note(bytes, from: own(listener), to: remote, .udp, isOutgoing: true)
    case .write(let connection, let bytes):
      guard let ends = agent.ends(ofConnection: connection) else { return }
      trace.note(bytes, from: own(ends.listener), to: ends.remote, .tcp, isOutgoing: true)
    case .close(let connection): trace.forget(connection: connection)
    default: break
    }
  }

  private func own(_ listener: UInt16) -> Endpoint {
    settings.userAgent.listeners.first { $0.index == listener }?.endpoint ?? Endpoint(.anyV4, 0)
  }
}
