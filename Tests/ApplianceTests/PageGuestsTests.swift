import Basics
import Testing

@testable import Appliance

@Suite("What the page may say")
struct PageGuestsTests {
  private static let users: ByteString =
    "user lee { role technician }\nuser ron { role read-only }\nweb { listen 127.0.0.1:8443 }\n"

  private static let password = Array("correct horse battery".utf8)
  /// Of that, as cheap as it may be.
  private static let usersWithPassword = ["lee { role supervisor", "ron { role read-only"].reduce(
    "web { listen 127.0.0.1:8443 }\n" as ByteString
  ) {
    $0 + "user " + $1 + "; password \"$argon2id$v=19$m=8,t=1,p=1$"
      + "wX+BcbOLe6hAx93D3EdlhA$0eysot/xgt0oGkgNBspVZwHegJDfZ2dR/6lSLd4ypGI\" }\n"
  }

  private func logIn(_ branch: Branch, _ who: ByteString, _ password: [UInt8] = password) -> String {
    String(decoding: branch.world.request("as " + who + " login", text: password, peer: .page(1)), as: UTF8.self)
  }

  private func request(_ branch: Branch, _ line: ByteString, by channel: UInt64 = 1) -> String {
    String(decoding: branch.world.request(line, peer: .page(channel)), as: UTF8.self)
  }

  @Test(
    "by name alone nobody is anybody, whatever is asked",
    arguments: [
      "overview", "counters", "process", "status", "as lee@1.2.3.4 overview", "as root@1.2.3.4 overview",
      "as lee@1.2.3.4 configuration show", "configuration show", "as @ overview", "as lee@1.2.3.4 agent login 101",
      "brown-out on", "request shutdown now", "page", "console", "as lee@x console", "log", "",
    ])
  func nobody(_ line: String) throws {
    let branch = try Branch(more: Self.users)
    #expect(request(branch, ByteString(line)).contains(#""refusal":"not allowed""#))
    #expect(branch.says(.status, #""stopping":false"#) && branch.says(.audit, "[]"), "and the audit log is not filled")
  }

  @Test("of who has logged in it says what stands in the list, and nothing else, whatever the role")
  func words() {
    func split(_ line: String) -> [ByteString] { line.split(separator: " ").map { ByteString(String($0)) } }
    for line in ["overview", "counters", "process"] { #expect(PageGuests.isQuestion(split(line))) }
    for line in ["callback cancel 7", "callback dial-now 7", "agent login 101", "agent pause 101"] {
      #expect(PageGuests.isAct(split(line)))
    }
    for line in [
      "callback move 7 service", "agent login", "agent login 101 now", "agent login x", "item take-out 1", "log",
      "overview now", "configuration show", "request shutdown now", "test call 101", "capture start x", "why 101", "",
      "callback reschedule 7 +1h", "console typed", "brown-out on", "take-over", "database-copy", "prompt x",
      "trace sip",
    ] { #expect(!PageGuests.isQuestion(split(line)) && !PageGuests.isAct(split(line)), "\(line)") }
  }

  @Test("a right password opens the words of the list in that name, with its role, until it is logged out")
  func loggedIn() throws {
    let branch = try Branch(more: Self.usersWithPassword)
    branch.logIn()
    #expect(logIn(branch, "lee@1.2.3.4", [1]).contains("wrong"))
    #expect(request(branch, "as lee@1.2.3.4 overview").contains("not allowed"))
    #expect(logIn(branch, "lee@1.2.3.4").contains(#""role":"supervisor""#))
    #expect(request(branch, "as lee@1.2.3.4 overview").contains(#""queues":"#))
    #expect(request(branch, "as lee@1.2.3.4 agent pause 101").contains(#""done":true"#))
    #expect(branch.says(.audit, #""by":"lee@1.2.3.4","act":"pause""#))
    for line in ["as lee@1.2.3.4 configuration show", "as lee@1.2.3.5 overview", "as ron@1.2.3.4 overview", "overview"]
    {
      #expect(request(branch, ByteString(line)).contains("not allowed"), "\(line)")
    }
    #expect(request(branch, "as lee@1.2.3.4 logout").contains("true"))
    #expect(request(branch, "as lee@1.2.3.4 overview").contains("not allowed"))
  }

  @Test("a role that may only see orders nothing by the page either")
  func role() throws {
    let branch = try Branch(more: Self.usersWithPassword)
    #expect(logIn(branch, "ron@1.2.3.4").contains("role"))
    #expect(request(branch, "as ron@1.2.3.4 overview").contains(#""queues":"#))
    #expect(request(branch, "as ron@1.2.3.4 agent login 101").contains("not allowed"))
  }

  @Test("another process of the page begins with nobody, and the one before it is not heard any more")
  func channels() throws {
    let branch = try Branch(more: Self.usersWithPassword)
    #expect(logIn(branch, "lee@1.2.3.4").contains("role"))
    #expect(request(branch, "as lee@1.2.3.4 overview").contains(#""queues":"#))
    #expect(request(branch, "as lee@1.2.3.4 overview", by: 2).contains("not allowed"))
    #expect(request(branch, "as lee@1.2.3.4 overview", by: 1).contains("not allowed"))
  }

  @Test("without a log-in it asks for the metrics, where networks may read them")
  func metrics() throws {
    let branch = try Branch(more: "web { listen 127.0.0.1:8443; metrics-from 10.0.0.0/8 }\n")
    #expect(request(branch, "overview").contains(#""queues":"#) && request(branch, "counters").contains(#""calls":"#))
    #expect(
      request(branch, "agent login 101").contains("not allowed") && request(branch, "audit").contains("not allowed"))
  }

  @Test("who says nothing for long is forgotten; and the one longest idle when there are too many")
  func bounds() {
    var guests = PageGuests()
    guests.admit("lee@1", by: 1, at: .zero)
    func knows(_ who: ByteString, _ minute: Int) -> Bool { guests.knows(who, at: .zero + .minutes(minute)) }
    #expect(knows("lee@1", 19))
    #expect(knows("lee@1", 38), "each word begins the time anew")
    #expect(!knows("lee@1", 58))
    for number in 0...PageGuests.Limits.people { guests.admit(ByteString("p@\(number)"), by: 1, at: .zero) }
    #expect(!knows("p@0", 0) && knows("p@1", 0))
    #expect(guests.limitUse.used == PageGuests.Limits.people && guests.limitUse.hits == 1)
  }

  @Test("no more passwords in a minute than the disk has time for")
  func pace() throws {
    let branch = try Branch(more: Self.users)
    var answers: [String] = []
    for number in 0...PageGuests.Limits.logInsPerMinute {
      answers.append(logIn(branch, ByteString("p\(number)@1.2.3.\(number)"), [1]))
    }
    #expect(answers.last?.contains(#""refusal":"locked out","seconds":60"#) == true)
    #expect(!answers.dropLast().contains { $0.contains(#""seconds":60"#) })
  }
}
