// A carrier that outlives its peer: it rings, answers and remembers what became of every call, so that a box that dies
// and comes back can be caught calling somebody twice. UDP, no credentials.

import Foundation

public final class Exchange: @unchecked Sendable {
  public struct Call: Sendable {
    public let number: String
    public var invitedAt = Date()
    /// When its answer was acknowledged.
    public var talkedAt: Date?
    /// Of a BYE or CANCEL, or of giving up.
    public var endedAt: Date?
    var answeredAt: Date?
    var sentAt = Date.distantPast
    var head = ""
    var answer: @Sendable (String) -> Void = { _ in }

    public var talked: Double { talkedAt.map { (endedAt ?? Date()).timeIntervalSince($0) } ?? 0 }
  }

  private let socket: RawSocket
  private let address: String
  private let port: Int
  private let ring: Double
  private let lock = NSLock()
  private var byID: [String: Call] = [:]
  private var isStopped = false

  /// - Parameter ring: seconds from the INVITE to the answer.
  public init(address: String, port: Int, ring: Double) throws {
    socket = try RawSocket(.datagrams, from: address, port: port)
    (self.address, self.port, self.ring) = (address, port, ring)
    Thread { self.work() }.start()
  }

  /// In the order in which they came.
  public var calls: [Call] {
    lock.lock()
    defer { lock.unlock() }
    return byID.values.sorted { $0.invitedAt < $1.invitedAt }
  }

  public func stop() {
    lock.lock()
    defer { lock.unlock() }
    isStopped = true
  }

  private func work() {
    while true {
      let message = socket.receiveFrom(seconds: 0.02)
      lock.lock()
      if isStopped { return lock.unlock() }
      if let message { take(message.text, message.answer) }
      answerThoseWhoRang()
      lock.unlock()
    }
  }

  private func take(_ text: String, _ answer: @escaping @Sendable (String) -> Void) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).prefix { !$0.isEmpty }
    guard let id = Self.value("Call-ID:", lines), let words = lines.first?.split(separator: " "), words.count == 3
    else {
      return
    }
    let head = lines.filter { line in
      ["Via:", "From:", "To:", "Call-ID:", "CSeq:"].contains { line.hasPrefix($0) }
    }.joined(separator: "\r\n")
    switch words[0] {
    case "INVITE" where byID[id] == nil:
      let number = words[1].dropFirst(4).prefix { $0 != "@" }
      byID[id] = Call(number: String(number), head: head, answer: answer)
      answer(response("180 Ringing", head))
    case "INVITE":
      break  // A repetition, or a re-INVITE: what was said is said again by itself.
    case "ACK":
      if byID[id]?.answeredAt != nil, byID[id]?.talkedAt == nil { byID[id]?.talkedAt = Date() }
    case "BYE", "CANCEL":
      answer(response(byID[id] == nil ? "481 Call/Transaction Does Not Exist" : "200 OK", head))
      guard let call = byID[id], call.endedAt == nil else { return }
      if words[0] == "CANCEL" {
        // Too late for one that was answered (RFC 3261 §9.2).
        guard call.answeredAt == nil else { return }
        call.answer(response("487 Request Terminated", call.head))
      }
      byID[id]?.endedAt = Date()
    default: answer(response("200 OK", head))
    }
  }

  private func answerThoseWhoRang() {
    for (id, call) in byID where call.endedAt == nil && call.talkedAt == nil {
      guard Date().timeIntervalSince(call.invitedAt) >= ring, Date().timeIntervalSince(call.sentAt) > 0.5 else {
        continue
      }
      byID[id]?.sentAt = Date()
      if call.answeredAt == nil { byID[id]?.answeredAt = Date() }
      let body = """
        v=0\r
        o=- 1 1 IN IP4 \(address)\r
        s=-\r
        c=IN IP4 \(address)\r
        t=0 0\r
        m=audio 18900 RTP/AVP 0 8\r

        """
      call.answer(response("200 OK", call.head, body: body))
    }
  }

  private func response(_ status: String, _ head: String, body: String = "") -> String {
    let tagged = head.split(separator: "\r\n").map { line in
      line.hasPrefix("To:") && !line.contains("tag=") ? line + ";tag=exchange" : String(line)
    }.joined(separator: "\r\n")
    let type = body.isEmpty ? "" : "Content-Type: application/sdp\r\n"
    return "SIP/2.0 \(status)\r\n\(tagged)\r\nContact: <sip:\(address):\(port)>\r\n\(type)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static func value(_ name: String, _ lines: some Sequence<Substring>) -> String? {
    lines.first { $0.hasPrefix(name) }.map { $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces) }
  }
}
