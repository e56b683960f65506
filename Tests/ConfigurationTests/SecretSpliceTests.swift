import Basics
import Configuration
import Testing

@Suite("Secrets in a text that a person laid out")
struct SecretSpliceTests {
  private func spliced(_ text: String, _ replacement: (ByteString, ByteString) -> ByteString?) -> String {
    var problems = Problems()
    let tree = Block(parsing: Array(text.utf8), problems: &problems)
    #expect(!problems.hasErrors)
    return String(
      decoding: tree.splicingSecrets(into: Array(text.utf8), Example.schema, replacement), as: UTF8.self)
  }

  @Test(
    "only the secrets change; lines, blanks, comments and quotation marks stay where they are",
    arguments: [
      ("phone 101 {\n\n   secret   SECRET ;  ring 20s }  # ours\n", "new words"),
      ("\u{FEFF}# 前台\nphone 101 { secret \"SECRET\" } # 中文\n\n\n", "new"),
      ("phone 101 { ring 5s; secret \"SECRET\"}\nphone 102 {secret SECRET}", "a \\ and a \"quote\""),
    ])
  func laidOut(_ text: String, _ new: String) {
    let old = text.replacing("SECRET", with: "old-one")
    let word = ConfigurationFormatter.needsQuotes(ByteString(new)) ? "\"\(escaped(new))\"" : new
    let expected = text.replacing("\"SECRET\"", with: word).replacing("SECRET", with: word)
    #expect(spliced(old) { _, secret in secret == "old-one" ? ByteString(new) : nil } == expected)
    #expect(spliced(old) { _, _ in nil } == old)
  }

  private func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  @Test("a secret is named by its path, and only that one changes; escapes in the old one are passed over whole")
  func paths() {
    let text = "phone 101 { secret \"a\\\"b}c d\" }\nphone 102 { secret second-one }\n"
    var seen: [String] = []
    let changed = spliced(text) { path, secret in
      seen.append("\(path)=\(secret)")
      return path == "phone 101 / secret" ? "x" : nil
    }
    #expect(seen == ["phone 101 / secret=a\"b}c d", "phone 102 / secret=second-one"])
    #expect(changed == "phone 101 { secret x }\nphone 102 { secret second-one }\n")
  }

  @Test("what was spliced in is read back, whatever the text; and back again it is the text of before")
  func readBack() {
    var random = SeededRandom(seed: 20_261_123)
    for round in 0..<500 {
      var text = ""
      for number in 0..<(1 + random.below(4)) {
        text += ["", "# 注释 \(round)\n", "\n", "  "][random.below(4)] + "phone \(101 + number) {"
        text +=
          ["\n  ", " ", ""][random.below(3)] + "secret word-\(round)-\(number)" + [" ", ";", "\n"][random.below(3)]
        text += ["ring 20s ", ""][random.below(2)] + "}\n"
      }
      let there = spliced(text) { _, secret in "\"{ " + secret }
      let back = spliced(there) { _, secret in secret.dropFirst(3) }
      #expect(back == text && there != text, "seed 20261123, round \(round)")
    }
  }
}
