// Networks made for one test: namespaces (ip-netns) joined by Ethernet segments, with routers that translate addresses
// (nftables). Needs root. Names hold the test program's number, so that several can run at once.

import Foundation

public final class Namespaces {
  private static let mark = "branchline-"
  private let tag = "\(mark)\(getpid())-"
  private var names: [String] = []

  /// Also removes what a killed test program has left behind.
  public init() throws {
    guard getuid() == 0 else { throw Failure("network namespaces need root") }
    for line in try ChildProcess.run("ip", ["netns", "list"]).split(whereSeparator: \.isNewline) {
      guard let name = line.split(separator: " ").first, name.hasPrefix(Self.mark),
        let owner = name.dropFirst(Self.mark.count).split(separator: "-").first, let process = Int32(owner),
        process != getpid(), kill(process, 0) != 0
      else { continue }
      _ = try? ChildProcess.run("ip", ["netns", "del", String(name)])
    }
  }

  /// To be put in front of a program's name.
  public func prefix(_ name: String) -> [String] { ["ip", "netns", "exec", tag + name] }

  /// An Ethernet with these members, made where they are new: each has an interface named after the segment.
  /// - Parameter members: a namespace and its address with prefix length.
  public func segment(_ segment: String, _ members: [(name: String, address: String)]) throws {
    let switchboard = "switch-" + segment
    try add(switchboard)
    try ip(switchboard, "link", "add", "bridge", "type", "bridge")
    try ip(switchboard, "link", "set", "bridge", "up")
    for (name, address) in members {
      try add(name)
      try ip(
        name, "link", "add", segment, "type", "veth", "peer", "name", name, "netns", tag + switchboard)
      try ip(name, "address", "add", address, "dev", segment)
      try ip(name, "link", "set", segment, "up")
      try ip(switchboard, "link", "set", "dev", name, "master", "bridge", "up")
    }
  }

  public func route(_ name: String, via router: String) throws {
    try ip(name, "route", "add", "default", "via", router)
  }

  /// A router that translates: `rules` is what nft reads.
  public func router(_ name: String, rules: String, _ workspace: Workspace) throws {
    try run(name, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
    try run(name, "nft", "-f", try workspace.write("\(name).nft", rules))
  }

  /// What opens a socket here has it in that namespace.
  public func inside<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    let home = open("/proc/thread-self/ns/net", O_RDONLY)
    let there = open("/run/netns/" + tag + name, O_RDONLY)
    defer {
      close(home)
      close(there)
    }
    guard let enter = Self.setns, home >= 0, there >= 0, enter(there, Self.network) == 0 else {
      throw Failure("cannot enter \(name)")
    }
    defer { _ = enter(home, Self.network) }
    return try body()
  }

  /// CLONE_NEWNET
  private static let network: Int32 = 0x4000_0000
  /// Not among what Glibc's module declares.
  private static let setns = dlsym(nil, "setns").map {
    unsafeBitCast($0, to: (@convention(c) (Int32, Int32) -> Int32).self)
  }

  /// Interfaces go with their namespaces.
  public func remove() {
    for name in names.reversed() { _ = try? ChildProcess.run("ip", ["netns", "del", tag + name]) }
    names = []
  }

  private func add(_ name: String) throws {
    guard !names.contains(name) else { return }
    try ChildProcess.run("ip", ["netns", "add", tag + name])
    names.append(name)
    try ip(name, "link", "set", "lo", "up")
  }

  private func ip(_ name: String, _ words: String...) throws {
    try ChildProcess.run("ip", ["-n", tag + name] + words)
  }

  private func run(_ name: String, _ words: String...) throws {
    let whole = prefix(name) + words
    try ChildProcess.run(whole[0], Array(whole.dropFirst()))
  }
}
