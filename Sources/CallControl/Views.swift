// What a status page sees of the calls: values taken at one instant, in the order of their numbers.

import Basics
import MediaEngine
import SIPUserAgent

extension CallControl {
  public struct View: Sendable {
    public let number: CallNumber
    public let from: ByteString
    public let to: ByteString
    public let destination: ByteString
    public let state: StaticString
    public let startedAt: WallTime
    public let isAnswered: Bool
    /// What was received from the parties, the first one first, as it was measured last.
    public let quality: [StreamStatistics]
  }

  public var views: [View] {
    calls.keys.sorted().compactMap { number in
      calls[number].map { call in
        View(
          number: number, from: call.from, to: call.to, destination: call.destination, state: call.phase.name,
          startedAt: call.startedAt, isAnswered: call.answeredAt != nil,
          quality: [call.first, call.second].compactMap { $0.flatMap { legs[$0]?.quality } })
      }
    }
  }
}

extension Call.Phase {
  var name: StaticString {
    switch self {
    case .ringing: "ringing"
    case .talking: "talking"
    case .queued: "queued"
    case .announcing: "announcing"
    case .rating: "rating"
    case .callingBack: "calling-back"
    case .parked: "parked"
    case .recalling: "recalling"
    case .testing: "testing"
    case .ending: "ending"
    }
  }
}

// MARK: On the wire

extension CallControl {
  /// What of a call is seen on the network.
  public struct WireView: Sendable {
    public let number: CallNumber
    public var legs: [LegID] = []
    /// Own ports of its streams.
    public var ports: [UInt16] = []
    /// Who takes part, each once.
    public var phones: [ByteString] = []
    public var trunks: [ByteString] = []
  }

  /// In the order of the calls' numbers, and of their legs'.
  public var wires: [WireView] {
    var wires: [CallNumber: WireView] = [:]
    for id in legs.keys.sorted() {
      guard let leg = legs[id] else { continue }
      var wire = wires[leg.call] ?? WireView(number: leg.call)
      wire.legs.append(id)
      if let stream = leg.stream { wire.ports.append(port(of: stream)) }
      switch leg.party {
      case .user(let name): if !wire.phones.contains(name) { wire.phones.append(name) }
      case .trunk(let name): if !wire.trunks.contains(name) { wire.trunks.append(name) }
      case .itself: break
      }
      wires[leg.call] = wire
    }
    return wires.keys.sorted().compactMap { wires[$0] }
  }
}
