// The people of the demonstration on real sockets: each a phone with its own port and its own sound.

import Basics
import LinuxIO
import MediaEngine
import SIPTransaction
import Simulation

/// One phone, its socket and its media thread.
struct Member {
  var phone: SoftPhone
  let socket: DatagramSocket
  let media: MediaThread
}

struct Crowd {
  private var members: [Member] = []
  private let poller: Poller<UInt64>
  private let prompts: PromptTable
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 8)
  private let startedAt = MonotonicClock.now
  /// How often each was connected, by name.
  private(set) var connections: [ByteString: Int] = [:]

  init(prompts: PromptTable) throws {
    self.prompts = prompts
    poller = try Poller()
  }

  /// - Returns: the member's number for `tell`.
  mutating func add(_ setup: SoftPhone.Setup) throws -> Int {
    let number = members.count
    let socket = try DatagramSocket(bindingTo: setup.own, serviceClass: .signalling, receiveBuffer: 262_144)
    let media = try MediaThread(MediaEngine(prompts: prompts, seed: UInt64(number + 1)))
    try poller.add(socket.descriptor, UInt64(number * 2))
    try poller.add(media.descriptor, UInt64(number * 2 + 1))
    let phone = SoftPhone(setup, entropy: try Entropy.bytes(32), at: MonotonicClock.now)
    members.append(Member(phone: phone, socket: socket, media: media))
    settle(number)
    return number
  }

  mutating func tell(_ number: Int, _ input: SoftPhone.Input) {
    members[number].phone.handle(input, at: MonotonicClock.now)
    settle(number)
  }

  /// Lives until the instant.
  mutating func live(until end: Instant) {
    while MonotonicClock.now < end {
      let now = MonotonicClock.now
      let deadline = members.compactMap { $0.phone.nextDeadline }.min().map { min($0, end) } ?? end
      let count = poller.wait(until: deadline, at: now)
      for index in 0..<count { attend(poller.event(index).token) }
      for number in members.indices {
        if let due = members[number].phone.nextDeadline, due <= MonotonicClock.now { tell(number, .wake) }
      }
    }
  }

  private mutating func attend(_ token: UInt64) {
    let number = Int(token / 2)
    if token % 2 == 1 {
      members[number].media.clear()
      while members[number].media.nextEvent() != nil {}
      return
    }
    while let datagram = members[number].socket.receive(into: buffer) {
      let bytes = Array(buffer[0..<datagram.count])
      tell(number, .transport(.datagram(listener: 0, from: datagram.from, bytes: bytes)))
    }
  }

  private mutating func settle(_ number: Int) {
    while let output = members[number].phone.pollOutput() {
      switch output {
      case .transport(.datagram(_, let to, let bytes)): _ = members[number].socket.send(bytes, to: to)
      case .transport: break
      case .media(let command):
        _ = members[number].media.send(command)
        members[number].media.wake()
      case .story(let story): narrate(members[number].phone.setup.name, story)
      }
    }
  }

  private mutating func narrate(_ name: ByteString, _ story: SoftPhone.Story) {
    let words: String
    switch story {
    case .registered(let isUp): words = isUp ? "has registered" : "is not registered"
    case .rings(_, let from, let caller): words = "rings: \(caller.isEmpty ? from : caller)"
    case .hearsRinging: words = "hears ringing"
    case .talks:
      words = "is connected"
      connections[name, default: 0] += 1
    case .holdAgreed(let isHolding): words = isHolding ? "holds the line" : "is back"
    case .ended(_, let status, _): words = "is done (\(status))"
    }
    say("\(name) \(words)")
  }

  func say(_ text: String) {
    let seconds = (MonotonicClock.now - startedAt).seconds
    print(seconds < 10 ? "  \(seconds) s  \(text)" : seconds < 100 ? " \(seconds) s  \(text)" : "\(seconds) s  \(text)")
  }
}
