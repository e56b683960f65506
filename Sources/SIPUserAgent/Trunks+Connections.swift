// Trunks over streams: who is expected at the far end (RFC 5922), and what happens when the connection is gone.

import Basics
import SIPTransaction

extension Wire {
  /// What `Flow.peer` says of a trunk over TLS: the same for as long as its domain and its strictness stay. 0 for others.
  mutating func peerNumber(of settings: UserAgent.TrunkSettings) -> UInt16 {
    guard settings.transport == .tls else { return 0 }
    let wanted = PeerName(
      domain: settings.domain.isEmpty ? settings.endpoint.address.text : settings.domain,
      isVerified: settings.verifiesCertificate)
    for (number, name) in transport.peerNames where name == wanted { return number }
    let number = UInt16(truncatingIfNeeded: transport.peerNames.count + 1)
    transport.peerNames[number] = wanted
    return number
  }
}

extension Trunks {
  /// A connection is gone, or could not be opened. Those who used it register or ask anew at once, if it was there.
  mutating func lost(_ flow: Flow, _ wire: inout Wire, at now: Instant) {
    guard flow.transport.isReliable else { return }
    for position in trunks.indices {
      let own = trunks[position].flow
      guard own.transport == flow.transport, own.remote == flow.remote, own.peer == flow.peer else { continue }
      // What waits for an answer gets its failure from its transaction.
      if trunks[position].registration == .registered {
        wire.timers.set(TimerKey(.register, of: id(position)), to: now + UserAgent.Limits.reconnectPause)
      }
      let missed = TimerKey(.qualifyMissed, of: id(position))
      if trunks[position].settings.qualifySeconds > 0, wire.timers.deadline(of: missed) == nil, trunks[position].isAlive
      {
        wire.timers.set(TimerKey(.qualify, of: id(position)), to: now + UserAgent.Limits.reconnectPause)
      }
    }
  }
}
