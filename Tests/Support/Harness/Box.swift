// The program under test, as it ships: started with a configuration, asked by its own commands, killed if need be.

import Foundation

public final class Box {
  public let workspace: Workspace
  public let binary: [String]
  public private(set) var process: ChildProcess
  private let prefix: [String]

  /// - Parameters:
  ///   - binary: the program, behind an emulator if it is of another architecture.
  ///   - configuration: nil: there is one already, as the program sees its files behind `prefix`.
  public init(_ workspace: Workspace, binary: [String], configuration: String?, prefix: [String] = []) throws {
    self.workspace = workspace
    self.binary = binary
    self.prefix = prefix
    if let configuration { try workspace.write("branch.conf", configuration) }
    process = try Self.start(binary, workspace, prefix)
  }

  private static func start(_ binary: [String], _ workspace: Workspace, _ prefix: [String]) throws -> ChildProcess {
    // A test machine's clock is synchronised by nothing.
    let whole = prefix + binary + ["run", "--config", workspace.path("branch.conf"), "--clock", "plausible"]
    let child = try ChildProcess("branchline", whole[0], Array(whole.dropFirst()))
    do { try child.wait(for: "daemon.started", seconds: 20) } catch {
      child.kill9()
      throw error
    }
    return child
  }

  public func ask(_ command: String) throws -> Any {
    let words = command.split(separator: " ").map(String.init)
    let whole = prefix + binary + words + ["--json", "--socket", workspace.path("control.sock")]
    let text = try ChildProcess.run(whole[0], Array(whole.dropFirst()))
    return try JSONSerialization.jsonObject(with: Data(text.utf8))
  }

  public func rows(_ command: String) throws -> [[String: Any]] { try ask(command) as? [[String: Any]] ?? [] }

  /// Asks until the answer satisfies; the pause between two questions is no part of what is proved.
  public func wait(_ what: String, seconds: Double = 60, until isTrue: (Box) throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try !isTrue(self) {
      guard Date() < deadline else {
        throw Failure(
          "\(what): not within \(Int(seconds)) s\n    \(process.output.suffix(30).joined(separator: "\n    "))")
      }
      usleep(50_000)
    }
  }

  public func kill9() { process.kill9() }
  public func restart() throws { process = try Self.start(binary, workspace, prefix) }

  /// SIGTERM, and exit status 0.
  public func stop(seconds: Double = 20) throws {
    guard process.isRunning else { throw Failure("branchline has ended by itself:\n\(process.output.suffix(30))") }
    process.signal(SIGTERM)
    let status = try process.waitForExit(seconds: seconds)
    guard status == 0 else {
      throw Failure("branchline ended with \(status):\n\(process.output.suffix(30).joined(separator: "\n"))")
    }
  }
}
