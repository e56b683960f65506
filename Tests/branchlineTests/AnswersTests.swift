import Appliance
import Basics
import BranchConfiguration
import Configuration
import Console
import Testing

@testable import LinuxIO
@testable import SIPUserAgent
@testable import Storage
@testable import branchline

/// What the shell answers of itself, as a person sees it on a screen of 80 columns.
@Suite struct AnswersTests {
  private let settings: BranchSettings = {
    let text: ByteString = """
      name "Branch office"
      listen udp 0.0.0.0:5060
      listen tcp 0.0.0.0:5060
      network {
        local 192.168.0.0/16; external-address 203.0.113.7
        toward vpn { subnet 10.8.0.0/16; external-address 10.8.0.1 }
      }
      """
    return BranchSettings.parse(text.bytes).settings ?? BranchSettings()
  }()

  private var network: [UInt8] {
    let interfaces = [
      NamedAddress(name: "enp3s0f1", address: nil, isUp: false),
      NamedAddress(
        name: "eth0",
        address: NetworkAddress(
          address: .v6(high: 0xFE80_0000_0000_0000, low: 0x1234_5678_9ABC_DEF0), prefixLength: 64, isLoopback: false),
        isUp: true),
    ]
    let trunk = UserAgent.TrunkRoute(
      name: "carrier-of-the-city", transport: .udp, peer: Endpoint(.v4(0xCB00_710A), 5060),
      own: Endpoint(.v4(0xC0A8_0102), 5060))
    return NetworkAnswer(interfaces: interfaces, settings: settings, trunks: [trunk], streams: 7).bytes
  }

  private var audio: [UInt8] {
    var prompts = LoadedPrompts(.init(), unusable: ["zh/music.wav", "en/music.wav"])
    prompts.rows[0].milliseconds = [16_000, nil]
    return AudioAnswer(
      streams: 3, streamLimit: 500, directory: "/usr/share/branchline/prompts", language: .zh, prompts: prompts
    ).bytes
  }

  private var storage: [UInt8] {
    var counters = JournalWriter.Counters()
    counters.database.keptEvents = 1_234
    counters.latestCommitAt = .zero + .seconds(5)
    return StorageAnswer(
      StorageState(
        path: "/var/lib/branchline/branchline.db", isFailing: false, counters: counters, now: .zero + .seconds(65))
    ).bytes
  }

  private func rows(_ bytes: [UInt8], _ language: Language) throws -> [String] {
    let text = Table(try #require(JSONValue(parsing: bytes)), language, columns: 80).text
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map { String($0) }
  }

  @Test("each answer fits into 80 columns in both languages, and every name is translated")
  func fits() throws {
    let versions = VersionsAnswer.bytes(upSeconds: 100_000)
    for bytes in [network, audio, storage, versions] {
      for language in [Language.english, .chinese] {
        let rows = try rows(bytes, language)
        for row in rows {
          let columns = row.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
          #expect(columns <= 80, "\(row)")
        }
        #expect(!rows.contains { $0.contains("not shown") || $0.contains("未显示") }, "\(rows)")
      }
      guard case .object(let members)? = JSONValue(parsing: bytes) else { continue }
      for member in members {
        let name = FieldName.text(member.key, .chinese)
        #expect(name != FieldName.text(member.key, .english) || !name.bytes.allSatisfy { $0 >= 0x80 })
        #expect(!name.hasPrefix(member.key) || member.key.hasPrefix("lib") || member.key == "", "\(member.key)")
      }
    }
  }

  @Test("the network: what is down too, how the box is seen, which ports are free, where a trunk is")
  func networkRows() throws {
    let rows = try rows(network, .english)
    #expect(rows.contains("  enp3s0f1   -                             no"))
    #expect(rows.contains("  UDP        0.0.0.0:5060  203.0.113.7:5060"))
    #expect(rows.contains { $0.hasSuffix("10.8.0.0/16  10.8.0.1") })
    #expect(rows.contains { $0.contains("203.0.113.10:5060") && $0.contains("192.168.1.2:5060") })
    #expect(rows.contains("  Streams free  493"))
  }

  @Test("sounds: what was loaded, how long, and what was not")
  func audioRows() throws {
    let rows = try rows(audio, .english)
    #expect(rows.contains("Not usable            zh/music.wav,en/music.wav"))
    #expect(rows.contains { $0.hasPrefix("  music  ") && $0.hasSuffix("16000       -") })
  }

  @Test("storage tells its state, sizes and how long ago it wrote")
  func storageRows() throws {
    let rows = try rows(storage, .english)
    #expect(rows.contains("State                    usable"))
    #expect(rows.contains("Events kept              1234"))
    #expect(rows.contains("Since the latest commit  1:00"))
    let none = StorageAnswer(StorageState(path: "/nowhere/x.db", isFailing: false, counters: nil, now: .zero)).bytes
    #expect(String(decoding: none, as: UTF8.self).contains(#""state":"unusable""#))
  }

  @Test("the version of a library is found in what it says of itself")
  func number() {
    #expect(VersionsAnswer.number(in: "libpcap version 1.10.3 (with TPACKET_V3)") == "1.10.3")
    #expect(VersionsAnswer.number(in: "unheard-of") == "unheard-of")
    let text = String(decoding: VersionsAnswer.bytes(upSeconds: 1), as: UTF8.self)
    #expect(!text.contains(#":"""#), "something has no version: \(text)")
  }

  @Test("the log: the latest lines, so many of them, or those since a number")
  func log() {
    var ring = LineRing(lineLimit: 3, byteLimit: 1_000)
    for line in ["a", "b", "c", "d"] as [ByteString] { ring.append(line) }
    func answer(_ words: ByteString...) -> String? {
      LogAnswer.bytes(words, ring).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(answer() == #"{"next":4,"lines":["b","c","d"]}"#)
    #expect(answer("1") == #"{"next":4,"lines":["d"]}"#)
    #expect(answer("since", "2") == #"{"next":4,"lines":["c","d"]}"#)
    #expect(answer("since", "4") == #"{"next":4,"lines":[]}"#)
    #expect(answer("since", "0") == #"{"next":4,"lines":["b","c","d"]}"#)
    #expect(answer("since", "99") == #"{"next":4,"lines":[]}"#)
    #expect(answer("x") == nil && answer("since", "x") == nil)
  }
}
