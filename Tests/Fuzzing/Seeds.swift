// What fuzzing begins with besides the texts of `Corpus`: captures made of frames, keys, and the words of the languages.

import Backup
import BranchConfiguration
import Configuration
import Frames
import Glibc

@testable import Console

enum Seeds {
  static func write(for target: String, into directory: String) {
    let seeds =
      switch target {
      case "pcap": captures
      case "line-editor": keys
      case "page": pages
      case "backup": archives
      case "rtp": sound
      case "rtcp": reports
      case "planted": [message("INVITE sip:600@192.0.2.2 SIP/2.0", "INVITE", "")]
      default: [[UInt8]]()
      }
    for (index, seed) in seeds.enumerated() {
      guard let file = fopen("\(directory)/made-\(index)", "w") else { continue }
      fwrite(seed, 1, seed.count, file)
      fclose(file)
    }
  }

  /// As `FuzzLineEditor` reads them: editing and the history, a long line and a paste, a pager.
  private static var keys: [[UInt8]] {
    let long = String(repeating: "0123456789 ", count: 12)
    return [
      [0x10]
        + "show queues\u{1B}[D\u{1B}[D\u{0B}x\u{19}\r\u{1B}[A\u{1B}[1;5D\u{14}?\t\0\nhello\u{12}que\u{07}\u{03}".utf8,
      [0x1C, 0x28] + (long + "\u{01}\u{06}\u{1B}f\u{1B}d\u{19}\u{05}\u{1B}[200~a\tb?\n\u{1B}[201~\r\u{04}").utf8
        + [0x80, 0x82, 0xFF],
      [0x80, 0x00, 0x05, 0xA0] + "one\ntwo\nthree\nfour\nfive\nsix\n\nseven, and so on\n\n".utf8.prefix(40) + [0x0F]
        + "  \r".utf8 + [0xF1],
    ]
  }

  /// As `FuzzPage` reads them: a log-in, watching, orders; and requests that nobody has made.
  private static var pages: [[UInt8]] {
    let logIn: [UInt8] = [4, 2, 4, 0, 0, 2, 0]
    return [
      logIn + [4, 0, 12, 0, 0, 2, 4] + [4, 2, 8, 2, 1, UInt8(ascii: "7"), 2, 6] + [4, 2, 8, 10, 3] + "101".utf8 + [
        2, 6, 7,
      ],
      logIn + [4, 2, 6, 0, 0, 2, 6, 0x43, 11],
      [0, 0, 16, 0, 0, 1, 1, 1, 1, 1, 1, 0, 61] + "Basic bGVlOnNlY3JldHNlY3I=".utf8,
      [0, 2, 5] + "/x".utf8 + [3, 21] + #"{"name":"lee","passw"#.utf8 + [3, 7, 11, 0x43],
    ]
  }

  /// As `FuzzBackup` reads them.
  private static var archives: [[UInt8]] {
    let files: [UInt8] = [0, 4, 0, 1, 2, 3, 4, 2, 0, 0, 8, 1, 0, 9, 14, 2, 0, 5, 5]
    let plan = RestorePlan([.init("/etc/branch.conf"), .init("/var/b.db", companions: ["-wal", "-shm"])]).text
    return [
      files, files + [16, 0, 0], [0x80, 1, 0, 9, 1, 0], plan, EpochMarker(number: 2, identity: 7, runs: 3).text,
    ]
  }

  /// A plain packet, one with a contributing source and an extension, one with padding, a key.
  private static var sound: [[UInt8]] {
    let head: [UInt8] = [0x80, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4]
    return [
      head + [0xFF, 0xFE], [0x91] + head.dropFirst() + [9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 5, 5, 5, 5, 0xD5],
      [0xA0] + head.dropFirst() + [0xD5, 0, 2], [0x80, 0xE5] + head.dropFirst(2) + [5, 0x8A, 3, 0x20],
    ]
  }

  /// A sender's report with a block, a description and a goodbye; a receiver's alone.
  private static var reports: [[UInt8]] {
    let sender: [UInt8] = [0x81, 200, 0, 12] + [UInt8](repeating: 7, count: 48)
    let name: [UInt8] = [0x81, 202, 0, 3, 0, 0, 0, 7, 1, 4, 97, 64, 98, 99, 0, 0]
    let goodbye: [UInt8] = [0x81, 203, 0, 1, 0, 0, 0, 7]
    return [sender + name + goodbye, [0x80, 201, 0, 1, 0, 0, 0, 9], [0xA0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4]]
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
      words = names(BranchSchema.root).union(["set ", "annotate above \"", "delete ", "{\n", "}\n"])
    case "grammar":
      words = names(BranchSchema.root).union(commands(Command.operational)).union(commands(Command.configuring))
        .union(["101", "service", "| ", " to ", "first", "before ", "--json"])
    case "line-editor":
      words = ["[A", "[B", "[C", "[D", "[3~", "[200~", "[201~", "[1;5C", "\u{1B}", "\u{12}", "\u{16}", "?"]
    case "uri":
      words = ["sip:", "sips:", "tel:", ";transport=", ";lr", "%40", "[::1]", "SIP/2.0/UDP ", ";branch=", "<", ">"]
    case "digest":
      words = ["Digest ", "nonce=", "realm=", "username=", "response=", "\"", "\\\"", ", ", "qop=auth", "nc=00000001"]
    case "rtp", "rtcp": words = ["\u{80}", "\0\u{1}"]
    case "pcap", "sip", "planted":
      words = [
        "SIP/2.0", "INVITE", "REGISTER", "Via: ", "Contact: ", "Authorization: Digest ", "Content-Length: ", "CSeq: ",
        "\r\n", "\r\n\r\n", "<sip:", ";tag=", "Call-ID: ", "Max-Forwards: ", ";maddr=", "7",
      ]
    case "sdp":
      words = [
        "m=audio ", "c=IN IP4 ", "a=rtpmap:", "a=fmtp:", "a=sendonly", "o=- ", "RTP/AVP", "\r\n", "a=ptime:",
      ]
    case "page":
      words = [
        "/order", "/login", "/events", "/metrics", "__Host-session=", "Basic ", "same-origin", "https://",
        "application/json",
        "{\"name\":\"", "\"password\":", "\"act\":\"", "\"subject\":\"", "\"role\":\"",
      ]
    case "backup": words = ["ustar", "restore \"", "with ", "names/", "prompts/", "MANIFEST", "format ", "epoch "]
    default: words = ["true", "false", "null", "\\u0041", "{\"", "\":", "[{"]
    }
    return words.sorted().map { "\"" + escaped($0) + "\"" }.joined(separator: "\n")
  }

  private static func escaped(_ word: String) -> String {
    word.utf8.map { byte in
      let isPlain = byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      return isPlain ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    .joined()
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
