import Appliance
import Basics
import BranchConfiguration
import SIPTransaction
import Simulation
import Testing

/// One who watches the box of a branch.
private struct Watcher {
  let order: String
  var next = 0

  init(_ order: String) { self.order = order }

  /// The first words of all that has come since, `101>box INVITE`, by the names that the box tells.
  mutating func look(_ branch: Branch) -> [String] { look { branch.world.request($0) } }

  mutating func look(_ ask: (ByteString) -> [UInt8]) -> [String] {
    let text = String(decoding: ask(ByteString(next == 0 ? order : "\(order) since \(next)")), as: UTF8.self)
    next = Int(field("next", in: text)) ?? -1
    return text.components(between: "{\"number\":").map { message in
      let label = message.components(between: "\"labels\":[\"").first?.prefix { $0 != "\"" } ?? ""
      return field("sourceName", in: message) + ">" + field("targetName", in: message) + " " + label
    }
  }

  private func field(_ name: String, in text: String) -> String {
    let value = text.components(between: "\"\(name)\":").first ?? ""
    return String(value.drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != "," && $0 != "}" })
  }
}

extension String {
  /// What follows each of these, up to the next.
  fileprivate func components(between mark: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let found = rest.firstRange(of: mark) {
      rest = rest[found.upperBound...]
      parts.append(String(rest.firstRange(of: mark).map { rest[..<$0.lowerBound] } ?? rest))
    }
    return parts
  }
}

@Suite("Traces of SIP messages")
struct TraceTests {
  @Test("a call is seen with both legs, by the names of who takes part", arguments: [SIPTransport.udp, .tcp])
  func call(_ transport: SIPTransport) throws {
    let branch = try Branch(transport)
    var watcher = Watcher("trace sip")
    #expect(watcher.look(branch).isEmpty)
    branch.call(branch.phones[0], "102")
    branch.wait(3)
    var seen = watcher.look(branch)
    branch.hangUp(branch.phones[0])
    branch.wait(1)
    seen += watcher.look(branch)
    func order(_ steps: [String]) -> Bool {
      var rest = seen[...]
      for step in steps {
        guard let place = rest.firstIndex(where: { $0.hasPrefix(step) }) else { return false }
        rest = rest[(place + 1)...]
      }
      return true
    }
    let first = "101>Test branch"
    #expect(
      order([
        first + " 1 INVITE (PCMU+1)", "Test branch>101 401", first + " 1 ACK", first + " 2 INVITE",
        "Test branch>102 1 INVITE", "102>Test branch 180", "102>Test branch 200", "Test branch>102 1 ACK",
        "Test branch>101 200", first + " 2 ACK", first + " 3 BYE", "Test branch>102 2 BYE", "102>Test branch 200",
      ]), "\(seen)")
  }

  @Test("a call, a phone, a trunk: what belongs to it and nothing else, up to the last message")
  func scopes() throws {
    let branch = try Branch()
    branch.call(branch.phones[0], "102")
    branch.wait(3)
    let number = try #require(
      branch.world.ask(.calls).split(separator: ",").first?.split(separator: ":").last.flatMap { Int($0) })
    var call = Watcher("trace sip call \(number)")
    var phone = Watcher("trace sip phone 103")
    var trunk = Watcher("trace sip trunk carrier")
    _ = (call.look(branch), phone.look(branch), trunk.look(branch))
    branch.call(branch.phones[2], "013800000009")
    branch.wait(2)
    // It is over before anybody looks.
    branch.hangUp(branch.phones[2])
    branch.wait(1)
    branch.hangUp(branch.phones[0])
    branch.wait(1)
    let ofCall = call.look(branch)
    #expect(ofCall.count == 4 && ofCall.allSatisfy { $0.contains("BYE") }, "\(ofCall)")
    let ofPhone = phone.look(branch)
    #expect(ofPhone.first?.hasPrefix("103>Test branch 1 INVITE") == true, "\(ofPhone)")
    #expect(ofPhone.contains { $0.hasPrefix("Test branch>carrier 1 INVITE") }, "\(ofPhone)")
    let ofTrunk = trunk.look(branch)
    #expect(ofTrunk.contains { $0.hasPrefix("Test branch>103 200") } && !ofTrunk.contains { $0.contains(">102") })
  }

  @Test("it ends some seconds after nobody asked any more, and begins again where somebody does")
  func ends() throws {
    let branch = try Branch()
    var watcher = Watcher("trace sip")
    _ = watcher.look(branch)
    branch.wait(4)
    _ = watcher.look(branch)
    branch.wait(6)
    branch.call(branch.phones[0], "102")
    branch.wait(3)
    #expect(watcher.look(branch).isEmpty)
    branch.hangUp(branch.phones[0])
    branch.wait(1)
    #expect(watcher.look(branch).count == 4)
  }

  @Test("no more messages are kept than the ring has room for; who watches is told how many are missing, and asks on")
  func overflow() throws {
    var box = Box(try Branch.settings())
    _ = box.ask("trace sip")
    for index in 0..<1_100 { box.hear("OPTIONS sip:x SIP/2.0\r\nCall-ID: \(index)\r\n\r\n") }
    var text = box.ask("trace sip since 1")
    // Each is malformed, and answered with 400.
    let missed = try #require(
      text.firstRange(of: "\"missed\":").map { Int(text[$0.upperBound...].prefix { $0.isNumber }) })
    #expect(missed ?? 0 >= 100 && text.contains("\"more\":true"), "\(text.prefix(200))")
    var messages = 0
    var next = 1
    while true {
      messages += text.components(between: "{\"number\":").count
      next = Int(text.components(between: "\"next\":").first?.prefix { $0.isNumber } ?? "") ?? 0
      guard text.contains("\"more\":true") else { break }
      text = box.ask(ByteString("trace sip since \(next)" as String))
    }
    #expect(messages == 1_000)
    #expect(box.ask("counters").contains("\"tracedMessagesDropped\":\(missed ?? 0)"))
    let use = box.appliance.limitUses(at: .zero).first { ByteString($0.name) == "traced-messages" }
    #expect(use?.most == 1_000 && use?.used == 1_000 && use?.hits == missed)
  }

  @Test("whatever peers send, no credentials and no whole number of a customer are told")
  func secrets() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    var box = Box(try Branch.settings())
    _ = box.ask("trace sip")
    var lines = [
      "From: <sip:13812345678@x>;tag=1", "To: \"13812345678\" <sip:13812345678@y>", "Call-ID: a@b", "CSeq: 1 INVITE",
      "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKx", "Authorization: Digest response=\"5ec4e7\", nonce=\"5ec4e7\"",
      "Proxy-Authorization: Basic 5ec4e7", "Max-Forwards: 70", "Contact: <sip:13812345678@10.0.0.9>",
      "Content-Type: application/sdp", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:5ec4e7", "k=clear:5ec4e7", "v=0",
      "Content-Length: 0",
    ]
    for _ in 0..<400 {
      for index in lines.indices { lines.swapAt(index, random.below(lines.count)) }
      let start = random.below(2) == 0 ? "INVITE sip:13812345678@z SIP/2.0" : "SIP/2.0 200 OK"
      var bytes = Array(
        ([start] + lines.prefix(random.below(lines.count + 1)) + ["", ""]).joined(separator: "\r\n").utf8)
      for _ in 0..<random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      box.hear(bytes)
      let text = box.ask("trace sip since 1")
      #expect(!text.contains("5ec4e7") && !text.contains("13812345678"), "seed \(seed): \(text)")
    }
  }

  @Test("who may not is refused, and so is what is not there")
  func refusals() throws {
    let branch = try Branch(more: "user ann { role supervisor }")
    func ask(_ line: ByteString, _ peer: Peer = .trusted(0)) -> String {
      String(decoding: branch.world.request(line, peer: peer), as: UTF8.self)
    }
    #expect(ask("trace sip", .user("ann")).contains("not allowed"))
    #expect(ask("capture start tap", .user("ann")).contains("not allowed"))
    #expect(ask("capture list", .user("ann")).contains("tap"))
    #expect(ask("trace sip call 99").contains("unknown call"))
    #expect(ask("trace sip phone 199").contains("unknown extension"))
    #expect(ask("capture start tap trunk none").contains("unknown trunk"))
    #expect(ask("trace rtp").contains("usage: trace sip"))
    #expect(ask("capture start tap phone 101").contains("\"done\":true"))
    let audit = branch.world.ask(.audit)
    #expect(audit.contains(#""by":"console:0","act":"capture-start","subject":"tap","detail":"","done":true"#))
    #expect(audit.contains(#""act":"capture-start","subject":"tap","detail":"","done":false"#), "\(audit)")
  }
}

/// A box with nobody around it.
private struct Box {
  var appliance = Appliance()
  var now = Instant.zero + .seconds(100)

  init(_ settings: BranchSettings) {
    tell(.entropy([UInt8](repeating: 7, count: 64)))
    tell(.wall(WallTime(seconds: 1_772_352_900), trusted: true))
    tell(.configure(revision: 1, settings))
  }

  mutating func hear(_ text: String) { hear(Array(text.utf8)) }
  mutating func hear(_ bytes: [UInt8]) {
    tell(.transport(.datagram(listener: 0, from: Endpoint(.v4(0x0A00_0009), 5060), bytes: bytes)))
  }

  mutating func ask(_ line: ByteString) -> String {
    tell(.request(OperatorRequest(client: 1, line: line, peer: .trusted(0))))
  }

  @discardableResult
  private mutating func tell(_ input: Appliance.Input) -> String {
    now = now + .milliseconds(1)
    appliance.handle(input, at: now)
    var answer: [UInt8] = []
    while let output = appliance.pollOutput() { if case .answer(_, let bytes) = output { answer = bytes } }
    return String(decoding: answer, as: UTF8.self)
  }
}
