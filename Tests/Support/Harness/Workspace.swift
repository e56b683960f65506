// A directory for one test, gone afterwards unless the test failed.

import Foundation

public struct Workspace {
  public let url: URL

  public init(_ name: String) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "branchline-\(name)-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  public func remove() { try? FileManager.default.removeItem(at: url) }
}
