// `branchline web`: the process of the supervisor's page, which the daemon starts. Browsers on one side, the daemon's control
// socket on the other.

import Basics
import BranchConfiguration
import LinuxIO
import Supervision
import WebServer

enum WebCommand {
  enum Limits {
    static let fileBytes = 65_536
    static let descriptors = 96
    static let memoryBytes = 64 << 20
    static let entropyBytes = 32
  }
  static var fingerprintMark: ByteString { "certificate SHA-256 " }
  static var faultMark: ByteString { "fault: " }

  /// `SOCKET ADDRESS:PORT own FILE [SUBNET…]` or `SOCKET ADDRESS:PORT given FILE FILE [SUBNET…]`
  struct Arguments: Equatable {
    static var usage: ByteString { "web SOCKET ADDRESS:PORT own FILE|given CERTIFICATE KEY [SUBNET...]" }

    var socket: ByteString
    var listen: Endpoint
    /// Both in one file, which is made where it is missing, if it is the box's own.
    var isOwn: Bool
    var certificate: ByteString
    var key: ByteString
    var metricsFrom: [Subnet]

    init(_ web: BranchSettings.Web, socket: ByteString, ownCertificate: ByteString) {
      self.socket = socket
      listen = web.listen
      metricsFrom = web.metricsFrom
      switch web.certificate {
      case .own: (isOwn, certificate, key) = (true, ownCertificate, ownCertificate)
      case .given(let certificate, let key): (isOwn, self.certificate, self.key) = (false, certificate, key)
      }
    }

    init?(_ words: [ByteString]) {
      guard words.count >= 4, let listen = Endpoint(words[1]), words[2] == "own" || words[2] == "given" else {
        return nil
      }
      let isOwn = words[2] == "own"
      let subnets = words.dropFirst(isOwn ? 4 : 5)
      let known = subnets.compactMap { Subnet($0) }
      guard isOwn || words.count >= 5, known.count == subnets.count else { return nil }
      socket = words[0]
      self.listen = listen
      self.isOwn = isOwn
      certificate = words[3]
      key = isOwn ? words[3] : words[4]
      metricsFrom = known
    }

    var words: [ByteString] {
      let files = isOwn ? ["own", certificate] : ["given", certificate, key]
      return ["web", socket, listen.text] + files
        + metricsFrom.map { $0.address.text + "/" + ByteString($0.prefixLength) }
    }
  }

  static func run(_ arguments: Arguments) -> Int32 {
    let server: WebServer
    let entropy: [UInt8]
    do throws(SystemError) {
      entropy = try Entropy.bytes(Limits.entropyBytes)
    } catch {
      return fail(error.text)
    }
    do throws(FileReadError) {
      let certificate = try pem(arguments.certificate, isOwn: arguments.isOwn)
      let key = arguments.isOwn ? certificate : try pem(arguments.key, isOwn: false)
      do throws(WebServerError) {
        server = try WebServer(on: arguments.listen, certificate: certificate, key: key, daemon: arguments.socket)
      } catch {
        return fail(text(error))
      }
    } catch {
      return fail(error.text)
    }
    ProcessContext.becomeMinor(descriptors: Limits.descriptors, memoryBytes: Limits.memoryBytes)
    say("listening at " + arguments.listen.text)
    say(fingerprintMark + server.fingerprint)
    let settings = Supervision.Settings(metricsFrom: arguments.metricsFrom, hasGivenCertificate: !arguments.isOwn)
    serve(server, Supervision(settings, entropy: entropy))
  }

  private static func serve(_ server: WebServer, _ supervision: consuming Supervision) -> Never {
    var supervision = supervision
    var teller = PageUse.Teller()
    var told = server.counters
    while true {
      let deadline = supervision.nextDeadline.earlier(teller.deadline(server, supervision))
      server.turn(until: deadline, at: MonotonicClock.now)
      let now = MonotonicClock.now
      while let input = server.next() { hear(input, &supervision, server, at: now) }
      hear(.wake, &supervision, server, at: now)
      if let uses = teller.poll(server, supervision, at: now) { say(uses) }
      let counters = server.counters
      if counters.full > told.full { say(faultMark + "as many connections as there may be") }
      told = counters
    }
  }

  private static func hear(
    _ input: Supervision.Input, _ supervision: inout Supervision, _ server: WebServer, at now: Instant
  ) {
    supervision.handle(input, at: now)
    while let output = supervision.pollOutput() {
      if case .log(let text) = output { say(faultMark + text) }
      server.carryOut(output)
    }
  }

  /// A file; the box's own is made when it is missing.
  private static func pem(_ path: ByteString, isOwn: Bool) throws(FileReadError) -> [UInt8] {
    do throws(FileReadError) {
      return try FileReader.read(path, limit: Limits.fileBytes)
    } catch {
      guard isOwn, error.isAbsence, let made = WebServer.makeCertificate() else { throw error }
      do throws(SystemError) {
        try WholeFile.write(made, to: path)
      } catch {
        // It is good for this run.
        say(faultMark + "the certificate cannot be kept: " + error.text)
      }
      return made
    }
  }

  private static func text(_ error: WebServerError) -> ByteString {
    switch error {
    case .cannotListen(let endpoint, let code): SystemError(ByteString("bind ") + endpoint.text, code: code).text
    case .certificate(let text): text
    }
  }

  /// To the daemon, for its log.
  private static func say(_ text: ByteString) { StandardStream.output.writeLine(text) }

  private static func fail(_ text: ByteString) -> Int32 {
    say(faultMark + text)
    return ExitCode.failure
  }
}
