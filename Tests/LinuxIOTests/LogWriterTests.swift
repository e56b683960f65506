import Basics
import CLinux
import Testing

@testable import LinuxIO

@Suite struct LogWriterTests {
  private let time = WallTime(seconds: 1_772_352_900)

  private func makePipe() -> (reads: Int32, writes: Int32) {
    var ends: (Int32, Int32) = (0, 0)
    withUnsafeMutableBytes(of: &ends) { _ = pipe($0.assumingMemoryBound(to: Int32.self).baseAddress) }
    return (ends.0, ends.1)
  }
  private func readAll(_ descriptor: Int32) -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while linux_wait_readable(descriptor, 0) {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }

  @Test("a line has time, level, event, call and text")
  func line() {
    let (reads, writes) = makePipe()
    let log = LogWriter(descriptor: writes, minimumLevel: .info)
    log.write(LogEntry(.notice, "call.answered", call: 17, "101 answers 138****5678"), at: time)
    log.write(LogEntry(.alarm, "storage.failed"), at: time + .seconds(1))
    log.write(LogEntry(.debug, "sip.sent", "not wanted"), at: time)
    #expect(log.isWaiting)
    log.flush()
    #expect(!log.isWaiting)
    #expect(
      readAll(reads) == """
        2026-03-01T08:15:00Z notice call.answered call=17 101 answers 138****5678
        2026-03-01T08:15:01Z alarm storage.failed

        """)
    close(reads)
    close(writes)
  }

  @Test("text from outside cannot start a line of its own, steer a terminal or be endless")
  func hostileText() {
    let (reads, writes) = makePipe()
    let log = LogWriter(descriptor: writes, minimumLevel: .info)
    log.write(LogEntry(.info, "sip.refused", ByteString("a\n2026 alarm b\u{1B}[2J")), at: time)
    log.write(
      LogEntry(.info, "long", ByteString([UInt8](repeating: 0x41, count: LogWriter.Limits.textBytes + 1))), at: time)
    log.flush()
    let lines = readAll(reads).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first == #"2026-03-01T08:15:00Z info sip.refused a\x0a2026 alarm b\x1b[2J"#)
    #expect(lines.last?.count == "2026-03-01T08:15:00Z info long ".count + LogWriter.Limits.textBytes)
    close(reads)
    close(writes)
  }

  @Test("a reader that stops costs lines, not time; the loss is told when it reads again")
  func slowReader() {
    let (reads, writes) = makePipe()
    let log = LogWriter(descriptor: writes, minimumLevel: .info)
    let text = ByteString([UInt8](repeating: 0x41, count: 900))
    for _ in 0..<1_000 {
      log.write(LogEntry(.info, "busy", text), at: time)
      log.flush()
    }
    #expect(log.droppedEntries > 0)
    var read = ""
    while log.isWaiting {
      read += readAll(reads)
      log.flush()
    }
    read += readAll(reads)
    let lines = read.split(separator: "\n")
    let busy = lines.count { $0.contains(" info busy ") }
    #expect(UInt64(busy) + log.droppedEntries == 1_000)
    #expect(lines.contains { $0.hasSuffix("warning log.dropped \(log.droppedEntries) lines did not fit") })
    close(reads)
    close(writes)
  }

  @Test("the system's log gets a datagram a line, with its priority and without a time")
  func systemLog() throws {
    let path = ByteString("/tmp/branchline-test-\(getpid())-log")
    let daemon = path.withCString { linux_unix_socket($0, false, true) }
    defer {
      close(daemon)
      unlink(path.description)
    }
    let log = LogWriter(to: .path(path), minimumLevel: .info)
    log.write(LogEntry(.warning, "trunk.down", "carrier"), at: time)
    #expect(waitUntilReadable(daemon) && readAll(daemon) == "<28>branchline: warning trunk.down carrier")
  }

  @Test("a file is appended to, and a new one begun after the old one was renamed")
  func file() throws {
    let path = ByteString("/tmp/branchline-test-\(getpid())-log-file")
    let old = path + ".1"
    defer { for name in [path, old] { unlink(name.description) } }
    let log = LogWriter(to: .path(path), minimumLevel: .info)
    log.write(LogEntry(.info, "first"), at: time)
    log.flush()
    #expect(rename(path.description, old.description) == 0)
    log.write(LogEntry(.info, "second"), at: time)
    log.reopen(to: .path(path))
    log.write(LogEntry(.info, "third"), at: time)
    log.flush()
    let lines = try [old, path].map { String(decoding: try FileReader.read($0, limit: 1_000), as: UTF8.self) }
    #expect(
      lines == [
        "2026-03-01T08:15:00Z info first\n2026-03-01T08:15:00Z info second\n", "2026-03-01T08:15:00Z info third\n",
      ])
  }

  @Test("an unreachable destination is told on standard error, which takes its place")
  func unreachable() {
    let log = LogWriter(to: .path("/nowhere/at/all"), minimumLevel: .info)
    #expect(log.isWaiting)
    log.flush()
    #expect(!log.isWaiting)
  }
}
