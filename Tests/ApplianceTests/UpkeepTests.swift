import Basics
import BranchConfiguration
import SIPTransaction
import SIPUserAgent
import Testing

@testable import Appliance
@testable import Simulation

@Suite("Upkeep: request and clear")
struct UpkeepTests {
  private static let users: ByteString = """
    user lee { role technician }
    user sue { role supervisor }
    user ron { role read-only }

    """

  private func request(_ branch: Branch, _ line: ByteString, by user: ByteString = "lee") -> String {
    String(decoding: branch.world.request(line, peer: .user(user)), as: UTF8.self)
  }

  @Test("a call is ended for both sides, by a supervisor too, and leaves nothing behind")
  func clearCall() throws {
    let branch = try Branch(more: Self.users)
    branch.connect()
    let number = try #require(branch.world.ask(.calls).firstMatch(of: /"call":([0-9]+)/)).1
    #expect(request(branch, "clear call 99", by: "sue").contains(#""refusal":"unknown call""#))
    #expect(
      request(branch, ByteString("clear call \(number)"), by: "sue")
        == #"{"done":true,"act":"clear","subject":"call \#(number)"}"#)
    branch.wait(40)
    #expect(!branch.says(.calls, "call") && branch.isAtRest() == [])
    #expect(branch.world.log.contains { $0.contains("call.cleared \(number)") })
    #expect(branch.says(.audit, #""by":"sue","act":"clear","subject":"call \#(number)","detail":"","done":true"#))
    #expect(branch.says(.audit, #""subject":"call 99","detail":"","done":false"#))
  }

  @Test("a caller who waits is put out of the queue by the end of the call")
  func clearWaiting() throws {
    let branch = try Branch(answers: false, sound: true, more: Self.users)
    branch.logIn()
    branch.call(branch.customer, "02155550000")
    branch.wait(5)
    let number = try #require(branch.world.ask(.waiting).firstMatch(of: /"call":([0-9]+)/)).1
    #expect(request(branch, ByteString("clear call \(number)"), by: "sue").contains("true"))
    branch.wait(40)
    #expect(!branch.says(.waiting, "item") && branch.world.isIdle(branch.customer) && branch.isAtRest() == [])
  }

  @Test("a phone is forgotten on the disk too, is not called, and is back with its next registration")
  func clearPhone() throws {
    let branch = try Branch(more: Self.users)
    #expect(branch.says(.phones, #""user":"102""#))
    #expect(request(branch, "clear phone 102").contains(#""done":true"#))
    #expect(!branch.says(.phones, #""user":"102""#) && branch.says(.phones, #""user":"101""#))
    #expect(request(branch, "clear phone 102").contains(#""refusal":"not registered""#))
    branch.call(0, "102")
    branch.wait(3)
    #expect(branch.status(0) == 480)
    branch.world.cutPower()
    branch.wait(20)
    #expect(!branch.says(.phones, #""user":"102""#) && branch.says(.phones, #""user":"101""#))
    let isBack = branch.world.run(atMost: .minutes(11)) { world in
      var world = world
      return world.ask(.phones).contains(#""user":"102""#)
    }
    #expect(isBack)
  }

  @Test("counters begin at nothing; what says how much there is stays, and so do limits")
  func clearCounters() throws {
    let branch = try Branch(more: Self.users)
    branch.connect()
    #expect(branch.says(.counters, #"{"calls":1,"answered":1"#) && branch.says(.counters, #""streams":2"#))
    #expect(request(branch, "clear counters").contains("true"))
    #expect(branch.says(.counters, #"{"calls":0,"answered":0"#) && branch.says(.counters, #""streams":2"#))
    #expect(branch.says(.counters, #""registrations":0"#) && branch.says(.counters, #""legs":2"#))
    branch.call(2, "101")
    branch.wait(2)
    #expect(branch.says(.counters, #"{"calls":1,"#))
  }

  @Test("who is locked out may log in again at once")
  func clearLockOut() throws {
    let branch = try Branch(more: Self.users)
    func logIn() -> String {
      String(
        decoding: branch.world.request("as eve@ttyS0 login", text: Array("wrong".utf8), peer: .trusted(0)),
        as: UTF8.self)
    }
    for _ in 0..<5 { _ = logIn() }
    #expect(logIn().contains("locked out"))
    #expect(request(branch, "clear lockout bob").contains(#""refusal":"not locked out""#))
    #expect(request(branch, "clear lockout eve").contains("true"))
    #expect(logIn().contains(#""refusal":"wrong""#))
    #expect(request(branch, "clear lockout ttyS0").contains("true"))
  }

  @Test("a source that floods is shown, and heard again by an operator's word")
  func clearBlocked() throws {
    let branch = try Branch(more: Self.users)
    #expect(request(branch, "clear blocked 203.0.113.6").contains(#""refusal":"not blocked""#))
    #expect(request(branch, "clear blocked nonsense").contains("error"))
    let source = Endpoint(.v4(0xCB00_7106), 5060)
    for number in 0...UserAgent.Limits.strangerBurst {
      let text =
        "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.6;branch=z9hG4bK\(number)\r\nFrom: <sip:a@b>;tag=1\r\n"
        + "To: <sip:a@b>\r\nCall-ID: \(number)\r\nCSeq: 1 OPTIONS\r\n\r\n"
      branch.world.tellBox(.transport(.datagram(listener: 0, from: source, bytes: Array(text.utf8))))
    }
    #expect(branch.says(.blocked, #"[{"address":"203.0.113.6","reason":"flood","expiresInSeconds":30,"times":1"#))
    #expect(request(branch, "clear blocked 203.0.113.6").contains("true"))
    #expect(branch.says(.blocked, "[]"))
  }

  @Test("a shutdown waits for calls; one that must be now ends them first")
  func shutDown() throws {
    for word in ["", " now"] {
      let branch = try Branch(more: Self.users)
      branch.connect()
      #expect(request(branch, ByteString("request shutdown" + word)).contains(#""done":true"#))
      branch.wait(5)
      #expect(branch.world.hasStopped == (word == " now"), "\(word)")
      if word.isEmpty {
        #expect(branch.says(.status, #""stopping":true"#))
        branch.hangUp(0)
        branch.wait(5)
        #expect(branch.world.hasStopped)
      }
    }
  }

  @Test("a shutdown that waits can be hurried")
  func hurried() throws {
    let branch = try Branch(more: Self.users)
    branch.connect()
    _ = request(branch, "request shutdown")
    branch.wait(3)
    #expect(!branch.world.hasStopped)
    _ = request(branch, "request shutdown now")
    branch.wait(5)
    #expect(branch.world.hasStopped)
  }

  @Test(
    "whose role is too low is refused, and nothing happens",
    arguments: [
      ("sue", "clear counters"), ("sue", "clear log"), ("sue", "clear phone 101"), ("sue", "clear lockout eve"),
      ("sue", "request shutdown"), ("sue", "request support-bundle"), ("ron", "clear call 1"), ("ron", "clear log"),
    ])
  func refused(_ user: String, _ line: String) throws {
    let branch = try Branch(more: Self.users)
    #expect(request(branch, ByteString(line), by: ByteString(user)).contains(#""refusal":"not allowed""#))
    #expect(branch.says(.audit, #""by":"\#(user)","act":"refused","subject":"\#(line)""#))
    #expect(branch.says(.phones, #""user":"101""#) && branch.says(.status, #""stopping":false"#))
  }

  @Test(
    "what is no such order is answered with what is",
    arguments: [
      "clear", "clear everything", "clear call x", "clear phone", "clear log now", "request", "request shutdown soon",
      "request support-bundle ../x", "request support-bundle .x", "request support-bundle a b",
    ])
  func usage(_ line: String) throws {
    let branch = try Branch(more: Self.users)
    #expect(request(branch, ByteString(line)).contains(#"{"error":"usage: "#))
  }
}
