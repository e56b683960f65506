import Basics
import CallControl
import Dialplan
import SDP
import SIPUserAgent
import Testing

@Suite("Calls between extensions")
struct ExtensionCallTests {
  @Test("a call rings, is answered, and ends with the caller's BYE")
  func wholeCall() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    #expect(
      exchange.take() == ["queue: busy 101", "open 0 10000", "queue: busy 102", "invite 3 phone 102 from 101"])
    exchange.progress(3)
    #expect(exchange.take() == ["progress 2 180"])
    exchange.accepted(3)
    #expect(
      exchange.take() == [
        "target 0 pcmu sends hears", "open 1 10002", "target 1 pcmu sends hears", "accept 2 PCMU", "bridge 1 0",
      ])
    exchange.ended(2)
    #expect(
      exchange.take() == ["say 1 nothing", "close 1", "queue: free 101", "hang up 3 487"])
    exchange.ended(3, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102", "record 1 200 answered"])
    #expect(exchange.records.first?.hungUpByCaller == true)
    #expect(exchange.calls.callCount == 0 && exchange.calls.streamCount == 0)
  }

  @Test("the callee's BYE ends the caller's leg, once")
  func calleeHangsUp() {
    var exchange = Exchange.talking()
    exchange.ended(3)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102", "hang up 2 200"])
    exchange.ended(2, byRemote: false)
    #expect(exchange.take() == ["say 1 nothing", "close 1", "queue: free 101", "record 1 200 answered"])
    #expect(exchange.records.first?.hungUpByCaller == false)
  }

  @Test("both hang up at once: no BYE is asked for twice, one record is written")
  func bothHangUp() {
    var exchange = Exchange.talking()
    exchange.ended(2)
    exchange.ended(3)
    let lines = exchange.take()
    #expect(lines.filter { $0.hasPrefix("hang up") } == ["hang up 3 487"])
    #expect(lines.filter { $0.hasPrefix("record") }.count == 1)
  }

  @Test(
    "the callee's refusal is the caller's",
    arguments: [(486, 486), (603, 603), (404, 404), (401, 403), (302, 480), (487, 480)])
  func refused(_ status: Int, _ told: Int) {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.ended(3, status)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102", "hang up 2 \(told)"])
    exchange.ended(2, told, byRemote: false)
    #expect(exchange.take() == ["queue: free 101", "record 1 \(told)"])
  }

  @Test("nobody answers within the ring time: CANCEL for the callee, 480 for the caller, both legs end once")
  func noAnswer() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    exchange.progress(3)
    _ = exchange.take()
    exchange.wait(CallControl.Limits.ringTime - .milliseconds(1))
    #expect(exchange.take() == [])
    exchange.wait(.milliseconds(1))
    #expect(exchange.take() == ["hang up 3 408", "hang up 2 480"])
    exchange.ended(2, 480, byRemote: false)
    exchange.ended(3, 487, byRemote: false)
    #expect(
      exchange.take() == ["queue: free 101", "say 0 nothing", "close 0", "queue: free 102", "record 1 480"])
  }

  @Test("the caller's CANCEL ends the ringing leg")
  func cancelled() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    _ = exchange.take()
    exchange.ended(2, 487)
    #expect(exchange.take() == ["queue: free 101", "hang up 3 487"])
    exchange.ended(3, 487, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102", "record 1 487"])
  }

  @Test("a 200 that crosses our CANCEL is not taken for an answer")
  func answerCrossesCancel() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    exchange.ended(2, 487)
    _ = exchange.take()
    exchange.accepted(3)
    #expect(exchange.take() == [])
    exchange.ended(3, 200, byRemote: false)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102", "record 1 487"])
  }

  @Test("a caller's CANCEL that crosses the answer: the answered callee is hung up")
  func cancelCrossesAnswer() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102")
    exchange.accepted(3)
    _ = exchange.take()
    // The user agent answers the CANCEL with 200 and goes on; the caller then sends BYE.
    exchange.ended(2)
    #expect(exchange.take().last == "hang up 3 487")
  }

  @Test("a leg that never ends is forgotten, and the record is written")
  func lostLeg() {
    var exchange = Exchange.talking()
    exchange.ended(2)
    _ = exchange.take()
    exchange.wait(CallControl.Limits.endingTime)
    #expect(exchange.take() == ["say 0 nothing", "close 0", "queue: free 102", "record 1 200 answered"])
    #expect(exchange.calls.counters.legsLost == 1 && exchange.calls.callCount == 0)
    exchange.ended(3)
    #expect(exchange.take() == [])
  }

  @Test("an unknown number gets 404 without anything being rung")
  func unknownNumber() {
    var exchange = Exchange()
    exchange.incoming(2, to: "199")
    #expect(exchange.take() == ["queue: busy 101", "hang up 2 404"])
  }

  @Test("an extension is who it logged in as, whatever its From says")
  func forgedCaller() {
    var exchange = Exchange()
    exchange.incoming(2, to: "102", caller: "110")
    #expect(exchange.take().last == "invite 3 phone 102 from 101")
  }
}
