// The typed settings of a branch: what its machines are configured with. Values only; `BranchSettings.parse` makes them.

import ACD
import Basics
import Calendar
import Configuration
import Dialplan
import NumberPlan
import SIPUserAgent

///     let reading = BranchSettings.parse(bytes)
///     for problem in reading.problems { print(problem.text(.english)) }
///     guard let settings = reading.settings else { return }   // nil when any problem is an error
public struct BranchSettings: Sendable {
  public enum LogTarget: Hashable, Sendable {
    case standardError
    case systemLog
    case file(ByteString)
  }

  public struct Trunk: Hashable, Sendable {
    public var name: ByteString
    /// Calls at once.
    public var channels: Int
    /// Presented on calls of extensions; empty: the extension's own number.
    public var callerNumber: ByteString

    public init(name: ByteString, channels: Int, callerNumber: ByteString = "") {
      self.name = name
      self.channels = channels
      self.callerNumber = callerNumber
    }
  }

  public struct Queue: Hashable, Sendable {
    public var name: ByteString
    /// Empty: it cannot be dialled from inside.
    public var number: ByteString
    public var otherwise: Otherwise
    public var offersCallback: Bool
    /// The name of its hours; empty: always open.
    public var hours: ByteString

    public init(
      name: ByteString, number: ByteString = "", otherwise: Otherwise = .hangUp, offersCallback: Bool = false,
      hours: ByteString = ""
    ) {
      self.name = name
      self.number = number
      self.otherwise = otherwise
      self.offersCallback = offersCallback
      self.hours = hours
    }
  }

  public struct PowerWarning: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
      /// The chip's device file, and a line of it.
      case gpio(ByteString, line: UInt32, debounce: Interval)
      /// Its first character is 0 or 1.
      case file(ByteString)
    }
    public var source: Source
    /// 0 means that the power is failing.
    public var isActiveLow: Bool

    public init(_ source: Source, isActiveLow: Bool) {
      self.source = source
      self.isActiveLow = isActiveLow
    }
  }

  public struct User: Hashable, Sendable {
    public var name: ByteString
    public var role: Role
    /// Of the password, as `Sealing` writes it; nil: none is good.
    public var passwordHash: ByteString?
    public var language: Language?
  }

  public struct Hours: Hashable, Sendable {
    public var name: ByteString
    public var opening: OpeningHours

    public init(name: ByteString, opening: OpeningHours) {
      self.name = name
      self.opening = opening
    }
  }

  /// Where callers go whom a queue cannot take or has kept too long.
  public enum Otherwise: Hashable, Sendable {
    case `extension`(ByteString)
    case queue(ByteString)
    case number(ByteString)
    case hangUp
    /// A number behind the trunk to another branch, which may refuse.
    case branch(trunk: ByteString, number: ByteString)
  }

  public var name: ByteString = "Branch"
  public var language = Language.chinese
  public var logLevel = LogLevel.info
  public var logTarget = LogTarget.standardError
  /// Listeners (numbered from 0 in their order in the file), users, trunks.
  public var userAgent = UserAgent.Settings()
  /// Queues, agents, callbacks, number plan.
  public var distributor = ACD.Settings()
  public var dialplan = DialplanTable()
  public var numberPlan = NumberPlan.Settings.generic(countryCode: "")
  public var mediaPorts: ClosedRange<UInt16> = 10_000...10_999
  public var users: [User] = []
  public var assertions: [Assertion] = []
  public var promptsDirectory: ByteString = "/usr/share/branchline/prompts"
  public var storagePath: ByteString = "/var/lib/branchline/branchline.db"
  /// Of all recordings together; 0: nothing is recorded.
  public var flightRecorderBytes = 32 << 20
  public var controlSocketPath: ByteString = "/run/branchline/control.sock"
  /// What says that the power is failing; nil: the command alone.
  public var power: PowerWarning?
  /// The supervisor's page; nil: there is none.
  public var web: Web?
  public var tls = TLS()
  public var trunks: [Trunk] = []
  public var queues: [Queue] = []
  /// Of extensions that do more than ring.
  public var handling: [Handling] = []
  /// From outside, for the whole branch.
  public var callers = Callers()
  public var groups: [RingGroup] = []
  public var parkSlots: [ByteString] = []
  public var parkReturn = Interval.seconds(90)
  /// In which hours are given and times are shown to people.
  public var zone = Zone.utc
  /// Who may change which section.
  public var ownership = Ownership()
  /// Opening hours that queues name.
  public var hours: [Hours] = []
  /// Calls at once; more are refused.
  public var callLimit = 250
  /// How long running calls may go on when the program is stopped.
  public var shutdownSeconds = 30

  public init() {}

  /// Where callers go whom this queue cannot take; nil: they are told and hung up.
  public func otherwise(of queue: Queue) -> Destination? { destination(of: queue.otherwise) }

  public func destination(of otherwise: Otherwise) -> Destination? {
    switch otherwise {
    case .extension(let number): .extension(number)
    case .queue(let name): .queue(name)
    case .number(let number): dialplan.internalDestination(of: number)
    case .branch(let trunk, let number): .trunk([trunk], number)
    case .hangUp: nil
    }
  }
}
