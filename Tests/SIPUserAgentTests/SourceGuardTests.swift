import Basics
import Testing

@testable import SIPUserAgent

@Suite("Sources that guess or flood")
struct SourceGuardTests {
  typealias Limits = UserAgent.Limits
  private func address(_ number: Int) -> IPAddress { .v4(0xCB00_7100 + UInt32(number)) }

  /// Fails until it is blocked: for how long, and after how many failures.
  private func fail(
    _ sources: inout SourceGuard, _ source: IPAddress, at now: Instant
  ) -> (length: Interval, failures: Int) {
    for count in 1...1000 { if let length = sources.failed(source, at: now) { return (length, count) } }
    return (.zero, 1000)
  }

  @Test("Each block is twice as long as the one before, up to an hour; an hour of peace ends that")
  func doubling() {
    var sources = SourceGuard()
    var now = Instant.zero
    var lengths: [Int] = []
    for _ in 0..<9 {
      let (length, _) = fail(&sources, address(1), at: now)
      lengths.append(length.seconds)
      #expect(sources.isActive(at: now) && sources.block(of: address(1), at: now) != nil)
      now = now + length
      #expect(sources.block(of: address(1), at: now) == nil && !sources.isActive(at: now))
    }
    #expect(lengths == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600])
    now = now + .minutes(60)
    let (afterwards, _) = fail(&sources, address(1), at: now)
    #expect(afterwards == .seconds(30))
  }

  @Test("Thirty failures at once, or three a minute for long: a phone with a wrong password is not blocked")
  func pace() {
    var sources = SourceGuard()
    let (_, failures) = fail(&sources, address(1), at: .zero)
    #expect(failures == Limits.failuresPerSource)
    var now = Instant.zero
    var blocks = 0
    for _ in 0..<1000 {
      if sources.failed(address(2), at: now) != nil { blocks += 1 }
      now = now + .seconds(20)
    }
    #expect(blocks == 0)
  }

  @Test("Requests without credentials: so many at once, a tenth of them a second; more users, more of them")
  func stranger() {
    var sources = SourceGuard()
    var answered = 0
    for _ in 0..<5000 where sources.asked(address(1), at: .zero) { answered += 1 }
    #expect(answered == Limits.strangerBurst)
    let later = Instant.zero + .seconds(1)
    for _ in 0..<5000 where sources.asked(address(1), at: later) { answered += 1 }
    #expect(answered == Limits.strangerBurst + Limits.strangerBurst / 10)
    let another = sources.asked(address(2), at: .zero)
    #expect(another)
    sources.configure(trusted: [], users: 2000)
    answered = 0
    for _ in 0..<10_000 where sources.asked(address(3), at: .zero) { answered += 1 }
    #expect(answered == 8000)
  }

  @Test("What is dropped is counted; who is spared is not dropped; forgiven is forgotten")
  func blocks() {
    var sources = SourceGuard()
    _ = fail(&sources, address(1), at: .zero)
    let (phone, other) = (Endpoint(address(1), 5060), Endpoint(address(1), 5062))
    sources.spare([phone], of: address(1))
    let isPhoneDropped = sources.drops(address(1), from: phone, at: .zero)
    #expect(!isPhoneDropped)
    let dropped = (0..<3).map { _ in sources.drops(address(1), from: other, at: .zero) }
    #expect(dropped == [true, true, true])
    _ = sources.asked(address(2), at: .zero)
    sources.flooded(address(2), at: .zero)
    let all = sources.blocks(at: .zero)
    #expect(all.map(\.source) == [address(1), address(2)] && all.map(\.block.dropped) == [3, 0])
    #expect(all.map(\.block.offence) == [.credentials, .flood])
    sources.forgive(address(1))
    #expect(sources.blocks(at: .zero).map(\.source) == [address(2)])
  }

  @Test("Both tables are bounded; forged addresses push out no proven block")
  func bounded() {
    var sources = SourceGuard()
    _ = fail(&sources, address(0), at: .zero)
    for number in 1...5000 {
      _ = sources.asked(address(number), at: .zero)
      _ = sources.failed(address(number), at: .zero)
    }
    #expect(sources.count == Limits.watchedSources)
    #expect(sources.forgotten == 2 * 5000 + 1 - 2 * Limits.watchedSources)
    #expect(sources.block(of: address(0), at: .zero) != nil)
  }
}
