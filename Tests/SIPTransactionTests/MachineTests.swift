import Basics
import Testing

@testable import SIPTransaction

/// The legal steps of a machine; everything else must change nothing and ask for nothing.
private struct Step<State, Event: Hashable> {
  let from: State
  let event: Event
  let to: State
  init(_ from: State, _ event: Event, _ to: State) {
    self.from = from
    self.event = event
    self.to = to
  }
}

private let clientEvents: [ClientEvent] =
  [.provisional, .success, .refusal, .transportFailed] + TimerName.allCases.map(ClientEvent.timer)
private let serverEvents: [ServerEvent] =
  [.retransmission, .acknowledgement, .provisional, .success, .refusal, .transportFailed]
  + TimerName.allCases.map(ServerEvent.timer)

@Suite("The four machines of RFC 3261 §17, every state with every event")
struct MachineTests {
  @Test("INVITE client: the legal steps, and no others")
  func inviteClient() {
    typealias Machine = InviteClientTransaction
    let legal: [Step<Machine.State, ClientEvent>] = [
      Step(.calling, .provisional, .proceeding), Step(.calling, .success, .accepted),
      Step(.calling, .refusal, .completed), Step(.calling, .timer(.a), .calling),
      Step(.calling, .timer(.b), .terminated), Step(.calling, .transportFailed, .terminated),
      Step(.proceeding, .provisional, .proceeding), Step(.proceeding, .success, .accepted),
      Step(.proceeding, .refusal, .completed), Step(.proceeding, .timer(.abandonment), .terminated),
      Step(.accepted, .success, .accepted), Step(.accepted, .timer(.m), .terminated),
      Step(.completed, .refusal, .completed), Step(.completed, .timer(.d), .terminated),
      Step(.completed, .transportFailed, .terminated),
    ]
    let paths: [Machine.State: [ClientEvent]] = [
      .calling: [], .proceeding: [.provisional], .accepted: [.success], .completed: [.refusal],
      .terminated: [.timer(.b)],
    ]
    for state in Machine.State.allCases {
      for event in clientEvents {
        var machine = Machine(isReliable: false)
        for step in paths[state] ?? [] { _ = machine.handle(step) }
        #expect(machine.state == state)
        let effects = machine.handle(event)
        let expected = legal.first { $0.from == state && $0.event == event }
        #expect(machine.state == expected?.to ?? state, "\(state) \(event)")
        #expect((effects == nil) == (expected == nil), "\(state) \(event)")
        #expect((effects?.contains(.end) ?? false) == (expected?.to == .terminated), "\(state) \(event)")
      }
    }
  }

  @Test("Non-INVITE client: the legal steps, and no others")
  func nonInviteClient() {
    typealias Machine = NonInviteClientTransaction
    let legal: [Step<Machine.State, ClientEvent>] = [
      Step(.trying, .provisional, .proceeding), Step(.trying, .success, .completed),
      Step(.trying, .refusal, .completed),
      Step(.trying, .timer(.e), .trying), Step(.trying, .timer(.f), .terminated),
      Step(.trying, .transportFailed, .terminated),
      Step(.proceeding, .provisional, .proceeding), Step(.proceeding, .success, .completed),
      Step(.proceeding, .refusal, .completed), Step(.proceeding, .timer(.e), .proceeding),
      Step(.proceeding, .timer(.f), .terminated), Step(.proceeding, .transportFailed, .terminated),
      Step(.completed, .timer(.k), .terminated),
    ]
    let paths: [Machine.State: [ClientEvent]] = [
      .trying: [], .proceeding: [.provisional], .completed: [.success], .terminated: [.timer(.f)],
    ]
    for state in Machine.State.allCases {
      for event in clientEvents {
        var machine = Machine(isReliable: false)
        for step in paths[state] ?? [] { _ = machine.handle(step) }
        #expect(machine.state == state)
        let effects = machine.handle(event)
        let expected = legal.first { $0.from == state && $0.event == event }
        #expect(machine.state == expected?.to ?? state, "\(state) \(event)")
        #expect((effects == nil) == (expected == nil), "\(state) \(event)")
        #expect((effects?.contains(.end) ?? false) == (expected?.to == .terminated), "\(state) \(event)")
      }
    }
  }

  @Test("INVITE server: the legal steps, and no others")
  func inviteServer() {
    typealias Machine = InviteServerTransaction
    let legal: [Step<Machine.State, ServerEvent>] = [
      Step(.proceeding, .retransmission, .proceeding), Step(.proceeding, .provisional, .proceeding),
      Step(.proceeding, .success, .accepted), Step(.proceeding, .refusal, .completed),
      Step(.accepted, .success, .accepted), Step(.accepted, .acknowledgement, .accepted),
      Step(.accepted, .timer(.l), .terminated),
      Step(.completed, .retransmission, .completed), Step(.completed, .acknowledgement, .confirmed),
      Step(.completed, .timer(.g), .completed), Step(.completed, .timer(.h), .terminated),
      Step(.completed, .transportFailed, .terminated),
      Step(.confirmed, .timer(.i), .terminated),
    ]
    let paths: [Machine.State: [ServerEvent]] = [
      .proceeding: [], .accepted: [.success], .completed: [.refusal], .confirmed: [.refusal, .acknowledgement],
      .terminated: [.refusal, .timer(.h)],
    ]
    for state in Machine.State.allCases {
      for event in serverEvents {
        var machine = Machine(isReliable: false)
        for step in paths[state] ?? [] { _ = machine.handle(step) }
        #expect(machine.state == state)
        let effects = machine.handle(event)
        let expected = legal.first { $0.from == state && $0.event == event }
        #expect(machine.state == expected?.to ?? state, "\(state) \(event)")
        #expect((effects == nil) == (expected == nil), "\(state) \(event)")
        #expect((effects?.contains(.end) ?? false) == (expected?.to == .terminated), "\(state) \(event)")
      }
    }
  }

  @Test("Non-INVITE server: the legal steps, and no others")
  func nonInviteServer() {
    typealias Machine = NonInviteServerTransaction
    let legal: [Step<Machine.State, ServerEvent>] = [
      Step(.trying, .provisional, .proceeding), Step(.trying, .success, .completed),
      Step(.trying, .refusal, .completed),
      Step(.trying, .timer(.lateness), .terminated),
      Step(.proceeding, .provisional, .proceeding), Step(.proceeding, .success, .completed),
      Step(.proceeding, .refusal, .completed), Step(.proceeding, .retransmission, .proceeding),
      Step(.proceeding, .timer(.lateness), .terminated),
      Step(.completed, .retransmission, .completed), Step(.completed, .timer(.j), .terminated),
      Step(.completed, .transportFailed, .terminated),
    ]
    let paths: [Machine.State: [ServerEvent]] = [
      .trying: [], .proceeding: [.provisional], .completed: [.success], .terminated: [.timer(.lateness)],
    ]
    for state in Machine.State.allCases {
      for event in serverEvents {
        var machine = Machine(isReliable: false)
        for step in paths[state] ?? [] { _ = machine.handle(step) }
        #expect(machine.state == state)
        let effects = machine.handle(event)
        let expected = legal.first { $0.from == state && $0.event == event }
        #expect(machine.state == expected?.to ?? state, "\(state) \(event)")
        #expect((effects == nil) == (expected == nil), "\(state) \(event)")
        #expect((effects?.contains(.end) ?? false) == (expected?.to == .terminated), "\(state) \(event)")
      }
    }
  }

  @Test("A machine awaits exactly the timers whose firing it would heed")
  func awaited() {
    var invite = InviteClientTransaction(isReliable: false)
    _ = invite.handle(.provisional)
    for name in TimerName.allCases {
      var copy = invite
      #expect(invite.awaits(name) == (copy.handle(.timer(name)) != nil), "\(name)")
    }
    var server = InviteServerTransaction(isReliable: false)
    for step in [ServerEvent.provisional, .refusal, .acknowledgement, .timer(.i)] {
      for name in TimerName.allCases {
        var copy = server
        #expect(server.awaits(name) == (copy.handle(.timer(name)) != nil), "\(server.state) \(name)")
      }
      _ = server.handle(step)
    }
  }
}

@Suite("KeyedHash")
struct KeyedHashTests {
  @Test("A field is hashed as its bytes are one by one, wherever it begins", arguments: 0...9)
  func fields(offset: Int) {
    for length in 0...40 {
      let field = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ offset) }
      var whole = KeyedHash(secret: (1, 2))
      var single = KeyedHash(secret: (1, 2))
      for byte in 0..<offset {
        whole.absorb(UInt8(byte))
        single.absorb(UInt8(byte))
      }
      whole.absorb(field: field[...])
      for byte in field + [0] { single.absorb(byte) }
      #expect(whole.finish() == single.finish(), "\(length) bytes")
    }
  }

  @Test("It agrees with the reference vectors of SipHash-2-4 with 128 bits")
  func vectors() {
    let secret: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
    let empty = KeyedHash(secret: secret).finish()
    #expect(empty == (0xE6A8_25BA_047F_81A3, 0x9302_55C7_1472_F66D))
    var one = KeyedHash(secret: secret)
    one.absorb(0)
    #expect(one.finish() == (0x44AF_996B_D8C1_87DA, 0x45FC_229B_1159_7634))
  }

  @Test("Fields do not run into each other")
  func fields() {
    var a = KeyedHash(secret: (0, 0))
    a.absorb(field: [1, 2])
    a.absorb(field: [3])
    var b = KeyedHash(secret: (0, 0))
    b.absorb(field: [1])
    b.absorb(field: [2, 3])
    #expect(a.finish() != b.finish())
  }
}
