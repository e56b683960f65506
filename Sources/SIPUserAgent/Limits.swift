// Every bound of this module in one place, and what was counted since start.

import Basics

extension UserAgent {
  public enum Limits {
    /// Legs at once; more INVITEs get 503 (`Counters.legsRefused`).
    public static let legs = 512
    /// How late a finished transaction may be forgotten, so that the thread wakes less often.
    public static let timerSlack = Interval.milliseconds(250)
    /// Contacts of one user, whatever the settings say; the one refreshed longest ago makes room
    /// (`Counters.contactsReplaced`).
    public static let contactsPerUser = 8
    /// Nonces whose counts are watched for replays; older ones become stale (`Counters.noncesForgotten`).
    public static let watchedNonces = 4096
    /// How long a nonce may be used.
    public static let nonceLifetime = Interval.minutes(10)
    /// Wrong credentials that one address has in store, and how fast they come back; then it is blocked for `blockTime`,
    /// and twice as long each time (`Counters.blockedSources`), until it was quiet for `blocksForgottenAfter`.
    public static let failuresPerSource = 30
    public static let failureComesBackAfter = Interval.seconds(20)
    public static let blockTime = Interval.seconds(30)
    public static let blockTimeMaximum = Interval.minutes(60)
    public static let blocksForgottenAfter = Interval.minutes(60)
    /// Requests without credentials that one address may make at once, at least, and for each user of the box, as many
    /// may be behind one NAT. A tenth comes back in a second (`Counters.requestsLimited`).
    public static let strangerBurst = 1000
    public static let strangerBurstPerUser = 4
    /// Addresses whose failures are remembered, and those whose requests are; the oldest makes room.
    public static let watchedSources = 1024
    /// 100 to an INVITE, where nothing else was said by then (RFC 3261 §17.2.1 asks for it within 200 ms).
    public static let tryingAfter = Interval.milliseconds(50)
    /// An INVITE of ours without a final answer is cancelled after this (timer C of RFC 3261 §16.6).
    public static let ringTime = Interval.seconds(180)
    /// Dialogs that one INVITE of ours may make, by forking behind us.
    public static let dialogsPerInvite = 8
    /// Reliable provisional answers that wait for the PRACK of one before them; more are left out
    /// (`Counters.provisionalsDropped`).
    public static let reliableAnswersWaiting = 8
    /// The longest time between two refreshes, in seconds, that a 422 may make us take.
    public static let longestSession = 86_400
    /// Answers to challenges per request; the second only if the first nonce was stale.
    public static let credentialsPerRequest = 2
    /// How often an INVITE may be sent again: with credentials, with fresh ones, and for a 422.
    public static let repetitionsPerInvite = 3
    /// Offers repeated after 491.
    public static let glareRetries = 5
    /// Seconds in the Retry-After of a 503 while shutting down or full.
    public static let retryAfterSeconds = 10
    /// No answer to OPTIONS within this is a miss, and the next try.
    public static let qualifyTimeout = Interval.seconds(5)
    /// Misses in a row before a trunk is down.
    public static let qualifyMisses = 2
    /// The first and the longest pause after a failed registration.
    public static let registrationRetry = Interval.seconds(5)
    public static let registrationRetryMaximum = Interval.minutes(5)
    /// Until a trunk whose connection is gone opens another one.
    public static let reconnectPause = Interval.milliseconds(500)
    /// A MESSAGE is one datagram (RFC 3428 §8 allows 1,300 bytes with its headers); a longer text is cut.
    public static let messageBytes = 500
    /// Lamps watched at once, by all phones and by those of one extension; more SUBSCRIBEs get 503
    /// (`Counters.subscriptionsRefused`). Three key modules on a phone have 120 keys.
    public static let subscriptions = 2048
    public static let subscriptionsPerUser = 160
    /// How long one may last, in seconds; shorter wishes get 423, longer ones this maximum (RFC 4235 §3.4).
    public static let subscriptionMinimum = 60
    public static let subscriptionMaximum = 3600
    /// How long call control may take to say what there is to see.
    public static let subscriptionAnswer = Interval.seconds(10)
    /// Between two changes told to one subscription (RFC 4235 §3.10).
    public static let notifyPause = Interval.seconds(1)
    /// How long a phone hears how the call went that it asked for with REFER: longer than any call rings.
    public static let referenceTime = Interval.seconds(200)
    /// NOTIFYs about changes that leave within `notifyInterval`, to all phones; more wait for the next one
    /// (`Counters.notifiesDelayed`): a thousand take 160 ms, of which calls feel nothing.
    public static let notifiesPerInterval = 64
    public static let notifyInterval = Interval.milliseconds(10)
    /// INFO digits that wait for the one before them to be answered.
    public static let queuedDigits = 32
  }

  /// Counted since start.
  public struct Counters: Hashable, Sendable {
    public var registrations: UInt64 = 0
    public var registrationsRefused: UInt64 = 0
    public var contactsReplaced: UInt64 = 0
    public var challenges: UInt64 = 0
    public var staleNonces: UInt64 = 0
    public var failedAuthentications: UInt64 = 0
    public var noncesForgotten: UInt64 = 0
    public var blockedSources: UInt64 = 0
    public var requestsOfBlocked: UInt64 = 0
    /// Without credentials, from a source that had too many of them: not answered.
    public var requestsLimited: UInt64 = 0
    public var legsIn: UInt64 = 0
    public var legsOut: UInt64 = 0
    public var legsRefused: UInt64 = 0
    public var unknownDialogs: UInt64 = 0
    public var outOfOrder: UInt64 = 0
    public var glares: UInt64 = 0
    public var unacknowledged: UInt64 = 0
    public var lateAnswers: UInt64 = 0
    public var provisionalsDropped: UInt64 = 0
    /// Reliable provisional answers of a peer that came again or out of order.
    public var provisionalsIgnored: UInt64 = 0
    /// Reliable provisional answers of ours without a PRACK.
    public var unacknowledgedProvisionals: UInt64 = 0
    /// Calls that ended since nobody refreshed their session.
    public var sessionsExpired: UInt64 = 0
    public var digitsDropped: UInt64 = 0
    public var subscriptions: UInt64 = 0
    public var subscriptionsRefused: UInt64 = 0
    public var subscriptionsReplaced: UInt64 = 0
    public var referrals: UInt64 = 0
    public var notifies: UInt64 = 0
    public var notifiesFailed: UInt64 = 0
    /// Requests too long for a datagram: those that went over a stream, and those that had to go as one all the same.
    public var largeOverStream: UInt64 = 0
    public var largeAsDatagram: UInt64 = 0
    public var notifiesDelayed: UInt64 = 0

    public init() {}
  }
}
