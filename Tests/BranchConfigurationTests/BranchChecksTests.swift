import Basics
import BranchConfiguration
import Configuration
import Testing

@Suite("Branch checks")
struct BranchChecksTests {
  private func lines(_ text: String, _ severity: ConfigurationError.Severity = .error) -> [String] {
    reading(text).problems.filter { $0.severity == severity }.map {
      "\($0.position.line):\($0.position.column) [\($0.path)] \($0.found.english)"
    }
  }

  @Test("An empty file lacks a listener")
  func empty() {
    let reading = reading("")
    #expect(reading.settings == nil)
    #expect(
      reading.errors.map { $0.text().description } == [
        "line 1, column 1: found no listener, expected a statement such as: listen udp 0.0.0.0:5060"
      ])
  }

  @Test("Listeners must differ and keep clear of the media ports")
  func ports() {
    let text = """
      listen udp 0.0.0.0:10500
      listen udp 10.0.0.1:10500
      listen tcp 0.0.0.0:10500
      media {
        ports 10000-10999
      }
      """
    #expect(
      lines(text) == [
        "2:1 [] a second listener on 10.0.0.1:10500",
        "5:9 [media] media ports that hold the SIP port 10500",
        "5:9 [media] media ports that hold the SIP port 10500",
      ])
    #expect(
      lines("listen udp 0.0.0.0:5060\nmedia { ports 10001-10003 }\nlimits { calls 2 }", .warning) == [
        "2:15 [media] ports for 1 streams"
      ])
  }

  @Test("A number belongs to one: extension, queue or feature code, and to no emergency service")
  func numbers() {
    let text = """
      listen udp 0.0.0.0:5060
      extension 101 { secret "first one" }
      extension 101 { secret "second one" }
      extension 119 { secret "third one" }
      queue a { number 101; agents 101 }
      queue b { number 600; agents 101 }
      queue c { number 600; agents 101 }
      feature-codes { agent-login *4; agent-logout *4 }
      """
    #expect(
      lines(text) == [
        #"3:11 [] a second extension "101""#,
        "4:11 [extension 119] the emergency number 119",
        "5:18 [queue a] the number 101",
        "7:18 [queue c] the number 600",
        "8:46 [feature-codes] the number *4",
      ])
  }

  @Test("Secrets that are guessed are errors, the sample's are warnings, and none is ever repeated")
  func secrets() {
    let text = """
      listen udp 0.0.0.0:5060
      extension 101 { secret "change-me-101" }
      extension 102 { secret "1234567" }
      extension 103 { secret "103103103" }
      extension 10400000 { secret "10400000" }
      extension 105 { secret "PASSWORD" }
      extension 106 { secret "xxxxxxxxxx" }
      extension 107 { secret "Zaphod Beeblebrox"; name "zaphod beeblebrox" }
      extension 108 { secret "fine enough" }
      extension 109 { secret "fine enough" }
      """
    #expect(
      lines(text) == [
        "3:24 [extension 102] a secret of 7 characters",
        "4:24 [extension 103] the extension's own number as its secret",
        "5:29 [extension 10400000] the extension's own number as its secret",
        "6:24 [extension 105] a secret that everybody tries first",
        "7:24 [extension 106] one character repeated as the secret",
        "8:24 [extension 107] the extension's name as its secret",
      ])
    #expect(
      lines(text, .warning) == [
        "2:24 [extension 101] the secret of the sample",
        "10:24 [extension 109] the secret of extension 108",
      ])
    for problem in reading(text).problems {
      for language in Language.allCases {
        let message = problem.text(language).description
        for secret in ["change-me-101", "1234567", "PASSWORD", "xxxxxxxxxx", "Zaphod", "fine enough"] {
          #expect(!message.contains(secret), "\(message)")
        }
      }
    }
  }

  @Test("Queues: agents are extensions, else destinations exist and do not lead back")
  func queues() {
    let text = """
      listen udp 0.0.0.0:5060
      extension 101 { secret "first one" }
      queue a { agents 101 102; else queue b }
      queue b { agents 101; else queue a }
      queue c { agents 101 101; else queue zzz }
      queue d { else extension 110 }
      queue e { agents 101; else number 13812345678 }
      queue f { agents 101; else number 101 }
      """
    #expect(
      lines(text) == [
        #"3:22 [queue a / agents] "102""#,
        "3:32 [queue a] a way back to the same queue: a → b → a",
        "4:28 [queue b] a way back to the same queue: b → a → b",
        #"5:38 [queue c / else] "zzz""#,
        #"6:26 [queue d / else] "110""#,
        "7:28 [queue e] the number 13812345678",
      ])
    #expect(lines(text, .warning) == ["5:11 [queue c] the agent 101 twice", "6:1 [queue d] no agents"])
  }

  @Test("Callbacks need a trunk of three channels: one stays for emergency, one for a live caller")
  func callbacks() {
    func text(_ channels: String) -> String {
      """
      listen udp 0.0.0.0:5060
      extension 101 { secret "first one" }
      queue a {
        agents 101
        callback { }
      }
      \(channels)
      """
    }
    func trunk(_ channels: Int) -> String {
      "trunk t { peer { address 192.0.2.1 }; channels \(channels) }\ninbound i { to queue a }\n"
        + "outbound o { number 0X.; trunk t }"
    }
    #expect(lines(text("")) == [])
    #expect(lines(text(""), .warning) == ["5:3 [queue a / callback] callbacks without any trunk"])
    #expect(lines(text(trunk(2))) == ["5:3 [queue a / callback] trunks of at most 2 channels"])
    #expect(lines(text(trunk(3))) == [])
    #expect(lines(text(trunk(3)), .warning) == [])
  }

  @Test("Trunks: one way to reach them, addresses of their own, a listener of their kind, a route from them")
  func trunks() {
    let text = """
      listen udp 0.0.0.0:5060
      trunk a { channels 4 }
      trunk b { channels 4; peer { address 192.0.2.1 }; register { server 192.0.2.9; user u; secret s } }
      trunk c { channels 4; peer { address 192.0.2.2; sources 0.0.0.0/0 } }
      trunk d { channels 4; peer { address 192.0.2.2:5070 } }
      trunk e { channels 4; peer { address 192.0.2.3 }; transport tcp }
      trunk f { channels 4; peer { address 2001:db8::1 } }
      inbound all { to last-digits 3 }
      """
    #expect(
      lines(text) == [
        "2:1 [trunk a] neither register nor peer",
        "3:23 [trunk b] both register and peer",
        "4:57 [trunk c / peer] a source network as wide as 0.0.0.0/0",
        "4:57 [trunk c / peer] addresses that also belong to trunk b",
        "5:38 [trunk d / peer] addresses that also belong to trunk c",
        "6:38 [trunk e / peer] addresses that also belong to trunk c",
        "6:61 [trunk e] a transport without a listener",
        #"7:38 [trunk f / peer / address] "2001:db8::1""#,
      ])
  }

  @Test("Routes: what is stripped leaves something, nothing stands behind a route that takes all")
  func routes() {
    let text = """
      listen udp 0.0.0.0:5060
      extension 101 { secret "first one" }
      trunk t { channels 4; peer { address 192.0.2.1 } }
      inbound a { to extension 101 }
      inbound b { number 5X; to extension 101 }
      outbound a { number 9X 10.; trunk t; strip 2 }
      outbound b { number 9X.; trunk nobody; strip 2 }
      """
    #expect(lines(text) == ["6:44 [outbound a] strip 2", #"7:32 [outbound b / trunk] "nobody""#])
    #expect(lines(text, .warning) == ["5:1 [inbound b] a route behind one that takes every call: a"])
    let unreached = "listen udp 0.0.0.0:5060\ntrunk t { channels 4; peer { address 192.0.2.1 } }"
    #expect(lines(unreached, .warning) == ["2:1 [trunk t] no inbound route for it"])
  }

  @Test("Syntax, schema and meaning are reported together, in the order of the file")
  func together() {
    let text = """
      langauge zh
      listen udp 0.0.0.0:5060
      extension 101 { secret "101" }
      queue q { agents 102 ; ring 5 }
      media { ports 5000-5100
      """
    let names = BranchSchema.root.map { $0.name.description }.joined(separator: ", ")
    #expect(
      reading(text).problems.map { $0.text().description } == [
        #"line 1, column 1: found "langauge", expected one of \#(names); did you mean "language"?"#,
        "line 3, column 24: in extension 101: found the extension's own number as its secret, expected a secret nobody guesses, of at least 8 characters",
        #"line 4, column 18: in queue q / agents: found "102", expected the name of a defined extension; did you mean "101"?"#,
        #"line 4, column 29: in queue q / ring: found "5", expected a duration from 5s to 2min, such as 30s or 5min"#,
        "line 5, column 15: in media: found media ports that hold the SIP port 5060, expected ranges that do not overlap",
        "line 5, column 15: warning: in media: found ports for 50 streams, expected two streams for each of 250 calls",
        #"line 5, column 24: found the end of the file, expected "}" for the block opened on line 5"#,
      ])
  }

  @Test("Each problem reads in both languages")
  func bothLanguages() {
    let text = "listen udp 0.0.0.0:5060\nextension 101 { secret \"101\"; x y }\nqueue q { agents 9 }\ntrunk t { }"
    for problem in reading(text).problems {
      #expect(problem.text(.chinese) != problem.text(.english))
      #expect(problem.text(.chinese).description.contains("行"))
      #expect(problem.expected.chinese.description.unicodeScalars.contains { $0.value > 0x2E80 })
    }
  }
}
