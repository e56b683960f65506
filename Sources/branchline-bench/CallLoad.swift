// Calls from the trunk to registered phones, both ends played here. A call has its 14 messages: INVITE, 100, 180, 200, ACK,
// BYE, 200 on the caller's side and the same on the phone's; one that goes by the queue does not ring at the caller's, and
// its agent hangs up. It counts only if every message that matters was seen.
// Nothing is sent again: what a socket loses is a failed call.

import Foundation
import Harness

/// What was seen of a call.
struct CallProgress: OptionSet {
  let rawValue: UInt8
  static let rang = CallProgress(rawValue: 1)
  /// The caller's 200, with a session description.
  static let answered = CallProgress(rawValue: 2)
  static let callerEnded = CallProgress(rawValue: 4)
  /// The phone's INVITE, with a session description.
  static let invited = CallProgress(rawValue: 8)
  static let confirmed = CallProgress(rawValue: 16)
  static let phoneEnded = CallProgress(rawValue: 32)
  static let up: CallProgress = [.rang, .answered, .invited, .confirmed]
  static let whole: CallProgress = [.up, .callerEnded, .phoneEnded]
}

struct CallOutcome {
  var started = 0
  var complete = 0
  /// How often each final status other than 200 came.
  var refusals: [Int: Int] = [:]
  /// How far the last start lagged behind its time.
  var lag: Nanoseconds = 0
  var elapsed: Nanoseconds = 0
  /// From the first start to the end of the last call.
  var drained: Nanoseconds = 0

  var failed: Int { started - complete }
  var failedShare: Double { started == 0 ? 1 : Double(failed) / Double(started) }
  var rate: Double { Double(started) / max(elapsed.inSeconds, 1e-9) }
}

final class CallLoad {
  enum Destination {
    /// One after the other; the caller ends the call.
    case phones
    /// Whichever agent is free; that one ends the call.
    case queue
  }
  struct Call {
    let destination: Destination
    let startedAt = Nanoseconds.now
    /// When the phone got its ACK.
    var confirmedAt: Nanoseconds?
    var progress: CallProgress = []
    /// Where the daemon wants the sound of each side.
    var callerSideMedia: UInt16 = 0
    var phoneSideMedia: UInt16 = 0
    var bye: [UInt8] = []
    var isHungUp = false
  }

  private let caller: LoopbackSocket
  private let phone: LoopbackSocket
  private let poller: LoopbackPoller
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private var message: [UInt8] = []
  private(set) var calls: [Call] = []
  private var complete = 0
  private var refusals: [Int: Int] = [:]
  private let mediaBase: UInt16
  private let hasOwnPorts: Bool
  /// From the answer to the BYE of the one who ends it; negative: until `hangUpAll`.
  var hold: Nanoseconds
  private var talking: [(due: Nanoseconds, call: Int)] = []
  private var nextToEnd = 0
  /// Part of the Call-IDs: no call of an earlier load is met again.
  private let boot = Int(Nanoseconds.now / 1_000_000)

  /// - Parameter mediaBase: the ports of call n are this + 4 n (caller) and 2 more (phone); nil: the same two for all,
  ///   with nobody behind.
  init(caller: LoopbackSocket, phone: LoopbackSocket, hold: Nanoseconds, mediaBase: UInt16? = nil) throws {
    self.caller = caller
    self.phone = phone
    self.hold = hold
    self.mediaBase = mediaBase ?? 29_000
    hasOwnPorts = mediaBase != nil
    poller = try LoopbackPoller()
    try poller.add(caller, token: 0)
    try poller.add(phone, token: 1)
  }
  deinit { buffer.deallocate() }

  // MARK: - Running

  /// Starts `count` calls at `rate` a second and waits until all are complete, or up where they are held; `patience` is
  /// counted from the last start.
  func run(
    count: Int, rate: Double, to destination: Destination = .phones, patience: Nanoseconds = .seconds(3)
  ) -> CallOutcome {
    var outcome = CallOutcome()
    let base = calls.count
    let completeBefore = complete
    refusals = [:]
    let begun = Nanoseconds.now
    var lastStart = begun
    func due(_ index: Int) -> Nanoseconds { begun + .seconds(Double(index) / rate) }
    while true {
      let now = Nanoseconds.now
      while outcome.started < count, due(outcome.started) <= now {
        outcome.lag = now - due(outcome.started)
        start(base + outcome.started, to: destination)
        outcome.started += 1
        lastStart = now
      }
      endDue(at: now)
      outcome.complete = hold < 0 ? calls[base...].count { $0.progress.isSuperset(of: .up) } : complete - completeBefore
      if outcome.started == count, outcome.failed == 0 || now - lastStart > patience { break }
      var wake = outcome.started < count ? due(outcome.started) : now + .milliseconds(5)
      if nextToEnd < talking.count { wake = min(wake, talking[nextToEnd].due) }
      for token in poller.wait(until: wake) { drain(token) }
    }
    outcome.elapsed = lastStart - begun
    outcome.drained = .now - begun
    outcome.refusals = refusals
    return outcome
  }

  /// Ends what is up and waits for the last answer: how many calls were whole.
  func hangUpAll() -> Int {
    for index in calls.indices { hangUp(index) }
    let deadline = Nanoseconds.now + .seconds(3)
    while complete < calls.count, Nanoseconds.now < deadline {
      for token in poller.wait(until: .now + .milliseconds(5)) { drain(token) }
    }
    return complete
  }

  /// Some messages at a time, so that starts keep their times.
  private func drain(_ token: UInt32) {
    let socket = token == 0 ? caller : phone
    for _ in 0..<16 {
      guard let length = socket.receive(into: buffer) else { return }
      let message = ReceivedMessage(bytes: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
      if token == 0 { takeAtCaller(message) } else { takeAtPhone(message) }
    }
  }

  private func endDue(at now: Nanoseconds) {
    while nextToEnd < talking.count, talking[nextToEnd].due <= now {
      hangUp(talking[nextToEnd].call)
      nextToEnd += 1
    }
  }

  private func hangUp(_ index: Int) {
    guard !calls[index].bye.isEmpty, !calls[index].isHungUp else { return }
    calls[index].isHungUp = true
    let socket = calls[index].destination == .queue ? phone : caller
    socket.send(calls[index].bye, to: BenchedBranch.sipPort)
    if hold >= 0 { calls[index].bye = [] }
  }

  private func saw(_ progress: CallProgress, _ index: Int) {
    let before = calls[index].progress
    calls[index].progress.insert(progress)
    if before != .whole, calls[index].progress == .whole { complete += 1 }
  }

  private func media(_ index: Int, ofPhone: Bool) -> Int {
    Int(mediaBase) + (hasOwnPorts ? index * 4 : 0) + (ofPhone ? 2 : 0)
  }

  // MARK: - The caller

  private func start(_ index: Int, to destination: Destination) {
    calls.append(Call(destination: destination))
    message.removeAll(keepingCapacity: true)
    let suffix =
      destination == .queue
      ? BenchedBranch.queueSuffix : BenchedBranch.firstExtension + index % BenchedBranch.phoneCount
    message.add("INVITE sip:0215555")
    message.add(suffix, digits: 4)
    message.add("@127.0.0.1 SIP/2.0\r\n")
    writeHead(index, branch: "-i", method: "INVITE", sequence: 1)
    message.add("To: <sip:0215555")
    message.add(suffix, digits: 4)
    message.add("@127.0.0.1>\r\nContact: <sip:carrier@127.0.0.1:")
    message.add(Int(caller.port))
    message.add(">\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nUser-Agent: bench carrier\r\n")
    writeDescription(port: media(index, ofPhone: false))
    caller.send(message, to: BenchedBranch.sipPort)
  }

  /// Via to CSeq, but To.
  private func writeHead(_ index: Int, branch: StaticString, method: StaticString, sequence: Int) {
    message.add("Via: SIP/2.0/UDP 127.0.0.1:")
    message.add(Int(caller.port))
    message.add(";branch=z9hG4bK-c")
    message.add(index)
    message.add(branch)
    message.add(boot)
    message.add(";rport\r\nMax-Forwards: 70\r\nFrom: <sip:138")
    message.add(index, digits: 8)
    message.add("@127.0.0.1>;tag=caller")
    message.add(index)
    message.add("\r\nCall-ID: ")
    message.add(boot)
    message.add("-")
    message.add(index)
    message.add("@127.0.0.1\r\nCSeq: ")
    message.add(sequence)
    message.add(" ")
    message.add(method)
    message.add("\r\n")
  }

  private func writeDescription(port: Int) {
    var body: [UInt8] = []
    body.add("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ")
    body.add(port)
    body.add(" RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n")
    body.add("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n")
    message.add("Content-Type: application/sdp\r\nContent-Length: ")
    message.add(body.count)
    message.add("\r\n\r\n")
    message += body
  }

  private func takeAtCaller(_ answer: ReceivedMessage) {
    if answer.starts(with: "BYE ") { return callerIsHungUp(answer) }
    guard answer.isResponse, let start = answer.end(of: "z9hG4bK-c"), let index = answer.number(at: start),
      calls.indices.contains(index), answer.end(of: "Call-ID: ").flatMap({ answer.number(at: $0) }) == boot
    else { return }
    let isBye = answer.end(of: "\r\nCSeq: 2 BYE") != nil
    switch (answer.status, isBye) {
    case (100, false): break
    case (101..<200, false): saw(.rang, index)
    case (200..<300, false): answered(answer, index)
    case (200..<300, true): saw(.callerEnded, index)
    default: refusals[answer.status, default: 0] += 1
    }
  }

  private func callerIsHungUp(_ request: ReceivedMessage) {
    guard let start = request.end(of: "\r\nCall-ID: "), request.number(at: start) == boot,
      let separator = request.end(of: "-", from: start), let index = request.number(at: separator),
      calls.indices.contains(index)
    else { return }
    finish(request, by: caller)
    saw(.callerEnded, index)
  }

  /// A 200 that came again gets another ACK, as RFC 3261 §13.2.2.4 wants.
  private func answered(_ answer: ReceivedMessage, _ index: Int) {
    guard let to = answer.value("\r\nTo: "), let contact = answer.end(of: "\r\nContact: <"),
      let port = answer.audioPort,
      port != 0
    else { return }
    let isFirst = !calls[index].progress.contains(.answered)
    let target = answer.text(from: contact, to: UInt8(ascii: ">"))
    write("ACK ", "-a", "ACK", 1, to: to, target: target, index)
    caller.send(message, to: BenchedBranch.sipPort)
    guard isFirst else { return }
    calls[index].callerSideMedia = port
    if calls[index].destination == .queue { return saw([.rang, .answered], index) }
    write("BYE ", "-b", "BYE", 2, to: to, target: target, index)
    calls[index].bye = message
    saw(.answered, index)
    if hold >= 0 { talking.append((due: .now + hold, call: index)) }
  }

  private func write(
    _ request: StaticString, _ branch: StaticString, _ method: StaticString, _ sequence: Int,
    to: UnsafeRawBufferPointer, target: UnsafeRawBufferPointer, _ index: Int
  ) {
    message.removeAll(keepingCapacity: true)
    message.add(request)
    message.add(target)
    message.add(" SIP/2.0\r\n")
    writeHead(index, branch: branch, method: method, sequence: sequence)
    message.add("To: ")
    message.add(to)
    message.add("\r\nContent-Length: 0\r\n\r\n")
  }

  // MARK: - The phones

  /// The caller's number says which call it is.
  private func takeAtPhone(_ request: ReceivedMessage) {
    if request.isResponse { return phoneHasHungUp(request) }
    guard let from = request.end(of: "\r\nFrom: "), let start = request.end(of: "sip:138", from: from),
      let index = request.number(at: start), calls.indices.contains(index)
    else { return }
    if request.starts(with: "INVITE ") {
      guard let port = request.audioPort, port != 0 else { return }
      calls[index].phoneSideMedia = port
      saw(.invited, index)
      if calls[index].destination == .queue { prepareHangUp(of: request, index) }
      reply("SIP/2.0 100 Trying\r\n", to: request, tags: false)
      message.add("Content-Length: 0\r\n\r\n")
      phone.send(message, to: BenchedBranch.sipPort)
      reply("SIP/2.0 180 Ringing\r\n", to: request, tags: true)
      writeContact()
      message.add("Content-Length: 0\r\n\r\n")
      phone.send(message, to: BenchedBranch.sipPort)
      reply("SIP/2.0 200 OK\r\n", to: request, tags: true)
      writeContact()
      writeDescription(port: media(index, ofPhone: true))
      phone.send(message, to: BenchedBranch.sipPort)
    } else if request.starts(with: "ACK ") {
      guard calls[index].confirmedAt == nil else { return }
      calls[index].confirmedAt = .now
      saw(.confirmed, index)
      if calls[index].destination == .queue, hold >= 0 { talking.append((due: .now + hold, call: index)) }
    } else if request.starts(with: "BYE ") {
      saw(.phoneEnded, index)
      finish(request, by: phone)
    }
  }

  /// The BYE of the agent who got this INVITE.
  private func prepareHangUp(of invite: ReceivedMessage, _ index: Int) {
    guard let from = invite.value("\r\nFrom: "), let to = invite.value("\r\nTo: "),
      let id = invite.value("\r\nCall-ID: "), let contact = invite.end(of: "\r\nContact: <")
    else { return }
    message.removeAll(keepingCapacity: true)
    message.add("BYE ")
    message.add(invite.text(from: contact, to: UInt8(ascii: ">")))
    message.add(" SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:")
    message.add(Int(phone.port))
    message.add(";branch=z9hG4bK-p")
    message.add(index)
    message.add("-")
    message.add(boot)
    message.add(";rport\r\nMax-Forwards: 70\r\nFrom: ")
    message.add(to)
    message.add(";tag=phone\r\nTo: ")
    message.add(from)
    message.add("\r\nCall-ID: ")
    message.add(id)
    message.add("\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n")
    calls[index].bye = message
  }

  private func phoneHasHungUp(_ answer: ReceivedMessage) {
    guard let start = answer.end(of: "z9hG4bK-p"), let index = answer.number(at: start), calls.indices.contains(index),
      answer.end(of: "-", from: start).flatMap({ answer.number(at: $0) }) == boot
    else { return }
    if answer.status == 200 { saw(.phoneEnded, index) } else { refusals[answer.status, default: 0] += 1 }
  }

  /// 200 to a BYE.
  private func finish(_ request: ReceivedMessage, by socket: LoopbackSocket) {
    reply("SIP/2.0 200 OK\r\n", to: request, tags: false)
    message.add("Content-Length: 0\r\n\r\n")
    socket.send(message, to: BenchedBranch.sipPort)
  }

  private func writeContact() {
    message.add("Contact: <sip:phone@127.0.0.1:")
    message.add(Int(phone.port))
    message.add(">\r\n")
  }

  /// The status line and what a response repeats.
  private func reply(_ statusLine: StaticString, to request: ReceivedMessage, tags: Bool) {
    message.removeAll(keepingCapacity: true)
    message.add(statusLine)
    request.eachHeaderLine { line in
      let line = ReceivedMessage(bytes: line)
      let isTo = line.starts(with: "To: ")
      guard
        isTo || line.starts(with: "Via: ") || line.starts(with: "From: ") || line.starts(with: "Call-ID: ")
          || line.starts(with: "CSeq: ")
      else { return }
      message.add(line.bytes)
      if isTo && tags { message.add(";tag=phone") }
      message.add("\r\n")
    }
  }
}
