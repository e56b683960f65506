// Phones whose users log in to the queue: a call to the feature code, with credentials, ended as soon as it is answered.

import Foundation
import Harness

final class AgentLogin {
  private static let code = "*45"
  private static let target = "sip:\(code)@127.0.0.1:\(BenchedBranch.sipPort)"

  private let socket: LoopbackSocket
  private let poller: LoopbackPoller
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private let credentials = PhoneCredentials(request: "INVITE", uri: target)
  /// Part of the Call-IDs.
  private let boot = Nanoseconds.now

  init(_ socket: LoopbackSocket) throws {
    self.socket = socket
    poller = try LoopbackPoller()
    try poller.add(socket, token: 0)
  }
  deinit { buffer.deallocate() }

  func logIn(_ phone: Int) throws {
    send("INVITE", phone, sequence: 1, body: description)
    let challenge = try final(of: "INVITE", phone)
    guard challenge.status == 401, let nonce = challenge.quoted("nonce=\""), let to = to(challenge) else {
      throw Failure("\(Self.code) is answered with \(challenge.status) in place of a challenge")
    }
    var authorization: [UInt8] = []
    credentials.write(of: phone, nonce, to: &authorization)
    send("ACK", phone, sequence: 1, to: to)
    send("INVITE", phone, sequence: 2, authorization: String(decoding: authorization, as: UTF8.self), body: description)
    let answer = try final(of: "INVITE", phone)
    guard answer.status == 200, let to = self.to(answer), let contact = answer.end(of: "\r\nContact: <") else {
      throw Failure("phone \(phone) is refused by \(Self.code): \(answer.status)")
    }
    let target = String(decoding: answer.text(from: contact, to: UInt8(ascii: ">")), as: UTF8.self)
    send("ACK", phone, sequence: 2, to: to, target: target)
    send("BYE", phone, sequence: 3, to: to, target: target)
    let end = try final(of: "BYE", phone)
    guard end.status == 200 else { throw Failure("phone \(phone) cannot hang up: \(end.status)") }
  }

  private func to(_ message: ReceivedMessage) -> String? {
    message.value("\r\nTo: ").map { String(decoding: $0, as: UTF8.self) }
  }

  /// Nobody is behind the port.
  private let description = """
    v=0\r
    o=- 1 1 IN IP4 127.0.0.1\r
    s=-\r
    c=IN IP4 127.0.0.1\r
    t=0 0\r
    m=audio 29000 RTP/AVP 0 8\r

    """

  private func send(
    _ method: String, _ phone: Int, sequence: Int, to: String? = nil, target: String = AgentLogin.target,
    authorization: String = "", body: String = ""
  ) {
    let user = BenchedBranch.firstExtension + phone
    let branch = "\(boot)-\(user)-\(method == "BYE" ? "b" : "")\(sequence)"
    let text = """
      \(method) \(target) SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.1:\(socket.port);branch=z9hG4bK-l\(branch);rport\r
      Max-Forwards: 70\r
      From: <sip:\(user)@\(BenchedBranch.realm)>;tag=login\(user)\r
      To: \(to ?? "<\(Self.target)>")\r
      Call-ID: login-\(user)-\(boot)@127.0.0.1\r
      CSeq: \(sequence) \(method)\r
      Contact: <sip:\(user)@127.0.0.1:\(socket.port)>\r
      \(authorization)\(body.isEmpty ? "" : "Content-Type: application/sdp\r\n")Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """
    socket.send(Array(text.utf8), to: BenchedBranch.sipPort)
  }

  /// The final response of this phone's login; valid until the next is awaited.
  private func final(of method: String, _ phone: Int) throws -> ReceivedMessage {
    let deadline = Nanoseconds.now + .seconds(2)
    let id = Array("login-\(BenchedBranch.firstExtension + phone)-\(boot)@".utf8)
    while .now < deadline {
      _ = poller.wait(until: deadline)
      while let length = socket.receive(into: buffer) {
        let message = ReceivedMessage(bytes: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
        guard message.status >= 200, message.value("\r\nCall-ID: ")?.starts(with: id) == true,
          let sequence = message.value("\r\nCSeq: "), sequence.reversed().starts(with: method.utf8.reversed())
        else { continue }
        return message
      }
    }
    throw Failure("phone \(phone): no answer to \(method) for \(Self.code)")
  }
}
