// One test's branch: a box with a configuration, its peers, and everything stopped at the end. Phones are at 127.0.0.1,
// the carrier and its customers at 127.0.0.2.

import Foundation
import Harness

final class Site {
  static let boxPort = 15060
  static let box = "127.0.0.1:15060"
  static let carrierAddress = "127.0.0.2"
  static let carrierPort = 15080
  static func secret(_ user: String) -> String { "correct-horse-\(user)" }

  let workspace: Workspace
  let binary: [String]
  /// Other builds of the same sources.
  let alsoReplaying: [[String]]
  /// A directory with a kernel for the box's program, and a busybox.
  let boardRoot: String?
  private var boxes: [Box] = []
  private var sipps: [Sipp] = []
  private var phones: [Baresip] = []
  private var voices: [Voice] = []
  private var programs: [ChildProcess] = []
  private var undoings: [() -> Void] = []

  init(_ name: String, binary: [String], alsoReplaying: [[String]] = [], boardRoot: String? = nil) throws {
    workspace = try Workspace(name)
    self.binary = binary
    self.alsoReplaying = alsoReplaying
    self.boardRoot = boardRoot
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Done at the end, the last first.
  func undo(_ undoing: @escaping () -> Void) { undoings.append(undoing) }

  func tidy(keepFiles: Bool) {
    for sipp in sipps { sipp.stop() }
    for phone in phones { phone.process.kill9() }
    for voice in voices { voice.stop() }
    for program in programs { program.kill9() }
    for (number, box) in boxes.enumerated() {
      box.kill9()
      if keepFiles { _ = try? workspace.write("box\(number).log", box.process.output.joined(separator: "\n")) }
    }
    if keepFiles {
      for process in phones.map(\.process) + programs {
        _ = try? workspace.write("\(process.name).log", process.output.joined(separator: "\n"))
      }
    }
    for undoing in undoings.reversed() { undoing() }
    if keepFiles { report("        files are in \(workspace.url.path)") } else { workspace.remove() }
  }
}

// MARK: - The box

extension Site {
  /// Four extensions, a queue that three of them serve, a carrier known by address.
  /// - Parameter digest: sipp 3.6 and baresip 1.0 give up when they see a challenge with SHA-256.
  func configuration(
    listen: String = "127.0.0.1", database: String? = nil, queue: String = "", backOff: String = "1s",
    callback: String = "delay 0s; done-after 1s; no-answer-retry 10s; busy-retry 10s", digest: String = "md5",
    network: String = "",
    limits: String = "shutdown 2s", carrier: String = "\(carrierAddress):\(carrierPort)",
    sources: String = "\(carrierAddress)/32", prompts: String? = nil, extra: String = ""
  ) -> String {
    """
    name "Test branch"
    language en
    log { level debug }
    listen udp \(listen):\(Self.boxPort)
    listen tcp \(listen):\(Self.boxPort)
    network { digest \(digest); \(network) }
    media { ports 20000-20999; prompts "\(prompts ?? Self.root.appendingPathComponent("Board/common/prompts").path)" }
    storage { path "\(database ?? workspace.path("branch.db"))" }
    control { socket "\(workspace.path("control.sock"))" }
    limits { \(limits) }
    number-plan { country cn; area-code 21 }
    extension 101 { secret "\(Self.secret("101"))"; name "Li Lei" }
    extension 102 { secret "\(Self.secret("102"))"; name "Han Meimei" }
    extension 103 { secret "\(Self.secret("103"))"; name "Jim Green" }
    extension 104 { secret "\(Self.secret("104"))"; name "Lucy King" }
    queue service {
      title "Service"; number 600; agents 101 102 103
      wrap-up 1s; back-off \(backOff); announce 0s
      \(queue)
      callback { may-call local national mobile; \(callback) }
    }
    trunk carrier {
      peer { address \(carrier); sources \(sources) }
      channels 60; qualify 0s
    }
    inbound service { trunk carrier; number 02155550000; to queue service }
    inbound direct { trunk carrier; number 0215555XXXX; to last-digits 3 }
    outbound all { number 0X. 1[3-9]XXXXXXXXX; trunk carrier }
    \(extra)

    """
  }

  func box(_ configuration: String?, prefix: [String] = []) throws -> Box {
    let box = try Box(workspace, binary: binary, configuration: configuration, prefix: prefix)
    boxes.append(box)
    return box
  }
}

// MARK: - Its peers

extension Site {
  func sipp(
    _ name: String, _ scenario: String, to target: String? = Site.box, at place: Sipp.Place, load: Sipp.Load = .init(),
    values: [String: String] = [:], fields: String? = nil, extra: [String] = []
  ) throws -> Sipp {
    let file = Self.root.appendingPathComponent("Tests/EndToEnd/Scenarios/\(scenario).xml")
    let sipp = try Sipp(
      workspace, name: name, scenario: file, target: target, place: place, load: load, values: values, fields: fields,
      extra: extra)
    sipps.append(sipp)
    return sipp
  }

  /// A customer who calls by the carrier, is answered, talks for so many milliseconds and hangs up.
  func call(_ number: String, from: String = "13812345678", talk: Int, voice: Voice? = nil) throws -> Sipp {
    try sipp(
      "caller", "call", at: .init(address: Self.carrierAddress, port: 15082, mediaPort: 18200),
      values: ["to": number, "from": from, "talk": "\(talk)", "voice": "\(voice?.port ?? 18200)"])
  }

  /// The carrier's side of one call that the box makes: rings, answers, waits for the box to hang up.
  func carrierAnswers(
    _ scenario: String = "answer", ring: Int = 200, voice: Voice? = nil, extra: [String] = []
  ) throws -> Sipp {
    try sipp(
      "carrier", scenario, to: nil, at: .init(address: Self.carrierAddress, port: Self.carrierPort, mediaPort: 18000),
      values: ["ring": "\(ring)", "voice": "\(voice?.port ?? 18000)"], extra: extra)
  }

  /// The mouth and ear behind a scenario of the carrier's.
  func voice(port: Int, tone: Double?, address: String = Site.carrierAddress) throws -> Voice {
    let voice = try Voice(port: port, tone: tone, address: address)
    voices.append(voice)
    return voice
  }

  /// A registered phone that speaks a tone. 101 listens at port 16010, 102 at 16020, and so on.
  func phone(
    _ user: String, tone: Int, answers: Bool, address: String = "127.0.0.1", box: String = Site.box,
    prefix: [String] = [], adjust: (inout Baresip.Account) -> Void = { _ in }
  ) throws -> Baresip {
    var account = Baresip.Account(user: user, secret: Self.secret(user), box: box, answers: answers)
    adjust(&account)
    let phone = try Baresip(
      workspace, name: "phone\(user)", account: account, port: 15_000 + (Int(user) ?? 100) * 10, tone: tone,
      address: address, prefix: prefix)
    phones.append(phone)
    try phone.waitUntilRegistered()
    return phone
  }

  func program(_ name: String, _ path: String, _ arguments: [String]) throws -> ChildProcess {
    let child = try ChildProcess(name, path, arguments)
    add(child)
    return child
  }

  /// To be ended with the test.
  func add(_ program: ChildProcess) { programs.append(program) }
}

func expect(_ isTrue: Bool, _ what: @autoclosure () throws -> String) throws {
  if !isTrue { throw Failure(try what()) }
}
