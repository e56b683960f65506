// A program that runs beside the test: started with its output collected line by line, waited for by what it says.
// Started by posix_spawn, not by Foundation's Process, which waits for ever for a daemon that closes what it inherited.

import Foundation

public struct Failure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

public final class ChildProcess: @unchecked Sendable {
  public let name: String
  public let pid: pid_t
  private let input: Int32
  private let condition = NSCondition()
  private var lines: [String] = []
  private var partial = ""
  private var outputEnded = false
  private var endStatus: Int32?

  /// Starts at once. What is on both output streams is collected.
  public init(_ name: String, _ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    self.name = name
    let (theirInput, ourInput) = try Self.pipe()
    let (ourOutput, theirOutput) = try Self.pipe()
    defer {
      close(theirInput)
      close(theirOutput)
    }
    input = ourInput
    pid = try Self.spawn([try Self.find(program)] + arguments, environment, input: theirInput, output: theirOutput)
    Running.add(self)
    Thread { self.collect(from: ourOutput) }.start()
    Thread { self.awaitEnd() }.start()
  }

  public var isRunning: Bool {
    condition.lock()
    defer { condition.unlock() }
    return endStatus == nil
  }

  public var output: [String] {
    condition.lock()
    defer { condition.unlock() }
    return partial.isEmpty ? lines : lines + [partial]
  }

  /// How many whole lines there are now: pass it to `wait` to look only at later ones.
  public var mark: Int {
    condition.lock()
    defer { condition.unlock() }
    return lines.count
  }

  /// The first line after `mark` that contains `text`; throws with the tail of the output if none comes in time.
  /// - Parameter count: the how manieth such line it shall be.
  @discardableResult
  public func wait(
    for text: String, after mark: Int = 0, count: Int = 1, seconds: Double = 10
  ) throws -> String {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    var next = mark
    var missing = count
    while true {
      while next < lines.count {
        if lines[next].contains(text) { missing -= 1 }
        if missing == 0 { return lines[next] }
        next += 1
      }
      if outputEnded || !condition.wait(until: deadline) {
        let tail = lines.suffix(25).joined(separator: "\n    ")
        throw Failure("\(name): no line with \"\(text)\" within \(Int(seconds)) s; its last lines:\n    \(tail)")
      }
    }
  }

  public func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Foundation.write(input, bytes, bytes.count)
  }

  public func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

  /// Waits for the end; the exit status, or 128 + n for a signal n.
  @discardableResult
  public func waitForExit(seconds: Double = 30) throws -> Int32 {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    while endStatus == nil {
      guard condition.wait(until: deadline) else { throw Failure("\(name) did not end within \(Int(seconds)) s") }
    }
    // Its last words; a child of its own may hold the pipe open.
    let patience = Date(timeIntervalSinceNow: 1)
    while !outputEnded && condition.wait(until: patience) {}
    return endStatus ?? 0
  }

  /// With all its children: each program that is started leads a process group of its own.
  public func kill9() {
    if isRunning { kill(-pid, SIGKILL) }
    _ = try? waitForExit(seconds: 5)
  }

  /// Runs to the end and returns the output; throws on another exit status than 0.
  @discardableResult
  public static func run(_ program: String, _ arguments: [String], seconds: Double = 60) throws -> String {
    let (status, text) = try end(program, arguments, seconds: seconds)
    guard status == 0 else { throw Failure("\(program) \(arguments) ended with \(status):\n\(text)") }
    return text
  }

  /// Runs to the end, whatever that is.
  public static func end(
    _ program: String, _ arguments: [String], seconds: Double = 60
  ) throws -> (status: Int32, output: String) {
    let child = try ChildProcess(program, program, arguments)
    let status = try child.waitForExit(seconds: seconds)
    return (status, child.output.joined(separator: "\n"))
  }

  /// For the end of the test program: nothing that it started is left.
  public static func killAll() { Running.killAll() }
}

// MARK: - Starting

extension ChildProcess {
  /// - Returns: the end to read from and the end to write to; no child inherits them by itself.
  private static func pipe() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else { throw Failure("no pipe: errno \(errno)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func find(_ program: String) throws -> String {
    if program.contains("/") { return program }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for directory in path.components(separatedBy: ":") + ["/usr/sbin", "/sbin"] {
      let file = directory + "/" + program
      if FileManager.default.isExecutableFile(atPath: file) { return file }
    }
    throw Failure("\(program) is not installed")
  }

  private static func spawn(
    _ words: [String], _ environment: [String: String], input: Int32, output: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this program ignores, a child must not.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
      .merging(environment) { $1 }.map { "\($0)=\($1)" }
    var arguments = words.map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { for pointer in arguments + settings { free(pointer) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, words[0], &actions, &attributes, &arguments, &settings)
    guard error == 0 else { throw Failure("\(words[0]) cannot be started: errno \(error)") }
    return pid
  }

  private func collect(from descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      append(String(decoding: buffer[..<count], as: UTF8.self))
    }
    close(descriptor)
    condition.lock()
    if !partial.isEmpty { lines.append(partial) }
    partial = ""
    outputEnded = true
    condition.broadcast()
    condition.unlock()
  }

  private func append(_ text: String) {
    condition.lock()
    let whole = (partial + text).replacingOccurrences(of: "\r\n", with: "\n")
    var parts = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    partial = parts.removeLast()
    lines += parts
    condition.broadcast()
    condition.unlock()
  }

  private func awaitEnd() {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    condition.lock()
    endStatus = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    condition.broadcast()
    condition.unlock()
    close(input)
  }
}

/// Everything that was started and has not ended.
private enum Running {
  nonisolated(unsafe) private static var processes: [ChildProcess] = []
  private static let lock = NSLock()

  static func add(_ process: ChildProcess) {
    lock.lock()
    defer { lock.unlock() }
    processes.removeAll { !$0.isRunning }
    processes.append(process)
  }

  static func killAll() {
    lock.lock()
    let all = processes
    lock.unlock()
    for process in all where process.isRunning { kill(-process.pid, SIGKILL) }
  }
}
