// Keys of phones that show who is in a call, and an agent's own state.

import Foundation
import Harness

extension Site {
  /// A key on a phone of `user`, for a number: it must show these states, one after the other.
  fileprivate func key(_ number: String, of user: String, shows states: [String], port: Int) throws -> Sipp {
    let steps = states.map { state in
      """
        <recv request="NOTIFY">
          <action>
            <ereg regexp="&lt;state>\(state)" search_in="msg" check_it="true" assign_to="all"/>
            <ereg regexp="active;expires=" search_in="hdr" header="Subscription-State:" check_it="true"
              assign_to="all"/>
          </action>
        </recv>
        <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

      ]]></send>
      """
    }
    return try sipp(
      "key-\(port)", "lamp", at: .init(port: port),
      values: ["number": number, "notifies": steps.joined(separator: "\n")],
      fields: "SEQUENTIAL\n\(user);[authentication username=\(user) password=\(Self.secret(user))]\n",
      extra: ["-auth_uri", "\(number)@\(Self.box)"])
  }
}

private func watched(_ box: Box) throws -> Int? { (try box.ask("status") as? [String: Any])?["subscriptions"] as? Int }

let lampCases = [
  Case("lamp", "a key shows an agent's own log-in by feature code, another one the calls of an extension") { site in
    let box = try site.box(site.configuration())
    let agent = try site.phone("101", tone: 700, answers: false)
    let own = try site.key("*45", of: "101", shows: ["terminated", "confirmed", "terminated"], port: 15111)
    try box.wait("the agent's key is subscribed") { try watched($0) == 1 }
    agent.dial("sip:*45@\(Site.box)")
    try box.wait("the agent is logged in") { try state(of: "101", $0) == "ready" }
    try agent.process.wait(for: "session closed")
    let others = try site.key(
      "101", of: "104", shows: ["terminated", "early", "confirmed", "terminated"], port: 15141)
    try box.wait("the other key is subscribed") { try watched($0) == 2 }
    let caller = try site.call("02155550000", talk: 4000)
    // Changes are told once a second: one that nobody waits for may be left out.
    try box.wait("the key blinks") { _ in others.trace().contains("<state>early") }
    agent.accept()
    try caller.succeed()
    try others.succeed()
    try box.wait("the wrap-up is over") { try state(of: "101", $0) == "ready" }
    agent.dial("sip:*46@\(Site.box)")
    try own.succeed()
    try box.wait("nothing is watched any more") { try watched($0) == 0 }
    try box.stop()
  }
]
