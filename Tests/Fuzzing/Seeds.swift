// What fuzzing begins with besides the texts of `Corpus`: captures made of frames, and the words of the languages.

import BranchConfiguration
import Configuration
import Frames
import Glibc

@testable import Console

enum Seeds {
  static func write(for target: String, into directory: String) {
    guard target == "pcap" else { return }
    for (index, capture) in captures.enumerated() {
      guard let file = fopen("\(directory)/made-\(index)", "w") else { continue }
      fwrite(capture, 1, capture.count, file)
      fclose(file)
    }
  }

  /// As `FuzzCapture` reads it.
  private static func record(_ kind: UInt8, _ flags: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [kind, flags, UInt8(payload.count & 0xFF), UInt8(payload.count >> 8)] + payload
  }

  private static var captures: [[UInt8]] {
    let body =
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\n"
      + "a=rtpmap:101 telephone-event/8000\r\n"
    let invite = message("INVITE sip:600@192.0.2.2 SIP/2.0", "INVITE", body)
    let answer = message("SIP/2.0 200 OK", "INVITE", body)
    let register = message(
      "REGISTER sip:192.0.2.2 SIP/2.0", "REGISTER", "",
      "Authorization: Digest username=\"101\", realm=\"b\", nonce=\"1\", uri=\"sip:b\", response=\"0a1b\"\r\n")
    let sound = (0..<12).flatMap { record(4 | $0 << 3, $0, []) }
    let frame = Frames.ethernet(Frames.ip4(Frames.udp(invite), kind: 17), tags: 1)
    let fragments =
      record(5, 0x80, Array(Frames.udp(invite).prefix(64)))
      + record(5 | 8 << 3, 0, Array(Frames.udp(invite).dropFirst(64)))
    return [
      record(6, 0, invite) + record(7, 1, answer) + sound, record(3, 0x18, register) + record(3, 0x18, invite),
      record(0, 0, frame), fragments, record(2, 0, answer), record(3, 2, []) + record(3 | 1 << 3, 0x11, invite),
    ]
  }

  private static func message(_ start: String, _ method: String, _ body: String, _ more: String = "") -> [UInt8] {
    Array(
      (start + "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:101@b>;tag=a\r\nTo: <sip:600@b>\r\n"
        + "Call-ID: one\r\nCSeq: 1 \(method)\r\nMax-Forwards: 70\r\n\(more)"
        + (body.isEmpty ? "" : "Content-Type: application/sdp\r\n")
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        .utf8)
  }

  /// One word a line, as libFuzzer's `-dict` reads them.
  static func dictionary(for target: String) -> String {
    let words: Set<String>
    switch target {
    case "configuration":
      words = names(BranchSchema.root).union(["set ", "annotate above \"", "delete ", "{\\x0a", "}\\x0a"])
    case "grammar":
      words = names(BranchSchema.root).union(commands(Command.operational)).union(commands(Command.configuring))
        .union(["101", "service", "| ", " to ", "first", "before ", "--json"])
    case "line-editor":
      words = ["[A", "[B", "[C", "[D", "[3~", "[200~", "[201~", "[1;5C", "\\x1b", "\\x12", "\\x16", "?"]
    case "pcap", "sip":
      words = [
        "SIP/2.0", "INVITE", "REGISTER", "Via: ", "Contact: ", "Authorization: Digest ", "Content-Length: ", "CSeq: ",
        "\\x0d\\x0a", "\\x0d\\x0a\\x0d\\x0a", "<sip:", ";tag=", "Call-ID: ", "Max-Forwards: ",
      ]
    case "sdp":
      words = [
        "m=audio ", "c=IN IP4 ", "a=rtpmap:", "a=fmtp:", "a=sendonly", "o=- ", "RTP/AVP", "\\x0d\\x0a", "a=ptime:",
      ]
    default: words = ["true", "false", "null", "\\\\u0041", "{\\\"", "\\\":", "[{"]
    }
    return words.sorted().map {
      "\"\($0.contains("\"") && !$0.contains("\\\"") ? $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") : $0)\""
    }
    .joined(separator: "\n")
  }

  private static func names(_ schema: [SchemaNode]) -> Set<String> {
    schema.reduce(into: []) { $0.formUnion(names($1.children ?? []).union(["\($1.name) "])) }
  }

  private static func commands(_ table: [Command]) -> Set<String> {
    table.reduce(into: []) { words, command in
      if case .word(let text) = command.place { words.insert("\(text) ") }
      words.formUnion(commands(command.next))
    }
  }
}
