// What call control must know of the branch, as values.

import Basics
import Dialplan
import MediaEngine

extension CallControl {
  public struct Settings: Sendable {
    public var dialplan = DialplanTable()
    public var mediaPorts = MediaPorts(first: 10_000, last: 10_999)
    /// Sound goes by IPv6 too: each port serves both, since who will be called by which is not known when it is opened.
    public var servesIPv6 = false
    public var extensions: [Extension] = []
    public var trunks: [Trunk] = []
    public var queues: [Queue] = []
    /// Of extensions that do more than ring.
    public var handling: [ByteString: Handling] = [:]
    public var groups: [Group] = []
    public var parking = Parking()
    /// Of callers from outside, for the whole branch.
    public var callers = Handling()
    /// Calls at once; more get 503.
    public var callLimit = 250
    /// Of the notices on agents' phones.
    public var language = PromptLanguage.zh

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
    /// nil: none is offered.
    public var callback: CallbackRules?
    /// Callers are asked how it was when the agent has hung up.
    public var survey: Bool
    /// Where callers go whom the queue cannot take or has kept too long; nil: they are told and hung up.
    public var otherwise: Destination?
    /// The else destination is a queue of another branch.
    public var elsewhere: Elsewhere?
    public init(
      name: ByteString, displayName: ByteString, callback: CallbackRules? = nil, survey: Bool = false,
      otherwise: Destination? = nil, elsewhere: Elsewhere? = nil
    ) {
      self.name = name
      self.displayName = displayName
      self.callback = callback
      self.survey = survey
      self.otherwise = otherwise
      self.elsewhere = elsewhere
    }
  }

  /// A number of another branch, behind the trunk to it. Callers go there with their own number and name.
  public struct Elsewhere: Hashable, Sendable {
    public var trunk: ByteString
    public var number: ByteString
    public init(trunk: ByteString, number: ByteString) {
      self.trunk = trunk
      self.number = number
    }
  }

  /// What a caller of a queue may ask for.
  public struct CallbackRules: Sendable {
    public var allowsOtherNumber: Bool
    public var recordsName: Bool
    /// A time of the caller's choice.
    public var offersSchedule: Bool
    public init(allowsOtherNumber: Bool = true, recordsName: Bool = false, offersSchedule: Bool = false) {
      self.allowsOtherNumber = allowsOtherNumber
      self.recordsName = recordsName
      self.offersSchedule = offersSchedule
    }
  }

  func displayName(of number: ByteString) -> ByteString {
    settings.extensions.first { $0.number == number }?.displayName ?? ""
  }
}
