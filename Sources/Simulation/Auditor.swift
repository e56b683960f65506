// Watches from outside and predicts: it sees what is on the disk, what customers hear and dial, and what rings where. It
// believes nothing that the box says of itself. This file: promises; Auditor+Agents looks after the agents' phones.

import Basics
import Journal

public struct Auditor {
  public enum Limits {
    /// A conversation that long may count as the promise kept, as configured.
    public static let conversation = Interval.seconds(5)
    /// How long it may take until that is on the disk, if the disk works at all.
    public static let noting = Interval.seconds(2)
    /// How long after a power cut a call of the run before may live on, if the disk knows it.
    public static let orphan = Interval.seconds(12)
    /// How long two calls may overlap on an agent's phone: a BYE may be lost a few times.
    public static let overlap = Interval.seconds(8)
    /// How long a phone may go on ringing for a caller who has hung up.
    public static let afterAbandon = Interval.seconds(12)
  }

  /// What must never happen, with the instant when it did.
  public internal(set) var violations: [String] = []
  /// Everything seen, folded into one number (FNV-1a).
  public private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  /// Calls in which a customer heard that the promise is made.
  public private(set) var goodbyes = 0
  public private(set) var customersRung = 0
  /// Customers called back who spoke with somebody long enough.
  public private(set) var conversations = 0

  /// A call from the box to a customer.
  struct Dial {
    /// The record that it is for.
    var record: UInt64?
    var talkingSince: Instant?
    /// Since when the box must end it: it stems from before a power cut.
    var orphanSince: Instant?
  }

  struct Customer {
    /// The call that the customer is making.
    var callingSince: Instant?
    var endedAt = Instant.zero
    /// Those that ring or talk.
    var dials: [Dial] = []
    /// The latest goodbye, and whether what was promised has happened since.
    var promisedAt: Instant?
    var refusedSince = 0
  }

  var customers: [ByteString: Customer] = [:]
  /// Records after whose conversation nobody may be called again.
  private var kept: Set<UInt64> = []
  private var diskHasFailed = false
  var phones: [Int: Phone] = [:]
  /// Numbers of calls that were seen, and in which run of the box.
  var callNumbers: [UInt64: Int] = [:]
  var powerFailedAt = Instant.zero
  var isPowered = true
  private var poweredSince = Instant.zero

  public init() {}

  /// Carriers and the number plan write one subscriber in several ways: the last eleven digits are the same.
  static func subscriber(_ number: ByteString) -> ByteString { ByteString(number.bytes.suffix(11)) }

  mutating func note(_ text: String) {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  mutating func blame(_ text: String, at now: Instant) {
    violations.append("\(now.nanoseconds / 1_000_000) ms: \(text)")
  }

  // MARK: Power and disk

  mutating func powerFailed(at now: Instant) {
    note("power cut \(now.nanoseconds)")
    powerFailedAt = now
    isPowered = false
    // What is said now, nobody hears.
    for number in customers.keys.sorted() {
      for index in customers[number]?.dials.indices ?? 0..<0 {
        if let dial = customers[number]?.dials[index] { judge(dial, of: number, at: now) }
        customers[number]?.dials[index].orphanSince = nil
      }
    }
    for phone in phones.values { judgeLive(phone.talking, at: now) }
    phones = [:]
  }

  /// Calls of the run before are ended, as far as the disk knows of them: one that was answered in the moment before its
  /// tag could be written cannot be.
  mutating func powerReturned(_ disk: SimulatedStorage, at now: Instant) {
    isPowered = true
    poweredSince = now
    for number in customers.keys.sorted() {
      for index in customers[number]?.dials.indices ?? 0..<0 {
        guard let dial = customers[number]?.dials[index], let leg = dial.record.flatMap({ disk.callbacks[$0]?.leg }),
          dial.talkingSince.map({ $0 > powerFailedAt }) ?? true || !leg.remoteTag.isEmpty
        else { continue }
        customers[number]?.dials[index].orphanSince = now
      }
    }
  }

  mutating func disk(isFull: Bool) { if isFull { diskHasFailed = true } }

  // MARK: Customers who call

  mutating func customerCalls(_ number: ByteString, at now: Instant) {
    customers[Self.subscriber(number), default: Customer()].callingSince = now
  }

  func isCalling(_ number: ByteString) -> Bool { customers[Self.subscriber(number)]?.callingSince != nil }
  func isCalled(_ number: ByteString) -> Bool { customers[Self.subscriber(number)]?.dials.isEmpty == false }

  mutating func customerSees(_ story: SoftPhone.Story, number: ByteString, at now: Instant) {
    note("\(now.nanoseconds) \(number) \(story)")
    guard case .ended = story else { return }
    customers[Self.subscriber(number)]?.callingSince = nil
    customers[Self.subscriber(number)]?.endedAt = now
  }

  /// Rule: a promise is on the disk before "goodbye".
  mutating func customerHearsGoodbye(_ number: ByteString, disk: SimulatedStorage, at now: Instant) {
    let subscriber = Self.subscriber(number)
    guard let customer = customers[subscriber], let began = customer.callingSince,
      customer.promisedAt.map({ $0 < began }) ?? true
    else { return }
    goodbyes += 1
    note("goodbye \(number) \(now.nanoseconds)")
    customers[subscriber]?.promisedAt = now
    customers[subscriber]?.refusedSince = 0
    if disk.written(callbackTo: subscriber).map({ $0 < began }) ?? true {
      blame("\(number) hears goodbye, and the promise is not on the disk", at: now)
    }
  }

  // MARK: Customers who are called

  /// Rules: one dial in flight for a number; a dial only for a promise that is on the disk as dialling; none after the
  /// conversation.
  mutating func carrierSees(_ story: SoftPhone.Story, disk: SimulatedStorage, at now: Instant) {
    note("\(now.nanoseconds) \(story)")
    switch story {
    case .rings(let number, _, _): rings(number, disk, at: now)
    case .talks(let number):
      guard isCalled(number) else { return }
      customers[Self.subscriber(number)]?.dials[0].talkingSince = now
    case .ended(let number, _, let wasAnswered):
      let subscriber = Self.subscriber(number)
      guard let dial = customers[subscriber]?.dials.first else { return }
      customers[subscriber]?.dials.removeFirst()
      if !wasAnswered { customers[subscriber]?.refusedSince += 1 }
      if let since = dial.orphanSince, now - since > Limits.orphan {
        blame("the call to \(number) from before the power cut lived \((now - since).seconds) s too long", at: now)
      }
      if isPowered { judge(dial, of: subscriber, at: now) }
    case .hearsRinging, .registered, .holdAgreed: break
    }
  }

  private mutating func rings(_ number: ByteString, _ disk: SimulatedStorage, at now: Instant) {
    let subscriber = Self.subscriber(number)
    // Whoever never called is no customer of the queue: an extension dials out.
    guard customers[subscriber] != nil else { return }
    customersRung += 1
    let records = disk.callbacks.keys.sorted().filter { id in
      disk.callbacks[id].map { $0.state == .dialling && Self.subscriber($0.number) == subscriber } ?? false
    }
    if records.isEmpty { blame("a dial to \(number) that the disk does not know", at: now) }
    if isCalled(number) { blame("two dials to \(number) at once", at: now) }
    if let again = records.first(where: { kept.contains($0) }) {
      blame("\(number) is called again for callback \(again) after the conversation", at: now)
    }
    customers[subscriber]?.dials.append(Dial(record: records.first))
  }

  /// Whether that was a conversation, within one run of the box.
  private mutating func judge(_ dial: Dial, of subscriber: ByteString, at now: Instant) {
    guard let since = dial.talkingSince, since > poweredSince, dial.orphanSince == nil,
      now - since >= Limits.conversation
    else { return }
    conversations += 1
    if customers[subscriber]?.promisedAt.map({ $0 < since }) == true { customers[subscriber]?.promisedAt = nil }
    guard !diskHasFailed, now - since >= Limits.conversation + Limits.noting, let record = dial.record else { return }
    kept.insert(record)
  }

  // MARK: The end

  /// What is still promised, or was used twice, when everything has had time to be kept.
  public func unkept(on disk: SimulatedStorage) -> [String] {
    var found = disk.numbersUsedTwice.map { "\($0) was used twice" }
    for id in disk.callbacks.keys.sorted() {
      guard let callback = disk.callbacks[id], !callback.state.isFinal else { continue }
      found.append("callback \(id) to \(callback.number) is still \(callback.state) at the end")
    }
    for number in customers.keys.sorted() {
      guard let customer = customers[number], let promised = customer.promisedAt, customer.refusedSince == 0 else {
        continue
      }
      found.append("\(number) was promised at \(promised.nanoseconds / 1_000_000) ms and was never called")
    }
    return found
  }
}
