import ACD
import Basics
import CallControl
import Testing

@Suite("Feature codes")
struct FeatureTests {
  @Test(
    "what an agent dials is asked of the queue, and the caller hears its answer",
    arguments: [
      ("*45", .login(extension: "102"), nil, "loggedIn"),
      ("*45", .login(extension: "102"), .unknownAgent, "notAnAgent"),
      ("*46", .logout(extension: "102"), nil, "loggedOut"),
      ("*46", .logout(extension: "102"), .notLoggedIn, "loggedOut"),
      ("*47", .pause(extension: "102", reason: ""), nil, "beep"),
      ("*473", .pause(extension: "102", reason: "3"), .notLoggedIn, "notAllowed"),
      ("*4417", .disposition(extension: "102", code: "17"), .noConversation, "notAllowed"),
    ] as [(ByteString, ACD.Act, ACD.ActRefusal?, String)])
  func acts(_ dialled: ByteString, _ act: ACD.Act, _ refusal: ACD.ActRefusal?, _ heard: String) {
    var exchange = Exchange()
    exchange.incoming(2, from: .user("102"), to: dialled, caller: "102")
    #expect(!exchange.take().contains { $0.contains("say") })
    exchange.queue(.acted(act, by: "102", refusal: refusal))
    #expect(exchange.take().last?.contains("[MediaEngine.Prompt.\(heard)]") == true)
  }

  @Test("the answer to an act of the console, or of another phone, is nobody's on the line")
  func others() {
    var exchange = Exchange()
    exchange.incoming(2, from: .user("102"), to: "*45", caller: "102")
    exchange.incoming(4, from: .user("101"), to: "*45", caller: "101")
    _ = exchange.take()
    exchange.queue(.acted(.login(extension: "102"), by: "console:0", refusal: nil))
    #expect(exchange.take().isEmpty)
    exchange.queue(.acted(.login(extension: "102"), by: "102", refusal: nil))
    #expect(exchange.take().contains { $0.contains("accept 2") })
    exchange.queue(.acted(.login(extension: "101"), by: "101", refusal: .unknownAgent))
    #expect(exchange.take().contains { $0.contains("accept 4") })
  }
}
