import Basics
import Configuration
import Testing

@testable import Console

@Suite("Console: values that the box knows")
struct ValueCompletionTests {
  /// The shell's own answers, which no core has.
  private func person(user: ByteString? = "root") throws -> Person {
    let person = try Person(user: user)
    person.shellAnswers = [
      "audio": #"{"streamsOpen":0,"prompts":[{"prompt":"beep"},{"prompt":"all-busy"},{"prompt":"all-closed"}]}"#,
      "network":
        #"{"interfaces":[{"interface":"lo"},{"interface":"enp3s0"},{"interface":"enp3s0"}],"listeners":[]}"#,
    ]
    return person
  }

  @Test("the names of announcements, behind `test prompt`")
  func prompts() throws {
    let person = try person()
    person.type("test prompt ?")
    for name in ["beep", "all-busy", "all-closed"] { #expect(person.sees("  " + name), "\(person)") }
    #expect(!person.sees("  PROMPT"))
    person.type("al\t")
    #expect(person.screen.line == "Branch office> test prompt all-")
    person.type("b\tto 1?")
    #expect(person.screen.line == "Branch office> test prompt all-busy to 1")
  }

  @Test("interfaces behind `capture start NAME interface`, each once, and what may follow")
  func interfaces() throws {
    let person = try person()
    person.type("capture start tap interface e\t")
    #expect(person.screen.line == "Branch office> capture start tap interface enp3s0")
    person.type("size 8 ?")
    #expect(person.sees("  files") && person.sees("  minutes") && !person.sees("  interface"))
  }

  @Test("who has wrong passwords, behind `clear lockout`, and that for technicians alone")
  func lockouts() throws {
    let person = try person()
    person.type("clear lockout ?")
    #expect(person.sees("  NAME  The name or the place"))
    let stranger = try Person(user: nil, more: "user kim { role supervisor }\n", place: "ttyS0")
    stranger.line("lee")
    stranger.line("guess")
    let next = try Person(user: "root", world: stranger.world)
    next.type("clear lockout ?")
    #expect(next.sees("  lee") && next.sees("  ttyS0") && !next.sees("  NAME"), "\(next)")
    next.type("l\t\r")
    #expect(next.sees("clear lockout lee: done"))
    next.type("clear lockout \t\r")
    #expect(next.sees("clear lockout ttyS0: done"), "\(next)")
    #expect(String(decoding: next.world.request("lockouts"), as: UTF8.self) == "[]")
    let clerk = next.world.request("lockouts", peer: .user("kim"))
    #expect(String(decoding: clerk, as: UTF8.self).contains("not allowed"))
  }

  @Test("reasons of a break that are in use, and any other")
  func reasons() throws {
    let person = try person()
    person.line("agent login 101")
    person.line("agent pause 101 lunch break")
    person.type("agent pause 102 ?")
    #expect(person.sees("  lunch break") && person.sees("  REASON"), "\(person)")
    person.type("lu\t")
    #expect(person.screen.line == "Branch office> agent pause 102 \"lunch break\"")
    person.line("\u{15}agent login 102")
    person.line("agent pause 102 \"lunch break\"")
    person.line("show agents | count")
    #expect(String(decoding: person.world.request("agents"), as: UTF8.self).ranges(of: "lunch break").count == 2)
  }

  @Test("`why` takes agents and items: both are shown")
  func why() throws {
    let person = try person()
    person.addPhones()
    person.type("why ?")
    #expect(person.sees("  101") && person.sees("  102") && person.sees("  ITEM"), "\(person)")
    person.line("\u{15}agent login 102")
    person.world.call(0, "600")
    person.pass(6)
    person.type("why ?")
    let waiting = JSONValue(parsing: person.world.request("waiting"))?.elements.first?.number("item")
    if let waiting { #expect(person.sees("  \(waiting)") && !person.sees("  ITEM"), "\(person)") }
  }

  @Test("the others of its like, behind `move … before`")
  func move() throws {
    let person = try person()
    person.line("configure")
    person.type("move extension 101 before ?")
    #expect(person.sees("  102") && !person.sees("  101") && !person.sees("  KEY"), "\(person)")
    person.type("\t")
    #expect(person.screen.line == "Branch office# move extension 101 before 102")
    person.type("\u{15}move queue service after ?")
    #expect(person.sees("  KEY"))
  }

  @Test("where no daemon answers the placeholder stays", arguments: ["test prompt ", "why ", "clear lockout "])
  func deaf(_ line: String) throws {
    let person = try person()
    person.isDeaf = true
    person.type(line + "?")
    #expect(person.sees("  PROMPT") || person.sees("  ITEM") || person.sees("  NAME"), "\(person)")
  }
}
