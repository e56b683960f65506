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
    case .testing: "testing"
    case .ending: "ending"
    }
  }
}
