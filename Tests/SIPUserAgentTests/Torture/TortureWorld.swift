// A box that is given messages exactly as they stand, from a carrier that it knows by address and from strangers.

import Basics
import SIPMessage

@testable import SIPUserAgent

struct TortureWorld {
  let world = World()
  let box: Int
  static let carrier: ByteString = "198.51.100.77:5060"

  init() {
    let carrier = UserAgent.TrunkSettings(
      name: "carrier", kind: .peer(authUser: "", secret: ""),
      endpoint: Endpoint(IPAddress("198.51.100.77") ?? .anyV4, 5060),
      sourceAddresses: [Subnet("2001:db8::/32")].compactMap { $0 }, qualifySeconds: 0)
    box = world.add(Fixture.box, Fixture.boxSettings(trunks: [carrier]))
  }

  /// Sends a message, whose line ends become CRLF, and gives what the box sends for it within 100 ms.
  func say(_ head: String, body: String = "", from source: ByteString = carrier) -> [SIPMessage] {
    var bytes: [UInt8] = []
    for byte in head.utf8 {
      if byte == 0x0A { bytes.append(0x0D) }
      bytes.append(byte)
    }
    return say(bytes + [13, 10, 13, 10] + Array(body.utf8), from: source)
  }

  func say(_ bytes: [UInt8], from source: ByteString = carrier) -> [SIPMessage] {
    let from = Endpoint(source) ?? Endpoint(.loopbackV4, 5060)
    world.send(bytes, from: from, to: Fixture.boxEndpoint)
    let before = world.sent.count
    world.run(.milliseconds(100))
    return world.sent[before...].filter { $0.from.address == Fixture.boxEndpoint.address }.compactMap(\.message)
  }

  /// The status of the one answer, which repeats what was wrong with the request and so may not be readable.
  func status(_ head: String, body: String = "", from source: ByteString = carrier) -> Int? {
    let before = world.sent.count
    _ = say(head, body: body, from: source)
    let answers = world.sent[before...].dropFirst().map { String(decoding: $0.bytes.prefix(11), as: UTF8.self) }
    return answers.count == 1 && answers[0].hasPrefix("SIP/2.0 ") ? Int(answers[0].suffix(3)) : nil
  }

  var agent: UserAgent { world.nodes[box].agent }
  /// Calls that reached call control so far.
  var calls: [UserAgent.IncomingCall] {
    world.nodes[box].events.compactMap { if case .incoming(_, let call) = $0 { call } else { nil } }
  }

  /// The same REGISTER once more, with the credentials of 101 for the challenge to it.
  func register(_ head: String, uri: ByteString) -> SIPMessage? {
    let source: ByteString = "10.0.0.61:5060"
    guard let challenge = say(head, from: source).last, challenge.status == 401 else { return nil }
    let phone = RawPeer(world, source)
    let credentials = phone.authorization(challenge, .register, uri: uri)
    let again = head.replacing("branch=z9hG4bK", with: "branch=z9hG4bKagain")
    return say(again + "\n" + credentials, from: source).last
  }
  var contacts: [String] { agent.registrations(at: world.now).map { "\($0.contact)" } }
}

extension SIPMessage {
  func all(_ name: HeaderName) -> [String] { values(name).map { String(decoding: $0, as: UTF8.self) } }
  var reasonText: String { String(decoding: reasonPhrase, as: UTF8.self) }
}
