// SIP messages, session descriptions and what the daemon answers.

import Basics
import Configuration
import SDP
import SIPMessage

@testable import Console

enum FuzzMessages {
  static func sip(_ bytes: [UInt8]) {
    frames(bytes)
    guard let message = try? SIPMessage(parsing: bytes) else { return }
    touch(message)
    guard let again = try? SIPMessage(parsing: message.bytes) else { fatalError("what was read can be read") }
    must(again.method == message.method && again.status == message.status, "the same method and status")
    must(again.callID == message.callID && Array(again.body) == Array(message.body), "the same call and body")
    guard message.isRequest else { return }
    let answer = MessageWriter.response(200, to: message, toTag: "fuzz").finish()
    guard let response = try? SIPMessage(parsing: answer) else {
      fatalError("an answer can be read: \(String(decoding: answer, as: UTF8.self))")
    }
    must(response.callID == message.callID && response.method == message.method, "an answer belongs to its request")
    must(response.toTag != nil, "an answer has a tag")
  }

  private static func touch(_ message: SIPMessage) {
    _ = message.contacts
    _ = message.hasMalformedContact
    _ = message.isWildcardContact
    _ = message.topVia
    _ = message.from
    _ = message.to
    _ = message.maxForwards
    _ = message.expires
    for name in [HeaderName.route, .recordRoute, .via, .allow] { _ = message.addresses(name) }
  }

  /// The same messages, however the stream is cut.
  private static func frames(_ bytes: [UInt8]) {
    let whole = cut(bytes, into: bytes.count)
    must(whole == cut(bytes, into: 1), "one byte at a time makes the same messages")
    must(whole == cut(bytes, into: 7), "seven bytes at a time make the same messages")
  }

  private static func cut(_ bytes: [UInt8], into size: Int) -> [[UInt8]?] {
    var framer = StreamFramer()
    var messages: [[UInt8]?] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      framer.push(rest.prefix(size))
      rest = rest.dropFirst(size)
      do throws(SIPParseError) {
        while let message = try framer.next() { messages.append(message) }
      } catch {
        return messages + [nil]
      }
    }
    return messages
  }

  static func sdp(_ bytes: [UInt8]) {
    guard let session = try? SessionDescription(parsing: bytes[...]) else { return }
    let text = session.serialised()
    guard let again = try? SessionDescription(parsing: text[...]) else {
      fatalError("what is written can be read: \(String(decoding: text, as: UTF8.self))")
    }
    must(again.serialised() == text, "what is written stays")
    must(again.port == session.port && again.address == session.address, "the same address")
  }

  static func json(_ bytes: [UInt8]) {
    guard let value = JSONValue(parsing: bytes) else { return }
    for language in [Language.english, .chinese] {
      for columns in [nil, 80, 10] as [Int?] {
        let text = Table(value, language, columns: columns).text
        must(!text.contains { $0 < 0x20 && $0 != 0x0A }, "a table has no control characters")
      }
      _ = Answer.toAct(value, language)
      _ = Answer.toConfiguration(value)
      _ = Answer.toWhy(value, language)
      _ = Answer.problems(in: value, language)
      _ = Answer.effects(in: value, language)
    }
  }
}
