// The counters of all machines, since start: what was done, and above all what was refused and which limit was hit.

import ACD
import Basics
import CallControl
import FlightRecorder
import SIPTransaction
import SIPUserAgent
import VoiceService

extension Appliance {
  func writeCounters(to json: inout JSONWriter) { counterSheet.write(to: &json, since: counterBase) }

  /// All of them, in an order that does not change while the program runs.
  var counterSheet: CounterSheet {
    var sheet = CounterSheet()
    sheet.add("calls", Int(calls.counters.calls))
    sheet.add("answered", Int(calls.counters.answered))
    sheet.add("refusedAtLimit", Int(calls.counters.refusedAtLimit))
    sheet.add("withoutPort", Int(calls.counters.withoutPort))
    sheet.add("portsTaken", Int(calls.counters.portsTaken))
    sheet.add("trunkFull", Int(calls.counters.trunkFull))
    sheet.add("legsLost", Int(calls.counters.legsLost))
    sheet.add("testsRefused", Int(calls.counters.testsRefused))
    sheet.add("namesRefused", Int(voice.namesRefused))
    sheet.add("tracedMessagesDropped", Int(clamping: trace.dropped))
    sheet.add("streams", calls.streamCount, isCount: false)
    sheet.add("journalWaiting", journal.waitingCount, isCount: false)
    sheet.add("refusedPromises", Int(journal.refused))
    sheet.beginGroup("signalling")
    add(agent.counters, agent.transportCounters, to: &sheet)
    sheet.beginGroup("queueing")
    add(distributor.counters, to: &sheet)
    guard let recorder else { return sheet }
    sheet.beginGroup("recorder")
    add(recorder.counters, to: &sheet)
    return sheet
  }

  private func add(
    _ counters: UserAgent.Counters, _ transport: TransportLayer.Counters, to sheet: inout CounterSheet
  ) {
    sheet.add("legs", agent.legCount, isCount: false)
    sheet.add("legsIn", Int(counters.legsIn))
    sheet.add("legsOut", Int(counters.legsOut))
    sheet.add("legsRefused", Int(counters.legsRefused))
    sheet.add("registrations", Int(counters.registrations))
    sheet.add("registrationsRefused", Int(counters.registrationsRefused))
    sheet.add("contactsReplaced", Int(counters.contactsReplaced))
    sheet.add("challenges", Int(counters.challenges))
    sheet.add("failedAuthentications", Int(counters.failedAuthentications))
    sheet.add("blockedSources", Int(counters.blockedSources))
    sheet.add("requestsOfBlocked", Int(counters.requestsOfBlocked))
    sheet.add("noncesForgotten", Int(counters.noncesForgotten))
    sheet.add("unknownDialogs", Int(counters.unknownDialogs))
    sheet.add("unacknowledged", Int(counters.unacknowledged))
    sheet.add("lateAnswers", Int(counters.lateAnswers))
    sheet.add("glares", Int(counters.glares))
    sheet.add("digitsDropped", Int(counters.digitsDropped))
    sheet.add("subscriptions", Int(counters.subscriptions))
    sheet.add("subscriptionsRefused", Int(counters.subscriptionsRefused))
    sheet.add("subscriptionsReplaced", Int(counters.subscriptionsReplaced))
    sheet.add("notifies", Int(counters.notifies))
    sheet.add("notifiesFailed", Int(counters.notifiesFailed))
    sheet.add("notifiesDelayed", Int(counters.notifiesDelayed))
    sheet.add("malformed", Int(transport.malformed))
    sheet.add("connectionsAccepted", Int(transport.connectionsAccepted))
    sheet.add("connectionsRefused", Int(transport.connectionsRefused))
    sheet.add("connectionsExpired", Int(transport.connectionsExpired))
    sheet.add("connectionsHostile", Int(transport.connectionsHostile))
    sheet.add("sendsRefused", Int(transport.sendsRefused))
  }

  private func add(_ counters: FlightRecorder.Counters, to sheet: inout CounterSheet) {
    sheet.add("records", counters.records)
    sheet.add("recordedBytes", counters.bytes)
    sheet.add("missed", counters.missed)
    sheet.add("segments", counters.segments, isCount: false)
    sheet.add("checkpointBytes", counters.checkpointBytes, isCount: false)
  }

  private func add(_ counters: ACD.Counters, to sheet: inout CounterSheet) {
    sheet.add("offers", counters.offers)
    sheet.add("offersUnanswered", counters.offersUnanswered)
    sheet.add("offersRefused", counters.offersRefused)
    sheet.add("offersWithdrawn", counters.offersWithdrawn)
    sheet.add("acceptedTooLate", counters.acceptedTooLate)
    sheet.add("attempts", counters.attempts)
    sheet.add("attemptsFailed", counters.attemptsFailed)
    sheet.add("callbacksRequested", counters.callbacksRequested)
    sheet.add("callbacksRefused", counters.callbacksRefused)
    sheet.add("persistFailures", counters.persistFailures)
    sheet.add("durableTooLate", counters.durableTooLate)
    sheet.add("callLimitHit", counters.callLimitHit)
    sheet.add("callbackLimitHit", counters.callbackLimitHit)
    sheet.add("unwrittenLimitHit", counters.unwrittenLimitHit)
    sheet.add("actsRefused", counters.actsRefused)
    sheet.add("staleInputs", counters.staleInputs)
    sheet.add("overtakes", counters.overtakes)
  }
}
