import Basics
import Supervision
import Testing

@Suite("Paths and headers of the page")
struct PageTests {
  @Test(
    "the page's three files, and nothing else, are there for everybody",
    arguments: [
      ("/", WebResponse.File.page, "text/html"), ("/page.css", .style, "text/css"),
      ("/page.js", .script, "text/javascript"), ("/?x=/page.js", .page, "text/html"),
    ])
  func files(_ target: String, _ file: WebResponse.File, _ type: String) throws {
    let desk = Desk()
    let number = desk.send(.get, ByteString(target))
    let response = try #require(desk.replies[number])
    #expect(response.status == 200 && response.body == .file(file))
    #expect(desk.header("Content-Type", of: number) == ByteString("\(type); charset=utf-8"))
  }

  @Test("the page opens from a bookmark and by a link; what it asks then comes from itself alone")
  func origin() {
    let desk = Desk()
    for site in ["none", "cross-site", "same-origin"] as [ByteString] {
      for target in ["/", "/page.js"] as [ByteString] {
        #expect(desk.status(desk.send(.get, target) { $0[.fetchSite] = site }) == 200)
      }
      let expected = site == "same-origin" ? 200 : 403
      #expect(desk.status(desk.send(.get, "/session") { $0[.fetchSite] = site }) == expected)
    }
  }

  @Test(
    "other paths are not there",
    arguments: [
      "", "/x", "//", "/../page.js", "/page.js/", "/page.js%00", "/etc/passwd", "http://other/page.js", "*", "/login",
      "/order", "/logout", "/session/", "/metrics/x", "\u{0}", "/é",
    ])
  func paths(_ target: String) {
    let desk = Desk()
    for method in [WebRequest.Method.get, .head] {
      #expect(desk.status(desk.send(method, ByteString(target))) == 404)
    }
    #expect(desk.questions.isEmpty)
  }

  @Test(
    "bodies are posted to few paths; who watches or scrapes gets",
    arguments: ["/", "/page.js", "/events", "/metrics", "/session"])
  func methods(_ target: String) {
    let desk = Desk()
    #expect(desk.status(desk.send(.post, ByteString(target), body: "{}")) == 404)
  }

  @Test("every answer forbids frames, foreign scripts, guessing of types and keeping")
  func guarding() throws {
    let desk = Desk()
    for target in ["/", "/x", "/session", "/events", "/metrics"] as [ByteString] {
      let number = desk.send(.get, target)
      let policy = try #require(desk.header("Content-Security-Policy", of: number)?.description)
      #expect(policy.hasPrefix("default-src 'none'; script-src 'self'") && policy.hasSuffix("frame-ancestors 'none'"))
      #expect(desk.header("X-Content-Type-Options", of: number) == "nosniff")
      #expect(desk.header("Cache-Control", of: number) == "no-store")
      #expect(desk.header("Strict-Transport-Security", of: number) == nil)
    }
  }

  @Test("browsers are told to insist on TLS only where somebody has given a certificate")
  func insists() {
    let desk = Desk(hasGivenCertificate: true)
    let number = desk.send(.get, "/")
    #expect(desk.header("Strict-Transport-Security", of: number) == "max-age=31536000")
  }

  @Test("rubbish in every header and body is survived, and lets nobody in", arguments: 1...200)
  func rubbish(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let desk = Desk(metricsFrom: [])
    let lee = try desk.logIn()
    let words: [ByteString] = [
      "__Host-session=", lee.cookie, lee.csrf, ";", "=", "\"", "{", "}", "Basic ", "bGVl", "https://",
      "application/json",
      "name", "password", ":", ",", "\\u0000", " ", "\n", "as root", "same-origin", "é", "\u{7F}",
    ]
    func noise() -> ByteString {
      (0..<random.below(8)).reduce(into: ByteString()) { text, _ in text += words[Int(random.below(words.count))] }
    }
    let targets: [ByteString] = ["/login", "/order", "/logout", "/alive", "/events", "/metrics", "/session", "/"]
    for _ in 0..<40 {
      let method: WebRequest.Method = [.get, .head, .post][Int(random.below(3))]
      let body = noise()
      let headers = (0..<WebRequest.Header.allCases.count).map { _ in random.below(2) == 0 ? nil : noise() }
      let target = targets[Int(random.below(targets.count))]
      _ = desk.send(method, target, body: body) { $0.headers = headers }
      while let question = desk.question() {
        // Whatever is asked is one line of few words in somebody's own name.
        #expect(!question.line.bytes.contains(0x0A) && !question.line.description.contains("root"), "seed \(seed)")
        desk.tell(.answered(question.number, Array(noise().bytes)))
      }
    }
  }
}
