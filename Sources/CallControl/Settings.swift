// What call control must know of the branch, as values.

import Basics
import Dialplan

extension CallControl {
  public struct Settings: Sendable {
    public var dialplan = DialplanTable()
    public var mediaPorts = MediaPorts(first: 10_000, last: 10_999)
    public var extensions: [Extension] = []
    public var trunks: [Trunk] = []
    public var queues: [Queue] = []
    /// Calls at once; more get 503.
    public var callLimit = 250

    public init() {}
  }

  /// RTP takes the even ports; the odd one after each is left for RTCP.
  public struct MediaPorts: Sendable, Equatable {
    public var first: UInt16
    public var last: UInt16

    public init(first: UInt16, last: UInt16) {
      self.first = first & 1 == 0 ? first : first + 1
      self.last = max(last, self.first)
    }
    public var streamLimit: Int { (Int(last) - Int(first) + 1) / 2 }
    func port(ofSlot slot: UInt32) -> UInt16 { first + UInt16(slot) * 2 }
  }

  public struct Extension: Sendable {
    public var number: ByteString
    public var displayName: ByteString
    public init(number: ByteString, displayName: ByteString) {
      self.number = number
      self.displayName = displayName
    }
  }

  public struct Trunk: Sendable {
    public var name: ByteString
    public var channels: Int
    /// Presented on calls of extensions; empty: the extension's own number.
    public var callerNumber: ByteString
    public init(name: ByteString, channels: Int, callerNumber: ByteString) {
      self.name = name
      self.channels = channels
      self.callerNumber = callerNumber
    }
  }

  public struct Queue: Sendable {
    public var name: ByteString
    public var displayName: ByteString
    public var agents: [ByteString]
    public var offersCallback: Bool
    /// Where callers go whom the queue cannot take or has kept too long; nil: they are told and hung up.
    public var otherwise: Destination?
    public init(
      name: ByteString, displayName: ByteString, agents: [ByteString], offersCallback: Bool, otherwise: Destination?
    ) {
      self.name = name
      self.displayName = displayName
      self.agents = agents
      self.offersCallback = offersCallback
      self.otherwise = otherwise
    }
  }

  func isAgent(_ number: ByteString) -> Bool {
    settings.queues.contains { $0.agents.contains(number) }
  }

  func displayName(of number: ByteString) -> ByteString {
    settings.extensions.first { $0.number == number }?.displayName ?? ""
  }
}
