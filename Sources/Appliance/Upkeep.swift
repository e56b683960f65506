// What may be ordered of the box itself: to end, to gather what somebody needs who helps, to forget.

import ACD
import Basics
import BranchConfiguration
import CallControl
import SIPUserAgent

public enum Upkeep: Equatable, Sendable {
  /// - Parameter atOnce: without waiting for calls.
  case shutDown(atOnce: Bool)
  /// A name of its own, or one made of the time.
  case supportBundle(ByteString?)
  case clearCounters
  case clearLog
  /// The phones of an extension: whoever is there registers anew.
  case clearPhone(ByteString)
  case clearCall(UInt64)
  /// Wrong passwords of a name or a place.
  case clearLockOut(ByteString)
  /// What a source has sent that is not listened to.
  case clearBlocked(IPAddress)

  static var requestUsage: StaticString { "request shutdown [now] | request support-bundle [NAME]" }
  static var clearUsage: StaticString {
    "clear counters | clear log | clear phone EXTENSION | clear call NUMBER | clear lockout NAME | clear blocked ADDRESS"
  }
  /// Bytes of a bundle's name.
  private static var nameBytes: Int { 64 }

  /// nil: the words are no such order.
  init?(_ words: [ByteString]) {
    let value = words.count == 3 ? words[2] : nil
    switch (words[0], words.count > 1 ? words[1] : "") {
    case ("request", "shutdown") where value == "now" || words.count == 2: self = .shutDown(atOnce: value != nil)
    case ("request", "support-bundle") where words.count == 2 || value.map(Self.isFileName) == true:
      self = .supportBundle(value)
    case ("clear", "counters") where words.count == 2: self = .clearCounters
    case ("clear", "log") where words.count == 2: self = .clearLog
    case ("clear", "phone"):
      guard let value else { return nil }
      self = .clearPhone(value)
    case ("clear", "call"):
      guard let number = value?.decimalValue else { return nil }
      self = .clearCall(UInt64(number))
    case ("clear", "lockout"):
      guard let value else { return nil }
      self = .clearLockOut(value)
    case ("clear", "blocked"):
      guard let value, let address = IPAddress(value) else { return nil }
      self = .clearBlocked(address)
    default: return nil
    }
  }

  /// Of a file in a directory that is known, and not a hidden one.
  private static func isFileName(_ name: ByteString) -> Bool {
    guard let first = name.bytes.first, first.isASCIILetter || first.isASCIIDigit, name.count <= nameBytes else {
      return false
    }
    return name.bytes.allSatisfy {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: ".")
    }
  }

  var role: Role {
    switch self {
    case .clearCall: .supervisor
    case .shutDown, .supportBundle, .clearCounters, .clearLog, .clearPhone, .clearLockOut, .clearBlocked: .technician
    }
  }

  /// For the audit log and the answer.
  public var act: StaticString {
    switch self {
    case .shutDown: "shutdown"
    case .supportBundle: "support-bundle"
    case .clearCounters, .clearLog, .clearPhone, .clearCall, .clearLockOut, .clearBlocked: "clear"
    }
  }

  public var subject: ByteString {
    switch self {
    case .shutDown(let atOnce): atOnce ? "now" : "after the calls"
    case .supportBundle(let name): name ?? "new"
    case .clearCounters: "counters"
    case .clearLog: "log"
    case .clearPhone(let number): "phone " + number
    case .clearCall(let number): "call " + ByteString(Int(clamping: number))
    case .clearLockOut(let name): "lockout " + name
    case .clearBlocked(let address): "blocked " + address.text
    }
  }
}

extension Appliance {
  mutating func accept(_ upkeep: Upkeep, from client: UInt64, by who: ByteString, at now: Instant) {
    let refusal = refusal(of: upkeep, at: now)
    note(who, ByteString(upkeep.act), upkeep.subject, isDone: refusal == nil)
    if refusal == nil {
      outputs.append(
        .log(LogEntry(.notice, "operator.order", who + ": " + ByteString(upkeep.act) + " " + upkeep.subject)))
    }
    switch upkeep {
    // The rest of it is the shell's, and so is the answer.
    case .supportBundle, .clearLog: return outputs.append(.upkeep(client, upkeep))
    default: outputs.append(.answer(client, upkeep.answer(refusal: refusal)))
    }
    guard refusal == nil else { return }
    switch upkeep {
    case .shutDown(let atOnce):
      shutDown(at: now)
      if atOnce, !isEndingCalls { stopsBy = now }
    case .clearCounters: counterBase = counterSheet.values
    case .clearPhone(let number): letters.append(.agent(.command(.forget(user: number))))
    case .clearCall(let number): letters.append(.calls(.end(number)))
    case .clearLockOut(let name): operators.lockOuts.forgiveAll(name)
    case .clearBlocked(let address): letters.append(.agent(.command(.unblock(address))))
    case .supportBundle, .clearLog: break
    }
  }

  private func refusal(of upkeep: Upkeep, at now: Instant) -> ByteString? {
    switch upkeep {
    case .clearPhone(let number): agent.isReachable(number) ? nil : "not registered"
    case .clearCall(let number): calls.views.contains { $0.number == number } ? nil : "unknown call"
    case .clearLockOut(let name): operators.lockOuts.isBlamed(name) ? nil : "not locked out"
    case .clearBlocked(let address): agent.isBlocked(address, at: now) ? nil : "not blocked"
    case .shutDown, .supportBundle, .clearCounters, .clearLog: nil
    }
  }
}

extension Upkeep {
  /// - Parameter subject: what it came to, where that says more than the order.
  public func answer(refusal: ByteString? = nil, subject: ByteString? = nil, detail: ByteString? = nil) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.outcome(of: ByteString(act), subject ?? self.subject, refusal: refusal)
      if let detail { json.field("detail", detail) }
    }
    return json.bytes
  }
}
