// What the configuration says of calls to extensions, of groups and of places to park.

import Basics
import Dialplan

extension CallControl {
  /// Of one extension; numbers are as somebody there would dial them, empty where there is none.
  public struct Handling: Hashable, Sendable {
    public var forwardAlways: ByteString = ""
    public var forwardBusy: ByteString = ""
    public var forwardNoAnswer: ByteString = ""
    /// How long it rings; nil: as others.
    public var ringTime: Interval?
    public var doesNotDisturb = false
    /// Rings as well, so long after the extension.
    public var followMe: ByteString = ""
    public var followMeAfter = Interval.seconds(0)
    /// A second call rings; otherwise it finds the extension busy.
    public var hasCallWaiting = true
    /// Those of one group take each other's calls.
    public var pickupGroup: ByteString = ""
    /// Callers who are refused, and those who are not although they fit these.
    public var blocked: [NumberPattern] = []
    public var allowed: [NumberPattern] = []
    public var rejectsAnonymous = false
    /// Its phone may be made to answer by itself.
    public var answersIntercom = false

    public init() {}

    /// The status for a caller who may not call; nil for all others.
    func refusal(of caller: ByteString) -> Int? {
      // RFC 5079.
      guard !caller.isEmpty else { return rejectsAnonymous ? 433 : nil }
      guard blocked.contains(where: { $0.matches(caller) }), !allowed.contains(where: { $0.matches(caller) }) else {
        return nil
      }
      return 603
    }
  }

  public struct Group: Hashable, Sendable {
    public var name: ByteString
    public var extensions: [ByteString]
    /// One after the other instead of all.
    public var isInTurn: Bool
    /// All, but each so long after the one before.
    public var delay: Interval
    /// How long each rings in turn, or the last one of all.
    public var ringTime: Interval
    public var otherwise: Destination?

    public init(
      name: ByteString, extensions: [ByteString], isInTurn: Bool = false, delay: Interval = .seconds(0),
      ringTime: Interval = .seconds(20), otherwise: Destination? = nil
    ) {
      self.name = name
      self.extensions = extensions
      self.isInTurn = isInTurn
      self.delay = delay
      self.ringTime = ringTime
      self.otherwise = otherwise
    }
  }

  public struct Parking: Hashable, Sendable {
    /// The numbers by which calls are taken back.
    public var slots: [ByteString]
    public var returnAfter: Interval

    public init(slots: [ByteString] = [], returnAfter: Interval = .seconds(90)) {
      self.slots = slots
      self.returnAfter = returnAfter
    }
  }
}
