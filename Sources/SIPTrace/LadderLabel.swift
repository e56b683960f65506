// What an arrow says, in more and in fewer words: the first that fits is shown. Header values other than those named
// here never get in, so no credentials do.

import Basics
import SDP
import SIPMessage

struct LadderLabel {
  /// The longest first.
  private let texts: [ByteString]

  /// - Parameter times: how many times it has been sent, this one included.
  init(_ texts: [ByteString], times: Int) {
    let again: ByteString = times > 1 ? " x" + ByteString(times) : ""
    self.texts = texts.map { $0 + again }
  }

  /// The longest first.
  static func texts(_ traced: TracedMessage) -> [ByteString] {
    guard let message = traced.message else { return malformed(traced.bytes) }
    let cseq = ByteString(Int(message.cseq.number)) + " "
    let method = message.method.name
    let (codecs, mark) = session(traced, message)
    if message.isRequest { return [cseq + method + codecs, method + codecs, method + mark, method] }
    let status = ByteString(message.status)
    let phrase = ByteString(message.reasonPhrase)
    let words = phrase.isEmpty ? status : status + " " + phrase
    // An answer is taken for that of the INVITE unless it says otherwise.
    let of: ByteString = method == "INVITE" ? "" : " " + method
    return [
      words + ", " + cseq + method + codecs, words + of + codecs, words + of + mark, status + of + mark, status + of,
      status,
    ]
  }

  func text(fitting room: Int) -> ByteString {
    texts.first { Canvas.width($0) <= room } ?? texts.last ?? ByteString()
  }

  /// ` (PCMU+2 sendonly)` and ` (SDP)`; empty without a session description.
  private static func session(_ traced: TracedMessage, _ message: SIPMessage) -> (ByteString, ByteString) {
    guard let session = traced.session else {
      return message.isContent("application/sdp") ? (" (SDP?)", " (SDP?)") : ("", "")
    }
    var text: ByteString = " ("
    let audible = session.formats.filter { $0.name != "telephone-event" && $0.name != "CN" }
    if session.port == 0 {
      text += "-"
    } else if let codec = session.firstCodec {
      text += codec.name
      if audible.count > 1 { text += "+" + ByteString(audible.count - 1) }
    } else {
      text += "SDP"
    }
    switch session.effectiveDirection {
    case .sendrecv: break
    case .sendonly: text += " sendonly"
    case .recvonly: text += " recvonly"
    case .inactive: text += " inactive"
    }
    return (text + ")", " (SDP)")
  }

  private static func malformed(_ bytes: [UInt8]) -> [ByteString] {
    let word = bytes.drop { $0 == 0x0D || $0 == 0x0A }.prefix { $0 > 0x20 && $0 < 0x7F }.prefix(16)
    return [ByteString(word) + " (?)", "?"]
  }
}
