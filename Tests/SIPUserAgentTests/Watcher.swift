// A phone that watches a lamp: subscribes with digest, reads NOTIFYs, and keeps the dialogs that they tell of as
// RFC 4235 §3.8 wants it.

import Basics
import SIPMessage

@testable import SIPUserAgent

final class Watcher {
  let world: World
  let box: Int
  let peer: RawPeer
  let user: String
  let number: String
  let callID: String
  private(set) var toTag = ""
  private(set) var sequence = 0
  /// Every NOTIFY that came, repetitions left out.
  private(set) var notifies: [SIPMessage] = []
  /// The latest answers to SUBSCRIBE.
  private(set) var answers: [SIPMessage] = []
  private(set) var dialogs: [String: String] = [:]
  private(set) var lastVersion: Int?
  private(set) var faults: [String] = []
  var event = "dialog"
  var accept = "application/dialog-info+xml"
  var contact: String

  init(_ world: World, _ box: Int, _ peer: RawPeer, user: String = "101", number: String, callID: String = "s1") {
    self.world = world
    self.box = box
    self.peer = peer
    self.user = user
    self.number = number
    self.callID = callID
    contact = "<sip:\(user)@\(peer.endpoint.text)>"
  }

  /// Sends a SUBSCRIBE, answers the challenge, and waits for what comes; false where no challenge came.
  @discardableResult
  func subscribe(expires: Int? = 600, secret: ByteString? = nil, as claimed: String? = nil) -> Bool {
    answers = []
    request(expires, as: claimed, nil)
    listen()
    guard let challenge = answers.last, challenge.status == 401 else { return false }
    answers = []
    let uri = ByteString("sip:\(number)@branch")
    request(
      expires, as: claimed,
      peer.authorization(
        challenge, .subscribe, user: ByteString(user), secret: secret ?? ByteString("secret-\(user)"),
        algorithm: "MD5", uri: uri))
    listen()
    return true
  }

  private func request(_ expires: Int?, as claimed: String?, _ authorization: String?) {
    sequence += 1
    peer.send(
      "SUBSCRIBE", uri: "sip:\(number)@branch", from: claimed ?? user, to: number, fromTag: "f\(callID)", toTag: toTag,
      callID: callID, cseq: sequence,
      headers: [contact.isEmpty ? "" : "Contact: \(contact)", "Event: \(event)", "Accept: \(accept)"].filter {
        $0 != "Event: " && !$0.isEmpty
      } + (expires.map { ["Expires: \($0)"] } ?? []) + (authorization.map { [$0] } ?? []))
  }

  /// Reads what has come.
  func listen(_ time: Interval = .milliseconds(20)) { read(peer.receive(after: time)) }

  func read(_ messages: [SIPMessage]) {
    for message in messages where message.text(.callID) == callID {
      if message.isRequest {
        guard !notifies.contains(where: { $0.cseq.number == message.cseq.number }) else { continue }
        notifies.append(message)
        apply(message)
      } else if message.method == .subscribe {
        answers.append(message)
        if message.status < 300, let tag = message.toTag { toTag = String(decoding: tag, as: UTF8.self) }
      }
    }
  }

  private func apply(_ notify: SIPMessage) {
    let text = String(decoding: notify.body, as: UTF8.self)
    let version = Int(attribute("version", text)) ?? -1
    if version != (lastVersion ?? -1) + 1 { faults.append("version \(version) after \(lastVersion ?? -1)") }
    lastVersion = version
    switch attribute("state", text) {
    case "full": dialogs = [:]
    case "partial": break
    case let other: faults.append("state \(other)")
    }
    let state = text.components("<state>", "</state>")
    let id = attribute("dialog id", text)
    if let old = dialogs[id], Self.rank(state) < Self.rank(old) { faults.append("\(id): \(state) after \(old)") }
    dialogs[id] = state == "terminated" ? nil : state
  }

  private static func rank(_ state: String) -> Int { ["early": 0, "confirmed": 1, "terminated": 2][state] ?? -1 }

  private func attribute(_ name: String, _ text: String) -> String {
    text.dropFirstLine.components("\(name)=\"", "\"")
  }

  func answer(_ notify: SIPMessage, _ status: Int = 200) {
    peer.send(
      """
      SIP/2.0 \(status) X\r
      Via: \(notify.text(.via))\r
      From: \(notify.text(.from))\r
      To: \(notify.text(.to))\r
      Call-ID: \(notify.text(.callID))\r
      CSeq: \(notify.text(.cseq))\r
      Content-Length: 0\r
      \r

      """)
  }

  /// Listens, and answers the newest NOTIFY.
  func confirm(_ time: Interval = .milliseconds(20)) {
    listen(time)
    if let latest = notifies.last { answer(latest) }
    world.run(.milliseconds(10))
  }

  var status: Int { answers.last?.status ?? 0 }
  var state: String {
    notifies.last.map { String(decoding: $0.body, as: UTF8.self) }?.components("<state>", "</state>") ?? ""
  }
  var subscriptionState: String {
    notifies.last?.value(named: "Subscription-State").map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension String {
  /// What stands between the first `start` and the `end` behind it.
  fileprivate func components(_ start: String, _ end: String) -> String {
    guard let from = firstRange(of: start) else { return "" }
    let rest = self[from...]
    guard let to = String(rest).firstStart(of: end) else { return "" }
    return String(rest.prefix(to))
  }
  private func firstRange(of text: String) -> String.Index? {
    guard let offset = firstStart(of: text) else { return nil }
    return index(startIndex, offsetBy: offset + text.count)
  }
  private func firstStart(of text: String) -> Int? {
    let all = Array(self)
    let sought = Array(text)
    guard all.count >= sought.count else { return nil }
    return (0...(all.count - sought.count)).first { Array(all[$0..<($0 + sought.count)]) == sought }
  }
  /// Without the XML declaration, which has a version too.
  fileprivate var dropFirstLine: String {
    split(separator: "\r\n", maxSplits: 1, omittingEmptySubsequences: false).last.map { String($0) } ?? ""
  }
}
