import Appliance
import Basics
import MediaEngine
import Simulation
import Testing

@Suite("Tests of lines")
struct LineTestTests {
  private func test(_ branch: Branch, _ line: ByteString, seconds: Int = 5) throws -> String {
    let atOnce = branch.world.order(try Order(line: line))
    guard atOnce.isEmpty else { return atOnce }
    branch.wait(seconds)
    return branch.world.laterAnswer
  }

  @Test("the box calls itself: both ends hear the keys of the other, and nothing is left of it")
  func loop() throws {
    let branch = try Branch()
    let answer = try test(branch, "test loop")
    #expect(answer.contains("\"test\":\"loop\"") && answer.contains("\"passed\":true"))
    #expect(answer.contains("\"status\":200") && answer.contains("\"soundHeard\":true"))
    #expect(answer.contains("\"packetsLost\":0") && !answer.contains("\"packetsReceived\":0"))
    #expect(branch.world.unrest.isEmpty, "\(branch.world.unrest)")
    // It is no call of anybody's.
    #expect(!branch.world.log.contains { $0.contains("call.ended") })
    #expect(branch.says(.audit, "\"act\":\"test\""))
  }

  @Test("other keys with each call: what an older one left is not taken for sound")
  func keys() throws {
    let branch = try Branch()
    let answers = try [test(branch, "test loop"), test(branch, "test loop")]
    let keys = answers.compactMap { $0.firstMatch(of: #/"keys":"([0-9]{4})"/#)?.1 }
    #expect(keys.count == 2 && keys[0] != keys[1])
  }

  @Test("where no sound comes through the call to itself says so")
  func silent() throws {
    let branch = try Branch()
    branch.world.losesSound = true
    let answer = try test(branch, "test loop", seconds: 10)
    #expect(answer.contains("\"passed\":false") && answer.contains("no sound comes through"))
    #expect(branch.world.unrest.isEmpty, "\(branch.world.unrest)")
  }

  @Test("a phone is called, and it is told when it rang and answered, and which keys were pressed")
  func phone() throws {
    let branch = try Branch()
    #expect(try test(branch, "test call 102", seconds: 0).isEmpty)
    #expect(branch.rings(branch.phones[1]))
    branch.wait(2)
    branch.world.tell(branch.phones[1], .press(UInt8(ascii: "4")))
    branch.wait(1)
    branch.world.tell(branch.phones[1], .press(UInt8(ascii: "#")))
    branch.wait(4)
    let answer = branch.world.laterAnswer
    #expect(answer.contains("\"passed\":true") && answer.contains("\"keys\":\"4#\""), "\(answer)")
    #expect(answer.contains("\"answeredAfterMilliseconds\":1") && answer.contains("\"rangAfterMilliseconds\":"))
    #expect(branch.world.unrest.isEmpty, "\(branch.world.unrest)")
    #expect(branch.status(branch.phones[1]) == 200)
    #expect(try test(branch, "test call 199").contains("\"refusal\":\"unknown extension\""))
    let other = try Branch(more: "extension 130 { secret \"a secret for 130\" }\n")
    #expect(try test(other, "test call 130").contains("\"refusal\":\"not registered\""))
  }

  @Test("a phone that nobody picks up is given up after half a minute")
  func nobody() throws {
    let branch = try Branch(answers: false)
    let answer = try test(branch, "test call 102", seconds: 36)
    #expect(answer.contains("\"passed\":false") && answer.contains("\"failure\":\"no answer\""), "\(answer)")
    #expect(branch.status(branch.phones[1]) == 487)
  }

  @Test("a number outside is called over the trunk that is named")
  func outside() throws {
    let branch = try Branch()
    let answer = try test(branch, "test call 02188880000 via carrier", seconds: 30)
    #expect(answer.contains("\"passed\":true") && answer.contains("\"to\":\"02188880000\""), "\(answer)")
    #expect(try test(branch, "test call 02188880000 via other").contains("\"refusal\":\"unknown trunk\""))
  }

  @Test("a trunk is asked by OPTIONS: how long it took, or that it says nothing")
  func trunk() throws {
    let branch = try Branch()
    let answer = try test(branch, "test trunk carrier")
    #expect(answer.contains("\"passed\":true") && answer.contains("\"status\":200"), "\(answer)")
    let dead = try Branch(more: "trunk dead { peer { address 10.8.0.9:5060 }; channels 6; qualify 0s }\n")
    let none = try test(dead, "test trunk dead", seconds: 9)
    #expect(none.contains("\"passed\":false") && none.contains("\"failure\":\"no answer\""), "\(none)")
    // The late end of the transaction finds nobody who waits.
    dead.wait(60)
    #expect(dead.world.laterAnswer.isEmpty)
  }

  @Test("tests of which there are too many are refused, and so is one of another kind")
  func limits() throws {
    let branch = try Branch(answers: false)
    for _ in 0..<4 { #expect(branch.world.order(.test(.call(extension: "102"))).isEmpty) }
    #expect(branch.world.order(.test(.loop)).contains("too many tests"))
    for line: ByteString in [
      "test", "test loop 1", "test call", "test call 1 via", "test call 12a via carrier", "test prompt nothing",
      "test trunk a b",
    ] {
      #expect(throws: Order.Fault.self) { try Order(line: line) }
    }
    #expect(try Order(line: "test prompt beep to 101") == .test(.prompt(.beep, to: "101")))
  }
}
