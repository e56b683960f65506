import Basics
import BranchConfiguration
import Simulation
import Testing

@testable import Console

extension Person {
  /// Registered phones 101 and 102; 102 answers after two seconds.
  func addPhones() {
    for (index, name) in ["101" as ByteString, "102"].enumerated() {
      let phone = SoftPhone.Setup(
        name: name,
        account: .registered(user: name, authUser: name, secret: "a secret for " + name, expires: 600),
        transport: .udp, own: Endpoint(.v4(0x0A00_0100 + UInt32(index)), 5060), box: World.boxEndpoint,
        mediaPort: 20_000, number: name, manner: .answers(after: .seconds(2), talks: .minutes(10)))
      world.add(.phone, phone)
    }
    world.run(for: .seconds(2))
  }

  /// Times and Call-IDs aside, which are others with each change of the machines.
  fileprivate var shown: [String] {
    screen.lines.map { line in
      if let end = line.firstRange(of: "Call-ID ") { return String(line[..<end.upperBound]) + "…" }
      let isArrow = line.dropFirst(2).first == ":" && line.contains("|")
      return isArrow ? "hh:mm:ss.mmm" + line.dropFirst(12) : line
    }
  }
}

@Suite("Console: traces and captures")
struct ConsoleTraceTests {
  @Test("a call is drawn on 80x24 as it goes, and a key ends it")
  func ladder() throws {
    let person = try Person()
    person.addPhones()
    person.line("trace sip")
    #expect(person.screen.line == "" && person.sees("-- any key ends --"))
    person.world.call(0, "102")
    person.pass(4)
    person.world.tell(0, .hangUp)
    person.pass(1)
    person.type("q")
    let expected = """
      Branch office> trace sip
      -- any key ends --
      Time                    101             Branch office
                         10.0.1.0:5060        10.0.0.1:5060
      -- a: 101 > 102, Call-ID …
      hh:mm:ss.mmm a           |-1 INVITE (PCMU+1)->|
      hh:mm:ss.mmm a           |<-401 Unauthorized--|
      hh:mm:ss.mmm a           |------ 1 ACK ------>|
      hh:mm:ss.mmm a           |-2 INVITE (PCMU+1)->|
      Time                    101             Branch office             102
                         10.0.1.0:5060        10.0.0.1:5060        10.0.1.1:5060
      -- b: 101 > 102, Call-ID …
      hh:mm:ss.mmm b           |                    |-1 INVITE (PCMU+1)->|
      hh:mm:ss.mmm b           |                    |<-- 180 Ringing ----|
      hh:mm:ss.mmm a           |<-- 180 Ringing ----|                    |
      hh:mm:ss.mmm b           |                    |<- 200 OK (PCMU) ---|
      hh:mm:ss.mmm b           |                    |------ 1 ACK ------>|
      hh:mm:ss.mmm a           |<- 200 OK (PCMU) ---|                    |
      hh:mm:ss.mmm a           |------ 2 ACK ------>|                    |
      hh:mm:ss.mmm a           |------ 3 BYE ------>|                    |
      hh:mm:ss.mmm a           |<- 200 OK, 3 BYE ---|                    |
      hh:mm:ss.mmm b           |                    |------ 2 BYE ------>|
      hh:mm:ss.mmm b           |                    |<- 200 OK, 2 BYE ---|
      Branch office>
      """
    #expect(person.shown.joined(separator: "\n") == expected)
    #expect(person.screen.problems == [])
  }

  @Test("on a screen of few rows the names are told again when they have left it")
  func headings() throws {
    let person = try Person(rows: 12)
    person.addPhones()
    person.line("trace sip")
    for _ in 0..<4 {
      person.world.call(0, "102")
      person.pass(4)
      person.world.tell(0, .hangUp)
      person.pass(1)
    }
    // Twice where somebody appears, and at least once for each ten rows of the other calls.
    let headings = person.transcript.split(separator: "\r\n").count { $0.hasPrefix("Time ") }
    #expect(headings >= 2 + 4 && person.sees("Time "), "\(headings)")
    for row in 0..<12 { #expect(person.screen.text(row).count <= 80) }
  }

  @Test("on a dumb terminal it comes as plain lines; what is not there is refused; without a daemon it ends")
  func plain() throws {
    let person = try Person(isDumb: true, rows: 0)
    person.addPhones()
    person.line("trace sip call 99")
    #expect(person.transcript.contains("there is no such call"))
    person.line("trace sip phone 101")
    person.world.call(0, "102")
    person.pass(4)
    #expect(person.transcript.contains("1 INVITE (PCMU") && !person.transcript.contains("\u{1B}"))
    person.isDeaf = true
    person.pass(1)
    #expect(person.transcript.contains("no daemon answers"))
    person.isDeaf = false
    person.line("show queues")
    #expect(person.transcript.contains("Customer service"))
  }

  @Test("words, numbers and names behind trace and capture are completed; a filter keeps its quotation marks")
  func grammar() throws {
    let person = try Person()
    person.addPhones()
    person.world.call(0, "102")
    person.pass(4)
    person.type("tr\ts\tca\t")
    #expect(person.screen.line == "Branch office> trace sip call")
    person.type("\t")
    let number = person.screen.line.split(separator: " ").last.flatMap { Int($0) }
    #expect(number != nil, "\(person)")
    person.type("\u{15}capture stop \t")
    #expect(person.screen.line == "Branch office> capture stop tap")
    person.line("")
    #expect(person.sees("capture-stop tap: done"))
    person.type("capture start t1 ?")
    for word in ["call", "phone", "trunk", "filter", "interface", "size", "files", "minutes", "<Enter>"] {
      #expect(person.sees("  " + word), "\(word) in \(person)")
    }
    person.type("\u{15}")
    person.line("capture start t2 filter \"udp port 5060\" size 8 minutes 3")
    #expect(person.sees("capture-start t2: done"))
    person.line("capture start t3 filter udp port")
    #expect(person.sees("unknown: \"port\""))
    person.line("capture start ../etc")
    #expect(person.sees("the name of a capture has letters"))
    person.line("capture delete tap")
    #expect(person.screen.line == "Really capture delete tap? [yes/no]")
    person.line("yes")
    #expect(person.sees("capture-delete tap: done"))
    person.line("show captures")
    #expect(person.sees("Capture") && person.sees("tap"))
  }
}
