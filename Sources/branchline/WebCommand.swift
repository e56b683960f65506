// `branchline web`: the process of the supervisor's page, which the daemon starts. Browsers on one side, the daemon on the
// other, by a connection on which it is nobody. Before it hears a stranger it gives up all that it does not need.

import Basics
import BranchConfiguration
import Configuration
import LinuxIO
import Supervision
import WebServer

enum WebCommand {
  enum Limits {
    static let fileBytes = 65_536
    static let descriptors = 96
    static let memoryBytes = 64 << 20
    static let entropyBytes = 32
    static let daemonMilliseconds = 5_000
  }
  static var fingerprintMark: ByteString { "certificate SHA-256 " }
  static var confinedMark: ByteString { "confined by " }
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
    do throws(Fault) {
      (server, entropy) = try open(arguments)
    } catch {
      return fail(error.text)
    }
    ProcessContext.becomeMinor(descriptors: Limits.descriptors, memoryBytes: Limits.memoryBytes)
    let confinement = Confinement.begin()
    say("listening at " + arguments.listen.text)
    say(fingerprintMark + server.fingerprint)
    say(confinedMark + confinement.holds)
    if let lacks = confinement.lacks { say(faultMark + "this system does not confine it by " + lacks) }
    let settings = Supervision.Settings(metricsFrom: arguments.metricsFrom, hasGivenCertificate: !arguments.isOwn)
    return serve(server, Supervision(settings, entropy: entropy))
  }

  private struct Fault: Error {
    let text: ByteString
  }

  /// All that is opened.
  private static func open(_ arguments: Arguments) throws(Fault) -> (WebServer, entropy: [UInt8]) {
    let certificate: [UInt8]
    let key: [UInt8]
    let entropy: [UInt8]
    let daemon: Int32
    do throws(FileReadError) {
      certificate = try pem(arguments.certificate, isOwn: arguments.isOwn)
      key = arguments.isOwn ? certificate : try pem(arguments.key, isOwn: false)
    } catch {
      throw Fault(text: error.text)
    }
    do throws(SystemError) {
      entropy = try Entropy.bytes(Limits.entropyBytes)
    } catch {
      throw Fault(text: error.text)
    }
    do throws(ControlError) {
      daemon = try ControlClient.openPage(at: arguments.socket, milliseconds: Limits.daemonMilliseconds)
    } catch {
      throw Fault(text: AskCommand.text(error, arguments.socket).text(.english))
    }
    do throws(WebServerError) {
      return (try WebServer(at: arguments.listen, certificate: certificate, key: key, daemon: daemon), entropy)
    } catch {
      throw Fault(text: text(error))
    }
  }

  /// Until the daemon is gone.
  private static func serve(_ server: WebServer, _ supervision: consuming Supervision) -> Int32 {
    var supervision = supervision
    var teller = PageUse.Teller()
    var hits = supervision.connections.hits.map { Hit(text: $0.text) }
    var preferred: [IPAddress] = []
    while server.hasDaemon {
      server.turn(
        until: supervision.nextDeadline.earlier(teller.deadline(server, supervision)), at: MonotonicClock.now)
      let now = MonotonicClock.now
      supervision.connections = server.counters
      while let input = server.next() { hear(input, &supervision, server, at: now) }
      hear(.wake, &supervision, server, at: now)
      if let uses = teller.poll(server, supervision, at: now) { say(uses) }
      if supervision.places != preferred {
        preferred = supervision.places
        server.prefer(preferred)
      }
      for (index, hit) in supervision.connections.hits.enumerated() { hits[index].note(hit.count, at: now) }
    }
    return fail("the daemon has ended the connection")
  }

  /// A limit; that it was hit is said once a minute at most.
  private struct Hit {
    let text: ByteString
    private var count = 0
    private var saidAt: Instant?

    init(text: ByteString) { self.text = text }

    mutating func note(_ new: Int, at now: Instant) {
      guard new > count, saidAt.map({ now - $0 >= SupervisionLimits.logEvery }) ?? true else { return }
      say(faultMark + text)
      (count, saidAt) = (new, now)
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
