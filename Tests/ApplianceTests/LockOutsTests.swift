import Basics
import Testing

@testable import Appliance

@Suite("Lock-outs")
struct LockOutsTests {
  typealias Limits = LockOuts.Limits

  private func lee(_ place: ByteString, isRemote: Bool = true) -> LockOuts.Attempt {
    LockOuts.Attempt(name: "lee", place: place, isRemote: isRemote)
  }

  /// As often as it is let.
  private func attack(
    _ lockOuts: inout LockOuts, _ attempt: LockOuts.Attempt, times: Int, at now: Instant = .zero
  ) -> [ByteString] {
    var said: [ByteString] = []
    for _ in 0..<times where lockOuts.wait(attempt, at: now) == nil { said += lockOuts.failed(attempt, at: now) }
    return said
  }

  @Test("who types a name wrongly five times waits, longer each time, and nobody else does")
  func pair() {
    var lockOuts = LockOuts()
    #expect(attack(&lockOuts, lee("1.1.1.1"), times: 9) == ["lee@1.1.1.1"])
    #expect(lockOuts.wait(lee("1.1.1.1"), at: .zero) == .seconds(30) && lockOuts.wait(lee("2.2.2.2"), at: .zero) == nil)
    var now = Instant.zero + .seconds(30)
    #expect(lockOuts.wait(lee("1.1.1.1"), at: now) == nil)
    var waits: [Int] = []
    for _ in 0..<9 {
      _ = lockOuts.failed(lee("1.1.1.1"), at: now)
      let wait = lockOuts.wait(lee("1.1.1.1"), at: now) ?? .zero
      waits.append(wait.seconds)
      now = now + wait
    }
    #expect(waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
    lockOuts.succeeded(lee("1.1.1.1"))
    #expect(attack(&lockOuts, lee("1.1.1.1"), times: 4, at: now).isEmpty)
  }

  @Test("one place that goes through the names waits for all of them")
  func place() {
    var lockOuts = LockOuts()
    var said: [ByteString] = []
    for number in 0..<Limits.failuresOfPlace {
      said += lockOuts.failed(
        LockOuts.Attempt(name: ByteString("n\(number)"), place: "1.1.1.1", isRemote: true), at: .zero)
    }
    #expect(said == ["all at 1.1.1.1"] && lockOuts.wait(lee("1.1.1.1"), at: .zero) == .seconds(30))
    #expect(lockOuts.wait(lee("1.1.1.2"), at: .zero) == nil)
  }

  @Test(
    "many places that guess at one name have thirty guesses, then one a minute; serial line and friends do not feel it")
  func name() {
    var lockOuts = LockOuts()
    lockOuts.succeeded(lee("9.9.9.9"))
    var said: [ByteString] = []
    for place in 0..<40 { said += attack(&lockOuts, lee(ByteString("1.1.1.\(place)")), times: 1) }
    #expect(said == ["lee from the network"])
    #expect(lockOuts.wait(lee("2.2.2.2"), at: .zero) == .minutes(1))
    #expect(lockOuts.wait(lee("ttyS0", isRemote: false), at: .zero) == nil)
    #expect(lockOuts.wait(lee("9.9.9.9"), at: .zero) == nil, "where the name has logged in rightly")
    let later = Instant.zero + .minutes(1)
    var guesses = 0
    for place in 0..<10 {
      if lockOuts.wait(lee(ByteString("3.3.3.\(place)")), at: later) == nil { guesses += 1 }
      _ = attack(&lockOuts, lee(ByteString("3.3.3.\(place)")), times: 1, at: later)
    }
    #expect(guesses == 1)
  }

  @Test("the failures at a serial line are not the network's")
  func serial() {
    var lockOuts = LockOuts()
    for place in 0..<60 { _ = attack(&lockOuts, lee(ByteString("tty\(place)"), isRemote: false), times: 1) }
    #expect(lockOuts.wait(lee("2.2.2.2"), at: .zero) == nil)
  }

  @Test("names that are made up do not push out the one that is guessed at; the tables stay as they are")
  func bounds() {
    var lockOuts = LockOuts()
    for _ in 0..<4 { _ = lockOuts.failed(lee("1.1.1.1"), at: .zero) }
    for number in 0..<500 {
      _ = lockOuts.failed(
        LockOuts.Attempt(name: ByteString("n\(number)"), place: ByteString("p\(number)"), isRemote: true), at: .zero)
    }
    #expect(lockOuts.failed(lee("1.1.1.1"), at: .zero) == ["lee@1.1.1.1"])
    #expect(lockOuts.limitUses[0].used == Limits.remembered && (lockOuts.limitUses[0].hits ?? 0) > 800)
    #expect(lockOuts.limitUses[1].hits == 1)
  }

  @Test("a person's word forgives a name wherever it was said")
  func forgive() {
    var lockOuts = LockOuts()
    for place in 0..<10 { _ = attack(&lockOuts, lee(ByteString("1.1.1.\(place)")), times: 5) }
    #expect(lockOuts.isBlamed("lee") && lockOuts.isBlamed("1.1.1.3") && !lockOuts.isBlamed("ann"))
    lockOuts.forgiveAll("lee")
    #expect(!lockOuts.isBlamed("lee"))
    for place in 0..<10 { #expect(lockOuts.wait(lee(ByteString("1.1.1.\(place)")), at: .zero) == nil) }
    lockOuts.forgiveAll("1.1.1.3")
    #expect(!lockOuts.isBlamed("1.1.1.3") && lockOuts.isBlamed("1.1.1.4"))
  }
}
