// The other side of the control socket, for the command line: asks one line, waits for the whole answer.

import Basics
import CLinux

public enum ControlError: Error, Sendable, Equatable {
  /// Nobody listens at the path, or it may not be opened.
  case unreachable(SystemError)
  /// The daemon closed without an answer: it is busy, or this user may not ask.
  case refused
  case timedOut
}

public enum ControlClient {
  public enum Limits {
    public static let answerBytes = 16_777_216
  }

  /// - Parameters:
  ///   - text: goes behind the line.
  ///   - milliseconds: for the whole exchange.
  /// - Returns: the answer without its line's end.
  public static func ask(
    _ line: ByteString, text: [UInt8]? = nil, at path: ByteString, milliseconds: Int
  ) throws(ControlError) -> [UInt8] {
    let descriptor = path.withCString { linux_unix_socket($0, true, false) }
    guard descriptor >= 0 else {
      throw .unreachable(SystemError(ByteString("connect ") + path, code: linux_errno()))
    }
    defer { close(descriptor) }
    let length: ByteString = text.map { " +" + ByteString($0.count) } ?? ""
    let request = line.bytes + length.bytes + [UInt8(ascii: "\n")] + (text ?? [])
    let deadline = MonotonicClock.now + .milliseconds(milliseconds)
    try send(request, on: descriptor, until: deadline)
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let rest = (deadline - MonotonicClock.now).milliseconds
      guard rest > 0, linux_wait_readable(descriptor, Int32(clamping: rest)) else { throw .timedOut }
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      guard count > 0 else { throw .refused }
      guard answer.count + count <= Limits.answerBytes else { throw .refused }
      answer.append(contentsOf: chunk[..<count])
    }
    guard answer.last == UInt8(ascii: "\n") else { throw .refused }
    answer.removeLast()
    return answer
  }

  /// The connection of the page's process: with it goes what this user may do otherwise (`PageChannel`).
  public static func openPage(at path: ByteString, milliseconds: Int) throws(ControlError) -> Int32 {
    let descriptor = path.withCString { linux_unix_socket($0, true, false) }
    guard descriptor >= 0 else {
      throw .unreachable(SystemError(ByteString("connect ") + path, code: linux_errno()))
    }
    do throws(ControlError) {
      try send(PageChannel.word.bytes + [0x0A], on: descriptor, until: MonotonicClock.now + .milliseconds(milliseconds))
      guard linux_wait_readable(descriptor, Int32(clamping: milliseconds)) else { throw ControlError.timedOut }
      var greeting = [UInt8](repeating: 0, count: PageChannel.greeting.count)
      guard read(descriptor, &greeting, greeting.count) == greeting.count, greeting == PageChannel.greeting.bytes else {
        throw ControlError.refused
      }
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func send(_ bytes: [UInt8], on descriptor: Int32, until deadline: Instant) throws(ControlError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        bytes.baseAddress.map { linux_send(descriptor, $0 + sent, bytes.count - sent) } ?? 0
      }
      if count > 0 {
        sent += count
      } else {
        guard linux_errno() == EAGAIN else { throw .refused }
        let rest = (deadline - MonotonicClock.now).milliseconds
        guard rest > 0, linux_wait_writable(descriptor, Int32(clamping: rest)) else { throw .timedOut }
      }
    }
  }
}
