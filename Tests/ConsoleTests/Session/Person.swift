import Appliance
import Basics
import BranchConfiguration
import Configuration
import Sealing
import Simulation
import Terminals
import Testing

@testable import Console

/// Somebody at a terminal of a whole box in virtual time, and what this person sees.
final class Person {
  static let configuration: ByteString = """
    name "Branch office"
    language en
    listen udp 10.0.0.1:5060
    network { local 10.0.0.0/8 }
    extension 101 { name "Reception"; secret "a secret for 101" }
    extension 102 { secret "a secret for 102" }
    queue service { title "Customer service"; number 600; agents 101 102 }

    """

  var world: World
  var session: ConsoleSession
  var screen: VirtualTerminal
  /// All that was written, escape sequences included.
  var transcript = ""
  var hasLeft = false
  /// What the shell would have in its log.
  var logLines: [ByteString] = []
  /// What the shell answers to its own questions.
  var shellAnswers: [ByteString: String] = [:]
  /// The daemon is not there.
  var isDeaf = false
  let peer: Peer

  /// - Parameter user: nil: sits at a serial line.
  init(
    user: ByteString? = "root", peer: Peer = .trusted(0), more: ByteString = "", world: World? = nil,
    place: ByteString = "pts/1", isDumb: Bool = false, columns: Int = 80, rows: Int = 24, language: Language = .english,
    command: ByteString? = nil
  ) throws {
    let text = Self.configuration + more
    let reading = BranchSettings.parse(text.bytes)
    let settings = try #require(reading.settings, "\(reading.problems.map { $0.text(.english) })")
    if let world {
      self.world = world
    } else {
      self.world = World(seed: 1, settings: settings)
      self.world.run(for: .seconds(1))
      self.world.keepConfigurations(text.bytes)
    }
    self.peer = peer
    screen = VirtualTerminal(columns: columns, rows: rows > 0 ? rows : 24)
    session = ConsoleSession(
      .init(
        place: place, user: user, isDumb: isDumb, columns: columns, rows: rows, language: language,
        schema: BranchSchema.root, command: command))
    tell(.begin)
  }

  /// With Enter.
  func line(_ text: String) { type(text + "\r") }
  func type(_ text: String) { tell(.bytes(Array(text.utf8))) }

  func pass(_ seconds: Int) {
    for _ in 0..<seconds {
      world.run(for: .seconds(1))
      if let deadline = session.nextDeadline, deadline <= world.now { tell(.wake) }
    }
  }

  func tell(_ input: ConsoleSession.Input) {
    session.handle(input, at: world.now)
    while let output = session.pollOutput() {
      switch output {
      case .write(let bytes):
        screen.feed(bytes)
        transcript += String(decoding: bytes, as: UTF8.self)
      case .ask(let number, let line, let text):
        if isDeaf {
          tell(.unanswered(number, Phrase("no daemon answers", "守护进程无应答")))
        } else {
          tell(.answer(number, logAnswer(line) ?? shellAnswer(line) ?? answer(line, text ?? [])))
        }
      case .hash(let password):
        let cost = PasswordHash.Cost(memoryKiB: 8, passes: 1)
        let salt = [UInt8](repeating: 7, count: PasswordHash.saltBytes)
        tell(.hashed(cost.flatMap { PasswordHash(of: password, salt: salt, cost: $0)?.text }))
      case .end: hasLeft = true
      }
    }
  }

  /// A test takes its time.
  private func answer(_ line: ByteString, _ text: [UInt8]) -> [UInt8] {
    let atOnce = world.request(line, text: text, peer: peer)
    guard atOnce.isEmpty, line.description.contains("test ") else { return atOnce }
    world.run(for: .seconds(40))
    return Array(world.laterAnswer.utf8)
  }

  /// As the shell does it, which is not here.
  private func logAnswer(_ line: ByteString) -> [UInt8]? {
    let words = line.bytes.split(separator: 0x20).map { ByteString($0) }
    guard words.count > 2, words[2] == "log" else { return nil }
    let number = words.last?.decimalValue
    let lines = words.contains("since") ? logLines.dropFirst(number ?? 0) : logLines.suffix(number ?? 100)
    var json = JSONWriter()
    json.object { json in
      json.field("next", logLines.count)
      json.array("lines") { json in for line in lines { json.value(line) } }
    }
    return json.bytes
  }

  private func shellAnswer(_ line: ByteString) -> [UInt8]? {
    let words = line.bytes.split(separator: 0x20).dropFirst(2).map { ByteString($0) }
    return words.count == 1 ? shellAnswers[words[0]].map { Array($0.utf8) } : nil
  }

  /// Whether the latest lines on the screen say so.
  func sees(_ text: String) -> Bool { screen.lines.contains { $0.contains(text) } }
  /// What was written since the text was last seen in the transcript.
  func cleared() -> Person {
    transcript = ""
    return self
  }
}

extension Person: CustomTestStringConvertible {
  /// The screen.
  var testDescription: String { "\n" + screen.lines.joined(separator: "\n") + "\n" }
}
