// sipp as a phone, a caller or a carrier, by scenarios of our own.

import Foundation

public final class Sipp {
  public let process: ChildProcess
  public let messages: String
  private let errors: String
  private let name: String

  public struct Place {
    public var address = "127.0.0.1"
    public var port: Int
    /// Where its own RTP is: echoed, or digits played.
    public var mediaPort = 0
    /// sipp's names: u1, t1.
    public var transport = "u1"
    /// Put in front of the program, to run it in another network namespace.
    public var prefix: [String] = []

    public init(address: String = "127.0.0.1", port: Int, mediaPort: Int = 0) {
      self.address = address
      self.port = port
      self.mediaPort = mediaPort
    }
  }

  public struct Load {
    public var calls = 1
    /// New calls a second.
    public var rate = 10.0
    public var atOnce: Int?
    public init(calls: Int = 1, rate: Double = 10, atOnce: Int? = nil) {
      self.calls = calls
      self.rate = rate
      self.atOnce = atOnce
    }
  }

  /// - Parameters:
  ///   - values: put into the scenario for `[name]`, before sipp reads it: sipp's own keywords work in messages only.
  ///   - fields: lines of an injection file; what they hold is `[field0]` and so on.
  public init(
    _ workspace: Workspace, name: String, scenario: URL, target: String? = nil, place: Place, load: Load = Load(),
    values: [String: String] = [:], fields: String? = nil, timeout: Int = 90, extra: [String] = []
  ) throws {
    self.name = name
    var text = try String(contentsOf: scenario, encoding: .utf8)
    for (key, value) in values { text = text.replacingOccurrences(of: "[\(key)]", with: value) }
    let file = try workspace.write("\(name).xml", text)
    errors = workspace.path("\(name)-errors.log")
    messages = workspace.path("\(name)-messages.log")
    var arguments = [
      "-sf", file, "-i", place.address, "-p", "\(place.port)", "-t", place.transport, "-mi", place.address,
      "-m", "\(load.calls)", "-r", "\(max(1, Int(load.rate)))", "-nostdin", "-trace_err", "-error_file", errors,
      "-timeout", "\(timeout)", "-timeout_error",
    ]
    if load.calls == 1 { arguments += ["-trace_msg", "-message_file", messages] }
    if place.mediaPort > 0 { arguments += ["-mp", "\(place.mediaPort)"] }
    if let atOnce = load.atOnce { arguments += ["-l", "\(atOnce)"] }
    if let fields { arguments += ["-inf", try workspace.write("\(name).csv", fields)] }
    arguments += extra
    if let target { arguments.append(target) }
    let words = place.prefix + ["sipp"] + arguments
    process = try ChildProcess(name, words[0], Array(words.dropFirst()), environment: ["TERM": "dumb"])
  }

  /// Every message that a single call sent and received, as sipp wrote it down.
  public func trace() -> String { (try? String(contentsOfFile: messages, encoding: .utf8)) ?? "" }

  /// Throws with sipp's own words unless every call went as the scenario says.
  public func succeed(seconds: Double = 60) throws {
    let status: Int32
    do { status = try process.waitForExit(seconds: seconds) } catch {
      throw Failure("\(error)\n\(words())")
    }
    guard status == 0 else { throw Failure("\(name): sipp ended with \(status)\n\(words())") }
  }

  private func words() -> String {
    String(((try? String(contentsOfFile: errors, encoding: .utf8)) ?? "").prefix(3000))
  }

  public func stop() { process.kill9() }
}
