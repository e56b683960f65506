// The way of the supervisor's page to the daemon: one connection for all its questions, which stays as long as the page's
// process lives. Who speaks by it is nobody by the system's word, whatever user the process has.
//
// In: `NUMBER LINE`, or `NUMBER LINE +N` and N bytes; out: `NUMBER N`, a line's end, and N bytes. Questions at once, their
// number in a second, their bytes and the bytes of answers that nobody takes are bounded.

import Basics
import CLinux

final class PageChannel {
  enum Limits {
    /// At once; the page's own bound is lower.
    static let questions = 8
    /// More wait for the next second: whoever took the process over shall not keep the daemon from its calls.
    static let questionsPerSecond = 40
    /// A password.
    static let textBytes = 1_024
    static let unsentBytes = 8 << 20
    static let bytesAtOnce = 16_384
  }
  /// What a trusted client says to become one.
  static var word: ByteString { "page" }
  static var greeting: ByteString { "{\"page\":true}\n" }

  let number: UInt64
  private let descriptor: Int32
  private var heard: [UInt8] = []
  /// By the daemon's number, the page's.
  private var open: [(own: UInt64, theirs: ByteString)] = []
  private var unsent: [UInt8] = []
  private var second = Instant.zero
  private var asked = 0
  /// Nothing is read until then.
  private(set) var restsUntil: Instant?
  private(set) var rests = 0
  /// It does not say what it should.
  private(set) var isBroken = false

  /// - Parameter descriptor: becomes its own; registered for reading under `number`.
  init(_ number: UInt64, _ descriptor: Int32) {
    self.number = number
    self.descriptor = descriptor
  }
  deinit { close(descriptor) }

  func hasAsked(_ own: UInt64) -> Bool { open.contains { $0.own == own } }

  func greet(_ poller: Poller<UInt64>) -> Bool {
    unsent = Self.greeting.bytes
    return send(poller)
  }

  /// False: it is over.
  func attend(_ poller: Poller<UInt64>, reads: Bool, at now: Instant) -> Bool {
    if let until = restsUntil, until <= now {
      restsUntil = nil
      watch(poller)
    }
    if !unsent.isEmpty, !send(poller) { return false }
    guard reads else { return true }
    var chunk = [UInt8](repeating: 0, count: Limits.bytesAtOnce)
    let count = read(descriptor, &chunk, chunk.count)
    guard count > 0 else { return count < 0 && linux_errno() == EAGAIN }
    heard += chunk[..<count]
    return true
  }

  /// The next question, which is known as `own` from then on.
  func next(as own: UInt64, _ poller: Poller<UInt64>, at now: Instant) -> (line: ByteString, text: [UInt8])? {
    guard restsUntil == nil, !isBroken else { return nil }
    switch ControlSocket.request(in: heard[...], textBytes: Limits.textBytes) {
    case .incomplete: return nil
    case .unacceptable:
      isBroken = true
      return nil
    case .whole(let line, let text, let rest):
      guard let space = line.bytes.firstIndex(of: UInt8(ascii: " ")), Int(decimalDigits: line.bytes[..<space]) != nil,
        open.count < Limits.questions
      else {
        isBroken = true
        return nil
      }
      guard mayAsk(at: now) else {
        watch(poller)
        return nil
      }
      open.append((own, ByteString(line.bytes[..<space])))
      heard = Array(rest)
      return (ByteString(line.bytes[(space + 1)...]), text)
    }
  }

  private func mayAsk(at now: Instant) -> Bool {
    if now - second >= .seconds(1) { (second, asked) = (now, 0) }
    guard asked < Limits.questionsPerSecond else {
      rests += 1
      restsUntil = second + .seconds(1)
      return false
    }
    asked += 1
    return true
  }

  /// False: it is over.
  func answer(_ own: UInt64, _ bytes: [UInt8], _ poller: Poller<UInt64>) -> Bool {
    guard let place = open.firstIndex(where: { $0.own == own }) else { return true }
    let theirs = open.remove(at: place).theirs
    guard unsent.count + bytes.count <= Limits.unsentBytes else { return false }
    unsent += (theirs + " " + ByteString(bytes.count) + "\n").bytes + bytes
    return send(poller)
  }

  private func send(_ poller: Poller<UInt64>) -> Bool {
    let sent = unsent.withUnsafeBytes { bytes in bytes.baseAddress.map { linux_send(descriptor, $0, bytes.count) } ?? 0
    }
    guard sent >= 0 || linux_errno() == EAGAIN else { return false }
    unsent.removeFirst(max(0, sent))
    watch(poller)
    return true
  }

  private func watch(_ poller: Poller<UInt64>) {
    try? poller.change(descriptor, number, reads: restsUntil == nil, writes: !unsent.isEmpty)
  }
}
