// What the configuration says of calls besides ringing, as values.

import Basics

extension BranchSettings {
  /// Which callers are refused.
  public struct Callers: Hashable, Sendable {
    public var blocked: [NumberPattern] = []
    public var allowed: [NumberPattern] = []
    public var rejectsAnonymous = false
  }

  /// Of an extension that does more than ring; numbers are as somebody there would dial them, empty where there is none.
  public struct Handling: Hashable, Sendable {
    public var `extension`: ByteString
    public var forwardAlways: ByteString = ""
    public var forwardBusy: ByteString = ""
    public var forwardNoAnswer: ByteString = ""
    public var ringTime: Interval?
    public var followMe: ByteString = ""
    public var followMeAfter = Interval.seconds(0)
    public var hasCallWaiting = true
    public var pickupGroup: ByteString = ""
    public var answersIntercom = false
    public var callers = Callers()

    init(extension number: ByteString) { self.extension = number }
  }

  public struct RingGroup: Hashable, Sendable {
    public var name: ByteString
    public var number: ByteString
    public var extensions: [ByteString]
    public var isInTurn: Bool
    public var delay: Interval
    public var ringTime: Interval
    public var otherwise: Otherwise
  }
}
