// A program that runs beside the test: started with its output collected line by line, waited for by what it says.

import Foundation

public struct Failure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

public final class ChildProcess: @unchecked Sendable {
  public let name: String
  private let process = Process()
  private let input = Pipe()
  private let condition = NSCondition()
  private var lines: [String] = []
  private var partial = ""
  private var outputEnded = false

  /// Starts at once. What is on both output streams is collected.
  public init(
    _ name: String, _ program: String, _ arguments: [String], in directory: URL? = nil,
    environment: [String: String] = [:]
  ) throws {
    self.name = name
    process.executableURL = try Self.find(program)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = directory }
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }.merging(
      environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = input
    try process.run()
    Running.add(self)
    let handle = output.fileHandleForReading
    Thread { [weak self] in
      while true {
        let data = handle.availableData
        guard !data.isEmpty, let self else { break }
        self.append(String(decoding: data, as: UTF8.self))
      }
      self?.end()
    }.start()
  }

  static func find(_ program: String) throws -> URL {
    if program.contains("/") { return URL(fileURLWithPath: program) }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for directory in path.components(separatedBy: ":") + ["/usr/sbin", "/sbin"] {
      let file = directory + "/" + program
      if FileManager.default.isExecutableFile(atPath: file) { return URL(fileURLWithPath: file) }
    }
    throw Failure("\(program) is not installed")
  }

  private func append(_ text: String) {
    condition.lock()
    var parts = (partial + text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    partial = parts.removeLast()
    lines += parts
    condition.broadcast()
    condition.unlock()
  }

  private func end() {
    condition.lock()
    if !partial.isEmpty { lines.append(partial) }
    outputEnded = true
    condition.broadcast()
    condition.unlock()
  }

  public var pid: Int32 { process.processIdentifier }
  public var isRunning: Bool { process.isRunning }
  public var output: [String] {
    condition.lock()
    defer { condition.unlock() }
    return lines
  }

  /// How many lines there are now: pass it to `wait` to look only at later ones.
  public var mark: Int { output.count }

  /// The first line after `mark` that contains `text`; throws with the tail of the output if none comes in time.
  @discardableResult
  public func wait(for text: String, after mark: Int = 0, seconds: Double = 10) throws -> String {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    var next = mark
    while true {
      while next < lines.count {
        if lines[next].contains(text) { return lines[next] }
        next += 1
      }
      if outputEnded || !condition.wait(until: deadline) {
        let tail = lines.suffix(25).joined(separator: "\n    ")
        throw Failure("\(name): no line with \"\(text)\" within \(Int(seconds)) s; its last lines:\n    \(tail)")
      }
    }
  }

  public func write(_ text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }
  public func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for the end; the exit status, or 128 + n for a signal n.
  @discardableResult
  public func waitForExit(seconds: Double = 30) throws -> Int32 {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    while !outputEnded {
      guard condition.wait(until: deadline) else {
        condition.unlock()
        throw Failure("\(name) did not end within \(Int(seconds)) s")
      }
    }
    condition.unlock()
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }

  public func kill9() {
    if process.isRunning { signal(SIGKILL) }
    process.waitUntilExit()
  }

  /// SIGTERM, for a program that has children of its own to end; then SIGKILL.
  public func terminate(seconds: Double = 5) {
    if process.isRunning { signal(SIGTERM) }
    if (try? waitForExit(seconds: seconds)) == nil { kill9() }
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

/// Everything that was started.
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
    for process in all where process.isRunning { process.signal(SIGKILL) }
  }
}
