import Basics
import Testing

@testable import Console

@Suite("Line editor: screen")
struct LineEditorScreenTests {
  @Test("What is typed at the end is written and nothing else")
  func echo() {
    var desk = Desk()
    desk.type("s")
    #expect(desk.answered == "s")
    desk.type("中")
    #expect(desk.answered == "中")
    desk.type(Key.backspace)
    #expect(desk.answered == "\u{8}\u{8}\u{1B}[K")
    desk.type(Key.backspace)
    #expect(desk.answered == "\u{8} \u{8}")
  }

  @Test("A change redraws only from there, and the cursor goes the short way")
  func shortWays() {
    var desk = Desk()
    desk.type("show queues")
    desk.type(Key.left)
    #expect(desk.answered == "\u{8}")
    desk.type("X")
    #expect(desk.answered == "Xs\u{8}")
    desk.type(Key.delete)
    #expect(desk.answered == " \u{8}")
    desk.type(Key.home)
    #expect(desk.answered == "\u{1B}[11D")
    desk.type(Key.right)
    #expect(desk.answered == "s")
    desk.type(Key.end)
    #expect(desk.answered == "\u{1B}[10C")
    desk.type("\r")
    #expect(desk.answered == "\r\n> ")
  }

  @Test("Keys that come together are drawn once")
  func together() {
    var desk = Desk()
    desk.type("show" + Key.control("U") + "set" + Key.left + Key.end)
    #expect(desk.answered == "set")
    desk.type(String(repeating: Key.left, count: 50))
    #expect(desk.answered == "\u{7}\u{8}\u{8}\u{8}")
  }

  @Test("A line longer than the screen is scrolled between marks")
  func scrolling() {
    var desk = Desk(columns: 20)
    desk.type("0123456789abcdefg")
    #expect(desk.seen == "> 0123456789abcdefg|")
    desk.type("h")
    #expect(desk.seen == "> <bcdefgh|")
    desk.type("ijklmnop")
    #expect(desk.seen == "> <bcdefghijklmnop|")
    desk.type("q" + Key.home)
    #expect(desk.seen == "> |0123456789abcdef>")
    desk.type(String(repeating: Key.right, count: 15))
    #expect(desk.seen == "> 0123456789abcde|f>")
    desk.type(Key.right)
    #expect(desk.seen == "> <9abcdef|ghijklmn>")
    desk.type("\r")
    #expect(desk.lines == ["0123456789abcdefghijklmnopq"])
    #expect(desk.screen.problems == [])
  }

  @Test("Wide characters are never cut at the marks")
  func scrollingWide() {
    var desk = Desk(columns: 20)
    desk.type("电话系统分机队列等待时间" + Key.left + Key.left)
    #expect(desk.screen.problems == [])
    #expect(desk.seen == "> <列等待|时间")
    desk.type(Key.home)
    #expect(desk.seen == "> |电话系统分机队列>")
  }

  @Test("A prompt wider than half of the screen shows its end")
  func longPrompt() {
    var desk = Desk("technician@branch-office# ", columns: 20)
    desk.type("show")
    #expect(desk.seen == "<office# show|")
  }

  @Test("A notice goes above the line and leaves it as it was")
  func notice() {
    var desk = Desk()
    desk.type("show calls" + Key.left)
    desk.handle(.show("phone 101 is back\u{1B}[2J\r\nand 102"))
    #expect(desk.screen.lines == ["phone 101 is back?[2J", "and 102", "> show calls"])
    #expect(desk.seen == "> show call|s")
    desk.type("\r")
    #expect(desk.lines == ["show calls"])
  }

  @Test("A notice ends a hidden password's row and begins it again")
  func noticeOverSecret() {
    var desk = Desk("Password: ", .hidden)
    desk.type("secret")
    desk.handle(.show("news"))
    #expect(desk.screen.lines == ["news", "Password:"])
    #expect(!String(decoding: desk.written, as: UTF8.self).contains("secret"))
  }

  @Test("Ctrl-L clears the screen and keeps the line")
  func clear() {
    var desk = Desk()
    desk.type("one\rtwo" + Key.left)
    desk.type(Key.control("L"))
    #expect(desk.screen.lines == ["> two"])
    #expect(desk.seen == "> tw|o")
  }

  @Test("Another size draws the row anew; sizes out of reason are taken for reasonable ones")
  func size() {
    var desk = Desk()
    desk.type(String(repeating: "x", count: 60))
    desk.handle(.size(columns: 40, rows: 24))
    #expect(desk.seen.hasPrefix("> <x"))
    desk.handle(.size(columns: 0, rows: 0))
    #expect(desk.screen.line == "> " + String(repeating: "x", count: 60))
    for columns in [-5, 1, 3, 9, .max, .min] {
      desk.handle(.size(columns: columns, rows: columns))
      desk.type("\u{4E2D}" + Key.left + Key.home + Key.end)
    }
    #expect(desk.screen.problems == [])
  }

  @Test("A new prompt while a line is edited replaces both")
  func promptAgain() {
    var desk = Desk()
    desk.type("abc")
    desk.handle(.prompt("branch> ", .command))
    #expect(desk.seen == "branch> |")
  }

  // MARK: Dumb terminals

  @Test("A dumb terminal gets plain echo, backspaces and CR LF, never an escape sequence")
  func dumb() {
    var desk = Desk(isDumb: true)
    desk.type("show")
    #expect(desk.answered == "show")
    desk.type(Key.backspace)
    #expect(desk.answered == "\u{8} \u{8}")
    desk.type("中" + Key.backspace)
    #expect(desk.answered == "")
    desk.type("中")
    desk.type(Key.backspace)
    #expect(desk.answered == "\u{8}\u{8}  \u{8}\u{8}")
    desk.type(Key.home)
    #expect(desk.answered == "\u{8}\u{8}\u{8}")
    desk.type("\r")
    #expect(desk.answered == "\r\n> ")
    desk.type(Key.up)
    #expect(desk.answered == "sho")
    desk.handle(.show("news"))
    #expect(desk.answered == "\r\nnews\r\n> sho")
    desk.type(Key.control("L"))
    #expect(desk.answered == "\r\n> sho")
    desk.type(Key.control("R") + "s")
    desk.handle(.size(columns: 40, rows: 20))
    desk.type(Key.control("G") + Key.control("C"))
    #expect(desk.screen.problems == [])
  }

  @Test("On a dumb terminal a long line is echoed as it comes")
  func dumbLongLine() {
    var desk = Desk(isDumb: true)
    let text = String(repeating: "x", count: 200)
    desk.type(text)
    #expect(desk.answered == text)
  }
}
