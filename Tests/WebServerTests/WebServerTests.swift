import Basics
import Glibc
import Supervision
import Testing

@testable import WebServer

@Suite("The page's server") struct WebServerTests {
  @Test(
    "a certificate that it made is one that it takes, with a fingerprint of 32 bytes; rubbish is refused with a reason")
  func certificates() throws {
    let house = try House()
    #expect(house.server.fingerprint.count == 32 * 3 - 1)
    #expect(house.server.fingerprint.bytes.split(separator: UInt8(ascii: ":")).count == 32)
    #expect(try House().server.fingerprint != house.server.fingerprint)
    #expect(throws: WebServerError.certificate("the certificate is no PEM certificate")) {
      try House(certificate: Array("-----BEGIN CERTIFICATE-----\n".utf8))
    }
    let made = try #require(WebServer.makeCertificate())
    let end = ByteString("-----END CERTIFICATE-----\n").bytes
    let half = try #require(made.indices.first { made[$0...].starts(with: end) })
    #expect(
      throws: WebServerError.certificate("the key is no PEM key without a passphrase, or not the certificate's")
    ) { try House(certificate: Array(made[..<(half + end.count)])) }
  }

  // MARK: The daemon

  @Test("questions go out with their numbers; answers come in any order and in any pieces")
  func questions() throws {
    let house = try House()
    house.server.carryOut(.ask(7, "as lee@1.2.3.4 login", text: Array("pass".utf8)))
    house.server.carryOut(.ask(8, "overview", text: nil))
    #expect(house.asked() == "7 as lee@1.2.3.4 login +4\npass8 overview\n")
    house.answer("8 2\n{")
    #expect(house.happenings() == [])
    house.answer("}7 0\n9 3\nabc")
    #expect(house.happenings() == ["8 {}", "7 "], "nine was never asked")
    house.server.carryOut(.ask(10, "counters", text: nil))
    house.answer("10 1\n1")
    #expect(house.happenings() == ["10 1"] && house.server.hasDaemon)
  }

  @Test("a daemon that is gone answers nothing any more, and that is known")
  func gone() throws {
    let house = try House()
    for number in [1, 2] as [UInt64] { house.server.carryOut(.ask(number, "overview", text: nil)) }
    shutdown(house.daemon, Int32(SHUT_RDWR))
    #expect(house.happenings() == ["1 nothing", "2 nothing"] && !house.server.hasDaemon)
    house.server.carryOut(.ask(3, "overview", text: nil))
    #expect(house.happenings() == ["3 nothing"])
  }

  @Test("what is no answer ends the channel", arguments: ["what\n", "1 -\n", "1 99999999999\n", "\n"])
  func rubbish(_ text: String) throws {
    let house = try House()
    house.server.carryOut(.ask(1, "overview", text: nil))
    house.answer(text)
    #expect(house.happenings() == ["1 nothing"] && !house.server.hasDaemon)
  }

  // MARK: Connections

  @Test("one address has a part of the room: of its silent connections the oldest goes")
  func crowd() throws {
    let house = try House()
    let all = try (0..<WebServer.Limits.connectionsOfAddress).map { _ in try house.connect(from: 9) }
    #expect(house.server.counters.crowded == 0 && !all.contains { house.isClosed($0) })
    let last = try house.connect(from: 9)
    #expect(house.server.counters.crowded == 1 && house.isClosed(all[0]))
    #expect(!all.dropFirst().contains { house.isClosed($0) } && !house.isClosed(last))
    #expect(house.server.counters.open == WebServer.Limits.connectionsOfAddress)
    _ = try house.connect(from: 10)
    #expect(house.server.counters.crowded == 1)
  }

  @Test("where somebody is logged in there is more room")
  func preferred() throws {
    let house = try House()
    house.server.prefer([.v4(0x7F00_0009)])
    for _ in 0..<WebServer.Limits.connectionsOfPreferred { _ = try house.connect(from: 9) }
    #expect(house.server.counters.crowded == 0)
    _ = try house.connect(from: 9)
    #expect(house.server.counters.crowded == 1)
  }

  @Test("when all are taken the stranger who was silent for longest makes room, not who is logged in")
  func displaced() throws {
    let house = try House()
    house.server.prefer([.v4(0x7F00_0009)])
    let friend = try house.connect(from: 9)
    let strangers = try (0..<(WebServer.Limits.connections - 1)).map { try house.connect(from: UInt8(20 + $0 / 8)) }
    #expect(house.server.counters.displaced == 1 && house.server.counters.full == 1, "one place is free again")
    #expect(house.isClosed(strangers[0]) && !house.isClosed(strangers[1]) && !house.isClosed(friend))
    for number in 1...5 {
      let new = try house.connect(from: 60)
      #expect(house.isClosed(strangers[number]) && !house.isClosed(new) && !house.isClosed(friend))
    }
    #expect(house.server.counters.displaced == 6 && house.server.counters.expired == 0)
  }
}
