// What each machine says goes to those whom it concerns: the only place that knows who that is.

import ACD
import Basics
import BranchConfiguration
import CallControl
import FlightRecorder
import Journal
import MediaEngine
import SIPTransaction
import SIPUserAgent
import VoiceService

extension Appliance {
  mutating func advance(to now: Instant) {
    agent.advance(to: now)
    // Before its deadline time alone changes nothing in it.
    if let deadline = distributor.nextDeadline, deadline <= now {
      recorder?.hearsTime(now)
      distributor.advance(to: now)
    }
    calls.advance(to: now)
    voice.advance(to: now)
    hours.advance(to: now)
    configurations.advance(to: now)
    advanceTrial(to: now)
    advanceTests(to: now)
    trace.advance(to: now)
  }

  mutating func settle(at now: Instant) {
    var steps = 0
    collect(at: now)
    while let letter = letters.popFirst() {
      deliver(letter, at: now)
      steps += 1
      if steps >= Limits.stepsPerInput {
        return outputs.append(.log(LogEntry(.alarm, "appliance.steps", "the machines did not come to rest")))
      }
    }
  }

  /// Only the machine that has the letter can have something to say then.
  private mutating func deliver(_ letter: Letter, at now: Instant) {
    switch letter {
    case .agent(let input):
      agent.handle(input, at: now)
      collectFromAgent()
    case .calls(let input):
      calls.handle(input, at: now)
      collectFromCalls(at: now)
    case .distributor(let input): tellDistributor(input, at: now)
    case .voice(let input):
      voice.handle(input, at: now)
      collectFromVoice()
    case .act(let act, let who, let client):
      actingClient = client
      tellDistributor(.act(act, by: who), at: now)
    }
  }

  private mutating func tellDistributor(_ input: ACD.Input, at now: Instant) {
    recorder?.hears(input, at: now)
    distributor.handle(input, at: now)
    collectFromDistributor(at: now)
  }

  private mutating func collect(at now: Instant) {
    collectFromAgent()
    collectFromCalls(at: now)
    collectFromDistributor(at: now)
    collectFromVoice()
    collectFromConfigurations()
    while let opening = hours.pollOutput() {
      let spans = opening.openings.map { ACD.OpenSpan(from: $0.lowerBound, until: $0.upperBound) }
      letters.append(.distributor(.timetable(queue: opening.queue, spans)))
      letters.append(
        .distributor(.opening(queue: opening.queue, isOpen: opening.isOpen, closesIn: opening.closesIn)))
    }
  }

  private mutating func collectFromAgent() {
    while let output = agent.pollOutput() { route(output) }
  }

  private mutating func collectFromCalls(at now: Instant) {
    while let output = calls.pollOutput() { route(output, at: now) }
  }

  private mutating func collectFromDistributor(at now: Instant) {
    while let output = distributor.pollOutput() {
      recorder?.says(output)
      route(output, at: now)
    }
  }

  private mutating func collectFromVoice() {
    while let output = voice.pollOutput() { route(output) }
  }

  private mutating func collectFromConfigurations() {
    while let output = configurations.pollOutput() {
      switch output {
      case .answer(let client, let bytes): outputs.append(.answer(client, bytes))
      case .log(let entry): outputs.append(.log(entry))
      case .adopt(let number, var new):
        new.userAgent.keepListenerNumbers(of: settings.userAgent.listeners)
        outputs.append(.configurations(.adopt(number, new)))
      default: outputs.append(.configurations(output))
      }
    }
  }

  private mutating func route(_ output: UserAgent.Output) {
    switch output {
    case .transport(let output):
      if trace.isOn { watch(output) }
      outputs.append(.transport(output))
    case .event(let event): letters.append(.calls(.agent(event)))
    case .persist(let fact): journal.add(fact)
    case .log(let entry): outputs.append(.log(entry))
    }
  }

  private mutating func route(_ output: CallControl.Output, at now: Instant) {
    switch output {
    case .agent(let command): letters.append(.agent(.command(command)))
    case .distributor(let input): letters.append(.distributor(input))
    case .media(let command): outputs.append(.media(command))
    case .voice(let stream, let request): letters.append(.voice(.stream(stream, request)))
    case .persist(let fact): journal.add(fact)
    case .tested(let token, let report): tested(token, report, at: now)
    case .trunkAnswered(let token, let status): trunkAnswered(token, status: status, at: now)
    case .log(let entry): outputs.append(.log(entry))
    }
  }

  private mutating func route(_ output: ACD.Output, at now: Instant) {
    if case .persist(.callback(let fact), _, _) = output, fact.state.isFinal, !fact.recordedName.isEmpty {
      outputs.append(.name(.remove(fact.recordedName)))
    }
    switch output {
    case .persist(let fact, let number, true): journal.add(promise: fact, number: number)
    case .persist(let fact, _, false):
      if case .act(let act) = fact { audit.add(act) }
      journal.add(fact)
    case .acted(let act, _, let refusal) where actingClient != nil: acted(act, refusal, at: now)
    case .record(let event): journal.add(.queueEvent(event))
    case .log(let entry): outputs.append(.log(entry))
    default: letters.append(.calls(.distributor(output)))
    }
  }

  private mutating func route(_ output: VoiceService.Output) {
    switch output {
    case .media(let command): outputs.append(.media(command))
    case .result(let stream, let result): letters.append(.calls(.voice(stream, result)))
    case .name(let file): outputs.append(.name(file))
    }
  }
}
