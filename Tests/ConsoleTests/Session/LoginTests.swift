import Basics
import Testing

@testable import Console

@Suite("Console: log-in")
struct LoginTests {
  private func first() throws -> Person {
    let person = try Person(user: nil, place: "ttyS0")
    person.line("lee")
    person.line("correct horse")
    person.line("correct horse")
    return person
  }

  @Test("the first person at a serial line chooses a name and a password, and is the technician")
  func firstLogin() throws {
    let person = try Person(user: nil, place: "ttyS0")
    #expect(person.sees("Nobody can log in yet") && person.screen.line == "Name:")
    person.line("lee kim")
    #expect(person.sees("A name has letters") && person.screen.line == "Name:")
    person.line("lee")
    person.line("short")
    #expect(person.sees("At least 8 characters") && person.screen.line == "New password:")
    person.line("correct horse")
    person.line("correct hors")
    #expect(person.sees("not the same") && person.screen.line == "New password:")
    person.line("correct horse")
    person.line("correct horse")
    #expect(person.sees("Logged in as lee, technician") && person.screen.line == "Branch office>")
    #expect(!person.transcript.contains("correct"))
    let kept = String(decoding: person.world.configurationFiles[.configuration] ?? [], as: UTF8.self)
    #expect(kept.contains("user lee {") && kept.contains("password $argon2id$") && !kept.contains("correct"))
    #expect(kept.contains("a secret for 101"))
  }

  @Test("who has logged in once logs in again with that password and no other")
  func again() throws {
    let person = try first()
    person.line("exit")
    #expect(person.hasLeft)
    let next = try Person(user: nil, world: person.world, place: "ttyS0")
    #expect(next.screen.line == "Branch office login:")
    next.line("lee")
    next.line("wrong")
    #expect(next.sees("That is not right.") && next.screen.line == "Branch office login:")
    next.line("kim")
    next.line("correct horse")
    #expect(next.sees("That is not right.") && next.screen.line == "Branch office login:")
    next.line("lee")
    next.line("correct horse")
    #expect(next.sees("Logged in as lee, technician"))
    next.line("show audit | match login")
    #expect(next.transcript.contains("lee@ttyS0  login  ttyS0"))
  }

  @Test("five wrong passwords lock the name out at that place for a while, and longer each time; elsewhere it is open")
  func lockOut() throws {
    let person = try first()
    person.line("exit")
    let next = try Person(user: nil, world: person.world, place: "ttyS0")
    for _ in 0..<5 {
      next.line("lee")
      next.line("guess")
    }
    next.line("lee")
    next.line("correct horse")
    #expect(next.sees("Too many wrong passwords: wait 30 s."))
    next.pass(31)
    next.line("lee")
    next.line("guess")
    next.line("lee")
    next.line("correct horse")
    #expect(next.sees("wait 60 s."))
    let elsewhere = try Person(user: nil, world: next.world, place: "ttyAMA0")
    elsewhere.line("lee")
    elsewhere.line("correct horse")
    #expect(elsewhere.sees("Logged in as lee"))
  }

  @Test("Ctrl-C and BREAK begin the log-in anew; a session that nobody uses ends")
  func endings() throws {
    let person = try first()
    let next = try Person(user: nil, world: person.world, place: "ttyS0")
    next.type("lee\r")
    #expect(next.screen.line == "Password:")
    next.tell(.lineBreak)
    #expect(next.screen.line == "Branch office login:")
    next.line("lee")
    next.line("correct horse")
    next.pass(15 * 60 - 5)
    next.line("show status")
    next.pass(15 * 60 - 5)
    #expect(!next.hasLeft)
    next.pass(10)
    #expect(next.hasLeft && next.sees("Nobody was here for a while"))
  }

  @Test("whom the system has let in has the role of the user with that name; others may only look")
  func roles() throws {
    let users: ByteString = "user kim { role supervisor; language zh }\nuser lee { role technician }\n"
    let kim = try Person(user: "kim", peer: .user("kim"), more: users)
    #expect(kim.sees("已登录：kim, supervisor"))
    kim.line("configure")
    #expect(kim.screen.line == "Branch office#")
    kim.line("set name X")
    kim.line("commit")
    #expect(kim.sees("被拒绝，权限不足"))
    kim.line("discard")
    kim.line("exit")
    kim.line("agent login 101")
    #expect(kim.sees("login 101: 完成"))
    let other = try Person(user: "eve", peer: .user("eve"), world: kim.world)
    #expect(other.sees("Logged in as eve, read-only"))
    other.line("agent logout 101")
    #expect(other.sees("refused, not allowed"))
    other.line("show agents")
    #expect(other.sees("Reception"))
    // Nobody but the system can speak for others.
    let answer = String(
      decoding: other.world.request("as lee@pts/9 agent logout 101", peer: .user("eve")), as: UTF8.self)
    #expect(answer.contains("not allowed"))
    let login = String(
      decoding: other.world.request("as lee@pts/9 login", text: [1], peer: .user("eve")), as: UTF8.self)
    #expect(login.contains("\"refusal\":\"wrong\""))
  }

  @Test("a password is changed by its owner")
  func password() throws {
    let person = try first()
    person.line("password")
    person.line("another one")
    person.line("another one")
    #expect(person.sees("The password is changed.") && person.screen.line == "Branch office>")
    let next = try Person(user: nil, world: person.world, place: "ttyS0")
    next.line("lee")
    next.line("correct horse")
    #expect(next.sees("That is not right."))
    next.line("lee")
    next.line("another one")
    #expect(next.sees("Logged in as lee"))
  }
}
