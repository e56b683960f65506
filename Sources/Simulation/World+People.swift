// The people, and the network between them and the box.

import Basics
import MediaEngine
import SIPTransaction
import SIPUserAgent

extension World {
  // MARK: What they do, and what is seen of them

  /// A customer whom the box is calling has the hands full.
  public mutating func call(_ person: Int, _ number: ByteString) {
    if people[person].part == .customer {
      guard !auditor.isCalled(people[person].phone.setup.number) else { return }
      auditor.customerCalls(people[person].phone.setup.number, at: now)
    }
    tell(person, .call(number, as: people[person].phone.setup.number))
  }

  public func stories(of person: Int) -> [SoftPhone.Story] { people[person].stories }
  public func isIdle(_ person: Int) -> Bool { people[person].phone.isIdle }
  public func isTalking(_ person: Int) -> Bool { people[person].phone.isTalking }
  /// Keys that reached this person as telephone-events.
  public func digits(heardBy person: Int) -> [UInt8] { people[person].digits }
  /// What this person has heard within the last 200 ms.
  public func sound(heardBy person: Int) -> Sounds.Heard? {
    people[person].heard.flatMap { now - $0.at < .milliseconds(200) ? $0.what : nil }
  }
  /// Whether nobody is in a call.
  public var isQuiet: Bool { people.allSatisfy { $0.phone.isIdle } }

  public mutating func tell(_ person: Int, _ input: SoftPhone.Input) {
    people[person].phone.handle(input, at: now)
    settle(person)
  }

  /// Nothing goes to or comes from that phone any more.
  public mutating func unplug(_ person: Int) { network.unplugged.insert(people[person].phone.setup.own.address) }

  mutating func wake(_ person: Int) {
    if let due = people[person].phone.nextDeadline, due <= now { people[person].phone.handle(.wake, at: now) }
    hear(people[person].media.advance(to: now, on: &network), person)
    settle(person)
  }

  mutating func settle(_ person: Int) {
    let own = people[person].phone.setup.own
    while let output = people[person].phone.pollOutput() {
      switch output {
      case .transport(let output): carry(output, from: person, own: own)
      case .media(let command): hear(people[person].media.handle(command, at: now, on: &network), person)
      case .story(let story): see(story, person)
      }
    }
    reschedule(person)
  }

  private mutating func hear(_ events: [MediaEvent], _ person: Int) {
    for event in events { if case .digit(_, let digit, _) = event { people[person].digits.append(digit) } }
  }

  private mutating func see(_ story: SoftPhone.Story, _ person: Int) {
    people[person].stories.append(story)
    log.append("\(now.nanoseconds / 1_000_000) \(people[person].phone.setup.name): \(story)")
    let number = people[person].phone.setup.number
    switch people[person].part {
    case .carrier:
      auditor.carrierSees(story, disk: storage, at: now)
      if case .rings(let number, _, _) = story { carrierRings(number, person) }
    case .customer: auditor.customerSees(story, number: number, at: now)
    case .phone:
      // Calls between extensions may come at any time, and of calls before a power cut the box knows nothing.
      let callers = people[person].phone.callers.filter { $0.number.count > 4 && $0.since > auditor.powerFailedAt }
      auditor.phoneSees(story, person: person, callers: callers, at: now)
    }
  }

  private mutating func carrierRings(_ number: ByteString, _ carrier: Int) {
    if auditor.isCalling(number) { people[carrier].phone.handle(.busy(number), at: now) }
    if random.chance(percent: cutsPowerAtDialsPercent) { plan(.cutPower, after: .milliseconds(random.below(8_000))) }
  }

  private mutating func hear(_ packet: [UInt8], _ person: Int) {
    guard let heard = Sounds.heard(in: packet) else { return }
    people[person].heard = (heard, now)
    if heard == .prompt(.callbackAccepted), people[person].part == .customer, people[person].phone.isTalking {
      auditor.customerHearsGoodbye(people[person].phone.setup.number, disk: storage, at: now)
    }
  }

  // MARK: The network

  mutating func deliver(_ datagram: VirtualNetwork.Datagram) {
    // Only the box has anything to say to itself.
    if datagram.to.address == Self.boxEndpoint.address || datagram.to.address == .loopbackV4 {
      guard isPowered else { return }
      if let listener = datagramListener(at: datagram.to.port) {
        return tellBox(.transport(.datagram(listener: listener, from: datagram.from, bytes: datagram.bytes)))
      }
      guard !losesSound else { return }
      return tellBox(
        media.receive(datagram.bytes, port: datagram.to.port, from: datagram.from, at: now, on: &network))
    }
    guard let person = people.firstIndex(where: { $0.phone.setup.own.address == datagram.to.address }) else { return }
    guard datagram.to.port != people[person].phone.setup.own.port else {
      return tell(person, .transport(.datagram(listener: 0, from: datagram.from, bytes: datagram.bytes)))
    }
    hear(datagram.bytes, person)
    hear(
      people[person].media.receive(
        datagram.bytes, port: datagram.to.port, from: datagram.from, at: now, on: &network), person)
    reschedule(person)
  }

  mutating func carry(_ output: TransportLayer.Output, from machine: Int, own: Endpoint) {
    switch output {
    case .datagram(_, let to, let bytes): network.send(bytes, from: own, to: to, at: now)
    case .connect(let connection, _, let to, _):
      // A port of its own for each connection.
      let source = Endpoint(own.address, 49_152 + UInt16(truncatingIfNeeded: connection & 0x3FFF))
      streams.connect(.init(machine: machine, connection: connection), from: source, to: listener(at: to), at: now)
    case .write(let connection, let bytes):
      streams.write(bytes, on: .init(machine: machine, connection: connection), at: now)
    case .close(let connection): streams.close(.init(machine: machine, connection: connection), at: now)
    case .message, .failed, .log: break
    }
  }

  private func listener(at endpoint: Endpoint) -> (machine: Int, listener: UInt16)? {
    if endpoint == Self.boxEndpoint {
      guard isPowered else { return nil }
      return streamListener.map { (Self.boxMachine, $0) }
    }
    return people.firstIndex { $0.phone.setup.own == endpoint && $0.phone.setup.transport == .tcp }.map { ($0, 0) }
  }
}
