// Requests too long for a datagram go over TCP, and as a datagram only where no connection can be had (RFC 3261 §18.1.1).

import Basics
import SIPTransaction

extension Wire {
  private static var overUDP: StaticString { "\r\nVia: SIP/2.0/UDP " }

  /// The request as it goes over a stream to the same place; nil where it must do without: we do not listen for streams
  /// at the port that its Via names, or none could be opened to there lately.
  mutating func overStream(_ request: [UInt8], _ flow: Flow, at now: Instant) -> TransactionLayer.Alternative? {
    guard let own = addressing.listener(flow.listener),
      let listener = addressing.listeners.first(where: { $0.transport == .tcp && $0.endpoint == own.endpoint }),
      !transport.refusesStreams(flow.remote, at: now), let place = Self.transportName(in: request)
    else {
      outbox.counters.largeAsDatagram += 1
      return nil
    }
    outbox.counters.largeOverStream += 1
    var request = request
    let name = SIPTransport.tcp.viaName
    for offset in 0..<name.utf8CodeUnitCount { request[place + offset] = name.utf8Start[offset] }
    return .init(flow: Flow(transport: .tcp, listener: listener.index, remote: flow.remote), request: request)
  }

  /// Where the transport stands in the Via, which is the first header of what we write.
  private static func transportName(in request: [UInt8]) -> Int? {
    let mark = overUDP
    guard let lineEnd = request.firstIndex(of: 0x0D), lineEnd + mark.utf8CodeUnitCount <= request.count else {
      return nil
    }
    for offset in 0..<mark.utf8CodeUnitCount where request[lineEnd + offset] != mark.utf8Start[offset] { return nil }
    return lineEnd + mark.utf8CodeUnitCount - 4
  }
}
