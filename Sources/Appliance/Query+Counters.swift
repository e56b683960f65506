// The counters of all machines, since start: what was done, and above all what was refused and which limit was hit.

import ACD
import Basics
import CallControl
import FlightRecorder
import SIPTransaction
import SIPUserAgent
import VoiceService

extension Appliance {
  func writeCounters(to json: inout JSONWriter) {
    json.object { json in
      json.field("calls", Int(calls.counters.calls))
      json.field("answered", Int(calls.counters.answered))
      json.field("refusedAtLimit", Int(calls.counters.refusedAtLimit))
      json.field("withoutPort", Int(calls.counters.withoutPort))
      json.field("portsTaken", Int(calls.counters.portsTaken))
      json.field("trunkFull", Int(calls.counters.trunkFull))
      json.field("legsLost", Int(calls.counters.legsLost))
      json.field("namesRefused", Int(voice.namesRefused))
      json.field("streams", calls.streamCount)
      json.field("journalWaiting", journal.waitingCount)
      json.field("refusedPromises", Int(journal.refused))
      json.object("signalling") { write(agent.counters, agent.transportCounters, to: &$0) }
      json.object("queueing") { write(distributor.counters, to: &$0) }
      if let recorder { json.object("recorder") { write(recorder.counters, to: &$0) } }
    }
  }

  private func write(
    _ counters: UserAgent.Counters, _ transport: TransportLayer.Counters, to json: inout JSONWriter
  ) {
    json.field("legs", agent.legCount)
    json.field("legsIn", Int(counters.legsIn))
    json.field("legsOut", Int(counters.legsOut))
    json.field("legsRefused", Int(counters.legsRefused))
    json.field("registrations", Int(counters.registrations))
    json.field("registrationsRefused", Int(counters.registrationsRefused))
    json.field("contactsReplaced", Int(counters.contactsReplaced))
    json.field("challenges", Int(counters.challenges))
    json.field("failedAuthentications", Int(counters.failedAuthentications))
    json.field("blockedSources", Int(counters.blockedSources))
    json.field("requestsOfBlocked", Int(counters.requestsOfBlocked))
    json.field("noncesForgotten", Int(counters.noncesForgotten))
    json.field("unknownDialogs", Int(counters.unknownDialogs))
    json.field("unacknowledged", Int(counters.unacknowledged))
    json.field("lateAnswers", Int(counters.lateAnswers))
    json.field("glares", Int(counters.glares))
    json.field("digitsDropped", Int(counters.digitsDropped))
    json.field("subscriptions", Int(counters.subscriptions))
    json.field("subscriptionsRefused", Int(counters.subscriptionsRefused))
    json.field("subscriptionsReplaced", Int(counters.subscriptionsReplaced))
    json.field("notifies", Int(counters.notifies))
    json.field("notifiesFailed", Int(counters.notifiesFailed))
    json.field("malformed", Int(transport.malformed))
    json.field("connectionsAccepted", Int(transport.connectionsAccepted))
    json.field("connectionsRefused", Int(transport.connectionsRefused))
    json.field("connectionsExpired", Int(transport.connectionsExpired))
    json.field("connectionsHostile", Int(transport.connectionsHostile))
    json.field("sendsRefused", Int(transport.sendsRefused))
  }

  private func write(_ counters: FlightRecorder.Counters, to json: inout JSONWriter) {
    json.field("records", counters.records)
    json.field("recordedBytes", counters.bytes)
    json.field("missed", counters.missed)
    json.field("segments", counters.segments)
    json.field("checkpointBytes", counters.checkpointBytes)
  }

  private func write(_ counters: ACD.Counters, to json: inout JSONWriter) {
    json.field("offers", counters.offers)
    json.field("offersUnanswered", counters.offersUnanswered)
    json.field("offersRefused", counters.offersRefused)
    json.field("offersWithdrawn", counters.offersWithdrawn)
    json.field("acceptedTooLate", counters.acceptedTooLate)
    json.field("attempts", counters.attempts)
    json.field("attemptsFailed", counters.attemptsFailed)
    json.field("callbacksRequested", counters.callbacksRequested)
    json.field("callbacksRefused", counters.callbacksRefused)
    json.field("persistFailures", counters.persistFailures)
    json.field("durableTooLate", counters.durableTooLate)
    json.field("callLimitHit", counters.callLimitHit)
    json.field("callbackLimitHit", counters.callbackLimitHit)
    json.field("unwrittenLimitHit", counters.unwrittenLimitHit)
    json.field("actsRefused", counters.actsRefused)
    json.field("staleInputs", counters.staleInputs)
    json.field("overtakes", counters.overtakes)
  }
}
