// One leg: the dialog with a phone or a trunk, from the INVITE until nothing more is expected of the peer. This file is
// its state; what it does stands in the files named Leg+….

import Basics
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

struct Leg {
  //   incoming ──accept──▶ answered ──ACK──▶ established ──BYE──▶ ending ──▶ over
  //   calling ────2xx──────────────────────▶ established
  //   calling ──hang up──▶ cancelling ──487, or 2xx and BYE──▶ ending ──▶ over
  enum Phase: UInt8 {
    /// Their INVITE waits for our final answer.
    case incoming
    /// Our 2xx waits for its ACK.
    case answered
    /// Our INVITEs wait for a final answer.
    case calling
    /// They were told to stop.
    case cancelling
    case established
    /// Reported as ended; a BYE or a fork waits for an answer.
    case ending
  }
  enum Party: Hashable {
    case user(ByteString)
    case trunk(ByteString)
    case itself
  }

  /// A request of theirs that call control has not decided on: the INVITE, a re-INVITE, an UPDATE.
  struct Question {
    var server: TransactionLayer.ServerID
    var request: SIPMessage
  }
  /// A 2xx of ours that waits for its ACK (RFC 3261 §13.3.1.4).
  struct Unacknowledged {
    var server: TransactionLayer.ServerID
    var sequence: UInt32
    var bytes: [UInt8]
    var interval: Interval
  }
  /// Our re-INVITE under way.
  struct OwnOffer {
    var sequence: UInt32
    var branch: ByteString
    var credentialsUsed = 0
    var description: SessionDescription
  }
  /// The ACK to the latest 2xx that we got, for when that comes again.
  struct Acknowledged {
    var sequence: UInt32
    var bytes: [UInt8]
  }

  let id: LegID
  /// Its place in the table; set right after it got one.
  var slot = SlotID(slot: 0, generation: 0)
  var phase: Phase
  var party: Party
  /// How in-dialog requests reach the peer.
  var flow: Flow
  /// The user part of our Contact.
  var contactUser: ByteString
  let localTag: ByteString
  /// nil until our INVITE is answered.
  var dialog: Dialog?
  var session = Session()
  var credentials: Credentials?

  var question: Question?
  var unacknowledged: Unacknowledged?
  var ownOffer: OwnOffer?
  var acknowledged: Acknowledged?
  /// An offer that waits for its turn: another exchange, or the pause after a 491.
  var queuedOffer: SessionDescription?
  var glareCount = 0
  /// A BYE that waits for the ACK to our 2xx (RFC 3261 §15), with its cause.
  var owedBye: Cause?
  var isByePending = false
  /// Digits that wait for the INFO before them.
  var digits = Fifo<UInt8>()
  var isInfoPending = false
  var credentialsUsed = 0

  var reliable = Aside<ReliableAnswers>()
  var inquiry = Aside<Inquiry>()
  /// Provisional answers are made reliable where the peer merely supports it.
  var mayBeReliable = true
  var clock = SessionClock()

  var forks: [Fork] = []
  var reason: Cause?
  /// What `ended` will say of a call that we gave up.
  var givenUpStatus = 487
  /// The best refusal of the forks so far.
  var refusal: UserAgent.Ending?
  var isEndReported = false
  /// A REFER whose outcome is not told yet.
  var reference = Aside<Reference>()

  init(id: LegID, phase: Phase, party: Party, flow: Flow, contactUser: ByteString, localTag: ByteString) {
    self.id = id
    self.phase = phase
    self.party = party
    self.flow = flow
    self.contactUser = contactUser
    self.localTag = localTag
  }

  /// Nothing more is expected: its place can be given away.
  var isOver: Bool {
    isEndReported && !isByePending && owedBye == nil && unacknowledged == nil
      && inquiry.isEmpty && reference.isEmpty && !forks.contains { $0.state != .over }
  }
}

/// Why a request ends something (RFC 3326).
struct Cause {
  var status: Int
  var q850: Int?

  /// The value of the Reason header; nil where there is nothing to say.
  var header: ByteString? {
    var writer = ByteWriter(capacity: 48)
    if let q850 {
      writer.append("Q.850;cause=")
      writer.append(decimal: q850)
    } else if status == 200 {
      writer.append("SIP;cause=200;text=\"Call completed elsewhere\"")
    } else {
      return nil
    }
    return ByteString(writer.bytes)
  }

  /// The Q.850 cause in a message's Reason headers.
  static func q850(of message: SIPMessage) -> Int? {
    for value in message.values(.reason) {
      let parts = value.split(separator: UInt8(ascii: ";"))
      guard let first = parts.first, ByteString(trimmed(first)).equalsIgnoringCase("Q.850") else { continue }
      for part in parts.dropFirst() {
        let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
        guard pair.count == 2, ByteString(trimmed(pair[0])).equalsIgnoringCase("cause") else { continue }
        if let number = Int(decimalDigits: trimmed(pair[1])), number < 128 { return number }
      }
    }
    return nil
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
    return text
  }
}

/// One INVITE of an outgoing leg: to one contact of a user, or to a trunk.
struct Fork {
  enum State: UInt8 {
    /// Nothing heard: a CANCEL must wait (RFC 3261 §9.1).
    case calling
    case proceeding
    /// Final answer, time-out or failure.
    case over
  }
  var state = State.calling
  /// Without a remote tag: what the INVITE and its CANCEL are made of.
  var dialog: Dialog
  var flow: Flow
  var branch: ByteString
  /// The headers between CSeq and the body, which a repetition with credentials needs again.
  var headers: InviteHeaders
  var body: [UInt8]
  var credentialsUsed = 0
  /// How often it was sent again.
  var repetitions = 0
  var isCancelled = false
  var early: [EarlyDialog] = []
  /// Remote tags of dialogs that we acknowledged and ended.
  var declined: [ByteString] = []
}

/// What an INVITE of ours says beside its dialog.
struct InviteHeaders {
  var contact: ByteString
  /// P-Asserted-Identity; empty where the caller's number is withheld.
  var assertedIdentity: ByteString
  var isWithheld: Bool
  var autoAnswer: Bool
  /// The option tags in Supported.
  var extensions: StaticString = Allowed.extensions
  /// Session-Expires in seconds, and Min-SE after a 422; 0: none.
  var sessionExpires = 0
  var minimumExpires = 0
  /// Diversion and X-Queue; empty: the caller comes from no queue.
  var diversion: ByteString = ""
  var queue: ByteString = ""
  /// Who transferred the call here (RFC 3892); empty: nobody.
  var referredBy: ByteString = ""
}
