// Phones that register: a REGISTER without credentials, the 401, one with them, the 200. Each pair is checked.

import Foundation
import Harness

struct RegisterOutcome {
  var asked = 0
  var registered = 0
  /// How often each other status came.
  var refusals: [Int: Int] = [:]

  var failed: Int { asked - registered }
}

/// All phones behind one socket, each an extension of its own with its own Call-ID and a growing CSeq.
final class RegisterLoad {
  private struct Pair {
    var phone: Int
    var isDone = false
  }
  private let socket: LoopbackSocket
  private let poller: LoopbackPoller
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private var message: [UInt8] = []
  private var pairs: [Pair] = []
  private var outcome = RegisterOutcome()
  /// Part of the Call-IDs: CSeq starts anew with each load, as after a phone's restart.
  private let boot = Int(Nanoseconds.now / 1_000_000)
  private let credentials = PhoneCredentials(request: "REGISTER", uri: "sip:\(BenchedBranch.realm)")

  init(_ socket: LoopbackSocket) throws {
    self.socket = socket
    poller = try LoopbackPoller()
    try poller.add(socket, token: 0)
  }
  deinit { buffer.deallocate() }

  /// Starts `count` pairs at `rate` a second, phone after phone, and waits for the last.
  func run(count: Int, rate: Double) -> RegisterOutcome {
    outcome = RegisterOutcome()
    let base = pairs.count
    let begun = Nanoseconds.now
    var started = 0
    var deadline = begun
    while true {
      let now = Nanoseconds.now
      while started < count, begun + .seconds(Double(started) / rate) <= now {
        pairs.append(Pair(phone: started % BenchedBranch.phoneCount))
        outcome.asked += 1
        write(pair: base + started, answering: nil)
        socket.send(message, to: BenchedBranch.sipPort)
        started += 1
        deadline = now + .seconds(2)
      }
      if started == count, outcome.registered == count || now > deadline { return outcome }
      _ = poller.wait(until: started < count ? begun + .seconds(Double(started) / rate) : deadline)
      while let length = socket.receive(into: buffer) {
        take(ReceivedMessage(bytes: UnsafeRawBufferPointer(rebasing: buffer[..<length])))
      }
    }
  }

  private func take(_ answer: ReceivedMessage) {
    guard answer.isResponse, let start = answer.end(of: "z9hG4bK-r"), let pair = answer.number(at: start),
      pairs.indices.contains(pair), !pairs[pair].isDone
    else { return }
    switch answer.status {
    case 401:
      // Two challenges come, the stronger first; phones in the field take MD5.
      guard let nonce = answer.quoted("nonce=\"") else { return }
      write(pair: pair, answering: nonce)
      socket.send(message, to: BenchedBranch.sipPort)
    case 200 where answer.value("\r\nContact: ") != nil:
      pairs[pair].isDone = true
      outcome.registered += 1
    default:
      pairs[pair].isDone = true
      outcome.refusals[answer.status, default: 0] += 1
    }
  }

  private func write(pair: Int, answering nonce: UnsafeRawBufferPointer?) {
    let phone = pairs[pair].phone
    let user = BenchedBranch.firstExtension + phone
    message.removeAll(keepingCapacity: true)
    message.add("REGISTER sip:branchline SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:")
    message.add(Int(socket.port))
    message.add(";branch=z9hG4bK-r")
    message.add(pair)
    message.add(
      nonce == nil ? "-a;rport\r\nMax-Forwards: 70\r\nFrom: <sip:" : "-b;rport\r\nMax-Forwards: 70\r\nFrom: <sip:")
    message.add(user)
    message.add("@branchline>;tag=bench")
    message.add(pair)
    message.add("\r\nTo: <sip:")
    message.add(user)
    message.add("@branchline>\r\nCall-ID: register-")
    message.add(user)
    message.add("-")
    message.add(boot)
    message.add("@127.0.0.1\r\nCSeq: ")
    message.add(pair * 2 + (nonce == nil ? 1 : 2))
    message.add(" REGISTER\r\nContact: <sip:")
    message.add(user)
    message.add("@127.0.0.1:")
    message.add(Int(socket.port))
    message.add(">\r\nExpires: 3600\r\nUser-Agent: bench phone\r\n")
    if let nonce { credentials.write(of: phone, nonce, to: &message) }
    message.add("Content-Length: 0\r\n\r\n")
  }
}
