// baresip as a phone with a person: it speaks a tone of its own and keeps what it hears. The person's hands are
// baresip's own keys: a line starting with `/` is a command, a single character a key of the phone.

import Foundation

public final class Baresip {
  public let process: ChildProcess
  private let directory: URL

  public struct Account {
    public var user: String
    public var secret: String
    /// The box, as `address:port`.
    public var box: String
    public var transport = "udp"
    /// A file: who may sign the box's certificate.
    public var authority: String?
    public var codec = "PCMU"
    /// Takes every call at once.
    public var answers: Bool
    /// Digits are sent as INFO instead of as RFC 4733 events.
    public var digitsByInfo = false
    /// Addresses whose presence it subscribes to; its own mailbox too, if there are any.
    public var contacts: [String] = []

    public init(user: String, secret: String, box: String, answers: Bool) {
      self.user = user
      self.secret = secret
      self.box = box
      self.answers = answers
    }

    var line: String {
      "<sip:\(user)@\(box);transport=\(transport)>;auth_user=\(user);auth_pass=\(secret);regint=60"
        + ";answermode=\(answers ? "auto" : "manual");audio_codecs=\(codec)/8000/1"
        + ";dtmfmode=\(digitsByInfo ? "info" : "rtpevent")\n"
    }
  }

  /// - Parameters:
  ///   - port: where it listens; the next one is taken too, for TLS, and RTP is 2,000 above.
  ///   - tone: in Hz, what its microphone hears.
  ///   - seconds: how long the microphone hears it.
  ///   - prefix: put in front of the program, to run it in another network namespace.
  public init(
    _ workspace: Workspace, name: String, account: Account, port: Int, tone: Int, seconds: Double = 60,
    address: String = "127.0.0.1", prefix: [String] = []
  ) throws {
    directory = workspace.url.appendingPathComponent(name)
    try workspace.write("\(name)/accounts", account.line)
    try workspace.write("\(name)/contacts", account.contacts.map { "<\($0)>;presence=p2p\n" }.joined())
    let voice = directory.appendingPathComponent("voice.wav")
    try Recording.tone(Double(tone), seconds: seconds).writeWAV(to: voice)
    try workspace.write(
      "\(name)/config",
      """
      module_path \(try Self.modules())
      sip_listen \(address.contains(":") ? "[\(address)]" : address):\(port)
      \(account.authority.map { "sip_cafile \($0)" } ?? "")
      prefer_ipv6 \(address.contains(":") ? "yes" : "no")
      net_interface \(address)
      audio_source aufile,\(voice.path)
      audio_player aubridge,ear
      audio_alert aubridge,bell
      ausrc_srate 8000
      auplay_srate 8000
      ausrc_channels 1
      auplay_channels 1
      audio_buffer 20-160
      rtp_ports \(port + 2000)-\(port + 2008)
      statmode_default off
      snd_path \(directory.path)
      module stdio.so
      module g711.so
      module aufile.so
      module aubridge.so
      module sndfile.so
      module_app account.so
      module_app menu.so
      """ + "\n" + (account.contacts.isEmpty ? "" : Self.watching))
    let words = prefix + ["baresip", "-f", directory.path, "-v"]
    process = try ChildProcess(name, words[0], Array(words.dropFirst()))
  }

  private static let watching = "module_app contact.so\nmodule_app presence.so\nmodule_app mwi.so\n"

  private static func modules() throws -> String {
    for directory in ["/usr/lib/baresip/modules", "/usr/lib64/baresip/modules", "/usr/local/lib/baresip/modules"]
    where FileManager.default.fileExists(atPath: directory) {
      return directory
    }
    throw Failure("baresip's modules are not installed")
  }

  public func waitUntilRegistered() throws { try process.wait(for: "200 OK", seconds: 15) }
  /// - Parameter count: that many calls have come in after `mark`.
  public func waitUntilRinging(after mark: Int = 0, count: Int = 1, seconds: Double = 15) throws {
    try process.wait(for: "Incoming call", after: mark, count: count, seconds: seconds)
  }
  public func waitUntilTalking(after mark: Int = 0, seconds: Double = 15) throws {
    try process.wait(for: "Call established", after: mark, seconds: seconds)
  }

  public func dial(_ uri: String) { command("/dial \(uri)") }
  public func accept() { command("/accept") }
  public func hangUp() { command("/hangup") }
  public func press(_ digit: Character) { process.write(String(digit)) }
  public func command(_ text: String) { process.write(text + "\n") }

  /// What its calls heard, one recording each, in order. baresip ends a recording with the first re-INVITE.
  public func heard() throws -> [Recording] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    return try names.filter { $0.hasSuffix("-dec.wav") }.sorted().map {
      try Recording(wav: directory.appendingPathComponent($0).path)
    }
  }

  /// The longest time for which it heard this tone in any of its calls, in seconds.
  public func longestTone(_ frequency: Double) throws -> Double {
    try heard().map { $0.longestTone(frequency) }.max() ?? 0
  }

  public func stop() {
    guard process.isRunning else { return }
    command("/quit")
    if (try? process.waitForExit(seconds: 5)) == nil { process.kill9() }
  }
}
