// HTTPS for the supervisor's page: browsers on one side, a connection to the daemon on the other, one loop. Carries
// requests, answers and questions; decides nothing.

import Basics
import CTLS
import CWeb
import Supervision

/// Why the server did not begin.
public enum WebServerError: Error, Equatable, Sendable {
  /// The address, and errno(3).
  case cannotListen(Endpoint, code: Int32)
  /// What is wrong with the certificate or its key.
  case certificate(ByteString)
}

///     let server = try WebServer(at: endpoint, certificate: pem, key: pem, daemon: connection)
///     while true { server.turn(until: deadline, at: now); while let input = server.next() { … } }
public final class WebServer {
  public enum Limits {
    public static let connections = 32
    /// Of one address; people who are logged in may share one behind a router.
    public static let connectionsOfAddress = 8
    public static let connectionsOfPreferred = 16
    static let requestSeconds: Int32 = 15
    static let writeSeconds: Int32 = 20
    static let headerBytes = 8_192
    static let bodyBytes = 4_096
    static let streamBytes = 1 << 20
    static let answerBytes = 4 << 20
    static let answerSeconds: Int32 = 5
    /// How long the loop waits at most: its clock is another than the caller's.
    static let turn = Interval.seconds(10)
    static let certificateBytes = 4_096
  }

  private let server: OpaquePointer

  /// - Parameters:
  ///   - certificate: PEM, and `key` too.
  ///   - daemon: a connection to it, which becomes its own.
  public init(
    at endpoint: Endpoint, certificate: [UInt8], key: [UInt8], daemon: Int32
  ) throws(WebServerError) {
    let (isV6, address) = Self.octets(endpoint.address)
    let listener = address.withUnsafeBufferPointer { address in
      address.baseAddress.map { web_listen(isV6, $0, endpoint.port) } ?? -1
    }
    guard listener >= 0 else { throw .cannotListen(endpoint, code: web_errno()) }
    var limits = web_limits(
      connections: Int32(Limits.connections), connections_of_address: Int32(Limits.connectionsOfAddress),
      connections_of_preferred: Int32(Limits.connectionsOfPreferred), request_seconds: Limits.requestSeconds,
      write_seconds: Limits.writeSeconds, header_bytes: Limits.headerBytes, body_bytes: Limits.bodyBytes,
      stream_bytes: Limits.streamBytes, answer_bytes: Limits.answerBytes, answer_seconds: Limits.answerSeconds)
    var fault = [CChar](repeating: 0, count: 160)
    let opened = Self.withBytes(certificate) { certificate, certificateCount in
      Self.withBytes(key) { key, keyCount in
        web_open(listener, daemon, certificate, certificateCount, key, keyCount, &limits, &fault, fault.count)
      }
    }
    guard let opened else {
      throw .certificate(ByteString(fault.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }))
    }
    server = opened
  }

  /// A certificate and its key in one PEM file, made now. nil: there was no entropy.
  public static func makeCertificate() -> [UInt8]? {
    var text = [CChar](repeating: 0, count: Limits.certificateBytes)
    let count = tls_make_certificate(&text, text.count)
    return count == 0 ? nil : text.prefix(count).map { UInt8(bitPattern: $0) }
  }

  /// SHA-256 of the certificate, as browsers show it: `AB:CD:…`
  public var fingerprint: ByteString {
    var digest = [UInt8](repeating: 0, count: 32)
    web_fingerprint(server, &digest)
    var writer = ByteWriter(capacity: 96)
    for (index, byte) in digest.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ":")) }
      writer.append(hexOf: [byte])
    }
    return ByteString(writer.bytes.map { $0.isASCIILetter ? $0 & ~0x20 : $0 })
  }

  public var counters: ConnectionCounters {
    let counters = web_counters(server)
    return ConnectionCounters(
      open: Int(clamping: counters.open), taken: Int(clamping: counters.connections),
      expired: Int(clamping: counters.expired), full: Int(clamping: counters.full),
      crowded: Int(clamping: counters.crowded), displaced: Int(clamping: counters.displaced),
      slowStreams: Int(clamping: counters.slow_streams))
  }

  /// Whose connections are the last to be cut off for others.
  public func prefer(_ places: [IPAddress]) {
    let addresses = places.reduce(into: [UInt8]()) { bytes, place in
      let (isV6, octets) = Self.octets(place)
      bytes += (isV6 ? [] : [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) + octets
    }
    Self.withBytes(addresses) { bytes, _ in web_prefer(server, bytes, places.count) }
  }

  /// False: the connection to it has ended, and there is no other.
  public var hasDaemon: Bool { web_has_daemon(server) }

  // MARK: In

  /// Waits until something has happened, or the deadline.
  public func turn(until deadline: Instant?, at now: Instant) {
    let wait = min(deadline.map { $0 - now } ?? Limits.turn, Limits.turn)
    web_turn(server, Int32(clamping: max(0, (wait.nanoseconds + 999_999) / 1_000_000)))
  }

  /// What has happened, nil when there is nothing more.
  public func next() -> Supervision.Input? {
    var event = web_event()
    while web_next(server, &event) {
      let bytes = Array(UnsafeBufferPointer(start: event.bytes, count: event.count))
      switch event.kind {
      case WEB_REQUEST: return .request(request(event.number, bytes))
      case WEB_GONE: return .gone(event.number)
      case WEB_ANSWER: return .answered(event.number, bytes)
      case WEB_NO_ANSWER: return .unanswered(event.number)
      default: continue
      }
    }
    return nil
  }

  private func request(_ number: UInt64, _ body: [UInt8]) -> WebRequest {
    let method: WebRequest.Method =
      switch web_request_method(server, number) {
      case WEB_POST: .post
      case WEB_HEAD: .head
      default: .get
      }
    let target = Self.text(web_request_target(server, number)) ?? ""
    let headers = WebRequest.Header.allCases.map { header in
      Self.withCString(ByteString(header.name)) { Self.text(web_request_header(server, number, $0)) }
    }
    return WebRequest(
      number: number, method: method, target: target, from: peer(number), headers: headers, body: body)
  }

  private func peer(_ number: UInt64) -> IPAddress {
    var bytes = [UInt8](repeating: 0, count: 16)
    switch web_request_peer(server, number, &bytes) {
    case 4: return .v4(bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
    case 6:
      return .v6(
        high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }, low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    default: return .anyV4
    }
  }

  // MARK: Out

  /// What the machine wants done; a log line is the caller's.
  public func carryOut(_ output: Supervision.Output) {
    switch output {
    case .reply(let number, let response): reply(number, response)
    case .beginStream(let number, let headers):
      add(headers, to: number)
      web_stream_begin(server, number)
    case .send(let number, let bytes): Self.withBytes(bytes) { web_stream_send(server, number, $0, $1) }
    case .endStream(let number): web_stream_end(server, number)
    case .ask(let number, let line, let text): ask(number, line, text)
    case .log: break
    }
  }

  private func reply(_ number: UInt64, _ response: WebResponse) {
    add(response.headers, to: number)
    switch response.body {
    case .bytes(let bytes): Self.withBytes(bytes) { web_reply(server, number, Int32(response.status), $0, $1) }
    case .file(let file):
      var count = 0
      let bytes = web_file(file == .page ? WEB_PAGE : file == .style ? WEB_STYLE : WEB_SCRIPT, &count)
      web_reply(server, number, Int32(response.status), bytes, count)
    }
  }

  private func add(_ headers: [WebResponse.Header], to number: UInt64) {
    for header in headers {
      Self.withCString(ByteString(header.name)) { name in
        Self.withCString(header.value) { web_add_header(server, number, name, $0) }
      }
    }
  }

  private func ask(_ number: UInt64, _ line: ByteString, _ text: [UInt8]?) {
    let length: [UInt8] = text.map { ByteString(" +").bytes + ByteString($0.count).bytes } ?? []
    let question = line.bytes + length + [0x0A] + (text ?? [])
    Self.withBytes(question) { web_ask(server, number, $0, $1) }
  }

  // MARK: Bytes

  private static func octets(_ address: IPAddress) -> (isV6: Bool, bytes: [UInt8]) {
    var writer = ByteWriter(capacity: 16)
    switch address {
    case .v4(let value): writer.append(bigEndian: value)
    case .v6(let high, let low):
      writer.append(bigEndian: high)
      writer.append(bigEndian: low)
    }
    return (!address.isV4, writer.bytes)
  }

  private static func text(_ start: UnsafePointer<CChar>?) -> ByteString? {
    guard let start else { return nil }
    var count = 0
    while start[count] != 0 { count += 1 }
    return ByteString(Array(UnsafeRawBufferPointer(start: start, count: count)))
  }

  private static func withCString<Result>(_ text: ByteString, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated = text.bytes + [0]
    return terminated.withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped) }
  }

  /// An empty array has an address too.
  private static func withBytes<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Result) -> Result {
    let padded = bytes.isEmpty ? [0] : bytes
    return padded.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped, bytes.count) }
  }
}
