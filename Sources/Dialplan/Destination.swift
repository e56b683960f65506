// Who dials, where a number leads, and why it may lead nowhere.

import Basics

/// Who dials.
public enum DialplanOrigin: Hashable, Sendable {
  case `extension`(ByteString)
  case trunk(ByteString)
}

public enum Destination: Hashable, Sendable {
  case `extension`(ByteString)
  case queue(ByteString)
  /// Phones that ring together, by the group's name.
  case group(ByteString)
  /// A place where calls are parked, by its number.
  case slot(ByteString)
  /// Trunks in the order in which they are to be tried, and the number to send there.
  case trunk([ByteString], ByteString)
  /// With the digits dialled behind its code.
  case feature(Feature, argument: ByteString = "")
  case unavailable(Unavailability)
}

public enum Feature: UInt8, Hashable, Sendable, CaseIterable {
  case agentLogin
  case agentLogout
  /// A break; a digit behind the code is its reason.
  case agentPause
  case agentReady
  case agentEndWrapUp
  /// The digits behind the code say how the latest conversation ended.
  case agentDisposition
  /// Takes the call that rings at the extension whose number follows, or without one at a colleague of the same group.
  case pickup
  /// Calls to one's own extension go to the number that follows the code: all of them, those that find it busy, those that
  /// nobody answers. Off again by the code without a number.
  case forwardAlways
  case forwardBusy
  case forwardNoAnswer
  case doNotDisturb
  case doNotDisturbOff
  /// Where a call is transferred to in order to be parked, at the slot whose number follows or at the first free one.
  case park
  /// The phone of the extension that follows answers by itself.
  case intercom
  /// Rings when the extension that was busy is free: the one that follows, or the one called last.
  case callBack
  case callBackOff

  /// How many digits may follow the code.
  public var argumentDigits: ClosedRange<Int> {
    switch self {
    case .agentLogin, .agentLogout, .agentReady, .agentEndWrapUp: 0...0
    case .agentPause: 0...1
    case .agentDisposition: 1...8
    case .pickup, .park, .callBack: 0...8
    case .forwardAlways, .forwardBusy, .forwardNoAnswer: 0...20
    case .doNotDisturb, .doNotDisturbOff, .callBackOff: 0...0
    case .intercom: 2...8
    }
  }
}

public enum Unavailability: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing in the branch has it and no route takes it.
  case unknownNumber
  /// The origin may not dial numbers of this class.
  case classNotAllowed
  /// It is not a number.
  case notANumber
  /// The origin is not in the configuration (any more).
  case unknownOrigin

  /// For logs.
  public var text: ByteString {
    switch self {
    case .unknownNumber: "unknown number"
    case .classNotAllowed: "number class not allowed"
    case .notANumber: "not a number"
    case .unknownOrigin: "unknown origin"
    }
  }

  /// The SIP status that a caller gets (RFC 3261 §21.4).
  public var status: Int {
    switch self {
    case .unknownNumber, .notANumber: 404
    case .classNotAllowed, .unknownOrigin: 403
    }
  }
}
