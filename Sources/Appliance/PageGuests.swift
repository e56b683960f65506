// What the process of the supervisor's page may say, which reads what strangers send: whoever takes it over has this and
// nothing more. It speaks for nobody until the password of that person was right, and only the words of one list.

import Basics
import BranchConfiguration

struct PageGuests {
  enum Limits {
    /// Names and places that are logged in: more than the page has sessions and believed scrapers.
    static let people = 32
    /// Without a word for so long somebody has to log in again; the page's own bound is lower.
    static let idle = Interval.minutes(20)
    /// Passwords in a minute: each keeps the storage thread busy for a tenth of a second.
    static let logInsPerMinute = 60
    /// Between two log lines about what the page may not say.
    static let logEvery = Interval.minutes(1)
  }

  /// Of the page's process that runs; the ones before it have nobody's trust.
  private var channel: UInt64 = 0
  /// Longest idle first.
  private var people: [(who: ByteString, seenAt: Instant)] = []
  private var minute = Instant.zero
  private var logIns = 0
  private var loggedAt: Instant?
  // Since the start.
  private(set) var refused = 0
  private(set) var forgotten = 0

  var limitUse: LimitUse { LimitUse("people-at-page", most: Limits.people, used: people.count, hits: forgotten) }

  // MARK: Words

  /// What is asked of the box, with a log-in, or without one for the networks that may read the metrics.
  static var questions: [StaticString] { ["overview", "counters", "process"] }
  /// Each with the number of a callback or of an agent; the role is looked at as for everybody.
  static var acts: [StaticString] {
    ["callback cancel", "callback dial-now", "agent login", "agent logout", "agent pause", "agent ready"]
  }

  static func isQuestion(_ words: [ByteString]) -> Bool {
    words.count == 1 && questions.contains { ByteString($0) == words[0] }
  }
  static func isAct(_ words: [ByteString]) -> Bool {
    words.count == 3 && acts.contains { ByteString($0) == words[0] + " " + words[1] }
      && words[2].bytes.allSatisfy { $0.isASCIIDigit }
  }

  // MARK: People

  /// Whether this channel is listened to. A new one begins with nobody.
  mutating func follows(_ number: UInt64) -> Bool {
    if number > channel {
      channel = number
      people = []
    }
    return number == channel
  }

  /// Whether a password is looked at.
  mutating func mayLogIn(at now: Instant) -> Bool {
    if now - minute >= .minutes(1) { (minute, logIns) = (now, 0) }
    logIns += 1
    return logIns <= Limits.logInsPerMinute
  }

  mutating func admit(_ who: ByteString, by number: UInt64, at now: Instant) {
    guard follows(number) else { return }
    leave(who)
    if people.count == Limits.people {
      people.removeFirst()
      forgotten += 1
    }
    people.append((who, now))
  }

  mutating func knows(_ who: ByteString, at now: Instant) -> Bool {
    people.removeAll { now - $0.seenAt >= Limits.idle }
    guard people.contains(where: { $0.who == who }) else { return false }
    leave(who)
    people.append((who, now))
    return true
  }

  mutating func leave(_ who: ByteString) { people.removeAll { $0.who == who } }

  /// Whether that is to be logged.
  mutating func refuse(at now: Instant) -> Bool {
    refused += 1
    if let loggedAt, now - loggedAt < Limits.logEvery { return false }
    loggedAt = now
    return true
  }
}

extension Appliance {
  mutating func accept(
    _ request: OperatorRequest, of caller: Operators.Caller, _ words: [ByteString], by channel: UInt64, at now: Instant
  ) {
    guard operators.page.follows(channel) else { return refuse(request.client, "page") }
    switch words.first {
    case "login" where words.count == 1: logIn(request, caller, page: channel, at: now)
    case "logout" where words.count == 1:
      operators.page.leave(caller.who)
      outputs.append(.answer(request.client, Array("{\"done\":true}".utf8)))
    default:
      if PageGuests.isQuestion(words), caller.name.isEmpty, let web = settings.web, !web.metricsFrom.isEmpty {
        return perform(words, request, Operators.Caller(name: "", who: caller.who, role: .readOnly), at: now)
      }
      guard PageGuests.isQuestion(words) || PageGuests.isAct(words), operators.page.knows(caller.who, at: now) else {
        return refusePage(request, caller, words.first ?? "", at: now)
      }
      perform(words, request, caller, at: now)
    }
  }

  /// Too many passwords.
  mutating func refuseHurry(_ request: OperatorRequest, _ caller: Operators.Caller, at now: Instant) {
    if operators.page.refuse(at: now) {
      outputs.append(.log(LogEntry(.warning, "page.log-ins", "more passwords in a minute than are looked at")))
    }
    refuseLogin(request.client, caller, wait: .minutes(1))
  }

  /// Not in the audit log: who has taken the process over could fill it.
  private mutating func refusePage(
    _ request: OperatorRequest, _ caller: Operators.Caller, _ word: ByteString, at now: Instant
  ) {
    refuse(request.client, word)
    guard operators.page.refuse(at: now) else { return }
    outputs.append(
      .log(LogEntry(.warning, "page.refused", caller.who + ": " + ByteString(word.bytes.prefix(Self.auditBytes)))))
  }
}
