// The bounds of the SIP side, for whoever asks: how much there may be, how much there is, what was hit.

import Basics
import SIPTransaction

extension UserAgent {
  public var limitUses: [LimitUse] {
    let (own, transport, transactions) = (counters, transportCounters, transactionCounters)
    return [
      LimitUse("legs", most: Limits.legs, used: legs.count, hits: Int(clamping: own.legsRefused)),
      LimitUse(
        "server-transactions", most: wire.transactions.limits.maxServerTransactions,
        used: wire.transactions.serverCount, hits: Int(clamping: transactions.requestsRefused)),
      LimitUse(
        "client-transactions", most: wire.transactions.limits.maxClientTransactions,
        used: wire.transactions.clientCount, hits: Int(clamping: transactions.sendsRefused)),
      LimitUse(
        "connections", most: wire.transport.limits.maxConnections, used: wire.transport.connectionCount,
        hits: Int(clamping: transport.connectionsRefused)),
      LimitUse("connections-of-source", most: wire.transport.limits.maxConnectionsPerSource),
      LimitUse(
        "bytes-for-connection", most: wire.transport.limits.maxPendingBytes, hits: Int(clamping: transport.sendsRefused)
      ),
      LimitUse(
        "error-answers-a-second", most: wire.transport.limits.maxErrorAnswersPerSecond,
        hits: Int(clamping: transport.malformedUnanswered)),
      LimitUse(
        "malformed-on-connection", most: wire.transport.limits.maxMalformedPerConnection,
        hits: Int(clamping: transport.connectionsHostile)),
      LimitUse(
        "phones-of-extension", most: Limits.contactsPerUser,
        used: registrar.records.reduce(0) { max($0, $1.bindings.count) }, hits: Int(clamping: own.contactsReplaced)),
      LimitUse(
        "subscriptions", most: Limits.subscriptions, used: subscriptions.count,
        hits: Int(clamping: own.subscriptionsRefused)),
      LimitUse("subscriptions-of-extension", most: Limits.subscriptionsPerUser, used: subscriptions.mostOfOneUser),
      LimitUse(
        "watched-nonces", most: Limits.watchedNonces, used: digest.nonceCount, hits: Int(clamping: own.noncesForgotten)),
      LimitUse(
        "watched-sources", most: Limits.watchedSources, used: sourceGuard.count, hits: sourceGuard.forgotten),
      LimitUse("requests-of-stranger", most: sourceGuard.burst, hits: Int(clamping: own.requestsLimited)),
      LimitUse("wrong-credentials-of-source", most: Limits.failuresPerSource, hits: Int(clamping: own.blockedSources)),
      LimitUse("digits-of-leg", most: Limits.queuedDigits, hits: Int(clamping: own.digitsDropped)),
    ]
  }
}
