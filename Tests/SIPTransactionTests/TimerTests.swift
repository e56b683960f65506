import Basics
import SIPMessage
import SIPTransaction
import Testing

/// 0.5, 1.5, 3.5 … capped at `cap` between two.
private func doubling(from start: Double = 0, cap: Double, until end: Double) -> [Double] {
  var times: [Double] = []
  var interval = 0.5
  var time = start + interval
  while time < end {
    times.append(time)
    interval = min(2 * interval, cap)
    time += interval
  }
  return times
}

@Suite("Timers A to M fire at the times of RFC 3261 §17 and RFC 6026, exactly")
struct TimerTests {
  @Test("A doubles without a cap, B ends an unanswered INVITE after 64 T1")
  func timersAAndB() {
    var driver = Driver()
    _ = driver.send(.invite)
    driver.run(to: 100)
    #expect(driver.seen.times("send INVITE") == [0] + doubling(cap: 64, until: 32))
    #expect(driver.seen.times("send INVITE") == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5])
    #expect(driver.seen.times("timed out 7") == [32])
    #expect(driver.layer.clientCount == 0)
    #expect(driver.layer.nextDeadline == nil)
  }

  @Test("With slack one waking forgets many finished transactions, and no message leaves later")
  func slack() {
    var driver = Driver(timers: TimerValues(slack: .milliseconds(250)))
    for number in 0..<5 {
      let options = request(.options, branch: ByteString("z9hG4bKs\(number)"))
      driver.receive(options)
      driver.respond(200, to: options, server: number)
      driver.run(to: Double(number + 1) * 0.04)
    }
    // The first is found when its other timer, of 64 T1 from its arrival, wakes the layer in vain.
    driver.run(to: 32.1)
    #expect(driver.layer.serverCount == 4 && driver.layer.nextDeadline == seconds(32.29))
    driver.run(to: 32.29)
    #expect(driver.layer.serverCount == 0 && driver.layer.nextDeadline == nil)
    _ = driver.send(.invite)
    driver.run(to: 100)
    #expect(driver.seen.times("send INVITE") == ([0] + doubling(cap: 64, until: 32)).map { $0 + 32.29 })
  }

  @Test("Over TCP an INVITE is sent once; B ends it all the same")
  func timerBAlone() {
    var driver = Driver()
    _ = driver.send(.invite, over: .tcp)
    driver.run(to: 100)
    #expect(driver.seen == [Seen(at: 0, what: "send INVITE"), Seen(at: 32, what: "timed out 7")])
  }

  @Test("A provisional response stops A and B: an INVITE may ring for an hour")
  func ringing() {
    var driver = Driver()
    let invite = driver.send(.invite)
    driver.run(to: 1)
    driver.receive(response(180, to: invite))
    driver.run(to: 3600)
    #expect(driver.seen.times("send INVITE") == [0, 0.5])
    #expect(driver.layer.clientCount == 1)
    driver.receive(response(200, to: invite))
    #expect(driver.seen.last?.what == "response 200 for 7")
  }

  @Test("E doubles up to T2, F ends an unanswered request after 64 T1")
  func timersEAndF() {
    var driver = Driver()
    _ = driver.send(.options)
    driver.run(to: 100)
    #expect(driver.seen.times("send OPTIONS") == [0] + doubling(cap: 4, until: 32))
    #expect(driver.seen.times("send OPTIONS").prefix(6) == [0, 0.5, 1.5, 3.5, 7.5, 11.5])
    #expect(driver.seen.times("timed out 7") == [32])
    #expect(driver.layer.clientCount == 0)
  }

  @Test("After a provisional response E fires every T2, F still ends it")
  func timerEProceeding() {
    var driver = Driver()
    let options = driver.send(.options)
    driver.run(to: 0.2)
    driver.receive(response(100, to: options))
    driver.run(to: 100)
    #expect(driver.seen.times("send OPTIONS") == [0, 0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5])
    #expect(driver.seen.times("timed out 7") == [32])
  }

  @Test("Over TCP a request is sent once; F ends it all the same")
  func timerFAlone() {
    var driver = Driver()
    _ = driver.send(.register, over: .tcp)
    driver.run(to: 100)
    #expect(driver.seen == [Seen(at: 0, what: "send REGISTER"), Seen(at: 32, what: "timed out 7")])
  }

  @Test("D: a refusal that comes again within 32 s gets the ACK again; afterwards it is a stranger")
  func timerD() {
    var driver = Driver()
    let invite = driver.send(.invite)
    driver.run(to: 1)
    driver.receive(response(486, to: invite))
    driver.run(to: 32.9)
    driver.receive(response(486, to: invite))
    driver.run(to: 33)
    driver.receive(response(486, to: invite))
    #expect(driver.seen.times("send ACK") == [1, 32.9])
    #expect(driver.seen.times("response 486 for 7") == [1])
    #expect(driver.seen.times("stray 486") == [33])
  }

  @Test("M: every further 2xx goes to the user for 64 T1; afterwards it is a stranger")
  func timerM() {
    var driver = Driver()
    let invite = driver.send(.invite)
    driver.run(to: 1)
    for time in [1, 2, 32.9, 33] {
      driver.run(to: time)
      driver.receive(response(200, to: invite))
    }
    #expect(driver.seen.times("response 200 for 7") == [1, 2, 32.9])
    #expect(driver.seen.times("stray 200") == [33])
    #expect(driver.seen.times("send ACK") == [])
  }

  @Test("K: a final response that comes again within T4 is absorbed")
  func timerK() {
    var driver = Driver()
    let options = driver.send(.options)
    for time in [1, 2, 5.9, 6] {
      driver.run(to: time)
      driver.receive(response(200, to: options))
    }
    #expect(driver.seen.times("response 200 for 7") == [1])
    #expect(driver.seen.times("stray 200") == [6])
    #expect(driver.layer.counters.absorbed == 2)
  }

  @Test("G doubles up to T2, H gives up on the ACK after 64 T1")
  func timersGAndH() {
    var driver = Driver()
    let invite = request(.invite)
    driver.receive(invite)
    driver.run(to: 10)
    driver.respond(486, to: invite)
    driver.run(to: 100)
    #expect(driver.seen.times("send 486") == [10] + doubling(from: 10, cap: 4, until: 42))
    #expect(driver.seen.times("unacknowledged") == [42])
    #expect(driver.layer.serverCount == 0)
  }

  @Test("Over TCP a refusal is sent once; H gives up all the same")
  func timerHAlone() {
    var driver = Driver()
    let invite = request(.invite, transport: .tcp)
    driver.receive(invite, flow(.tcp, to: phone, connection: 2))
    driver.respond(486, to: invite)
    driver.run(to: 100)
    #expect(driver.takeSeen().dropFirst() == [Seen(at: 0, what: "send 486"), Seen(at: 32, what: "unacknowledged")])
  }

  @Test("I: what is still on its way after the ACK is absorbed for T4")
  func timerI() {
    var driver = Driver()
    let invite = request(.invite)
    driver.receive(invite)
    driver.respond(486, to: invite)
    driver.run(to: 1)
    driver.receive(request(.ack, toTag: "t1"))
    driver.run(to: 5.9)
    driver.receive(request(.ack, toTag: "t1"))
    driver.receive(invite)
    #expect(driver.layer.serverCount == 1)
    driver.run(to: 6)
    #expect(driver.layer.serverCount == 0)
    #expect(driver.seen.times("send 486") == [0, 0.5])
    #expect(driver.seen.times("ack") == [])
  }

  @Test("J: a request that comes again within 64 T1 of its answer gets it again; afterwards it is new")
  func timerJ() {
    var driver = Driver()
    let options = request(.options)
    driver.receive(options)
    driver.run(to: 1)
    driver.respond(200, to: options)
    for time in [2, 32.9, 33] {
      driver.run(to: time)
      driver.receive(options)
    }
    #expect(driver.seen.times("send 200") == [1, 2, 32.9])
    #expect(driver.seen.times("request OPTIONS") == [0, 33])
  }

  @Test("L: an INVITE that comes again after the 2xx is absorbed for 64 T1")
  func timerL() {
    var driver = Driver()
    let invite = request(.invite)
    driver.receive(invite)
    driver.run(to: 1)
    driver.respond(200, to: invite)
    driver.run(to: 32.9)
    driver.receive(invite)
    #expect(driver.seen.whats == ["request INVITE", "send 200"])
    driver.run(to: 33)
    #expect(driver.layer.serverCount == 0)
    driver.receive(invite)
    #expect(driver.seen.times("request INVITE") == [0, 33])
  }

  @Test("D, I, J and K are zero over TCP: nothing stays behind")
  func reliable() {
    var driver = Driver()
    let tcp = flow(.tcp, to: phone, connection: 2)
    let invite = driver.send(.invite, over: .tcp)
    driver.receive(response(486, to: invite), tcp)
    let options = driver.send(.options, branch: "z9hG4bKtwo", over: .tcp)
    driver.receive(response(200, to: options), tcp)
    #expect(driver.layer.clientCount == 0)
    let incoming = request(.options, branch: "z9hG4bKthree", transport: .tcp)
    driver.receive(incoming, tcp)
    driver.respond(200, to: incoming)
    let refused = request(.invite, branch: "z9hG4bKfour", transport: .tcp)
    driver.receive(refused, tcp)
    driver.respond(486, to: refused, server: 1)
    driver.receive(request(.ack, branch: "z9hG4bKfour", toTag: "t1", transport: .tcp), tcp)
    #expect(driver.layer.serverCount == 0)
    driver.run(to: 100)
    #expect(driver.seen.times("send INVITE") == [0])
    #expect(driver.seen.times("send 486") == [0])
  }

  @Test("Other values give other times")
  func otherValues() {
    var driver = Driver(timers: TimerValues(t1: .milliseconds(100), t2: .milliseconds(300)))
    _ = driver.send(.options)
    driver.run(to: 100)
    #expect(driver.seen.times("send OPTIONS").prefix(6) == [0, 0.1, 0.3, 0.6, 0.9, 1.2])
    #expect(driver.seen.times("timed out 7") == [6.4])
  }

  @Test("Nobody is woken for a timer that no longer matters")
  func wakeUps() {
    var driver = Driver()
    for number in 0..<50 {
      let branch = ByteString("z9hG4bK\(number)")
      let options = driver.send(.options, branch: branch)
      driver.run(to: inSeconds(driver.now) + 0.01)
      driver.receive(response(200, to: options))
    }
    var wakeUps = 0
    while let deadline = driver.layer.nextDeadline {
      driver.layer.advance(to: deadline)
      wakeUps += 1
    }
    // 50 for K, one for the first of E and F each.
    #expect(wakeUps <= 52)
    #expect(driver.layer.clientCount == 0)
  }
}
