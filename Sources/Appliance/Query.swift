// What an operator may ask a running box. The answers are JSON; a person's table is made from it by whoever shows it.
// Numbers of customers are masked here, so that no shell can forget to.

import ACD
import Basics
import BranchConfiguration
import CallControl
import Journal
import MediaEngine
import SIPTransaction
import SIPUserAgent

public enum Query: UInt8, Named, Sendable {
  case status
  case phones
  case trunks
  case calls
  case queues
  case agents
  case callbacks
  case waiting
  case alarms
  case audit
  case counters
  case report
  case reportAgents
  case reportIntervals
  case reportAgentIntervals
  /// What the supervisor's page shows, in one answer.
  case overview
  /// Names and places with wrong passwords: for technicians, somebody may have typed one as the name.
  case lockouts
  /// Sources that are not listened to.
  case blocked

  public var name: StaticString {
    switch self {
    case .status: "status"
    case .phones: "phones"
    case .trunks: "trunks"
    case .calls: "calls"
    case .queues: "queues"
    case .agents: "agents"
    case .callbacks: "callbacks"
    case .waiting: "waiting"
    case .alarms: "alarms"
    case .audit: "audit"
    case .counters: "counters"
    case .report: "report"
    case .reportAgents: "report-agents"
    case .reportIntervals: "report-intervals"
    case .reportAgentIntervals: "report-agent-intervals"
    case .overview: "overview"
    case .lockouts: "lockouts"
    case .blocked: "blocked"
    }
  }

  /// Who may ask it.
  var role: Role { self == .lockouts ? .technician : .readOnly }
}

extension Appliance {
  /// With the alarms as they are now.
  mutating func answerAnew(_ query: Query, at now: Instant) -> [UInt8] {
    if query == .alarms || query == .status { lookForAlarms(at: now) }
    return answer(query, at: now)
  }

  func answer(_ query: Query, at now: Instant) -> [UInt8] {
    var json = JSONWriter(capacity: 1024)
    write(query, to: &json, at: now)
    return json.bytes
  }

  private func write(_ query: Query, to json: inout JSONWriter, at now: Instant) {
    switch query {
    case .status: writeStatus(to: &json, at: now)
    case .phones: json.array { json in for phone in agent.registrations(at: now) { write(phone, to: &json) } }
    case .trunks: json.array { json in for trunk in agent.trunkViews { write(trunk, to: &json) } }
    case .calls: json.array { json in for call in calls.views { write(call, to: &json) } }
    case .queues: json.array { json in for queue in distributor.queueViews(at: now) { write(queue, to: &json) } }
    case .agents: json.array { json in for agent in distributor.agentViews(at: now) { write(agent, to: &json) } }
    case .callbacks:
      json.array { json in for callback in distributor.callbackViews(at: now) { write(callback, to: &json) } }
    case .waiting: json.array { json in for call in distributor.callViews(at: now) { write(call, to: &json) } }
    case .alarms: writeAlarms(to: &json, at: now)
    case .audit: json.array { json in for act in audit.acts { write(act, to: &json) } }
    case .counters: writeCounters(to: &json)
    case .report: Report.queues.write(distributor.reports, to: &json, at: wall)
    case .reportAgents: Report.agents.write(distributor.reports, to: &json, at: wall)
    case .reportIntervals: Report.queueIntervals.write(distributor.reports, to: &json, at: wall)
    case .reportAgentIntervals: Report.agentIntervals.write(distributor.reports, to: &json, at: wall)
    case .overview:
      json.object { json in
        for part in [Query.status, .trunks, .queues, .agents, .waiting, .callbacks, .calls] {
          json.key(part.name)
          write(part, to: &json, at: now)
        }
        json.array("streams") { json in for call in calls.views { writeStreams(of: call, to: &json) } }
      }
    case .lockouts:
      json.array { json in for name in operators.lockOuts.blamed { json.object { $0.field("name", name) } } }
    case .blocked: json.array { json in for source in agent.blockedSources(at: now) { write(source, to: &json) } }
    }
  }

  private func writeStatus(to json: inout JSONWriter, at now: Instant) {
    json.object { json in
      json.field("branch", settings.name)
      json.field("revision", Int(revision))
      json.field("uptimeSeconds", (now - (startedAt ?? now)).seconds)
      json.field("clockTrusted", clockIsTrusted)
      json.field("epoch", Int(clamping: custody.epoch.number))
      json.field("custody", ByteString(custody.custody.name))
      json.field("callbacksUnderWay", callbacksUnderWay(at: now))
      json.field("stopping", stopsBy != nil)
      json.field("powerLine", ByteString(power.level.name))
      json.field("brownOut", distributor.isBrownOut)
      json.field("phones", agent.registrations(at: now).count)
      json.field("subscriptions", agent.subscriptionCount)
      json.field("calls", calls.callCount)
      json.field("trunksUp", agent.trunkViews.count { $0.isUp })
      json.field("trunks", agent.trunkViews.count)
      json.field("waiting", distributor.queueViews(at: now).reduce(0) { $0 + $1.callsWaiting })
      json.field("callbacks", distributor.callbackViews(at: now).count)
      json.field("agentsLoggedIn", distributor.agentViews(at: now).count { $0.isLoggedIn })
      json.field("alarms", alarmCount)
    }
  }

  private func write(_ phone: UserAgent.RegistrationView, to json: inout JSONWriter) {
    json.object { json in
      json.field("user", phone.user)
      json.field("contact", phone.contact)
      json.field("source", phone.source.text)
      json.field("transport", ByteString(phone.transport.viaName))
      json.field("userAgent", phone.userAgent)
      json.field("expiresInSeconds", phone.expiresInSeconds)
      json.field("refused", phone.isRefused)
    }
  }

  private func write(_ source: UserAgent.BlockedSource, to json: inout JSONWriter) {
    json.object { json in
      json.field("address", source.address.text)
      json.field("reason", source.isForCredentials ? "wrong-passwords" : "flood")
      json.field("expiresInSeconds", source.seconds)
      json.field("times", source.times)
      json.field("dropped", source.dropped)
    }
  }

  private func write(_ trunk: UserAgent.TrunkView, to json: inout JSONWriter) {
    json.object { json in
      json.field("trunk", trunk.name)
      json.field("up", trunk.isUp)
      json.key("registered")
      if let isRegistered = trunk.isRegistered { json.value(isRegistered) } else { json.null() }
      json.field("lastStatus", trunk.lastStatus)
    }
  }

  private func write(_ call: CallControl.View, to json: inout JSONWriter) {
    json.object { json in
      json.field("call", Int(call.number))
      json.field("from", call.from.masked)
      json.field("to", call.to.masked)
      json.field("destination", call.destination)
      json.field("state", ByteString(call.state))
      json.field("seconds", (wall - call.startedAt).seconds)
      json.field("answered", call.isAnswered)
      // Of both parties together, and of the worse one.
      json.field("lost", call.quality.isEmpty ? nil : call.quality.reduce(0) { $0 + Int($1.packetsLost) })
      json.field("jitterMilliseconds", call.quality.map { $0.jitterMilliseconds }.max())
    }
  }

  private func writeStreams(of call: CallControl.View, to json: inout JSONWriter) {
    for (index, stream) in call.quality.enumerated() {
      json.object { json in
        json.field("call", Int(call.number))
        json.field("party", index == 0 ? "first" : "second")
        json.field("received", Int(stream.packetsReceived))
        json.field("lost", Int(stream.packetsLost))
        json.field("jitterMilliseconds", stream.jitterMilliseconds)
      }
    }
  }

  private func write(_ queue: ACD.QueueView, to json: inout JSONWriter) {
    json.object { json in
      json.field("queue", queue.name)
      json.field("name", queue.displayName)
      json.field("draining", queue.isDraining)
      json.field("waiting", queue.callsWaiting)
      json.field("longestWaitSeconds", queue.longestWait.seconds)
      json.field("callbacksDue", queue.callbacksDue)
      json.field("callbacksOpen", queue.callbacksOpen)
      json.field("agentsLoggedIn", queue.agentsLoggedIn)
      json.field("agentsReady", queue.agentsReady)
      json.field("offered", queue.counts.entered)
      json.field("answered", queue.counts.answered)
      json.field("abandoned", queue.counts.abandoned)
      json.field("overflowed", queue.counts.overflowed)
      json.field("callbacksTaken", queue.counts.callbacksTaken)
      json.field("callbacksDone", queue.counts.callbacksDone)
      json.field("callbacksFailed", queue.counts.callbacksFailed)
      json.field("refused", queue.counts.refused)
      json.field("movedIn", queue.counts.movedIn)
      json.field("movedOut", queue.counts.movedOut)
    }
  }

  private func write(_ agent: ACD.AgentView, to json: inout JSONWriter) {
    json.object { json in
      json.field("agent", agent.extension)
      json.field("name", agent.displayName)
      json.field("state", ByteString(agent.state.name))
      json.field("pauseReason", agent.pauseReason)
      json.field("seconds", agent.inState.seconds)
      json.field("answered", agent.answered)
      json.field("unansweredInARow", agent.unansweredInARow)
      json.array("queues") { json in for queue in agent.queues { json.value(queue) } }
    }
  }

  private func write(_ call: ACD.CallView, to json: inout JSONWriter) {
    json.object { json in
      json.field("item", Int(clamping: call.sequence))
      json.field("call", Int(clamping: call.call.number))
      json.field("queue", call.queue)
      json.field("position", call.position)
      json.field("waitedSeconds", call.waited.seconds)
      json.field("offeredTo", call.offeredTo)
    }
  }

  private func write(_ act: ActFact, to json: inout JSONWriter) {
    json.object { json in
      json.field("at", ByteString(act.at.rfc3339))
      json.field("by", act.by)
      json.field("act", act.act)
      json.field("subject", act.subject)
      json.field("detail", act.detail)
      json.field("done", act.isDone)
    }
  }

  /// Whose it is, where it waits for that.
  private func state(of callback: ACD.CallbackView) -> StaticString {
    let isWaiting = callback.stage == .resting || callback.stage == .due
    return isWaiting && custody.custody != .own ? custody.custody.name : callback.stage.name
  }

  private func write(_ callback: ACD.CallbackView, to json: inout JSONWriter) {
    json.object { json in
      json.field("callback", Int(clamping: callback.fact.id))
      json.field("item", Int(clamping: callback.fact.sequence))
      json.field("queue", callback.fact.queue)
      json.field("number", callback.fact.number.masked)
      json.field("state", ByteString(state(of: callback)))
      json.field("attempts", Int(callback.fact.attempts))
      json.field("lastStatus", Int(callback.fact.lastStatus))
      json.field("waitingSince", ByteString(callback.fact.enqueuedAt.rfc3339))
      json.field("dueInSeconds", callback.dueIn.seconds)
    }
  }
}
