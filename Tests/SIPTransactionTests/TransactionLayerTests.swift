import Basics
import SIPMessage
import SIPTransaction
import Testing

@Suite("TransactionLayer: matching, ACK, CANCEL, repetitions")
struct TransactionLayerTests {
  @Test("A request that comes again gets the stored response, whatever its state, and the user sees it once")
  func repetitions() {
    var driver = Driver()
    let invite = request(.invite)
    driver.receive(invite)
    driver.receive(invite)
    driver.respond(100, to: invite)
    driver.receive(invite)
    driver.respond(180, to: invite)
    driver.receive(invite)
    driver.respond(486, to: invite)
    driver.receive(invite)
    #expect(
      driver.seen.whats == [
        "request INVITE", "send 100", "send 100", "send 180", "send 180", "send 486", "send 486",
      ])
    #expect(driver.sent[4].bytes == driver.sent[5].bytes)
  }

  @Test("The ACK to a refusal is absorbed, that to a 2xx goes to the dialog")
  func acknowledgements() {
    var driver = Driver()
    let refused = request(.invite)
    driver.receive(refused)
    driver.respond(486, to: refused)
    driver.receive(request(.ack, toTag: "t1"))
    #expect(driver.seen.times("ack") == [])
    let accepted = request(.invite, branch: "z9hG4bKtwo", number: 2)
    driver.receive(accepted)
    driver.respond(200, to: accepted, server: 1)
    driver.receive(request(.ack, branch: "z9hG4bKthree", number: 2, toTag: "t1"))
    // A peer that uses the INVITE's branch for it, against §17.1.1.3.
    driver.receive(request(.ack, branch: "z9hG4bKtwo", number: 2, toTag: "t1"))
    #expect(driver.seen.times("ack") == [0, 0])
  }

  @Test("The ACK to a refusal carries what §17.1.1.3 asks for and goes where the INVITE went")
  func acknowledgementContent() {
    var driver = Driver()
    let invite = request(.invite, route: "<sip:192.0.2.9;lr>, <sip:192.0.2.10;lr>")
    let target = flow(to: Endpoint(.v4(0xC000_0209), 5070))
    driver.handle(.send(request: invite, method: .invite, branch: "z9hG4bKone", flow: target, user: 1))
    driver.receive(response(404, to: invite, tag: "far"))
    let ack = parsed(driver.sent[1].bytes)
    let original = parsed(invite)
    #expect(driver.sent[1].flow == target)
    #expect(ack.method == .ack)
    #expect(ack.requestURI.elementsEqual(original.requestURI))
    #expect(ack.topVia.text.elementsEqual(original.topVia.text))
    #expect(ack.values(.via).count == 1)
    #expect(ack.value(.from).map(Array.init) == original.value(.from).map(Array.init))
    #expect(ack.toTag.map { ByteString($0) } == "far")
    #expect(ack.callID.elementsEqual(original.callID))
    #expect(ack.cseq.number == 1)
    #expect(ack.values(.route).map { ByteString($0) } == ["<sip:192.0.2.9;lr>", "<sip:192.0.2.10;lr>"])
    #expect(ack.body.isEmpty)
  }

  @Test("A CANCEL is a transaction of its own that names the INVITE it means")
  func cancelIncoming() {
    var driver = Driver()
    let invite = request(.invite)
    driver.receive(invite)
    let cancel = request(.cancel)
    driver.receive(cancel)
    driver.respond(200, to: cancel, server: 1)
    driver.receive(cancel)
    driver.respond(487, to: invite)
    #expect(driver.seen.whats == ["request INVITE", "cancel", "send 200", "send 200", "send 487"])
    driver.receive(request(.cancel, branch: "z9hG4bKother"))
    #expect(driver.seen.last?.what == "cancel nothing")
  }

  @Test("A CANCEL from here shares the branch of its INVITE and is told apart by the method of CSeq")
  func cancelOutgoing() {
    var driver = Driver()
    let invite = driver.send(.invite, user: 1)
    driver.receive(response(180, to: invite))
    let cancel = driver.send(.cancel, user: 2)
    driver.receive(response(200, to: cancel))
    driver.receive(response(487, to: invite))
    #expect(
      driver.seen.whats == [
        "send INVITE", "response 180 for 1", "send CANCEL", "response 200 for 2", "send ACK", "response 487 for 1",
      ])
  }

  @Test("The same branch from another sent-by is another transaction; the default port is 5060")
  func sentBy() {
    var driver = Driver()
    driver.receive(request(.options))
    driver.receive(request(.options, from: Endpoint(phone.address, 5062)))
    #expect(driver.seen.times("request OPTIONS").count == 2)
    let withoutPort = text(request(.options)).replacing("192.0.2.1:5060", with: "192.0.2.1")
    driver.receive(Array(withoutPort.utf8))
    #expect(driver.seen.times("request OPTIONS").count == 2)
  }

  @Test("Requests of RFC 2543, without a branch, match by URI, tags, Call-ID, CSeq and Via; ACK by the tag given")
  func withoutCookie() {
    var driver = Driver()
    let invite = request(.invite, branch: "")
    driver.receive(invite)
    driver.respond(486, to: invite)
    driver.receive(invite)
    driver.receive(request(.ack, branch: "", toTag: "not-ours"))
    driver.run(to: 0.6)
    #expect(driver.seen.times("send 486") == [0, 0, 0.5])
    driver.receive(request(.ack, branch: "", toTag: "t1"))
    driver.run(to: 10)
    #expect(driver.seen.times("send 486") == [0, 0, 0.5])
    driver.receive(request(.invite, branch: "", number: 2))
    driver.receive(request(.invite, branch: "", callID: "call-2"))
    #expect(driver.seen.times("request INVITE").count == 3)
  }

  @Test("A branch that is the bare cookie identifies nothing and is treated as RFC 2543's")
  func bareCookie() {
    var driver = Driver()
    driver.receive(request(.options, branch: "z9hG4bK", number: 1))
    driver.receive(request(.options, branch: "z9hG4bK", number: 2))
    driver.receive(request(.options, branch: "z9hG4bK", number: 2))
    #expect(driver.seen.whats == ["request OPTIONS", "request OPTIONS"])
  }

  @Test("Responses go to the source port if rport asks for it, else to the port in sent-by")
  func responseRouting() {
    var driver = Driver()
    let source = Endpoint(.v4(0xC633_6401), 40_000)
    let options = request(.options)
    driver.receive(options, flow(to: source))
    driver.respond(200, to: options)
    let plain = Array(text(request(.options, branch: "z9hG4bKtwo")).replacing(";rport", with: "").utf8)
    driver.receive(plain, flow(to: source))
    driver.respond(200, to: plain, server: 1)
    #expect(driver.sent.map(\.flow.remote) == [source, Endpoint(source.address, 5060)])
    let stream = request(.options, branch: "z9hG4bKthree", transport: .tcp)
    driver.receive(stream, flow(.tcp, to: source, connection: 4))
    driver.respond(200, to: stream, server: 2)
    #expect(driver.sent[2].flow == flow(.tcp, to: Endpoint(source.address, 5060), connection: 4))
  }

  @Test("RFC 4320: no 1xx but 100 to a non-INVITE request, over UDP only once E has reached T2; never 408; never late")
  func nonInviteAnswers() {
    var driver = Driver()
    let options = request(.options)
    driver.receive(options)
    driver.respond(180, to: options)
    driver.respond(100, to: options)
    driver.respond(408, to: options)
    #expect(driver.sent.isEmpty)
    driver.run(to: 3.5)
    driver.respond(100, to: options)
    #expect(driver.takeSeen().whats == ["request OPTIONS", "send 100"])
    driver.run(to: 32)
    driver.respond(200, to: options)
    #expect(driver.seen.isEmpty)
    #expect(driver.layer.serverCount == 0)
    #expect(driver.layer.counters.responsesRefused == 4)
    let stream = request(.options, branch: "z9hG4bKtwo", transport: .tcp)
    driver.receive(stream, flow(.tcp, to: phone, connection: 2))
    driver.respond(100, to: stream, server: 1)
    #expect(driver.seen.last?.what == "send 100")
  }

  @Test("A second final response of the user is refused; further 2xx to INVITE pass")
  func secondFinal() {
    var driver = Driver()
    let options = request(.options)
    driver.receive(options)
    driver.respond(200, to: options)
    driver.respond(404, to: options)
    let invite = request(.invite, branch: "z9hG4bKtwo")
    driver.receive(invite)
    driver.respond(200, to: invite, server: 1)
    driver.respond(200, to: invite, server: 1)
    driver.respond(486, to: invite, server: 1)
    #expect(driver.seen.whats == ["request OPTIONS", "send 200", "request INVITE", "send 200", "send 200"])
    #expect(driver.layer.counters.responsesRefused == 2)
  }

  @Test("A failed transport ends what waits for an answer there, and only that")
  func transportFailure() {
    var driver = Driver()
    _ = driver.send(.invite, branch: "z9hG4bK1", over: .tcp, user: 1)
    _ = driver.send(.options, branch: "z9hG4bK2", over: .tcp, user: 2)
    _ = driver.send(.options, branch: "z9hG4bK3", over: .udp, user: 3)
    let ringing = driver.send(.invite, branch: "z9hG4bK4", over: .tcp, user: 4)
    driver.receive(response(180, to: ringing), flow(.tcp))
    driver.handle(.failed(flow(.tcp, to: branchOffice, connection: 9)))
    #expect(
      driver.seen.whats.suffix(2) == ["transport failed 1", "transport failed 2"])
    // It rings on: the answer may come over a new connection.
    #expect(driver.layer.clientCount == 2)
    driver.receive(response(200, to: ringing), flow(.tcp))
    #expect(driver.seen.last?.what == "response 200 for 4")
    #expect(driver.layer.counters.transportFailures == 2)
  }

  @Test("An abandoned INVITE is silent, still ACKs a refusal, and is given up after 64 T1")
  func abandoned() {
    var driver = Driver()
    let refused = driver.send(.invite, branch: "z9hG4bK1", user: 1)
    let accepted = driver.send(.invite, branch: "z9hG4bK2", user: 1)
    let ringing = driver.send(.invite, branch: "z9hG4bK3", user: 1)
    driver.run(to: 0.1)
    driver.handle(.abandon(user: 1))
    driver.run(to: 1)
    for invite in [refused, accepted, ringing] { driver.receive(response(180, to: invite)) }
    _ = driver.takeSeen()
    driver.receive(response(487, to: refused))
    driver.receive(response(200, to: accepted))
    #expect(driver.seen.whats == ["send ACK", "stray 200"])
    driver.run(to: 32)
    #expect(driver.layer.clientCount == 3)
    driver.run(to: 32.1)
    #expect(driver.layer.clientCount == 2)
    driver.run(to: 33)
    #expect(driver.layer.clientCount == 0)
    #expect(driver.seen.times("timed out 1") == [])
  }

  @Test("A branch that is still in use is not used again")
  func branchTaken() {
    var driver = Driver()
    _ = driver.send(.options, user: 1)
    _ = driver.send(.options, user: 2)
    #expect(driver.seen.whats == ["send OPTIONS", "transport failed 2"])
  }

  @Test("The secret of the keys changes only while no transaction runs")
  func secret() {
    var layer = TransactionLayer()
    let early = layer.adopt(secret: (3, 4))
    layer.handle(.received(parsed(request(.options)), flow(to: phone)), at: .zero)
    let late = layer.adopt(secret: (5, 6))
    #expect(early && !late)
  }
}

@Suite("TransactionLayer: full tables")
struct TransactionLimitsTests {
  private func small() -> Driver {
    var limits = TransactionLimits()
    limits.maxServerTransactions = 8
    limits.maxClientTransactions = 2
    return Driver(limits: limits)
  }
  private func branch(_ number: Int) -> ByteString { ByteString("z9hG4bK\(number)") }

  @Test("A full table answers new requests 503 with Retry-After, keeps room for those of dialogs, and says so once")
  func serverTable() {
    var driver = small()
    for number in 0..<7 { driver.receive(request(.invite, branch: branch(number))) }
    _ = driver.takeSeen()
    driver.receive(request(.invite, branch: branch(7)))
    driver.receive(request(.options, branch: branch(8)))
    #expect(driver.seen.whats == ["send 503", "log transaction.full", "send 503"])
    let refusal = parsed(driver.sent[0].bytes)
    #expect(refusal.value(.retryAfter).map { ByteString($0) } == "5")
    #expect(refusal.toTag?.isEmpty == false)
    driver.receive(request(.invite, branch: branch(7)))
    #expect(driver.sent[2].bytes == driver.sent[0].bytes)
    driver.receive(request(.bye, branch: branch(9), toTag: "t"))
    #expect(driver.seen.last?.what == "request BYE")
    driver.receive(request(.bye, branch: branch(10), toTag: "t"))
    #expect(driver.seen.last?.what == "send 503")
    driver.receive(request(.ack, branch: branch(11), toTag: "t"))
    #expect(driver.seen.last?.what == "ack")
    #expect(driver.layer.counters.requestsRefused == 4)
    #expect(driver.layer.serverCount == 8)
  }

  @Test("Finished requests make room once their clients have had time to ask again, oldest first")
  func eviction() {
    var driver = small()
    for number in 0..<7 {
      let options = request(.options, branch: branch(number))
      driver.receive(options)
      driver.respond(200, to: options, server: number)
    }
    driver.run(to: 1.9)
    driver.receive(request(.options, branch: branch(7)))
    #expect(driver.seen.last?.what == "log transaction.full")
    driver.run(to: 2)
    driver.receive(request(.options, branch: branch(7)))
    #expect(driver.seen.last?.what == "request OPTIONS")
    driver.receive(request(.options, branch: branch(1)))
    #expect(driver.seen.last?.what == "send 200")
    #expect(driver.layer.counters.evicted == 1)
    driver.run(to: 100)
    #expect(driver.layer.serverCount == 0)
  }

  @Test("An accepted INVITE makes room once its ACK has had time to come, a refused one does not")
  func evictionOfInvites() {
    var driver = small()
    for number in 0..<7 {
      let invite = request(.invite, branch: branch(number))
      driver.receive(invite)
      driver.respond(number == 3 ? 200 : 180, to: invite, server: number)
    }
    driver.run(to: 3.9)
    driver.receive(request(.invite, branch: branch(7)))
    #expect(driver.seen.last?.what == "log transaction.full")
    driver.run(to: 4)
    driver.receive(request(.invite, branch: branch(7)))
    #expect(driver.seen.last?.what == "request INVITE")
    driver.receive(request(.invite, branch: branch(8)))
    #expect(driver.seen.last?.what == "send 503")
    #expect(driver.layer.counters.evicted == 1)
  }

  @Test("A client's accepted INVITE makes room; its late 200 is a stray one then")
  func evictionOfClients() {
    var driver = small()
    let invite = driver.send(.invite, branch: branch(0), user: 0)
    driver.receive(response(200, to: invite))
    _ = driver.send(.invite, branch: branch(1), user: 1)
    driver.run(to: 4)
    _ = driver.send(.options, branch: branch(2), user: 2)
    #expect(driver.seen.last?.what == "send OPTIONS")
    driver.receive(response(200, to: invite))
    #expect(driver.seen.last?.what == "stray 200")
    #expect(driver.layer.counters.evicted == 1 && driver.layer.counters.sendsRefused == 0)
  }

  @Test("A full client table reports a transport failure")
  func clientTable() {
    var driver = small()
    for number in 0..<3 { _ = driver.send(.options, branch: branch(number), user: UInt64(number)) }
    #expect(driver.seen.whats == ["send OPTIONS", "send OPTIONS", "transport failed 2"])
    #expect(driver.layer.counters.sendsRefused == 1)
    driver.run(to: 32)
    _ = driver.send(.options, branch: branch(3), user: 3)
    #expect(driver.seen.last?.what == "send OPTIONS")
  }
}
