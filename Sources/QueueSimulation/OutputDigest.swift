// Every output folded into one number (FNV-1a), so that two runs can be compared by a word.

import ACD
import Basics
import Journal

struct OutputDigest {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }
  mutating func add(_ now: Instant) { add(UInt64(bitPattern: now.nanoseconds)) }
  mutating func add(_ text: ByteString) { for byte in text.bytes { add(UInt64(byte)) } }

  mutating func add(_ output: ACD.Output, at now: Instant) {
    add(now)
    switch output {
    case .offer(let offer):
      add(1)
      add(offer.id.number)
      add(offer.extension)
      add(offer.queueName)
      add(offer.callerNumber)
      add(offer.deadline)
    case .withdraw(let id):
      add(2)
      add(id.number)
    case .connect(let call, let id):
      add(3)
      add(call.number)
      add(id.number)
    case .record(let event):
      add(4)
      add(UInt64(event.kind.rawValue))
      add(UInt64(bitPattern: event.at.microseconds))
      add(event.queue)
      add(event.item)
      add(event.agent)
      add(UInt64(bitPattern: event.milliseconds))
      add(event.detail)
    case .persist(let fact, let number, let promise):
      add(promise ? 5 : 6)
      add(number)
      if case .callback(let callback) = fact { add(callback) }
    case .announce(let call, let standing):
      add(7)
      add(call.number)
      add(UInt64(bitPattern: Int64(standing.position)))
      add(UInt64(bitPattern: Int64(standing.waitMinutes ?? -1)))
    case .agentState(let number, let state):
      add(8)
      add(number)
      add(UInt64(state.rawValue))
    case .log(let entry):
      add(9)
      add(entry.text)
    case .entered(let call, let standing):
      add(10)
      add(call.number)
      add(UInt64(bitPattern: Int64(standing.position)))
      add(UInt64(bitPattern: Int64(standing.waitMinutes ?? -1)))
    case .overflow(let call, let reason):
      add(11)
      add(call.number)
      add(UInt64(reason.rawValue))
    case .refusedEntry(let call, let reason):
      add(12)
      add(call.number)
      add(UInt64(reason.rawValue))
    case .releaseAgent(let id, let reason):
      add(13)
      add(id.number)
      add(UInt64(reason.rawValue))
    case .missedOffer(let number, let queue):
      add(14)
      add(number)
      add(queue)
    case .offerCallback(let call, let isUrgent):
      add(isUrgent ? 15 : 16)
      add(call.number)
    // The rare ones.
    default: add(ByteString("\(output)"))
    }
  }

  private mutating func add(_ fact: CallbackFact) {
    add(fact.id)
    add(UInt64(fact.state.rawValue))
    add(fact.sequence)
    add(UInt64(bitPattern: fact.notBefore.microseconds))
    add(fact.number)
    add(fact.leg?.callID ?? "")
  }
}
