import Basics
import Testing

@testable import Revisions

@Suite("Revisions")
struct RevisionsTests {
  @Test("The first start makes the file's text the first revision")
  func first() {
    let box = box("a")
    #expect(box.text == "a" && box.revisions?.state.running == 1 && box.revisions?.running.by == "file")
    #expect(box.disk.files[.text(1)] == Array("a".utf8))
    var broken = Box()
    broken.start()
    #expect(!broken.isOn)
    broken.disk.files[.configuration] = Array("!".utf8)
    broken.start()
    #expect(!broken.isOn)
  }

  @Test("A commit is written, then runs, then stands in the configuration's file; who, when and why are kept")
  func commit() {
    var box = box("a")
    box.commit("b")
    #expect(box.text == "b" && box.file == "b" && box.adopted == [2])
    #expect(box.done[1] == Revision(number: 2, at: box.wall, by: "lee", comment: "why"))
    box.cut()
    box.start()
    #expect(box.text == "b" && box.revisions?.running == box.done[1])
  }

  @Test("A commit that was made from an older revision is refused, and told whose came between")
  func stale() {
    var box = box("a")
    box.commit("b", client: 1, base: 1)
    box.commit("c", client: 2, base: 1)
    #expect(box.text == "b" && box.refused[2] == .stale(box.done[1]!))
    box.commit("c", client: 3, base: 2)
    #expect(box.text == "c")
  }

  @Test("What is not confirmed in time is taken back; what is confirmed stays")
  func confirmation() {
    var box = box("a")
    box.commit("b", within: 120)
    box.pass(119)
    #expect(box.text == "b" && box.file == "b")
    box.pass(2)
    #expect(box.text == "a" && box.file == "a" && box.revisions?.state[2]?.undone == "not confirmed in time")
    #expect(box.alarms == ["config.undone"])
    box.commit("c", client: 2, within: 120)
    box.handle(.confirm(client: 3, by: "lee"))
    box.pass(1_000)
    #expect(box.text == "c" && box.done[3]?.number == 3)
    #expect(box.refused.isEmpty)
  }

  @Test("While one waits for its confirmation no other is taken, and it can be taken back by hand or when found worse")
  func waiting() {
    var box = box("a")
    box.commit("b", client: 1, within: 120)
    box.commit("c", client: 2)
    #expect(box.refused[2] == .waitsForConfirmation(box.done[1]!))
    box.handle(.undo(client: 3, reason: "trunk carrier does not answer"))
    #expect(box.text == "a" && box.done[3]?.number == 1)
    #expect(box.revisions?.state[2]?.undone == "trunk carrier does not answer")
    box.handle(.confirm(client: 4, by: "lee"))
    box.handle(.undo(client: 5, reason: ""))
    #expect(box.refused[4] == .nothingToConfirm && box.refused[5] == .nothingToConfirm)
  }

  @Test("What cannot be written does not run")
  func failing() {
    var box = box("a")
    box.writesFail = true
    box.commit("b")
    #expect(box.text == "a" && box.refused[1] == .cannotWrite("full") && box.adopted.isEmpty)
    box.writesFail = false
    box.cut()
    box.start()
    #expect(box.text == "a" && box.file == "a")
    box.commit("c", client: 2)
    #expect(box.text == "c")
  }

  @Test("A confirmation that cannot be written is refused, and the commit is taken back in time")
  func unconfirmed() {
    var box = box("a")
    box.commit("b", within: 120)
    box.writesFail = true
    box.handle(.confirm(client: 2, by: "lee"))
    #expect(box.refused[2] == .cannotWrite("full"))
    box.writesFail = false
    box.pass(121)
    #expect(box.text == "a")
  }

  @Test("Fifty are kept; what runs and what may be gone back to always is")
  func pruning() {
    var box = box("0")
    for number in 1...60 { box.commit("\(number)", client: UInt64(number)) }
    box.commit("x", client: 100, within: 600)
    #expect(box.revisions?.state.revisions.count == RevisionLimits.kept)
    let texts = box.disk.files.keys.filter { if case .text = $0 { true } else { false } }
    #expect(texts.count == RevisionLimits.kept)
    box.pass(601)
    #expect(box.text == "60")
    for number in 101...160 {
      box.commit("bad", client: UInt64(number), within: 60)
      box.pass(61)
    }
    box.cut()
    box.start()
    #expect(box.text == "60" && box.revisions?.state.revisions.count == RevisionLimits.kept)
  }

  @Test("A text that cannot be read any more is passed over for the one before it")
  func unreadable() {
    var box = box("a")
    box.commit("b", client: 1)
    box.commit("c", client: 2, within: 120)
    box.unreadable = [2]
    box.pass(121)
    #expect(box.text == "a" && box.alarms == ["config.unreadable", "config.undone"])
  }
}

@Suite("Revisions at a start")
struct RevisionsStartTests {
  @Test("The time for a confirmation goes on while nothing runs")
  func timer() {
    var box = box("a")
    box.commit("b", within: 120)
    box.pass(60)
    box.cut()
    box.wall = box.wall + .seconds(30)
    box.start()
    #expect(box.text == "b")
    box.pass(29)
    #expect(box.text == "b")
    box.pass(2)
    #expect(box.text == "a" && box.file == "a")

    box.commit("c", client: 2, within: 120)
    box.cut()
    box.wall = box.wall + .seconds(500)
    box.start()
    #expect(box.text == "a" && box.file == "a" && box.revisions?.state.confirmation == nil)
  }

  @Test("With a clock that nobody vouches for, or that was set back, the whole time is given again, and never more")
  func clock() {
    var box = box("a")
    box.commit("b", within: 120)
    box.pass(100)
    box.cut()
    box.isClockTrusted = false
    box.wall = WallTime(seconds: 0)
    box.start()
    box.pass(119)
    #expect(box.text == "b")
    box.pass(2)
    #expect(box.text == "a")
    box.isClockTrusted = true
    box.commit("c", client: 2, within: 120)
    box.cut()
    box.wall = WallTime(seconds: 0)
    box.start()
    box.pass(121)
    #expect(box.text == "a")
  }

  @Test("What makes the program start again and again is taken back")
  func startsTooOften() {
    var box = box("a")
    box.commit("b", within: 3_600)
    for _ in 0..<RevisionLimits.startsWithoutConfirmation {
      box.cut()
      box.start()
      #expect(box.text == "b")
    }
    box.cut()
    box.start()
    #expect(box.text == "a" && box.revisions?.state[2]?.undone == "the program started too often")
  }

  @Test(
    "A file that was changed while nothing ran is a commit; one with errors is kept apart and the last good one runs")
  func changedFile() {
    var box = box("a")
    box.commit("b", within: 3_600)
    box.cut()
    box.disk.files[.configuration] = Array("c".utf8)
    box.start()
    #expect(box.text == "c" && box.revisions?.state.running == 3 && box.revisions?.state.confirmation == nil)
    box.cut()
    box.disk.files[.configuration] = Array("!x".utf8)
    box.start()
    #expect(box.text == "c" && box.alarms == ["config.file-ignored"] && box.file == "!x")
    box.commit("d", client: 2)
    #expect(box.file == "d" && box.disk.files[.rejected] == Array("!x".utf8))
  }

  @Test("A missing file is written again; a damaged state begins anew from the file, over no older text")
  func damage() {
    var box = box("a")
    box.commit("b")
    box.cut()
    box.disk.files[.configuration] = nil
    box.start()
    #expect(box.text == "b" && box.file == "b")
    box.cut()
    box.disk.files[.state] = Array("running 7".utf8)
    box.start()
    #expect(box.text == "b" && box.revisions?.state.running == 3 && box.alarms == ["config.state-damaged"])
    #expect(box.disk.files[.text(1)] == Array("a".utf8))
  }

  @Test("A revision that a new release cannot use gives way to the latest that it can")
  func unusable() {
    var box = box("a")
    box.commit("b", client: 1)
    box.commit("c", client: 2)
    box.cut()
    box.disk.files[.text(3)] = Array("!c".utf8)
    box.disk.files[.configuration] = Array("!c".utf8)
    box.start()
    #expect(box.text == "b")
  }

  /// The power goes at each write of each step in turn.
  @Test("Whenever the power goes, the former revision runs or the new one, and the file says the same")
  func cuts() {
    for cut in 0..<12 {
      for step in ["commit", "confirm", "take back"] {
        var box = box("a")
        if step != "commit" { box.commit("b", within: 120) }
        box.writesLeft = cut
        switch step {
        case "commit": box.commit("b", within: 120)
        case "confirm": box.handle(.confirm(client: 2, by: ""))
        default: box.pass(121)
        }
        let wasConfirmed = box.done[2] != nil
        box.cut()
        // A second cut, in the middle of the start.
        box.writesLeft = cut % 3
        box.start()
        box.cut()
        box.start()
        #expect(["a", "b"].contains(box.text), "step \(step), write \(cut)")
        #expect(box.file == box.text, "step \(step), write \(cut)")
        #expect(!wasConfirmed || box.text == "b", "step \(step), write \(cut)")
        let confirmed = box.revisions?.state.confirmation == nil && box.text == "b"
        box.pass(200)
        #expect(box.text == (confirmed ? "b" : "a") && box.file == box.text, "step \(step), write \(cut)")
      }
    }
  }

  /// What a person was told holds, whatever happens in between.
  @Test("A random life: what was confirmed runs, what was not is taken back, nothing is mixed")
  func life() {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    for life in 0..<300 {
      var box = box("0")
      var settled = "0"
      var waiting: String?
      for step in 1..<40 {
        let client = UInt64(step)
        if random.chance(percent: 30) { box.writesLeft = random.below(6) }
        switch random.below(6) {
        case 0, 1:
          let within = random.chance(percent: 50) ? 120 : nil
          box.commit("\(step)", client: client, within: within)
          if box.done[client] != nil {
            if within != nil { waiting = "\(step)" } else { settled = "\(step)" }
          } else if !box.isOn {
            // Cut off while it was written: both are right, and which it is shows after the start.
            box.start()
            if box.text == "\(step)" {
              if box.revisions?.state.confirmation != nil { waiting = "\(step)" } else { settled = "\(step)" }
            }
          }
        case 2:
          box.handle(.confirm(client: client, by: ""))
          if box.done[client] != nil, let confirmed = waiting {
            settled = confirmed
            waiting = nil
          } else if !box.isOn {
            box.start()
            if box.revisions?.state.confirmation == nil, let perhaps = waiting {
              if box.text == perhaps { settled = perhaps }
              waiting = nil
            }
          }
        case 3: box.pass(random.below(100))
        case 4: box.cut()
        default: box.handle(.undo(client: client, reason: "worse"))
        }
        box.writesLeft = nil
        if !box.isOn { box.start() }
        if box.revisions?.state.confirmation == nil { waiting = nil }
        #expect(box.text == waiting ?? settled, "seed \(seed), life \(life), step \(step)")
        #expect(box.file == box.text, "seed \(seed), life \(life), step \(step)")
      }
      box.pass(200)
      #expect(box.text == settled, "seed \(seed), life \(life)")
    }
  }
}

@Suite("Revision state")
struct RevisionStateTests {
  @Test("It survives the way to text and back; anything else is damaged")
  func text() throws {
    let seed = UInt64.random(in: 0..<UInt64.max)
    var random = SeededRandom(seed: seed)
    let at = WallTime(seconds: 1_800_000_000)
    let state = RevisionState(
      running: 7, file: 6, confirmation: Confirmation(within: .seconds(600), until: at, backTo: 6, starts: 2),
      revisions: [
        Revision(number: 6, at: at, by: "lee@ttyS0", comment: "\"quotes\" 中文"),
        Revision(number: 7, at: at, by: "", undone: "worse"),
      ])
    #expect(RevisionState(parsing: state.text) == state)
    for _ in 0..<2_000 {
      var bytes = state.text
      for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      if let read = RevisionState(parsing: bytes) { #expect(RevisionState(parsing: read.text) == read, "seed \(seed)") }
      _ = RevisionState(parsing: Array(bytes.prefix(random.below(bytes.count))))
    }
    #expect(RevisionState(parsing: []) == nil)
  }
}
