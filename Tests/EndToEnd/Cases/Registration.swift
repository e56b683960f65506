// Phones that register: transports, passwords, what survives.

import Foundation
import Harness

private func isRegistered(_ user: String, _ box: Box) throws -> Bool {
  try box.rows("phones").contains { $0["user"] as? String == user }
}

/// How many facts are on the disk since the start.
private func facts(_ box: Box) throws -> Int {
  let storage = (try box.ask("process") as? [String: Any])?["storage"] as? [String: Any]
  return storage?["facts"] as? Int ?? 0
}

private func credentials(_ user: String, _ password: String? = nil) -> String {
  "SEQUENTIAL\n\(user);[authentication username=\(user) password=\(password ?? Site.secret(user))]\n"
}

let registrationCases = [
  Case("register-udp", "sipp registers over UDP with MD5; the phone is listed, and still after kill -9") { site in
    let box = try site.box(site.configuration())
    let before = try facts(box)
    try site.sipp("phone", "register", at: .init(port: 15101), fields: credentials("101")).succeed()
    try expect(isRegistered("101", box), "101 is not listed")
    // Registrations are grouped for up to a second before they are written.
    try box.wait("the registration is on the disk") { try facts($0) > before }
    box.kill9()
    try box.restart()
    try expect(isRegistered("101", box), "101 is forgotten after kill -9")
    try box.stop()
  },
  Case("register-tcp", "sipp registers over TCP") { site in
    let box = try site.box(site.configuration())
    var place = Sipp.Place(port: 15101)
    place.transport = "t1"
    try site.sipp("phone", "register", at: place, fields: credentials("102")).succeed()
    try expect(
      box.rows("phones").contains { $0["user"] as? String == "102" && $0["transport"] as? String == "TCP" },
      "102 is not listed with TCP")
    try box.stop()
  },
  Case("register-wrong-password", "a wrong password and an unknown user get the same answer") { site in
    let box = try site.box(site.configuration())
    for user in ["101", "999"] {
      try site.sipp("phone\(user)", "register-refused", at: .init(port: 15101), fields: credentials(user, "wrong"))
        .succeed()
    }
    try expect(box.rows("phones").isEmpty, "somebody is registered")
    try box.stop()
  },
  Case("register-sha256", "linphone registers: it takes the first challenge, which is SHA-256") { site in
    let box = try site.box(site.configuration(digest: "sha-256 md5"))
    _ = try site.linphone("103")
    try box.wait("103 is registered") { try isRegistered("103", $0) }
    try box.wait("linphone's log shows SHA-256") { _ in
      try String(contentsOfFile: site.workspace.path("linphone.log"), encoding: .utf8).split(
        whereSeparator: \.isNewline
      )
      .contains { $0.hasPrefix("Authorization:") && $0.contains("algorithm=SHA-256") }
    }
    try box.stop()
  },
]
