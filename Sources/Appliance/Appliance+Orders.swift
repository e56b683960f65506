// Orders of operators: acts go to the distributor as everything does and are answered by what it says; the rest is a
// question. Answers are JSON.

import ACD
import Basics
import BranchConfiguration

extension Appliance {
  mutating func accept(_ order: Order, from client: UInt64, by who: ByteString, at now: Instant) {
    switch order {
    case .act(let act): letters.append(.act(act, by: who, client: client))
    case .reschedule(let id, let interval):
      letters.append(.act(.reschedule(id, to: wall + interval), by: who, client: client))
    case .test(let test):
      accept(test, from: client, by: who, at: now)
    case .custody(let order): accept(order, from: client, by: who, at: now)
    case .why(let name): outputs.append(.answer(client, answer(why: name, at: now)))
    case .upkeep(let upkeep): accept(upkeep, from: client, by: who, at: now)
    }
  }

  /// The first answer after the act was delivered is its own.
  mutating func acted(_ act: ACD.Act, _ refusal: ACD.ActRefusal?, at now: Instant) {
    guard let client = actingClient else { return }
    actingClient = nil
    alarmsAreStale = true
    var json = JSONWriter()
    json.object { json in
      json.outcome(of: ByteString(act.word), act.subject, refusal: refusal.map { ByteString($0.name) })
      if refusal == .outsideHours, case .reschedule(let id, let time) = act,
        let nearest = distributor.nearestTime(to: time, forCallback: id, at: now)
      {
        json.field("nearest", settings.zone.text(nearest))
      }
    }
    outputs.append(.answer(client, json.bytes))
  }

  /// Both where an agent and an item have the name.
  private func answer(why name: ByteString, at now: Instant) -> [UInt8] {
    var lines = distributor.why(agent: name, at: now)
    if let item = name.decimalValue {
      lines += explainCustody(distributor.why(item: UInt64(item), at: now), item: UInt64(item), at: now)
    }
    if lines.isEmpty { lines = [ACD.WhyLine(name, .unknown)] }
    var json = JSONWriter(capacity: 1_024)
    json.array { json in
      for line in lines {
        json.object { json in
          json.field("subject", line.subject)
          json.field("reason", ByteString(line.reason.word))
          switch line.reason.until {
          case .time(let time): json.field("untilUTC", ByteString(time.rfc3339))
          case .seconds(let seconds): json.field("untilSecondsFromNow", seconds)
          case nil: break
          }
          json.field("english", line.english(in: settings.zone, asOf: wall))
          json.field("chinese", line.chinese(in: settings.zone, asOf: wall))
        }
      }
    }
    return json.bytes
  }
}
