import Basics
import Foundation
import Testing

@testable import SIPUserAgent

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("dialog-info documents") struct DialogInfoTests {
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var attributes: [String: [String: String]] = [:]
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append(name)
      self.attributes[name] = attributes
    }
    func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }
  }

  private func read(_ info: DialogInfo) -> Reader? {
    let parser = XMLParser(data: Data(info.serialised()))
    let reader = Reader()
    parser.delegate = reader
    return parser.parse() ? reader : nil
  }

  @Test("the elements and attributes of RFC 4235", arguments: Lamp.State.allCases, [true, false])
  func elements(_ state: Lamp.State, _ isFull: Bool) throws {
    let info = DialogInfo(
      version: 17, isFull: isFull, entity: "sip:101@192.0.2.1", dialog: 3, lamp: Lamp(state, .initiator))
    let reader = try #require(read(info))
    #expect(reader.elements == ["dialog-info", "dialog", "state"])
    let root = try #require(reader.attributes["dialog-info"])
    #expect(root["version"] == "17" && root["state"] == (isFull ? "full" : "partial"))
    #expect(root["entity"] == "sip:101@192.0.2.1")
    #expect(reader.attributes["dialog"] == ["id": "3", "direction": "initiator"])
    #expect(reader.text.filter { !$0.isWhitespace } == "\(state)")
  }

  @Test("well formed whatever the entity holds", arguments: 1...200)
  func wellFormed(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let entity = ByteString((0..<random.below(40)).map { _ in UInt8(random.below(256)) })
    let info = DialogInfo(
      version: UInt32(random.below(1_000)), isFull: true, entity: entity, dialog: 0, lamp: Lamp(.confirmed))
    let reader = try #require(read(info), "seed \(seed)")
    let expected = entity.bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
    #expect(reader.attributes["dialog-info"]?["entity"] == String(decoding: expected, as: UTF8.self), "seed \(seed)")
  }
}
