import Basics
import Testing

@testable import Console

@Suite("Line editor: lines")
struct LineEditorLinesTests {
  @Test("CR, LF, CR LF and CR NUL are one Enter, also one byte at a time", arguments: ["\r", "\n", "\r\n", "\r\0"])
  func enter(end: String) {
    var desk = Desk()
    desk.type("one" + end + end + "two" + end)
    #expect(desk.lines == ["one", "", "two"])
    desk = Desk()
    desk.typeSlowly("one" + end + end + "two" + end)
    #expect(desk.lines == ["one", "", "two"])
    #expect(desk.screen.lines == ["> one", ">", "> two", ">"])
  }

  @Test("Enter on the keypad, and within the line, takes all of it")
  func enterWithin() {
    var desk = Desk()
    desk.type("show" + Key.home + "\u{1B}OM")
    #expect(desk.lines == ["show"])
    #expect(desk.screen.lines == ["> show", ">"])
  }

  @Test("A paste of several lines comes line by line, each behind its prompt")
  func paste() {
    var desk = Desk()
    desk.type("one\rtwo\rthr")
    #expect(desk.lines == ["one", "two"])
    #expect(desk.screen.lines == ["> one", "> two", "> thr"])
  }

  @Test("While a command runs nothing typed is lost or shown before its prompt")
  func typeAhead() {
    var desk = Desk()
    desk.prompts = false
    desk.type("one\rtwo\r")
    desk.type("three\r")
    desk.handle(.show("answer"))
    #expect(desk.lines == ["one"])
    #expect(desk.screen.lines == ["> one", "answer", ""])
    desk.handle(.prompt("> ", .command))
    #expect(desk.lines == ["one", "two"])
    desk.handle(.prompt("> ", .command))
    #expect(desk.lines == ["one", "two", "three"])
    #expect(desk.screen.lines == ["> one", "answer", "> two", "> three", ""])
  }

  @Test("Ctrl-C and BREAK while a command runs come at once, and what waits is dropped")
  func interruptAhead() {
    var desk = Desk()
    desk.prompts = false
    desk.type("one\rtwo\r")
    desk.type("three\r" + Key.control("C") + "fo")
    #expect(desk.events == [.line("one"), .interrupt])
    desk.handle(.prompt("> ", .command))
    desk.type("ur\rfive\r")
    desk.handle(.lineBreak)
    desk.handle(.prompt("> ", .command))
    #expect(desk.events == [.line("one"), .interrupt, .line("four"), .interrupt])
    #expect(desk.seen == "> |")
  }

  @Test("What waits is bounded: whole lines go, are counted, and no two become one")
  func typeAheadLimit() {
    var desk = Desk()
    desk.prompts = false
    let line = String(repeating: "x", count: 99)
    desk.type("first\r")
    for index in 0..<400 { desk.type("\(1000 + index)\(line)\r") }
    let kept = ConsoleLimits.typeAheadBytes / 104
    #expect(desk.editor.droppedBytes == (400 - kept) * 104)
    for _ in 0..<410 { desk.handle(.prompt("> ", .command)) }
    #expect(desk.lines.count == 1 + kept)
    #expect(desk.lines.dropFirst().allSatisfy { $0.count == 103 })
    desk.type("last\r")
    #expect(desk.lines.last == "last")
    desk.type(String(repeating: "\n", count: 3 * ConsoleLimits.typeAheadBytes))
    #expect(desk.editor.waiting.count <= ConsoleLimits.typeAheadBytes)
  }

  @Test("A line that was begun and lost its end is refused, not joined with the next")
  func lostEnd() {
    var desk = Desk()
    desk.answer = { _ in [] }
    desk.type("reboot\t")
    desk.type(String(repeating: "x", count: ConsoleLimits.typeAheadBytes + 1) + "\rnow\r")
    #expect(desk.editor.droppedBytes == ConsoleLimits.typeAheadBytes + 2)
    desk.handle(.replace(line: "reboot ", cursor: 7))
    #expect(desk.events.last == .tooLong)
    #expect(desk.lines == [])
  }

  @Test("A long paste into one line is taken up to the limit, and then refused whole")
  func tooLong() {
    var desk = Desk()
    desk.type(String(repeating: "x", count: ConsoleLimits.lineBytes) + "\r")
    #expect(desk.lines.first?.count == ConsoleLimits.lineBytes)
    desk.type(String(repeating: "y", count: 3 * ConsoleLimits.typeAheadBytes) + "\rshort\r")
    #expect(desk.events.dropFirst() == [.tooLong, .line("short")])
    #expect(desk.editor.droppedBytes == 0)
    #expect(desk.screen.bells == 1)
  }

  @Test("A person who shortens a line that was full enters what is seen")
  func shortened() {
    var desk = Desk()
    desk.type(String(repeating: "x", count: ConsoleLimits.lineBytes + 1) + Key.backspace + "\r")
    #expect(desk.lines.first?.count == ConsoleLimits.lineBytes - 1)
  }

  @Test("Marks of a bracketed paste are swallowed; within, Tab and ? are text")
  func bracketedPaste() {
    var desk = Desk()
    desk.typeSlowly("\u{1B}[200~a\tb?\rc?\u{1B}[201~d?")
    #expect(desk.events == [.line("a b?"), .help(line: "c?d", cursor: 3)])
    desk.type(Key.control("C") + "\u{1B}[200~" + Key.control("C") + "?")
    #expect(desk.events.last == .help(line: "", cursor: 0))
  }

  @Test("Tab asks for completion, and what is typed meanwhile waits for the answer")
  func complete() {
    var desk = Desk()
    desk.answer = { _ in [] }
    desk.type("sh calls" + Key.home + Key.right + Key.right + "\tX")
    #expect(desk.events == [.complete(line: "sh calls", cursor: 2)])
    #expect(desk.seen == "> sh| calls")
    desk.handle(.replace(line: "show calls", cursor: 4))
    #expect(desk.seen == "> showX| calls")
  }

  @Test("An answer may be a list above the line, or nothing but a bell")
  func completeWithList() {
    var desk = Desk()
    desk.answer = { _ in [.show("calls\nqueues\n"), .ring, .resume] }
    desk.type("show \tc")
    #expect(desk.screen.lines == ["calls", "queues", "> show c"])
    #expect(desk.screen.bells == 1)
  }

  @Test("Ctrl-C drops a question, and its late answer does nothing")
  func interruptedQuestion() {
    var desk = Desk()
    desk.answer = { _ in [] }
    desk.prompts = false
    desk.type("sh\t")
    desk.type("x" + Key.control("C"))
    desk.handle(.replace(line: "show", cursor: 4))
    desk.handle(.resume)
    #expect(desk.events == [.complete(line: "sh", cursor: 2), .interrupt])
    desk.handle(.prompt("> ", .command))
    #expect(desk.seen == "> |")
  }

  @Test("? asks for help, but not in quotation marks, behind Ctrl-V or in an answer")
  func help() {
    var desk = Desk()
    desk.type("set ?\"a\\\"?\"?" + Key.control("V") + "?")
    #expect(desk.events == [.help(line: "set ", cursor: 4), .help(line: "set \"a\\\"?\"", cursor: 10)])
    #expect(desk.seen == "> set \"a\\\"?\"?|")
    desk = Desk("name: ", .answer)
    desk.type("who?\t\r")
    #expect(desk.events == [.line("who? ")])
  }

  @Test("Replacing takes only what can be shown, and no more than fits")
  func replace() {
    var desk = Desk()
    desk.handle(.replace(line: "a\u{7}中b", cursor: 3))
    #expect(desk.seen == "> a?|中b")
    desk.handle(.replace(line: ByteString([UInt8](repeating: 0x61, count: 5_000)), cursor: 9_000))
    desk.type("\r")
    #expect(desk.events == [.tooLong])
  }

  // MARK: Secrets

  @Test("Nothing of a password is shown, or asterisks, and Tab and ? belong to it")
  func secrets() {
    var desk = Desk("Password: ", .hidden)
    desk.type("s3?cr\tet" + Key.left + Key.left)
    #expect(desk.seen == "Password: |")
    desk.type(Key.home + "中\r")
    #expect(desk.events == [.line("中s3?cr et")])
    desk = Desk("Password: ", .masked)
    desk.type("中文x" + Key.left)
    #expect(desk.seen == "Password: **|*")
    desk.type(Key.backspace + "\r")
    #expect(desk.events == [.line("中x")])
  }

  @Test(
    "Passwords and answers get neither into the history nor into what Ctrl-Y gives",
    arguments: [
      LineEditor.Entry.hidden, .masked, .answer,
    ])
  func secretsStaySecret(entry: LineEditor.Entry) {
    var desk = Desk(": ", entry, history: ["show"])
    desk.type("first" + Key.up + Key.control("P") + Key.control("R") + "\r")
    desk.type("second" + Key.control("U") + "\r")
    #expect(desk.lines == ["first", ""])
    #expect(desk.editor.history.lines == ["show"])
    desk.handle(.prompt("> ", .command))
    desk.type(Key.control("Y") + "\r")
    #expect(desk.lines.last == (entry == .answer ? "second" : ""))
  }

  // MARK: History

  @Test("Up and Down go through the history and come back to the line that was begun")
  func history() {
    var desk = Desk(history: ["one", "two"])
    desk.type("thr" + Key.up)
    #expect(desk.seen == "> two|")
    desk.type(Key.control("P"))
    #expect(desk.seen == "> one|")
    desk.type(Key.up)
    #expect(desk.seen == "> one|" && desk.screen.bells == 1)
    desk.type(Key.down + Key.control("N"))
    #expect(desk.seen == "> thr|")
    desk.type(Key.down)
    #expect(desk.screen.bells == 2)
    desk.type("ee" + Key.up + "!\r")
    #expect(desk.lines == ["two!"])
    #expect(desk.editor.history.lines == ["one", "two", "two!"])
  }

  @Test("No neighbour twice, nothing blank, and a hundred at most")
  func historyBounds() {
    var desk = Desk()
    desk.type("a\ra\rb\r\r  \rb\ra\r")
    #expect(desk.editor.history.lines == ["a", "b", "a"])
    for index in 0..<200 { desk.type("line \(index)\r") }
    #expect(desk.editor.history.lines.count == ConsoleLimits.historyLines)
    #expect(desk.editor.history.lines.last == "line 199")
    #expect(LineHistory((0..<200).map { ByteString($0) }).lines.first == "100")
  }

  @Test("Ctrl-R finds the latest line with a text, in either case, and older ones when pressed again")
  func search() {
    var desk = Desk(history: ["show calls", "show queues", "set name", "show Calls 2"])
    desk.type("x" + Key.control("R"))
    #expect(desk.seen == "(search) : x|")
    desk.type("calls")
    #expect(desk.seen == "(search) calls: show |Calls 2")
    desk.type(Key.control("R"))
    #expect(desk.seen == "(search) calls: show |calls")
    desk.type(Key.control("R"))
    #expect(desk.seen == "(search) calls: show |calls" && desk.screen.bells == 1)
    desk.type("q")
    #expect(desk.seen == "(search) calls: show |calls" && desk.screen.bells == 2)
    desk.type(Key.backspace + Key.backspace)
    #expect(desk.seen == "(search) cal: show |Calls 2")
    desk.type(Key.control("G"))
    #expect(desk.seen == "> x|")
  }

  @Test("Enter executes what was found, another key goes on with it")
  func searchEnds() {
    var desk = Desk(history: ["show calls", "show queues"])
    desk.type(Key.control("R") + "cal\r")
    #expect(desk.lines == ["show calls"])
    desk.type(Key.control("R") + "que" + Key.end + "!")
    #expect(desk.seen == "> show queues!|")
    desk.type(Key.up)
    #expect(desk.seen == "> show calls|")
    desk.type(Key.control("R") + "zzz" + Key.control("C"))
    #expect(desk.events.last == .interrupt)
    #expect(desk.seen == "> |")
  }
}
