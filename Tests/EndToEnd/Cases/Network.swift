// Cases of networks that translate addresses: the box behind a router, and a phone behind one.

import Foundation
import Harness

private let carrier = "203.0.113.9"
private let router = "203.0.113.1"
private let lan = (box: "192.168.77.2", phone: "192.168.77.3", router: "192.168.77.1")

extension Site {
  fileprivate func namespaces() throws -> Namespaces {
    let namespaces = try Namespaces()
    undo { namespaces.remove() }
    return namespaces
  }

  /// A sipp of the carrier's, in the namespace of that name.
  fileprivate func carrierSipp(
    _ name: String, _ scenario: String, to target: String? = nil, in namespaces: Namespaces, port: Int,
    values: [String: String], extra: [String] = []
  ) throws -> Sipp {
    var place = Sipp.Place(address: carrier, port: port, mediaPort: port + 3000)
    place.prefix = namespaces.prefix("carrier")
    return try sipp(name, scenario, to: target, at: place, values: values, extra: extra)
  }

  fileprivate func voice(_ namespaces: Namespaces, port: Int, tone: Double) throws -> Voice {
    try namespaces.inside("carrier") { try voice(port: port, tone: tone, address: carrier) }
  }
}

/// baresip that also writes down every SIP message.
private func tracing(_ prefix: [String]) -> [String] { prefix + ["sh", "-c", "exec \"$@\" -s", "sh"] }

/// A box at 192.168.77.2 behind a router that forwards its ports; a phone beside it; a carrier outside.
private func boxBehindNAT(_ site: Site) throws -> (box: Box, namespaces: Namespaces) {
  let namespaces = try site.namespaces()
  try namespaces.segment(
    "lan", [("router", lan.router + "/24"), ("box", lan.box + "/24"), ("phone", lan.phone + "/24")])
  try namespaces.segment("wan", [("router", router + "/24"), ("carrier", carrier + "/24")])
  try namespaces.route("box", via: lan.router)
  try namespaces.route("phone", via: lan.router)
  try namespaces.router(
    "router",
    rules: """
      table ip branch {
        chain before {
          type nat hook prerouting priority -100;
          iifname "wan" udp dport { \(Site.boxPort), 20000-20999 } dnat to \(lan.box)
        }
        chain after {
          type nat hook postrouting priority 100;
          oifname "wan" masquerade
        }
        chain pass {
          type filter hook forward priority 0; policy drop;
          iifname "lan" accept
          ct state established,related accept
          ct status dnat accept
        }
      }
      """ + "\n", site.workspace)
  let configuration = site.configuration(
    listen: lan.box, network: "local 192.168.77.0/24; external-address \(router)",
    carrier: "\(carrier):\(Site.carrierPort)", sources: "\(carrier)/32")
  return (try site.box(configuration, prefix: namespaces.prefix("box")), namespaces)
}

/// What of a trace tells a peer where the box is.
private func places(_ trace: some StringProtocol) -> [String] {
  trace.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter { line in
    ["Via:", "Contact:", "c=", "o="].contains { line.hasPrefix($0) }
  }
}

let networkCases = [
  Case("nat-box-out", "a box behind a NAT calls out: the carrier sees its outer address only, the phone its inner") {
    site in
    let (box, namespaces) = try boxBehindNAT(site)
    let answerer = try site.carrierSipp(
      "carrier", "answer", in: namespaces, port: Site.carrierPort, values: ["ring": "100", "voice": "18080"],
      extra: ["-rtp_echo"])
    let phone = try site.phone(
      "101", tone: 700, answers: false, address: lan.phone, box: "\(lan.box):\(Site.boxPort)",
      prefix: tracing(namespaces.prefix("phone")))
    phone.dial("sip:13812345678@\(lan.box):\(Site.boxPort)")
    try phone.waitUntilTalking()
    Thread.sleep(forTimeInterval: 2.5)  // The length of the recording.
    phone.hangUp()
    try answerer.succeed()
    phone.stop()
    let seen = answerer.trace()
    try expect(!seen.contains("192.168.77."), "an inner address is seen outside: \(places(seen))")
    for header in ["Via: SIP/2.0/UDP \(router):\(Site.boxPort)", "@\(router):\(Site.boxPort)", "c=IN IP4 \(router)"] {
      try expect(seen.contains(header), "the carrier does not see \(header): \(places(seen))")
    }
    let inside = phone.process.output.joined(separator: "\n")
    try expect(inside.contains("c=IN IP4 \(lan.box)"), "the phone does not see the box's inner address in the SDP")
    try expect(!inside.contains(router), "the outer address is seen inside: \(places(inside))")
    try expect(phone.longestTone(700) >= 1.5, "the phone heard \(try phone.longestTone(700)) s of the echo")
    try box.stop()
  },
  Case("nat-box-in", "a box behind a NAT is called by the carrier at the outer address; both hear") { site in
    let (box, namespaces) = try boxBehindNAT(site)
    let phone = try site.phone(
      "102", tone: 1100, answers: true, address: lan.phone, box: "\(lan.box):\(Site.boxPort)",
      prefix: tracing(namespaces.prefix("phone")))
    let voice = try site.voice(namespaces, port: 18300, tone: 600)
    let caller = try site.carrierSipp(
      "caller", "call", to: "\(router):\(Site.boxPort)", in: namespaces, port: 15082,
      values: ["to": "02155550102", "from": "13812345678", "talk": "2500", "voice": "\(voice.port)"])
    try voice.wait(forTone: 1100, lasting: 1)
    try caller.succeed()
    let seen = caller.trace()
    try expect(!seen.contains("192.168.77."), "an inner address is seen outside: \(places(seen))")
    try expect(
      seen.contains("c=IN IP4 \(router)") && seen.contains("@\(router):\(Site.boxPort)"),
      "the outer address is not in the answer: \(places(seen))")
    phone.stop()
    try expect(
      !phone.process.output.joined(separator: "\n").contains(router), "the outer address is seen inside")
    try expect(phone.longestTone(600) >= 1, "102 heard \(try phone.longestTone(600)) s of the caller")
    try box.stop()
  },
  Case("nat-phone", "a phone behind a NAT that changes ports registers, is called and calls; all hear") { site in
    let namespaces = try site.namespaces()
    let outside = "203.0.113.5"
    try namespaces.segment(
      "wan", [("box", outside + "/24"), ("carrier", carrier + "/24"), ("router", router + "/24")])
    try namespaces.segment("lan", [("router", lan.router + "/24"), ("phone", lan.phone + "/24")])
    try namespaces.route("phone", via: lan.router)
    // Nobody outside reaches the phone who was not spoken to from inside, and no port stays what it was.
    try namespaces.router(
      "router",
      rules: """
        table ip home {
          chain after {
            type nat hook postrouting priority 100;
            oifname "wan" meta l4proto udp masquerade to :40000-49999 random
          }
          chain pass {
            type filter hook forward priority 0; policy drop;
            iifname "lan" accept
            ct state established,related accept
          }
        }
        """ + "\n", site.workspace)
    let box = try site.box(
      site.configuration(listen: outside, carrier: "\(carrier):\(Site.carrierPort)", sources: "\(carrier)/32"),
      prefix: namespaces.prefix("box"))
    let phone = try site.phone(
      "102", tone: 1100, answers: true, address: lan.phone, box: "\(outside):\(Site.boxPort)",
      prefix: tracing(namespaces.prefix("phone")))
    let source = try box.rows("phones").first?["source"] as? String ?? ""
    try expect(source.hasPrefix(router + ":4"), "the phone is seen at \(source), not behind the NAT")
    let voice = try site.voice(namespaces, port: 18300, tone: 600)
    let caller = try site.carrierSipp(
      "caller", "call", to: "\(outside):\(Site.boxPort)", in: namespaces, port: 15082,
      values: ["to": "02155550102", "from": "13812345678", "talk": "2500", "voice": "\(voice.port)"])
    try voice.wait(forTone: 1100, lasting: 1)
    try caller.succeed()
    try box.wait("the call is over") { try $0.rows("calls").isEmpty }
    let answerer = try site.carrierSipp(
      "carrier", "answer", in: namespaces, port: Site.carrierPort, values: ["ring": "100", "voice": "18080"],
      extra: ["-rtp_echo"])
    let before = phone.process.mark
    phone.dial("sip:13812345678@\(outside):\(Site.boxPort)")
    try phone.waitUntilTalking(after: before)
    Thread.sleep(forTimeInterval: 2)  // The length of the recording.
    phone.hangUp()
    try answerer.succeed()
    phone.stop()
    try expect(phone.longestTone(600) >= 1, "the phone heard \(try phone.longestTone(600)) s of the caller")
    try expect(phone.longestTone(1100) >= 1, "the phone heard \(try phone.longestTone(1100)) s of the echo")
    try box.stop()
  },
]
