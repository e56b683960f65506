import Basics
import Testing

@testable import Supervision

@Suite("Parts of the daemon's answer")
struct SnapshotTests {
  private func split(_ text: String) -> [String]? {
    JSONMembers.split(Array(text.utf8))?.map {
      String(decoding: $0.name, as: UTF8.self) + "=" + String(decoding: $0.value, as: UTF8.self)
    }
  }

  @Test("members are cut where they end, whatever stands inside of texts")
  func members() {
    #expect(split("{}") == [])
    #expect(split(#"{"a":1}"#) == ["a=1"])
    #expect(
      split(#"{"a":[{"b":"}],\"{["},2],"c":{"d":{}},"e":"\\","f":null}"#) == [
        #"a=[{"b":"}],\"{["},2]"#, #"c={"d":{}}"#, #"e="\\""#, "f=null",
      ])
  }

  @Test(
    "what is no object of members is nothing",
    arguments: ["", "[]", "{", "}", "{a:1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{"":1}"#])
  func rubbish(_ text: String) { #expect(split(text) == nil) }

  @Test("seconds that pass are no change, but other numbers are, and seconds that come and go")
  func essence() throws {
    var snapshot = Snapshot()
    func changed(_ text: String) -> [String]? {
      snapshot.take(Array(text.utf8))?.map { String(decoding: $0.name, as: UTF8.self) }
    }
    #expect(changed(#"{"a":{"seconds":1,"n":2},"b":[{"dueInSeconds":-4}]}"#) == ["a", "b"])
    #expect(changed(#"{"a":{"seconds":22,"n":2},"b":[{"dueInSeconds":5}]}"#) == [])
    #expect(changed(#"{"a":{"seconds":22,"n":3},"b":[{"dueInSeconds":5}]}"#) == ["a"])
    #expect(changed(#"{"a":{"seconds":22,"n":3},"b":[{"dueInSeconds":null}]}"#) == ["b"])
    #expect(changed("[]") == nil && changed(#"{"a":{"seconds":9,"n":3},"b":[{"dueInSeconds":null}]}"#) == [])
  }
}
