import Basics
import SIPTransaction
import SIPUserAgent
import Testing

@Suite("Numbers of listeners")
struct ListenerNumbersTests {
  private func settings(_ listeners: [(SIPTransport, UInt16)]) -> UserAgent.Settings {
    UserAgent.Settings(
      listeners: listeners.enumerated().map { index, listener in
        .init(index: UInt16(index), transport: listener.0, endpoint: Endpoint(.anyV4, listener.1))
      })
  }

  @Test("whoever stays at the address keeps the number; nobody gets one that another had a moment ago")
  func kept() {
    let former = settings([(.udp, 5060), (.tcp, 5060), (.udp, 5070)]).listeners
    var new = settings([(.tcp, 5070), (.tcp, 5060), (.udp, 5060)])
    new.keepListenerNumbers(of: former)
    #expect(new.listeners.map { $0.index } == [3, 1, 0])
    var next = settings([(.udp, 5080), (.udp, 5060)])
    next.keepListenerNumbers(of: new.listeners)
    #expect(next.listeners.map { $0.index } == [2, 0])
  }
}
