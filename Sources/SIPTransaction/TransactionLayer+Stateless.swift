// Answering without state (RFC 3261 §8.2.7): of a request that is refused so nothing remains. Its repetition is a new
// request, with an answer of its own that carries the same tag; the ACK to it belongs to nobody.

import Basics
import SIPMessage

extension TransactionLayer {
  /// Where responses to a request go.
  public func flow(of id: ServerID) -> Flow? { servers[id]?.flow }

  /// For To, the same for each repetition of the request; nil where it is gone.
  public func statelessTag(of id: ServerID) -> ByteString? { servers[id]?.key.tag }

  mutating func respondOnce(_ id: ServerID, _ bytes: [UInt8]) {
    guard let server = servers[id], server.message.isEmpty else {
      counters.responsesRefused += 1
      return
    }
    outputs.append(.send(server.flow, bytes))
    forget(id)
  }

  mutating func forget(_ id: ServerID) {
    guard let server = servers.remove(id) else { return }
    serverIndex[server.key] = nil
    if !server.machine.isInvite { timers.withdrawLast(TimerKey(id: id, name: .lateness)) }
  }
}
