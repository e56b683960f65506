// What the configuration says about numbers and where they lead: values in, `DialplanTable` out.

import Basics
import NumberPlan

public struct DialplanSettings: Sendable {
  public enum Limits {
    /// Routes of each direction; more are left out (the configuration's schema refuses them first).
    public static let routes = 256
  }

  public struct Extension: Sendable {
    public var number: ByteString
    /// What it may dial outside. Extensions, queues, feature codes and emergency numbers are always allowed.
    public var classes: NumberClasses
    public init(number: ByteString, classes: NumberClasses) {
      self.number = number
      self.classes = classes
    }
  }

  public struct Queue: Sendable {
    public var name: ByteString
    /// Empty: it cannot be dialled from inside.
    public var number: ByteString
    public init(name: ByteString, number: ByteString) {
      self.name = name
      self.number = number
    }
  }

  public struct Group: Sendable {
    public var name: ByteString
    public var number: ByteString
    public init(name: ByteString, number: ByteString) {
      self.name = name
      self.number = number
    }
  }

  /// A short number for a long one; whether it may be called, the long one says.
  public struct SpeedDial: Sendable {
    public var code: ByteString
    public var number: ByteString
    public init(code: ByteString, number: ByteString) {
      self.code = code
      self.number = number
    }
  }

  public struct FeatureCode: Sendable {
    public var code: ByteString
    public var feature: Feature
    public init(code: ByteString, feature: Feature) {
      self.code = code
      self.feature = feature
    }
  }

  /// From a trunk inwards. The first that fits counts.
  public struct InboundRoute: Sendable {
    public enum Target: Hashable, Sendable {
      case `extension`(ByteString)
      case queue(ByteString)
      case group(ByteString)
      /// The extension that the last so many digits of the number name.
      case lastDigits(Int)
    }
    /// Empty: any trunk.
    public var trunks: [ByteString]
    /// Empty: whatever was dialled, even what is no number. A pattern is compared with the number as it came and with
    /// its normalised form.
    public var patterns: [NumberPattern]
    public var target: Target
    public init(trunks: [ByteString], patterns: [NumberPattern], target: Target) {
      self.trunks = trunks
      self.patterns = patterns
      self.target = target
    }
  }

  /// Outwards. The first that fits counts.
  public struct OutboundRoute: Sendable {
    public var patterns: [NumberPattern]
    /// In the order in which they are tried.
    public var trunks: [ByteString]
    /// Digits to take off the front of what was dialled.
    public var strip: Int
    /// Put in front then; part of the number, so the number class is that of the result.
    public var prefix: ByteString
    /// Put in front of what the trunk gets; not part of the number.
    public var accessCode: ByteString
    public init(
      patterns: [NumberPattern], trunks: [ByteString], strip: Int = 0, prefix: ByteString = "",
      accessCode: ByteString = ""
    ) {
      self.patterns = patterns
      self.trunks = trunks
      self.strip = strip
      self.prefix = prefix
      self.accessCode = accessCode
    }
  }

  public var numberPlan: NumberPlan.Settings
  public var extensions: [Extension] = []
  public var queues: [Queue] = []
  public var groups: [Group] = []
  /// The numbers of the places where calls are parked.
  public var slots: [ByteString] = []
  public var speedDials: [SpeedDial] = []
  public var featureCodes: [FeatureCode] = []
  public var inbound: [InboundRoute] = []
  public var outbound: [OutboundRoute] = []
  /// All trunks, in the order in which emergency calls try them.
  public var trunks: [ByteString] = []

  public init(numberPlan: NumberPlan.Settings = .generic(countryCode: "")) { self.numberPlan = numberPlan }
}
