// The program that is measured: its configuration, its start, and what the kernel says that it has used.

import CBenchmark
import Foundation
import Harness

/// Extensions that register and are called, and a trunk known by address that calls come in from.
struct BenchedBranch {
  static let sipPort: UInt16 = 25_060
  static let trunkPort: UInt16 = 25_080
  static let phonePort: UInt16 = 25_090
  static let mediaPorts: ClosedRange<UInt16> = 30_000...31_999
  static let realm = "branchline"
  static let secret = "correct horse battery"
  static let phoneCount = 100
  static let firstExtension = 200
  /// The first phones are agents of the queue, once they are logged in.
  static let agentCount = 10
  /// The last four digits of the number by which the carrier reaches the queue.
  static let queueSuffix = 9_000

  static func configuration(in workspace: Workspace, prompts: String) -> String {
    let extensions = (firstExtension..<firstExtension + phoneCount).map { number in
      "extension \(number) { name \"Phone \(number)\"; secret \"\(secret)\" }"
    }
    return """
      name "Bench"
      language en
      log { level info; target file "\(workspace.path("branchline.log"))" }
      listen udp 127.0.0.1:\(sipPort)
      listen tcp 127.0.0.1:\(sipPort)
      media { ports \(mediaPorts.lowerBound)-\(mediaPorts.upperBound); prompts "\(prompts)" }
      storage { path "\(workspace.path("branchline.db"))" }
      control { socket "\(workspace.path("control.sock"))" }
      limits { calls 1000; shutdown 1s }
      number-plan { country cn; area-code 21 }
      \(extensions.joined(separator: "\n"))
      trunk carrier {
        peer { address 127.0.0.1:\(trunkPort) }
        channels 500; qualify 0s
      }
      queue service {
        agents \((0..<agentCount).map { "\(firstExtension + $0)" }.joined(separator: " "))
        wrap-up 0s; announce 0s; maximum-length 500
      }
      inbound service { trunk carrier; number 0215555\(queueSuffix); to queue service }
      inbound direct { trunk carrier; number 0215555XXXX; to last-digits 3 }

      """
  }
}

final class DaemonUnderTest {
  let binary: String
  let workspace: Workspace
  private(set) var pid: pid_t = -1

  init(binary: String, workspace: Workspace, prompts: String) throws {
    self.binary = binary
    self.workspace = workspace
    try workspace.write("branch.conf", BenchedBranch.configuration(in: workspace, prompts: prompts))
  }

  /// Starts it and waits until it answers OPTIONS: how long that took.
  @discardableResult
  func start() throws -> Nanoseconds {
    let probe = try OptionsProbe()
    let begun = Nanoseconds.now
    pid = try spawn([binary, "run", "--config", workspace.path("branch.conf"), "--clock", "plausible"])
    while try !probe.isAnswered(within: .milliseconds(1)) {
      guard isRunning else { throw Failure("\(binary) ended at once:\n\(said())") }
      guard Nanoseconds.now - begun < .seconds(20) else {
        stop()
        throw Failure("\(binary) answers no OPTIONS within 20 s:\n\(said())")
      }
    }
    return .now - begun
  }

  /// Starts another program beside it; the same workspace takes what it says.
  func spawn(_ arguments: [String]) throws -> pid_t {
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    let pid = bench_spawn(&pointers, workspace.path("output.txt"))
    guard pid > 0 else { throw Failure("\(arguments[0]) does not start: \(systemError())") }
    return pid
  }

  /// SIGTERM, and SIGKILL if that does not end it.
  func stop() {
    guard pid > 0 else { return }
    end(pid)
    pid = -1
  }

  var isRunning: Bool {
    guard pid > 0 else { return false }
    if waitpid(pid, nil, WNOHANG) == 0 { return true }
    pid = -1
    return false
  }

  func requireRunning() throws {
    guard isRunning else { throw Failure("\(binary) has ended by itself:\n\(said())") }
  }

  private func said() -> String {
    let files = ["output.txt", "branchline.log"].map {
      (try? String(contentsOfFile: workspace.path($0), encoding: .utf8)) ?? ""
    }
    return files.flatMap { $0.split(separator: "\n").suffix(10) }.joined(separator: "\n")
  }

  var usage: Nanoseconds { cpuTime(of: pid) }

  var residentKilobytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }
}

func end(_ pid: pid_t) {
  kill(pid, SIGTERM)
  for _ in 0..<300 {
    if waitpid(pid, nil, WNOHANG) != 0 { return }
    pause(0.01)
  }
  kill(pid, SIGKILL)
  waitpid(pid, nil, 0)
}

/// What the scheduler has given all threads of a process since each began. Threads that have ended are not in it; the
/// daemon's live as long as it does.
func cpuTime(of pid: pid_t) -> Nanoseconds {
  let directory = "/proc/\(pid)/task"
  let threads = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
  return threads.reduce(0) { sum, thread in
    let text = (try? String(contentsOfFile: "\(directory)/\(thread)/schedstat", encoding: .utf8)) ?? ""
    return sum + (text.split(separator: " ").first.flatMap { Nanoseconds($0) } ?? 0)
  }
}

/// User and system time of the generator itself.
var ownTime: Nanoseconds { bench_own_time() }

/// Asks again and again whether somebody answers.
private final class OptionsProbe {
  private let socket: LoopbackSocket
  private let poller: LoopbackPoller
  private var asked = 0
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)

  init() throws {
    socket = try LoopbackSocket()
    poller = try LoopbackPoller()
    try poller.add(socket, token: 0)
  }
  deinit { buffer.deallocate() }

  func isAnswered(within patience: Nanoseconds) throws -> Bool {
    asked += 1
    let text = """
      OPTIONS sip:127.0.0.1:\(BenchedBranch.sipPort) SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.1:\(socket.port);branch=z9hG4bKprobe\(getpid())-\(asked);rport\r
      Max-Forwards: 70\r
      From: <sip:probe@127.0.0.1>;tag=probe\r
      To: <sip:127.0.0.1>\r
      Call-ID: probe-\(socket.port)-\(asked)\r
      CSeq: 1 OPTIONS\r
      Content-Length: 0\r
      \r

      """
    socket.send(Array(text.utf8), to: BenchedBranch.sipPort)
    _ = poller.wait(until: .now + patience)
    while let count = socket.receive(into: buffer) {
      if ReceivedMessage(bytes: UnsafeRawBufferPointer(rebasing: buffer[..<count])).status == 200 { return true }
    }
    return false
  }
}
