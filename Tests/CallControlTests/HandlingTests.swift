import Basics
import CallControl
import Dialplan
import Journal
import SIPUserAgent
import Testing

@Suite("Forwards, do not disturb, groups")
struct HandlingTests {
  private func exchange(
    of number: ByteString = "102", _ change: @escaping (inout CallControl.Handling) -> Void
  ) -> Exchange {
    Exchange { settings in
      var handling = CallControl.Handling()
      change(&handling)
      settings.handling[number] = handling
    }
  }
  private func invites(_ exchange: inout Exchange) -> [String] {
    exchange.take().filter { $0.hasPrefix("invite") || $0.hasPrefix("hang up") || $0.hasPrefix("progress") }
  }

  @Test("§2.7 forward always: the phone does not ring, the caller hears 181")
  func always() {
    var exchange = exchange { $0.forwardAlways = "103" }
    exchange.incoming(2, to: "102")
    #expect(invites(&exchange) == ["progress 2 181", "invite 3 phone 103 from 101"])
  }

  @Test("§2.8 forward busy: to an outside number, by the rights of whoever forwards")
  func busy() {
    var exchange = exchange { $0.forwardBusy = "013900000001" }
    exchange.incoming(2, to: "102")
    exchange.ended(3, 486)
    #expect(
      invites(&exchange) == [
        "invite 3 phone 102 from 101", "progress 2 181", "invite 5 carrier 013900000001 from 02155550000",
      ])
    exchange.accepted(5)
    #expect(exchange.take().contains("accept 2 PCMU"))
  }

  @Test("§2.9 forward on no answer, after the extension's own time; also where no phone is registered")
  func noAnswer() {
    var exchange = exchange {
      $0.forwardNoAnswer = "103"
      $0.ringTime = .seconds(15)
    }
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.wait(.milliseconds(14_999))
    #expect(exchange.take() == [])
    exchange.wait(.milliseconds(1))
    #expect(invites(&exchange) == ["hang up 3 408", "progress 2 181", "invite 5 phone 103 from 101"])
    exchange.ended(3, 487, byRemote: false)
    exchange.accepted(5)
    exchange.ended(2)
    exchange.ended(5, byRemote: false)
    #expect(exchange.records.map(\.destination) == ["extension 103"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
    exchange.incoming(4, to: "102")
    _ = exchange.take()
    exchange.ended(7, 480, byRemote: false)
    #expect(invites(&exchange).last == "invite 9 phone 103 from 101")
  }

  @Test("a circle of forwards is cut with 482, and counted")
  func circle() {
    var exchange = Exchange { settings in
      for (from, to) in [("102", "103"), ("103", "102")] as [(ByteString, ByteString)] {
        settings.handling[from] = .init()
        settings.handling[from]?.forwardAlways = to
      }
    }
    exchange.incoming(2, to: "102")
    #expect(exchange.take().last == "hang up 2 482")
    #expect(exchange.calls.counters.forwardsCut == 1)
  }

  @Test("do not disturb by code: 486 until it is taken back; it outlives a restart")
  func doNotDisturb() {
    var exchange = Exchange()
    exchange.incoming(2, from: .user("102"), to: "*78", caller: "102")
    #expect(exchange.choices == [ExtensionFact(extension: "102", doNotDisturb: true)])
    exchange.incoming(4, to: "102")
    #expect(exchange.take().last == "hang up 4 486")
    var restarted = Exchange()
    restarted.tell(.restoredExtensions(exchange.choices))
    restarted.incoming(2, to: "102")
    #expect(restarted.take().last == "hang up 2 486")
    restarted.incoming(4, from: .user("102"), to: "*79", caller: "102")
    restarted.incoming(6, to: "102")
    #expect(restarted.take().last == "invite 3 phone 102 from 101")
  }

  @Test("a forward by code: what may not be called is refused and changes nothing; the bare code takes it back")
  func forwardByCode() {
    var exchange = Exchange()
    exchange.incoming(2, from: .user("102"), to: "*72103", caller: "102")
    exchange.incoming(4, from: .user("102"), to: "*72199", caller: "102")
    exchange.incoming(6, from: .user("102"), to: "*72102", caller: "102")
    let said = exchange.take().filter { $0.contains("announcement") }
    #expect(said.map { $0.contains("beep") } == [true, false, false])
    #expect(exchange.choices.map(\.forwardAlways) == ["103"])
    exchange.incoming(8, to: "102")
    #expect(invites(&exchange).last == "invite 3 phone 103 from 101")
    exchange.incoming(10, from: .user("102"), to: "*72", caller: "102")
    #expect(exchange.choices.last?.isPlain == true)
  }

  @Test("without call waiting a second call finds the extension busy")
  func callWaiting() {
    for waits in [true, false] {
      var exchange = exchange { $0.hasCallWaiting = waits }
      exchange.incoming(2, to: "102")
      exchange.accepted(3)
      _ = exchange.take()
      exchange.incoming(4, from: .user("103"), to: "102", caller: "103")
      #expect(exchange.take().last == (waits ? "invite 5 phone 102 from 103" : "hang up 4 486"))
    }
  }

  @Test("callers on a list, and those without a number: the extension's list and the branch's")
  func blocked() throws {
    var own = Exchange { settings in
      var handling = CallControl.Handling()
      handling.blocked = [NumberPattern("10X")].compactMap { $0 }
      handling.allowed = [NumberPattern("103")].compactMap { $0 }
      settings.handling["102"] = handling
    }
    own.incoming(2, to: "102")
    #expect(own.take().last == "hang up 2 603")
    own.incoming(4, from: .user("103"), to: "102", caller: "103")
    #expect(own.take().last == "invite 3 phone 102 from 103")
    var branch = Exchange { settings in
      settings.callers.blocked = [NumberPattern("138X.")].compactMap { $0 }
      settings.callers.rejectsAnonymous = true
    }
    branch.customer(2)
    branch.incoming(4, from: .trunk("carrier"), to: "02155550000", caller: "")
    #expect(branch.take().filter { $0.hasPrefix("hang up") } == ["hang up 2 603", "hang up 4 433"])
    #expect(branch.calls.counters.blocked == 2)
  }

  @Test("§2.13 find-me: the mobile rings some time after the extension; the first to answer has the call")
  func followMe() {
    var exchange = exchange {
      $0.followMe = "013900000001"
      $0.followMeAfter = .seconds(10)
    }
    exchange.incoming(2, to: "102")
    exchange.progress(3)
    #expect(invites(&exchange) == ["invite 3 phone 102 from 101", "progress 2 180"])
    exchange.wait(.seconds(10))
    #expect(invites(&exchange) == ["invite 5 carrier 013900000001 from 02155550000"])
    exchange.accepted(5)
    #expect(invites(&exchange) == ["hang up 3 200"])
    exchange.ended(3, 487, byRemote: false)
    exchange.ended(5)
    exchange.ended(2, byRemote: false)
    #expect(exchange.records.map(\.destination) == ["trunk carrier"])
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("a group rings at once; who answers has the call, who declines only leaves; nobody: its else destination")
  func group() {
    var exchange = Exchange()
    exchange.incoming(2, to: "610")
    #expect(invites(&exchange) == ["invite 3 phone 102 from 101", "invite 5 phone 103 from 101"])
    exchange.progress(3)
    exchange.progress(5)
    exchange.ended(3, 486)
    #expect(invites(&exchange) == ["progress 2 180"])
    exchange.accepted(5)
    exchange.ended(2)
    exchange.ended(5, byRemote: false)
    #expect(exchange.calls.callCount == 0)
    _ = exchange.take()
    exchange.incoming(4, to: "610")
    exchange.wait(.seconds(20))
    let lines = exchange.take()
    #expect(lines.filter { $0.hasPrefix("hang up") } == ["hang up 7 408", "hang up 9 408"])
    #expect(lines.contains("queue: enter 2 service from 101"))
  }

  @Test("a group in turn: the next phone when the one before has rung long enough, or declines")
  func inTurn() {
    var exchange = Exchange()
    exchange.incoming(2, to: "611")
    #expect(invites(&exchange) == ["invite 3 phone 102 from 101"])
    exchange.wait(.seconds(10))
    #expect(invites(&exchange) == ["hang up 3 408", "invite 5 phone 103 from 101"])
    exchange.ended(3, 487, byRemote: false)
    exchange.ended(5, 486)
    #expect(invites(&exchange) == ["hang up 2 486"])
  }

  @Test("a caller who leaves a ringing group leaves nothing behind")
  func groupCancelled() {
    var exchange = Exchange()
    exchange.incoming(2, to: "610")
    _ = exchange.take()
    exchange.ended(2, 487)
    #expect(invites(&exchange) == ["hang up 3 487", "hang up 5 487"])
    exchange.ended(3, 487, byRemote: false)
    exchange.ended(5, 487, byRemote: false)
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0 && exchange.records.count == 1)
  }

  @Test("a short number is the long one, for those who may call that")
  func speedDial() {
    var exchange = Exchange()
    exchange.incoming(2, to: "*001")
    #expect(invites(&exchange) == ["invite 3 carrier 013900000001 from 02155550000"])
  }

  @Test("intercom: only a phone whose extension lets it answers by itself, and not in a call")
  func intercom() {
    var exchange = exchange { $0.answersIntercom = true }
    exchange.incoming(2, to: "*80102")
    #expect(invites(&exchange) == ["invite 3 phone 102 from 101 answers by itself"])
    exchange.incoming(4, from: .user("103"), to: "*80102", caller: "103")
    exchange.incoming(6, to: "*80103")
    #expect(invites(&exchange) == ["hang up 4 486", "hang up 6 403"])
  }

  @Test("call-back on busy: when both are free the caller's phone rings first, then the other; the wish expires")
  func callBack() {
    for isLate in [false, true] {
      var exchange = Exchange()
      exchange.incoming(2, from: .user("102"), to: "103", caller: "102")
      exchange.accepted(3)
      exchange.incoming(4, to: "102")
      exchange.ended(5, 486)
      exchange.ended(4, 486, byRemote: false)
      exchange.incoming(6, to: "*66")
      exchange.ended(6)
      _ = exchange.take()
      if isLate { exchange.wait(CallControl.Limits.wishTime) }
      exchange.ended(2)
      exchange.ended(3, byRemote: false)
      #expect(invites(&exchange).last == (isLate ? "hang up 3 487" : "invite 7 phone 101 from 102"))
      guard !isLate else { continue }
      exchange.accepted(7)
      #expect(invites(&exchange) == ["invite 9 phone 102 from 101"])
      exchange.accepted(9)
      #expect(exchange.take().contains("bridge 0 1") || exchange.calls.views.map { "\($0.state)" } == ["talking"])
    }
  }
}
